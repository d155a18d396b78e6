"""Canonical JSON against RFC 8785's own implementation, records and the audit chain."""

from __future__ import annotations

import hashlib
import json
from dataclasses import fields, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from issuer.domain.audit import AuditEntry, AuditEvent, first_broken, next_entry
from issuer.domain.mandate import MandateKind
from issuer.domain.record import LetterRecord, Signer, canonical_json
from tests.records import a_record, a_signer

TEXT = st.text(st.characters(codec="utf-8"), max_size=20)
KEYS = st.text(st.characters(max_codepoint=127), max_size=8)
INTEGERS = st.integers(-(2**53) + 1, 2**53 - 1)
VALUES = st.recursive(
    st.none() | st.booleans() | INTEGERS | TEXT,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=4),
    max_leaves=12,
)


@given(VALUES)
def test_canonical_json_is_rfc_8785(value: Any) -> None:
    assert canonical_json(value) == rfc8785.dumps(value)


@pytest.mark.parametrize(
    "value", [1.5, {"é": 1}, {1: 2}, 2**53, -(2**53), b"x", {"a": [{"b": 0.1}]}, date(2026, 1, 1)]
)
def test_what_would_differ_is_refused(value: object) -> None:
    with pytest.raises(TypeError, match="canonical JSON"):
        canonical_json(value)


def test_a_lone_surrogate_is_no_text() -> None:
    with pytest.raises(ValueError, match="surrogates"):
        canonical_json("\ud800")


@given(
    st.text(st.characters(codec="utf-8"), max_size=100),
    st.sampled_from(MandateKind),
    st.none() | st.dates(),
    st.dictionaries(KEYS, TEXT | INTEGERS, max_size=5),
)
def test_a_record_comes_back_from_its_bytes(
    purpose: str, kind: MandateKind, expires: date | None, values: dict[str, str | int]
) -> None:
    record = a_record(
        purpose=purpose, signer=a_signer(mandate_kind=kind), expires_on=expires, fields=values
    )
    data = record.canonical()
    assert data == rfc8785.dumps(json.loads(data))
    assert LetterRecord.from_canonical(data) == record


AN_ENDORSER = a_signer(agency_code="35.22.15", id="camat-352215", position="Camat Bojonegoro")


def test_an_endorser_comes_back_too() -> None:
    record = a_record(endorser=AN_ENDORSER)
    assert LetterRecord.from_canonical(record.canonical()) == record


def test_a_sealed_record_keeps_the_bytes_it_was_sealed_with() -> None:
    """What was signed is the digest of these bytes, whatever this version would write."""
    data = json.dumps(json.loads(a_record().canonical()), indent=1).encode()
    record = LetterRecord.from_sealed(data)
    assert record == a_record()
    assert record.canonical() == data
    assert record.digest() == hashlib.sha256(data).digest()


@pytest.mark.parametrize("data", [b"", b"[]", b"{}", b"\xff", b"[" * 100_000, b'{"schema":1}'])
def test_sealed_bytes_that_are_no_record_are_refused(data: bytes) -> None:
    with pytest.raises(ValueError, match=r"."):
        LetterRecord.from_sealed(data)


def test_every_field_is_in_the_digest() -> None:
    record = a_record()
    seen = {record.digest()}
    for field in fields(LetterRecord):
        value = getattr(record, field.name)
        other: object
        if field.name in ("signer", "endorser"):
            other = AN_ENDORSER
        elif isinstance(value, bool):
            other = not value
        elif isinstance(value, int):
            other = value + 1
        elif isinstance(value, date):
            other = value + timedelta(days=1)
        elif isinstance(value, dict):
            other = {**value, "more": "x"}
        elif isinstance(value, tuple):
            other = (*value, "x")
        else:
            other = f"{value}x"
        seen.add(a_record(**{field.name: other}).digest())
    assert len(seen) == len(fields(LetterRecord)) + 1


def test_every_fact_of_a_signer_is_in_the_digest() -> None:
    seen = {a_record().digest()}
    for field in fields(Signer):
        other = MandateKind.CARETAKER if field.name == "mandate_kind" else "x"
        signer = a_signer(**{field.name: other})
        seen |= {a_record(signer=signer).digest(), a_record(endorser=signer).digest()}
    assert len(seen) == 2 * len(fields(Signer)) + 1


def test_a_record_shows_no_person_when_printed() -> None:
    assert "Aminah" not in repr(a_record())
    assert "3522" not in repr(a_record())


PLAIN: dict[str, Any] = json.loads(a_record().canonical())


@pytest.mark.parametrize(
    "changes",
    [
        {"schema": 2},
        {"schema": None},
        {"extra": 1},
        {"issued_on": "2026-1-5"},
        {"issued_on": "20260105"},
        {"issued_on": 5},
        {"issued_on": None},
        {"expires_on": ""},
        {"expires_on": 7},
        {"letterhead_lines": None},
        {"letterhead_lines": "ABC"},
        {"signer": None},
        {"signer": []},
        {"signer": {}},
        {"signer": "Sutrisno"},
        {"signer": {**PLAIN["signer"], "mandate_kind": "Pjs."}},
        {"signer": {**PLAIN["signer"], "mandate_kind": []}},
        {"signer": {**PLAIN["signer"], "more": None}},
        {"endorser": {}},
        {"endorser": {**PLAIN["signer"], "name": None, "nip": 7.5}},
        {"endorser": {"mandate_kind": "definitif"}},
    ],
)
def test_bytes_that_are_no_record_are_refused(changes: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"."):
        LetterRecord.from_canonical(rfc8785.dumps({**PLAIN, **changes}))


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"null",
        b"[]",
        b"{}",
        b"\xff",
        b"[" * 100_000,
        b'{"schema":1}',
        a_record().canonical() + b" ",
        json.dumps(PLAIN).encode(),
        a_record().canonical().replace(b'"type_version":1', b'"type_version":1.0'),
        a_record().canonical().replace(b'"type_version":1', b'"type_version":NaN'),
        a_record().canonical().replace(b'"type_version":1', b'"type_version":' + b"1" * 5000),
        a_record().canonical().replace(b'"via":null', b'"via":null,"via":null'),
    ],
)
def test_bytes_that_are_not_canonical_are_refused(data: bytes) -> None:
    with pytest.raises(ValueError, match=r"."):
        LetterRecord.from_canonical(data)


# --- the audit chain ----------------------------------------------------------


def chain(length: int) -> list[AuditEntry]:
    entries: list[AuditEntry] = []
    for number in range(length):
        event = AuditEvent(
            datetime(2026, 1, 5, 1, number, tzinfo=UTC), "op", "issue", f"s{number}", {"n": number}
        )
        entries.append(next_entry(entries[-1] if entries else None, event))
    return entries


@given(st.integers(0, 12))
def test_an_untouched_chain_holds(length: int) -> None:
    assert first_broken(chain(length)) is None


@pytest.mark.parametrize(
    "changes",
    [
        {"at_utc": datetime(2026, 1, 5, 2, 0, tzinfo=UTC)},
        {"actor_id": "someone"},
        {"action": "revoke"},
        {"subject": "other"},
        {"facts": {"n": 99}},
        {"facts": {}},
    ],
)
def test_a_changed_event_breaks_the_chain_there(changes: dict[str, Any]) -> None:
    entries = chain(6)
    entries[3] = replace(entries[3], event=replace(entries[3].event, **changes))
    assert first_broken(entries) == 4


@pytest.mark.parametrize("removed", range(5))
def test_a_removed_entry_breaks_the_chain_there(removed: int) -> None:
    entries = chain(6)
    del entries[removed]
    assert first_broken(entries) == removed + 1


def test_an_entry_with_a_hash_of_its_own_breaks_the_one_after() -> None:
    entries = chain(6)
    forged = next_entry(entries[2], replace(entries[3].event, action="revoke"))
    entries[3] = forged
    assert first_broken(entries) == 5


def test_swapped_and_repeated_entries_break_the_chain() -> None:
    entries = chain(6)
    assert first_broken([entries[0], entries[2], entries[1], *entries[3:]]) == 2
    assert first_broken([*entries[:3], *entries[2:]]) == 4
