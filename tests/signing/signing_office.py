"""A small office to sign in: one root, one issuing authority, one signatory, one page."""

from __future__ import annotations

import atexit
import os
import secrets
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from functools import cache
from io import BytesIO
from pathlib import Path

import pytest
import reportlab
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from issuer.domain.sealing import RenderedLetter, SignatureSlot
from issuer.rendering.signature_slot import Rectangle, add_signature_slot
from issuer.signing.authority import CertificateAuthority, Subject
from issuer.signing.byte_range import Gap
from issuer.signing.ceremony import Ceremony, read_ceremony
from issuer.signing.keys import KeyStore, create_passphrase
from issuer.signing.pades import Layout, PadesSigner
from issuer.signing.trust import TrustStore
from issuer.signing.validation import PadesValidator

NOW = datetime.now(UTC)
DAY = timedelta(days=1)
LETTER_ID = "0123456789abcdef0123456789abcdef"
KEY = "signatory-1"
CEREMONIES = Path(__file__).parents[2] / "templates" / "ceremonies"
SLOT = SignatureSlot(
    "Siti “Uji” (Öst)", "Penerbitan", "Bojonegoro", NOW.astimezone(timezone(7 * timedelta(hours=1)))
)


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


def demo_ceremony() -> Ceremony:
    return read_ceremony(CEREMONIES / "demo.toml", "Kabupaten Uji")


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
    """The office that tests share; they read it only."""
    folder = Path(tempfile.mkdtemp(prefix="issuer-signing-"))
    atexit.register(shutil.rmtree, folder)
    return found_office(folder)


def page(rect: Rectangle | None = None, *, title: str = "Surat Keterangan") -> bytes:
    """Return a page with an embedded font and an empty signature slot."""
    if "Vera" not in pdfmetrics.getRegisteredFontNames():
        vera = Path(reportlab.__file__).parent / "fonts" / "Vera.ttf"
        pdfmetrics.registerFont(TTFont("Vera", str(vera)))
    out = BytesIO()
    canvas = Canvas(out, initialFontName="Vera", pdfVersion=(1, 7), pageCompression=1)  # type: ignore[arg-type]  # the stubs want a number
    canvas.setTitle(title)
    canvas.drawString(72, 700, "Yang bertanda tangan di bawah ini menerangkan bahwa …")
    add_signature_slot(canvas, SLOT, LETTER_ID, rect)
    canvas.showPage()
    canvas.save()
    return out.getvalue()


@cache
def letter(layout: Layout = Layout.CONVENTIONAL) -> bytes:
    """Return a signed page."""
    return office().sign(page(), layout=layout)


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
