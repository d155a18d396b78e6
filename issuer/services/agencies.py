"""Agencies: what may be changed of one once it is in the register."""

from __future__ import annotations

from dataclasses import replace

from issuer.domain.access import Actor, Permission, Subject, require
from issuer.domain.audit import AuditEvent
from issuer.domain.office import Agency
from issuer.domain.ports import Clock, Register
from issuer.domain.presentation import Paper, SecurityPrinting


class Agencies:
    """Sets an agency's policy."""

    def __init__(self, *, register: Register, clock: Clock) -> None:
        self._register = register
        self._clock = clock

    def set_printing(
        self,
        actor: Actor,
        code: str,
        *,
        paper: Paper | None = None,
        security: SecurityPrinting | None = None,
    ) -> Agency:
        """Set the sheet or the security printing of letters from now on; None keeps it.

        Raises ``NotFound`` or ``NotPermitted``.
        """
        require(actor, Permission.SET_AGENCY, Subject(code))
        with self._register.writing() as uow:
            found = uow.agencies.get(code)
            agency = replace(found, paper=paper or found.paper, security=security or found.security)
            uow.agencies.set_printing(agency)
            facts = {"paper": agency.paper.value, "security": agency.security.value}
            now = self._clock.now()
            uow.audit.append(AuditEvent(now, actor.id, "agency.printing_set", code, facts))
            uow.commit()
        return agency
