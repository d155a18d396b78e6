"""The public keys of the QR: what they are, how long they sign, how they are published.

One JSON file holds them all, the retired ones too, for a letter printed years ago
must still verify. It is a JWK Set (RFC 7517) with these members for each key:
``kty``, ``crv``, ``x`` (and ``y``), ``kid``, ``alg``, ``use`` and the dates
``nbf`` (signs from), ``exp`` (signs until) and, when it was put aside earlier,
``retired``; dates are seconds since 1970 (RFC 7519 NumericDate). The ``kid`` is
the hex form of the four bytes that a token names its key by.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import Enum
from pathlib import Path
from typing import Protocol

from cryptography.exceptions import InvalidSignature as SignatureMismatch
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from cryptography.hazmat.primitives.asymmetric.utils import (
    decode_dss_signature,
    encode_dss_signature,
)
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from issuer import whole_files
from issuer.domain.errors import ConfigurationError
from issuer.signing import key_files

PublicKey = ec.EllipticCurvePublicKey | ed25519.Ed25519PublicKey
PrivateKey = ec.EllipticCurvePrivateKey | ed25519.Ed25519PrivateKey

MessageSigner = Callable[[bytes], bytes]
"""Signs a message as its key's library does: DER for ECDSA with SHA-256, 64 bytes
for Ed25519. Raises ``KeyUnavailable``."""

KEY_ID_BYTES = 4
MAX_FILE_BYTES = 262_144
_FILE = Path("trust", "credential-keys.json")
_P256_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
_ECDSA = ec.ECDSA(SHA256())
_LAST_DATE = 253_402_300_799
_COORDINATE_BYTES = 32


class Algorithm(Enum):
    """What a key signs with: its JOSE name, curve, and COSE numbers.

    The first number is written. The second means the same to this key and is
    accepted: RFC 9864 gives ES256 on P-256 and EdDSA on Ed25519 a second number.
    """

    ES256 = ("ES256", "EC", "P-256", (-7, -9))
    ED25519 = ("Ed25519", "OKP", "Ed25519", (-8, -19))

    def __init__(self, jose: str, kty: str, crv: str, cose: tuple[int, ...]) -> None:
        self.jose, self.kty, self.crv, self.cose = jose, kty, crv, cose


@dataclass(frozen=True, slots=True)
class CredentialKey:
    """One public key and the time in which it may sign, in whole seconds of UTC.

    ``until_utc`` is excluded and planned; ``retired_utc``, also excluded, is the
    day it was put aside before that.
    """

    public_key: PublicKey
    from_utc: datetime
    until_utc: datetime
    retired_utc: datetime | None = None

    def __post_init__(self) -> None:
        ends = [self.until_utc] if self.retired_utc is None else [self.until_utc, self.retired_utc]
        key = self.public_key
        if isinstance(key, ec.EllipticCurvePublicKey) and not isinstance(key.curve, ec.SECP256R1):
            raise ValueError("a credential key is on P-256 or Ed25519")
        if any(moment.microsecond for moment in (self.from_utc, *ends)):
            raise ValueError("a key's dates are whole seconds")
        if any(end < self.from_utc for end in ends):
            raise ValueError("a key ends before it begins")

    @property
    def algorithm(self) -> Algorithm:
        """What this key signs with; a curve has one algorithm here."""
        on_curve = isinstance(self.public_key, ec.EllipticCurvePublicKey)
        return Algorithm.ES256 if on_curve else Algorithm.ED25519

    def signs_at(self, moment_utc: datetime) -> bool:
        """Say whether the key may sign, or may have signed, at that moment."""
        ended = self.until_utc if self.retired_utc is None else self.retired_utc
        return self.from_utc <= moment_utc < min(ended, self.until_utc)

    def signature_holds(self, signature: bytes, message: bytes) -> bool:
        """Verify the 64 bytes a token carries (RFC 9053 §2.1, §2.2).

        Of the two forms every ECDSA signature has, only the lower is taken, so
        that nobody can make a second token out of a true one.
        """
        try:
            if isinstance(self.public_key, ed25519.Ed25519PublicKey):
                self.public_key.verify(signature, message)
                return True
            r, s = int.from_bytes(signature[:32]), int.from_bytes(signature[32:])
            der = encode_dss_signature(r, s)
            self.public_key.verify(der, message, _ECDSA)
        except SignatureMismatch:
            return False
        return s <= _P256_ORDER // 2

    def token_signature(self, made: bytes) -> bytes:
        """Return what a ``MessageSigner`` made as the 64 bytes a token carries."""
        if self.algorithm is Algorithm.ED25519:
            return made
        r, s = decode_dss_signature(made)
        return r.to_bytes(32) + min(s, _P256_ORDER - s).to_bytes(32)


class CredentialKeys(Protocol):
    """The public keys that tokens are verified with."""

    def find(self, kid: bytes) -> CredentialKey | None:
        """Return the key a token names, or None."""


class CredentialKeySet:
    """Every key that ever signed for this office, by key id."""

    def __init__(self, keys: Iterable[CredentialKey]) -> None:
        """Raises ``ConfigurationError`` when two keys have one id."""
        self._by_id: dict[bytes, CredentialKey] = {}
        for key in keys:
            if self._by_id.setdefault(key_id(key.public_key), key) is not key:
                raise ConfigurationError(["credential keys: two keys have the same kid"])

    @property
    def keys(self) -> tuple[CredentialKey, ...]:
        """The keys, in the order they were added."""
        return tuple(self._by_id.values())

    def find(self, kid: bytes) -> CredentialKey | None:
        """Return the key a token names, or None."""
        return self._by_id.get(kid)

    def to_jwks(self) -> bytes:
        """Return the set as it is published."""
        jwks = {"keys": [_to_jwk(kid, key) for kid, key in self._by_id.items()]}
        return json.dumps(jwks, indent=2).encode() + b"\n"

    @classmethod
    def from_jwks(cls, data: bytes) -> CredentialKeySet:
        """Read a published set. Raises ``ConfigurationError`` with every bad key."""
        try:
            jwks = json.loads(data)
            entries = jwks["keys"]
            if set(jwks) != {"keys"} or not isinstance(entries, list):
                raise ValueError("other members")
        except (ValueError, KeyError, TypeError, RecursionError) as error:
            raise ConfigurationError(["credential keys: not a JWK Set"]) from error
        keys, problems = [], []
        for place, entry in enumerate(entries, start=1):
            try:
                keys.append(_from_jwk(entry))
            except (ValueError, KeyError, TypeError) as error:
                problems.append(f"credential keys: key {place}: {error}")
        if problems:
            raise ConfigurationError(problems)
        return cls(keys)


def key_id(public_key: PublicKey) -> bytes:
    """Return the first four bytes of the SHA-256 of the key's SubjectPublicKeyInfo.

    It finds a key and proves nothing, so it is as short as it can be.
    """
    der = public_key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return hashlib.sha256(der).digest()[:KEY_ID_BYTES]


def new_credential_key(
    from_utc: datetime, until_utc: datetime
) -> tuple[CredentialKey, ec.EllipticCurvePrivateKey]:
    """Make a P-256 key for that time; where its private half is kept is the caller's."""
    private_key = ec.generate_private_key(ec.SECP256R1())
    public_key = private_key.public_key()
    return (
        CredentialKey(
            public_key, from_utc.replace(microsecond=0), until_utc.replace(microsecond=0)
        ),
        private_key,
    )


def message_signer(private_key: PrivateKey) -> MessageSigner:
    """Return the signing function of a private key held in memory."""
    if isinstance(private_key, ed25519.Ed25519PrivateKey):
        return private_key.sign
    return lambda message: private_key.sign(message, ec.ECDSA(SHA256()))


def read_credential_keys(keys_dir: Path) -> CredentialKeySet:
    """Read the public keys of an office. Raises ``ConfigurationError``."""
    path = keys_dir / _FILE
    try:
        with path.open("rb") as file:
            data = file.read(MAX_FILE_BYTES + 1)
    except OSError as error:
        raise ConfigurationError([f"credential keys: cannot read {path}"]) from error
    if len(data) > MAX_FILE_BYTES:
        raise ConfigurationError([f"credential keys: {path} is too large"])
    return CredentialKeySet.from_jwks(data)


class CredentialKeyFile:
    """The office's file of public keys, read again whenever it changes."""

    def __init__(self, keys_dir: Path) -> None:
        self._keys_dir = keys_dir
        self._path = keys_dir / _FILE
        self._read: tuple[object, CredentialKeySet] | None = None

    def current(self) -> CredentialKeySet:
        """Return what the file says now. Raises ``ConfigurationError``."""
        try:
            status = self._path.stat()
        except OSError as error:
            raise ConfigurationError([f"credential keys: cannot read {self._path}"]) from error
        stamp = (status.st_ino, status.st_mtime_ns, status.st_size)
        if self._read is None or self._read[0] != stamp:
            self._read = stamp, read_credential_keys(self._keys_dir)
        return self._read[1]

    def find(self, kid: bytes) -> CredentialKey | None:
        """Return the key a token names, or None. Raises ``ConfigurationError``."""
        return self.current().find(kid)


def write_credential_keys(keys_dir: Path, keys: CredentialKeySet) -> None:
    """Replace the office's file of public keys at once. Raises ``ConfigurationError``."""
    path = keys_dir / _FILE
    try:
        whole_files.make_folder(path.parent, key_files.PUBLIC_FOLDER)
        whole_files.replace(path, keys.to_jwks(), key_files.PUBLIC_FILE)
    except OSError as error:
        raise ConfigurationError([f"credential keys: cannot write {path}"]) from error


def _to_jwk(kid: bytes, key: CredentialKey) -> dict[str, str | int]:
    algorithm = key.algorithm
    jwk: dict[str, str | int] = {"kty": algorithm.kty, "crv": algorithm.crv}
    if isinstance(key.public_key, ec.EllipticCurvePublicKey):
        point = key.public_key.public_numbers()
        jwk |= {"x": _base64url(point.x.to_bytes(32)), "y": _base64url(point.y.to_bytes(32))}
    else:
        jwk |= {"x": _base64url(key.public_key.public_bytes_raw())}
    jwk |= {
        "kid": kid.hex(),
        "alg": algorithm.jose,
        "use": "sig",
        "nbf": int(key.from_utc.timestamp()),
        "exp": int(key.until_utc.timestamp()),
    }
    if key.retired_utc is not None:
        jwk["retired"] = int(key.retired_utc.timestamp())
    return jwk


def _from_jwk(jwk: dict[str, object]) -> CredentialKey:
    names = [name for name in Algorithm if jwk["alg"] == name.jose]
    if not names:
        raise ValueError("unknown algorithm")
    algorithm = names[0]
    coordinates = ("x", "y") if algorithm is Algorithm.ES256 else ("x",)
    members = {"kty", "crv", *coordinates, "kid", "alg", "use", "nbf", "exp"}
    if set(jwk) - {"retired"} != members:
        raise ValueError("missing or unknown members")
    if (jwk["kty"], jwk["crv"], jwk["use"]) != (algorithm.kty, algorithm.crv, "sig"):
        raise ValueError("kty, crv or use do not go with alg")
    public_key = _public_key(algorithm, [_coordinate(jwk[name]) for name in coordinates])
    if jwk["kid"] != key_id(public_key).hex():
        raise ValueError("kid is not of this key")
    return CredentialKey(
        public_key,
        from_utc=_moment(jwk["nbf"]),
        until_utc=_moment(jwk["exp"]),
        retired_utc=_moment(jwk["retired"]) if "retired" in jwk else None,
    )


def _public_key(algorithm: Algorithm, coordinates: list[bytes]) -> PublicKey:
    if algorithm is Algorithm.ED25519:
        return ed25519.Ed25519PublicKey.from_public_bytes(coordinates[0])
    x, y = (int.from_bytes(coordinate) for coordinate in coordinates)
    return ec.EllipticCurvePublicNumbers(x, y, ec.SECP256R1()).public_key()


def _base64url(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def _coordinate(text: object) -> bytes:
    if not isinstance(text, str) or len(text) > 64:
        raise ValueError("a coordinate is not text")
    try:
        data = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except binascii.Error as error:
        raise ValueError("a coordinate is not base64url") from error
    if len(data) != _COORDINATE_BYTES or _base64url(data) != text:
        raise ValueError("a coordinate is not 32 bytes of base64url")
    return data


def _moment(seconds: object) -> datetime:
    if type(seconds) is not int or not 0 <= seconds <= _LAST_DATE:
        raise ValueError("a date is not seconds since 1970")
    return datetime.fromtimestamp(seconds, UTC)
