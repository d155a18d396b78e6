"""Imports by page, on both databases: shown, then stored exactly so, whole or not at all."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from issuer import spreadsheets
from issuer.bootstrap import Composition
from issuer.domain.access import Actor, Role
from issuer.domain.errors import (
    CorruptStore,
    InvalidInput,
    NotFound,
    NotPermitted,
    StaleVersion,
    TooManyAttempts,
)
from issuer.domain.limits import ALLOWANCES, Rule
from issuer.domain.resident_imports import WAITS, ResidentImport
from issuer.domain.resident_rows import HEADINGS as MEANINGS
from issuer.services.resident_imports import Preview
from issuer.services.resident_tables import RowOutcome
from issuer.storage.resident_imports import SqlResidentImports
from issuer.texts.residents import COLUMNS
from tests.offices import DISTRICT, VILLAGE, WARD, Clock, compose_office
from tests.residents.resident_tables import BUDI, CLERK, SINTA, SITI, imported, write_csv

ADMIN = Actor("admin", Role.AGENCY_ADMIN, VILLAGE)
COLLEAGUE = Actor("colleague", Role.AGENCY_ADMIN, VILLAGE)
WARDS_ADMIN = Actor("wards", Role.AGENCY_ADMIN, WARD)
REGENCY = Actor("regency", Role.REGENCY_ADMIN, None)
BAD = ("12", *SITI[1:])


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def shared(shared_office: Path, clock: Clock) -> Iterator[Composition]:
    """An office on either database."""
    composition = compose_office(shared_office, clock)
    yield composition
    composition.close()


def table(tmp_path: Path, *rows: tuple[str, ...]) -> bytes:
    return write_csv(tmp_path / "x.csv", *rows).read_bytes()


def shown(
    office: Composition, one: ResidentImport, actor: Actor = ADMIN, agency: str = VILLAGE
) -> Preview:
    _, preview = office.services.resident_imports.one(actor, agency, one.id)
    assert preview is not None
    return preview


def names(office: Composition, typed: str = "contoh") -> list[str]:
    return [one.holder.name for one in office.services.residents.found(CLERK, VILLAGE, typed)]


def trail(office: Composition, action: str) -> list[tuple[str, str, dict[str, str | int]]]:
    with office.register.reading() as uow:
        events = [entry.event for entry in uow.audit.entries()]
    return [(e.actor_id, e.subject, dict(e.facts)) for e in events if e.action == action]


def test_nothing_is_stored_before_it_is_confirmed_and_then_what_was_shown(
    shared: Composition, clock: Clock, tmp_path: Path
) -> None:
    imports = shared.services.resident_imports
    imported(shared.services.residents, SITI, BUDI)
    changed = (*SITI[:7], "Guru", SITI[8])
    data = table(tmp_path, changed, BUDI, SINTA, BAD)
    one = imports.begin(ADMIN, VILLAGE, data, complete=False)
    preview = shown(shared, one)
    assert preview.counts == {
        RowOutcome.CHANGED: 1,
        RowOutcome.SAME: 1,
        RowOutcome.ADDED: 1,
        RowOutcome.REFUSED: 1,
    }
    assert [(r.number, [p.code for p in r.problems]) for r in preview.refused] == [
        (5, ["impossible_nik"])
    ]
    assert names(shared) == ["Siti Aminah Contoh"]
    clock.advance(timedelta(minutes=5))
    done = imports.confirm(ADMIN, VILLAGE, one.id, preview.digest)
    assert sorted(names(shared)) == ["Sinta Aminarti Contoh", "Siti Aminah Contoh"]
    (siti,) = shared.services.residents.found(CLERK, VILLAGE, SITI[0])
    assert siti.holder.occupation == "Guru"
    assert done.counts == {"changed": 1, "same": 1, "added": 1, "refused": 1}
    facts = {"added": 1, "changed": 1, "import": one.id}
    assert trail(shared, "residents.imported")[-1] == ("admin", VILLAGE, facts)
    latest, who = imports.done(ADMIN, VILLAGE)[0]
    assert (latest.id, who) == (one.id, None)
    assert shared.services.residents.as_of(CLERK, VILLAGE) == clock.now()
    assert imports.one(ADMIN, VILLAGE, one.id) == (done, None)
    # The same form again is the same import.
    assert imports.confirm(ADMIN, VILLAGE, one.id, preview.digest) == done
    assert len(trail(shared, "residents.imported")) == 2


def test_whatever_changed_in_between_is_shown_again_first(
    shared: Composition, clock: Clock, tmp_path: Path
) -> None:
    imports = shared.services.resident_imports
    imported(shared.services.residents, SITI)
    one = imports.begin(ADMIN, VILLAGE, table(tmp_path, SITI, SINTA), complete=False)
    agreed = shown(shared, one).digest
    clock.advance(timedelta(minutes=1))
    # Another import leads to rows that end differently, or the same way from another state.
    imported(shared.services.residents, (*SITI[:7], "Guru", SITI[8]))
    for wrong in (agreed, "", "0" * 64, "é"):
        with pytest.raises(StaleVersion):
            imports.confirm(ADMIN, VILLAGE, one.id, wrong)
    assert names(shared, "sinta") == []
    agreed = shown(shared, one).digest
    clock.advance(timedelta(minutes=1))
    imported(shared.services.residents, (*SITI[:7], "Dosen", SITI[8]))
    assert shown(shared, one).counts == {RowOutcome.CHANGED: 1, RowOutcome.ADDED: 1}
    with pytest.raises(StaleVersion):
        imports.confirm(ADMIN, VILLAGE, one.id, agreed)
    imports.confirm(ADMIN, VILLAGE, one.id, shown(shared, one).digest)
    assert names(shared, "sinta") == [SINTA[1]]


def test_an_import_that_breaks_off_stores_nobody_and_can_be_confirmed_again(
    shared: Composition, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    imports = shared.services.resident_imports
    one = imports.begin(ADMIN, VILLAGE, table(tmp_path, SITI, SINTA), complete=False)
    agreed = shown(shared, one).digest

    def broken(*_: object) -> None:
        raise RuntimeError("here it was killed")

    with monkeypatch.context() as patched:
        patched.setattr(SqlResidentImports, "finish", broken)
        with pytest.raises(RuntimeError):
            imports.confirm(ADMIN, VILLAGE, one.id, agreed)
    assert names(shared) == []
    assert trail(shared, "residents.imported") == []
    imports.confirm(ADMIN, VILLAGE, one.id, agreed)
    assert len(names(shared)) == 2


def test_a_table_that_waits_is_sealed_in_its_row_and_gone_afterwards(
    shared: Composition, tmp_path: Path
) -> None:
    imports = shared.services.resident_imports
    one = imports.begin(ADMIN, VILLAGE, table(tmp_path, SITI), complete=False)
    other = imports.begin(COLLEAGUE, VILLAGE, table(tmp_path, BUDI), complete=False)

    def everything() -> list[bytes]:
        with shared.engine.connect() as connection:
            return [
                bytes(value) if isinstance(value, bytes | memoryview) else str(value).encode()
                for row in connection.execute(sa.text("SELECT * FROM resident_imports"))
                for value in row
            ]

    for secret in (SITI[0], "Siti", "Budi", "Contoh", "NIK"):
        assert not [value for value in everything() if secret.encode() in value], secret
    assert max(map(len, everything())) > 200
    imports.confirm(ADMIN, VILLAGE, one.id, shown(shared, one).digest)
    contents = sa.text("SELECT id FROM resident_imports WHERE content IS NOT NULL")
    with shared.engine.begin() as connection:
        assert list(connection.execute(contents).scalars()) == [other.id]
        # A table put into another row does not open there.
        connection.execute(
            sa.text("UPDATE resident_imports SET id = :new WHERE id = :id"),
            {"id": other.id, "new": "f" * 32},
        )
    with pytest.raises(CorruptStore):
        imports.one(COLLEAGUE, VILLAGE, "f" * 32)


def test_a_table_waits_an_hour_for_whoever_sent_it_and_nobody_else(
    shared: Composition, clock: Clock, tmp_path: Path
) -> None:
    imports = shared.services.resident_imports
    one = imports.begin(ADMIN, VILLAGE, table(tmp_path, SITI), complete=False)
    agreed = shown(shared, one).digest
    with pytest.raises(NotFound):
        imports.one(COLLEAGUE, VILLAGE, one.id)
    with pytest.raises(NotFound):
        imports.confirm(REGENCY, VILLAGE, one.id, agreed)
    with pytest.raises(NotFound):
        imports.drop(REGENCY, WARD, one.id)
    with pytest.raises(NotPermitted):
        imports.one(WARDS_ADMIN, VILLAGE, one.id)
    # Another table of the same admin takes its place, and a dropped one is gone.
    second = imports.begin(ADMIN, VILLAGE, table(tmp_path, BUDI), complete=False)
    with pytest.raises(NotFound):
        imports.one(ADMIN, VILLAGE, one.id)
    clock.advance(WAITS - timedelta(seconds=1))
    assert imports.sweep() == 0
    assert shown(shared, second).counts == {RowOutcome.ADDED: 1}
    clock.advance(timedelta(seconds=2))
    with pytest.raises(NotFound):
        imports.confirm(ADMIN, VILLAGE, second.id, agreed)
    assert (imports.sweep(), imports.sweep()) == (1, 0)
    third = imports.begin(ADMIN, VILLAGE, table(tmp_path, BUDI), complete=False)
    imports.drop(ADMIN, VILLAGE, third.id)
    with pytest.raises(NotFound):
        imports.one(ADMIN, VILLAGE, third.id)
    assert names(shared, "budi") == []


def test_an_agency_takes_nobody_from_another_and_the_regency_moves_them(
    shared: Composition, tmp_path: Path
) -> None:
    imports = shared.services.resident_imports
    imported(shared.services.residents, SITI, agency=WARD)
    one = imports.begin(ADMIN, VILLAGE, table(tmp_path, SITI, SINTA), complete=False)
    preview = shown(shared, one)
    assert [(r.number, r.problems[0].code) for r in preview.refused] == [(2, "lives_elsewhere")]
    imports.confirm(ADMIN, VILLAGE, one.id, preview.digest)
    assert names(shared) == [SINTA[1]]
    one = imports.begin(REGENCY, VILLAGE, table(tmp_path, SITI), complete=False)
    preview = shown(shared, one, REGENCY)
    assert preview.counts == {RowOutcome.MOVED: 1}
    imports.confirm(REGENCY, VILLAGE, one.id, preview.digest)
    assert sorted(names(shared)) == [SINTA[1], SITI[1]]


def test_a_complete_table_shows_whom_it_removes_and_a_bad_row_saves_them(
    shared: Composition, tmp_path: Path
) -> None:
    imports = shared.services.resident_imports
    imported(shared.services.residents, SITI, BUDI)
    one = imports.begin(ADMIN, VILLAGE, table(tmp_path, SITI, BAD), complete=True)
    assert shown(shared, one).counts[RowOutcome.REMOVED] == 0
    with pytest.raises(InvalidInput, match="removes_most"):
        imports.begin(ADMIN, VILLAGE, table(tmp_path, SINTA), complete=True)
    one = imports.begin(ADMIN, VILLAGE, table(tmp_path, SITI), complete=True)
    preview = shown(shared, one)
    assert preview.counts == {RowOutcome.SAME: 1, RowOutcome.REMOVED: 1}
    assert preview.does_something
    imports.confirm(ADMIN, VILLAGE, one.id, preview.digest)
    assert names(shared, "budi") == []
    assert trail(shared, "residents.imported")[-1][2]["removed"] == 1


def test_a_register_is_as_old_as_its_oldest_village(shared: Composition, clock: Clock) -> None:
    residents = shared.services.residents
    head = Actor("d", Role.COUNTER, DISTRICT)
    assert residents.as_of(head, DISTRICT) is None
    imported(residents, SITI)
    first = clock.now()
    clock.advance(timedelta(days=30))
    assert residents.as_of(head, DISTRICT) == residents.as_of(CLERK, VILLAGE) == first
    # Nothing changed, and yet the register is known to be of today.
    imported(residents, SITI, dry_run=True)
    assert residents.as_of(CLERK, VILLAGE) == first
    imported(residents, SITI)
    assert residents.as_of(CLERK, VILLAGE) == clock.now()
    with pytest.raises(NotPermitted):
        residents.as_of(ADMIN, VILLAGE)


@pytest.mark.parametrize("role", sorted(set(Role)))
def test_whoever_may_not_import_does_nothing_of_it(
    office: Composition, tmp_path: Path, role: Role
) -> None:
    imports = office.services.resident_imports
    actor = Actor("x", role, WARD if role is Role.AGENCY_ADMIN else VILLAGE)
    if role in (Role.OPERATOR, Role.REGENCY_ADMIN):
        return
    for tried in (
        lambda: imports.begin(actor, VILLAGE, table(tmp_path, SITI), complete=False),
        lambda: imports.one(actor, VILLAGE, "0" * 32),
        lambda: imports.confirm(actor, VILLAGE, "0" * 32, ""),
        lambda: imports.drop(actor, VILLAGE, "0" * 32),
        lambda: imports.done(actor, VILLAGE),
        lambda: imports.has_residents(actor, VILLAGE),
    ):
        with pytest.raises(NotPermitted):
            tried()


def test_tables_sent_too_often_are_not_read(
    office: Composition, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    allowed = ALLOWANCES[Rule.IMPORTS_PER_ACCOUNT]
    monkeypatch.setitem(ALLOWANCES, Rule.IMPORTS_PER_ACCOUNT, allowed._replace(attempts=1))
    imports = office.services.resident_imports
    with pytest.raises(InvalidInput):
        imports.begin(ADMIN, VILLAGE, b"no table", complete=False)
    with pytest.raises(TooManyAttempts):
        imports.begin(ADMIN, VILLAGE, table(tmp_path, SITI), complete=False)


def test_the_sample_is_a_table_that_this_office_takes(office: Composition) -> None:
    imports = office.services.resident_imports
    one = imports.begin(ADMIN, VILLAGE, imports.sample(), complete=True)
    preview = shown(office, one)
    assert preview.counts == {RowOutcome.ADDED: 2}
    assert preview.left_out == []


def test_every_column_has_a_name() -> None:
    assert set(COLUMNS) == set(MEANINGS)


def test_a_page_takes_less_than_the_command(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refusal(data: bytes) -> str:
        with pytest.raises(InvalidInput) as caught:
            list(spreadsheets.read_upload(data))
        return caught.value.problems[0].code

    limit = spreadsheets.UPLOAD
    assert limit.file_bytes < spreadsheets.MAX_FILE_BYTES
    assert refusal(b"n;" * (limit.file_bytes // 2 + 1)) == "table_too_large"
    bomb = tmp_path / "bomb.xlsx"
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b" " * (limit.unpacked_bytes + 1))
    assert bomb.stat().st_size < 100_000
    assert refusal(bomb.read_bytes()) == "table_too_large"
    monkeypatch.setattr(spreadsheets, "UPLOAD", spreadsheets.Bounds(10**6, 10**6, 2))
    assert refusal(table(tmp_path, SITI, BUDI)) == "table_too_large"


def test_a_formula_is_the_value_that_was_kept_with_it_or_nothing() -> None:
    rows = list(spreadsheets.read_upload(spreadsheets.write_sheet([["=1+1", "a"], ["b"]])))
    assert rows == [(1, ["", "a"]), (2, ["b"])]
