"""Letters that the district endorses: two signatures, or no letter at all."""

from __future__ import annotations

import hashlib
import json
import random
from collections.abc import Callable
from datetime import timedelta
from io import BytesIO
from pathlib import Path

import pytest
from click.testing import CliRunner
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from pyhanko.keys import load_cert_from_pemder
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.diff_analysis import ModificationLevel
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko.sign.validation.status import SignatureCoverageLevel
from pyhanko_certvalidator import ValidationContext
from sqlalchemy import create_engine

from issuer.bootstrap import Composition
from issuer.cli import main
from issuer.domain.errors import InvalidInput, KeyUnavailable, NoMandate, NotFitToSign
from issuer.domain.letter import Letter, LetterState
from issuer.domain.mandate import Mandate, MandateKind
from issuer.domain.verdict import Reason, Verdict
from tests.offices import (
    DISTRICT,
    DISTRICT_HEAD,
    OPERATOR,
    VILLAGE,
    VILLAGE_HEAD,
    WARD,
    Clock,
    compose_office,
    example,
    issue,
    open_request,
    pdf_of,
)
from tests.programs import run

SLUG = "domisili-usaha"
SECRETARY = "sekcam-352206"
OTHER_DISTRICT_HEAD = "camat-352215"


class Killed(BaseException):
    """Stands for SIGKILL: nothing in the program may catch it."""


def endorsed(office: Composition, endorser: str = DISTRICT_HEAD) -> Letter:
    return issue(office, SLUG, endorser=endorser)


def series(office: Composition) -> list[tuple[int, LetterState]]:
    """Every number of the register with its state."""
    listed = office.services.letters.listed(OPERATOR)
    return [(letter.sequence, letter.state) for letter in listed]


def certificate_of(office: Composition, key_id: str) -> str:
    path = office.settings.keys_dir / "certificates" / f"{key_id}.pem"
    encoded = x509.load_pem_x509_certificate(path.read_bytes()).public_bytes(Encoding.DER)
    return hashlib.sha256(encoded).hexdigest()


def test_an_endorsed_letter_is_valid_and_names_both(office: Composition) -> None:
    letter = endorsed(office)
    pdf = pdf_of(office, letter)
    answer = office.services.verifier.by_file(pdf)
    assert answer.verdict is Verdict.VALID
    endorser = letter.record.endorser
    assert endorser is not None
    assert answer.signature is not None
    assert answer.signature.signer == letter.record.signer.name
    assert answer.signature.endorser == endorser.name
    assert (endorser.id, endorser.agency_code) == (DISTRICT_HEAD, DISTRICT)
    assert letter.pdf is not None
    assert letter.pdf.certificates == (
        certificate_of(office, VILLAGE_HEAD),
        certificate_of(office, DISTRICT_HEAD),
    )
    assert list(office.selfcheck.run()) == []
    assert len(pdf) <= 80_000


def test_a_letter_without_endorsement_has_one_signer(office: Composition) -> None:
    letter = issue(office)
    assert letter.record.endorser is None
    assert letter.pdf is not None
    assert letter.pdf.endorser_certificate_sha256 is None
    seen = office.services.verifier.by_file(pdf_of(office, letter)).signature
    assert seen is not None
    assert seen.endorser is None


def test_a_wards_letter_is_endorsed_by_its_own_district(office: Composition) -> None:
    lurah = "lurah-3522151001"
    with pytest.raises(NoMandate, match=f"{DISTRICT_HEAD} for 35.22.15"):
        issue(office, SLUG, WARD, lurah, endorser=DISTRICT_HEAD)
    letter = issue(office, SLUG, WARD, lurah, endorser=OTHER_DISTRICT_HEAD)
    assert letter.state is LetterState.ISSUED


def test_the_page_says_who_endorses(office: Composition, tmp_path: Path) -> None:
    letter = endorsed(office, SECRETARY)
    path = tmp_path / "letter.pdf"
    path.write_bytes(pdf_of(office, letter))
    text = " ".join(run("pdftotext", "-enc", "UTF-8", path, "-").split())
    endorser = letter.record.endorser
    assert endorser is not None
    after = text.split("Mengetahui,")[1]
    assert after.index("a.n.") < after.index("SEKRETARIS KECAMATAN")
    assert endorser.name in after


def test_foreign_readers_trust_both_signatures(office: Composition, tmp_path: Path) -> None:
    path = tmp_path / "letter.pdf"
    path.write_bytes(pdf_of(office, endorsed(office)))
    trust = office.settings.keys_dir / "trust"
    context = ValidationContext(
        trust_roots=[load_cert_from_pemder(str(trust / "root.pem"))],  # type: ignore[no-untyped-call]  # pyHanko types part of itself
        crls=[(trust / name).read_bytes() for name in ("root.crl", "issuing.crl")],
        revocation_mode="require",
        moment=office.services.clock.now(),
    )
    reader = PdfFileReader(BytesIO(path.read_bytes()), strict=True)
    first, second = (validate_pdf_signature(s, context) for s in reader.embedded_signatures)
    assert first.bottom_line
    assert first.docmdp_ok
    assert first.modification_level is ModificationLevel.FORM_FILLING
    assert second.bottom_line
    assert second.modification_level is ModificationLevel.NONE
    assert second.coverage is SignatureCoverageLevel.ENTIRE_FILE
    said = run("pdfsig", path)
    assert said.count("Signature Validation: Signature is Valid.") == 2
    assert "Total document signed" in said.split("Signature #2")[1]
    said = run("qpdf", "--check", path)
    assert "No syntax or stream encoding errors found" in said
    assert "WARNING" not in said


# --- refused before a number is taken -------------------------------------------------------


def _nobody(office: Composition) -> None:
    office.services.issuance.issue(OPERATOR, open_request(office, SLUG), VILLAGE_HEAD)


def _one_too_many(office: Composition) -> None:
    issue(office, endorser=DISTRICT_HEAD)


def _of_another_district(office: Composition) -> None:
    endorsed(office, OTHER_DISTRICT_HEAD)


def _the_village_head(office: Composition) -> None:
    endorsed(office, VILLAGE_HEAD)


def _without_key(office: Composition) -> None:
    (office.settings.keys_dir / "private" / f"{DISTRICT_HEAD}.key").unlink()
    endorsed(office)


@pytest.mark.parametrize(
    ("attempt", "error"),
    [
        (_nobody, InvalidInput),
        (_one_too_many, InvalidInput),
        (_of_another_district, NoMandate),
        (_the_village_head, NoMandate),
        (_without_key, KeyUnavailable),
    ],
)
def test_refused_before_a_number_is_taken(
    office: Composition, attempt: Callable[[Composition], None], error: type[Exception]
) -> None:
    with pytest.raises(error):
        attempt(office)
    assert series(office) == []


def test_the_draft_shows_who_will_endorse(office: Composition, tmp_path: Path) -> None:
    services = office.services
    order = services.intake.check(SLUG, VILLAGE, example(office, SLUG))
    with pytest.raises(InvalidInput, match="endorser: required"):
        services.drafts.of_order(OPERATOR, order, VILLAGE_HEAD)
    path = tmp_path / "draft.pdf"
    path.write_bytes(services.drafts.of_order(OPERATOR, order, VILLAGE_HEAD, DISTRICT_HEAD))
    assert "Mengetahui," in run("pdftotext", "-enc", "UTF-8", path, "-")


# --- between the two signatures -------------------------------------------------------------


def _kill_at_the_second(office: Composition, monkeypatch: pytest.MonkeyPatch) -> None:
    def killed(*_: object) -> None:
        raise Killed

    room = type(office.services.issuance._room.letters)
    with monkeypatch.context() as patch:
        patch.setattr(room, "prepare_endorsement", killed)
        with pytest.raises(Killed):
            endorsed(office)
    assert series(office) == [(1, LetterState.SIGNING)]


def test_killed_between_the_signatures_it_is_finished_with_both(
    office_folder: Path, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = compose_office(office_folder, clock)
    _kill_at_the_second(first, monkeypatch)
    first.close()
    clock.advance(timedelta(minutes=3))
    second = compose_office(office_folder, clock)
    assert len(second.recovery.run().finished) == 1
    (letter,) = second.services.letters.listed(OPERATOR)
    assert letter.pdf is not None
    assert letter.pdf.endorser_certificate_sha256 == certificate_of(second, DISTRICT_HEAD)
    assert second.services.verifier.by_file(pdf_of(second, letter)).verdict is Verdict.VALID
    assert list(second.selfcheck.run()) == []
    second.close()


def test_an_endorser_who_has_another_post_by_then_voids_the_number(
    office_folder: Path, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = compose_office(office_folder, clock)
    _kill_at_the_second(first, monkeypatch)
    today = first.services.office.today(clock.now())
    post = Mandate(
        *("later", DISTRICT_HEAD, DISTRICT, MandateKind.CARETAKER, "Camat Dander"),
        *(None, None, "188/9/KEP/2026", today, None),
    )
    with first.register.writing() as uow:
        uow.signatories.add_mandate(post)
        uow.commit()
    first.close()
    clock.advance(timedelta(minutes=3))
    second = compose_office(office_folder, clock)
    assert len(second.recovery.run().voided) == 1
    assert series(second) == [(1, LetterState.VOIDED)]
    second.close()


def test_when_the_second_cannot_be_made_there_is_no_letter(
    office: Composition, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(*_: object) -> None:
        raise NotFitToSign(["no_field_for_a_second_signature"])

    room = type(office.services.issuance._room.letters)
    request_id = open_request(office, SLUG)
    with monkeypatch.context() as patch:
        patch.setattr(room, "prepare_endorsement", refused)
        with pytest.raises(NotFitToSign):
            office.services.issuance.issue(OPERATOR, request_id, VILLAGE_HEAD, DISTRICT_HEAD)
    assert series(office) == [(1, LetterState.VOIDED)]
    letter = office.services.issuance.issue(OPERATOR, request_id, VILLAGE_HEAD, DISTRICT_HEAD)
    assert letter.sequence == 2


# --- whatever is done to the file afterwards ------------------------------------------------


def test_no_change_is_valid(office: Composition) -> None:
    pdf = pdf_of(office, endorsed(office))
    verifier = office.services.verifier
    end = b"\n%%EOF\n"
    first = pdf[: pdf.index(end) + len(end)]
    assert b"/Name" in first
    for other in (first, pdf + pdf[len(first) :], pdf + end):
        answer = verifier.by_file(other)
        assert answer.verdict is Verdict.ALTERED
        assert answer.letter is None
    chance = random.Random(20261125)  # reproducible damage, no secret
    for _ in range(300):
        at = chance.randrange(len(pdf))
        changed = pdf[:at] + bytes([pdf[at] ^ 1 << chance.randrange(8)]) + pdf[at + 1 :]
        verdict = verifier.by_file(changed).verdict
        assert verdict in (Verdict.ALTERED, Verdict.UNKNOWN, Verdict.INDETERMINATE)


def test_the_register_pins_who_endorsed(office: Composition) -> None:
    letter = endorsed(office)
    engine = create_engine(office.settings.database_url)
    with engine.begin() as connection:
        connection.exec_driver_sql("DROP TRIGGER letters_keep_their_endorser")
        connection.exec_driver_sql("UPDATE letters SET endorser_certificate_sha256 = 'another'")
    engine.dispose()
    answer = office.services.verifier.by_file(pdf_of(office, letter))
    assert answer.verdict is Verdict.UNKNOWN
    assert Reason.ISSUER_NOT_TRUSTED in answer.reasons
    assert [f.code for f in office.selfcheck.run()] == ["signed_by_another_certificate"]


# --- the command ----------------------------------------------------------------------------


def issue_command(folder: Path, data: Path, *more: str) -> list[str]:
    options = {"--type": SLUG, "--agency": VILLAGE, "--signatory": VILLAGE_HEAD, "--data": data}
    out = {"--out": data.parent / "surat.pdf"}
    named = [str(part) for pair in (options | out).items() for part in pair]
    return ["--data-dir", str(folder), "issue", "--json", *named, *more]


@pytest.fixture
def data(office: Composition, tmp_path: Path) -> Path:
    path = tmp_path / "data.json"
    path.write_text(json.dumps(example(office, SLUG)), encoding="utf-8")
    return path


def test_the_command_takes_the_districts_head_or_whom_it_is_given(
    office: Composition, office_folder: Path, data: Path
) -> None:
    names = []
    for more, who in ([], DISTRICT_HEAD), (["--endorser", SECRETARY], SECRETARY):
        result = CliRunner().invoke(main, issue_command(office_folder, data, *more))
        assert result.exit_code == 0, result.output
        letter_id = json.loads(result.stdout)["letter_id"]
        endorser = office.services.letters.one(OPERATOR, letter_id).record.endorser
        assert endorser is not None
        assert endorser.id == who
        names.append(endorser.name)
    result = CliRunner().invoke(
        main, ["--data-dir", str(office_folder), "verify", "--json", str(data.parent / "surat.pdf")]
    )
    assert json.loads(result.stdout)["signature"]["endorser"] == names[-1]


def test_the_command_asks_for_an_endorser_when_there_are_two_heads(
    office: Composition, office_folder: Path, data: Path
) -> None:
    today = office.services.office.today(office.services.clock.now())
    acting = Mandate(
        *("plh", SECRETARY, DISTRICT, MandateKind.ACTING_ABSENT, "Camat Dander"),
        *(None, None, "188/9/KEP/2026", today - timedelta(days=1), None),
    )
    with office.register.writing() as uow:
        uow.signatories.add_mandate(acting)
        uow.commit()
    result = CliRunner().invoke(main, issue_command(office_folder, data))
    assert result.exit_code == 2
    assert f"issuer signatories list --agency {DISTRICT}" in result.output
    assert series(office) == []
