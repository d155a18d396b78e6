"""A rendered letter on its way to a signature, and the right to sign it once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import final

from issuer.domain.errors import NotFitToSign

CONTENTS_BYTES = 4096
"""Room for the CMS in the file: a P-256 signature with leaf and issuing certificate
takes about 1.5 kB; the rest waits for a time-stamp."""

SIGNATURE_PROFILE = (
    b"/Type /Sig /Filter /Adobe.PPKLite /SubFilter /ETSI.CAdES.detached"
    b" /Reference [<< /Type /SigRef /TransformMethod /DocMDP"
    b" /TransformParams << /Type /TransformParams /P 1 /V /1.2 >> >>]"
)
"""How every signature dictionary of this office begins: PAdES, certified, no change
permitted afterwards (ISO 32000-2, 12.8.2.2; ETSI EN 319 142-1)."""

BYTE_RANGE_PLACEHOLDER = b"[0 0000000000 0000000000 0000000000]"


@dataclass(frozen=True, slots=True)
class SignatureSlot:
    """What the signature dictionary of the page says; ``claimed_at`` is local, aware."""

    signer_name: str
    reason: str
    location: str
    claimed_at: datetime


@dataclass(frozen=True, slots=True)
class RenderedLetter:
    """A PDF with one empty signature slot, and the QR symbol that was drawn in it.

    ``qr_modules`` is the symbol row by row, without quiet zone; True is dark.
    """

    pdf: bytes
    qr_modules: tuple[tuple[bool, ...], ...]


@dataclass(frozen=True, slots=True)
class SignedLetter:
    """The finished file and the SHA-256 (hex) of the certificate that signed it."""

    pdf: bytes
    certificate_sha256: str


@final
class ReadyToSign:
    """A linted PDF that may be signed once, with the key it was linted for.

    Only a ``LetterSigner.prepare`` makes one, so nothing is signed that was not
    looked at, not twice, and not with another key.
    """

    def __init__(self, pdf: bytes, key_id: str, to_sign_sha256: str) -> None:
        self._pdf: bytes | None = pdf
        self._key_id = key_id
        self.to_sign_sha256 = to_sign_sha256

    def redeem(self, key_id: str) -> bytes:
        """Return the bytes, once. Raises ``NotFitToSign`` the second time."""
        if self._pdf is None:
            raise NotFitToSign(["already_redeemed"])
        if key_id != self._key_id:
            raise NotFitToSign(["linted_for_another_key"])
        pdf, self._pdf = self._pdf, None
        return pdf


@dataclass(frozen=True, slots=True)
class DocumentFacts:
    """What a validated file says of its signature; nothing here is from the register."""

    signer: str
    certificate_sha256: str
    claimed_at_utc: datetime | None
    level: str
