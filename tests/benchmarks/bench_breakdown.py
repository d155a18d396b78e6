"""Where the time of one letter goes: CPU milliseconds by the step of the cycle."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Final

from issuer.rendering.decoding import ZxingDecoder
from issuer.rendering.letter import PdfRenderer
from issuer.signing.credential import CoseCredentialReader, CoseCredentialSealer
from issuer.signing.pades import PadesSigner
from issuer.signing.validation import PadesValidator
from issuer.storage.files import ObjectFileStore

STEPS: Final[dict[str, tuple[tuple[type, str], ...]]] = {
    "render": ((PdfRenderer, "render"),),
    "lint": (
        (ZxingDecoder, "decode_modules"),
        (CoseCredentialReader, "read"),
        (PadesSigner, "prepare"),
    ),
    "sign": (
        (PadesSigner, "check"),
        (CoseCredentialSealer, "seal"),
        (PadesSigner, "sign"),
    ),
    "verify": ((PadesValidator, "validate"),),
    "store": ((ObjectFileStore, "put"),),
}
"""The calls that make up a step. What is left is the register: three transactions."""


def breakdown(
    issue: Callable[[], object], open_request: Callable[[], object], rounds: int
) -> dict[str, float]:
    """Return the median of each step of ``issue``, and of the intake before it."""
    samples: dict[str, list[float]] = {"intake": [], **{step: [] for step in STEPS}, "register": []}
    spent: dict[str, float] = {}
    with _timed(spent):
        for _ in range(rounds):
            samples["intake"].append(_cpu(open_request))
            spent.update(dict.fromkeys(STEPS, 0.0))
            whole = _cpu(issue)
            for step, seconds in spent.items():
                samples[step].append(seconds)
            samples["register"].append(whole - sum(spent.values()))
    return {step: statistics.median(times) * 1000 for step, times in samples.items()}


def _cpu(call: Callable[[], object]) -> float:
    started = time.process_time()
    call()
    return time.process_time() - started


@contextmanager
def _timed(spent: dict[str, float]) -> Iterator[None]:
    """Add what every call of a step takes to ``spent``, until the end."""
    originals = [
        (owner, name, owner.__dict__[name]) for calls in STEPS.values() for owner, name in calls
    ]
    for step, calls in STEPS.items():
        for owner, name in calls:
            setattr(owner, name, _stopwatch(owner.__dict__[name], step, spent))
    try:
        yield
    finally:
        for owner, name, original in originals:
            setattr(owner, name, original)


def _stopwatch(
    method: Callable[..., Any], step: str, spent: dict[str, float]
) -> Callable[..., Any]:
    def timed(*arguments: Any, **named: Any) -> Any:
        started = time.process_time()
        try:
            return method(*arguments, **named)
        finally:
            spent[step] = spent.get(step, 0.0) + time.process_time() - started

    return timed
