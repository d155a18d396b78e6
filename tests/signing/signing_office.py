"""A small office to sign in: one root, one issuing authority, one signatory, one page."""

from __future__ import annotations

import atexit
import os
import secrets
import shutil
import subprocess
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta, timezone
from functools import cache
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding

from issuer.domain.presentation import Paper
from issuer.domain.sealing import RenderedLetter, SignatureSlot, SignedLetter
from issuer.domain.signature_dictionary import BYTE_RANGE_PLACEHOLDER, signature_texts
from issuer.rendering.archive import About
from issuer.rendering.fonts import FontSet, load_fonts
from issuer.rendering.layout import Piece, PlacedRow, Row
from issuer.rendering.page import SHEETS, TEXT
from issuer.rendering.sheet import Sheets
from issuer.rendering.signature_slot import Endorser, Rectangle
from issuer.rendering.structure import Element
from issuer.signing import algorithms
from issuer.signing.algorithms import Algorithm, PrivateKey
from issuer.signing.authority import CertificateAuthority, Subject
from issuer.signing.byte_range import Gap
from issuer.signing.ceremony import Ceremony, read_ceremony
from issuer.signing.certificates import IssuingKey, Lifetime, Profile, issue
from issuer.signing.cms import SignedDataForm
from issuer.signing.keys import KeyStore, create_passphrase
from issuer.signing.pades import PadesSigner
from issuer.signing.revisions import Layout, with_endorsement
from issuer.signing.trust import TrustStore
from issuer.signing.validation import PadesValidator

NOW = datetime.now(UTC)
DAY = timedelta(days=1)
LETTER_ID = "0123456789abcdef0123456789abcdef"
KEY = "signatory-1"
ENDORSER_KEY = "district-1"
CEREMONIES = Path(__file__).parents[2] / "templates" / "ceremonies"
SLOT = SignatureSlot(
    "Siti “Uji” (Öst)", "Penerbitan", "Bojonegoro", NOW.astimezone(timezone(7 * timedelta(hours=1)))
)
ENDORSER_SLOT = replace(SLOT, signer_name="Budi “Uji” (Öst)", reason="Mengetahui")


class SystemRandom:
    def token_bytes(self, count: int) -> bytes:
        return secrets.token_bytes(count)

    def below(self, limit: int) -> int:
        return secrets.randbelow(limit)


@dataclass(frozen=True)
class Office:
    folder: Path
    authority: CertificateAuthority
    trust: TrustStore
    keys: KeyStore
    validator: PadesValidator

    @property
    def passphrase_file(self) -> Path:
        return self.folder / "passphrase"

    def sign(self, pdf: bytes, key_id: str = KEY, layout: Layout = Layout.CONVENTIONAL) -> bytes:
        signer = PadesSigner(self.keys, layout)
        return signer.sign(signer.prepare(RenderedLetter(pdf, ()), key_id, NOW), key_id).pdf

    def endorse(
        self, pdf: bytes, key_id: str = ENDORSER_KEY, layout: Layout = Layout.CONVENTIONAL
    ) -> bytes:
        """Sign a signed page a second time."""
        signer = PadesSigner(self.keys, layout)
        ready = signer.prepare_endorsement(SignedLetter(pdf, ""), ENDORSER_SLOT, key_id, NOW)
        return signer.sign(ready, key_id).pdf


def demo_ceremony() -> Ceremony:
    """The demo's ceremony, with lists of 30 days."""
    ceremony = read_ceremony(CEREMONIES / "demo.toml", "Kabupaten Uji")
    return replace(ceremony, issuing=replace(ceremony.issuing, crl_days=30))


def found_office(folder: Path, at_utc: datetime = NOW, ceremony: Ceremony | None = None) -> Office:
    """Make an office with one signatory whose key is ``KEY``."""
    create_passphrase(folder / "passphrase", SystemRandom())
    authority = CertificateAuthority(
        folder,
        folder / "passphrase",
        ceremony or demo_ceremony(),
        "http://localhost:8000",
        SystemRandom(),
    )
    authority.found(at_utc)
    authority.certify(KEY, Subject("Siti Uji", "Desa Uji"), at_utc)
    trust = TrustStore(folder / "trust")
    keys = KeyStore(folder, folder / "passphrase", trust)
    return Office(folder, authority, trust, keys, PadesValidator(trust))


@cache
def office() -> Office:
    """The office that tests share, with a second signatory; they read it only."""
    folder = Path(tempfile.mkdtemp(prefix="issuer-signing-"))
    atexit.register(shutil.rmtree, folder)
    shared = found_office(folder)
    shared.authority.certify(ENDORSER_KEY, Subject("Budi Uji", "Kecamatan Uji"), NOW)
    return shared


def page(
    rect: Rectangle | None = None,
    *,
    title: str = "Surat Keterangan",
    endorser: Endorser | None = None,
) -> bytes:
    """Return a page with an embedded font and an empty signature slot."""
    sheets = Sheets(fonts(), SHEETS[Paper.A4], About(title, "Desa Uji", NOW))
    words = "Yang bertanda tangan di bawah ini menerangkan bahwa …"
    sheets.draw([PlacedRow(700, Row(10, (Piece(72, 8, words, TEXT, Element("P")),)))])
    sheets.add_signature_slot(SLOT, LETTER_ID, rect, endorser)
    return sheets.finish()


@cache
def fonts() -> FontSet:
    """Return ReportLab's own Vera, which is everywhere."""
    return load_fonts(None, Path("/nonexistent"))


@cache
def letter(layout: Layout = Layout.CONVENTIONAL) -> bytes:
    """Return a signed page."""
    return office().sign(page(), layout=layout)


def endorsable_page(rect: Rectangle | None = None) -> bytes:
    """Return a page that waits for two signatures."""
    return page(rect, endorser=Endorser(ENDORSER_SLOT.signer_name, rect))


@cache
def first_of_two(layout: Layout = Layout.CONVENTIONAL) -> bytes:
    """Return a page with the first of two signatures."""
    return office().sign(endorsable_page(), layout=layout)


@cache
def endorsed(layout: Layout = Layout.CONVENTIONAL) -> bytes:
    """Return a page with both signatures."""
    return office().endorse(first_of_two(layout), layout=layout)


def with_cms(pdf: bytes, cms: bytes) -> bytes:
    """Return the file with another CMS in its gap."""
    gap = Gap.find(pdf)
    token = cms.hex().upper().encode()
    return gap.with_token(pdf, token.ljust(len(gap.token_in(pdf)), b"0"))


def cms_of(pdf: bytes) -> bytes:
    """Return what is in the gap, padding included."""
    return bytes.fromhex(Gap.find(pdf).token_in(pdf).decode())


def run(*command: str | Path) -> str:
    """Run a tool; return its output. A missing tool skips the test, or fails it in CI."""
    if shutil.which(str(command[0])) is None:
        message = f"{command[0]} is not installed"
        if os.environ.get("CI") == "true":
            pytest.fail(message)
        pytest.skip(message)
    done = subprocess.run(
        [str(part) for part in command],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        timeout=60,
        check=False,
    )
    return done.stdout.decode(errors="replace")


def certificate_of_a_stranger() -> tuple[ec.EllipticCurvePrivateKey, x509.Certificate]:
    """Return a key with a certificate that its owner made for himself."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "Orang Lain")])
    lifetime = Lifetime(NOW.replace(microsecond=0) - DAY, NOW.replace(microsecond=0) + DAY)
    own = IssuingKey(name, key, None)
    return key, issue(Profile.SIGNATORY, name, key.public_key(), own, 7, lifetime)


def signed_by(
    key: PrivateKey,
    leaf: x509.Certificate,
    issuer: x509.Certificate,
    damage: Callable[[bytes], bytes] = bytes,
) -> bytes:
    """Return a page signed exactly in our form, by whomever; ``damage`` comes before."""
    return filled(damage(page()), key, leaf, issuer)


def endorsed_by(
    key: PrivateKey,
    leaf: x509.Certificate,
    issuer: x509.Certificate,
    damage: Callable[[bytes], bytes] = bytes,
) -> bytes:
    """Return a page signed, then endorsed by whomever; ``damage`` comes before the latter."""
    waiting = with_endorsement(first_of_two(), signature_texts(ENDORSER_SLOT), Layout.CONVENTIONAL)
    return filled(damage(waiting), key, leaf, issuer)


def filled(pdf: bytes, key: PrivateKey, leaf: x509.Certificate, issuer: x509.Certificate) -> bytes:
    """Return the file with its last empty slot filled, looking at nothing else in it."""
    array_at = pdf.rindex(b"/ByteRange ") + len(b"/ByteRange ")
    start = pdf.index(b"<", array_at)
    gap = Gap(array_at, start, pdf.index(b">", start) + 1, len(pdf))
    pdf = pdf.replace(BYTE_RANGE_PLACEHOLDER, gap.array)
    form = SignedDataForm(leaf.public_bytes(Encoding.DER), issuer.public_bytes(Encoding.DER))
    digest = gap.digest_of(pdf)
    signature = algorithms.sign(key, form.signed_attributes(digest))
    cms = form.assemble(digest, Algorithm.ES256.canonical(signature))
    return gap.with_token(pdf, cms.hex().upper().encode().ljust(len(gap.token_in(pdf)), b"0"))


def leaf_certificate(key_id: str = KEY) -> x509.Certificate:
    path = office().folder / "certificates" / f"{key_id}.pem"
    return x509.load_pem_x509_certificate(path.read_bytes())


def issuing_certificate() -> x509.Certificate:
    return x509.load_pem_x509_certificate((office().folder / "trust/issuing.pem").read_bytes())


def issuing_key() -> ec.EllipticCurvePrivateKey:
    key = office().keys.private_key("issuing")
    assert isinstance(key, ec.EllipticCurvePrivateKey)
    return key
