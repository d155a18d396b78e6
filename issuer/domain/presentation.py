"""How a letter is put on paper: sheet and security printing, as policy decides."""

from __future__ import annotations

from enum import StrEnum


class Paper(StrEnum):
    """The sheet: A4 (210 × 297 mm) or F4, also called folio (215 × 330 mm)."""

    A4 = "A4"
    F4 = "F4"


class SecurityPrinting(StrEnum):
    """What an agency or a letter type wants drawn.

    HOME is for any printer, COUNTER for the office's known 600 dpi laser, and
    SECURITY_PAPER is COUNTER on a numbered blank (blangko).
    """

    OFF = "off"
    HOME = "home"
    COUNTER = "counter"
    SECURITY_PAPER = "security_paper"


class Variant(StrEnum):
    """What is drawn in one letter; frozen in its record."""

    OFF = "off"
    HOME = "home"
    COUNTER = "counter"


def variant_for(policy: SecurityPrinting, *, printed_at_counter: bool) -> Variant:
    """Return the variant: the counter's patterns only where the counter prints."""
    if policy is SecurityPrinting.OFF:
        return Variant.OFF
    if policy is SecurityPrinting.HOME or not printed_at_counter:
        return Variant.HOME
    return Variant.COUNTER
