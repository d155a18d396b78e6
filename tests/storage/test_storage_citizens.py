"""Residents' accounts and the codes they begin with, on both databases."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
import sqlalchemy as sa

from issuer.domain.citizens import BegunSignIn, Citizen, CounterCode
from issuer.domain.errors import CorruptStore, StaleVersion
from issuer.domain.identity_provider import Identity
from issuer.domain.people import Nik
from issuer.storage.register import SqlRegister
from tests.storage.storage_builders import NAME, NIK, NOON, a_request, an_account

BORN = date(1990, 1, 1)
SECOND = timedelta(seconds=1)


def a_citizen(account_id: str) -> Citizen:
    return Citizen(account_id, NOON, Nik(NIK), BORN, NAME, NOON)


def given(code_id: str = "g-1", nik: str = NIK) -> CounterCode:
    return CounterCode(code_id, Nik(nik), BORN, NAME, NOON)


def test_an_owner_comes_back_and_is_found_by_his_nik_alone(register: SqlRegister) -> None:
    one, other = an_account(), an_account()
    with register.writing() as uow:
        uow.accounts.add(one)
        uow.accounts.add(other)
        uow.citizens.save(Citizen(one.id, NOON))
        uow.citizens.save(Citizen(other.id, NOON))
        assert uow.citizens.by_nik(Nik(NIK)) is None
        uow.citizens.save(a_citizen(one.id))
        uow.commit()
    with register.reading() as uow:
        assert uow.citizens.by_nik(Nik(NIK)) == uow.citizens.find(one.id) == a_citizen(one.id)
        assert uow.citizens.find(other.id) == Citizen(other.id, NOON)
        assert uow.citizens.find("nobody") is None


def test_a_nik_has_one_account(register: SqlRegister) -> None:
    one, other = an_account(), an_account()
    with register.writing() as uow:
        uow.accounts.add(one)
        uow.accounts.add(other)
        uow.citizens.save(a_citizen(one.id))
        with pytest.raises(StaleVersion):
            uow.citizens.save(a_citizen(other.id))


def test_a_code_replaces_the_one_before_is_taken_once_and_forgotten(
    register: SqlRegister,
) -> None:
    with register.writing() as uow:
        uow.citizens.give_code(given(), "AAAA")
        uow.citizens.give_code(given("g-2"), "BBBB")
        uow.citizens.give_code(given("g-3", "3522990101900002"), "CCCC")
        assert uow.citizens.by_code("AAAA") is None
        assert uow.citizens.by_code("BBBB") == given("g-2") == uow.citizens.code_of(Nik(NIK))
        assert uow.citizens.take_code("g-2")
        assert not uow.citizens.take_code("g-2")
        assert uow.citizens.code_of(Nik(NIK)) is None
        assert uow.citizens.forget_codes(NOON) == 0
        assert uow.citizens.forget_codes(NOON + SECOND) == 1
        uow.commit()


def test_who_the_owner_is_lies_sealed_and_opens_in_its_own_row_alone(
    register: SqlRegister, raw: sa.Engine
) -> None:
    one, other = an_account(), an_account()
    with register.writing() as uow:
        uow.accounts.add(one)
        uow.accounts.add(other)
        uow.citizens.save(a_citizen(one.id))
        uow.citizens.save(Citizen(other.id, NOON))
        uow.citizens.give_code(given(), "AAAA")
        uow.commit()
    with raw.begin() as connection:
        for table in ("citizens", "counter_codes"):
            for row in connection.execute(sa.text(f"SELECT * FROM {table}")):  # noqa: S608
                stored = b" ".join(
                    bytes(value) if isinstance(value, bytes | memoryview) else str(value).encode()
                    for value in row
                )
                assert NIK.encode() not in stored
                assert NAME.encode() not in stored
        connection.execute(
            sa.text(
                "UPDATE citizens SET content = (SELECT content FROM citizens WHERE account_id = :a)"
                " WHERE account_id = :b"
            ),
            {"a": one.id, "b": other.id},
        )
    with register.reading() as uow, pytest.raises(CorruptStore):
        uow.citizens.find(other.id)


def test_requests_are_found_by_their_holder_the_newest_first(
    register: SqlRegister, raw: sa.Engine
) -> None:
    first, second = a_request(), replace(a_request(), created_at_utc=NOON + SECOND)
    stranger = a_request()
    stranger = replace(stranger, holder=replace(stranger.holder, nik=Nik("3522990101900002")))
    nik = first.holder.nik
    with register.writing() as uow:
        for request in (first, second, stranger):
            uow.requests.add(request)
        uow.commit()
    with register.reading() as uow:
        assert [one.id for one in uow.requests.of_holder(nik, 10)] == [second.id, first.id]
        assert [one.id for one in uow.requests.of_holder(nik, 1)] == [second.id]
    with raw.begin() as connection:
        connection.execute(sa.text("UPDATE requests SET holder_index = NULL"))
        connection.execute(
            sa.text("UPDATE requests SET content = :bad WHERE id = :id"),
            {"bad": b"x", "id": stranger.id},
        )
    with register.writing() as uow:
        assert uow.requests.of_holder(nik, 10) == []
        assert [uow.requests.index_holders(2), uow.requests.index_holders(2)] == [2, 1]
        assert uow.requests.index_holders(2) == 0, "what cannot be opened is tried once"
        assert {one.id for one in uow.requests.of_holder(nik, 10)} == {first.id, second.id}


def test_an_address_and_a_provider_s_name_find_one_account_each(register: SqlRegister) -> None:
    one, other = an_account(), an_account()
    identity = Identity("https://masuk.contoh.example", "siti")
    mailed = Citizen(one.id, NOON, email="Warga@contoh.example")
    sent = Citizen(other.id, NOON, identity=identity)
    with register.writing() as uow:
        for account, citizen in ((one, mailed), (other, sent)):
            uow.accounts.add(account)
            uow.citizens.save(citizen)
        uow.commit()
    with register.reading() as uow:
        assert uow.citizens.by_email("warga@CONTOH.example") == uow.citizens.find(one.id) == mailed
        assert uow.citizens.by_identity(identity) == uow.citizens.find(other.id) == sent
        assert uow.citizens.by_email("lain@contoh.example") is None
        for stranger in (replace(identity, subject="budi"), replace(identity, issuer="https://b")):
            assert uow.citizens.by_identity(stranger) is None
    with register.writing() as uow, pytest.raises(StaleVersion):
        uow.citizens.save(replace(mailed, account_id=other.id))


def test_what_a_browser_began_is_taken_once_and_forgotten_when_it_ends(
    register: SqlRegister,
) -> None:
    begun = BegunSignIn("a" * 64, {"email": "warga@contoh.example"}, NOON)
    with register.writing() as uow:
        uow.citizens.begin(begun)
        uow.citizens.begin(replace(begun, token_sha256="b" * 64))
        assert uow.citizens.begun(begun.token_sha256) == begun
        assert uow.citizens.take_begun(begun.token_sha256)
        assert not uow.citizens.take_begun(begun.token_sha256)
        assert uow.citizens.begun(begun.token_sha256) is None
        assert uow.citizens.forget_begun(NOON) == 0
        assert uow.citizens.forget_begun(NOON + SECOND) == 1
        uow.commit()
