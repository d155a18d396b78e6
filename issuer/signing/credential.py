"""The QR's token: a COSE_Sign1 (RFC 9052) over CWT claims (RFC 8392), in a URL.

``https://<host>/v/<digits>``, the digits being the token as one number in base 10.
This is a frozen contract: what was printed must verify for ever.

A token has one encoding and no other. Its frame is fixed, byte for byte::

    d2 84                        COSE_Sign1, four parts
       49 a2 01 AL 04 44 KKKKKKKK   protected: alg, kid
       a0                           unprotected: empty
       58 NN …                      the claims, NN bytes
       58 40 …                      the signature

so it is taken apart by position, and no CBOR of an unknown hand is ever decoded:
the claims are, after the signature held.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import TypeGuard

import cbor2

from issuer.domain.credential import CredentialClaims, ReadCredential
from issuer.domain.errors import (
    InvalidSignature,
    KeyUnavailable,
    MalformedCredential,
    NotFitToSign,
)
from issuer.domain.record import QR_DIGEST_BYTES
from issuer.domain.verdict import Reason
from issuer.signing.cose_sign1 import Sign1, assemble, to_be_signed
from issuer.signing.credential_keys import (
    CredentialKey,
    CredentialKeys,
    MessageSigner,
    key_id,
)

MAX_TOKEN_BYTES = 248
"""What version 12 of a QR at level M holds beside a host of 25 characters."""

MAX_TEXT = 700
_PATH = "/v/"
_DIGITS = re.compile(r"[1-9][0-9]*", re.ASCII)
_ORIGIN = re.compile(r"[a-z][a-z0-9+.-]*://[^/]*", re.ASCII | re.IGNORECASE)
_TOKEN = re.compile(
    rb"\xd2\x84\x49(\xa2\x01([\x20-\x37])\x04\x44(.{4}))\xa0\x58(.)(.*)\x58\x40(.{64})", re.DOTALL
)
_REGION_CODE = re.compile(r"[0-9]{2,10}")
_SHORT_LINE = re.compile(r".{1,60}")
_FOUR_DIGITS = re.compile(r"[0-9]{4}")
_ISSUER, _EXPIRES, _ISSUED, _CLAIM_169, _LETTER = 1, 4, 6, 169, -65537
_FULL_NAME = 4
_LAST_SECOND = 253_402_300_799


class CoseCredentialSealer:
    """Makes the text of the QR with one key; implements ``CredentialSigner``.

    ``sign`` is the private half of ``key``, wherever it is kept.
    """

    def __init__(self, key: CredentialKey, sign: MessageSigner, base_url: str) -> None:
        self._key = key
        self._key_id = key_id(key.public_key)
        self._sign = sign
        self._prefix = base_url + _PATH

    def seal(self, claims: CredentialClaims, at_utc: datetime) -> str:
        """Return the URL for the QR.

        Raises ``KeyUnavailable`` outside the key's time and ``NotFitToSign`` for
        claims that the reader would refuse or that do not fit the QR.
        """
        for moment in (at_utc, claims.issued_at_utc):
            if not self._key.signs_at(moment):
                raise KeyUnavailable(self._key_id.hex(), "outside_its_dates")
        payload = _encode_claims(claims)
        try:
            unchanged = _decode_claims(payload) == claims
        except ValueError as error:
            raise NotFitToSign(["credential_claims"]) from error
        if not unchanged:
            raise NotFitToSign(["credential_claims"])
        protected = cbor2.dumps({1: self._key.algorithm.cose[0], 4: self._key_id})
        made = self._sign(to_be_signed(protected, payload))
        signature = self._key.token_signature(made)
        token = assemble(Sign1(protected, payload, signature))
        if len(token) > MAX_TOKEN_BYTES:
            raise NotFitToSign(["credential_too_long"])
        return self._prefix + str(int.from_bytes(token))


class CoseCredentialReader:
    """Reads and verifies the text of a QR; implements ``CredentialReader``.

    It takes the URL under ``base_url``, or the path ``/v/<digits>`` as the web has it.
    """

    def __init__(self, keys: CredentialKeys, base_url: str) -> None:
        self._keys = keys
        self._base_url = base_url

    def read(self, text: str) -> ReadCredential:
        """Return the claims. Raises ``MalformedCredential`` or ``InvalidSignature``."""
        parts = _TOKEN.fullmatch(_to_bytes(self._digits(text)))
        if parts is None:
            raise MalformedCredential(Reason.CREDENTIAL_MALFORMED)
        protected, algorithm, kid, length, payload, signature = parts.groups()
        if len(payload) != length[0]:
            raise MalformedCredential(Reason.CREDENTIAL_MALFORMED)
        key = self._keys.find(kid)
        if key is None:
            raise InvalidSignature(Reason.CREDENTIAL_UNKNOWN_KEY)
        # A CBOR head of 0x20 + n is the integer -1 - n.
        if 0x1F - algorithm[0] not in key.algorithm.cose:
            raise MalformedCredential(Reason.CREDENTIAL_MALFORMED)
        if not key.signature_holds(signature, to_be_signed(protected, payload)):
            raise InvalidSignature(Reason.SIGNATURE_BROKEN)
        try:
            claims = _decode_claims(payload)
        except ValueError as error:
            raise MalformedCredential(Reason.CREDENTIAL_MALFORMED) from error
        # A key that was put aside may have been stolen since.
        if not key.signs_at(claims.issued_at_utc):
            raise InvalidSignature(Reason.ISSUER_NOT_TRUSTED)
        return ReadCredential(claims, kid.hex())

    def _digits(self, text: str) -> str:
        if len(text) > MAX_TEXT:
            raise MalformedCredential(Reason.CREDENTIAL_MALFORMED)
        origin = _ORIGIN.match(text)
        if origin is not None and origin[0].lower() != self._base_url:
            raise MalformedCredential(Reason.CREDENTIAL_FOREIGN_HOST)
        path = text.removeprefix(self._base_url)
        if not path.startswith(_PATH) or not _DIGITS.fullmatch(path, len(_PATH)):
            raise MalformedCredential(Reason.CREDENTIAL_MALFORMED)
        return path[len(_PATH) :]


def _to_bytes(digits: str) -> bytes:
    number = int(digits)
    return number.to_bytes((number.bit_length() + 7) // 8)


def _encode_claims(claims: CredentialClaims) -> bytes:
    """Return the claims in deterministic CBOR (RFC 8949 §4.2.1).

    The keys stand in the order of their encoded bytes; cbor2 writes the shortest form.
    """
    expires = claims.expires_at_utc
    return cbor2.dumps(
        {
            _ISSUER: claims.region_code,
            **({} if expires is None else {_EXPIRES: int(expires.timestamp())}),
            _ISSUED: int(claims.issued_at_utc.timestamp()),
            _CLAIM_169: {_FULL_NAME: claims.name},
            _LETTER: {
                1: claims.type_code,
                2: claims.number,
                3: claims.agency_number,
                4: claims.signatory_number,
                5: claims.nik_last_four,
                6: claims.record_digest,
                7: claims.status_index,
            },
        }
    )


def _decode_claims(payload: bytes) -> CredentialClaims:
    """Rebuild claims from their one encoding. Raises ``ValueError``."""
    try:
        plain = cbor2.loads(payload)
        letter = plain[_LETTER]
        expires = plain.get(_EXPIRES)
        claims = CredentialClaims(
            region_code=plain[_ISSUER],
            issued_at_utc=_moment(plain[_ISSUED]),
            expires_at_utc=None if expires is None else _moment(expires),
            name=plain[_CLAIM_169][_FULL_NAME],
            type_code=letter[1],
            number=letter[2],
            agency_number=letter[3],
            signatory_number=letter[4],
            nik_last_four=letter[5],
            record_digest=letter[6],
            status_index=letter[7],
        )
    except (cbor2.CBORError, KeyError, IndexError, TypeError, AttributeError) as error:
        raise ValueError("not the claims of a letter") from error
    if not _in_range(claims) or _encode_claims(claims) != payload:
        raise ValueError("not the claims of a letter")
    return claims


def _moment(seconds: object) -> datetime:
    if not _whole(seconds, _LAST_SECOND):
        raise ValueError("not a moment")
    return datetime.fromtimestamp(seconds, UTC)


def _in_range(claims: CredentialClaims) -> bool:
    """Check types and ranges, which the decoder took on trust."""
    return (
        _text(claims.region_code, _REGION_CODE)
        and _text(claims.name, _SHORT_LINE)
        and _text(claims.number, _SHORT_LINE)
        and _text(claims.nik_last_four, _FOUR_DIGITS)
        and _whole(claims.type_code, 0xFFFF)
        and _whole(claims.agency_number, 9_999_999_999)
        and _whole(claims.signatory_number, 0xFFFF_FFFF)
        and _whole(claims.status_index, 0xFFFF_FFFF)
        and _bytes(claims.record_digest, QR_DIGEST_BYTES)
    )


def _text(value: object, pattern: re.Pattern[str]) -> bool:
    return isinstance(value, str) and pattern.fullmatch(value) is not None


def _bytes(value: object, length: int) -> bool:
    return isinstance(value, bytes) and len(value) == length


def _whole(value: object, most: int) -> TypeGuard[int]:
    return type(value) is int and 0 <= value <= most
