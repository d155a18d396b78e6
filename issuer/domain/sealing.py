"""A rendered letter on its way to a signature, and the right to sign it once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import final

from issuer.domain.errors import NotFitToSign

Certificates = tuple[str, str | None]
"""The SHA-256 (hex) of who signed and of who endorsed, if somebody did."""


@dataclass(frozen=True, slots=True)
class SignatureSlot:
    """What the signature dictionary of the page says; ``claimed_at`` is local, aware."""

    signer_name: str
    reason: str
    location: str
    claimed_at: datetime


@dataclass(frozen=True, slots=True)
class RenderedLetter:
    """A PDF with an empty signature slot, and the QR symbol that was drawn in it.

    ``qr_modules`` is the symbol row by row, without quiet zone; True is dark.
    """

    pdf: bytes
    qr_modules: tuple[tuple[bool, ...], ...]


@dataclass(frozen=True, slots=True)
class SignedLetter:
    """A signed file and the SHA-256 (hex) of the certificate that signed it.

    ``endorser_certificate_sha256`` is that of the second signature, if there is one.
    """

    pdf: bytes
    certificate_sha256: str
    endorser_certificate_sha256: str | None = None

    @property
    def certificates(self) -> Certificates:
        """The certificates that signed it, as the file itself must say."""
        return self.certificate_sha256, self.endorser_certificate_sha256


@final
class ReadyToSign:
    """A linted PDF that may be signed once, with the key it was linted for.

    Only a ``LetterSigner`` makes one, so nothing is signed that was not
    looked at, not twice, and not with another key.
    """

    def __init__(
        self, pdf: bytes, key_id: str, to_sign_sha256: str, signed_before: str | None = None
    ) -> None:
        self._pdf: bytes | None = pdf
        self._key_id = key_id
        self.to_sign_sha256 = to_sign_sha256
        self.signed_before = signed_before
        """The certificate of the first signature, when this right is to the second."""

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
    """What a validated file says of its signature; nothing here is from the register.

    ``endorser`` has the facts of the second signature, on a letter that bears two.
    """

    signer: str
    certificate_sha256: str
    claimed_at_utc: datetime | None
    level: str
    endorser: DocumentFacts | None = None

    @property
    def certificates(self) -> Certificates:
        """The certificates of both signers, or of the only one."""
        second = self.endorser.certificate_sha256 if self.endorser else None
        return self.certificate_sha256, second
