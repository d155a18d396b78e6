"""Builds small real offices: real keys, real register, real pages, three agencies."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager, nullcontext
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NoReturn

import pytest

from issuer.bootstrap import Composition, SystemRandom, compose
from issuer.config import SETTINGS_FILE, Settings, locate_templates
from issuer.domain.access import Actor, Role
from issuer.domain.audit import AuditEvent
from issuer.domain.errors import DependencyUnavailable
from issuer.domain.letter import Letter
from issuer.founding import (
    certify_signatories,
    create_keys,
    create_secrets,
    upgrade_database,
)
from issuer.regency import load_regency
from issuer.specimens import load_vocabulary, officers
from issuer.storage.lookup import SqlLookup
from issuer.storage.register import SqlRegister
from tests.databases import fresh_postgres

BASE_URL = "https://surat.bojonegoro.example"
DISTRICT, VILLAGE, WARD = "35.22.06", "35.22.06.2001", "35.22.15.1001"
WARDS_DISTRICT = "35.22.15"
VILLAGE_HEAD = "kades-3522062001"
DISTRICT_HEAD = "camat-352206"
OPERATOR = Actor("operator", Role.OPERATOR, None)
MORNING = datetime(2026, 11, 24, 2, 15, 30, tzinfo=UTC)


class Clock:
    """A clock that a test moves."""

    def __init__(self, at_utc: datetime = MORNING) -> None:
        self.at_utc = at_utc

    def now(self) -> datetime:
        return self.at_utc

    def advance(self, by: timedelta) -> None:
        self.at_utc += by


def work_three_days(office: Composition, until: datetime) -> None:
    """Record something on three days, the last at ``until``: then this clock is believed."""
    with office.register.writing() as uow:
        for before in (2, 1, 0):
            at = until - timedelta(days=before)
            uow.audit.append(AuditEvent(at, OPERATOR.id, "test.worked", "-", {}))
        uow.commit()


def found_office(folder: Path, clock: Clock, database_url: str | None = None) -> None:
    """Found an office with a district, a village and a ward, and their officers."""
    folder.mkdir(parents=True)
    write_settings(folder, database_url)
    settings, random = Settings.load(folder, {}), SystemRandom()
    create_secrets(settings, random)
    create_keys(settings, clock, random)
    upgrade_database(settings)
    composition = compose(settings, clock, random)
    data = locate_templates() / "regency" / "bojonegoro"
    wanted = {DISTRICT, VILLAGE, WARD, WARDS_DISTRICT}
    agencies = [agency for agency in load_regency(data).agencies if agency.code in wanted]
    today = settings.office().today(clock.now())
    with composition.register.writing() as uow:
        for agency in agencies:
            uow.agencies.add(agency)
        for officer in officers(load_vocabulary(data), agencies, seed=1, today=today):
            uow.signatories.add(officer.signatory)
            uow.signatories.add_mandate(officer.mandate)
        uow.commit()
    with composition.register.reading() as uow:
        certify_signatories(settings, uow, clock, random, lambda _line: None)
    composition.close()


@contextmanager
def founded_on(kind: str, folder: Path) -> Iterator[Path]:
    """Found an office on ``sqlite``, or on a ``postgresql`` database of its own."""
    with fresh_postgres() if kind == "postgresql" else nullcontext() as url:
        found_office(folder, Clock(), url)
        yield folder


def write_settings(folder: Path, database_url: str | None = None) -> None:
    """Write ``issuer.toml`` of a demo office."""
    lines = [
        'profile = "demo"',
        f'base_url = "{BASE_URL}"',
        'regency_name = "Kabupaten Bojonegoro"',
        'region_code = "35.22"',
    ]
    if database_url:
        lines.append(f'database_url = "{database_url}"')
    (folder / SETTINGS_FILE).write_text("\n".join(lines) + "\n", encoding="utf-8")


def compose_office(folder: Path, clock: Clock) -> Composition:
    """Compose the office in a folder, as a process of its own would."""
    return compose(Settings.load(folder, {}), clock)


def take_register_away(patch: pytest.MonkeyPatch) -> None:
    """Make the database answer nobody, neither in a transaction nor a lookup."""

    def away(*_: object) -> NoReturn:
        raise DependencyUnavailable("database")

    patch.setattr(SqlRegister, "reading", away)
    patch.setattr(SqlLookup, "_rows", away)


def renew_lists(office: Composition) -> None:
    """Publish what is due, as a running office does."""
    office.publication.publish_if_possible()


def example(office: Composition, slug: str = "domisili") -> dict[str, object]:
    """Return a type's own example: a valid data file."""
    return dict(office.services.catalogue.get(slug).example)


def open_request(
    office: Composition,
    slug: str = "domisili",
    agency: str = VILLAGE,
    data: Mapping[str, object] | None = None,
) -> str:
    """Open a request that awaits a signature and return its id."""
    intake = office.services.intake
    order = intake.check(slug, agency, data or example(office, slug))
    request_id = intake.new_request_id()
    intake.open_at_counter(OPERATOR, order, request_id=request_id, origin="test")
    return request_id


def issue(
    office: Composition,
    slug: str = "domisili",
    agency: str = VILLAGE,
    signatory: str = VILLAGE_HEAD,
    data: Mapping[str, object] | None = None,
    endorser: str | None = None,
) -> Letter:
    """Issue one letter; the district's head endorses it where somebody must."""
    request_id = open_request(office, slug, agency, data)
    letters = office.services.letters
    letter_type = office.services.catalogue.get(slug)
    endorser = endorser or letters.usual_endorser(letter_type, letters.agency(agency))
    return office.services.issuance.issue(OPERATOR, request_id, signatory, endorser)


def replace_letter(
    office: Composition,
    old: Letter,
    data: Mapping[str, object] | None = None,
    decided_by: Actor | None = None,
    reason: str = "Salah nama",
) -> Letter:
    """Issue a letter of the village in the place of an old one."""
    slug, agency = old.record.type_slug, old.record.agency_code
    order = office.services.intake.check(slug, agency, data or example(office, slug))
    return office.services.letters.replace(
        OPERATOR, old.id, order, reason, VILLAGE_HEAD, origin="test", decided_by=decided_by
    )


def pdf_of(office: Composition, letter: Letter) -> bytes:
    """Return the finished file of a letter."""
    return office.services.letters.pdf(OPERATOR, letter.id)
