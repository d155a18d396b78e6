"""Agencies, signatories and mandates as rows."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache
from typing import Any

from sqlalchemy import Connection, Row, Select, bindparam, delete, insert, select, update

from issuer.domain.errors import NotFound
from issuer.domain.mandate import Mandate, MandateKind, Signatory
from issuer.domain.office import Agency, AgencyKind, Letterhead
from issuer.domain.presentation import Paper, SecurityPrinting
from issuer.storage.schema import agencies, mandates, signatories
from issuer.storage.schema_accounts import letter_types_off
from issuer.storage.statements import rows

_AGENCY = select(agencies).where(agencies.c.code == bindparam("key"))
_OFF = select(letter_types_off).where(letter_types_off.c.agency_code == bindparam("key"))
_SIGNATORY = select(signatories).where(signatories.c.id == bindparam("key"))


class SqlAgencies:
    """``AgencyRepository`` over one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, agency: Agency) -> None:
        """Insert an agency; its parent must be there already."""
        head = agency.letterhead
        self._connection.execute(
            insert(agencies).values(
                code=agency.code,
                name=agency.name,
                kind=agency.kind.value,
                parent_code=agency.parent_code,
                number_code=agency.number_code,
                seat=agency.seat,
                letterhead_lines=head.lines,
                letterhead_address=head.address,
                letterhead_contact=head.contact,
                letterhead_emblem=head.emblem,
                number_pattern=agency.number_pattern,
                paper=agency.paper.value,
                security=agency.security.value,
            )
        )

    def set_printing(self, agency: Agency) -> None:
        """Write what an agency prints on: ``paper`` and ``security``."""
        self._connection.execute(
            update(agencies)
            .where(agencies.c.code == agency.code)
            .values(paper=agency.paper.value, security=agency.security.value)
        )

    def set_words(self, agency: Agency) -> None:
        """Write an agency's letterhead, seat, number code and number pattern."""
        head = agency.letterhead
        self._connection.execute(
            update(agencies)
            .where(agencies.c.code == agency.code)
            .values(
                letterhead_lines=head.lines,
                letterhead_address=head.address,
                letterhead_contact=head.contact,
                seat=agency.seat,
                number_code=agency.number_code,
                number_pattern=agency.number_pattern,
            )
        )

    def switched_off(self, code: str) -> frozenset[str]:
        """Return the slugs of the letter types that an agency does not issue now."""
        return frozenset(row.letter_type for row in rows(self._connection, _OFF, {"key": code}))

    def off_at(self, slug: str) -> frozenset[str]:
        """Return the codes of the agencies that do not issue a letter type now."""
        query = select(letter_types_off).where(letter_types_off.c.letter_type == slug)
        return frozenset(row.agency_code for row in self._connection.execute(query))

    def switch_off(self, code: str, slugs: Iterable[str]) -> None:
        """Put these in the place of those that were off."""
        self._connection.execute(
            delete(letter_types_off).where(letter_types_off.c.agency_code == code)
        )
        for slug in sorted(slugs):
            self._connection.execute(
                insert(letter_types_off).values(agency_code=code, letter_type=slug)
            )

    def get(self, code: str) -> Agency:
        """Return one agency. Raises ``NotFound``."""
        found = rows(self._connection, _AGENCY, {"key": code})
        if not found:
            raise NotFound("agency", code)
        return _agency(found[0])

    def list(self) -> Sequence[Agency]:
        """Return every agency, by code."""
        rows = self._connection.execute(select(agencies).order_by(agencies.c.code))
        return [_agency(row) for row in rows]


class SqlSignatories:
    """``SignatoryRepository`` over one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, signatory: Signatory) -> None:
        """Insert a signatory."""
        self._connection.execute(
            insert(signatories).values(
                id=signatory.id,
                number=signatory.number,
                name=signatory.name,
                nip=signatory.nip,
                rank=signatory.rank,
                key_id=signatory.key_id,
            )
        )

    def get(self, signatory_id: str) -> Signatory:
        """Return one signatory. Raises ``NotFound``."""
        found = rows(self._connection, _SIGNATORY, {"key": signatory_id})
        if not found:
            raise NotFound("signatory", signatory_id)
        return _signatory(found[0])

    def list(self) -> Sequence[Signatory]:
        """Return every signatory, by id."""
        rows = self._connection.execute(select(signatories).order_by(signatories.c.id))
        return [_signatory(row) for row in rows]

    def add_mandate(self, mandate: Mandate) -> None:
        """Insert a mandate; signatory and agency must be there already."""
        types = mandate.letter_types
        self._connection.execute(
            insert(mandates).values(
                id=mandate.id,
                signatory_id=mandate.signatory_id,
                agency_code=mandate.agency_code,
                kind=mandate.kind.value,
                position=mandate.position,
                principal=mandate.principal,
                via=mandate.via,
                decree_number=mandate.decree_number,
                starts_on=mandate.starts_on,
                ends_on=mandate.ends_on,
                letter_types=None if types is None else sorted(types),
            )
        )

    def end_mandate(self, mandate: Mandate) -> None:
        """Write the last day of a mandate, and nothing else of it."""
        one = update(mandates).where(mandates.c.id == mandate.id)
        self._connection.execute(one.values(ends_on=mandate.ends_on))

    def mandates(
        self, *, agency_code: str | None = None, signatory_id: str | None = None
    ) -> Sequence[Mandate]:
        """Return mandates of any date, oldest first."""
        wanted = {"of_agency": agency_code, "of_signatory": signatory_id}
        asked = {name: value for name, value in wanted.items() if value is not None}
        return [_mandate(row) for row in rows(self._connection, _mandates(*asked), asked)]


@cache
def _mandates(*asked: str) -> Select[Any]:
    query = select(mandates).order_by(mandates.c.starts_on, mandates.c.id)
    if "of_agency" in asked:
        query = query.where(mandates.c.agency_code == bindparam("of_agency"))
    if "of_signatory" in asked:
        query = query.where(mandates.c.signatory_id == bindparam("of_signatory"))
    return query


def _agency(row: Row[Any]) -> Agency:
    return Agency(
        code=row.code,
        name=row.name,
        kind=AgencyKind(row.kind),
        parent_code=row.parent_code,
        number_code=row.number_code,
        seat=row.seat,
        letterhead=Letterhead(
            lines=tuple(row.letterhead_lines),
            address=row.letterhead_address,
            contact=row.letterhead_contact,
            emblem=row.letterhead_emblem,
        ),
        number_pattern=row.number_pattern,
        paper=Paper(row.paper),
        security=SecurityPrinting(row.security),
    )


def _signatory(row: Row[Any]) -> Signatory:
    return Signatory(
        id=row.id,
        number=row.number,
        name=row.name,
        nip=row.nip,
        rank=row.rank,
        key_id=row.key_id,
    )


def _mandate(row: Row[Any]) -> Mandate:
    types = row.letter_types
    return Mandate(
        id=row.id,
        signatory_id=row.signatory_id,
        agency_code=row.agency_code,
        kind=MandateKind(row.kind),
        position=row.position,
        principal=row.principal,
        via=row.via,
        decree_number=row.decree_number,
        starts_on=row.starts_on,
        ends_on=row.ends_on,
        letter_types=None if types is None else frozenset(types),
    )
