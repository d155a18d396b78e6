"""Our own reader: what it accepts, and that nothing else passes."""

from __future__ import annotations

import random
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from issuer.domain.errors import InvalidDocument, InvalidSignature
from issuer.domain.sealing import DocumentFacts
from issuer.domain.verdict import Reason
from issuer.signing.byte_range import Gap
from issuer.signing.gate import MAX_PDF_BYTES
from issuer.signing.revisions import Layout
from tests.signing.signing_office import DAY, LETTER_ID, NOW, SLOT, letter, office, page

LAYOUTS = pytest.mark.parametrize("layout", list(Layout))


def validate(pdf: bytes) -> DocumentFacts:
    return office().validator.validate(pdf, signed_at_utc=NOW, now_utc=NOW)


def reason_against(pdf: bytes) -> str:
    """Return why the file is refused; the reason must be one that a person can be told."""
    with pytest.raises((InvalidDocument, InvalidSignature)) as refused:
        validate(pdf)
    assert isinstance(refused.value, InvalidDocument | InvalidSignature)
    return Reason(refused.value.reason).value


@LAYOUTS
def test_a_signed_page_passes_with_its_facts(layout: Layout) -> None:
    facts = validate(letter(layout))
    assert facts.signer == "Siti Uji"
    assert facts.level == "PAdES B-B"
    assert facts.claimed_at_utc == SLOT.claimed_at.replace(microsecond=0)
    assert office().validator.letter_id_claimed(letter(layout)) == LETTER_ID


@LAYOUTS
def test_no_random_change_passes(layout: Layout) -> None:
    pdf = letter(layout)
    chance = random.Random(7)  # reproducible damage, no secret
    for _ in range(300):
        at = chance.randrange(len(pdf))
        other = bytes([chance.choice([b for b in range(256) if b != pdf[at]])])
        reason_against(pdf[:at] + other + pdf[at + 1 :])
        reason_against(pdf[:at])
        reason_against(pdf + chance.randbytes(1 + at % 40))


@LAYOUTS
def test_no_single_bit_around_the_signature_passes(layout: Layout) -> None:
    """Every byte of dictionary and token that is used, one bit each; and a sample of zeros."""
    pdf = letter(layout)
    gap = Gap.find(pdf)
    used = len(gap.token_in(pdf).rstrip(b"0"))
    near = (*range(gap.array_at - 40, gap.start + used + 4), *range(gap.end - 4, gap.end + 40))
    for at in near:
        if at < len(pdf):
            reason_against(pdf[:at] + bytes([pdf[at] ^ 1 << at % 8]) + pdf[at + 1 :])


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=400))
def test_garbage_is_refused_in_our_own_words(data: bytes) -> None:
    reason_against(data)
    reason_against(b"%PDF-1.7\n" + data)
    signed = letter()
    at = Gap.find(signed).start
    reason_against(signed[: at + 1] + data + signed[at + 1 :] if data else signed[:at])
    assert office().validator.letter_id_claimed(data) is None


@pytest.mark.parametrize(
    ("pdf", "reason"),
    [
        (b"", "file_not_pdf"),
        (b"GIF89a", "file_not_pdf"),
        (b" " + letter(), "file_not_pdf"),
        (b"%PDF-1.4\n%%EOF\n", "file_unsigned"),
        (b"%PDF-1.7\n/ByteRange [0 1 2 3]\n%%EOF\n", "foreign_signature"),
        (page(), "file_altered"),
        (bytes(MAX_PDF_BYTES + 1), "file_too_large"),
    ],
)
def test_what_is_no_letter_of_ours_is_named(pdf: bytes, reason: str) -> None:
    assert reason_against(pdf) == reason


def test_the_hexadecimal_digits_have_one_form() -> None:
    pdf = letter()
    gap = Gap.find(pdf)
    token = gap.token_in(pdf)
    for other in (
        token.lower(),
        token[:-1] + b"1",
        token[:-2] + b"  ",
        token[:200] + b"\n" + token[201:],
        b"00" + token[:-2],
    ):
        assert reason_against(gap.with_token(pdf, other)) == "file_altered"


@pytest.mark.parametrize(
    "array",
    [
        b"[0 {start} {end} {less}]",
        b"[0 {start} {end} {more}]",
        b"[1 {start} {end} {rest}]",
        b"[0 {before} {end} {rest}]",
        b"[0  {start} {end} {rest}]",
        b"[0 0{start} {end} {rest}]",
        b"[0 {start} {end} {rest} 0]",
        b"[0 {start} -{end} {rest}]",
        b"[]",
    ],
)
def test_a_byte_range_has_one_form(array: bytes) -> None:
    pdf = letter()
    gap = Gap.find(pdf)
    rest = len(pdf) - gap.end
    numbers = {"start": gap.start, "end": gap.end, "rest": rest, "before": gap.start - 1}
    text = array.decode().format(**numbers, less=rest - 1, more=rest + 1)
    written = text.encode().ljust(36)
    assert len(written) == 36
    forged = pdf[: gap.array_at] + written + pdf[gap.array_at + 36 :]
    assert reason_against(forged) == "file_altered"


def test_a_later_revision_is_an_alteration() -> None:
    pdf = letter()
    update = b"1 0 obj\n<< >>\nendobj\nxref\n0 0\ntrailer\n<< /Size 1 >>\nstartxref\n9\n%%EOF\n"
    assert reason_against(pdf + update) == "file_altered"
    assert reason_against(pdf + update.replace(b"<< >>", b"<< /ByteRange [0 1 2 3] >>")) == (
        "file_altered"
    )
    assert reason_against(pdf + b"\n%%EOF\n") == "file_altered"
    assert reason_against(pdf[:-1]) == "file_altered"


def test_a_signature_does_not_fit_another_page() -> None:
    first, second = letter(), office().sign(page(title="Surat Lain"))
    gap, other = Gap.find(first), Gap.find(second)
    assert reason_against(gap.with_token(first, other.token_in(second))) == "file_altered"


def test_certificates_count_when_signed_and_lists_now() -> None:
    validator = office().validator

    def refused(signed: timedelta, now: timedelta) -> str:
        with pytest.raises(InvalidSignature) as error:
            validator.validate(letter(), signed_at_utc=NOW + signed, now_utc=NOW + now)
        return error.value.reason

    validator.validate(letter(), signed_at_utc=NOW, now_utc=NOW + 29 * DAY)
    assert refused(timedelta(0), 31 * DAY) == "revocation_list_stale"
    assert refused(timedelta(0), -DAY) == "revocation_list_stale"
    assert refused(1096 * DAY, timedelta(0)) == "issuer_not_trusted"
    assert refused(-DAY, timedelta(0)) == "issuer_not_trusted"


def test_a_letter_id_is_read_from_damaged_files_only_as_a_claim() -> None:
    claimed = office().validator.letter_id_claimed
    pdf = letter()
    assert claimed(pdf[:100] + b"?" + pdf[101:]) == LETTER_ID
    assert claimed(pdf[: len(pdf) // 2]) is None
    assert claimed(pdf.replace(LETTER_ID.encode(), b"g" * 32)) is None
    assert claimed(bytes(MAX_PDF_BYTES + 1)) is None
