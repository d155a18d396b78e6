"""Drawings below and above the text of a page, which say nothing themselves.

Security printing comes in here. A ``Printing`` gets a ``Ground`` for each page: what
stands where, and what must stay free. It answers with operators that ``Sheets`` wraps
as artifacts, so that no reader speaks of them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from issuer.domain.record import LetterRecord

Rectangle = tuple[float, float, float, float]
"""Left, bottom, right, top; points from the page's lower left corner."""

Shown = Callable[[str], Iterable[tuple[str, str]]]
"""Turns a text into pairs of the body font's name in this file and a literal string:
``f"{name} 1.2 Tf {literal} Tj"``, inside BT and ET."""


@dataclass(frozen=True, slots=True)
class XObject:
    """A form or an image: ``entries`` of its dictionary in PDF syntax.

    ``data`` is as the Filter of the entries says. Length and Resources, which hold the
    letter's fonts, are added.
    """

    entries: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Artwork:
    """Operators of one page, balanced in q and Q, and the XObjects they call by name.

    One name stands for the same XObject on every page of a letter.
    """

    operators: str = ""
    xobjects: Mapping[str, XObject] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Ground:
    """One page as it is about to be printed on.

    ``clear`` is never drawn into: the QR with its quiet zone, the signature frames.
    ``data`` are the rectangles of what someone might alter: the number and the values
    of lists and tables. ``text`` is the rectangle of the text area. ``code`` is the
    verification code, ungrouped.
    """

    page: int
    pages: int
    width: float
    height: float
    text: Rectangle
    clear: tuple[Rectangle, ...]
    data: tuple[Rectangle, ...]
    code: str
    shown: Shown


class Printing(Protocol):
    """What is printed around the text of a letter."""

    def below(self, record: LetterRecord, ground: Ground) -> Artwork:
        """Return what is drawn before the text."""

    def above(self, record: LetterRecord, ground: Ground) -> Artwork:
        """Return what is drawn after it, last on the page."""
