"""Signed key sets: who may have signed a QR, in versions that follow from one another.

A set is COSE_Sign1 with the protected header ``{1: alg, 4: kid}`` over a map in
deterministic CBOR::

    1       region code, digits as text
    6       issued at
    -65538  version: 1, 2, …
    -65539  [COSE_Key, …] (RFC 9052 §7), the oldest first

A COSE_Key is ``{1: kty, 2: kid, 3: alg, -1: crv, -2: x}``, ``-3: y`` for P-256, and
the dates ``-65540`` (signs from), ``-65541`` (signs until) and, when it was put
aside earlier, ``-65542``; all dates are seconds since 1970.

Version 1 is signed by its own first key, every other by a key that the version
before it allowed to sign then. Whoever holds one version so follows to the newest
without trusting the network.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

import cbor2
from cryptography.hazmat.primitives.asymmetric import ec, ed25519

from issuer.domain.errors import InvalidDocument, InvalidSignature, TooLarge
from issuer.domain.verdict import Reason
from issuer.signing.cose_sign1 import Sign1, assemble, take_apart, to_be_signed
from issuer.signing.credential_keys import (
    Algorithm,
    CredentialKey,
    MessageSigner,
    PublicKey,
    key_id,
)

MAX_KEYS: Final = 64
MAX_BYTES: Final = 16_384
_PROTECTED: Final = re.compile(rb"\xa2\x01([\x20-\x37])\x04\x44(.{4})", re.DOTALL)
_REGION_CODE: Final = re.compile(r"[0-9]{2,10}", re.ASCII)
_REGION, _ISSUED, _VERSION, _KEYS = 1, 6, -65538, -65539
_KTY, _KID, _ALG, _CRV, _X, _Y = 1, 2, 3, -1, -2, -3
_FROM, _UNTIL, _RETIRED = -65540, -65541, -65542
_LAST_SECOND = 253_402_300_799
_COORDINATE_BYTES = 32

_KEY_TYPES: dict[Algorithm, tuple[int, int]] = {
    Algorithm.ES256: (2, 1),
    Algorithm.ED25519: (1, 6),
}
"""COSE key type and curve (RFC 9053 §7.1)."""


@dataclass(frozen=True, slots=True)
class KeySet:
    """One version of the office's keys, the oldest key first."""

    region_code: str
    version: int
    issued_at_utc: datetime
    keys: tuple[CredentialKey, ...]

    def find(self, kid: bytes) -> CredentialKey | None:
        """Return the key of that id, or None."""
        return next((key for key in self.keys if key_id(key.public_key) == kid), None)


def seal_key_set(key_set: KeySet, key: CredentialKey, sign: MessageSigner) -> bytes:
    """Return the signed set; ``sign`` is the private half of ``key``."""
    protected = cbor2.dumps({1: key.algorithm.cose[0], 4: key_id(key.public_key)})
    payload = _encode(key_set)
    signature = key.token_signature(sign(to_be_signed(protected, payload)))
    return assemble(Sign1(protected, payload, signature))


def read_first(message: bytes) -> KeySet:
    """Return version 1, which its own first key signed: trusted because it was there first.

    Raises as ``read_successor``.
    """
    parts, key_set = _read(message)
    if key_set.version != 1:
        raise InvalidDocument(Reason.CREDENTIAL_MALFORMED)
    _require_signature(parts, key_set, key_set.keys[:1])
    return key_set


def read_successor(message: bytes, previous: KeySet) -> KeySet:
    """Return the version that follows ``previous``.

    Raises ``TooLarge``, ``InvalidDocument`` for what is no key set in its one
    encoding, or does not follow: another region, another version than the next, an
    older date, a key gone or changed, a time that grew, a new key that signs the
    past. Raises ``InvalidSignature`` unless a key signed it that ``previous`` let sign
    at that moment.
    """
    parts, key_set = _read(message)
    _require_signature(parts, key_set, previous.keys)
    if not _follows(key_set, previous):
        raise InvalidDocument(Reason.CREDENTIAL_DIFFERS)
    return key_set


def read_chain(messages: Iterable[bytes]) -> KeySet:
    """Return the last of versions 1, 2, …; raises as ``read_successor``."""
    newest: KeySet | None = None
    for message in messages:
        newest = read_first(message) if newest is None else read_successor(message, newest)
    if newest is None:
        raise InvalidDocument(Reason.CREDENTIAL_MALFORMED)
    return newest


def _read(message: bytes) -> tuple[Sign1, KeySet]:
    if len(message) > MAX_BYTES:
        raise TooLarge(MAX_BYTES)
    try:
        parts = take_apart(message)
        return parts, _decode(parts.payload)
    except ValueError as error:
        raise InvalidDocument(Reason.CREDENTIAL_MALFORMED) from error


def _require_signature(parts: Sign1, key_set: KeySet, allowed: tuple[CredentialKey, ...]) -> None:
    header = _PROTECTED.fullmatch(parts.protected)
    if header is None:
        raise InvalidDocument(Reason.CREDENTIAL_MALFORMED)
    key = next((key for key in allowed if key_id(key.public_key) == header[2]), None)
    if key is None:
        raise InvalidSignature(Reason.CREDENTIAL_UNKNOWN_KEY)
    # A CBOR head of 0x20 + n is the integer -1 - n.
    if 0x1F - header[1][0] not in key.algorithm.cose:
        raise InvalidDocument(Reason.CREDENTIAL_MALFORMED)
    if not key.signature_holds(parts.signature, to_be_signed(parts.protected, parts.payload)):
        raise InvalidSignature(Reason.SIGNATURE_BROKEN)
    if not key.signs_at(key_set.issued_at_utc):
        raise InvalidSignature(Reason.ISSUER_NOT_TRUSTED)


def _follows(key_set: KeySet, previous: KeySet) -> bool:
    known = len(previous.keys)
    return (
        key_set.region_code == previous.region_code
        and key_set.version == previous.version + 1
        and key_set.issued_at_utc >= previous.issued_at_utc
        and len(key_set.keys) >= known
        and all(map(_is_kept, key_set.keys, previous.keys))
        and all(key.from_utc >= key_set.issued_at_utc for key in key_set.keys[known:])
    )


def _is_kept(key: CredentialKey, before: CredentialKey) -> bool:
    """Say whether this is the same key, its time at most shortened: no theft lengthens it."""
    same = (key.public_key, key.from_utc, key.until_utc) == (
        before.public_key,
        before.from_utc,
        before.until_utc,
    )
    if before.retired_utc is None:
        return same
    return same and key.retired_utc is not None and key.retired_utc <= before.retired_utc


def _encode(key_set: KeySet) -> bytes:
    """Return the payload; the keys stand in the order of their encoded bytes."""
    return cbor2.dumps(
        {
            _REGION: key_set.region_code,
            _ISSUED: int(key_set.issued_at_utc.timestamp()),
            _VERSION: key_set.version,
            _KEYS: [_to_cose(key) for key in key_set.keys],
        }
    )


def _to_cose(key: CredentialKey) -> dict[int, object]:
    kty, crv = _KEY_TYPES[key.algorithm]
    cose: dict[int, object] = {
        _KTY: kty,
        _KID: key_id(key.public_key),
        _ALG: key.algorithm.cose[0],
        _CRV: crv,
    }
    if isinstance(key.public_key, ed25519.Ed25519PublicKey):
        cose[_X] = key.public_key.public_bytes_raw()
    else:
        point = key.public_key.public_numbers()
        cose |= {_X: point.x.to_bytes(_COORDINATE_BYTES), _Y: point.y.to_bytes(_COORDINATE_BYTES)}
    cose |= {_FROM: int(key.from_utc.timestamp()), _UNTIL: int(key.until_utc.timestamp())}
    if key.retired_utc is not None:
        cose[_RETIRED] = int(key.retired_utc.timestamp())
    return cose


def _decode(payload: bytes) -> KeySet:
    """Rebuild a key set from its one encoding. Raises ``ValueError``."""
    try:
        plain = cbor2.loads(payload)
        region, version, keys = plain[_REGION], plain[_VERSION], plain[_KEYS]
        if not isinstance(keys, list) or not 1 <= len(keys) <= MAX_KEYS:
            raise ValueError("no keys, or too many")
        key_set = KeySet(
            region_code=region,
            version=version,
            issued_at_utc=_moment(plain[_ISSUED]),
            keys=tuple(_from_cose(cose) for cose in keys),
        )
    except (cbor2.CBORError, RecursionError, LookupError, TypeError, AttributeError) as error:
        raise ValueError("not a key set") from error
    named = isinstance(region, str) and _REGION_CODE.fullmatch(region) is not None
    if not named or type(version) is not int or not 1 <= version <= 0xFFFF_FFFF:
        raise ValueError("a region or a version of another kind")
    if len({key_id(key.public_key) for key in key_set.keys}) != len(key_set.keys):
        raise ValueError("two keys have the same kid")
    # Also finds a kid that is not of its key, for the kid is computed anew.
    if _encode(key_set) != payload:
        raise ValueError("not the encoding of a key set")
    return key_set


def _from_cose(cose: dict[int, object]) -> CredentialKey:
    algorithm = next((a for a in Algorithm if _KEY_TYPES[a] == (cose[_KTY], cose[_CRV])), None)
    if algorithm is None:
        raise ValueError("a key of another kind")
    retired = cose.get(_RETIRED)
    return CredentialKey(
        _public_key(algorithm, cose),
        from_utc=_moment(cose[_FROM]),
        until_utc=_moment(cose[_UNTIL]),
        retired_utc=None if retired is None else _moment(retired),
    )


def _public_key(algorithm: Algorithm, cose: dict[int, object]) -> PublicKey:
    if algorithm is Algorithm.ED25519:
        return ed25519.Ed25519PublicKey.from_public_bytes(_coordinate(cose[_X]))
    x, y = (int.from_bytes(_coordinate(cose[name])) for name in (_X, _Y))
    return ec.EllipticCurvePublicNumbers(x, y, ec.SECP256R1()).public_key()


def _coordinate(value: object) -> bytes:
    if not isinstance(value, bytes) or len(value) != _COORDINATE_BYTES:
        raise ValueError("a coordinate is not 32 bytes")
    return value


def _moment(seconds: object) -> datetime:
    if type(seconds) is not int or not 0 <= seconds <= _LAST_SECOND:
        raise ValueError("not a moment")
    return datetime.fromtimestamp(seconds, UTC)
