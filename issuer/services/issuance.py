"""The issuance cycle.

1. *Authorise*: the actor may issue here, the request waits for a signature and
   answers what its type asks today, the signatory has a mandate for this agency and
   type, the key can sign now; the same of the district's endorser, for a type that
   needs one.
2. *Reserve*: take the next number, freeze the record, commit. From here on the
   number belongs to this letter, whatever happens.
3. *Render* the page from the frozen record and a template whose digest it names.
4. *Lint*: the drawn QR is read back and is the credential that was meant; the
   signing room looks at the file and gives the right to sign it once.
5. *Announce*: store the digest of what will be signed, state SIGNING, commit.
6. *Sign*, redeeming the right; then endorse, where the type asks for it. A file with
   the first of two signatures never leaves this step.
7. *Verify* the result by the public code path, with public anchors only.
8. *Store* the file durably, then state ISSUED and the file's hash; a letter that it
   replaces becomes SUPERSEDED; commit.
9. *Publish*: from that commit on the register answers for the letter.

A crash after 2 leaves a row under a lease. When its process is gone or the lease
has run out, ``Recovery`` finishes the letter from its frozen record or voids the
number with a reason. A refusal in 3 to 7 voids at once. A crash may lose a number;
it never uses one twice. Only step 8 hands a file out, so nobody has seen a file
whose process died before it.
"""

from __future__ import annotations

from dataclasses import replace

from issuer.domain.access import Actor, Subject, require
from issuer.domain.audit import AuditEvent
from issuer.domain.errors import (
    DependencyUnavailable,
    IssuerError,
    NotFound,
    StaleVersion,
    WordingChanged,
)
from issuer.domain.letter import Ending, Letter, LetterAction, LetterState, StoredPdf
from issuer.domain.letter_request import (
    LetterRequest,
    RequestAction,
    RequestState,
    transition_of,
)
from issuer.domain.letter_types import LetterType
from issuer.domain.office import Office
from issuer.domain.officers import check_own_hand
from issuer.domain.ports import Clock, FileStore, LetterCatalogue, Register, UnitOfWork
from issuer.domain.sealing import ReadyToSign, SignedLetter
from issuer.domain.signing_batches import Agreed
from issuer.services import moving
from issuer.services.freezing import Signing, check_answers, find_signing
from issuer.services.intake import LetterOrder
from issuer.services.messages import Messages
from issuer.services.replacing import check_replaceable, supersede
from issuer.services.reserving import Reserving
from issuer.services.signing_room import SigningRoom

_ISSUE = transition_of(RequestState.AWAITING_SIGNATURE, RequestAction.ISSUE)


class Issuance:
    """Issues letters."""

    def __init__(
        self,
        *,
        register: Register,
        catalogue: LetterCatalogue,
        reserving: Reserving,
        room: SigningRoom,
        messages: Messages,
        files: FileStore,
        clock: Clock,
        office: Office,
    ) -> None:
        self._register = register
        self._catalogue = catalogue
        self._reserving = reserving
        self._room = room
        self._messages = messages
        self._files = files
        self._clock = clock
        self._office = office

    def issue(
        self,
        actor: Actor,
        request_id: str,
        signatory_id: str,
        endorser_id: str | None = None,
        *,
        agreed: Agreed | None = None,
        type_digest: str | None = None,
    ) -> Letter:
        """Issue the letter of a request that awaits a signature, and return it.

        A request that already has its letter returns that letter. An officer signs as
        himself alone. ``agreed`` is what the one who signs has seen: with anything else
        there is no letter, nor with one that somebody else has signed meanwhile.
        ``type_digest`` is the wording that a clerk has seen. Raises ``NotPermitted``,
        ``IllegalTransition``, ``WordingChanged``, ``AnswersOutdated``, ``NoMandate``,
        ``KeyUnavailable`` and ``InvalidInput`` (about the endorser), ``NumberConflict``
        and ``StatusListFull`` before a number is taken; ``NotFitToSign`` and what signing
        raises after it, with the number voided; ``StaleVersion`` when another process is
        issuing it.
        """
        now = self._clock.now()
        with self._register.writing() as uow:
            request = uow.requests.find(request_id)
            if request is None:
                raise NotFound("request", request_id)
            require(actor, _ISSUE.permission, Subject(request.agency_code, request.created_by))
            check_own_hand(actor, uow.officers.find(actor.id), signatory_id)
            existing = uow.letters.by_request(request_id)
            if existing is not None:
                if existing.state in (LetterState.RESERVED, LetterState.SIGNING):
                    raise StaleVersion
                if agreed is not None and existing.record.signer.id != signatory_id:
                    raise StaleVersion
                return existing
            transition_of(request.state, RequestAction.ISSUE)
            check_replaceable(uow, request)
            letter_type = self._catalogue.current(uow, request.letter_type)
            if type_digest not in (None, letter_type.digest):
                raise WordingChanged
            check_answers(self._catalogue, letter_type, request, self._office.today(now))
            signing = find_signing(
                uow,
                letter_type,
                agency_code=request.agency_code,
                signatory_id=signatory_id,
                endorser_id=endorser_id,
                on=self._office.today(now),
            )
            certificates = self._room.check_keys(signing, now)
            if agreed is not None:
                found = Agreed(
                    request.version, signing.mandate_ids, certificates, letter_type.digest
                )
                agreed.check(found, signatory_id, request.agency_code)
            letter = self._reserving.reserve(uow, request, letter_type, signing, now)
            self._note(uow, actor.id, "letter.reserved", letter)
            uow.commit()
        return self.carry_through(letter, request, letter_type, signing, actor.id)

    def check(
        self, actor: Actor, order: LetterOrder, signatory_id: str, endorser_id: str | None = None
    ) -> Signing:
        """Return who would sign this order now, or raise what ``issue`` would."""
        require(actor, _ISSUE.permission, Subject(order.agency.code, actor.id))
        now = self._clock.now()
        with self._register.reading() as uow:
            signing = find_signing(
                uow,
                order.letter_type,
                agency_code=order.agency.code,
                signatory_id=signatory_id,
                endorser_id=endorser_id,
                on=self._office.today(now),
            )
        self._room.check_keys(signing, now)
        return signing

    def carry_through(
        self,
        letter: Letter,
        request: LetterRequest,
        letter_type: LetterType,
        signing: Signing,
        actor_id: str,
    ) -> Letter:
        """Take a reserved letter through steps 3 to 8; void it when it cannot be issued.

        ``request`` is as it was when the letter was reserved or taken over; should it
        have been changed since, its version refuses step 8.
        """
        room = self._room
        try:
            qr_text, ready = room.prepare(letter, letter_type, signing)
            letter = self._announce(letter, qr_text, ready, actor_id)
            signed = room.sign(letter, ready, signing)
            room.verify(letter, signed)
            return self._complete(letter, request, signed, actor_id)
        except (StaleVersion, DependencyUnavailable):
            raise  # the lease decides who goes on with this number
        except IssuerError as error:
            self.void(letter, error.code, actor_id)
            raise

    def _announce(self, letter: Letter, qr_text: str, ready: ReadyToSign, actor_id: str) -> Letter:
        announced = replace(
            letter.after(LetterAction.BEGIN_SIGNING),
            qr_text=qr_text,
            to_sign_sha256=ready.to_sign_sha256,
            lease=self._reserving.lease(self._clock.now()),
        )
        with self._register.writing() as uow:
            uow.letters.save(announced)
            self._note(uow, actor_id, "letter.signing", announced, digest=ready.to_sign_sha256)
            uow.commit()
        return announced

    def _complete(
        self, letter: Letter, request: LetterRequest, signed: SignedLetter, actor_id: str
    ) -> Letter:
        sha256 = self._files.put(signed.pdf)
        issued = replace(
            letter.after(LetterAction.COMPLETE),
            pdf=StoredPdf(sha256, len(signed.pdf), *signed.certificates),
            issued_at_utc=self._clock.now(),
            lease=None,
        )
        with self._register.writing() as uow:
            uow.letters.save(issued)
            moved = moving.issued(uow, actor_id, request, self._clock.now())
            self._messages.tell_of_step(uow, moved, RequestAction.ISSUE)
            self._note(uow, actor_id, "letter.issued", issued, sha256=sha256)
            if request.replaces is not None:
                ended = supersede(uow, request.replaces, issued, self._clock.now())
                self._messages.tell_of_end(uow, ended)
            uow.commit()
        return issued

    def void(self, letter: Letter, reason: str, actor_id: str) -> None:
        """Give a number up for good, with a reason. Raises ``StaleVersion``."""
        ending = Ending(reason, actor_id, self._clock.now())
        voided = replace(letter.after(LetterAction.VOID), ending=ending, lease=None)
        with self._register.writing() as uow:
            uow.letters.save(voided)
            self._note(uow, actor_id, "letter.voided", voided, reason=reason)
            uow.commit()

    def _note(
        self, uow: UnitOfWork, actor_id: str, action: str, letter: Letter, **facts: str | int
    ) -> None:
        event = AuditEvent(
            at_utc=self._clock.now(),
            actor_id=actor_id,
            action=action,
            subject=letter.id,
            facts={"number": letter.number, **facts},
        )
        uow.audit.append(event)
