"""The demo office: a whole regency with invented people, every letter marked CONTOH."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from dataclasses import fields
from datetime import datetime
from pathlib import Path
from typing import cast

from issuer.bootstrap import Composition, compose
from issuer.config import SETTINGS_FILE, Profile, Settings, locate_templates
from issuer.domain.access import Actor, Role
from issuer.domain.application import ORIGIN_HOME
from issuer.domain.blank import Serial, SerialRange
from issuer.domain.errors import ConfigurationError
from issuer.domain.letter import Letter
from issuer.domain.letter_request import (
    ORIGIN_COUNTER,
    LetterRequest,
    RequestAction,
)
from issuer.domain.letter_types import LetterType
from issuer.domain.limits import Asker
from issuer.domain.office import Agency
from issuer.domain.people import Holder
from issuer.domain.ports import Clock, Random
from issuer.domain.presentation import SecurityPrinting
from issuer.founding import (
    certify_signatories,
    create_keys,
    create_secrets,
    upgrade_database,
)
from issuer.regency import Regency, load_regency
from issuer.services.intake import LetterOrder
from issuer.services.moving import open_request
from issuer.specimens import load_vocabulary, officers, residents
from issuer.web.settings import DemoSignIn

PASSWORD = "bojonegoro-contoh"  # noqa: S105 - printed on the sign-in page of the demo
SEED = 3522
_SAMPLES = 6
_RESIDENTS = 80
_SAMPLE_KINDS = 3
"""The first types are about anybody; a later one may need a mother or a deceased."""
_SEEDER = Actor("demo", Role.OPERATOR, None)
_HOME = "35.22.06.2001"
"""Where the resident lives who has an account."""

_AT_HOME = "Warga, masuk di /masuk/warga"
RESIDENT_PASSWORD = "perahu-di-bengawan-solo"  # noqa: S105 - printed on the sign-in page too
Say = Callable[[str], None]


COUNTERS = (
    ("loket-jetak", "35.22.15.1001"),
    ("loket-ngunut", "35.22.06.2001"),
    ("loket-dander", "35.22.06"),
)
REVIEWERS = (("verifikator-jetak", "35.22.15.1001"),)
OFFICERS = (
    ("lurah-jetak", "35.22.15.1001"),
    ("kades-ngunut", "35.22.06.2001"),
    ("camat-dander", "35.22.06"),
)
ADMINISTRATION: tuple[tuple[str, Role, str | None, str], ...] = (
    ("admin-dander", Role.AGENCY_ADMIN, "35.22.06", "Admin Kecamatan Dander"),
    ("admin-kabupaten", Role.REGENCY_ADMIN, None, "Admin kabupaten"),
    ("auditor", Role.AUDITOR, None, "Auditor"),
)
PIN = "295038"
"""Of every officer of the demo; printed on its sign-in page."""

_WAITING = 12
_EVERY = 3
"""So many in one: which of those that wait was sent from home and waits for its review."""

_ON_BLANKS = "35.22.06"
_BLANKS = SerialRange(Serial("BJN", 1), Serial("BJN", 200))
"""One counter prints on numbered paper, so that this can be tried as well."""


def prepare(
    folder: Path,
    base_url: str,
    environ: Mapping[str, str],
    clock: Clock,
    random: Random,
    say: Say,
) -> None:
    """Make a demo office in ``folder``, which is new or empty.

    Settings in ``environ`` hold for it as for any command, a database elsewhere too.

    It is built beside and moved into place when it is whole, so that an
    interrupted start leaves nothing half-made. Raises ``ConfigurationError`` when
    something else is in the folder.
    """
    if folder.exists() and any(folder.iterdir()):
        raise ConfigurationError([f"{folder} is not empty and holds no office; name another one"])
    folder.parent.mkdir(parents=True, exist_ok=True)
    building = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    try:
        _build(building, base_url, environ, clock, random, say)
        if folder.exists():
            folder.rmdir()
        building.rename(folder)
    except BaseException:
        shutil.rmtree(building, ignore_errors=True)
        raise


def sign_ins(composition: Composition) -> list[DemoSignIn]:
    """Return the demo's sign-ins, for the page and the terminal."""
    agencies = {agency.code: agency.name for agency in composition.services.letters.agencies()}
    return (
        [
            DemoSignIn(username, PASSWORD, f"Petugas loket {agencies[code]}")
            for username, code in COUNTERS
        ]
        + [
            DemoSignIn(username, PASSWORD, f"Verifikator {agencies[code]}")
            for username, code in REVIEWERS
        ]
        + [
            DemoSignIn(username, PASSWORD, f"Pejabat {agencies[code]} (PIN {PIN})")
            for username, code in OFFICERS
        ]
        + [DemoSignIn(username, PASSWORD, who) for username, _, _, who in ADMINISTRATION]
        + [DemoSignIn(_resident(composition).nik.value, RESIDENT_PASSWORD, _AT_HOME, resident=True)]
    )


def found(
    folder: Path,
    base_url: str,
    environ: Mapping[str, str],
    regency: Regency,
    clock: Clock,
    random: Random,
    say: Say,
) -> Composition:
    """Found an office in ``folder`` with a regency's agencies and invented officers.

    Raises ``ConfigurationError``.
    """
    values = {
        "profile": Profile.DEMO.value,
        "base_url": base_url,
        "regency_name": regency.name,
        "region_code": regency.region_code,
        "time_zone": regency.zone.key,
    }
    lines = [f'{name} = "{value}"\n' for name, value in values.items()]
    (folder / SETTINGS_FILE).write_text("".join(lines), encoding="utf-8")
    settings = Settings.load(folder, environ)
    say("Membuat kunci contoh / making demo keys")
    create_secrets(settings, random)
    create_keys(settings, clock, random)
    say("Membuat register / making the register")
    upgrade_database(settings)
    composition = compose(settings, clock, random)
    try:
        say(f"Mendaftar {len(regency.agencies)} perangkat daerah / registering agencies")
        _register_agencies(composition, regency, clock.now())
        say("Membuat kunci pejabat / making the signatories' keys")
        with composition.register.reading() as uow:
            certify_signatories(settings, uow, clock, random, say)
    except BaseException:
        composition.close()
        raise
    return composition


def demo_regency() -> Regency:
    """Return the regency the demo is about."""
    return load_regency(locate_templates() / "regency" / "bojonegoro")


def _build(
    folder: Path,
    base_url: str,
    environ: Mapping[str, str],
    clock: Clock,
    random: Random,
    say: Say,
) -> None:
    regency = demo_regency()
    with closing(found(folder, base_url, environ, regency, clock, random, say)) as composition:
        say("Membuat akun dan surat contoh / making accounts and sample letters")
        _make_staff(composition, COUNTERS, Role.COUNTER, "Petugas Loket Contoh")
        _make_staff(composition, REVIEWERS, Role.REVIEWER, "Verifikator Contoh")
        for username, role, place, who in ADMINISTRATION:
            composition.services.accounts.create(
                username=username,
                password=PASSWORD,
                full_name=f"{who} (contoh)",
                role=role,
                agency_code=place,
            )
        _make_officers(composition)
        _give_blanks(composition)
        _fill_register(composition, regency)
        _issue_samples(composition, regency)
        _let_some_wait(composition, regency)
        _give_resident_account(composition)


def _register_agencies(composition: Composition, regency: Regency, now: datetime) -> None:
    office = composition.services.office
    words = load_vocabulary(locate_templates() / "regency" / "bojonegoro")
    with composition.register.writing() as uow:
        if uow.agencies.list():
            raise ConfigurationError(["database_url: this database holds an office already"])
        for agency in regency.agencies:
            uow.agencies.add(agency)
        for officer in officers(words, regency.agencies, seed=SEED, today=office.today(now)):
            uow.signatories.add(officer.signatory)
            uow.signatories.add_mandate(officer.mandate)
        uow.commit()


def _make_staff(
    composition: Composition, people: Sequence[tuple[str, str]], role: Role, full_name: str
) -> None:
    for username, agency_code in people:
        composition.services.accounts.create(
            username=username,
            password=PASSWORD,
            full_name=full_name,
            role=role,
            agency_code=agency_code,
        )


def _make_officers(composition: Composition) -> None:
    services = composition.services
    for username, agency_code in OFFICERS:
        head, _mandate = services.letters.signatories(agency_code)[0]
        services.accounts.create(
            username=username,
            password=PASSWORD,
            full_name=head.name,
            role=Role.SIGNATORY,
            agency_code=agency_code,
        )
        services.officers.link(_SEEDER, username, head.id, PIN)


def _let_some_wait(composition: Composition, regency: Regency) -> None:
    """Open requests that wait for a signature, and some that wait for their review."""
    services = composition.services
    words = load_vocabulary(locate_templates() / "regency" / "bojonegoro")
    today = services.office.today(services.clock.now())
    homes = [agency for agency in regency.agencies if _has_counter(agency)]
    villages = [agency for agency in homes if agency.code.count(".") == 3]
    people = residents(words, _with_districts(regency, homes), _WAITING, seed=1, today=today)
    kinds = _kinds(composition)
    for index, holder in enumerate(people):
        agency, kind = villages[index % len(villages)], kinds[index % len(kinds)]
        if agency.kind in kind.issued_by:
            data = {**kind.example, "holder": holder.as_record()}
            order = services.intake.check(kind.slug, agency.code, data)
            request_id = services.intake.new_request_id()
            if index % _EVERY == 0:
                _send_from_home(composition, request_id, order)
            else:
                services.intake.open_at_counter(
                    _SEEDER, order, request_id=request_id, origin=ORIGIN_COUNTER
                )


def _send_from_home(composition: Composition, request_id: str, order: LetterOrder) -> None:
    now = composition.services.clock.now()
    applicant = Actor(f"home:{request_id}", Role.APPLICANT, None)
    request = LetterRequest(
        id=request_id,
        letter_type=order.letter_type.slug,
        agency_code=order.agency.code,
        holder=order.holder,
        fields=order.fields,
        purpose=order.purpose,
        origin=ORIGIN_HOME,
        created_by=applicant.id,
        created_at_utc=now,
    )
    with composition.register.writing() as uow:
        open_request(uow, applicant, request, [RequestAction.SUBMIT], now)
        uow.commit()


def _resident(composition: Composition) -> Holder:
    """Return who has an account: the same on every day, for it is a letter type's example."""
    services = composition.services
    today = services.office.today(services.clock.now())
    example = cast(Mapping[str, object], _kinds(composition)[0].example["holder"])
    return Holder.parse(example, today)


def _kinds(composition: Composition) -> list[LetterType]:
    kinds = sorted(composition.services.catalogue.all(), key=lambda kind: kind.code)
    return kinds[:_SAMPLE_KINDS]


def _give_resident_account(composition: Composition) -> None:
    """Let a resident have an account, with a letter and a request that waits in it."""
    services, holder = composition.services, _resident(composition)
    first, second, *_ = _kinds(composition)
    issue_sample(composition, _HOME, first, {})
    data = {**second.example, "holder": holder.as_record()}
    order = services.intake.check(second.slug, _HOME, data)
    _send_from_home(composition, services.intake.new_request_id(), order)
    clerk = Actor(_SEEDER.id, Role.COUNTER, _HOME)
    given = services.citizens.give_code(
        clerk, _HOME, holder.nik.value, holder.birth_date, holder.name
    )
    token = services.citizens.activate(
        given.code, holder.birth_date, RESIDENT_PASSWORD, RESIDENT_PASSWORD, Asker(_SEEDER.id), "?"
    )
    services.sessions.end(token)


def _give_blanks(composition: Composition) -> None:
    services = composition.services
    services.agencies.set_printing(_SEEDER, _ON_BLANKS, security=SecurityPrinting.SECURITY_PAPER)
    services.blanks.receive(_SEEDER, _BLANKS, "CONTOH")
    services.blanks.hand_over(_SEEDER, _BLANKS, _ON_BLANKS)


def _fill_register(composition: Composition, regency: Regency) -> None:
    """Let the counters find the residents of their villages, as by a table of each."""
    services = composition.services
    words = load_vocabulary(locate_templates() / "regency" / "bojonegoro")
    today = services.office.today(services.clock.now())
    homes = [agency for agency in regency.agencies if _has_counter(agency)]
    villages = [agency for agency in homes if agency.code.count(".") == 3]
    people = residents(words, _with_districts(regency, homes), _RESIDENTS, seed=SEED, today=today)
    names = [field.name for field in fields(Holder)]
    table: list[tuple[int, Sequence[str]]] = [(1, (*names, "agency"))]
    for index, holder in enumerate(people):
        written = holder.as_record()
        cells = [written[name] for name in names]
        table.append((index + 2, (*cells, villages[index % len(villages)].code)))
    _, results = services.residents.imported(_SEEDER, table)
    if any(result.problems for result in results):
        raise ConfigurationError(["the invented residents do not fit the register"])


def _issue_samples(composition: Composition, regency: Regency) -> None:
    """Issue some letters for invented residents of the counters' villages."""
    services = composition.services
    words = load_vocabulary(locate_templates() / "regency" / "bojonegoro")
    today = services.office.today(services.clock.now())
    homes = [agency for agency in regency.agencies if _has_counter(agency)]
    people = residents(words, _with_districts(regency, homes), _SAMPLES, seed=SEED, today=today)
    kinds = _kinds(composition)
    villages = [agency for agency in homes if agency.code.count(".") == 3]
    for index, holder in enumerate(people):
        agency = villages[index % len(villages)]
        _issue_sample(composition, agency, kinds[index % len(kinds)], holder)


def _issue_sample(
    composition: Composition, agency: Agency, kind: LetterType, holder: Holder
) -> None:
    if agency.kind in kind.issued_by:
        issue_sample(composition, agency.code, kind, {"holder": holder.as_record()})


def issue_sample(
    composition: Composition, agency_code: str, kind: LetterType, changes: Mapping[str, object]
) -> Letter:
    """Issue a type's example with some changes, by the first who may sign it."""
    services = composition.services
    order = services.intake.check(kind.slug, agency_code, {**kind.example, **changes})
    request = services.intake.open_at_counter(
        _SEEDER, order, request_id=services.intake.new_request_id(), origin="demo"
    )
    signatory, _mandate = services.letters.signatories(agency_code)[0]
    endorser = services.letters.usual_endorser(kind, order.agency)
    return services.issuance.issue(_SEEDER, request.id, signatory.id, endorser)


def _has_counter(agency: Agency) -> bool:
    return agency.code in {code for _, code in COUNTERS}


def _with_districts(regency: Regency, homes: list[Agency]) -> list[Agency]:
    parents = {agency.parent_code for agency in homes}
    return homes + [agency for agency in regency.agencies if agency.code in parents]
