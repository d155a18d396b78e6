"""Erasing: what the office need not keep of a person goes, on that person's request.

All rows go in one transaction, so that a crash leaves everything or nothing. Files go after
it: one that is left has lost its key with its row, so that nobody reads it, and the sweep
of documents removes it.
"""

from __future__ import annotations

import hmac
from collections.abc import Collection, Sequence

from issuer.domain.access import Actor, Permission, Subject, require
from issuer.domain.application_ports import SealedFiles
from issuer.domain.audit import AuditEvent
from issuer.domain.erasure import (
    ENDED_WITHOUT_LETTER,
    LED_TO_LETTER,
    Erasure,
    Goes,
    OpenRequest,
    Stays,
)
from issuer.domain.errors import DependencyUnavailable, InvalidInput, Problem
from issuer.domain.letter_request import LetterRequest
from issuer.domain.limits import Rule
from issuer.domain.people import Nik
from issuer.domain.ports import Clock, Register, UnitOfWork
from issuer.services.accounts import Accounts
from issuer.services.citizens import empty_account
from issuer.services.limits import Limits

_INDEXED_AT_ONCE = 500
_MOST_REQUESTS = 10_000
"""More than anybody has asked for, and fewer than a statement of SQLite takes."""


class Erasing:
    """Counts what would go and what stays of a person, and erases it."""

    def __init__(
        self,
        *,
        register: Register,
        accounts: Accounts,
        documents: SealedFiles,
        limits: Limits,
        clock: Clock,
    ) -> None:
        self._register = register
        self._accounts = accounts
        self._documents = documents
        self._limits = limits
        self._clock = clock

    def plan(self, actor: Actor, nik: Nik) -> Erasure:
        """Return what would go and what stays; that it was asked is recorded.

        Raises ``NotPermitted`` and ``TooManyAttempts``.
        """
        drafts = self._prepared(actor, nik)
        with self._register.writing() as uow:
            # The erasing itself, undone: so no count is ever another.
            planned, _ = self._erased(uow, actor, nik, drafts, "")
        with self._register.writing() as uow:
            self._record(uow, actor, "personal_data.counted", planned)
            uow.commit()
        return planned

    def is_person(self, nik: Nik, person: str) -> bool:
        """Say whether this NIK is whom ``Erasure.person`` names."""
        with self._register.reading() as uow:
            return hmac.compare_digest(uow.requests.pseudonym(nik), person)

    def erase(self, actor: Actor, nik: Nik) -> Erasure:
        """Erase, and return what went and what stays. Again, it finishes or finds nothing.

        Raises ``InvalidInput`` about ``nik`` while a request is open, ``NotPermitted``,
        ``TooManyAttempts``.
        """
        drafts, no_password = self._prepared(actor, nik), self._accounts.no_password()
        with self._register.writing() as uow:
            erased, files = self._erased(uow, actor, nik, drafts, no_password)
            if erased.open:
                count = len(erased.open)
                raise InvalidInput([Problem("nik", "requests_open", {"count": count})])
            if erased.any:
                self._record(uow, actor, "personal_data.erased", erased)
                uow.commit()
        try:
            for name in files:
                self._documents.remove(name)
        except DependencyUnavailable:
            pass  # nobody has its key any more, and the sweep of documents removes it
        return erased

    def _prepared(self, actor: Actor, nik: Nik) -> Sequence[str]:
        """Return the drafts about a person, opened before any lock is held."""
        require(actor, Permission.ERASE_PERSONAL_DATA, Subject())
        self._limits.hit(Rule.RESIDENTS_PER_ACCOUNT, actor.id)
        older = _INDEXED_AT_ONCE
        while older == _INDEXED_AT_ONCE:
            with self._register.writing() as uow:
                older = uow.requests.index_holders(_INDEXED_AT_ONCE)
                uow.commit()
        with self._register.reading() as uow:
            return [draft.id for draft in uow.applications.drafts() if draft.is_about(nik)]

    def _erased(
        self, uow: UnitOfWork, actor: Actor, nik: Nik, drafts: Sequence[str], no_password: str
    ) -> tuple[Erasure, Sequence[str]]:
        """Erase within the caller's transaction; return what, and the files to remove."""
        found = uow.requests.of_holder(nik, _MOST_REQUESTS)
        empty = [one for one in found if one.state in ENDED_WITHOUT_LETTER]
        kept = [one for one in found if one.state in LED_TO_LETTER]
        ended = [one.id for one in (*empty, *kept)]
        letters = [letter for one in kept if (letter := uow.letters.by_request(one.id))]
        still_drafts = uow.applications.there(drafts, drafts=True)
        sent = uow.applications.there(ended, drafts=False)
        # Of every ended request: documents of the counter have no application.
        files = uow.applications.remove([*still_drafts, *ended])
        goes = {
            Goes.RESIDENT: self._resident(uow, nik),
            Goes.ACCOUNT: self._account(uow, actor, nik, no_password),
            Goes.CODE: self._code(uow, nik),
            Goes.DRAFT: len(still_drafts),
            Goes.APPLICATION: len(sent),
            Goes.DOCUMENT: len(files),
            Goes.CONTACT: uow.contacts.remove(ended),
            Goes.MESSAGE: uow.messages.remove(ended),
            Goes.REQUEST: self._emptied(uow, actor, empty),
        }
        erasure = Erasure(
            person=uow.requests.pseudonym(nik),
            nik=nik.masked,
            goes=goes,
            stays={Stays.LETTER: len(letters), Stays.REQUEST: len(kept)},
            open=[
                OpenRequest(one.id, one.agency_code, one.state)
                for one in found
                if one.state not in ENDED_WITHOUT_LETTER | LED_TO_LETTER
            ],
        )
        return erasure, files

    def _resident(self, uow: UnitOfWork, nik: Nik) -> int:
        resident = uow.residents.by_nik(nik)
        if resident is not None:
            uow.residents.remove([resident.id])
        return int(resident is not None)

    def _account(self, uow: UnitOfWork, actor: Actor, nik: Nik, no_password: str) -> int:
        citizen = uow.citizens.by_nik(nik)
        if citizen is not None:
            account = uow.accounts.get(citizen.account_id)
            empty_account(uow, account, no_password, actor, self._clock.now())
        return int(citizen is not None)

    def _code(self, uow: UnitOfWork, nik: Nik) -> int:
        given = uow.citizens.code_of(nik)
        return int(given is not None and uow.citizens.take_code(given.id))

    def _emptied(self, uow: UnitOfWork, actor: Actor, requests: Collection[LetterRequest]) -> int:
        now = self._clock.now()
        for request in requests:
            uow.requests.erase(request)
            uow.cases.erase_notes(request.id)
            uow.audit.append(AuditEvent(now, actor.id, "request.erased", request.id, {}))
        return len(requests)

    def _record(self, uow: UnitOfWork, actor: Actor, action: str, what: Erasure) -> None:
        counts = {kind.value: count for kind, count in what.goes.items()}
        stays = {f"{kind}_kept": count for kind, count in what.stays.items()}
        facts = {**counts, **stays, "requests_open": len(what.open)}
        uow.audit.append(AuditEvent(self._clock.now(), actor.id, action, what.person, facts))
