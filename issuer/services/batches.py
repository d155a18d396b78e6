"""Signing batches: many letters by one PIN, one after another, each an issuance of its own.

``begin`` asks for the PIN, fixes what was agreed to and commits; the work then goes on in
this process, after the answer. What became of a letter is written when it is known, with a
new lease of the batch. A process that dies leaves the rest waiting: nothing is signed
further until the officer gives the PIN again (``go_on``), for the PIN is kept nowhere, and
neither is a right to sign that outlives the process. The one letter that was in the middle
has its number: recovery finishes it or gives it up, as any other. A letter that was issued
but not yet noted is found issued, and is not issued twice.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from issuer.domain.access import Actor, Permission, Subject, require
from issuer.domain.audit import AuditEvent
from issuer.domain.errors import (
    DependencyUnavailable,
    IllegalTransition,
    InvalidInput,
    IssuerError,
    NotFound,
    NotPermitted,
    Problem,
    StaleVersion,
)
from issuer.domain.letter import Lease
from issuer.domain.letter_request import LetterRequest, RequestAction, transition_of
from issuer.domain.letter_types import LetterType
from issuer.domain.office import Office
from issuer.domain.officer_ports import Background
from issuer.domain.officers import Officer
from issuer.domain.ports import Clock, LetterCatalogue, Register, UnitOfWork, Workers
from issuer.domain.signing_batches import (
    MAX_BATCH,
    BatchAction,
    BatchItem,
    BatchState,
    Chosen,
    ItemState,
    OnError,
    Progress,
    SigningBatch,
)
from issuer.services.freezing import Signing, endorsing_district, find_signing
from issuer.services.issuance import Issuance
from issuer.services.officers import Officers
from issuer.services.recovery import Recovery
from issuer.services.reserving import LEASE
from issuer.services.signing_room import SigningRoom

RECENT = 10
_log = logging.getLogger("issuer.batches")


@dataclass(frozen=True, slots=True, repr=False)
class Row:
    """One letter of a batch in words.

    ``letter_type`` is None when there is no such type any more, ``signing`` when it cannot
    be signed, ``number`` before it is.
    """

    item: BatchItem
    request: LetterRequest
    letter_type: LetterType | None
    signing: Signing | None = None
    number: str | None = None


@dataclass(frozen=True, slots=True, repr=False)
class BatchView:
    """A batch with its letters. ``interrupted`` when only the PIN makes it go on."""

    batch: SigningBatch
    rows: Sequence[Row]
    progress: Progress
    interrupted: bool


class Batches:
    """Begins, carries out and shows signing batches."""

    def __init__(
        self,
        *,
        register: Register,
        catalogue: LetterCatalogue,
        officers: Officers,
        issuance: Issuance,
        recovery: Recovery,
        room: SigningRoom,
        workers: Workers,
        background: Background,
        clock: Clock,
        office: Office,
    ) -> None:
        self._register = register
        self._catalogue = catalogue
        self._officers = officers
        self._issuance = issuance
        self._recovery = recovery
        self._room = room
        self._workers = workers
        self._background = background
        self._clock = clock
        self._office = office

    def propose(
        self, actor: Actor, chosen: Sequence[Chosen], endorser_id: str | None = None
    ) -> list[Row]:
        """Return what would be signed, and what could not be; nothing is written.

        Raises ``NotPermitted``, ``NotFound``, and ``InvalidInput`` for none or too many. A
        letter that lacks its endorser is no failure yet.
        """
        officer = self._officers.of(actor)
        _check_count(chosen)
        with self._register.reading() as uow:
            rows = [
                self._look(uow, actor, officer, number, one, endorser_id, must_endorse=False)
                for number, one in enumerate(chosen, 1)
            ]
        return rows

    def begin(
        self,
        actor: Actor,
        chosen: Sequence[Chosen],
        pin: str,
        *,
        batch_id: str,
        endorser_id: str | None = None,
        on_error: OnError = OnError.CONTINUE,
    ) -> SigningBatch:
        """Begin to sign; the same ``batch_id`` again returns the batch that is there.

        Raises what ``Officers.prove`` raises; ``NotFound`` for a request of somebody else;
        ``InvalidInput`` when none, too many or none that could be signed were chosen, or
        an endorser is missing.
        """
        self._officers.of(actor)
        _check_count(chosen)
        officer = self._officers.prove(actor, pin)
        now = self._clock.now()
        with self._register.writing() as uow:
            existing = uow.batches.find(batch_id)
            if existing is not None:
                return _own(actor, existing)
            rows = [
                self._look(uow, actor, officer, number, one, endorser_id, must_endorse=True)
                for number, one in enumerate(chosen, 1)
            ]
            signings = [row.signing for row in rows if row.signing]
            if not signings:
                raise InvalidInput([Problem("chosen", "nothing_to_sign")])
            with_endorser = [signing for signing in signings if signing.endorsing]
            certificates = self._room.check_keys((with_endorser or signings)[0], now)
            batch = SigningBatch(
                id=batch_id,
                account_id=actor.id,
                agency_code=signings[0].agency.code,
                signatory_id=officer.signatory_id,
                endorser_id=endorser_id if with_endorser else None,
                certificates=certificates,
                on_error=on_error,
                created_at_utc=now,
                lease=self._lease(now),
            )
            uow.batches.add(batch, [row.item for row in rows])
            self._note(uow, batch, "batch.begun", letters=len(rows))
            uow.commit()
        self._start(actor, batch)
        return batch

    def go_on(self, actor: Actor, batch_id: str, pin: str) -> SigningBatch:
        """Sign what still waits of a batch that was stopped or interrupted.

        A batch that is at work, or done, is returned as it is. Raises what
        ``Officers.prove`` raises, and ``NotFound``.
        """
        self._officers.prove(actor, pin)
        # What a dead process had begun is finished, or its number given up, first.
        self._recovery.run()
        with self._register.writing() as uow:
            batch = _own(actor, uow.batches.find(batch_id))
            if not self._interrupted(batch):
                return batch
            batch = batch.after(BatchAction.GO_ON, self._lease(self._clock.now()))
            uow.batches.save(batch)
            self._note(uow, batch, "batch.resumed")
            uow.commit()
        self._start(actor, batch)
        return batch

    def one(self, actor: Actor, batch_id: str) -> BatchView:
        """Return one's own batch. Raises ``NotFound``."""
        with self._register.reading() as uow:
            batch = _own(actor, uow.batches.find(batch_id))
            items = uow.batches.items(batch_id)
            rows = [self._row(uow, item) for item in items]
        return BatchView(batch, rows, Progress.of(items), self._interrupted(batch))

    def recent(self, actor: Actor) -> list[tuple[SigningBatch, Progress]]:
        """Return one's own last batches, the newest first."""
        with self._register.reading() as uow:
            return [
                (batch, Progress.of(uow.batches.items(batch.id)))
                for batch in uow.batches.recent(actor.id, RECENT)
            ]

    # --- before it begins -----------------------------------------------------------

    def _look(
        self,
        uow: UnitOfWork,
        actor: Actor,
        officer: Officer,
        position: int,
        chosen: Chosen,
        endorser_id: str | None,
        *,
        must_endorse: bool,
    ) -> Row:
        request = uow.requests.find(chosen.request_id)
        if request is None:
            raise NotFound("request", chosen.request_id)
        require(actor, Permission.ISSUE_LETTER, Subject(request.agency_code, request.created_by))
        item = BatchItem(
            position,
            request.id,
            chosen.version,
            None,
            state=ItemState.FAILED,
            type_digest=chosen.type_digest,
        )
        letter_type: LetterType | None = None
        try:
            letter_type = self._catalogue.current(uow, request.letter_type)
            if (request.version, letter_type.digest) != (chosen.version, chosen.type_digest):
                raise StaleVersion
            transition_of(request.state, RequestAction.ISSUE)
            district = endorsing_district(letter_type, uow.agencies.get(request.agency_code))
            if district and endorser_id is None and not must_endorse:
                return Row(item.failed("no_endorser"), request, letter_type)
            signing = find_signing(
                uow,
                letter_type,
                agency_code=request.agency_code,
                signatory_id=officer.signatory_id,
                endorser_id=endorser_id if district else None,
                on=self._office.today(self._clock.now()),
            )
            self._room.check_keys(signing, self._clock.now())
        except (InvalidInput, DependencyUnavailable):
            raise
        except IllegalTransition:
            return Row(item.failed(StaleVersion.code), request, letter_type)
        except IssuerError as error:
            return Row(item.failed(error.code), request, letter_type)
        item = BatchItem(
            position,
            request.id,
            chosen.version,
            signing.mandate_ids,
            district is not None,
            type_digest=chosen.type_digest,
        )
        return Row(item, request, letter_type, signing)

    def _start(self, actor: Actor, batch: SigningBatch) -> None:
        try:
            self._background.start(lambda: self._work(actor, batch))
        except DependencyUnavailable:
            self._release(batch)
            raise

    # --- at work --------------------------------------------------------------------

    def _work(self, actor: Actor, batch: SigningBatch) -> None:
        """Sign what waits. Whoever took the batch over meanwhile has changed its version."""
        with self._register.reading() as uow:
            items = uow.batches.items(batch.id)
        waiting = [item for item in items if item.state is ItemState.WAITING]
        try:
            for left, item in enumerate(waiting, 1 - len(waiting)):
                done = self._sign(actor, batch, item)
                batch = self._write(batch, done, last=left == 0)
                if batch.state is not BatchState.RUNNING:
                    return
        except StaleVersion:
            return
        except DependencyUnavailable as error:
            _log.warning("batch interrupted: %s", error.code)
            self._release(batch)
        except BaseException:
            self._release(batch)
            raise

    def _sign(self, actor: Actor, batch: SigningBatch, item: BatchItem) -> BatchItem:
        try:
            with self._register.reading() as uow:
                account = uow.accounts.get(actor.id)
            if not account.active or account.actor() != actor:
                raise NotPermitted("sign_as_officer")
            letter = self._issuance.issue(
                actor,
                item.request_id,
                batch.signatory_id,
                batch.endorser_id if item.endorsed else None,
                agreed=batch.agreed(item),
            )
        except DependencyUnavailable:
            raise
        except IllegalTransition:
            return item.failed(StaleVersion.code)
        except IssuerError as error:
            return item.failed(error.code)
        return item.signed(letter.id)

    def _write(self, batch: SigningBatch, item: BatchItem, *, last: bool) -> SigningBatch:
        if last:
            batch = batch.after(BatchAction.FINISH)
        elif item.state is ItemState.FAILED and batch.on_error is OnError.STOP:
            batch = batch.after(BatchAction.STOP)
        else:
            batch = batch.after(BatchAction.GO_ON, self._lease(self._clock.now()))
        with self._register.writing() as uow:
            uow.batches.save(batch, item)
            if batch.state is not BatchState.RUNNING:
                counted = Progress.of(uow.batches.items(batch.id))
                self._note(
                    uow, batch, f"batch.{batch.state}", signed=counted.signed, failed=counted.failed
                )
            uow.commit()
        return batch

    def _release(self, batch: SigningBatch) -> None:
        """Let go of the batch at once; should that fail, its lease runs out."""
        try:
            with self._register.writing() as uow:
                uow.batches.save(batch.after(BatchAction.GO_ON))
                uow.commit()
        except IssuerError as error:
            _log.warning("batch not released: %s", error.code)

    def _interrupted(self, batch: SigningBatch) -> bool:
        if batch.state is not BatchState.RUNNING:
            return batch.state is BatchState.STOPPED
        lease = batch.lease
        if lease is None or lease.until_utc < self._clock.now():
            return True
        return self._workers.gone(lease.worker)

    # --- shared ---------------------------------------------------------------------

    def _row(self, uow: UnitOfWork, item: BatchItem) -> Row:
        request = uow.requests.find(item.request_id)
        if request is None:
            raise NotFound("request", item.request_id)
        number = uow.letters.get(item.letter_id).number if item.letter_id else None
        try:
            letter_type = self._catalogue.get(request.letter_type)
        except NotFound:
            letter_type = None
        return Row(item, request, letter_type, number=number)

    def _lease(self, now: datetime) -> Lease:
        return Lease(self._workers.name, now + LEASE)

    def _note(self, uow: UnitOfWork, batch: SigningBatch, action: str, **facts: str | int) -> None:
        about: Mapping[str, str | int] = {"agency": batch.agency_code, **facts}
        event = AuditEvent(self._clock.now(), batch.account_id, action, batch.id, dict(about))
        uow.audit.append(event)


def _own(actor: Actor, batch: SigningBatch | None) -> SigningBatch:
    """Return the batch if it is the actor's; of anybody else's there is none by that id."""
    if batch is None or batch.account_id != actor.id:
        raise NotFound("batch", "?" if batch is None else batch.id)
    return batch


def _check_count(chosen: Sequence[Chosen]) -> None:
    if not chosen:
        raise InvalidInput([Problem("chosen", "none_chosen")])
    if len(chosen) > MAX_BATCH:
        raise InvalidInput([Problem("chosen", "too_many_chosen", {"limit": MAX_BATCH})])
    if len({one.request_id for one in chosen}) != len(chosen):
        raise InvalidInput([Problem("chosen", "none_chosen")])
