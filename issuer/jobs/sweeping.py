"""The loop of a worker: what is due is done, again and again, until it is told to stop.

The rows in the database are the queue: they hold when, how often and by whom, and a
sweep that is missed is made up for by the next. Nothing is kept in memory.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Sequence
from threading import Event, Thread

from issuer.domain.errors import IssuerError

SECONDS = 5.0
_log = logging.getLogger("issuer.jobs")


def start_sweeping(stop: Event, sweeps: Iterable[Callable[[], int]]) -> Sequence[Thread]:
    """Start each sweep in a thread of its own, so that none waits for another's server."""
    threads = [Thread(target=sweep_until, args=(stop, sweep), daemon=True) for sweep in sweeps]
    for thread in threads:
        thread.start()
    return threads


def sweep_until(stop: Event, sweep: Callable[[], int], seconds: float = SECONDS) -> None:
    """Sweep every so many seconds until ``stop`` is set; the present try is finished."""
    while not stop.is_set():
        try:
            sweep()
        except IssuerError as error:
            # The database is away, or a row is damaged: what is due stays due.
            _log.warning("sweep: %s", error.code)
        stop.wait(seconds)
