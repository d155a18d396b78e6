"""The rosette: layers of one lobe turned round a centre (a hypotrochoid family).

``r(t) = middle + amplitude (cos(p t / q) + second cos(2 p t / q + phase))`` closes
after ``q`` turns and consists of ``p`` equal lobes. One lobe is written and then
turned, which takes a twentieth of the bytes of the whole curve.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

from issuer.rendering.artifacts import Artwork
from issuer.rendering.security.curves import Path, Point, number_text, numbers, trace
from issuer.rendering.security.draws import Draws
from issuer.rendering.security.xobjects import DASH, form

RADIUS = 36.0
"""In points: 12.7 mm, what is free beside the lines of a letterhead."""

LINE_WIDTH = 0.10
"""Hairlines in full black: a tint or a colour is screened by the printer and breaks up."""

HAIRLINE = f"0 G {LINE_WIDTH:g} w [{DASH:g} {DASH:g}] 0 d"
"""Operators that set how the lines of rosette and border are drawn."""

_LOBES = (29, 31, 37, 41, 43, 47, 53, 59, 61)
_TURNS = (5, 6, 7, 8, 9, 11, 13)
_RADIANS_AN_ARC = 0.16
_FEWEST_ARCS = 6

# Inner and outer radius of each layer as parts of the whole; they overlap.
_BANDS = ((0.08, 0.42), (0.30, 0.66), (0.52, 0.86), (0.74, 1.0))


@dataclass(frozen=True, slots=True)
class Layer:
    """One closed curve: a lobe, how often it is there, and the turn from one to the next."""

    lobe: Path
    lobes: int
    turn: float


def rosette_layers(digest: bytes, radius: float = RADIUS) -> tuple[Layer, ...]:
    """Return the layers of a letter's rosette; ``radius`` in points."""
    draws = Draws(digest, "rosette")
    return tuple(_layer(draws, inner * radius, outer * radius) for inner, outer in _BANDS)


def corner_layer(draws: Draws, radius: float) -> Layer:
    """Return the small star in the corners of the border."""
    lobes, turns = draws.one_of((11, 13, 17, 19)), draws.one_of((3, 4, 5))
    return _curve(lobes, turns, 0.16 * radius, radius, draws.between(0, 0.3), draws.below(16))


def rosette_operators(layers: tuple[Layer, ...], x: float, y: float) -> str:
    """Return the PDF operators of the layers round a centre, in points."""
    return _turned(layers, [f"{layer.lobe.pdf()} S" for layer in layers], x, y)


def rosette_artwork(digest: bytes, x: float, y: float) -> Artwork:
    """Return the rosette of a record's digest, the lobe of each layer as a form."""
    layers = rosette_layers(digest)
    lobes = {
        f"SpLobe{number}": form(f"{layer.lobe.pdf()} S", 0, 0, bleed=RADIUS + 1)
        for number, layer in enumerate(layers)
    }
    return Artwork(_turned(layers, [f"/{name} Do" for name in lobes], x, y), lobes)


def _turned(layers: tuple[Layer, ...], lobes: list[str], x: float, y: float) -> str:
    """Return the operators that draw every lobe as often as it is there, turned."""
    parts = [f"q 1 0 0 1 {numbers(x, y)} cm", HAIRLINE]
    for layer, lobe in zip(layers, lobes, strict=True):
        cosine = number_text(math.cos(layer.turn), 6)
        sine = number_text(math.sin(layer.turn), 6)
        turn = f"{cosine} {sine} {number_text(-math.sin(layer.turn), 6)} {cosine} 0 0 cm"
        parts += ("q", *[f"{lobe} {turn}"] * layer.lobes, "Q")
    return "\n".join((*parts, "Q"))


def rosette_svg(digest: bytes) -> str:
    """Return the rosette as an SVG document of a few kilobytes, without style or script.

    The numbers are those of the page. Each layer is doubled and doubled again by
    references instead of being written out.
    """
    side = number_text(2 * RADIUS + 2)
    low = number_text(-RADIUS - 1)
    parts = [
        '<svg xmlns="http://www.w3.org/2000/svg" width="176" height="176"'
        f' viewBox="{low} {low} {side} {side}">',
        '<g fill="none" stroke="#000" stroke-width=".16" transform="scale(1 -1)">',
    ]
    for number, layer in enumerate(rosette_layers(digest)):
        parts += _doubled(layer, f"r{number}")
    return "".join((*parts, "</g></svg>"))


def _doubled(layer: Layer, name: str) -> Iterator[str]:
    """Yield a layer: groups of 1, 2, 4, … lobes to refer to, then those that make it up."""
    degrees = math.degrees(layer.turn)

    def use(power: int, before: int) -> str:
        turn = number_text(before * degrees % 360, 3)
        return f'<use href="#{name}{power}" transform="rotate({turn})"/>'

    powers = range(layer.lobes.bit_length())
    yield f'<defs><path id="{name}0" d="{layer.lobe.svg()}"/>'
    for power in powers[1:]:
        half = 1 << power - 1
        yield f'<g id="{name}{power}">{use(power - 1, 0)}{use(power - 1, half)}</g>'
    yield "</defs>"
    for power in powers:
        if layer.lobes >> power & 1:
            # The bits below this one have been drawn.
            yield use(power, layer.lobes & (1 << power) - 1)


def _layer(draws: Draws, inner: float, outer: float) -> Layer:
    return _curve(
        draws.one_of(_LOBES),
        draws.one_of(_TURNS),
        inner,
        outer,
        draws.between(0.05, 0.45),
        draws.below(16),
    )


def _curve(
    lobes: int, turns: int, inner: float, outer: float, second: float, phase_step: int
) -> Layer:
    ratio, phase = lobes / turns, phase_step * math.pi / 8
    middle, amplitude = (inner + outer) / 2, (outer - inner) / 2 / (1 + second)

    def curve(t: float) -> tuple[Point, Point]:
        first, double = ratio * t, 2 * ratio * t + phase
        radius = middle + amplitude * (math.cos(first) + second * math.cos(double))
        slope = -amplitude * ratio * (math.sin(first) + 2 * second * math.sin(double))
        cosine, sine = math.cos(t), math.sin(t)
        return (radius * cosine, radius * sine), (
            slope * cosine - radius * sine,
            slope * sine + radius * cosine,
        )

    span = 2 * math.pi / ratio
    arcs = max(_FEWEST_ARCS, math.ceil(span / _RADIANS_AN_ARC))
    return Layer(trace(curve, 0, span, arcs), lobes, span)
