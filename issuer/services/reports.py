"""Reports that a letter may be forged: taken from anybody, read and closed by the office."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from issuer.domain.access import Actor, Permission, Subject, require
from issuer.domain.audit import AuditEvent
from issuer.domain.codes import new_code, read_code
from issuer.domain.errors import InvalidInput, NotFound, Problem
from issuer.domain.forgery_report import (
    MAX_CONTACT,
    MAX_DETAIL,
    MAX_OUTCOME,
    Finding,
    ForgeryReport,
    Outcome,
)
from issuer.domain.limits import Asker, Rule
from issuer.domain.numbers import MAX_NUMBER
from issuer.domain.ports import Clock, Random, Register
from issuer.domain.text import TextRefused, plain_text
from issuer.services.disclosure import ANYONE
from issuer.services.limits import Limits

_LIMITS = {"number": MAX_NUMBER, "detail": MAX_DETAIL, "contact": MAX_CONTACT}


class Reports:
    """Takes reports in and sees them closed; nothing about a letter is told to the reporter."""

    def __init__(self, *, register: Register, limits: Limits, clock: Clock, random: Random) -> None:
        self._register = register
        self._limits = limits
        self._clock = clock
        self._random = random

    def receive(self, typed: Mapping[str, str], asker: Asker) -> ForgeryReport:
        """Store a report and return it with its reference.

        ``typed`` has ``finding``, ``number``, ``detail`` and ``contact``; only the first
        is always required, the detail where the finding is "other". Raises
        ``InvalidInput`` with every problem, then ``TooManyAttempts``.
        """
        problems: list[Problem] = []
        texts = {name: _text(name, typed.get(name, ""), problems) for name in _LIMITS}
        finding = typed.get("finding", "")
        if finding not in set(Finding):
            problems.append(Problem("finding", "required"))
        elif finding == Finding.OTHER and not typed.get("detail", "").strip():
            problems.append(Problem("detail", "required"))
        if problems:
            raise InvalidInput(problems)
        self._limits.hit(Rule.REPORT_PER_ADDRESS, asker.network)
        now = self._clock.now()
        report = ForgeryReport(
            reference=new_code(self._random.below),
            received_at_utc=now,
            finding=Finding(finding),
            number=texts["number"],
            detail=texts["detail"],
            contact=texts["contact"],
        )
        with self._register.writing() as uow:
            uow.reports.add(report)
            facts = {"finding": report.finding.value}
            uow.audit.append(AuditEvent(now, ANYONE, "report.received", report.reference, facts))
            uow.commit()
        return report

    def listed(self, actor: Actor, *, open_only: bool = True) -> Iterator[ForgeryReport]:
        """Yield reports, the oldest first. Raises ``NotPermitted``."""
        require(actor, Permission.READ_REPORTS, Subject())
        with self._register.reading() as uow:
            yield from uow.reports.list(open_only=open_only)

    def one(self, actor: Actor, reference: str) -> ForgeryReport:
        """Return a report. Raises ``NotPermitted`` or ``NotFound``."""
        require(actor, Permission.READ_REPORTS, Subject())
        with self._register.reading() as uow:
            return uow.reports.get(_read(reference))

    def close(self, actor: Actor, reference: str, outcome: str) -> ForgeryReport:
        """Close a report with what came of it.

        Raises ``NotPermitted``, ``InvalidInput``, ``NotFound``, and ``StaleVersion``
        when it is closed already.
        """
        require(actor, Permission.CLOSE_REPORT, Subject())
        try:
            text = plain_text(outcome, MAX_OUTCOME)
        except TextRefused as refused:
            raise InvalidInput([Problem("outcome", refused.code, refused.facts)]) from refused
        now = self._clock.now()
        with self._register.writing() as uow:
            report = uow.reports.get(_read(reference))
            closed = replace(report, outcome=Outcome(text, actor.id, now))
            uow.reports.close(closed)
            uow.audit.append(AuditEvent(now, actor.id, "report.closed", report.reference, {}))
            uow.commit()
        return closed


def _text(name: str, typed: str, problems: list[Problem]) -> str:
    """Return an optional text; what is wrong with it goes to ``problems``."""
    if not typed.strip():
        return ""
    try:
        return plain_text(typed, _LIMITS[name])
    except TextRefused as refused:
        problems.append(Problem(name, refused.code, refused.facts))
        return ""


def _read(reference: str) -> str:
    code = read_code(reference)
    if code is None:
        raise NotFound("report", "")
    return code
