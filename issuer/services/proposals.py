"""Proposals: what an officer chose to sign, as it stands, before anything is signed.

``propose`` shows it and ``agree`` fixes it, by the same look at each letter; so what is
signed later is compared with what could be seen.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from issuer.domain.access import Actor, Permission, Subject, require
from issuer.domain.errors import (
    DependencyUnavailable,
    IllegalTransition,
    InvalidInput,
    IssuerError,
    NotFound,
    Problem,
    StaleVersion,
)
from issuer.domain.letter_request import LetterRequest, RequestAction, transition_of
from issuer.domain.letter_types import LetterType
from issuer.domain.office import Office
from issuer.domain.officers import Officer
from issuer.domain.ports import Clock, LetterCatalogue, Register, UnitOfWork
from issuer.domain.signing_batches import (
    MAX_BATCH,
    BatchItem,
    Chosen,
    ItemState,
    Order,
    SigningBatch,
)
from issuer.services.freezing import Signing, check_answers, endorsing_district, find_signing
from issuer.services.officers import Officers
from issuer.services.signing_room import SigningRoom


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


class Proposals:
    """Looks at what an officer chose: what can be signed, and what cannot and why."""

    def __init__(
        self,
        *,
        register: Register,
        catalogue: LetterCatalogue,
        officers: Officers,
        room: SigningRoom,
        clock: Clock,
        office: Office,
    ) -> None:
        self._register = register
        self._catalogue = catalogue
        self._officers = officers
        self._room = room
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
        with self._register.reading() as uow:
            return self._rows(uow, actor, officer, chosen, endorser_id, must_endorse=False)

    def agree(
        self, uow: UnitOfWork, actor: Actor, officer: Officer, order: Order
    ) -> tuple[SigningBatch, list[Row]]:
        """Return the batch as it would begin now, without a lease, and its letters.

        Raises ``NotPermitted`` for a request of another agency; ``NotFound``; and
        ``InvalidInput`` when none, too many or none that could be signed were chosen, or
        an endorser is missing.
        """
        now, endorser_id = self._clock.now(), order.endorser_id
        rows = self._rows(uow, actor, officer, order.chosen, endorser_id, must_endorse=True)
        signings = [row.signing for row in rows if row.signing]
        if not signings:
            raise InvalidInput([Problem("chosen", "nothing_to_sign")])
        with_endorser = [signing for signing in signings if signing.endorsing]
        batch = SigningBatch(
            id=order.batch_id,
            account_id=actor.id,
            agency_code=signings[0].agency.code,
            signatory_id=officer.signatory_id,
            endorser_id=endorser_id if with_endorser else None,
            certificates=self._room.check_keys((with_endorser or signings)[0], now),
            on_error=order.on_error,
            created_at_utc=now,
            lease=None,
        )
        return batch, rows

    def _rows(
        self,
        uow: UnitOfWork,
        actor: Actor,
        officer: Officer,
        chosen: Sequence[Chosen],
        endorser_id: str | None,
        *,
        must_endorse: bool,
    ) -> list[Row]:
        _check_count(chosen)
        return [
            self._look(uow, actor, officer, number, one, endorser_id, must_endorse=must_endorse)
            for number, one in enumerate(chosen, 1)
        ]

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
            today = self._office.today(self._clock.now())
            check_answers(self._catalogue, letter_type, request, today)
            district = endorsing_district(letter_type, uow.agencies.get(request.agency_code))
            if district and endorser_id is None and not must_endorse:
                return Row(item.failed("no_endorser"), request, letter_type)
            signing = find_signing(
                uow,
                letter_type,
                agency_code=request.agency_code,
                signatory_id=officer.signatory_id,
                endorser_id=endorser_id if district else None,
                on=today,
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


def _check_count(chosen: Sequence[Chosen]) -> None:
    if not chosen:
        raise InvalidInput([Problem("chosen", "none_chosen")])
    if len(chosen) > MAX_BATCH:
        raise InvalidInput([Problem("chosen", "too_many_chosen", {"limit": MAX_BATCH})])
    if len({one.request_id for one in chosen}) != len(chosen):
        raise InvalidInput([Problem("chosen", "none_chosen")])
