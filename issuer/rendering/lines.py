"""Breaking a text into lines: as full as they go, or as even as they can be.

Widths are in points. A word wider than a line is cut where the line ends. A line that
ends between words ends in a space, which nobody sees: it keeps the words apart where
the text is copied or read aloud.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import accumulate, takewhile

from issuer.rendering.fonts import Face
from issuer.rendering.indonesian import NO_BREAK

MAX_WORD_SPACE = 15.0
"""A line that would need this much more at every space is left ragged."""

MAX_SHRINK = 0.6
"""How much narrower a space may be, a fifth of its width in the size of the text."""

_COMFORTABLE = 4.0

# What belongs to its number on one line: RT 003/RW 002, Nomor 12.
_NUMBERED = re.compile(r"\b(RT|RW|No\.|Nomor) (?=\d)", re.ASCII)


def break_lines(
    text: str, face: Face, size: float, width: float, indent: float = 0.0
) -> tuple[str, ...]:
    """Break a text into lines no wider than ``width``, the first less ``indent``.

    Each line takes the words that fit; a text without words is one empty line.
    """
    text = _NUMBERED.sub(rf"\1{NO_BREAK}", text)
    if face.width(text, size) <= width - indent:
        return (text,)
    words = _words(text, face, size, width - indent)
    return tuple(_joined(words, _full_lines(words, face.width(" ", size), width, indent)))


def justified_lines(
    text: str, face: Face, size: float, width: float, indent: float = 0.0
) -> tuple[tuple[str, float], ...]:
    """Break a text like ``break_lines`` into lines, each with what its spaces grow by.

    Only where that would leave wide gaps are the breaks chosen anew, so that the
    paragraph as a whole is even (after Knuth and Plass, 1981). The last line grows by 0.
    """
    text = _NUMBERED.sub(rf"\1{NO_BREAK}", text)
    if face.width(text, size) <= width - indent:
        return ((text, 0.0),)
    words = _words(text, face, size, width - indent)
    space = face.width(" ", size)
    lines = _grown(words, _full_lines(words, space, width, indent), space, width, indent)
    if any(growth > _COMFORTABLE for _line, growth in lines):
        lines = _grown(words, _even_lines(words, space, width, indent), space, width, indent)
    return tuple((line, growth if growth <= MAX_WORD_SPACE else 0.0) for line, growth in lines)


_Word = tuple[str, float]
"""A word with the space after it, and its width without."""


def _words(text: str, face: Face, size: float, width: float) -> list[_Word]:
    """Return the words, those wider than a line in parts; the last has no space after it."""
    *words, (last, length) = _fitting(text.split(" "), face, size, width)
    return [*words, (last.removesuffix(" "), length)]


def _fitting(words: Iterable[str], face: Face, size: float, width: float) -> Iterator[_Word]:
    for word in words:
        rest, length = word, face.width(word, size)
        while length > width and len(rest) > 1:
            upto = accumulate(face.width(character, size) for character in rest)
            end = max(1, sum(1 for _ in takewhile(lambda reached: reached <= width, upto)))
            yield rest[:end], face.width(rest[:end], size)
            rest = rest[end:]
            length = face.width(rest, size)
        yield f"{rest} ", length


def _full_lines(words: list[_Word], space: float, width: float, indent: float) -> list[int]:
    """Return where each line ends when it takes the words that fit."""
    ends: list[int] = []
    used, room = -space, width - indent
    for number, (_word, length) in enumerate(words):
        if used + space + length > room and used >= 0:
            ends.append(number)
            used, room = -space, width
        used += space + length
    return [*ends, len(words)]


def _even_lines(words: list[_Word], space: float, width: float, indent: float) -> list[int]:
    """Return the ends that make the sum of the cubes of all growths the smallest."""
    count = len(words)
    # Where each word begins, were they all on one line.
    begins = list(accumulate((length + space for _word, length in words), initial=0.0))
    costs, ends = [0.0] * (count + 1), [count] * (count + 1)
    full = count
    for start in range(count - 1, -1, -1):
        room = width - (indent if start == 0 else 0.0)
        edge = begins[start] + space + room
        while full > start + 1 and begins[full] - edge > MAX_SHRINK * (full - start - 1):
            full -= 1
        best = float("inf")
        for end in range(full, start, -1):
            missing, gaps = edge - begins[end], end - start - 1
            cost = 0.0 if end == count and missing >= 0 else _cost(missing, gaps, room)
            if cost + costs[end] < best:
                best, ends[start] = cost + costs[end], end
            if cost > best:
                break
        costs[start] = best
    chosen = [ends[0]]
    while chosen[-1] < count:
        chosen.append(ends[chosen[-1]])
    return chosen


def _cost(missing: float, gaps: int, room: float) -> float:
    """Return how bad a line is; a single word cannot grow at all."""
    return abs(missing / gaps if gaps else min(missing, room)) ** 3


def _joined(words: list[_Word], ends: list[int]) -> Iterator[str]:
    start = 0
    for end in ends:
        yield "".join([word for word, _length in words[start:end]])
        start = end


def _grown(
    words: list[_Word], ends: list[int], space: float, width: float, indent: float
) -> list[tuple[str, float]]:
    """Return the lines with the growth that brings each to the margin, the last but one."""
    lines: list[tuple[str, float]] = []
    start = 0
    for line, end in zip(_joined(words, ends), ends, strict=True):
        seen = line.removesuffix(" ")
        length = sum([length for _word, length in words[start:end]]) + seen.count(" ") * space
        missing = width - (indent if start == 0 else 0.0) - length
        # A space that does not break grows too: it is written as a space.
        gaps = seen.count(" ") + seen.count(NO_BREAK)
        last = end == len(words) and missing >= 0
        lines.append((line, missing / gaps if gaps and not last else 0.0))
        start = end
    return lines
