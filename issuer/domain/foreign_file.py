"""What can be said of a PDF that is no letter of this office, without believing it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ForeignFile:
    """Names and traits read from a stranger's file, unverified.

    ``signers`` are names in the certificates of its signatures, printable and short;
    ``encrypted`` files hide their content; ``active`` ones hold a script or open
    something, which no letter of this office does.
    """

    signers: tuple[str, ...] = ()
    encrypted: bool = False
    active: bool = False
