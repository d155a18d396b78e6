"""What an account of a resident holds: requests and letters, and how it comes to more.

A request is one's own for one of two reasons. It was begun while signed in, or opened with
its code and the date of birth: then the account may go on with it. Or the account is
verified and the request is about its owner, whoever sent it: then it may be read, and the
letter fetched, but what its sender wrote and attached stays his.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from issuer.domain.access import Permission, Subject, require
from issuer.domain.accounts import Account
from issuer.domain.application import Application
from issuer.domain.audit import AuditEvent
from issuer.domain.casework import RequestStep
from issuer.domain.citizens import MAX_LISTED, Citizen
from issuer.domain.errors import NotFound
from issuer.domain.letter import DOWNLOADED, HANDED_OUT, Letter, LetterState
from issuer.domain.letter_request import LetterRequest, RequestState
from issuer.domain.ports import Clock, FileStore, Register, UnitOfWork
from issuer.services.applications import Applications, Opened
from issuer.services.refusals import note_refusal
from issuer.services.sessions import Held


@dataclass(frozen=True, slots=True, repr=False)
class OwnCase:
    """A request of one's own; a draft has no ``request`` yet, and no ``agency_code``.

    ``mine`` says that this account may go on with it, correct it and withdraw it.
    """

    id: str
    letter_type: str
    agency_code: str | None
    state: RequestState
    since_utc: datetime
    steps: Sequence[RequestStep]
    letter: Letter | None
    mine: bool


class OwnRequests:
    """Shows accounts what they hold."""

    def __init__(
        self, *, register: Register, applications: Applications, letters: FileStore, clock: Clock
    ) -> None:
        self._register = register
        self._applications = applications
        self._letters = letters
        self._clock = clock

    def listed(self, held: Held) -> list[OwnCase]:
        """Return one's own requests, those of the newest step first."""
        with self._register.reading() as uow:
            cases = list(self._cases(uow, held.account))
        return sorted(cases, key=lambda case: (case.since_utc, case.id), reverse=True)

    def one(self, held: Held, case_id: str) -> OwnCase:
        """Return one's own request. Raises ``NotFound`` for anybody else's, as for none."""
        with self._register.reading() as uow:
            return self._one(uow, held.account, case_id)

    def letter(self, held: Held, case_id: str) -> tuple[Letter, bytes]:
        """Return the finished letter with its file; every download is recorded.

        Raises ``NotFound`` before there is one and for anybody else's.
        """
        account = held.account
        with self._register.writing() as uow:
            letter = self._one(uow, account, case_id).letter
            if letter is None or letter.pdf is None or letter.state is not LetterState.ISSUED:
                raise NotFound("letter", "")
            require(account.actor(), Permission.READ_LETTER, Subject(owner_id=account.id))
            pdf = self._letters.get(letter.pdf.sha256)
            facts = {"number": letter.number}
            now = self._clock.now()
            uow.audit.append(AuditEvent(now, account.id, DOWNLOADED, letter.id, facts))
            uow.commit()
        return letter, pdf

    def open(self, held: Held, case_id: str) -> Opened:
        """Open what the account may go on with on this device, without its code.

        Raises ``NotFound`` for anything else.
        """
        with self._register.reading() as uow:
            if not uow.citizens.holds(held.account.id, case_id):
                note_refusal("owner", account=held.account.id)
                raise NotFound("application", "")
        return self._applications.open_again(case_id, held.account.actor())

    def keep(self, held: Held, token: str) -> None:
        """Let the account hold what this device has open, which took code and date of birth.

        Raises ``NotFound`` when the device has nothing open.
        """
        now, account = self._clock.now(), held.account
        application = self._applications.held_by(token)
        with self._register.writing() as uow:
            if uow.citizens.find(account.id) is None:
                uow.citizens.save(Citizen(account.id, now))
            uow.citizens.hold(account.id, application.id)
            uow.audit.append(AuditEvent(now, account.id, "application.kept", application.id, {}))
            uow.commit()

    def holds(self, held: Held, application: Application) -> bool:
        """Say whether the account holds this application."""
        with self._register.reading() as uow:
            return uow.citizens.holds(held.account.id, application.id)

    def known(self, held: Held) -> Mapping[str, str]:
        """Return what is known of the owner of a verified account, for a new request.

        By the names of ``Holder``: from the register of residents, or else from the newest
        request about him, or else what the clerk saw. Empty for any other account.
        """
        with self._register.reading() as uow:
            citizen = uow.citizens.find(held.account.id)
            if citizen is None or citizen.nik is None or citizen.born is None:
                return {}
            resident = uow.residents.by_nik(citizen.nik)
            if resident is not None and resident.holder.birth_date == citizen.born:
                return resident.holder.as_record()
            for request in _about(uow, citizen):
                return request.holder.as_record()
        born = citizen.born.isoformat()
        return {"nik": citizen.nik.value, "name": citizen.name, "birth_date": born}

    def _cases(self, uow: UnitOfWork, account: Account) -> Iterator[OwnCase]:
        held = uow.citizens.held(account.id, MAX_LISTED)
        for application_id in held:
            yield self._held_case(uow, application_id)
        citizen = uow.citizens.find(account.id)
        for request in _about(uow, citizen) if citizen else ():
            if request.id not in held:
                yield _case(uow, request, mine=False)

    def _one(self, uow: UnitOfWork, account: Account, case_id: str) -> OwnCase:
        if uow.citizens.holds(account.id, case_id):
            found = self._held_case(uow, case_id)
        else:
            citizen = uow.citizens.find(account.id)
            request = uow.requests.find(case_id)
            if citizen is None or request is None or not _is_about(request, citizen):
                note_refusal("owner", account=account.id)
                raise NotFound("request", "")
            found = _case(uow, request, mine=False)
        require(account.actor(), Permission.READ_REQUEST, Subject(owner_id=account.id))
        return found

    def _held_case(self, uow: UnitOfWork, application_id: str) -> OwnCase:
        # An application and the request that it became have one id.
        request = uow.requests.find(application_id)
        if request is not None:
            return _case(uow, request, mine=True)
        draft = uow.applications.get(application_id)
        return OwnCase(
            id=draft.id,
            letter_type=draft.letter_type,
            agency_code=None,
            state=RequestState.DRAFT,
            since_utc=draft.saved_at_utc,
            steps=(),
            letter=None,
            mine=True,
        )


def _about(uow: UnitOfWork, citizen: Citizen) -> list[LetterRequest]:
    if citizen.nik is None:
        return []
    requests = uow.requests.of_holder(citizen.nik, MAX_LISTED)
    return [request for request in requests if _is_about(request, citizen)]


def _is_about(request: LetterRequest, citizen: Citizen) -> bool:
    # The date too: a NIK that was mistyped must not show one person another's letter.
    holder = request.holder
    return holder.nik == citizen.nik and holder.birth_date == citizen.born


def _case(uow: UnitOfWork, request: LetterRequest, *, mine: bool) -> OwnCase:
    steps = uow.cases.steps(request.id)
    letter = uow.letters.by_request(request.id)
    return OwnCase(
        id=request.id,
        letter_type=request.letter_type,
        agency_code=request.agency_code,
        state=request.state,
        since_utc=steps[-1].at_utc if steps else request.created_at_utc,
        steps=steps,
        letter=letter if letter and letter.state in HANDED_OUT else None,
        mine=mine,
    )
