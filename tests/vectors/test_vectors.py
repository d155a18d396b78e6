"""What any version issued verifies in this one.

The files beside this one are never made again to make a test pass: they stand for paper
that people hold. A change that breaks one of them breaks letters.
"""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from issuer.domain.errors import InvalidDocument
from issuer.domain.status_list import StatusValue
from issuer.signing.credential import CoseCredentialReader
from issuer.signing.credential_keys import CredentialKeySet, key_id
from issuer.signing.key_sets import read_chain
from issuer.signing.status_tokens import StatusListReader
from issuer.signing.trust import TrustStore
from issuer.signing.validation import PadesValidator
from tests.vectors.__main__ import main

FOLDER = Path(__file__).parent
VERSIONS = sorted(path for path in FOLDER.iterdir() if (path / "manifest.json").is_file())
WIB = ZoneInfo("Asia/Jakarta")
STATUS = {"revoked": StatusValue.INVALID, "superseded": StatusValue.SUPERSEDED}

version = pytest.mark.parametrize("kept", VERSIONS, ids=lambda path: path.name)


def manifest(kept: Path) -> dict[str, Any]:
    read: dict[str, Any] = json.loads((kept / "manifest.json").read_text(encoding="utf-8"))
    return read


def keys_of(kept: Path) -> CredentialKeySet:
    return CredentialKeySet.from_jwks((kept / "trust" / "credential-keys.json").read_bytes())


def test_there_are_vectors() -> None:
    assert [path.name for path in VERSIONS][:1] == ["v1"]


@version
def test_every_token_says_what_it_said(kept: Path) -> None:
    told = manifest(kept)
    reader = CoseCredentialReader(keys_of(kept), told["base_url"])
    assert len(told["letters"]) >= 6
    for letter in told["letters"].values():
        claims = reader.read(letter["qr"]).claims
        assert claims.number == letter["number"]
        assert claims.name == letter["name"]
        assert claims.nik_last_four == letter["nik_last_four"]
        assert claims.type_code == letter["type_code"]
        assert claims.status_index == letter["status_index"]
        assert claims.record_digest.hex() == letter["record_digest"]
        assert claims.issued_at_utc == datetime.fromisoformat(letter["issued_at_utc"])
        expires = claims.expires_at_utc
        last_day = expires.astimezone(WIB).date() if expires else None
        assert last_day == (letter["expires_on"] and date.fromisoformat(letter["expires_on"]))


@version
def test_every_file_verifies(kept: Path) -> None:
    told = manifest(kept)
    validator = PadesValidator(TrustStore(kept / "trust"))
    now = datetime.fromisoformat(told["at_utc"])
    paths = sorted((kept / "letters").iterdir())
    assert paths
    for path in paths:
        letter, pdf = told["letters"][path.stem], path.read_bytes()
        assert hashlib.sha256(pdf).hexdigest() == letter["sha256"]
        signed_at = datetime.fromisoformat(letter["issued_at_utc"])
        facts = validator.validate(pdf, signed_at_utc=signed_at, now_utc=now)
        assert facts.signer == letter["signer"]
        assert (facts.endorser.signer if facts.endorser else None) == letter["endorser"]
        with pytest.raises(InvalidDocument):
            validator.validate(pdf + b"\n", signed_at_utc=signed_at, now_utc=now)


@version
def test_every_status_list_says_what_it_said(kept: Path) -> None:
    told = manifest(kept)
    reader = StatusListReader(keys_of(kept), told["base_url"])
    paths = list((kept / "status").iterdir())
    assert paths
    for path in paths:
        listed = reader.read(path.read_bytes(), int(path.name))
        for name, letter in told["letters"].items():
            issued = datetime.fromisoformat(letter["issued_at_utc"]).astimezone(UTC)
            if issued < listed.issued_at_utc and issued.year == int(path.name):
                expected = STATUS.get(name, StatusValue.VALID)
                assert listed.value_at(letter["status_index"]) is expected


@version
def test_every_key_set_follows_from_the_one_before(kept: Path) -> None:
    messages = [
        path.read_bytes()
        for path in sorted((kept / "issuer-keys").iterdir(), key=lambda p: int(p.name))
    ]
    newest = read_chain(messages)
    assert newest.version == len(messages) >= 2
    assert [key_id(key.public_key) for key in newest.keys] == [
        key_id(key.public_key) for key in keys_of(kept).keys
    ]


def test_what_is_frozen_is_not_made_again() -> None:
    with pytest.raises(FileExistsError):
        main("v1")
