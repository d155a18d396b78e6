"""Institutions and their keys: shown once, kept as a digest, counted, shut out at once."""

from __future__ import annotations

import base64
import shutil
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from issuer.bootstrap import Composition, SystemRandom
from issuer.domain.access import Actor, Role
from issuer.domain.errors import (
    InvalidInput,
    NotAuthenticated,
    NotFound,
    NotPermitted,
    TooManyAttempts,
)
from issuer.domain.institution import Institution, Scope, key_sha256, key_text
from issuer.services.institutions import MAX_QUOTA, Institutions
from tests.databases import fresh_postgres
from tests.offices import OPERATOR, Clock, compose_office, found_office

ALL_SCOPES = frozenset(Scope)


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def office(
    request: pytest.FixtureRequest, founded: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Composition]:
    """An office on either database, for all tests of this module."""
    folder = tmp_path_factory.mktemp("institutions") / "office"
    if request.param == "sqlite":
        shutil.copytree(founded, folder)
        composition = compose_office(folder, Clock())
        yield composition
        composition.close()
        return
    with fresh_postgres() as url:
        found_office(folder, Clock(), url)
        composition = compose_office(folder, Clock())
        yield composition
        composition.close()


@pytest.fixture
def store(office: Composition) -> Institutions:
    return office.services.institutions


def added(store: Institutions, quota: int = 10) -> tuple[Institution, str]:
    return store.add(OPERATOR, "Bank Contoh", ALL_SCOPES, quota)


def test_a_key_opens_the_door_until_it_is_revoked(store: Institutions) -> None:
    bank, first = added(store)
    assert store.whoever_holds(first) == bank
    second_key, second = store.new_key(OPERATOR, bank.id)
    (key,) = [
        key
        for one, keys, _ in store.listed(OPERATOR)
        for key in keys
        if one == bank and key.id != second_key.id
    ]
    store.revoke_key(OPERATOR, key.id)
    store.revoke_key(OPERATOR, key.id)
    with pytest.raises(NotAuthenticated):
        store.whoever_holds(first)
    assert store.whoever_holds(second) == bank


def test_a_disabled_institution_is_shut_out_with_all_its_keys(store: Institutions) -> None:
    bank, key = added(store)
    store.set_active(OPERATOR, bank.id, False)
    with pytest.raises(NotAuthenticated):
        store.whoever_holds(key)
    store.set_active(OPERATOR, bank.id, True)
    assert store.whoever_holds(key).id == bank.id


def test_what_is_no_key_opens_nothing(store: Institutions) -> None:
    _, key = added(store)
    other = key_text(SystemRandom().token_bytes(32))
    flipped = key[:-1] + ("A" if key[-1] != "A" else "B")
    for text in ("", "issuer_", key[:-1], key + "A", key.upper(), f" {key}", other, flipped):
        with pytest.raises(NotAuthenticated):
            store.whoever_holds(text)
    assert key_sha256(key + "\n") is None
    assert len(key_text(bytes(32))) == len("issuer_") + 43


def test_no_key_and_no_secret_lies_in_the_database(
    office: Composition, store: Institutions
) -> None:
    bank, key = added(store)
    secret = store.set_webhook(OPERATOR, bank.id, "https://hooks.bank.example/surat")
    assert secret is not None
    assert secret.startswith("whsec_")
    with office.engine.connect() as connection:
        tables = sa.inspect(connection).get_table_names()
        rows = [
            str(value.hex() if isinstance(value, bytes | memoryview) else value)
            for table in tables
            for row in connection.execute(sa.select(sa.text("*")).select_from(sa.table(table)))
            for value in row
        ]
    everything = "\n".join(rows)
    assert bank.name in everything
    assert key not in everything
    assert key.removeprefix("issuer_") not in everything
    assert secret.removeprefix("whsec_") not in everything
    assert base64.b64decode(secret.removeprefix("whsec_")).hex() not in everything


def test_the_quota_of_a_day_is_kept_and_begins_anew(
    office: Composition, store: Institutions
) -> None:
    clock = office.services.clock
    assert isinstance(clock, Clock)
    bank, _ = added(store, quota=10)
    store.spend(bank, Scope.VERIFY_BATCH, 7)
    with pytest.raises(TooManyAttempts) as refused:
        store.spend(bank, Scope.VERIFY_BATCH, 4)
    # 24 November 2026, 09:15:30 WIB: it is that long until midnight.
    assert refused.value.retry_after_seconds == (14 * 60 + 44) * 60 + 30
    store.spend(bank, Scope.VERIFY, 3)
    with pytest.raises(TooManyAttempts):
        store.spend(bank, Scope.VERIFY)
    assert [used for one, _, used in store.listed(OPERATOR) if one == bank] == [10]
    before = clock.at_utc
    clock.advance(timedelta(seconds=refused.value.retry_after_seconds))
    store.spend(bank, Scope.VERIFY_BATCH, 10)
    with pytest.raises(TooManyAttempts):
        store.spend(bank, Scope.VERIFY)
    clock.at_utc = before


def test_more_than_the_quota_at_once_counts_nothing(store: Institutions) -> None:
    bank, _ = added(store, quota=5)
    with pytest.raises(TooManyAttempts):
        store.spend(bank, Scope.VERIFY_BATCH, 6)
    store.spend(bank, Scope.VERIFY_BATCH, 5)


def test_a_scope_that_was_not_granted(store: Institutions) -> None:
    narrow, _ = store.add(OPERATOR, "Sekolah Contoh", [Scope.VERIFY], 5)
    with pytest.raises(NotPermitted):
        store.spend(narrow, Scope.VERIFY_BATCH)
    with pytest.raises(InvalidInput):
        store.set_webhook(OPERATOR, narrow.id, "https://hooks.bank.example/")


def test_bad_input_names_every_field(store: Institutions) -> None:
    cases = [
        ("", ALL_SCOPES, 1, "name"),
        ("a" * 121, ALL_SCOPES, 1, "name"),
        ("Bank\u202eContoh", ALL_SCOPES, 1, "name"),
        ("Bank", frozenset[Scope](), 1, "scopes"),
        ("Bank", ALL_SCOPES, 0, "daily_quota"),
        ("Bank", ALL_SCOPES, MAX_QUOTA + 1, "daily_quota"),
    ]
    for name, scopes, quota, where in cases:
        with pytest.raises(InvalidInput) as refused:
            store.add(OPERATOR, name, scopes, quota)
        assert [problem.where for problem in refused.value.problems] == [where]
    bank, _ = added(store)
    with pytest.raises(InvalidInput):
        store.set_webhook(OPERATOR, bank.id, "http://hooks.bank.example/")


def test_what_is_unknown_is_not_found(store: Institutions) -> None:
    with pytest.raises(NotFound):
        store.new_key(OPERATOR, "unknown")
    with pytest.raises(NotFound):
        store.revoke_key(OPERATOR, "unknown")
    with pytest.raises(NotFound):
        store.set_active(OPERATOR, "unknown", False)
    with pytest.raises(NotFound):
        store.set_webhook(OPERATOR, "unknown", None)


@pytest.mark.parametrize("role", sorted(set(Role) - {Role.OPERATOR, Role.REGENCY_ADMIN}))
def test_nobody_else_keeps_institutions(store: Institutions, role: Role) -> None:
    nobody = Actor("x", role, "35.22.06")
    bank, _ = added(store)
    for refused in (
        lambda: store.add(nobody, "Bank", ALL_SCOPES, 1),
        lambda: store.listed(nobody),
        lambda: store.new_key(nobody, bank.id),
        lambda: store.revoke_key(nobody, "x"),
        lambda: store.set_active(nobody, bank.id, False),
        lambda: store.set_webhook(nobody, bank.id, None),
    ):
        with pytest.raises(NotPermitted):
            refused()


def test_every_step_is_in_the_audit_trail_and_no_key_is(
    office: Composition, store: Institutions
) -> None:
    bank, key = added(store)
    given, _ = store.new_key(OPERATOR, bank.id)
    store.revoke_key(OPERATOR, given.id)
    store.set_webhook(OPERATOR, bank.id, "https://hooks.bank.example/surat")
    store.set_webhook(OPERATOR, bank.id, None)
    store.set_active(OPERATOR, bank.id, False)
    store.spend(bank, Scope.VERIFY)
    with office.register.reading() as uow:
        entries = [entry.event for entry in uow.audit.entries(bank.id)]
    assert [event.action for event in entries] == [
        "institution.added",
        "institution.key_given",
        "institution.key_given",
        "institution.key_revoked",
        "institution.webhook_set",
        "institution.webhook_removed",
        "institution.disabled",
    ]
    assert key not in repr(entries)
