"""The frame of a COSE_Sign1 message (RFC 9052 §4.2), one encoding and no other.

    d2 84        COSE_Sign1, four parts
       protected    byte string
       a0           unprotected: empty
       payload      byte string
       58 40 …      the signature

A message is taken apart by position, so that nothing of an unknown hand is decoded.
"""

from __future__ import annotations

from typing import NamedTuple

import cbor2

_START = b"\xd2\x84"
_UNPROTECTED = b"\xa0"
_SIGNATURE_HEAD = b"\x58\x40"
_SIGNATURE_BYTES = 64
_BYTE_STRING = 0x40
_HEAD_BYTES = {24: 1, 25: 2, 26: 4}
"""By the additional information of a head, how many bytes hold the length (RFC 8949 §3)."""


class Sign1(NamedTuple):
    """The parts of a message; the signature is not yet verified."""

    protected: bytes
    payload: bytes
    signature: bytes


def assemble(parts: Sign1) -> bytes:
    """Return the message in its one encoding."""
    return cbor2.dumps(cbor2.CBORTag(18, [parts.protected, {}, parts.payload, parts.signature]))


def take_apart(message: bytes) -> Sign1:
    """Return the parts of a message. Raises ``ValueError`` for any other encoding."""
    if not message.startswith(_START):
        raise ValueError("no COSE_Sign1")
    protected, rest = _byte_string(message[len(_START) :])
    if not rest.startswith(_UNPROTECTED):
        raise ValueError("an unprotected header")
    payload, rest = _byte_string(rest[1:])
    if not rest.startswith(_SIGNATURE_HEAD) or len(rest) != 2 + _SIGNATURE_BYTES:
        raise ValueError("no signature of 64 bytes at the end")
    parts = Sign1(protected, payload, rest[2:])
    if assemble(parts) != message:
        raise ValueError("a length is not in its shortest form")
    return parts


def to_be_signed(protected: bytes, payload: bytes) -> bytes:
    """Return the Sig_structure of RFC 9052 §4.4, without external data."""
    return cbor2.dumps(["Signature1", protected, b"", payload])


def _byte_string(data: bytes) -> tuple[bytes, bytes]:
    """Return the byte string that stands first, and what follows it."""
    if not data or data[0] & 0xE0 != _BYTE_STRING:
        raise ValueError("no byte string")
    length = data[0] & 0x1F
    start = 1
    if length >= 24:
        if length not in _HEAD_BYTES:
            raise ValueError("a length of another kind")
        start += _HEAD_BYTES[length]
        length = int.from_bytes(data[1:start])
    if len(data) < start + length:
        raise ValueError("cut off")
    return data[start : start + length], data[start + length :]
