"""Applications from home: saved from the first answer, sent, followed, corrected, cancelled.

What opens an application is a code and the holder's date of birth; the device that has it
open shows a token. Whoever only has the code is told the kind of letter and where it stands.
"""

from __future__ import annotations

import hmac
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from issuer.domain.access import Actor
from issuer.domain.application import (
    DRAFT_LIVES,
    HELD_AFTERWARDS,
    HELD_WHILE_DRAFTING,
    KEPT_AFTERWARDS,
    MAX_ENTRIES,
    MAX_ENTRY,
    ORIGIN_HOME,
    Application,
)
from issuer.domain.application_ports import SealedFiles
from issuer.domain.audit import AuditEvent
from issuer.domain.casework import WAITS_FOR_OFFICE, RequestStep
from issuer.domain.codes import new_code, read_code
from issuer.domain.errors import InvalidInput, NotFound, Problem, StaleVersion
from issuer.domain.letter import HANDED_OUT, Letter, LetterState
from issuer.domain.letter_request import LetterRequest, RequestAction, RequestState
from issuer.domain.letter_types import Channel, LetterType
from issuer.domain.limits import Asker, Rule
from issuer.domain.ports import Clock, LetterCatalogue, Random, Register, UnitOfWork
from issuer.services.casework import SWEEPER, Casework
from issuer.services.clock_witness import may_erase
from issuer.services.intake import LetterOrder
from issuer.services.limits import Limits
from issuer.services.messages import Messages
from issuer.services.moving import open_request

_A_SWEEP = 500
_TOKEN_BYTES = 32


@dataclass(frozen=True, slots=True, repr=False)
class Opened:
    """An application that a device has just opened, and what it shows from now on."""

    application: Application
    code: str
    token: str


@dataclass(frozen=True, slots=True, repr=False)
class Whereabouts:
    """Where an application stands; nothing here is about a person.

    ``state`` is DRAFT while it is still written; ``promised_by_utc`` is when the service
    promises to be done, None when the office is not the one who has to act.
    """

    letter_type: LetterType
    state: RequestState
    since_utc: datetime
    promised_by_utc: datetime | None
    letter_state: LetterState | None


@dataclass(frozen=True, slots=True, repr=False)
class OwnRequest:
    """What the applicant sees of his request: its steps with the reasons given, its letter."""

    request: LetterRequest
    steps: Sequence[RequestStep]
    letter: Letter | None


class Applications:
    """Keeps what residents write at home, and makes requests of it."""

    def __init__(
        self,
        *,
        register: Register,
        catalogue: LetterCatalogue,
        casework: Casework,
        documents: SealedFiles,
        limits: Limits,
        messages: Messages,
        clock: Clock,
        random: Random,
    ) -> None:
        self._register = register
        self._catalogue = catalogue
        self._casework = casework
        self._documents = documents
        self._limits = limits
        self._messages = messages
        self._clock = clock
        self._random = random

    # --- writing --------------------------------------------------------------------

    def begin(
        self, slug: str, typed: Mapping[str, str], asker: Asker, born: date | None = None
    ) -> Opened:
        """Store a new draft and return it with its code and token.

        ``born`` goes with what is known of a person already: it is asked from the start.
        Raises ``NotFound`` for a type that may not be asked for from home, and
        ``TooManyAttempts``.
        """
        if self._catalogue.get(slug).channel is not Channel.FROM_HOME:
            raise NotFound("letter type", slug)
        self._limits.hit(Rule.DRAFT_PER_ADDRESS, asker.network)
        now = self._clock.now()
        draft = Application(
            id=self._random.token_bytes(16).hex(),
            letter_type=slug,
            typed=_bounded(typed),
            born=born,
            created_at_utc=now,
            saved_at_utc=now,
        )
        code, token = new_code(self._random.below), self._new_token()
        with self._register.writing() as uow:
            uow.applications.add(draft, code, token, now + HELD_WHILE_DRAFTING)
            uow.commit()
        return Opened(draft, code, token)

    def held_by(self, token: str) -> Application:
        """Return what this token has open. Raises ``NotFound``."""
        with self._register.reading() as uow:
            return held_by_token(uow, token, self._clock.now())

    def save(
        self, token: str, typed: Mapping[str, str], born: date | None, forget: str = ""
    ) -> Application:
        """Add answers to what is there; two windows at once each keep theirs.

        Boxes whose name begins with ``forget`` are emptied before. Raises ``NotFound``,
        and ``InvalidInput`` once it was sent and not returned.
        """
        now = self._clock.now()
        with self._register.writing() as uow:
            mine = held_by_token(uow, token, self._clock.now())
            must_be_open(uow, mine)
            kept = {
                name: text
                for name, text in mine.typed.items()
                if not (forget and name.startswith(forget))
            }
            saved = replace(
                mine,
                typed=_bounded({**kept, **typed}),
                born=born or mine.born,
                saved_at_utc=now,
            )
            uow.applications.save(saved)
            uow.applications.keep_holding(mine.id, now + HELD_WHILE_DRAFTING)
            uow.commit()
        return saved

    def submit(self, token: str, order: LetterOrder) -> LetterRequest:
        """Send the application, or send again what was returned.

        The same form sent twice is one request. Raises ``NotFound``, ``StaleVersion``.
        """
        now = self._clock.now()
        with self._register.writing() as uow:
            mine = held_by_token(uow, token, self._clock.now())
            request = uow.requests.find(mine.request_id) if mine.request_id else None
            if request is None:
                request = open_request(
                    uow,
                    mine.actor,
                    LetterRequest(
                        id=mine.id,
                        letter_type=order.letter_type.slug,
                        agency_code=order.agency.code,
                        holder=order.holder,
                        fields=order.fields,
                        purpose=order.purpose,
                        origin=ORIGIN_HOME,
                        created_by=mine.actor.id,
                        created_at_utc=now,
                    ),
                    (RequestAction.SUBMIT,),
                    now,
                )
                sent = replace(
                    mine, request_id=request.id, born=order.holder.birth_date, saved_at_utc=now
                )
                uow.applications.save(sent)
                uow.applications.keep_holding(mine.id, now + HELD_AFTERWARDS)
                self._messages.tell_of_step(uow, request, RequestAction.SUBMIT)
                uow.commit()
                return request
        if request.state is RequestState.RETURNED:
            return self._casework.submit(mine.actor, request.id, request.version, order)
        return request

    def cancel(self, token: str) -> None:
        """Withdraw a request, or throw a draft away with its documents. Raises ``NotFound``."""
        with self._register.writing() as uow:
            mine = held_by_token(uow, token, self._clock.now())
            request = uow.requests.find(mine.request_id) if mine.request_id else None
            files: Sequence[str] = ()
            if request is None:
                files = uow.applications.remove([mine.id])
                uow.commit()
        for name in files:
            self._documents.remove(name)
        if request is not None and request.state is not RequestState.CANCELLED:
            self._casework.cancel(mine.actor, request.id, request.version)

    # --- coming back ----------------------------------------------------------------

    def whereabouts(self, code: str, asker: Asker) -> Whereabouts:
        """Say where the application with this code stands.

        Raises ``NotFound`` for a code that is none, and ``TooManyAttempts``.
        """
        with self._register.reading() as uow:
            found = self._by_code(uow, code, asker)
            return self._whereabouts(uow, found)

    def open(self, code: str, born: date | None, asker: Asker) -> Opened | None:
        """Open an application on this device by its code and the holder's date of birth.

        None for another date; a draft in which the date was not answered yet holds
        nothing of a person and needs none. The device that had it open asks again then.
        Raises as ``whereabouts``.
        """
        with self._register.reading() as uow:
            found = self._by_code(uow, code, asker)
        if found.born is not None:
            self._limits.hit(Rule.BIRTH_DATE_PER_APPLICATION, found.id)
            typed = born.isoformat() if born else "-"
            if not hmac.compare_digest(typed, found.born.isoformat()):
                return None
            self._limits.give_back(Rule.BIRTH_DATE_PER_APPLICATION, found.id)
        with self._register.writing() as uow:
            opened = self._hold(uow, found, read_code(code) or "", found.actor)
            uow.commit()
        return opened

    def open_again(self, application_id: str, actor: Actor) -> Opened:
        """Open an application on this device for an account that holds it, without its code.

        Raises ``NotFound``.
        """
        with self._register.writing() as uow:
            opened = self._hold(uow, uow.applications.get(application_id), "", actor)
            uow.commit()
        return opened

    def _hold(self, uow: UnitOfWork, found: Application, code: str, actor: Actor) -> Opened:
        now, token = self._clock.now(), self._new_token()
        lasts = HELD_WHILE_DRAFTING if found.request_id is None else HELD_AFTERWARDS
        uow.applications.hold(found.id, token, now + lasts)
        uow.audit.append(AuditEvent(now, actor.id, "application.opened", found.id, {}))
        return Opened(found, code, token)

    def own(self, token: str) -> tuple[Application, Whereabouts, OwnRequest | None]:
        """Return all that its applicant may see. Raises ``NotFound``."""
        with self._register.reading() as uow:
            mine = held_by_token(uow, token, self._clock.now())
            request = uow.requests.find(mine.request_id) if mine.request_id else None
            own = None
            if request is not None:
                letter = uow.letters.by_request(request.id)
                shown = letter if letter and letter.state in HANDED_OUT else None
                own = OwnRequest(request, uow.cases.steps(request.id), shown)
            return mine, self._whereabouts(uow, mine), own

    # --- afterwards -----------------------------------------------------------------

    def sweep(self) -> int:
        """Remove drafts nobody went on with, and what is left of requests that ended long ago.

        Returns how many; none while the audit trail does not bear the clock out. Raises
        ``DependencyUnavailable``.
        """
        now = self._clock.now()
        before = now - DRAFT_LIVES, now - KEPT_AFTERWARDS
        with self._register.writing() as uow:
            expired = uow.applications.expired(*before, _A_SWEEP)
            added = uow.applications.remove_documents(now - KEPT_AFTERWARDS, _A_SWEEP)
            if not (expired or added) or not may_erase(uow, now):
                return 0
            files = [*uow.applications.remove(expired), *added]
            facts = {"count": len(expired), "documents": len(files)}
            uow.audit.append(AuditEvent(now, SWEEPER.id, "applications.removed", "drafts", facts))
            uow.commit()
        for name in files:
            self._documents.remove(name)
        return len(expired)

    # --- what they share ------------------------------------------------------------

    def _new_token(self) -> str:
        return self._random.token_bytes(_TOKEN_BYTES).hex()

    def _by_code(self, uow: UnitOfWork, code: str, asker: Asker) -> Application:
        self._limits.hit(Rule.APPLICATION_CODE_PER_ADDRESS, asker.network)
        read = read_code(code)
        found = uow.applications.by_code(read) if read else None
        if found is None:
            raise NotFound("application", "")
        self._limits.give_back(Rule.APPLICATION_CODE_PER_ADDRESS, asker.network)
        return found

    def _whereabouts(self, uow: UnitOfWork, found: Application) -> Whereabouts:
        letter_type = self._catalogue.get(found.letter_type)
        request = uow.requests.find(found.request_id) if found.request_id else None
        if request is None:
            return Whereabouts(letter_type, RequestState.DRAFT, found.saved_at_utc, None, None)
        steps = uow.cases.steps(request.id)
        sent = [step.at_utc for step in steps if step.action is RequestAction.SUBMIT]
        waits = request.state in WAITS_FOR_OFFICE and sent
        letter = uow.letters.by_request(request.id)
        return Whereabouts(
            letter_type=letter_type,
            state=request.state,
            since_utc=steps[-1].at_utc if steps else request.created_at_utc,
            promised_by_utc=sent[-1] + letter_type.handling.promise if waits else None,
            letter_state=letter.state if letter else None,
        )


def _bounded(typed: Mapping[str, str]) -> dict[str, str]:
    """Return the answers. Raises ``InvalidInput`` for more than any form has."""
    if len(typed) > MAX_ENTRIES:
        raise InvalidInput([Problem("entries", "too_many_rows", {"limit": MAX_ENTRIES})])
    problems = [
        Problem(name, "too_long", {"limit": MAX_ENTRY})
        for name, text in typed.items()
        if len(text) > MAX_ENTRY
    ]
    if problems:
        raise InvalidInput(problems)
    return dict(typed)


def held_by_token(uow: UnitOfWork, token: str, now: datetime) -> Application:
    """Return the application that this token has open. Raises ``NotFound``."""
    found = uow.applications.by_token(token, now)
    if found is None:
        raise NotFound("application", "")
    return found


def must_be_open(uow: UnitOfWork, held: Application) -> None:
    """Raise ``StaleVersion`` unless its applicant may still write in it."""
    request = uow.requests.find(held.request_id) if held.request_id else None
    if request is not None and request.state is not RequestState.RETURNED:
        raise StaleVersion
