"""Every reason code is reached by what it names, through the verifier itself."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pikepdf
import pytest
from PIL import Image

from issuer.bootstrap import Composition, SystemRandom, certificate_authority
from issuer.domain.errors import NotFitToSign
from issuer.domain.letter import Letter
from issuer.domain.verdict import Reason, Verification
from issuer.rendering.bounded_reading import BoundedReading, ReaderLost
from issuer.services.verification import MAX_FILE_BYTES
from issuer.signing.certificates import RevocationReason
from tests.offices import (
    BASE_URL,
    OPERATOR,
    VILLAGE_HEAD,
    Clock,
    issue,
    pdf_of,
    renew_lists,
    replace_letter,
    take_register_away,
)

Scenario = Callable[["Stage"], Verification]


class Stage:
    """An office of the test's own with one letter, and whatever may be broken in it."""

    def __init__(self, office: Composition, clock: Clock, patch: Any) -> None:
        self.office, self.clock, self.patch = office, clock, patch
        self.letter = issue(office)
        self.pdf = pdf_of(office, self.letter)
        self.qr_text = self.letter.qr_text or ""

    def file(self, data: bytes) -> Verification:
        return self.office.services.verifier.by_file(data)

    def qr(self, text: str) -> Verification:
        return self.office.services.verifier.by_qr(text)

    def code(self, letter: Letter) -> Verification:
        return self.office.services.verifier.by_number(letter.number, letter.verification_code)


def expired(stage: Stage) -> Verification:
    stage.clock.advance(timedelta(days=400))
    renew_lists(stage.office)
    return stage.qr(stage.qr_text)


def revoked(stage: Stage) -> Verification:
    stage.office.services.letters.revoke(OPERATOR, stage.letter.id, "Salah alamat")
    return stage.file(stage.pdf)


def superseded(stage: Stage) -> Verification:
    replace_letter(stage.office, stage.letter)
    return stage.file(stage.pdf)


def caught_in_signing(stage: Stage, error: BaseException) -> Letter:
    """Return a letter whose process ended, or was refused, while it signed."""

    def fails(*_arguments: object) -> None:
        raise error

    stage.patch.setattr(type(stage.office.services.issuance._room.letters), "sign", fails)
    with pytest.raises(type(error)):
        issue(stage.office)
    letters = [*stage.office.services.letters.listed(OPERATOR)]
    return letters[-1]


def not_yet_issued(stage: Stage) -> Verification:
    return stage.qr(caught_in_signing(stage, KeyboardInterrupt()).qr_text or "")


def voided(stage: Stage) -> Verification:
    return stage.qr(caught_in_signing(stage, NotFitToSign(["test"])).qr_text or "")


def lost_from_the_register(stage: Stage) -> Verification:
    for question in ("by_pdf", "find", "by_number"):
        stage.patch.setattr(f"issuer.storage.lookup.SqlLookup.{question}", lambda *_: None)
    return stage.file(stage.pdf)


def register_away(stage: Stage) -> Verification:
    take_register_away(stage.patch)
    return stage.file(stage.pdf)


def key_revoked(stage: Stage) -> Verification:
    certificate_authority(stage.office.settings, SystemRandom()).revoke(
        VILLAGE_HEAD, RevocationReason.KEY_COMPROMISE, stage.clock.now()
    )
    return stage.file(stage.pdf)


def lists_stale(stage: Stage) -> Verification:
    stage.clock.advance(timedelta(days=400))
    return stage.file(stage.pdf)


def other_digest(stage: Stage) -> Verification:
    """A token of the office's own key that says something else than the register."""
    room = stage.office.services.issuance._room
    claims = room.credential_reader.read(stage.qr_text).claims
    return stage.qr(
        room.credentials.seal(replace(claims, record_digest=bytes(16)), stage.clock.now())
    )


def picture(stage: Stage) -> Verification:
    out = io.BytesIO()
    Image.new("RGB", (300, 300), "white").save(out, "PNG")
    return stage.file(out.getvalue())


def reader_lost(stage: Stage) -> Verification:
    def lost(*_arguments: object) -> None:
        raise ReaderLost

    stage.patch.setattr(BoundedReading, "ask", lost)
    return picture(stage)


def written_anew(change: Callable[[pikepdf.Pdf], None], **how: Any) -> Scenario:
    def scenario(stage: Stage) -> Verification:
        out = io.BytesIO()
        with pikepdf.new() as pdf:
            pdf.add_blank_page()
            change(pdf)
            pdf.save(out, **how)
        return stage.file(out.getvalue())

    return scenario


def with_script(pdf: pikepdf.Pdf) -> None:
    script = pikepdf.String("app.alert(1)")
    pdf.Root.OpenAction = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS=script)


def nothing(_pdf: pikepdf.Pdf) -> None:
    pass


def other_value(stage: Stage) -> Verification:
    """The last digit of the signature's value, which ends before the padding."""
    end = (
        len(stage.pdf[: stage.pdf.rindex(b">", 0, stage.pdf.rindex(b">>\nendobj"))].rstrip(b"0"))
        - 1
    )
    other = b"1" if stage.pdf[end : end + 1] != b"1" else b"2"
    return stage.file(stage.pdf[:end] + other + stage.pdf[end + 1 :])


SCENARIOS: dict[Reason, Scenario] = {
    Reason.REGISTERED_BYTES: lambda s: s.file(s.pdf),
    Reason.RECORD_MATCHES: lambda s: s.qr(s.qr_text),
    Reason.CODE_MATCHES: lambda s: s.code(s.letter),
    Reason.SIGNATURE_HOLDS: lambda s: s.file(s.pdf),
    Reason.ISSUER_TRUSTED: lambda s: s.file(s.pdf),
    Reason.IN_FORCE: lambda s: s.code(s.letter),
    Reason.EXPIRED: expired,
    Reason.REVOKED: revoked,
    Reason.SUPERSEDED: superseded,
    Reason.NOT_YET_ISSUED: not_yet_issued,
    Reason.NUMBER_VOIDED: voided,
    Reason.NOT_REGISTERED: lost_from_the_register,
    Reason.FILE_ALTERED: lambda s: s.file(s.pdf + b"\n"),
    Reason.FILE_NOT_PDF: lambda s: s.file(b"GIF89a"),
    Reason.FILE_INCOMPLETE: lambda s: s.file(s.pdf[:9000]),
    Reason.FILE_UNSIGNED: written_anew(nothing),
    Reason.FILE_ENCRYPTED: written_anew(
        nothing, encryption=pikepdf.Encryption(owner="rahasia", user="")
    ),
    Reason.FILE_ACTIVE: written_anew(with_script),
    Reason.FILE_TOO_LARGE: lambda s: s.file(b"%PDF-" + bytes(MAX_FILE_BYTES)),
    Reason.FILE_UNREADABLE: reader_lost,
    Reason.FOREIGN_SIGNATURE: lambda s: s.file(b"%PDF-1.7\n/ByteRange [0 1 2 3]\n%%EOF\n"),
    Reason.SIGNATURE_BROKEN: other_value,
    Reason.ISSUER_NOT_TRUSTED: lambda s: s.file(strangers_authority(s)),
    Reason.ISSUER_REVOKED: key_revoked,
    Reason.REVOCATION_LIST_STALE: lists_stale,
    Reason.CREDENTIAL_MALFORMED: lambda s: s.qr(s.qr_text + "0"),
    Reason.CREDENTIAL_FOREIGN_HOST: lambda s: s.qr(
        s.qr_text.replace(BASE_URL, "https://surat.palsu.example")
    ),
    Reason.CREDENTIAL_UNKNOWN_KEY: lambda s: s.qr(of_another_key(s)),
    Reason.CREDENTIAL_DIFFERS: other_digest,
    Reason.NUMBER_OR_CODE_WRONG: lambda s: s.code(replace(s.letter, verification_code="0" * 12)),
    Reason.REGISTER_UNAVAILABLE: register_away,
    Reason.QR_NOT_FOUND: picture,
}


def strangers_authority(stage: Stage) -> bytes:
    """The same office, without the authority that its letters name."""
    trust = stage.office.settings.keys_dir / "trust"
    (trust / "issuing.pem").rename(trust / "issuing.away")
    return stage.pdf


def of_another_key(stage: Stage) -> str:
    """The same token; its ``kid`` is the four bytes before the payload's claims."""
    digits = stage.qr_text.rpartition("/")[2]
    number = int(digits)
    token = bytearray(number.to_bytes((number.bit_length() + 7) // 8))
    kid = token.index(b"\x04\x44") + 2
    token[kid] ^= 1
    return stage.qr_text.replace(digits, str(int.from_bytes(token)))


def test_no_reason_is_without_its_scenario() -> None:
    assert set(SCENARIOS) == set(Reason)


@pytest.mark.parametrize("reason", list(Reason))
def test_a_reason_is_given_for_what_it_names(
    office: Composition, clock: Clock, monkeypatch: pytest.MonkeyPatch, reason: Reason
) -> None:
    answer = SCENARIOS[reason](Stage(office, clock, monkeypatch))
    assert reason in answer.reasons
