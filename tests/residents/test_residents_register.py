"""The register of residents on both databases: filled, found, sealed, audited."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
import sqlalchemy as sa

from issuer.bootstrap import Composition
from issuer.domain.access import Actor, Role
from issuer.domain.errors import CorruptStore, InvalidInput, NotFound, NotPermitted, TooManyAttempts
from issuer.domain.limits import ALLOWANCES, Rule
from issuer.services import residents as service
from issuer.services.resident_tables import RowOutcome
from issuer.services.residents import Residents
from tests.offices import DISTRICT, OPERATOR, VILLAGE, WARD, WARDS_DISTRICT, Clock, compose_office
from tests.residents.resident_tables import (
    BUDI,
    CLERK,
    HEADINGS,
    SINTA,
    SITI,
    imported,
    numbered,
)

ADDED, CHANGED, MOVED, SAME, REFUSED, REMOVED = RowOutcome


@pytest.fixture
def shared(shared_office: Path) -> Iterator[Composition]:
    """An office on either database."""
    composition = compose_office(shared_office, Clock())
    yield composition
    composition.close()


def outcomes(residents: Residents, *rows: tuple[str, ...], **options: object) -> list[RowOutcome]:
    return [result.outcome for result in imported(residents, *rows, **options)]  # type: ignore[arg-type]


def names(residents: Residents, typed: str, actor: Actor = CLERK) -> list[str]:
    assert actor.agency_code is not None
    return [one.holder.name for one in residents.found(actor, actor.agency_code, typed)]


def trail(office: Composition, action: str) -> list[tuple[str, str, dict[str, str | int]]]:
    with office.register.reading() as uow:
        events = [entry.event for entry in uow.audit.entries()]
    return [(e.actor_id, e.subject, dict(e.facts)) for e in events if e.action == action]


def test_a_row_is_added_once_changed_when_it_differs_and_moved_with_its_person(
    shared: Composition,
) -> None:
    residents = shared.services.residents
    assert outcomes(residents, SITI, BUDI) == [ADDED, ADDED]
    assert outcomes(residents, SITI, BUDI) == [SAME, SAME]
    changed = (*SITI[:1], "Siti Aminah Baru", *SITI[2:])
    assert outcomes(residents, changed, BUDI, dry_run=True) == [CHANGED, SAME]
    assert names(residents, "siti") == ["Siti Aminah Contoh"]
    assert outcomes(residents, changed, BUDI) == [CHANGED, SAME]
    assert names(residents, "contoh") == []
    assert names(residents, "siti baru") == ["Siti Aminah Baru"]
    assert outcomes(residents, changed, agency=WARD) == [MOVED]
    assert names(residents, "siti") == []
    assert names(residents, SITI[0]) == []
    assert names(residents, "siti", Actor("w", Role.COUNTER, WARD)) == ["Siti Aminah Baru"]
    assert [facts for _, _, facts in trail(shared, "residents.imported")] == [
        {"added": 2, "last_row": 3},
        {"changed": 1, "last_row": 3},
        {"moved": 1, "last_row": 2},
    ]


def test_somebody_is_found_by_nik_and_by_beginnings_of_the_name(shared: Composition) -> None:
    residents = shared.services.residents
    outcomes(residents, SITI, BUDI, SINTA)
    assert names(residents, "3522 9957 0890 0001") == ["Siti Aminah Contoh"]
    assert names(residents, "amin") == ["Sinta Aminarti Contoh", "Siti Aminah Contoh"]
    assert names(residents, "aminah s") == ["Siti Aminah Contoh"]
    assert names(residents, "marufi") == []
    assert names(residents, "MISAL b") == ["Budi Ma'ruf Misal"]
    assert names(residents, "3522990101900009") == []
    assert names(residents, "contoh", Actor("d", Role.COUNTER, DISTRICT)) == [
        "Sinta Aminarti Contoh",
        "Siti Aminah Contoh",
    ]
    for elsewhere in (WARD, WARDS_DISTRICT):
        assert names(residents, "siti", Actor("w", Role.COUNTER, elsewhere)) == []
        assert names(residents, SITI[0], Actor("w", Role.COUNTER, elsewhere)) == []


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("", "name_too_short"),
        ("a b", "name_too_short"),
        ("..", "name_too_short"),
        ("si ti", "name_too_short"),
        ("12", "impossible_nik"),
        ("3522 9957 0890 0001 9", "impossible_nik"),
    ],
)
def test_too_little_is_not_looked_for(office: Composition, typed: str, code: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        office.services.residents.found(CLERK, VILLAGE, typed)
    assert [problem.code for problem in caught.value.problems] == [code]


def test_more_than_fit_on_a_page_are_not_shown(
    office: Composition, monkeypatch: pytest.MonkeyPatch
) -> None:
    residents = office.services.residents
    outcomes(residents, SITI, BUDI, SINTA)
    monkeypatch.setattr(service, "MAX_FOUND", 1)
    for most in (2000, 1):
        monkeypatch.setattr(service, "_MAX_LOOKED_AT", most)
        with pytest.raises(InvalidInput) as caught:
            names(residents, "contoh")
        assert [problem.code for problem in caught.value.problems] == ["too_many_found"]
        assert names(residents, "budi") == ["Budi Ma'ruf Misal"]


def test_every_look_is_written_down_and_names_nobody(office: Composition) -> None:
    residents = office.services.residents
    outcomes(residents, SITI, SINTA)
    (siti,) = residents.found(CLERK, VILLAGE, SITI[0])
    residents.found(CLERK, VILLAGE, "contoh")
    residents.one(CLERK, VILLAGE, siti.id)
    assert trail(office, "residents.searched") == [
        ("clerk", siti.id, {"by": "nik", "found": 1}),
        ("clerk", VILLAGE, {"by": "name", "found": 2}),
    ]
    assert trail(office, "resident.opened") == [("clerk", siti.id, {})]


def test_who_looks_too_often_waits(office: Composition, monkeypatch: pytest.MonkeyPatch) -> None:
    allowed = ALLOWANCES[Rule.RESIDENTS_PER_ACCOUNT]
    monkeypatch.setitem(ALLOWANCES, Rule.RESIDENTS_PER_ACCOUNT, allowed._replace(attempts=2))
    residents = office.services.residents
    assert names(residents, "siti") == names(residents, "siti") == []
    for look in (lambda: names(residents, "siti"), lambda: residents.one(CLERK, VILLAGE, "x")):
        with pytest.raises(TooManyAttempts):
            look()
    assert names(residents, "siti", Actor("other", Role.COUNTER, VILLAGE)) == []


@pytest.mark.parametrize("role", sorted(set(Role) - {Role.COUNTER}))
def test_nobody_but_a_counter_reads_and_only_its_own(office: Composition, role: Role) -> None:
    residents = office.services.residents
    outcomes(residents, SITI)
    (siti,) = residents.found(CLERK, VILLAGE, SITI[0])
    for actor in (Actor("x", role, VILLAGE), Actor("x", Role.COUNTER, WARD)):
        for look in (
            lambda actor=actor: residents.found(actor, VILLAGE, "siti"),
            lambda actor=actor: residents.one(actor, VILLAGE, siti.id),
            lambda actor=actor: residents.any_of(actor, VILLAGE),
        ):
            with pytest.raises(NotPermitted):
                look()
    if role not in (Role.OPERATOR, Role.AGENCY_ADMIN, Role.REGENCY_ADMIN):
        with pytest.raises(NotPermitted):
            residents.imported(Actor("x", role, VILLAGE), numbered(SITI), VILLAGE)


def test_a_resident_of_elsewhere_cannot_be_opened_by_id(office: Composition) -> None:
    residents = office.services.residents
    outcomes(residents, SITI)
    (siti,) = residents.found(CLERK, VILLAGE, SITI[0])
    for resident_id in (siti.id, "0" * 32, ""):
        with pytest.raises(NotFound):
            residents.one(Actor("w", Role.COUNTER, WARD), WARD, resident_id)
    assert residents.any_of(CLERK, VILLAGE)
    assert residents.any_of(Actor("d", Role.COUNTER, DISTRICT), DISTRICT)
    assert not residents.any_of(Actor("w", Role.COUNTER, WARD), WARD)


def test_a_preview_waits_for_no_counter(office: Composition) -> None:
    with office.register.writing():
        assert outcomes(office.services.residents, SITI, dry_run=True) == [ADDED]


def test_bad_rows_are_refused_by_themselves(office: Composition) -> None:
    bad = ("12", *SITI[1:])
    results = imported(office.services.residents, bad, SITI, SITI, BUDI)
    assert [(r.number, r.outcome, [p.code for p in r.problems]) for r in results] == [
        (2, REFUSED, ["impossible_nik"]),
        (3, ADDED, []),
        (4, REFUSED, ["twice_in_file"]),
        (5, ADDED, []),
    ]
    assert results[2].problems[0].facts == {"row": 3}


def test_everybody_lives_in_a_village_or_a_ward(office: Composition) -> None:
    residents = office.services.residents
    for code in (DISTRICT, "35.22.99.2001", "x"):
        with pytest.raises(InvalidInput, match="agency: not_a_home"):
            residents.imported(OPERATOR, numbered(SITI), code)
    with pytest.raises(InvalidInput, match="agency: column_missing"):
        residents.imported(OPERATOR, numbered(SITI))
    table = [
        (1, (*HEADINGS, "Kode Desa")),
        (2, (*SITI, VILLAGE.replace(".", ""))),
        (3, (*BUDI, WARD)),
        (4, (*SINTA, DISTRICT)),
    ]
    _, results = residents.imported(OPERATOR, table, VILLAGE)
    assert [[p.code for p in r.problems] for r in results] == [[], ["another_home"], ["not_a_home"]]
    _, results = residents.imported(OPERATOR, table)
    assert [r.outcome for r in results] == [SAME, ADDED, REFUSED]


@pytest.mark.parametrize("table", [[], [(1, HEADINGS)]])
def test_a_table_without_rows_is_refused(
    office: Composition, table: list[tuple[int, tuple[str, ...]]]
) -> None:
    with pytest.raises(InvalidInput):
        list(office.services.residents.imported(OPERATOR, table, VILLAGE)[1])


def test_an_import_that_was_interrupted_is_done_again(
    shared: Composition, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(service, "_ROWS_A_TRANSACTION", 1)
    residents = shared.services.residents
    _, results = residents.imported(OPERATOR, numbered(SITI, BUDI, SINTA), VILLAGE)
    next(results)
    next(results)
    del results
    assert names(residents, "contoh") == ["Siti Aminah Contoh"]
    assert outcomes(residents, SITI, BUDI, SINTA) == [SAME, SAME, ADDED]
    counted = [facts["last_row"] for _, _, facts in trail(shared, "residents.imported")]
    assert counted == [2, 3, 4]


def test_a_complete_table_removes_whom_it_does_not_name(shared: Composition) -> None:
    residents = shared.services.residents
    outcomes(residents, SITI, BUDI)
    outcomes(residents, SINTA, agency=WARD)
    assert outcomes(residents, SITI, complete=True, dry_run=True) == [SAME, REMOVED]
    assert names(residents, "budi") == ["Budi Ma'ruf Misal"]
    assert outcomes(residents, SITI, complete=True) == [SAME, REMOVED]
    assert names(residents, "budi") == names(residents, BUDI[0]) == []
    assert names(residents, "siti") == ["Siti Aminah Contoh"]
    ward = Actor("w", Role.COUNTER, WARD)
    assert names(residents, "sinta", ward) == ["Sinta Aminarti Contoh"]
    assert trail(shared, "residents.removed") == [("operator", VILLAGE, {"removed": 1})]
    assert outcomes(residents, SITI, complete=True) == [SAME]
    assert outcomes(residents, SITI, BUDI, complete=True) == [SAME, ADDED]
    with shared.engine.connect() as connection:
        left = connection.execute(sa.text("SELECT count(*) FROM resident_names")).scalar_one()
    assert left == 3 * len((SITI, BUDI, SINTA))


def test_a_complete_table_with_a_bad_row_or_of_somewhere_else_removes_nobody(
    office: Composition,
) -> None:
    residents = office.services.residents
    outcomes(residents, SITI, BUDI)
    assert outcomes(residents, SITI, ("12", *BUDI[1:]), complete=True) == [SAME, REFUSED]
    with pytest.raises(InvalidInput, match="file: removes_most"):
        outcomes(residents, SINTA, complete=True)
    with pytest.raises(InvalidInput, match="agency: required"):
        outcomes(residents, SITI, agency=None, complete=True)
    assert names(residents, "siti") + names(residents, "budi") == [SITI[1], BUDI[1]]


def test_the_database_tells_nothing_about_anybody(shared: Composition) -> None:
    outcomes(shared.services.residents, SITI, BUDI)
    outcomes(shared.services.residents, SINTA, agency=WARD)
    names(shared.services.residents, "siti")
    with shared.engine.connect() as connection:
        everything = [
            bytes(value) if isinstance(value, bytes | memoryview) else str(value).encode()
            for table in ("residents", "resident_names", "audit_trail", "attempts")
            for row in connection.execute(sa.text(f"SELECT * FROM {table}"))  # noqa: S608 - names of our own
            for value in row
        ]
    assert len(everything) > 30
    for secret in ("3522995708900001", "0001", "Siti", "siti", "sit", "Contoh", "1990", "Islam"):
        assert not [value for value in everything if secret.encode() in value], secret


def test_a_name_has_another_key_in_another_agency(office: Composition) -> None:
    outcomes(office.services.residents, SITI)
    outcomes(office.services.residents, SINTA, agency=WARD)
    with office.engine.connect() as connection:
        keys = list(connection.execute(sa.text("SELECT key_index FROM resident_names")).scalars())
    # Both are called Contoh and Amin…: three words each, and no key stands twice.
    assert len(keys) == len(set(keys)) == 6


def test_a_row_moved_to_another_resident_does_not_open(office: Composition) -> None:
    outcomes(office.services.residents, SITI, BUDI)
    with office.engine.begin() as connection:
        connection.execute(
            sa.text("UPDATE residents SET holder = (SELECT max(holder) FROM residents)")
        )
    opened = 0
    for row in (SITI, BUDI):
        with suppress(CorruptStore):
            office.services.residents.found(CLERK, VILLAGE, row[0])
            opened += 1
    assert opened == 1
