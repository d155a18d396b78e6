"""Fine lines under the data, like laid paper: what is erased or pasted over breaks them.

The distances between the lines are uneven and drawn from the digest, so that lines
from another letter do not continue them.
"""

from __future__ import annotations

import math

from issuer.rendering.artifacts import Artwork, Rectangle, XObject
from issuer.rendering.security.curves import Path, Point, numbers, trace
from issuer.rendering.security.draws import Draws
from issuer.rendering.security.forms import form

_MM = 72 / 25.4
LINE_WIDTH = 0.12
_PITCHES = (0.85 * _MM, 1.00 * _MM, 1.15 * _MM)
_AMPLITUDE = 0.30 * _MM
WAVELENGTH = 26 * _MM
_PHASES = 16
_ARCS_A_WAVE = 4


def fine_lines(digest: bytes, page: int, area: Rectangle, line_length: float) -> Artwork:
    """Return the lines of one page, clipped to ``area``, which is at most ``line_length`` wide.

    The length is the same on every page of a letter: its pages share one line.
    """
    left, bottom, right, top = area
    draws = Draws(digest, f"lines/{page}")
    operators = [
        f"q {numbers(left, bottom, right - left, top - bottom)} re W n 0 G {LINE_WIDTH} w",
        f"1 0 0 1 {numbers(left, top)} cm",
    ]
    height, phase = top, 0
    while height > bottom:
        pitch = draws.one_of(_PITCHES)
        shift, phase = phase, draws.below(_PHASES)
        aside = (shift - phase) * WAVELENGTH / _PHASES
        operators.append(f"1 0 0 1 {numbers(aside, -pitch)} cm /SpLine Do")
        height -= pitch
    return Artwork("\n".join((*operators, "Q")), {"SpLine": _line(line_length)})


def _line(length: float) -> XObject:
    """Return one wave a wavelength longer than what is seen of it."""
    waves = math.ceil(length / WAVELENGTH) + 1
    path = wave(waves)
    return form(f"{path.pdf()} S", waves * WAVELENGTH, _AMPLITUDE)


def wave(waves: int) -> Path:
    """Return a wave of that many wavelengths from 0, 0."""
    rate = 2 * math.pi / WAVELENGTH

    def curve(x: float) -> tuple[Point, Point]:
        rise, slope = math.sin(rate * x), rate * math.cos(rate * x)
        return (x, _AMPLITUDE * rise), (1, _AMPLITUDE * slope)

    return trace(curve, 0, waves * WAVELENGTH, waves * _ARCS_A_WAVE)
