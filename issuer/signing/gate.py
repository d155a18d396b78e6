"""The byte-exact gate: is this file, as bytes, a letter as this office writes them?

It comes before any cryptography and needs no PDF parser: of a file that passes,
everything but one hexadecimal token is signed, and of that token no bit is free.
What a PDF reader may make of the signed bytes was decided when they were signed.
"""

from __future__ import annotations

import binascii
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from issuer.domain.errors import InvalidDocument
from issuer.domain.sealing import SIGNATURE_PROFILE
from issuer.signing.byte_range import Gap
from issuer.signing.der import NotDer, read_first

MAX_PDF_BYTES: Final = 25_000_000
MAX_CONTENTS_BYTES: Final = 65_536
_CLAIMED_AT: Final = re.compile(rb" /M \(D:(\d{8})(\d{6})([+-]\d\d)'(\d\d)\) ")
_LETTER_ID: Final = re.compile(rb"/ID \[<([0-9a-f]{32})>")


@dataclass(frozen=True, slots=True)
class SealedFile:
    """The parts of a file that passed: the CMS, and the SHA-256 of all the rest.

    ``claimed_at_utc`` is the time in the signature dictionary, the signer's own word.
    """

    cms: bytes
    digest: bytes
    claimed_at_utc: datetime | None


def open_sealed(pdf: bytes) -> SealedFile:
    """Return the parts. Raises ``InvalidDocument``."""
    if len(pdf) > MAX_PDF_BYTES:
        raise InvalidDocument("file_too_large")
    if not pdf.startswith(b"%PDF-"):
        raise InvalidDocument("file_not_pdf")
    if b"/ByteRange" not in pdf:
        raise InvalidDocument("file_unsigned")
    if SIGNATURE_PROFILE not in pdf:
        raise InvalidDocument("foreign_signature")
    try:
        gap = Gap.find(pdf)
        if gap.array_in(pdf) != gap.array or not pdf.endswith(b"\n%%EOF\n"):
            raise InvalidDocument("file_altered")
        cms = _contents(gap.token_in(pdf))
    except ValueError as error:
        raise InvalidDocument("file_altered") from error
    return SealedFile(cms, gap.digest_of(pdf), _claimed_at(pdf, gap))


def letter_id_claimed(pdf: bytes) -> str | None:
    """Return the letter id in the trailer, unverified, or None."""
    if len(pdf) > MAX_PDF_BYTES:
        return None
    found = _LETTER_ID.match(pdf, max(pdf.rfind(b"/ID [<"), 0))
    return found[1].decode() if found else None


def _contents(token: bytes) -> bytes:
    """Return the one DER element in the token; the digits after it must be zeros."""
    if len(token) > 2 * MAX_CONTENTS_BYTES or token.upper() != token:
        raise NotDer
    data = binascii.unhexlify(token)
    cms = read_first(data).encoded
    if any(data[len(cms) :]):
        raise NotDer
    return cms


def _claimed_at(pdf: bytes, gap: Gap) -> datetime | None:
    found = _CLAIMED_AT.search(pdf, max(pdf.rfind(SIGNATURE_PROFILE, 0, gap.start), 0), gap.start)
    if found is None:
        return None
    day, time, hours, minutes = (part.decode() for part in found.groups())
    try:
        return datetime.fromisoformat(f"{day}T{time}{hours}{minutes}").astimezone(UTC)
    except (ValueError, OverflowError):
        return None
