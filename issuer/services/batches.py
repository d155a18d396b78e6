"""Signing batches: many letters at once, one after another, each an issuance of its own.

``begin`` asks for a PIN or a passkey, fixes what was agreed to and commits; the work then
goes on in this process, after the answer. What became of a letter is written when it is
known, with a new lease of the batch. A process that dies leaves the rest waiting: nothing
is signed further until the officer shows again that he is there (``go_on``), for what he
showed is kept nowhere, and neither is a right to sign that outlives the process. The one
letter that was in the middle has its number: recovery finishes it or gives it up, as any
other. A letter that was issued but not yet noted is found issued, and is not issued twice.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from issuer.domain.access import Actor
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
from issuer.domain.officer_ports import Background
from issuer.domain.ports import Clock, LetterCatalogue, Register, UnitOfWork, Workers
from issuer.domain.presence import Presence, digest_of
from issuer.domain.signing_batches import (
    BatchAction,
    BatchItem,
    BatchState,
    ItemState,
    OnError,
    Order,
    Progress,
    SigningBatch,
)
from issuer.services.issuance import Issuance
from issuer.services.officers import Officers
from issuer.services.presences import Presences
from issuer.services.proposals import Proposals, Row
from issuer.services.recovery import Recovery
from issuer.services.reserving import LEASE

RECENT = 10
_log = logging.getLogger("issuer.batches")


@dataclass(frozen=True, slots=True, repr=False)
class BatchView:
    """A batch with its letters. ``interrupted`` when only its officer makes it go on."""

    batch: SigningBatch
    rows: Sequence[Row]
    progress: Progress
    interrupted: bool


@dataclass(frozen=True, slots=True, repr=False)
class Question:
    """What a browser has to ask a passkey (JSON), and the letters that it is asked about."""

    options: str
    rows: Sequence[Row]


class Batches:
    """Begins, carries out and shows signing batches."""

    def __init__(
        self,
        *,
        register: Register,
        catalogue: LetterCatalogue,
        officers: Officers,
        presences: Presences,
        proposals: Proposals,
        issuance: Issuance,
        recovery: Recovery,
        workers: Workers,
        background: Background,
        clock: Clock,
    ) -> None:
        self._register = register
        self._catalogue = catalogue
        self._officers = officers
        self._presences = presences
        self._proposals = proposals
        self._issuance = issuance
        self._recovery = recovery
        self._workers = workers
        self._background = background
        self._clock = clock

    def ask(self, actor: Actor, order: Order, session_sha256: str) -> Question:
        """Return what to ask a passkey before this may begin.

        Raises what ``Presences.ask`` and ``Proposals.agree`` raise.
        """
        officer = self._officers.of(actor)
        with self._register.reading() as uow:
            batch, rows = self._proposals.agree(uow, actor, officer, order)
        agreed = digest_of(batch, [row.item for row in rows], begun=False)
        return Question(self._presences.ask(actor, session_sha256, agreed), rows)

    def begin(self, actor: Actor, order: Order, presence: Presence) -> SigningBatch:
        """Begin to sign; the same ``batch_id`` again returns the batch that is there.

        Raises what ``Presences.look``, ``Proposals.agree`` and ``Presences.confirm`` raise.
        """
        officer = self._presences.look(actor, presence)
        with self._register.writing() as uow:
            existing = uow.batches.find(order.batch_id)
            if existing is not None:
                return _own(actor, existing)
            batch, rows = self._proposals.agree(uow, actor, officer, order)
            items = [row.item for row in rows]
            agreed = digest_of(batch, items, begun=False)
            shown = self._presences.confirm(uow, actor, presence, agreed)
            batch = replace(batch, lease=self._lease(self._clock.now()))
            uow.batches.add(batch, items)
            self._note(uow, batch, "batch.begun", letters=len(items), **shown)
            uow.commit()
        self._start(actor, batch)
        return batch

    def ask_to_go_on(self, actor: Actor, batch_id: str, session_sha256: str) -> Question:
        """Return what to ask a passkey before a batch may go on.

        Raises ``NotFound``, ``InvalidInput`` for one that is at work or done, and what
        ``Presences.ask`` raises.
        """
        with self._register.reading() as uow:
            batch = _own(actor, uow.batches.find(batch_id))
            if not self._interrupted(batch):
                raise InvalidInput([Problem("chosen", "nothing_to_sign")])
            waiting = _waiting(uow, batch)
            rows = [self._row(uow, item) for item in waiting]
        agreed = digest_of(batch, waiting, begun=True)
        return Question(self._presences.ask(actor, session_sha256, agreed), rows)

    def go_on(self, actor: Actor, batch_id: str, presence: Presence) -> SigningBatch:
        """Sign what still waits of a batch that was stopped or interrupted.

        A batch that is at work, or done, is returned as it is. Raises ``NotFound``, and
        what ``Presences.look`` and ``Presences.confirm`` raise.
        """
        self._presences.look(actor, presence)
        # What a dead process had begun is finished, or its number given up, first.
        self._recovery.run()
        with self._register.writing() as uow:
            batch = _own(actor, uow.batches.find(batch_id))
            if not self._interrupted(batch):
                return batch
            agreed = digest_of(batch, _waiting(uow, batch), begun=True)
            shown = self._presences.confirm(uow, actor, presence, agreed)
            batch = batch.after(BatchAction.GO_ON, self._lease(self._clock.now()))
            uow.batches.save(batch)
            self._note(uow, batch, "batch.resumed", **shown)
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
            waiting = _waiting(uow, batch)
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


def _waiting(uow: UnitOfWork, batch: SigningBatch) -> list[BatchItem]:
    items = uow.batches.items(batch.id)
    return [item for item in items if item.state is ItemState.WAITING]
