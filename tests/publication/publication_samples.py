"""Keys, lists and key sets that the publication tests share."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

import cbor2
from cryptography.hazmat.primitives.asymmetric import ec

from issuer.domain.letter import LetterState
from issuer.domain.status_list import EndedPlace, StatusList, build
from issuer.signing.cose_sign1 import Sign1, assemble, take_apart, to_be_signed
from issuer.signing.credential_keys import (
    CredentialKey,
    CredentialKeySet,
    MessageSigner,
    PrivateKey,
    key_id,
    message_signer,
)
from issuer.signing.key_sets import KeySet, seal_key_set
from issuer.signing.status_tokens import StatusListReader, StatusListSealer
from tests.credential.credential_samples import BASE_URL, KEY, NOW, PRIVATE

YEAR = 2026
REGION = "3522"
HOUR = timedelta(hours=1)
REVOKED = EndedPlace(523_311, LetterState.REVOKED, NOW)
SUPERSEDED = EndedPlace(0, LetterState.SUPERSEDED, NOW)
VOIDED = EndedPlace(2**20 - 1, LetterState.VOIDED, NOW)
ENDED = (REVOKED, SUPERSEDED, VOIDED)
NEXT_PRIVATE = ec.derive_private_key(0x3601, ec.SECP256R1())
THIRD_PRIVATE = ec.derive_private_key(0x3602, ec.SECP256R1())


class OneKey:
    """``SigningKeys`` with one key, used whatever its dates are."""

    def __init__(self, private: PrivateKey, key: CredentialKey) -> None:
        self._private = private
        self._key = key

    def signer_at(self, *_moments_utc: datetime) -> tuple[CredentialKey, MessageSigner]:
        return self._key, message_signer(self._private)


def listed(*ended: EndedPlace, at_utc: datetime = NOW) -> StatusList:
    return build(YEAR, ended or ENDED, at_utc)


def status_token(
    status_list: StatusList | None = None,
    private: PrivateKey = PRIVATE,
    key: CredentialKey = KEY,
    base_url: str = BASE_URL,
) -> bytes:
    return StatusListSealer(OneKey(private, key), base_url).seal(status_list or listed())


def status_reader(*keys: CredentialKey) -> StatusListReader:
    return StatusListReader(CredentialKeySet(keys or (KEY,)), BASE_URL)


def a_key(private: PrivateKey, from_utc: datetime, days: int = 365) -> CredentialKey:
    return CredentialKey(private.public_key(), from_utc, from_utc + timedelta(days=days))


def key_set(
    keys: Sequence[CredentialKey] = (KEY,),
    version: int = 1,
    at_utc: datetime = NOW,
    region: str = REGION,
) -> KeySet:
    return KeySet(region, version, at_utc, tuple(keys))


def signed_set(
    wanted: KeySet, private: PrivateKey = PRIVATE, key: CredentialKey | None = None
) -> bytes:
    """Return a key set signed by that key, whether it may or not."""
    return seal_key_set(
        wanted, key or a_key(private, NOW - timedelta(days=30)), message_signer(private)
    )


def resigned(message: bytes, payload: object, private: PrivateKey = PRIVATE) -> bytes:
    """Return the message with another payload under a true signature: a bought office's."""
    protected = take_apart(message).protected
    encoded = payload if isinstance(payload, bytes) else cbor2.dumps(payload)
    made = message_signer(private)(to_be_signed(protected, encoded))
    key = a_key(private, NOW)
    return assemble(Sign1(protected, encoded, key.token_signature(made)))


def kid_of(private: PrivateKey) -> bytes:
    return key_id(private.public_key())
