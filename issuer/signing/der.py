"""DER, as much of it as a CMS signature needs (ITU-T X.690, section 10).

Written here because ``cryptography`` calls its own ASN.1 interface unstable.
"""

from __future__ import annotations

from typing import NamedTuple

BIT_STRING, OCTET_STRING, OBJECT_IDENTIFIER = 0x03, 0x04, 0x06
SEQUENCE, SET, CONTEXT_0 = 0x30, 0x31, 0xA0


class NotDer(ValueError):
    """The bytes are no DER; carries nothing of them."""


class Element(NamedTuple):
    """One element: its tag, its content, and both with the length as they stood."""

    tag: int
    content: bytes
    encoded: bytes


def tlv(tag: int, *parts: bytes) -> bytes:
    """Return the parts as the content of one element."""
    content = b"".join(parts)
    length = len(content)
    if length < 0x80:
        return bytes((tag, length)) + content
    octets = length.to_bytes((length.bit_length() + 7) // 8)
    return bytes((tag, 0x80 | len(octets))) + octets + content


def set_of(tag: int, *elements: bytes) -> bytes:
    """Return a SET OF, in the order DER wants (X.690, 11.6)."""
    return tlv(tag, *sorted(elements))


def integer(value: int) -> bytes:
    """Return a non-negative INTEGER."""
    return tlv(0x02, value.to_bytes(value.bit_length() // 8 + 1))


def oid(dotted: str) -> bytes:
    """Return an OBJECT IDENTIFIER."""
    first, second, *rest = (int(arc) for arc in dotted.split("."))
    content = bytearray()
    for arc in (40 * first + second, *rest):
        septets = [arc & 0x7F]
        while arc := arc >> 7:
            septets.append(0x80 | arc & 0x7F)
        content += bytes(reversed(septets))
    return tlv(OBJECT_IDENTIFIER, bytes(content))


def read_first(data: bytes) -> Element:
    """Return the element at the start of ``data``. Raises ``NotDer``.

    Only low tags and definite, shortest lengths of at most three octets are read.
    """
    if len(data) < 2 or data[0] & 0x1F == 0x1F:
        raise NotDer
    start, length = 2, data[1]
    if length & 0x80:
        octets = data[2 : 2 + (length & 0x7F)]
        start, length = 2 + len(octets), int.from_bytes(octets)
        shortest = length >= 0x80 and octets[0] != 0
        if not shortest or len(octets) != data[1] & 0x7F or len(octets) > 3:
            raise NotDer
    if len(data) < start + length:
        raise NotDer
    return Element(data[0], data[start : start + length], data[: start + length])


def read_all(data: bytes) -> list[Element]:
    """Return the elements that ``data`` is made of, to its last byte. Raises ``NotDer``."""
    elements = []
    while data:
        elements.append(read_first(data))
        data = data[len(elements[-1].encoded) :]
    return elements
