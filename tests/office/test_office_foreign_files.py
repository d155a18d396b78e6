"""Other people's files: whose they say they are, and that nobody should believe it."""

from __future__ import annotations

from io import BytesIO

import pikepdf
import pytest
from cryptography.x509.oid import NameOID

from issuer.bootstrap import Composition
from issuer.domain.verdict import Reason, SignatureKind, Verdict, Verification
from issuer.signing.foreign_files import MAX_NAME, MAX_SIGNATURES, look_at
from tests.office.foreign_documents import Stranger, plain
from tests.offices import issue, pdf_of


def check(office: Composition, pdf: bytes) -> Verification:
    return office.services.verifier.by_file(pdf)


def signer_of(answer: Verification) -> str:
    assert answer.signature is not None
    assert answer.signature.kind is SignatureKind.FOREIGN
    return answer.signature.signer


def test_somebody_else_s_file_names_them_and_is_not_ours(office: Composition) -> None:
    answer = check(office, Stranger("Notaris Contoh, S.H.").sign(plain()))
    assert answer.verdict is Verdict.UNKNOWN
    assert answer.reasons == (Reason.FOREIGN_SIGNATURE,)
    assert signer_of(answer) == "Notaris Contoh, S.H."
    assert answer.letter is None


def test_two_signatures_name_both_and_an_organisation_stands_in(office: Composition) -> None:
    once = Stranger("Bank Contoh", NameOID.ORGANIZATION_NAME).sign(plain(), "Satu")
    twice = Stranger("Direktur Contoh").sign(once, "Dua")
    assert signer_of(check(office, twice)) == "Bank Contoh; Direktur Contoh"


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("Kepala\u202eAKSLA\u2066\u200bDesa", "Kepala AKSLA Desa"),
        ("Baris\r\n\tdua\x00tiga", "Baris dua tiga"),
        ("é" * 32, "é" * 32),
        ('<b>Camat</b> & "x"', '<b>Camat</b> & "x"'),
        ("\ue000\U000f0000", None),
    ],
)
def test_a_name_is_one_printable_line(office: Composition, name: str, shown: str | None) -> None:
    answer = check(office, Stranger(name).sign(plain()))
    if shown is None:
        assert answer.signature is None
    else:
        assert signer_of(answer) == shown


def test_what_is_no_certificate_names_nobody() -> None:
    signed = Stranger("Orang Contoh").sign(plain())
    at = signed.index(b"/Contents <") + len(b"/Contents <")
    for junk in (b"00" * 500, b"30" * 500, b"3080" * 300, b"ff" * 70_000, b"30820100" + b"00" * 90):
        broken = signed[:at] + junk + signed[signed.index(b">", at) :]
        assert look_at(broken).signers == ()
    for place in range(at, at + 600, 7):
        changed = bytearray(signed)
        changed[place] = ord("7") if changed[place] != ord("7") else ord("8")
        assert all(len(name) <= MAX_NAME for name in look_at(bytes(changed)).signers)


def test_not_more_signatures_are_read_than_the_bound() -> None:
    pieces = [Stranger(f"Orang {n}").sign(plain()) for n in range(MAX_SIGNATURES + 2)]
    assert len(look_at(b"".join(pieces)).signers) == MAX_SIGNATURES


def test_an_encrypted_file_says_so(office: Composition) -> None:
    out = BytesIO()
    with pikepdf.open(BytesIO(plain())) as pdf:
        pdf.save(out, encryption=pikepdf.Encryption(owner="rahasia", user=""))
    answer = check(office, out.getvalue())
    assert answer.verdict is Verdict.INDETERMINATE
    assert answer.reasons == (Reason.FILE_ENCRYPTED,)


@pytest.mark.parametrize("signed", [False, True])
def test_a_file_with_a_script_says_so(office: Composition, signed: bool) -> None:
    out = BytesIO()
    with pikepdf.open(BytesIO(plain())) as pdf:
        pdf.Root.OpenAction = pikepdf.Dictionary(
            S=pikepdf.Name.JavaScript, JS=pikepdf.String("app.alert(1)")
        )
        pdf.save(out)
    data = Stranger("Orang Contoh").sign(out.getvalue()) if signed else out.getvalue()
    first = Reason.FOREIGN_SIGNATURE if signed else Reason.FILE_UNSIGNED
    assert check(office, data).reasons == (first, Reason.FILE_ACTIVE)


def test_our_own_letters_are_neither_locked_nor_active_nor_foreign(office: Composition) -> None:
    letter = pdf_of(office, issue(office))
    seen = look_at(letter)
    assert not seen.encrypted
    assert not seen.active
    answer = check(office, letter + b"\n")
    assert answer.verdict is Verdict.ALTERED
    assert answer.signature is None
