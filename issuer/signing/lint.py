"""A look at the rendered file before it is signed: the last chance to say no.

It reads the file the way our own renderer writes it, and finds accidents there; it
is not a defence against foreign files, which are never signed.
"""

from __future__ import annotations

import re
from itertools import pairwise
from typing import Final

from issuer.domain.sealing import BYTE_RANGE_PLACEHOLDER, SIGNATURE_PROFILE

_STREAM: Final = re.compile(rb"\bstream\r?\n.*?endstream", re.DOTALL)
_NAME_OR_STRING: Final = re.compile(rb"\((?:[^()\\]|\\.)*\)|/([^\s/<>\[\](){}%]+)", re.DOTALL)
_ATTACHMENT_TYPE: Final = b"application#2Fjson"
_FONT_FILES: Final = frozenset({b"FontFile", b"FontFile2", b"FontFile3"})

FORBIDDEN_NAMES: Final = {
    **dict.fromkeys((b"JavaScript", b"JS", b"OpenAction", b"AA", b"XFA"), "active_content"),
    **dict.fromkeys((b"Launch", b"SubmitForm", b"ImportData", b"ResetForm"), "active_content"),
    **dict.fromkeys((b"RichMedia", b"Rendition", b"Movie", b"Sound"), "active_content"),
    **dict.fromkeys((b"URI", b"GoToR", b"GoToE"), "external_reference"),
    b"Encrypt": "encrypted",
    b"ObjStm": "hidden_objects",
}
"""Names a letter has no use for, and the finding each of them is."""


def findings(pdf: bytes) -> list[str]:
    """Return what speaks against signing this file, as sorted codes; empty is good."""
    found = set()
    once = (BYTE_RANGE_PLACEHOLDER, SIGNATURE_PROFILE, b"/ByteRange")
    if any(pdf.count(part) != 1 for part in once):
        found.add("not_exactly_one_signature_slot")
    for written in _STREAM.sub(b"", pdf).split(b"endobj"):
        names = [name for name in _NAME_OR_STRING.findall(written) if name]
        found |= {FORBIDDEN_NAMES[name] for name in names if name in FORBIDDEN_NAMES}
        found |= _object_findings(names)
    return sorted(found)


def _object_findings(names: list[bytes]) -> set[str]:
    present = set(names)
    types = {value for key, value in pairwise(names) if key == b"Type"}
    embeds = {b"Font": {b"FontDescriptor", b"DescendantFonts"}, b"FontDescriptor": _FONT_FILES}
    found = set()
    if any(kind in types and not present & needed for kind, needed in embeds.items()):
        found.add("font_not_embedded")
    if b"EmbeddedFile" in types and _ATTACHMENT_TYPE not in present:
        found.add("attachment_not_permitted")
    return found
