"""Recovery: every number that was taken ends issued or voided, whatever was killed."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from issuer.domain.audit import AuditEvent
from issuer.domain.errors import (
    DependencyUnavailable,
    IssuerError,
    NotFitToSign,
    NotFound,
    StaleVersion,
)
from issuer.domain.letter import Letter, LetterAction
from issuer.domain.letter_request import LetterRequest, RequestAction, transition_of
from issuer.domain.letter_types import LetterType
from issuer.domain.office import Office
from issuer.domain.ports import Clock, LetterCatalogue, Register, Workers
from issuer.services.freezing import Signing, find_signing, signer_of
from issuer.services.issuance import Issuance
from issuer.services.replacing import check_replaceable
from issuer.services.reserving import Reserving
from issuer.services.signing_room import SigningRoom

ACTOR_ID = "recovery"


@dataclass(frozen=True, slots=True)
class Recovered:
    """What was done, by letter number."""

    finished: tuple[str, ...]
    voided: tuple[str, ...]


class Recovery:
    """Finishes or voids the letters whose process died; safe to run at any time."""

    def __init__(
        self,
        *,
        issuance: Issuance,
        register: Register,
        catalogue: LetterCatalogue,
        reserving: Reserving,
        room: SigningRoom,
        workers: Workers,
        clock: Clock,
        office: Office,
    ) -> None:
        self._issuance = issuance
        self._register = register
        self._catalogue = catalogue
        self._reserving = reserving
        self._room = room
        self._workers = workers
        self._clock = clock
        self._office = office

    def run(self) -> Recovered:
        """Go through every letter whose process has ended or whose lease has run out.

        A letter is finished when all it was frozen with still holds today;
        otherwise its number is voided and its request waits for a new one.
        """
        finished: list[str] = []
        voided: list[str] = []
        now = self._clock.now()
        with self._register.reading() as uow:
            under_way = uow.letters.unfinished()
        for letter in under_way:
            if not self._abandoned(letter, now):
                continue
            try:
                done = self._finish(letter)
            except StaleVersion:
                continue  # its process woke up, or another recovery was faster
            (finished if done else voided).append(letter.number)
        return Recovered(tuple(finished), tuple(voided))

    def _abandoned(self, letter: Letter, now: datetime) -> bool:
        lease = letter.lease
        return lease is None or lease.until_utc < now or self._workers.gone(lease.worker)

    def _finish(self, letter: Letter) -> bool:
        """Return True when the letter was issued, False when its number was voided."""
        try:
            mine, request, letter_type, signing = self._take_over(letter)
        except (StaleVersion, DependencyUnavailable):
            raise
        except IssuerError:
            self._issuance.void(letter, "interrupted", ACTOR_ID)
            return False
        try:
            self._issuance.carry_through(mine, request, letter_type, signing, ACTOR_ID)
        except (StaleVersion, DependencyUnavailable):
            raise
        except IssuerError:
            return False
        return True

    def _take_over(self, letter: Letter) -> tuple[Letter, LetterRequest, LetterType, Signing]:
        """Lease the letter for this process; raise when it cannot be finished as frozen."""
        now = self._clock.now()
        with self._register.writing() as uow:
            record = letter.record
            letter_type = self._catalogue.current(uow, record.type_slug)
            request = uow.requests.find(letter.request_id)
            if request is None:
                raise NotFound("request", letter.request_id)
            transition_of(request.state, RequestAction.ISSUE)
            check_replaceable(uow, request)
            signing = find_signing(
                uow,
                letter_type,
                agency_code=record.agency_code,
                signatory_id=record.signer.id,
                endorser_id=record.endorser.id if record.endorser else None,
                on=self._office.today(now),
            )
            self._room.check_keys(signing, now)
            if not self._as_frozen(letter, letter_type, signing, now):
                raise NotFitToSign(["outdated"])
            mine = replace(
                letter.after(LetterAction.TAKE_OVER),
                qr_text=None,
                to_sign_sha256=None,
                lease=self._reserving.lease(now),
            )
            uow.letters.save(mine)
            facts = {"number": mine.number}
            uow.audit.append(AuditEvent(now, ACTOR_ID, "letter.taken_over", mine.id, facts))
            uow.commit()
        return mine, request, letter_type, signing

    def _as_frozen(
        self, letter: Letter, letter_type: LetterType, signing: Signing, now: datetime
    ) -> bool:
        record, second = letter.record, signing.endorsing
        return (
            record.issued_on == self._office.today(now)
            and record.type_digest == letter_type.digest
            and record.signer == signer_of(signing)
            and record.endorser == (signer_of(second) if second else None)
        )
