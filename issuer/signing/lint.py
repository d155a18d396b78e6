"""A look at the rendered file before it is signed: the last chance to say no.

It reads the file the way our own renderer writes it, with white space around every
name, and finds accidents there. It is no defence against foreign files: those are
never signed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from issuer.domain.signature_dictionary import (
    BYTE_RANGE_PLACEHOLDER,
    SIGNATURE_PROFILE,
    endorsable_profile,
)
from issuer.signing.byte_range import Gap
from issuer.signing.revisions import catalog_of

_STRING: Final = re.compile(rb"\((?:[^()\\]|\\.)*\)", re.DOTALL)

FORBIDDEN_NAMES: Final = {
    **dict.fromkeys((b"/JavaScript", b"/JS", b"/OpenAction", b"/AA", b"/XFA"), "active_content"),
    **dict.fromkeys((b"/Launch", b"/SubmitForm", b"/ImportData", b"/ResetForm"), "active_content"),
    **dict.fromkeys((b"/RichMedia", b"/Rendition", b"/Movie", b"/Sound"), "active_content"),
    **dict.fromkeys((b"/URI", b"/GoToR", b"/GoToE"), "external_reference"),
    b"/Encrypt": "encrypted",
    b"/ObjStm": "hidden_objects",
}
"""Names a letter has no use for, and the finding each of them is."""


def findings(pdf: bytes) -> list[str]:
    """Return what speaks against signing this file, as sorted codes; empty is good."""
    try:
        gap = Gap.find(pdf)
        profiles = SIGNATURE_PROFILE, _STRING.sub(b"", endorsable_profile(catalog_of(pdf)))
    except ValueError:
        return ["not_exactly_one_signature_slot"]
    objects = b"".join(_outside_streams(pdf[: gap.start])) + pdf[gap.end :]
    text = _STRING.sub(b"", objects)
    found = {FORBIDDEN_NAMES[name] for name in FORBIDDEN_NAMES.keys() & text.split()}
    if gap.array_in(pdf) != BYTE_RANGE_PLACEHOLDER or sum(map(text.count, profiles)) != 1:
        found.add("not_exactly_one_signature_slot")
    descriptors = text.count(b"/Type /FontDescriptor")
    simple_fonts = text.count(b"/Type /Font") - descriptors - text.count(b"/Subtype /Type0")
    descriptors_used = text.count(b"/FontDescriptor") - descriptors
    if simple_fonts > descriptors_used or descriptors > text.count(b"/FontFile"):
        found.add("font_not_embedded")
    if text.count(b"/Type /EmbeddedFile") > text.count(b"/Subtype /application#2Fjson"):
        found.add("attachment_not_permitted")
    return sorted(found)


def _outside_streams(pdf: bytes) -> Iterator[bytes]:
    at = 0
    while (start := pdf.find(b"stream\n", at)) >= 0:
        yield pdf[at:start]
        end = pdf.find(b"endstream", start)
        at = len(pdf) if end < 0 else end + len(b"endstream")
    yield pdf[at:]
