"""Work that goes on after the answer to a request: threads of this process, not many."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable

from issuer.domain.errors import DependencyUnavailable

AT_MOST = 8
_log = logging.getLogger("issuer.jobs")


class Threads:
    """A ``Background``. They are daemons: what must not be lost is in the database."""

    def __init__(self, at_most: int = AT_MOST) -> None:
        self._at_most = at_most
        self._lock = threading.Lock()
        self._running: set[threading.Thread] = set()

    def start(self, work: Callable[[], None]) -> None:
        """Begin the work. Raises ``DependencyUnavailable`` when there is too much already."""
        thread = threading.Thread(target=self._run, args=(work,), daemon=True)
        with self._lock:
            if len(self._running) >= self._at_most:
                raise DependencyUnavailable("background work")
            self._running.add(thread)
        thread.start()

    def finish(self) -> None:
        """Wait until all work that was begun is done."""
        while True:
            with self._lock:
                running = set(self._running)
            if not running:
                return
            for thread in running:
                thread.join()

    def _run(self, work: Callable[[], None]) -> None:
        try:
            work()
        except Exception as error:
            # Nobody is above, and the message may be personal.
            _log.error("background work failed: %s", type(error).__name__)
        finally:
            with self._lock:
                self._running.discard(threading.current_thread())
