"""Versions of letter types as rows, on both databases."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa

from issuer.domain.errors import CorruptStore, NotFound, StaleVersion
from issuer.domain.type_versions import TypeVersion, VersionAction, VersionState
from issuer.storage.register import SqlRegister
from issuer.storage.schema_types import type_versions
from tests.storage.storage_builders import NOON, fresh


def a_version(slug: str, number: int = 1, **changes: object) -> TypeVersion:
    version = TypeVersion(
        id=fresh("jenis"),
        slug=slug,
        version=number,
        content='{"z":1,"a":2}',
        state=VersionState.DRAFT,
        row=1,
        created_by="a",
        created_at_utc=NOON,
        saved_by="a",
    )
    return replace(version, **changes)  # type: ignore[arg-type]  # the fields of a test


def add(register: SqlRegister, *versions: TypeVersion) -> None:
    with register.writing() as uow:
        for version in versions:
            uow.type_versions.add(version)
        uow.commit()


def save(register: SqlRegister, version: TypeVersion) -> None:
    with register.writing() as uow:
        uow.type_versions.save(version)
        uow.commit()


def release(register: SqlRegister, version: TypeVersion) -> TypeVersion:
    proposed = version.after(VersionAction.PROPOSE, "a", NOON)
    done = proposed.after(VersionAction.RELEASE, "b", NOON + timedelta(hours=1))
    save(register, proposed)
    save(register, done)
    return done


def test_a_version_comes_back_as_it_was_and_moves_once(shared_register: SqlRegister) -> None:
    first = a_version(fresh("jenis"))
    add(shared_register, first)
    with shared_register.reading() as uow:
        before = uow.type_versions.released_count()
        assert uow.type_versions.get(first.id) == first
        assert first in uow.type_versions.open()
    done = release(shared_register, first)
    second = a_version(first.slug, 2)
    add(shared_register, second)
    with shared_register.reading() as uow:
        assert uow.type_versions.of_type(first.slug) == [second, done]
        assert uow.type_versions.released_count() == before + 1
        assert done in uow.type_versions.in_force()
        assert second not in uow.type_versions.in_force()
        assert done not in uow.type_versions.open()
        with pytest.raises(NotFound):
            uow.type_versions.get("x")
    newest = release(shared_register, second)
    with shared_register.reading() as uow:
        assert newest in uow.type_versions.in_force()
        assert done not in uow.type_versions.in_force()


def test_a_type_has_one_open_version_and_each_number_once(shared_register: SqlRegister) -> None:
    first = a_version(fresh("jenis"))
    add(shared_register, first)
    for other in (a_version(first.slug, 2), a_version(first.slug, 1)):
        with pytest.raises(StaleVersion):
            add(shared_register, other)
    with pytest.raises(StaleVersion):
        save(shared_register, replace(first, row=1))
    release(shared_register, first)
    with pytest.raises(StaleVersion):
        add(shared_register, a_version(first.slug, 1))


def test_the_database_itself_wants_two_people(shared_register: SqlRegister) -> None:
    first = a_version(fresh("jenis"))
    add(shared_register, first)
    alone = replace(first, row=2, state=VersionState.RELEASED, proposed_by="a", decided_by="a")
    nobody = replace(first, row=2, state=VersionState.RELEASED)
    for wrong in (alone, nobody):
        with pytest.raises(CorruptStore):
            save(shared_register, wrong)


@pytest.mark.parametrize("released", [True, False])
def test_what_was_proposed_or_released_is_never_changed(
    shared_register: SqlRegister, released: bool
) -> None:
    first = a_version(fresh("jenis"))
    add(shared_register, first)
    if released:
        release(shared_register, first)
    else:
        save(shared_register, first.after(VersionAction.PROPOSE, "a", NOON))
    column = type_versions.c
    for statement in (
        sa.update(type_versions).where(column.id == first.id).values(content="{}"),
        sa.update(type_versions).where(column.id == first.id).values(slug="x"),
        sa.delete(type_versions).where(column.id == first.id),
    ):
        with pytest.raises(CorruptStore), shared_register.writing() as uow:
            uow._connection.execute(statement)
