"""The canonical record of a letter: what is signed, in one sequence of bytes.

The record is frozen when the number is taken. The page, the QR, the embedded data
and the register all come from it, so they cannot disagree.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date
from functools import cached_property
from typing import Any

from issuer.domain.letter_types import FieldValue
from issuer.domain.mandate import MandateKind
from issuer.domain.presentation import Paper, Variant

SCHEMA_VERSION = 1
SALT_BYTES = 16
QR_DIGEST_BYTES = 16


@dataclass(frozen=True, slots=True)
class Signer:
    """Who signs, for which agency and by which mandate, as it was on that day.

    ``id`` is the signatory's; the rest is told in ``mandate.Mandate``.
    """

    agency_code: str
    id: str
    name: str
    nip: str | None
    rank: str | None
    mandate_kind: MandateKind
    position: str
    principal: str | None
    via: str | None
    decree_number: str


@dataclass(frozen=True, repr=False)
class LetterRecord:
    """All facts of one letter, as they were on the day it was issued.

    ``endorser`` is the second signatory ("Mengetahui, Camat …"), if there is one.
    ``holder`` has the keys of ``people.Holder``; dates are ISO 8601; ``salt`` is
    16 random bytes in hex, so that the digest in the QR tells nothing to someone
    who guesses the rest.
    """

    letter_id: str
    type_slug: str
    type_version: int
    type_digest: str
    title: str
    number: str
    region_name: str
    agency_code: str
    agency_name: str
    district_name: str
    letterhead_lines: tuple[str, ...]
    letterhead_address: str
    letterhead_contact: str
    letterhead_emblem: str
    signer: Signer
    endorser: Signer | None
    paper: Paper
    variant: Variant
    holder: Mapping[str, str]
    fields: Mapping[str, FieldValue]
    purpose: str
    place: str
    issued_on: date
    expires_on: date | None
    specimen: bool
    salt: str

    def __repr__(self) -> str:
        return f"LetterRecord(letter_id={self.letter_id!r})"

    def canonical(self) -> bytes:
        """Return the record as RFC 8785 canonical JSON in UTF-8."""
        return self._canonical

    def digest(self) -> bytes:
        """Return the SHA-256 of the canonical bytes, salt included."""
        return hashlib.sha256(self._canonical).digest()

    @cached_property
    def _canonical(self) -> bytes:
        plain = {name: getattr(self, name) for name in _FIELDS}
        plain["schema"] = SCHEMA_VERSION
        plain["issued_on"] = self.issued_on.isoformat()
        plain["expires_on"] = self.expires_on.isoformat() if self.expires_on else None
        plain["signer"] = _plain_signer(self.signer)
        plain["endorser"] = _plain_signer(self.endorser) if self.endorser else None
        return canonical_json(plain)

    @classmethod
    def from_canonical(cls, data: bytes) -> LetterRecord:
        """Rebuild a record from its own canonical bytes.

        Raises ``ValueError`` when they are not the canonical form of a record.
        """
        try:
            record = cls._read(data)
            unchanged = record.canonical() == data
        except (KeyError, TypeError, RecursionError) as error:
            raise ValueError("not a letter record") from error
        if not unchanged:
            raise ValueError("not canonical")
        return record

    @classmethod
    def from_sealed(cls, data: bytes) -> LetterRecord:
        """Rebuild a record from bytes this program made, and kept sealed against change.

        They are the record's canonical bytes from then on and are not made again to
        compare, which would take longer than all the rest. Raises ``ValueError``.
        """
        try:
            record = cls._read(data)
        except (KeyError, TypeError, RecursionError) as error:
            raise ValueError("not a letter record") from error
        vars(record)["_canonical"] = data
        return record

    @classmethod
    def _read(cls, data: bytes) -> LetterRecord:
        plain = json.loads(data)
        if not isinstance(plain, dict) or plain.pop("schema", None) != SCHEMA_VERSION:
            raise ValueError("not a letter record of a known schema")
        if plain.keys() != _FIELDS:
            raise ValueError("a letter record has other keys")
        expires = plain["expires_on"]
        plain["issued_on"] = date.fromisoformat(plain["issued_on"])
        plain["expires_on"] = date.fromisoformat(expires) if expires else None
        plain["letterhead_lines"] = tuple(plain["letterhead_lines"])
        plain["paper"], plain["variant"] = Paper(plain["paper"]), Variant(plain["variant"])
        plain["signer"] = _read_signer(plain["signer"])
        if plain["endorser"] is not None:
            plain["endorser"] = _read_signer(plain["endorser"])
        # Every field is there and none is worked out, so none needs setting one by one.
        record = cls.__new__(cls)
        vars(record).update(plain)
        return record


_FIELDS = frozenset(field.name for field in fields(LetterRecord))
_SIGNER_FIELDS = tuple(field.name for field in fields(Signer))


def _plain_signer(signer: Signer) -> dict[str, str | None]:
    return {name: getattr(signer, name) for name in _SIGNER_FIELDS}


def _read_signer(plain: dict[str, Any]) -> Signer:
    return Signer(**{**plain, "mandate_kind": MandateKind(plain["mandate_kind"])})


def canonical_json(value: object) -> bytes:
    """Return ``value`` as RFC 8785 JSON, for the part of JSON this project uses.

    Keys are ASCII, so sorting by code point equals the standard's sorting by
    UTF-16; numbers are integers below 2**53. Anything else is a ``TypeError``.
    """
    _refuse_what_differs(value)
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return text.encode()


def _refuse_what_differs(value: object) -> None:
    if value is None or isinstance(value, str):
        return
    if isinstance(value, Mapping):
        for key, item in value.items():
            if not isinstance(key, str) or not key.isascii():
                raise TypeError("canonical JSON: keys are ASCII")
            if not isinstance(item, str):
                _refuse_what_differs(item)
    elif isinstance(value, list | tuple):
        for item in value:
            _refuse_what_differs(item)
    elif isinstance(value, int):
        if abs(value) >= 2**53:
            raise TypeError("canonical JSON: integer beyond 2**53")
    else:
        raise TypeError(f"canonical JSON: {type(value).__name__}")
