"""Passwords: the PHC string, and everything that must not verify."""

from __future__ import annotations

import base64

import pytest
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

from issuer.domain.account_ports import PasswordHasher
from issuer.domain.errors import InvalidInput
from issuer.signing.passwords import MAX_PASSWORD, Argon2Hasher

SALT = bytes(range(16))


class OneSalt:
    def token_bytes(self, count: int) -> bytes:
        return SALT[:count]

    def below(self, limit: int) -> int:
        return limit - 1


HASHER: PasswordHasher = Argon2Hasher(OneSalt())
STORED = HASHER.hash("kata sandi é")


def test_the_phc_string_is_put_together_from_its_parts() -> None:
    raw = Argon2id(salt=SALT, length=32, iterations=2, lanes=1, memory_cost=19456)
    digest = raw.derive("kata sandi é".encode())
    parts = [base64.b64encode(part).decode().rstrip("=") for part in (SALT, digest)]
    assert "$argon2id$v=19$m=19456,t=2,p=1$" + "$".join(parts) == STORED


def test_only_the_same_password_verifies() -> None:
    assert HASHER.verify("kata sandi é", STORED)
    for other in ("", "kata sandi e", "kata sandi é ", "\ud800", "x" * (MAX_PASSWORD + 1)):
        assert not HASHER.verify(other, STORED)


@pytest.mark.parametrize(
    "stored",
    [
        "",
        "plain",
        STORED[:-1],
        STORED + "A",
        STORED + "\n",
        STORED.replace("argon2id", "argon2i"),
        STORED.replace("m=19456", "m=4194304"),
        STORED.replace("t=2", "t=200000"),
        STORED.replace("m=19456", "m=8"),
    ],
)
def test_a_damaged_or_costly_string_verifies_nothing(stored: str) -> None:
    assert not HASHER.verify("kata sandi é", stored)


def test_an_endless_password_is_refused() -> None:
    with pytest.raises(InvalidInput):
        HASHER.hash("x" * (MAX_PASSWORD + 1))
