"""Anything at all may be shown to the verifier: it answers, and never VALID."""

from __future__ import annotations

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from issuer.domain.verdict import Verdict, Verification
from issuer.signing.byte_range import Gap
from tests.security.conftest import Stage

# The stage is only read, so one for all examples is no danger.
FUZZ = settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
PIECES = st.sampled_from(
    [
        b"%PDF-1.7\n",
        b"\n%%EOF\n",
        b"<< /Type /Sig /Filter /Adobe.PPKLite /SubFilter /ETSI.CAdES.detached ",
        b"/ByteRange ",
        b"[0 1 2 3]",
        b" /Contents <",
        b"3082",
        b">",
        b">>",
        b"\nendobj\n",
        b"1 0 obj\n<<\n",
        b"/T (Mengetahui)",
        b"trailer\n<<\n",
        b"/ID [<",
        b"startxref\n",
    ]
)


def refused(answer: Verification) -> None:
    assert answer.verdict in (Verdict.ALTERED, Verdict.UNKNOWN, Verdict.INDETERMINATE)
    assert answer.letter is None
    assert answer.reasons


@FUZZ
@given(st.lists(PIECES | st.binary(max_size=40), max_size=30))
def test_pieces_of_a_letter_in_any_order(stage: Stage, pieces: list[bytes]) -> None:
    refused(stage.office.services.verifier.by_file(b"%PDF-" + b"".join(pieces)))


@FUZZ
@given(st.data())
def test_a_letter_with_a_part_moved(stage: Stage, data: st.DataObject) -> None:
    pdf = stage.target.endorsed
    places = sorted(data.draw(st.integers(0, len(pdf)), label=str(n)) for n in range(4))
    a, b, c, d = places
    moved = pdf[:a] + pdf[c:d] + pdf[b:c] + pdf[a:b] + pdf[d:]
    if moved != pdf:
        refused(stage.office.services.verifier.by_file(moved))


@FUZZ
@given(st.binary(max_size=3000))
def test_anything_as_signature_value(stage: Stage, value: bytes) -> None:
    gap: Gap = stage.target.gap
    size = len(gap.token_in(stage.target.letter))
    token = value.hex().upper().encode()[:size].ljust(size, b"0")
    refused(stage.office.services.verifier.by_file(gap.with_token(stage.target.letter, token)))


@FUZZ
@given(st.data())
def test_a_signature_value_with_a_part_exchanged(stage: Stage, data: st.DataObject) -> None:
    """Structure-aware: lengths, identifiers and integers of a true CMS become others."""
    gap: Gap = stage.target.gap
    token = bytes.fromhex(gap.token_in(stage.target.letter).decode())
    used = len(token.rstrip(b"\0"))
    at = data.draw(st.integers(0, used - 1))
    piece = data.draw(st.binary(min_size=1, max_size=12))
    changed = token[:at] + piece + token[at + len(piece) :]
    if changed[: len(token)] != token:
        digits = changed[: len(token)].hex().upper().encode()
        refused(stage.office.services.verifier.by_file(gap.with_token(stage.target.letter, digits)))


@FUZZ
@given(st.text(max_size=300) | st.from_regex(r"/v/[0-9]{1,600}", fullmatch=True))
def test_anything_as_the_text_of_a_qr(stage: Stage, text: str) -> None:
    refused(stage.office.services.verifier.by_qr(text))


@FUZZ
@given(st.binary(max_size=300))
def test_any_bytes_as_a_token(stage: Stage, token: bytes) -> None:
    """As a COSE_Sign1 message that may begin like one."""
    for data in (token, b"\xd2\x84" + token, b"\xd2\x84\x4a\xa2\x01\x26\x04\x44" + token):
        digits = int.from_bytes(b"\x01" + data)
        refused(stage.office.services.verifier.by_qr(f"/v/{digits}"))


@FUZZ
@given(st.text(max_size=200), st.text(max_size=60))
def test_any_number_and_code(stage: Stage, number: str, code: str) -> None:
    refused(stage.office.services.verifier.by_number(number, code))


@FUZZ
@given(
    st.sampled_from([b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff\xe0", b"GIF89a", b""]),
    st.binary(max_size=500),
)
def test_anything_as_a_picture(stage: Stage, head: bytes, body: bytes) -> None:
    refused(stage.office.services.verifier.by_file(head + body))
