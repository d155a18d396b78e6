"""Intake: from what somebody typed to a request that may be signed.

Everything that can be wrong with an order is found here, before a number is
taken: unknown type, agency or field, impossible NIK or date, a character that no
font of the letter has.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from issuer.domain.access import Actor, Role
from issuer.domain.computed import computed_values
from issuer.domain.errors import InvalidInput, NotFound, Problem
from issuer.domain.letter_request import LetterRequest, Replacement, RequestAction
from issuer.domain.letter_types import FieldValue, LetterType
from issuer.domain.office import Agency, Office
from issuer.domain.people import Holder, plain_key
from issuer.domain.ports import Clock, LetterCatalogue, LetterRenderer, Random, Register
from issuer.domain.text import TextRefused, plain_text
from issuer.services.moving import handling_of, note_seen, open_request
from issuer.services.paper_numbers import bind

MAX_PURPOSE = 300
_ORDER_KEYS = frozenset({"holder", "fields", "purpose"})
_UP_TO_THE_FIRST_PARAF = (RequestAction.SUBMIT, RequestAction.REVIEW)
_IN_ONE_GO = (*_UP_TO_THE_FIRST_PARAF, RequestAction.FORWARD)


@dataclass(frozen=True, slots=True, repr=False)
class LetterOrder:
    """A checked order: fit to become a request and then a letter."""

    letter_type: LetterType
    agency: Agency
    holder: Holder
    fields: Mapping[str, FieldValue]
    purpose: str
    seen: tuple[int, ...] = ()

    def __repr__(self) -> str:
        return f"LetterOrder(letter_type={self.letter_type.slug!r}, agency={self.agency.code!r})"

    @property
    def nik_disagrees(self) -> bool:
        """True when NIK, birth date and sex do not fit: ask again, do not refuse."""
        return not self.holder.nik.agrees_with(self.holder.birth_date, self.holder.sex)


class Intake:
    """Checks orders and opens requests."""

    def __init__(
        self,
        *,
        register: Register,
        catalogue: LetterCatalogue,
        renderer: LetterRenderer,
        clock: Clock,
        random: Random,
        office: Office,
    ) -> None:
        self._register = register
        self._catalogue = catalogue
        self._renderer = renderer
        self._clock = clock
        self._random = random
        self._office = office

    def check(self, slug: str, agency_code: str, data: Mapping[str, object]) -> LetterOrder:
        """Return the order that ``data`` (the data file's object) describes.

        Raises ``NotFound`` for an unknown type or agency and ``InvalidInput`` with
        every problem in the data at once.
        """
        with self._register.reading() as uow:
            letter_type = self._catalogue.current(uow, slug)
            agency = uow.agencies.get(agency_code)
            switched_off = uow.agencies.switched_off(agency_code)
        if agency.kind not in letter_type.issued_by:
            raise InvalidInput([Problem("agency", "type_not_issued_here")])
        if slug in switched_off:
            raise InvalidInput([Problem("agency", "type_switched_off")])
        today = self._office.today(self._clock.now())
        problems = [
            Problem(plain_key(key), "unknown_field", {"field": plain_key(key)})
            for key in data
            if key not in _ORDER_KEYS
        ]
        holder: Holder | None = None
        fields: dict[str, FieldValue] = {}
        try:
            holder = Holder.parse(mapping_in(data, "holder"), today)
        except InvalidInput as invalid:
            problems += invalid.problems
        try:
            fields = self._catalogue.check_fields(letter_type, mapping_in(data, "fields"), today)
        except InvalidInput as invalid:
            problems += invalid.problems
        purpose = _purpose(data.get("purpose"), problems)
        if holder is not None:
            problems += self._missing_glyphs(holder, fields, purpose)
            problems += _cannot_be_computed(letter_type, holder, fields, today)
        if problems or holder is None:
            raise InvalidInput(problems)
        return LetterOrder(letter_type, agency, holder, fields, purpose)

    def open_at_counter(
        self,
        actor: Actor,
        order: LetterOrder,
        *,
        request_id: str,
        origin: str,
        replaces: Replacement | None = None,
        paper: str | None = None,
    ) -> LetterRequest:
        """Open a request for someone who is present, by the person who saw the documents.

        Submitted, reviewed and forwarded in one transaction: only a signature is missing.
        Where the type or the agency asks for a second person it is REVIEWED and waits for
        him; the operator needs nobody, see ``Handling``. The same ``request_id`` again
        returns the request that is there: a form sent twice is one request. ``paper`` is the
        id of the number on paper that its letter is to bear; raises what ``bind`` raises.
        """
        with self._register.writing() as uow:
            existing = uow.requests.find(request_id)
            if existing is not None:
                if existing.created_by != actor.id:
                    raise NotFound("request", request_id)
                return existing
            request = LetterRequest(
                id=request_id,
                letter_type=order.letter_type.slug,
                agency_code=order.agency.code,
                holder=order.holder,
                fields=order.fields,
                purpose=order.purpose,
                origin=origin,
                created_by=actor.id,
                created_at_utc=self._clock.now(),
                replaces=replaces,
                seen=order.seen,
            )
            handling = handling_of(uow, order.letter_type, order.agency.code)
            alone = handling.in_one_go or actor.role is Role.OPERATOR
            actions = _IN_ONE_GO if alone else _UP_TO_THE_FIRST_PARAF
            now = self._clock.now()
            opened = open_request(uow, actor, request, actions, now)
            if paper is not None:
                today = self._office.today(now)
                bind(uow, actor, paper, opened, order.letter_type, today, now)
            if order.seen:
                note_seen(uow, actor, opened, now)
            uow.commit()
            return opened

    def new_request_id(self) -> str:
        """Return an id for a request that is about to be opened."""
        return self._random.token_bytes(16).hex()

    def _missing_glyphs(
        self, holder: Holder, fields: Mapping[str, FieldValue], purpose: str
    ) -> list[Problem]:
        texts = {f"holder.{name}": text for name, text in holder.as_record().items()}
        texts |= _texts_in("fields", fields)
        texts["purpose"] = purpose
        missing = {place: self._renderer.missing_glyphs(text) for place, text in texts.items()}
        return [
            Problem(place, "missing_glyph", {"characters": " ".join(sorted(found)[:10])})
            for place, found in missing.items()
            if found
        ]


def _texts_in(where: str, values: Mapping[str, FieldValue]) -> dict[str, str]:
    texts: dict[str, str] = {}
    for name, value in values.items():
        if isinstance(value, str):
            texts[f"{where}.{name}"] = value
        elif not isinstance(value, int):
            for number, row in enumerate(value, 1):
                texts |= _texts_in(f"{where}.{name}.{number}", row)
    return texts


def _cannot_be_computed(
    letter_type: LetterType, holder: Holder, fields: Mapping[str, FieldValue], today: date
) -> tuple[Problem, ...]:
    try:
        computed_values(letter_type.computed, fields, born=holder.birth_date, today=today)
    except InvalidInput as invalid:
        return invalid.problems
    return ()


def mapping_in(data: Mapping[str, object], key: str) -> Mapping[str, object]:
    """Return the object under a key, empty when there is none. Raises ``InvalidInput``."""
    value = data.get(key, {})
    if not isinstance(value, Mapping):
        raise InvalidInput([Problem(key, "not_an_object")])
    return value


def _purpose(value: object, problems: list[Problem]) -> str:
    try:
        return plain_text("" if value is None else value, MAX_PURPOSE)
    except TextRefused as refused:
        problems.append(Problem("purpose", refused.code, refused.facts))
        return ""
