"""The audit trail as whoever oversees the office reads it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from issuer.domain.access import Actor, Permission, Subject, require
from issuer.domain.audit import AuditEntry
from issuer.domain.ports import Register

PAGE = 50
MAX_SUBJECT = 80


@dataclass(frozen=True, slots=True)
class TrailPage:
    """Some entries, the newest first, and the names of the accounts in them by id.

    ``older`` is the position before which the next page begins, None on the last.
    """

    entries: Sequence[AuditEntry]
    names: Mapping[str, str]
    older: int | None


class Trail:
    """Reads the audit trail."""

    def __init__(self, *, register: Register) -> None:
        self._register = register

    def page(
        self, actor: Actor, before: int | None = None, subject: str | None = None
    ) -> TrailPage:
        """Return a page of it. Raises ``NotPermitted``."""
        require(actor, Permission.READ_AUDIT, Subject())
        with self._register.reading() as uow:
            found = list(
                uow.audit.before(
                    before, PAGE + 1, subject=subject[:MAX_SUBJECT] if subject else None
                )
            )
            names = {account.id: account.username for account in uow.accounts.list()}
        entries = found[:PAGE]
        named = {one for entry in entries for one in (entry.event.actor_id, entry.event.subject)}
        return TrailPage(
            entries,
            {one: names[one] for one in named if one in names},
            entries[-1].position if len(found) > PAGE else None,
        )
