"""The byte-exact gate: is this file, as bytes, a letter as this office writes them?

It comes before any cryptography and needs no PDF parser: of a file that passes,
everything but one hexadecimal token is signed, and of that token no bit is free.
What a PDF reader may make of the signed bytes was decided when they were signed.
There are two forms, one revision for one signatory and two for two, and the first
signature says which: a file cut back to its first revision is not complete.
"""

from __future__ import annotations

import binascii
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from issuer.domain.errors import InvalidDocument
from issuer.domain.signature_dictionary import (
    SIGNATURE_PROFILE,
    endorsable_profile,
    endorsement_profile,
)
from issuer.signing.byte_range import Gap
from issuer.signing.der import NotDer, read_first
from issuer.signing.revisions import END_OF_FILE, catalog_of, first_revision, is_endorsement_of

MAX_PDF_BYTES: Final = 25_000_000
MAX_CONTENTS_BYTES: Final = 65_536
_DICTIONARY: Final = b"<< /Type /Sig /Filter /Adobe.PPKLite /SubFilter /ETSI.CAdES.detached "
_TEXT: Final = rb"<FEFF(?:[0-9A-F]{4})*>"
_TEXTS: Final = re.compile(
    rb"/Name %b /Reason %b /Location %b" % (_TEXT, _TEXT, _TEXT)
    + rb" /M \(D:(\d{8})(\d{6})([+-]\d\d)'(\d\d)\)"
)
_LETTER_ID: Final = re.compile(rb"/ID \[<([0-9a-f]{32})>")


@dataclass(frozen=True, slots=True)
class SealedFile:
    """The parts of one signature that passed: the CMS, and the SHA-256 of what it covers.

    ``claimed_at_utc`` is the time in the signature dictionary, the signer's own word.
    """

    cms: bytes
    digest: bytes
    claimed_at_utc: datetime | None


def open_sealed(pdf: bytes) -> tuple[SealedFile, SealedFile | None]:
    """Return the parts of both signatures, or of the only one. Raises ``InvalidDocument``."""
    if len(pdf) > MAX_PDF_BYTES:
        raise InvalidDocument("file_too_large")
    if not pdf.startswith(b"%PDF-"):
        raise InvalidDocument("file_not_pdf")
    # Where readers look for the end (PDF Reference 1.7, appendix H, note 18).
    if b"%%EOF" not in pdf[-1024:]:
        raise InvalidDocument("file_incomplete")
    if b"/ByteRange" not in pdf:
        raise InvalidDocument("file_unsigned")
    if _DICTIONARY not in pdf:
        raise InvalidDocument("foreign_signature")
    try:
        return _both(pdf)
    except ValueError as error:
        raise InvalidDocument("file_altered") from error


def _both(pdf: bytes) -> tuple[SealedFile, SealedFile | None]:
    """Return the parts. Raises ``ValueError`` for anything but the two forms."""
    last = Gap.last(pdf)
    only = _texts(pdf, last, SIGNATURE_PROFILE)
    if only is not None:
        return _sealed(pdf, Gap.find(pdf), only), None
    revision = first_revision(pdf)
    gap, catalog = Gap.find(revision), catalog_of(revision)
    first = _texts(revision, gap, endorsable_profile(catalog))
    second = _texts(pdf, last, endorsement_profile(catalog))
    if first is None or second is None or not is_endorsement_of(revision, pdf, second.group()):
        raise ValueError("not a form of this office")
    return _sealed(revision, gap, first), _sealed(pdf, last, second)


def _texts(pdf: bytes, gap: Gap, profile: bytes) -> re.Match[bytes] | None:
    """Return the texts of the gap's dictionary if it begins in this way, and is ours."""
    begin = b"<< %b " % profile
    at = pdf.rfind(begin, 0, gap.array_at)
    return _TEXTS.fullmatch(pdf, at + len(begin), gap.key_at - 1) if at >= 0 else None


def _sealed(pdf: bytes, gap: Gap, texts: re.Match[bytes]) -> SealedFile:
    if gap.array_in(pdf) != gap.array or not pdf.endswith(END_OF_FILE):
        raise ValueError("not all of it is covered")
    return SealedFile(_contents(gap.token_in(pdf)), gap.digest_of(pdf), _claimed_at(texts))


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


def _claimed_at(texts: re.Match[bytes]) -> datetime | None:
    day, time, hours, minutes = (part.decode() for part in texts.groups())
    try:
        return datetime.fromisoformat(f"{day}T{time}{hours}{minutes}").astimezone(UTC)
    except (ValueError, OverflowError):
        return None
