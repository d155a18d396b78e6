"""The patterns once more, for the page that verifies a letter."""

from __future__ import annotations

from issuer.rendering.security import microtext, rosette


class PatternRedrawer:
    """Draws from the same numbers as the printer; implements ``SecurityPatterns``."""

    def rosette_svg(self, digest: bytes) -> str:
        """Return the rosette of a record's digest as an SVG document."""
        return rosette.rosette_svg(digest)

    def microtext(self, number: str, name: str, code: str) -> str:
        """Return the microtext once, as it is printed; ``code`` is ungrouped."""
        return microtext.microtext(number, name, code)
