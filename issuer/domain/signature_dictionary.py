"""How this office writes a signature dictionary into a PDF (ISO 32000-2, 12.8.1).

A letter with one signatory is certified and permits no change. A letter that the
district endorses is certified too, permits nothing but the second signature, and
that one locks every field. Written here because the page leaves room for the first
and the signing room appends the second: both have one form.
"""

from __future__ import annotations

from typing import Final

from issuer.domain.sealing import SignatureSlot

CONTENTS_BYTES: Final = 4096
"""Room for the CMS in the file: a P-256 signature with leaf and issuing certificate
takes about 1.5 kB; the rest waits for a time-stamp."""

BYTE_RANGE_PLACEHOLDER: Final = b"[0 0000000000 0000000000 0000000000]"

ENDORSEMENT_FIELD: Final = "Mengetahui"
"""The name of the field that waits for the second signature."""

_PROFILE: Final = (
    b"/Type /Sig /Filter /Adobe.PPKLite /SubFilter /ETSI.CAdES.detached /Reference [%b]"
)
_DOCUMENT_RULE: Final = (
    b"<< /Type /SigRef /TransformMethod /DocMDP"
    b" /TransformParams << /Type /TransformParams /P %d /V /1.2 >> >>"
)
_FIELD_RULE: Final = (
    b"<< /Type /SigRef /TransformMethod /FieldMDP /Data %b"
    b" /TransformParams << /Type /TransformParams /Action %b /V /1.2 >> >>"
)

SIGNATURE_PROFILE: Final = _PROFILE % (_DOCUMENT_RULE % 1)
"""How the dictionary begins on a letter with one signatory: PAdES, certified, no change
permitted afterwards (ISO 32000-2, 12.8.2.2; ETSI EN 319 142-1)."""


def endorsable_profile(catalog: bytes) -> bytes:
    """Return how the first of two begins: certified, only the other's field left open.

    ``catalog`` is the reference of the file's catalog, as in ``7 0 R``
    (ISO 32000-2, 12.8.2.4).
    """
    but_one = b"/Exclude /Fields [(%b)]" % ENDORSEMENT_FIELD.encode()
    return _PROFILE % (_DOCUMENT_RULE % 2 + b" " + _FIELD_RULE % (catalog, but_one))


def endorsement_profile(catalog: bytes) -> bytes:
    """Return how the second of two begins: it locks every field."""
    return _PROFILE % (_FIELD_RULE % (catalog, b"/All"))


def signature_texts(slot: SignatureSlot) -> bytes:
    """Return the entries with a slot's texts and time; every text has one form only."""
    zone = slot.claimed_at.strftime("%z")
    moment = f"D:{slot.claimed_at:%Y%m%d%H%M%S}{zone[:3]}'{zone[3:5]}"
    texts = (_text(slot.signer_name), _text(slot.reason), _text(slot.location))
    return b"/Name %b /Reason %b /Location %b /M (%b)" % (*texts, moment.encode())


def empty_signature(profile: bytes, texts: bytes) -> bytes:
    """Return a dictionary whose ByteRange and Contents wait to be filled."""
    room = bytes(CONTENTS_BYTES).hex().encode()
    end = b"/ByteRange %b /Contents <%b>" % (BYTE_RANGE_PLACEHOLDER, room)
    return b"<< %b %b %b >>" % (profile, texts, end)


def _text(text: str) -> bytes:
    return b"<FEFF%b>" % text.encode("utf-16-be").hex().upper().encode()
