"""The migrated database is the one ``schema.py`` describes, on both databases."""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext

from issuer.domain.errors import ConfigurationError, CorruptStore
from issuer.storage import migrations
from issuer.storage.database import open_engine
from issuer.storage.migrations import current, is_current, upgrade
from issuer.storage.schema import metadata

REVISIONS = Path(str(migrations.__file__)).parent / "versions"
NEWEST = "0030"
spawn = multiprocessing.get_context("spawn")
TRIGGERS = {
    "letters_keep_their_number",
    "letters_stay_issued",
    "letters_stay_voided",
    "letters_keep_their_endorser",
    "letters_are_never_deleted",
    "audit_trail_is_never_changed",
    "audit_trail_is_never_deleted",
    "blanks_keep_their_print",
    "blanks_keep_their_serial",
    "blanks_stay_final",
    "blanks_are_never_deleted",
    "blank_events_are_never_changed",
    "blank_events_are_never_deleted",
    "type_versions_are_never_deleted",
    "type_versions_keep_what_was_proposed",
    "type_versions_stay_final",
}
ON_POSTGRESQL = {
    "letters_are_never_truncated",
    "audit_trail_is_never_truncated",
    "blanks_are_never_truncated",
    "blank_events_are_never_truncated",
    "type_versions_are_never_truncated",
}


@pytest.fixture(params=["empty sqlite", "empty postgresql"])
def empty_url(request: pytest.FixtureRequest, databases: dict[str, Callable[[], str]]) -> str:
    return databases[request.param]()


@pytest.fixture
def created(empty_url: str) -> Iterator[sa.Engine]:
    """A database made from ``schema.py`` without any migration."""
    engine = sa.create_engine(empty_url)
    metadata.create_all(engine)
    yield engine
    engine.dispose()


def test_nothing_differs_from_the_schema(raw: sa.Engine) -> None:
    with raw.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_server_default": True})
        assert compare_metadata(context, metadata) == []


def test_constraints_and_collations_are_those_of_the_schema(
    databases: dict[str, Callable[[], str]], created: sa.Engine
) -> None:
    """Alembic compares neither checks nor collations nor the names of constraints."""
    migrated = sa.create_engine(databases[created.dialect.name](), poolclass=sa.NullPool)
    tables = sa.inspect(created).get_table_names()
    assert set(tables) == set(metadata.tables)
    for table in tables:
        assert _described(migrated, table) == _described(created, table)


def test_the_triggers_are_there(raw: sa.Engine) -> None:
    catalogue = {
        "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger'",
        "postgresql": "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled = 'O'",
    }[raw.dialect.name]
    with raw.connect() as connection:
        found = set(connection.exec_driver_sql(catalogue).scalars())
    assert found == (TRIGGERS if raw.dialect.name == "sqlite" else TRIGGERS | ON_POSTGRESQL)


def test_an_empty_database_is_brought_up_and_then_left_alone(empty_url: str) -> None:
    engine = open_engine(empty_url)
    assert current(engine) is None
    assert not is_current(engine)
    upgrade(engine)
    assert current(engine) == NEWEST
    assert is_current(engine)
    upgrade(engine)
    assert is_current(engine)
    engine.dispose()


def test_a_database_of_a_newer_program_is_refused(empty_url: str) -> None:
    engine = open_engine(empty_url)
    upgrade(engine)
    with engine.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    assert not is_current(engine)
    with pytest.raises(ConfigurationError):
        upgrade(engine)
    engine.dispose()


def test_a_migration_happens_whole_or_not_at_all(
    empty_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = open_engine(empty_url)
    with engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE sign_ins (in_the_way INTEGER)")
    with pytest.raises(Exception, match="database"):
        upgrade(engine)
    with engine.connect() as connection:
        assert sa.inspect(connection).get_table_names() == ["sign_ins"]
        connection.exec_driver_sql("DROP TABLE sign_ins")
        connection.commit()
    upgrade(engine)
    assert is_current(engine)
    engine.dispose()


def test_what_was_written_outlives_a_changed_check(empty_url: str) -> None:
    engine = open_engine(empty_url)
    config = Config()
    config.set_main_option("script_location", str(REVISIONS.parent))
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0022")
        tables = sa.MetaData()
        tables.reflect(connection, only=["agencies", "message_texts"])
        agencies, texts = tables.tables["agencies"], tables.tables["message_texts"]
        words = {column.name: "[]" for column in agencies.c if not column.nullable}
        connection.execute(
            agencies.insert(), {**words, "kind": "ward", "security": "home", "paper": "A4"}
        )
        own = {"agency_code": "[]", "language": "id", "subject": "Judul", "body": "Isi {link}"}
        connection.execute(texts.insert(), {**own, "kind": "issued"})
    with engine.begin() as connection, pytest.raises(CorruptStore):
        connection.execute(texts.insert(), {**own, "kind": "lapsed"})
    upgrade(engine)
    with engine.begin() as connection:
        assert connection.execute(sa.select(texts)).one()._asdict() == {**own, "kind": "issued"}
        connection.execute(texts.insert(), {**own, "kind": "lapsed"})
        with pytest.raises(CorruptStore), connection.begin_nested():
            connection.execute(texts.insert(), {**own, "kind": "other"})
    engine.dispose()


def upgrade_by_itself(url: str) -> None:
    engine = open_engine(url)
    upgrade(engine)
    engine.dispose()


def test_two_processes_may_upgrade_at_once(empty_url: str) -> None:
    processes = [spawn.Process(target=upgrade_by_itself, args=(empty_url,)) for _ in range(3)]
    for process in processes:
        process.start()
    for process in processes:
        process.join(60)
    assert [process.exitcode for process in processes] == [0, 0, 0]


def _described(engine: sa.Engine, table: str) -> dict[str, object]:
    look = sa.inspect(engine)
    columns = {
        c["name"]: (str(c["type"]), getattr(c["type"], "collation", None), c["nullable"])
        for c in look.get_columns(table)
    }
    return {
        "columns": columns,
        "checks": sorted((str(c["name"]), c["sqltext"]) for c in look.get_check_constraints(table)),
        "unique": sorted(map(repr, look.get_unique_constraints(table))),
        "foreign": sorted(map(repr, look.get_foreign_keys(table))),
        "indexes": sorted(
            (str(index["name"]), index["column_names"], index["unique"], _where(index))
            for index in look.get_indexes(table)
        ),
        "key": look.get_pk_constraint(table),
    }


def _where(index: Mapping[str, Any]) -> list[str]:
    options = index.get("dialect_options", {})
    return [str(value) for name, value in options.items() if name.endswith("_where")]
