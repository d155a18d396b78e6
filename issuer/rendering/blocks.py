"""What a letter says, as plain data: blocks in the order in which they are read.

A block knows neither fonts nor pages. ``language`` is that of its text (BCP 47).
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Heading:
    """The title of the letter and the line with its number."""

    title: str
    number: str


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Running text; ``keep`` holds its end on one page with what follows."""

    text: str
    keep: bool = False
    language: str = "id"


@dataclass(frozen=True, slots=True)
class Fact:
    """A label and its value; a strong value is set bold."""

    label: str
    value: str
    strong: bool = False


@dataclass(frozen=True, slots=True)
class FactList:
    """Labels and values one below the other, such as whom the letter is about."""

    facts: tuple[Fact, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """Rows below header cells; every row has as many cells as the header.

    ``shares`` are the columns' widths in proportion to one another.
    """

    caption: str
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    shares: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class NumberedList:
    """Items that are numbered from 1."""

    items: tuple[str, ...]


Block = Heading | Paragraph | FactList | Table | NumberedList
