"""Transactions: what is undone, what waits, and what a kill leaves behind."""

from __future__ import annotations

import multiprocessing
import os
import stat
import sys
import threading
import time
from multiprocessing.connection import Connection as Pipe
from pathlib import Path

import pytest
import sqlalchemy as sa

from issuer.domain.audit import first_broken
from issuer.domain.errors import (
    ConfigurationError,
    CorruptStore,
    DependencyUnavailable,
    IssuerError,
)
from issuer.domain.numbers import SeriesKey
from issuer.storage import database
from issuer.storage.database import open_engine
from issuer.storage.lookup import SqlLookup
from issuer.storage.register import SqlRegister
from tests.storage.storage_builders import (
    CODE,
    a_request,
    add_agency,
    add_reserved,
    an_event,
    cipher,
    looking_up,
    opened,
)

SERIES = SeriesKey(CODE, "umum", 2026)
PROCESSES, THREADS, EACH = 3, 2, 15
spawn = multiprocessing.get_context("spawn")


def test_leaving_without_commit_undoes_everything(register: SqlRegister) -> None:
    with register.writing() as uow:
        add_reserved(uow)
        uow.audit.append(an_event())
    with register.reading() as uow:
        assert list(uow.letters.list()) == []
        assert list(uow.audit.entries()) == []
        assert uow.numbers.highest() == {}


def test_an_exception_undoes_everything_and_passes_through(register: SqlRegister) -> None:
    def interrupted() -> None:
        with register.writing() as uow:
            add_reserved(uow)
            raise KeyError

    with pytest.raises(KeyError):
        interrupted()
    with register.writing() as uow:
        assert uow.numbers.next(SERIES) == 1


def test_an_undone_number_is_given_out_again(register: SqlRegister) -> None:
    for _ in range(3):
        with register.writing() as uow:
            assert uow.numbers.next(SERIES) == 1
    with register.writing() as uow:
        assert uow.numbers.next(SERIES) == 1
        uow.commit()
    with register.writing() as uow:
        assert uow.numbers.next(SERIES) == 2


def test_a_commit_ends_the_unit_of_work(register: SqlRegister) -> None:
    with register.writing() as uow:
        uow.commit()
        with pytest.raises(sa.exc.InvalidRequestError):
            uow.numbers.next(SERIES)


def test_a_reader_sees_one_moment_and_no_unfinished_work(register: SqlRegister) -> None:
    with register.reading() as before:
        assert list(before.letters.list()) == []
        with register.writing() as uow:
            letter = add_reserved(uow)
            with register.reading() as beside:
                assert beside.letters.find(letter.id) is None
            uow.commit()
        assert before.letters.find(letter.id) is None
    with register.reading() as after:
        assert after.letters.find(letter.id) == letter


def test_a_reader_cannot_write(register: SqlRegister) -> None:
    with register.reading() as uow, pytest.raises(IssuerError):
        uow.requests.add(a_request())
    with register.writing() as uow:
        uow.requests.add(a_request())
        uow.commit()


def test_a_writer_waits_for_the_one_before_from_its_start(register: SqlRegister) -> None:
    order: list[str] = []

    def second() -> None:
        with register.writing() as uow:
            order.append("second begins")
            order.append(f"takes {uow.numbers.next(SERIES)}")

    with register.writing() as uow:
        thread = threading.Thread(target=second)
        thread.start()
        time.sleep(0.2)
        order.append(f"first takes {uow.numbers.next(SERIES)}")
        uow.commit()
    thread.join()
    assert order == ["first takes 1", "second begins", "takes 2"]


def test_a_writer_does_not_wait_for_ever(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database, "LOCK_WAIT_SECONDS", 1)
    with opened(database_url) as register, register.writing():
        second, begun = register.writing(), time.monotonic()
        with pytest.raises(DependencyUnavailable) as caught:
            second.__enter__()
        assert 0.9 < time.monotonic() - begun < 5
    assert caught.value.name == "database"


def take_numbers(url: str) -> None:
    with opened(url) as register:

        def take() -> None:
            for _ in range(EACH):
                with register.writing() as uow:
                    letter = add_reserved(uow)
                    uow.audit.append(an_event(subject=letter.id))
                    uow.commit()

        threads = [threading.Thread(target=take) for _ in range(THREADS)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()


def test_processes_and_threads_take_every_number_once_and_the_chain_never_forks(
    register: SqlRegister, database_url: str
) -> None:
    processes = [spawn.Process(target=take_numbers, args=(database_url,)) for _ in range(PROCESSES)]
    for process in processes:
        process.start()
    for process in processes:
        process.join(60)
    assert [process.exitcode for process in processes] == [0] * PROCESSES
    count = PROCESSES * THREADS * EACH
    with register.reading() as uow:
        assert [letter.sequence for letter in uow.letters.list()] == list(range(1, count + 1))
        assert uow.numbers.highest() == {SERIES: count}
        assert [entry.position for entry in uow.audit.entries()] == list(range(1, count + 1))
        assert first_broken(uow.audit.entries()) is None


def hold_a_transaction(url: str, ready: Pipe) -> None:
    with opened(url) as register, register.writing() as uow:
        add_reserved(uow)
        uow.audit.append(an_event())
        ready.send("written, not committed")
        time.sleep(60)


def test_a_killed_writer_leaves_a_usable_register(register: SqlRegister, database_url: str) -> None:
    with register.writing() as uow:
        add_reserved(uow)
        uow.commit()
    here, there = spawn.Pipe()
    process = spawn.Process(target=hold_a_transaction, args=(database_url, there))
    process.start()
    assert here.poll(30)
    process.kill()
    process.join()
    begun = time.monotonic()
    with register.writing() as uow:
        assert add_reserved(uow).sequence == 2
        assert uow.audit.append(an_event()).position == 1
        uow.commit()
    assert time.monotonic() - begun < 5


def use_then_fork(url: str) -> None:
    with opened(url) as register:

        def write() -> None:
            with register.writing() as uow:
                add_reserved(uow)
                uow.commit()

        write()
        child = os.fork()
        write()
        if child == 0:
            os._exit(0)
        if os.waitpid(child, 0)[1] != 0:
            sys.exit(1)
        write()


def test_no_connection_is_shared_with_a_forked_child(
    register: SqlRegister, database_url: str
) -> None:
    process = spawn.Process(target=use_then_fork, args=(database_url,))
    process.start()
    process.join(60)
    assert process.exitcode == 0
    with register.reading() as uow:
        assert uow.numbers.highest() == {SERIES: 4}


def test_a_database_that_does_not_answer_is_unavailable(tmp_path: Path) -> None:
    nobody = "postgresql+psycopg://postgres:secret@localhost:1/nothing"
    (tmp_path / "folder.db").mkdir()
    with pytest.raises(DependencyUnavailable):
        open_engine(f"sqlite:///{tmp_path}/absent/register.db")
    with pytest.raises(DependencyUnavailable):
        open_engine(f"sqlite:///{tmp_path}/folder.db")
    with opened(nobody) as register, pytest.raises(DependencyUnavailable) as caught:
        register.reading().__enter__()
    assert "secret" not in str(caught.value)
    with looking_up(nobody) as lookup, pytest.raises(DependencyUnavailable) as caught:
        lookup.find("letter")
    assert "secret" not in str(caught.value)


def test_a_lost_connection_is_unavailable_and_the_next_transaction_works(
    register: SqlRegister, lookup: SqlLookup, raw: sa.Engine
) -> None:
    if raw.dialect.name == "sqlite":
        return  # there is no server to lose
    end_others = (
        "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity"
        " WHERE datname = current_database() AND pid <> pg_backend_pid()"
    )
    with raw.connect() as other:
        with register.reading() as uow:
            other.exec_driver_sql(end_others)
            with pytest.raises(DependencyUnavailable):
                uow.numbers.highest()
        with register.reading() as uow:
            assert uow.numbers.highest() == {}
        other.rollback()  # within a transaction the server shows the same activity again
        other.exec_driver_sql(end_others)
        with register.writing() as uow:
            assert uow.numbers.next(SERIES) == 1
        assert lookup.find("letter") is None
        other.rollback()
        other.exec_driver_sql(end_others)
        assert lookup.find("letter") is None


def test_a_lookup_in_a_damaged_database_is_an_error_of_the_domain(
    register: SqlRegister, lookup: SqlLookup, raw: sa.Engine
) -> None:
    with raw.begin() as console:
        console.exec_driver_sql("ALTER TABLE letters RENAME TO elsewhere")
    with pytest.raises((CorruptStore, DependencyUnavailable)):
        lookup.find("letter")
    with raw.begin() as console:
        console.exec_driver_sql("ALTER TABLE elsewhere RENAME TO letters")
    assert lookup.find("letter") is None


def test_postgresql_ends_a_transaction_that_was_left_open(database_url: str) -> None:
    engine = open_engine(database_url)
    if engine.dialect.name == "postgresql":  # a SQLite lock ends with its process
        with engine.connect() as connection:
            setting = connection.exec_driver_sql("SHOW idle_in_transaction_session_timeout")
            assert setting.scalar() == "1min"
    engine.dispose()


def test_all_connections_taken_is_unavailable(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = open_engine(database_url)
    monkeypatch.setattr(engine.pool, "_timeout", 0.1)
    register = SqlRegister(engine, cipher())
    held = [register.reading() for _ in range(15)]
    for transaction in held:
        transaction.__enter__()
    with pytest.raises(DependencyUnavailable), register.reading():
        pass
    with pytest.raises(DependencyUnavailable):
        SqlLookup(engine, cipher()).find("letter")
    for transaction in held:
        transaction.__exit__(None, None, None)
    engine.dispose()


@pytest.mark.parametrize(
    "url",
    [
        "sqlite://",
        "sqlite:///:memory:",
        "mysql://localhost/x",
        "postgresql://localhost/x",
        "not a URL",
        "",
    ],
)
def test_another_kind_of_database_is_refused(url: str) -> None:
    with pytest.raises(ConfigurationError):
        open_engine(url)


def test_a_file_that_is_no_database_is_corrupt(tmp_path: Path) -> None:
    path = tmp_path / "register.db"
    path.write_bytes(b"this is not a database, but it is long enough to look at" * 100)
    with opened(f"sqlite:///{path}") as register, pytest.raises(CorruptStore):
        register.reading().__enter__()


def test_sqlite_is_durable_private_and_strict(tmp_path: Path) -> None:
    path = tmp_path / "register.db"
    engine = open_engine(f"sqlite:///{path}")
    with engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE t (x)")

        def pragma(name: str) -> object:
            return connection.exec_driver_sql(f"PRAGMA {name}").scalar()

        assert pragma("journal_mode") == "wal"
        assert pragma("synchronous") == 2  # FULL
        assert pragma("foreign_keys") == 1
        assert pragma("busy_timeout") == 30_000
        modes = {p.name: stat.S_IMODE(p.stat().st_mode) for p in tmp_path.iterdir()}
    engine.dispose()
    assert modes == dict.fromkeys(["register.db", "register.db-wal", "register.db-shm"], 0o600)


def test_no_error_says_what_is_in_a_row(register: SqlRegister, database_url: str) -> None:
    with pytest.raises(IssuerError) as caught:
        add_agency(register)
    told = ""
    error: BaseException | None = caught.value
    while error is not None:
        told += f"{error!s} {error!r} "
        error = error.__cause__ or error.__context__
    assert CODE not in told
    assert "Desa Contoh" not in told
