"""The QR symbol (ISO/IEC 18004): its modules, and drawing them on the dot grid.

The package ``qrcode`` knows the standard's geometry and arithmetic; it also needs
24 ms a symbol, more than the whole letter. So it is asked once for each version:
for the symbol of every mask without data, for the place of every data bit, and
for the table of error correction. A symbol is then a few operations on integers
of one bit a module.

The text is cut into two segments, the URL as bytes and the token as digits: in one
segment it would need a symbol seven versions larger.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import zip_longest
from operator import itemgetter
from struct import iter_unpack

from qrcode import QRCode
from qrcode.base import Polynomial, gexp, rs_blocks
from qrcode.constants import ERROR_CORRECT_M
from qrcode.util import MODE_8BIT_BYTE, MODE_NUMBER

from issuer.domain.errors import NotFitToSign

Modules = tuple[tuple[bool, ...], ...]

VERSIONS = (10, 11, 12)
"""A signed token never fits below 10; above 12 it does not fit its box on the page.
These versions have counters of the same length."""

DOT_PT = 72 / 300
MODULE_PT = 7 * DOT_PT
"""Side of a module in points: seven whole dots of a 300 dpi printer, 0.593 mm."""

QUIET_MODULES = 4
_MASKS = range(8)
_DIGITS = re.compile(r"[0-9]+", re.ASCII)
_RUN = re.compile(rb"\x01+")
_PART, _COLUMN = 8, "C"
_TO_BOOL = bytes.maketrans(b"01", b"\x00\x01")
_THREE_DIGITS = {f"{n:03}": f"{n:010b}" for n in range(1000)}
_TERMINATOR, _PADDING = "0000", b"\xec\x11"


def qr_modules(text: str) -> Modules:
    """Return the symbol of ``<anything>/<digits>`` row by row, True is dark.

    Level M, the smallest version that fits, the mask with the fewest penalty
    points. Raises ``NotFitToSign`` when version 12 is too small and ``ValueError``
    for a text without digits at its end.
    """
    head, slash, digits = text.rpartition("/")
    if not slash or not _DIGITS.fullmatch(digits):
        raise ValueError("a QR text ends in a slash and digits")
    bits = _bits((head + slash).encode(), digits)
    for version in VERSIONS:
        layout = _layout(version)
        if len(bits) <= layout.data_bits:
            break
    else:
        raise NotFitToSign(["qr_too_dense"])
    data = int(layout.place(_codeword_bits(bits, layout) + "0"), 2)
    symbol = min((blank ^ data for blank in layout.blanks), key=layout.penalty)
    cells = f"{symbol:0{layout.side**2}b}".encode().translate(_TO_BOOL)
    return tuple(iter_unpack(f"{layout.side}?", cells))


def symbol_side(modules: Sequence[Sequence[bool]]) -> float:
    """Return the side of the drawn symbol in points, without quiet zone."""
    return len(modules) * MODULE_PT


def qr_operators(modules: Sequence[Sequence[bool]], x: float, y: float) -> str:
    """Return the symbol with its lower left corner at ``x``, ``y``, in points.

    The corner is moved to the nearest printer dot. The caller keeps the quiet zone
    free and the scale of the page at 1.
    """
    left, bottom = (round(value / DOT_PT) * DOT_PT for value in (x, y))
    operators = [f"q 0 g {MODULE_PT:.2f} 0 0 {MODULE_PT:.2f} {left:.2f} {bottom:.2f} cm\n"]
    for column, cells in enumerate(zip(*reversed(modules), strict=True)):
        dark = bytes(cells)
        parts = [_rectangles(at, dark[at : at + _PART]) for at in range(0, len(dark), _PART)]
        operators.append("".join(parts).replace(_COLUMN, str(column)))
    # One path: filled rectangle by rectangle, hairlines would show between them.
    return "".join([*operators, "f Q"])


@cache
def _rectangles(start: int, cells: bytes) -> str:
    """Return the rectangles of a part of a column, any column: there are 2048 parts."""
    runs = (run.span() for run in _RUN.finditer(cells))
    return "".join(f"{_COLUMN} {start + first} 1 {end - first} re\n" for first, end in runs)


def _bits(head: bytes, digits: str) -> str:
    """Return the two segments, each with mode and count (§7.4), as a string of bits."""
    parts = [
        f"{MODE_8BIT_BYTE:04b}{len(head):016b}",
        *(f"{byte:08b}" for byte in head),
        f"{MODE_NUMBER:04b}{len(digits):012b}",
    ]
    rest = len(digits) % 3
    whole = len(digits) - rest
    parts += [_THREE_DIGITS[digits[i : i + 3]] for i in range(0, whole, 3)]
    if rest:
        parts.append(f"{int(digits[whole:]):0{3 * rest + 1}b}")
    return "".join(parts)


@dataclass(frozen=True, slots=True)
class _Layout:
    """What a version fixes. Symbols are integers, the first module the highest bit.

    ``blanks`` has one symbol a mask with every data bit 0. ``place`` takes the data
    bits and one 0 after them and returns the module of each. ``correction`` is
    indexed by the byte that leaves the division.
    """

    side: int
    data_bits: int
    blocks: tuple[int, ...]
    correction_bytes: int
    correction: tuple[int, ...]
    blanks: tuple[int, ...]
    place: Callable[[str], str]
    penalty: Callable[[int], int]


@lru_cache(maxsize=len(VERSIONS))
def _layout(version: int) -> _Layout:
    blocks = rs_blocks(version, ERROR_CORRECT_M)
    correction_bytes = blocks[0].total_count - blocks[0].data_count
    code = QRCode(version=version, error_correction=ERROR_CORRECT_M, border=0)

    def drawn(codewords: list[int], mask: int) -> int:
        code.data_cache = codewords
        code.makeImpl(False, mask)
        return int("".join("01"[bool(module)] for row in code.modules for module in row), 2)

    codewords = sum(block.total_count for block in blocks)
    blanks = tuple(drawn([0] * codewords, mask) for mask in _MASKS)
    side = len(code.modules)
    return _Layout(
        side=side,
        data_bits=8 * sum(block.data_count for block in blocks),
        blocks=tuple(block.data_count for block in blocks),
        correction_bytes=correction_bytes,
        correction=_correction_table(correction_bytes),
        blanks=blanks,
        place=_placing(side, codewords, lambda data: drawn(data, 0) ^ blanks[0]),
        penalty=_penalty(side),
    )


def _placing(side: int, codewords: int, drawn: Callable[[list[int]], int]) -> Callable[[str], str]:
    """Find where each bit goes, by drawing each digit of the bits' own numbers."""
    numbers = [0] * (side * side)
    count = 8 * codewords
    for digit in range(count.bit_length()):
        # Counted from 1, so that the modules that hold no data keep number 0.
        bits = "".join(str((number >> digit) & 1) for number in range(1, count + 1))
        dark = f"{drawn(list(int(bits, 2).to_bytes(codewords))):0{side * side}b}"
        numbers = [number | (int(bit) << digit) for number, bit in zip(numbers, dark, strict=True)]
    pick = itemgetter(*(number - 1 for number in numbers))
    return lambda bits: "".join(pick(bits))


def _correction_table(count: int) -> tuple[int, ...]:
    """Return, for each leading byte, its remainder by the generator polynomial."""
    generator = Polynomial([1], 0)
    for power in range(count):
        generator *= Polynomial([1, gexp(power)], 0)
    rests = (list(Polynomial([byte], count) % generator) for byte in range(1, 256))
    return (0, *(int.from_bytes(bytes(rest)) for rest in rests))


def _codeword_bits(bits: str, layout: _Layout) -> str:
    """Pad the data, add the error correction and interleave the blocks (§7.4.10, 7.5, 7.6)."""
    bits = (bits + _TERMINATOR)[: layout.data_bits]
    bits += "0" * (-len(bits) % 8)
    data = int(bits, 2).to_bytes(len(bits) // 8)
    missing = layout.data_bits // 8 - len(data)
    data += (_PADDING * missing)[:missing]
    split, start = [], 0
    for length in layout.blocks:
        split.append(data[start : start + length])
        start += length
    checks = [_correction(block, layout) for block in split]
    woven = [byte for column in zip_longest(*split) for byte in column if byte is not None]
    woven += [byte for column in zip(*checks, strict=True) for byte in column]
    return f"{int.from_bytes(bytes(woven)):0{8 * len(woven)}b}"


def _correction(block: bytes, layout: _Layout) -> bytes:
    """Return the remainder of the block by the generator: long division, byte by byte."""
    table, top = layout.correction, 8 * (layout.correction_bytes - 1)
    below = (1 << top) - 1
    rest = 0
    for byte in block:
        rest = ((rest & below) << 8) ^ table[(rest >> top) ^ byte]
    return rest.to_bytes(layout.correction_bytes)


def _penalty(side: int) -> Callable[[int], int]:
    """Return the function that counts a symbol's penalty points (§7.8.3.1)."""
    full = (1 << side * side) - 1

    def columns_from(first: int) -> int:
        return int(("0" * first + "1" * (side - first)) * side, 2)

    # A step right or down is a shift; what came from another row is cut off.
    not_first, from_tenth = columns_from(1), columns_from(10)
    rows_not_first = full >> side

    def along(dark: int, equal: int, step: int, windows: int) -> int:
        pairs = equal & equal >> step
        runs = pairs & pairs >> 2 * step
        points = runs.bit_count() + 2 * (runs & ~(runs >> step)).bit_count()
        light = dark ^ full
        finder = dark & light >> step & dark >> 2 * step & dark >> 3 * step
        finder &= dark >> 4 * step & light >> 5 * step & dark >> 6 * step
        light_pairs = light & light >> step
        quiet = light_pairs & light_pairs >> 2 * step
        before, after = finder & quiet >> 7 * step, quiet & finder >> 4 * step
        return points + 40 * ((before & windows).bit_count() + (after & windows).bit_count())

    def penalty(symbol: int) -> int:
        across = (symbol ^ symbol >> 1 ^ full) & not_first
        down = (symbol ^ symbol >> side ^ full) & rows_not_first
        blocks = (across & across >> side & down).bit_count()
        points = along(symbol, across, 1, from_tenth) + along(symbol, down, side, full)
        off_balance = abs(symbol.bit_count() * 100 / (side * side) - 50)
        return points + 3 * blocks + 10 * int(off_balance / 5)

    return penalty
