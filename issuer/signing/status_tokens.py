"""Status list tokens: a CWT in COSE_Sign1 (Token Status List, §5.2).

The protected header is ``{1: alg, 4: kid, 16: "application/statuslist+cwt"}``, the
claims are ``2`` (the list's own address), ``4`` (expiry), ``6`` (issued at), ``65533``
(the list) and ``65534`` (seconds it need not be asked for again), in deterministic
CBOR. ``lst`` is the packed list in the zlib format (RFC 1950). A key of the QR
credentials signs.
"""

from __future__ import annotations

import re
import zlib
from datetime import UTC, datetime
from typing import Final, Protocol

import cbor2

from issuer.domain.errors import InvalidDocument, InvalidSignature, TooLarge
from issuer.domain.status_list import BITS, FRESH, LIFETIME, SIZE, StatusList, not_valid
from issuer.domain.verdict import Reason
from issuer.signing.cose_sign1 import Sign1, assemble, take_apart, to_be_signed
from issuer.signing.credential_keys import CredentialKey, CredentialKeys, MessageSigner, key_id

MEDIA_TYPE: Final = "application/statuslist+cwt"
AGGREGATION_PATH: Final = "/status"
PACKED_BYTES: Final = SIZE * BITS // 8
MAX_TOKEN_BYTES: Final = PACKED_BYTES + 4096
"""Bits that cannot be compressed, and all that stands around them."""

_PROTECTED: Final = re.compile(
    rb"\xa3\x01([\x20-\x37])\x04\x44(.{4})\x10\x78\x1a" + re.escape(MEDIA_TYPE.encode()), re.DOTALL
)
_SUBJECT, _EXPIRES, _ISSUED, _LIST, _TTL = 2, 4, 6, 65533, 65534
_LAST_SECOND = 253_402_300_799


class SigningKeys(Protocol):
    """Who signs now; the private half stays where it is."""

    def signer_at(self, *moments_utc: datetime) -> tuple[CredentialKey, MessageSigner]:
        """Return the newest key that signs at all these moments. Raises ``KeyUnavailable``."""


class StatusListSealer:
    """Signs status lists; implements ``StatusListSigner``."""

    def __init__(self, keys: SigningKeys, base_url: str) -> None:
        self._keys = keys
        self._base_url = base_url

    def seal(self, listed: StatusList) -> bytes:
        """Return the token of a list. Raises ``KeyUnavailable``."""
        key, sign = self._keys.signer_at(listed.issued_at_utc)
        protected = cbor2.dumps(
            {1: key.algorithm.cose[0], 4: key_id(key.public_key), 16: MEDIA_TYPE}
        )
        payload = _encode(listed, zlib.compress(listed.packed, level=9), self._base_url)
        signature = key.token_signature(sign(to_be_signed(protected, payload)))
        return assemble(Sign1(protected, payload, signature))


class StatusListReader:
    """Reads and verifies status list tokens; implements ``StatusListReader``."""

    def __init__(self, keys: CredentialKeys, base_url: str) -> None:
        self._keys = keys
        self._base_url = base_url

    def read(self, token: bytes, year: int) -> StatusList:
        """Return the list of a year, whether it is still fresh or not.

        Raises ``TooLarge``, ``InvalidDocument`` for anything but a list of that year
        in its one encoding, ``InvalidSignature``.
        """
        if len(token) > MAX_TOKEN_BYTES:
            raise TooLarge(MAX_TOKEN_BYTES)
        try:
            protected, payload, signature = take_apart(token)
        except ValueError as error:
            raise InvalidDocument(Reason.CREDENTIAL_MALFORMED) from error
        header = _PROTECTED.fullmatch(protected)
        if header is None:
            raise InvalidDocument(Reason.CREDENTIAL_MALFORMED)
        key = self._keys.find(header[2])
        if key is None:
            raise InvalidSignature(Reason.CREDENTIAL_UNKNOWN_KEY)
        # A CBOR head of 0x20 + n is the integer -1 - n.
        if 0x1F - header[1][0] not in key.algorithm.cose:
            raise InvalidDocument(Reason.CREDENTIAL_MALFORMED)
        if not key.signature_holds(signature, to_be_signed(protected, payload)):
            raise InvalidSignature(Reason.SIGNATURE_BROKEN)
        try:
            listed = _decode(payload, year, self._base_url)
        except (ValueError, zlib.error) as error:
            raise InvalidDocument(Reason.CREDENTIAL_MALFORMED) from error
        if not key.signs_at(listed.issued_at_utc):
            raise InvalidSignature(Reason.ISSUER_NOT_TRUSTED)
        return listed


def _encode(listed: StatusList, compressed: bytes, base_url: str) -> bytes:
    """Return the claims; the keys stand in the order of their encoded bytes."""
    return cbor2.dumps(
        {
            _SUBJECT: f"{base_url}{AGGREGATION_PATH}/{listed.year}",
            _EXPIRES: int(listed.expires_at_utc.timestamp()),
            _ISSUED: int(listed.issued_at_utc.timestamp()),
            _LIST: {
                "lst": compressed,
                "bits": BITS,
                "aggregation_uri": base_url + AGGREGATION_PATH,
            },
            _TTL: int(FRESH.total_seconds()),
        }
    )


def _decode(payload: bytes, year: int, base_url: str) -> StatusList:
    """Rebuild a list from its one encoding. Raises ``ValueError`` or ``zlib.error``."""
    try:
        claims = cbor2.loads(payload)
        compressed = claims[_LIST]["lst"]
        listed = StatusList(
            year,
            issued_at_utc=_moment(claims[_ISSUED]),
            expires_at_utc=_moment(claims[_EXPIRES]),
            packed=_inflate(compressed),
        )
    except (cbor2.CBORError, RecursionError, LookupError, TypeError, AttributeError) as error:
        raise ValueError("not a status list") from error
    if _encode(listed, compressed, base_url) != payload:
        raise ValueError("not the status list of this year and address")
    if listed.expires_at_utc - listed.issued_at_utc != LIFETIME:
        raise ValueError("a status list of another lifetime")
    for _ in not_valid(listed.packed):
        pass  # an unknown value is a ValueError
    return listed


def _inflate(compressed: object) -> bytes:
    """Return the packed list: all of it and nothing behind it, however much was squeezed in."""
    if not isinstance(compressed, bytes):
        raise ValueError("a list is bytes")
    inflate = zlib.decompressobj()
    packed = inflate.decompress(compressed, PACKED_BYTES + 1)
    if len(packed) != PACKED_BYTES or not inflate.eof or inflate.unused_data:
        raise ValueError("a list of another size")
    return packed


def _moment(seconds: object) -> datetime:
    if type(seconds) is not int or not 0 <= seconds <= _LAST_SECOND:
        raise ValueError("not a moment")
    return datetime.fromtimestamp(seconds, UTC)
