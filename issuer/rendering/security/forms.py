"""Form XObjects: what a page repeats is written once."""

from __future__ import annotations

import zlib

from issuer.rendering.artifacts import XObject
from issuer.rendering.security.curves import numbers


def form(operators: str, width: float, height: float, *, bleed: float = 1.0) -> XObject:
    """Return a form from 0, 0 to ``width``, ``height``; ``bleed`` is kept around it."""
    box = (-bleed, -bleed, width + bleed, height + bleed)
    return XObject(
        f"/Subtype /Form /BBox [{numbers(*box)}] /Filter /FlateDecode",
        zlib.compress(operators.encode("ascii"), 9),
    )
