"""Every verdict and what it rests on, from real letters."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pypdfium2  # type: ignore[import-untyped]  # publishes no types
import pytest
from PIL import Image
from reportlab.pdfgen.canvas import Canvas

from issuer.bootstrap import Composition, SystemRandom, certificate_authority, compose_public
from issuer.domain.errors import IllegalTransition, InvalidInput, NotFound
from issuer.domain.letter import Letter
from issuer.domain.verdict import Check, Reason, SignatureKind, Verdict, Verification
from issuer.services.verification import MAX_FILE_BYTES
from issuer.signing.certificates import RevocationReason
from tests.offices import (
    OPERATOR,
    VILLAGE_HEAD,
    Clock,
    issue,
    open_request,
    pdf_of,
    renew_lists,
    take_register_away,
)


def all_ways(office: Composition, letter: Letter) -> list[Verification]:
    verifier = office.services.verifier
    return [
        verifier.by_file(pdf_of(office, letter)),
        verifier.by_qr(letter.qr_text or ""),
        verifier.by_number(letter.number, letter.verification_code.lower()),
    ]


def photo(office: Composition, letter: Letter) -> bytes:
    page = pypdfium2.PdfDocument(pdf_of(office, letter))[0]
    image: Image.Image = page.render(scale=150 / 72).to_pil().convert("RGB").rotate(3, expand=True)
    out = BytesIO()
    image.save(out, "JPEG", quality=60)
    return out.getvalue()


def test_a_letter_in_force_is_valid_with_all_three_checks(office: Composition) -> None:
    for answer in all_ways(office, issue(office)):
        assert answer.verdict is Verdict.VALID
        checks = answer.checks
        assert {checks.integrity, checks.status, checks.issuer} == {Check.PASSED}
        assert Reason.IN_FORCE in answer.reasons


def test_the_public_sees_masks_only(office: Composition) -> None:
    letter = issue(office, "tidak-mampu")
    shown = office.services.verifier.by_qr(letter.qr_text or "").letter
    assert shown is not None
    holder = letter.record.holder
    assert holder["name"] not in repr(shown)
    assert holder["nik"] not in repr(shown)
    assert shown.title == "Surat Keterangan"


def test_the_last_day_is_in_force_and_the_day_after_is_not(
    office: Composition, clock: Clock
) -> None:
    letter = issue(office)
    expires = letter.record.expires_on
    assert expires is not None
    days = (expires - letter.record.issued_on).days
    clock.advance(timedelta(days=days))
    renew_lists(office)
    assert {a.verdict for a in all_ways(office, letter)} == {Verdict.VALID}
    clock.advance(timedelta(days=1))
    assert {a.verdict for a in all_ways(office, letter)} == {Verdict.EXPIRED}


def test_revoked_beats_expired(office: Composition, clock: Clock) -> None:
    letter = issue(office)
    office.services.letters.revoke(OPERATOR, letter.id, "Salah alamat")
    clock.advance(timedelta(days=400))
    renew_lists(office)
    for answer in all_ways(office, letter):
        assert answer.verdict is Verdict.REVOKED
        assert answer.letter is not None
        assert answer.letter.revocation_reason == "Salah alamat"


def test_revoking_needs_a_reason_and_happens_once(office: Composition) -> None:
    letter = issue(office)
    with pytest.raises(InvalidInput):
        office.services.letters.revoke(OPERATOR, letter.id, " ")
    office.services.letters.revoke(OPERATOR, letter.id, "Salah alamat")
    with pytest.raises(IllegalTransition):
        office.services.letters.revoke(OPERATOR, letter.id, "Lagi")


def test_wrong_code_and_unknown_number_look_the_same(office: Composition) -> None:
    letter = issue(office)
    verifier = office.services.verifier
    other = "0000-0000-0000"
    wrong = verifier.by_number(letter.number, other)
    unknown = verifier.by_number("1/2/3/2026", other)
    assert wrong == unknown
    assert wrong.verdict is Verdict.UNKNOWN
    assert verifier.by_number("x" * 100_000, "y" * 100_000).verdict is Verdict.UNKNOWN


def test_a_photo_is_read_for_its_qr(office: Composition) -> None:
    answer = office.services.verifier.by_file(photo(office, issue(office)))
    assert answer.verdict is Verdict.VALID
    assert answer.signature is not None
    assert answer.signature.kind is SignatureKind.QR_ONLY


def an_unsigned_pdf() -> bytes:
    out = BytesIO()
    canvas = Canvas(out)
    canvas.drawString(100, 700, "Surat")
    canvas.save()
    return out.getvalue()


def a_picture() -> bytes:
    out = BytesIO()
    Image.new("RGB", (300, 300), "white").save(out, "PNG")
    return out.getvalue()


@pytest.mark.parametrize(
    ("data", "verdict", "reasons"),
    [
        (b"", Verdict.UNKNOWN, [Reason.FILE_NOT_PDF]),
        (b"hello", Verdict.UNKNOWN, [Reason.FILE_NOT_PDF]),
        (b"%PDF-1.7\n", Verdict.INDETERMINATE, [Reason.FILE_INCOMPLETE]),
        (an_unsigned_pdf(), Verdict.INDETERMINATE, [Reason.FILE_UNSIGNED, Reason.QR_NOT_FOUND]),
        (a_picture(), Verdict.INDETERMINATE, [Reason.QR_NOT_FOUND]),
        (b"%PDF-" + b"0" * MAX_FILE_BYTES, Verdict.INDETERMINATE, [Reason.FILE_TOO_LARGE]),
    ],
    ids=["empty", "text", "stump", "unsigned", "no QR", "too large"],
)
def test_what_is_no_letter(
    office: Composition, data: bytes, verdict: Verdict, reasons: list[Reason]
) -> None:
    answer = office.services.verifier.by_file(data)
    assert (answer.verdict, list(answer.reasons)) == (verdict, reasons)


def test_a_download_that_broke_off_is_to_be_repeated(office: Composition) -> None:
    pdf = pdf_of(office, issue(office))
    answer = office.services.verifier.by_file(pdf[: len(pdf) // 2])
    assert answer.verdict is Verdict.INDETERMINATE
    assert answer.reasons == (Reason.FILE_INCOMPLETE,)


def test_a_letter_outlives_its_type_and_then_says_less_of_itself(
    office: Composition, monkeypatch: pytest.MonkeyPatch
) -> None:
    letter = issue(office, "tidak-mampu")
    pdf = pdf_of(office, letter)

    def gone(_self: object, slug: str) -> None:
        raise NotFound("letter_type", slug)

    monkeypatch.setattr(type(office.services.catalogue), "get", gone)
    verifier = office.services.verifier
    for answer in (
        verifier.by_file(pdf),
        verifier.by_qr(letter.qr_text or ""),
        verifier.by_number(letter.number, letter.verification_code),
    ):
        assert answer.verdict is Verdict.VALID
        assert answer.letter is not None
        assert answer.letter.title == "Surat Keterangan"


def test_without_the_register_nothing_is_valid_and_nothing_false(
    office: Composition, monkeypatch: Any
) -> None:
    letter = issue(office)
    pdf = pdf_of(office, letter)
    take_register_away(monkeypatch)
    verifier = office.services.verifier
    for answer in (
        verifier.by_file(pdf),
        verifier.by_qr(letter.qr_text or ""),
        verifier.by_number(letter.number, letter.verification_code),
    ):
        assert answer.verdict is Verdict.INDETERMINATE
        assert Reason.REGISTER_UNAVAILABLE in answer.reasons


def test_a_letter_that_is_not_in_the_register_is_not_valid(
    office: Composition, monkeypatch: Any
) -> None:
    letter = issue(office)
    pdf = pdf_of(office, letter)
    monkeypatch.setattr("issuer.storage.lookup.SqlLookup.by_pdf", lambda _self, _sha256: None)
    monkeypatch.setattr("issuer.storage.lookup.SqlLookup.by_number", lambda _self, _number: None)
    monkeypatch.setattr("issuer.storage.lookup.SqlLookup.find", lambda _self, _id: None)
    for answer in (
        office.services.verifier.by_file(pdf),
        office.services.verifier.by_qr(letter.qr_text or ""),
    ):
        assert answer.verdict is Verdict.INDETERMINATE
        assert Reason.NOT_REGISTERED in answer.reasons


def test_a_qr_before_its_letter_is_signed_is_not_yet_issued(
    office: Composition, monkeypatch: Any
) -> None:
    class Killed(BaseException):
        pass

    def killed(*_arguments: object) -> None:
        raise Killed

    room = office.services.issuance._room
    monkeypatch.setattr(type(room.letters), "sign", killed)
    with pytest.raises(Killed):
        issue(office)
    letter = next(office.services.letters.listed(OPERATOR))
    answer = office.services.verifier.by_qr(letter.qr_text or "")
    assert answer.verdict is Verdict.NOT_YET_ISSUED
    assert answer.letter is None


def test_a_certificate_revoked_after_the_letter_is_seen(office: Composition) -> None:
    letter = issue(office)
    authority = certificate_authority(office.settings, SystemRandom())
    authority.revoke(VILLAGE_HEAD, RevocationReason.KEY_COMPROMISE, office.services.clock.now())
    answer = office.services.verifier.by_file(pdf_of(office, letter))
    assert answer.verdict is not Verdict.VALID
    assert Reason.ISSUER_REVOKED in answer.reasons
    request_id = open_request(office)
    with pytest.raises(Exception, match="revoked"):
        office.services.issuance.issue(OPERATOR, request_id, VILLAGE_HEAD)


def test_a_stale_revocation_list_cannot_say(office: Composition, clock: Clock) -> None:
    letter = issue(office)
    clock.advance(timedelta(days=400))
    answer = office.services.verifier.by_file(pdf_of(office, letter))
    assert answer.verdict is Verdict.INDETERMINATE
    assert answer.reasons == (Reason.REVOCATION_LIST_STALE,)


def test_the_verifier_alone_needs_no_private_key(
    office: Composition, office_folder: Path, clock: Clock
) -> None:
    letter = issue(office)
    pdf = pdf_of(office, letter)
    for key in (office_folder / "keys" / "private").glob("*.key"):
        if key.name not in ("data.key", "session.key"):
            key.unlink()
    (office_folder / "keys" / "private" / "passphrase").unlink()
    public = compose_public(office.settings, clock)
    assert public.verifier.by_file(pdf).verdict is Verdict.VALID
    public.close()
