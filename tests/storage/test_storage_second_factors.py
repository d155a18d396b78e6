"""Second factors come back as they went in, sealed, on both databases."""

from __future__ import annotations

from dataclasses import replace

import sqlalchemy as sa

from issuer.domain.second_factor import CodeGenerator, RecoveryCode
from issuer.storage.register import SqlRegister
from tests.storage.storage_builders import NOON, an_account

SECRET, PENDING = b"s" * 20, b"p" * 20


def test_a_generator_and_recovery_codes_round_trip_and_are_forgotten(
    shared_register: SqlRegister,
) -> None:
    one, other = an_account(), an_account()
    whole = CodeGenerator(one.id, SECRET, NOON, 59_000_000, PENDING, NOON, "sign-in-1")
    codes = [RecoveryCode("A", "$argon2id$a"), RecoveryCode("B", "$argon2id$b", NOON)]
    with shared_register.writing() as uow:
        uow.accounts.add(one)
        uow.accounts.add(other)
        factors = uow.second_factors
        assert factors.generator(one.id) is None
        factors.save_generator(CodeGenerator(one.id))
        factors.save_generator(whole)
        factors.set_recovery_codes(one.id, codes[:1])
        factors.set_recovery_codes(one.id, codes)
        factors.save_generator(replace(whole, account_id=other.id))
        assert factors.generator(one.id) == whole
        assert list(factors.recovery_codes(one.id)) == codes
        assert list(factors.recovery_codes(other.id)) == []
        factors.forget(one.id)
        assert factors.generator(one.id) is None
        assert list(factors.recovery_codes(one.id)) == []
        assert factors.generator(other.id) == replace(whole, account_id=other.id)


def test_secrets_are_sealed(shared_register: SqlRegister) -> None:
    account = an_account()
    with shared_register.writing() as uow:
        uow.accounts.add(account)
        uow.second_factors.save_generator(
            CodeGenerator(account.id, SECRET, NOON, 1, PENDING, NOON, "sign-in-1")
        )
        query = sa.text("SELECT secret, pending FROM code_generators WHERE account_id = :id")
        row = uow._connection.execute(query, {"id": account.id}).one()
    for sealed in row:
        assert SECRET not in bytes(sealed)
        assert PENDING not in bytes(sealed)
