"""Measures one thing against another in the same run."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass

_SHORTEST_SAMPLE_S = 0.005


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table, in ``unit``; ``baseline`` is None for a figure by itself.

    ``first`` and ``goal`` are what to stay under, as DESIGN §9 sets them: ratios to
    the baseline, or the figure where there is none; with ``at_least``, what to reach.
    """

    name: str
    what: str
    against: str | None
    unit: str
    measured: float
    baseline: float | None
    first: float
    goal: float
    at_least: bool = False

    @property
    def figure(self) -> float:
        """What is held against ``first`` and ``goal``."""
        return self.measured if self.baseline is None else self.measured / self.baseline

    @property
    def reaches_first(self) -> bool:
        return self._reaches(self.first)

    @property
    def reaches_goal(self) -> bool:
        return self._reaches(self.goal)

    def _reaches(self, target: float) -> bool:
        return self.figure >= target if self.at_least else self.figure <= target


def medians(
    measured: Callable[[], object], baseline: Callable[[], object], rounds: int
) -> tuple[float, float]:
    """Return the median CPU milliseconds of one call of each.

    The two take turns, so that what else this machine does falls on both alike. A
    short call is repeated within a sample until the clock can see it.
    """
    calls = [_repeated(measured), _repeated(baseline)]
    samples: list[list[float]] = [[], []]
    for _ in range(rounds):
        for call, times in zip(calls, samples, strict=True):
            times.append(call())
    first, second = (statistics.median(times) * 1000 for times in samples)
    return first, second


def _repeated(call: Callable[[], object]) -> Callable[[], float]:
    call()  # what is done once a process is not measured
    started = time.process_time()
    call()
    times = max(1, round(_SHORTEST_SAMPLE_S / max(time.process_time() - started, 1e-6)))

    def sample() -> float:
        started = time.process_time()
        for _ in range(times):
            call()
        return (time.process_time() - started) / times

    return sample
