"""Blanks (blangko): numbered sheets of security paper, each accounted for until its end.

A sheet passes a printer once. Its serial belongs to that print and never to the signed
letter, which is finished before anybody knows the sheet.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from itertools import groupby

from issuer.domain.errors import IllegalTransition

MAX_NUMBER = 999_999
MAX_RANGE = 10_000
"""Sheets in one movement: a bound on the transaction, and more than a pallet's box."""

_ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_PREFIX = re.compile(r"[A-Z]{1,4}", re.ASCII)
_TYPED = re.compile(r"([A-Z]{1,4})([0-9]{6})([0-9A-Z])", re.ASCII)
_MAX_TYPED = 40


@dataclass(frozen=True, slots=True, order=True)
class Serial:
    """The number printed on a sheet: one to four letters and 1 to 999999.

    As text a check character follows (ISO 7064, MOD 37,36): ``BJN000123-R``.
    """

    prefix: str
    number: int

    def __post_init__(self) -> None:
        if not _PREFIX.fullmatch(self.prefix) or not 1 <= self.number <= MAX_NUMBER:
            raise ValueError("not a serial")

    def __str__(self) -> str:
        body = f"{self.prefix}{self.number:06}"
        return f"{body}-{_check_character(body)}"


def read_serial(typed: str) -> Serial | None:
    """Return the serial a person typed or scanned, or None when it cannot be one.

    Lower case, spaces and hyphens are forgiven; a wrong check character is not.
    """
    if len(typed) > _MAX_TYPED:
        return None
    found = _TYPED.fullmatch("".join(typed.split()).replace("-", "").upper())
    if found is None or not int(found[2]) or _check_character(found[1] + found[2]) != found[3]:
        return None
    return Serial(found[1], int(found[2]))


def _check_character(body: str) -> str:
    """ISO 7064, hybrid system MOD 37,36: catches every single error and swap."""
    check = 36
    for character in body:
        check = (check + _ALPHABET.index(character)) % 36 or 36
        check = check * 2 % 37
    return _ALPHABET[(1 - check) % 36]


@dataclass(frozen=True, slots=True)
class SerialRange:
    """Consecutive sheets of one prefix, both ends included; at most ``MAX_RANGE``."""

    first: Serial
    last: Serial

    def __post_init__(self) -> None:
        if self.first.prefix != self.last.prefix or not 1 <= len(self) <= MAX_RANGE:
            raise ValueError("not a range of serials")

    def __len__(self) -> int:
        return max(0, self.last.number - self.first.number + 1)

    def __iter__(self) -> Iterator[Serial]:
        for number in range(self.first.number, self.last.number + 1):
            yield Serial(self.first.prefix, number)

    def __str__(self) -> str:
        return str(self.first) if self.first == self.last else f"{self.first}..{self.last}"


class BlankState(StrEnum):
    """Where a sheet is."""

    IN_STORE = "in_store"
    AT_COUNTER = "at_counter"
    PRINTING = "printing"
    USED = "used"
    SPOILED = "spoiled"
    LOST = "lost"
    RETURNED = "returned"
    DESTROYED = "destroyed"


class BlankAction(StrEnum):
    """What can happen to a sheet."""

    RECEIVE = "receive"
    HAND_OVER = "hand_over"
    PRINT = "print"
    CONFIRM = "confirm"
    SPOIL = "spoil"
    TAKE_BACK = "take_back"
    LOSE = "lose"
    DESTROY = "destroy"


_S, _A = BlankState, BlankAction
BLANK_TRANSITIONS: dict[tuple[BlankState | None, BlankAction], BlankState] = {
    (None, _A.RECEIVE): _S.IN_STORE,
    (_S.IN_STORE, _A.HAND_OVER): _S.AT_COUNTER,
    (_S.IN_STORE, _A.LOSE): _S.LOST,
    (_S.AT_COUNTER, _A.PRINT): _S.PRINTING,
    (_S.AT_COUNTER, _A.SPOIL): _S.SPOILED,
    (_S.AT_COUNTER, _A.TAKE_BACK): _S.RETURNED,
    (_S.AT_COUNTER, _A.LOSE): _S.LOST,
    (_S.PRINTING, _A.CONFIRM): _S.USED,
    (_S.PRINTING, _A.SPOIL): _S.SPOILED,
    (_S.PRINTING, _A.LOSE): _S.LOST,
    (_S.USED, _A.SPOIL): _S.SPOILED,
    (_S.USED, _A.LOSE): _S.LOST,
    (_S.RETURNED, _A.HAND_OVER): _S.AT_COUNTER,
    (_S.RETURNED, _A.LOSE): _S.LOST,
    (_S.SPOILED, _A.DESTROY): _S.DESTROYED,
    (_S.SPOILED, _A.LOSE): _S.LOST,
}
ON_HAND = frozenset({_S.AT_COUNTER, _S.PRINTING})
"""What a counter must be able to show when its sheets are counted."""

BEARS_LETTER = frozenset({_S.PRINTING, _S.USED})
"""A letter has at most one such sheet; it is the one in the holder's hand."""


@dataclass(frozen=True, slots=True)
class Printing:
    """The one print of a sheet: which letter, by whom, when."""

    letter_id: str
    officer_id: str
    at_utc: datetime


@dataclass(frozen=True, slots=True)
class Blank:
    """One sheet. ``agency_code`` is the counter it last belonged to, None in the store.

    Whoever handed it over, printed on it and destroyed it are different people.
    """

    serial: Serial
    state: BlankState
    agency_code: str | None = None
    handed_over_by: str | None = None
    printed: Printing | None = None
    destroyed_by: str | None = None
    witnessed_by: str | None = None

    def after(self, action: BlankAction) -> Blank:
        """Return the sheet in the state that follows. Raises ``IllegalTransition``."""
        following = BLANK_TRANSITIONS.get((self.state, action))
        if following is None:
            raise IllegalTransition(self.state, action)
        return replace(self, state=following)


def sheet_of(printed: Iterable[Blank]) -> Blank | None:
    """Return the sheet a letter is on now, of all it was printed on, oldest first.

    A lost sheet stays the letter's own until it is printed again.
    """
    shown = [sheet for sheet in printed if sheet.state in BEARS_LETTER | {_S.LOST}]
    return shown[-1] if shown else None


@dataclass(frozen=True, slots=True)
class BlankEvent:
    """What happened to consecutive sheets at once.

    ``position`` is that of the entry in the audit trail, which holds the same
    ``facts``; ``reason`` is free text and stands here alone.
    """

    position: int
    at_utc: datetime
    action: BlankAction
    serials: SerialRange
    before: BlankState | None
    after: BlankState
    agency_code: str | None
    letter_id: str | None
    reason: str

    def facts(self) -> dict[str, str | int]:
        """Return what the audit trail keeps of it."""
        facts = {
            "sheets": len(self.serials),
            "before": self.before,
            "after": self.after,
            "agency": self.agency_code,
            "letter": self.letter_id,
        }
        return {name: value for name, value in facts.items() if value is not None}


def runs(
    moved: Iterable[tuple[BlankState | None, Blank]],
) -> Iterator[tuple[SerialRange, BlankState | None, Blank]]:
    """Group moved sheets, each with its state before, into consecutive alike ones.

    Yields the range, the state before and the first sheet.
    """

    def alike(place: tuple[int, tuple[BlankState | None, Blank]]) -> object:
        index, (before, sheet) = place
        letter = sheet.printed.letter_id if sheet.printed else None
        serial = sheet.serial
        return serial.prefix, serial.number - index, before, sheet.agency_code, letter

    for _, group in groupby(enumerate(moved), alike):
        together = [place for _, place in group]
        before, first = together[0]
        yield SerialRange(first.serial, together[-1][1].serial), before, first
