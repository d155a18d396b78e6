"""Our small DER against a large one, and against what is no DER."""

from __future__ import annotations

import pytest
from asn1crypto import core, parser  # type: ignore[import-untyped]  # asn1crypto has no types
from hypothesis import given
from hypothesis import strategies as st

from issuer.signing import cms, der

ARCS = st.tuples(st.integers(0, 1), st.integers(0, 39)).flatmap(
    lambda head: st.lists(st.integers(0, 2**40), min_size=1, max_size=8).map(
        lambda tail: ".".join(map(str, (*head, *tail)))
    )
)


@given(ARCS)
def test_object_identifiers_as_asn1crypto_writes_them(dotted: str) -> None:
    assert der.oid(dotted) == core.ObjectIdentifier(dotted).dump()


@given(st.integers(0, 2**160))
def test_integers_as_asn1crypto_writes_them(value: int) -> None:
    assert der.integer(value) == core.Integer(value).dump()


@pytest.mark.parametrize("length", [0, 1, 127, 128, 255, 256, 65_535, 65_536])
def test_lengths_as_asn1crypto_writes_them(length: int) -> None:
    assert der.tlv(der.OCTET_STRING, bytes(length)) == core.OctetString(bytes(length)).dump()


@given(st.lists(st.binary(max_size=300), max_size=6))
def test_sets_as_asn1crypto_writes_them(values: list[bytes]) -> None:
    class Octets(core.SetOf):  # type: ignore[misc]  # asn1crypto has no types
        _child_spec = core.OctetString

    ours = der.set_of(der.SET, *(der.tlv(der.OCTET_STRING, v) for v in values))
    assert ours == Octets(values).dump()


@given(st.lists(st.binary(max_size=300), max_size=6))
def test_what_is_written_is_read(values: list[bytes]) -> None:
    elements = [der.tlv(der.OCTET_STRING, value) for value in values]
    read = der.read_all(b"".join(elements))
    assert [e.content for e in read] == values
    assert [e.encoded for e in read] == elements


@given(st.binary(max_size=60))
def test_what_is_read_asn1crypto_reads_alike(data: bytes) -> None:
    try:
        ours = der.read_first(data)
    except der.NotDer:
        return
    _, _, _, header, content, _ = parser.parse(ours.encoded, strict=True)
    assert (header + content, content) == (ours.encoded, ours.content)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\x30",
        b"\x30\x01",
        b"\x30\x80\x00\x00",
        b"\x30\x81\x05hello",
        b"\x30\x82\x00\x80" + bytes(128),
        b"\x30\x81",
        b"\x30\x84\x00\x00\x00\x01x",
        b"\x30\x84\x01\x00\x00\x00",
        b"\x30\xff" + bytes(200),
        b"\x1f\x01\x00",
        b"\x30\x05abc",
    ],
)
def test_no_der_is_refused(data: bytes) -> None:
    with pytest.raises(der.NotDer):
        der.read_first(data)


@given(st.binary(max_size=300))
def test_a_cms_reader_knows_one_exception(data: bytes) -> None:
    for wrapped in (data, der.tlv(der.SEQUENCE, data), der.tlv(der.SEQUENCE, b"\x06\x00", data)):
        with pytest.raises(der.NotDer):
            cms.read(wrapped)
