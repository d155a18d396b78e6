"""Passkeys come back as they went in, and a challenge goes once, on both databases."""

from __future__ import annotations

from datetime import timedelta

import pytest

from issuer.domain.errors import StaleVersion
from issuer.domain.passkeys import Challenge, NewKey, Passkey, Purpose
from issuer.storage.register import SqlRegister
from tests.storage.storage_builders import NOON, an_account

LATER = NOON + timedelta(minutes=5)
MOST = 2**32 - 1


def a_passkey(account_id: str, number: int, count: int = 0) -> Passkey:
    key = NewKey(f"{account_id}-{number}", bytes(range(256)), count, ("hybrid", "internal"))
    return Passkey(f"{account_id}.{number}", account_id, "HP – Ibu", key, NOON)


def test_passkeys_round_trip_are_used_and_removed(shared_register: SqlRegister) -> None:
    one, other = an_account(), an_account()
    first, second, foreign = a_passkey(one.id, 1), a_passkey(one.id, 2), a_passkey(other.id, 1)
    with shared_register.writing() as uow:
        uow.accounts.add(one)
        uow.accounts.add(other)
        for passkey in (second, first, foreign):
            uow.passkeys.add(passkey)
        assert list(uow.passkeys.of(one.id)) == [first, second]
        used = first.used(MOST, LATER)
        uow.passkeys.save(used)
        assert uow.passkeys.by_credential(first.key.credential_id) == used
        assert uow.passkeys.by_credential("?") is None
        uow.passkeys.remove(one.id, foreign.id)
        assert list(uow.passkeys.of(other.id)) == [foreign]
        uow.passkeys.remove(one.id, first.id)
        assert list(uow.passkeys.of(one.id)) == [second]
        uow.passkeys.forget(one.id)
        assert list(uow.passkeys.of(one.id)) == []
        assert list(uow.passkeys.of(other.id)) == [foreign]


def test_one_key_is_one_person_s(shared_register: SqlRegister) -> None:
    one, other = an_account(), an_account()
    first = a_passkey(one.id, 1)
    with shared_register.writing() as uow:
        uow.accounts.add(one)
        uow.accounts.add(other)
        uow.passkeys.add(first)
        uow.commit()
    with shared_register.writing() as uow, pytest.raises(StaleVersion):
        uow.passkeys.add(Passkey("another", other.id, "HP", first.key, NOON))


@pytest.mark.parametrize(
    "asked_with",
    [
        ("b" * 64, Purpose.SIGN_IN, "s"),
        ("a" * 64, Purpose.REGISTER, "s"),
        ("a" * 64, Purpose.SIGN_IN, "t"),
    ],
    ids=["another challenge", "another purpose", "another browser"],
)
def test_a_challenge_goes_once_and_to_its_own_answer_alone(
    shared_register: SqlRegister, asked_with: tuple[str, Purpose, str]
) -> None:
    with shared_register.writing() as uow:
        uow.passkeys.ask(Challenge("a" * 64, Purpose.SIGN_IN, "s", LATER), NOON)
        assert not uow.passkeys.take(*asked_with, NOON)
        assert uow.passkeys.take("a" * 64, Purpose.SIGN_IN, "s", NOON)
        assert not uow.passkeys.take("a" * 64, Purpose.SIGN_IN, "s", NOON)


def test_a_challenge_ends_and_is_swept(shared_register: SqlRegister) -> None:
    with shared_register.writing() as uow:
        uow.passkeys.ask(Challenge("a" * 64, Purpose.SIGN_IN, "s", LATER), NOON)
        assert not uow.passkeys.take("a" * 64, Purpose.SIGN_IN, "s", LATER)
        uow.passkeys.ask(Challenge("b" * 64, Purpose.SIGN_IN, "s", LATER + timedelta(1)), LATER)
        assert not uow.passkeys.take("a" * 64, Purpose.SIGN_IN, "s", NOON)
        assert uow.passkeys.take("b" * 64, Purpose.SIGN_IN, "s", LATER)
