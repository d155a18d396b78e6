"""Files of supporting documents and the rows that name them, held against each other.

A file is written before its row and removed after it, so that a crash leaves a file without
a row and never a row without its file. Such a file has no key, nobody reads it, and a sweep
removes it. None is removed that is younger than a day: its row may be on the way.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import islice

from issuer.domain.application_ports import SealedFiles
from issuer.domain.audit import AuditEvent
from issuer.domain.ports import Clock, Register
from issuer.services.clock_witness import may_erase

IN_FLIGHT = timedelta(days=1)
SWEPT_WITHIN = timedelta(days=3)
"""What is older and still there says that nobody sweeps, or that the sweep refuses to."""

EVERY = timedelta(days=1)
AGAIN_IN = timedelta(hours=1)
"""When the clock was not believed."""

FEW = 20
_AT_ONCE = 500
_ACTOR = "retention"
_log = logging.getLogger("issuer.retention")


class DocumentFiles:
    """Removes files that no row names, and finds rows whose file is missing."""

    def __init__(self, *, register: Register, files: SealedFiles, clock: Clock) -> None:
        self._register = register
        self._files = files
        self._clock = clock
        self._rests: tuple[datetime, datetime] | None = None

    def sweep(self) -> int:
        """Remove files without a row and return how many; at most once a day in a process.

        None while the audit trail does not bear the clock out, and none when most of many
        files have no row: then this is another database's folder, or a database that was
        brought back from an old copy. Raises ``DependencyUnavailable``.
        """
        now = self._clock.now()
        # From and until: a clock that is put right goes back to before both.
        if self._rests is not None and self._rests[0] <= now < self._rests[1]:
            return 0
        with self._register.reading() as uow:
            if not may_erase(uow, now):
                self._rests = now, now + AGAIN_IN
                return 0
        left, named = self._left(now - IN_FLIGHT)
        if len(left) > max(named, FEW):
            _log.warning(
                "of %d documents %d have no row: none is removed", len(left) + named, len(left)
            )
            left = []
        if left:
            with self._register.writing() as uow:
                facts = {"count": len(left)}
                uow.audit.append(AuditEvent(now, _ACTOR, "documents.removed", "files", facts))
                uow.commit()
        for name in left:
            self._files.remove(name)
        self._rests = now, now + EVERY
        return len(left)

    def faults(self) -> Iterator[tuple[str, str]]:
        """Yield the id of every document whose file is missing, and how many files are left.

        Raises ``DependencyUnavailable``.
        """
        with self._register.reading() as uow:
            missing = {
                name: document_id
                for document_id, name in uow.applications.files()
                if not self._files.has(name)
            }
        with self._register.reading() as uow:
            # Some may have been removed with their row meanwhile.
            for name in sorted(uow.applications.named(missing)):
                yield missing[name], "document_missing"
        left, _ = self._left(self._clock.now() - SWEPT_WITHIN)
        if left:
            yield f"{len(left)} files", "documents_without_row"

    def _left(self, before: datetime) -> tuple[list[str], int]:
        """Return the older files that no row names, and how many are named."""
        left, named = [], 0
        stored = self._files.names_before(before)
        while some := list(islice(stored, _AT_ONCE)):
            with self._register.reading() as uow:
                there = uow.applications.named(some)
            named += len(there)
            left += [name for name in some if name not in there]
        return left, named
