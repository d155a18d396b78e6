from __future__ import annotations

import base64
import hashlib
import json
import subprocess
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from hypothesis import given
from hypothesis import strategies as st

from issuer.domain.errors import ConfigurationError
from issuer.signing.credential import CoseCredentialReader, CoseCredentialSealer
from issuer.signing.credential_keys import (
    Algorithm,
    CredentialKey,
    CredentialKeySet,
    message_signer,
    new_credential_key,
    read_credential_keys,
    write_credential_keys,
)
from tests.credential.credential_samples import CLAIMS, FOREIGN_PRIVATE, KEY, KEY_ID, NOW, key_of

ED25519 = ed25519.Ed25519PrivateKey.from_private_bytes(hashlib.sha256(b"keys").digest())
# RFC 7517, appendix A.1 and RFC 8037, appendix A.2.
RFC_7517 = {
    "kty": "EC",
    "crv": "P-256",
    "x": "MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4",
    "y": "4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM",
}
RFC_8037 = {"kty": "OKP", "crv": "Ed25519", "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}
P256_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551


def published(*keys: CredentialKey) -> dict[str, Any]:
    jwks: dict[str, Any] = json.loads(CredentialKeySet(keys).to_jwks())
    return jwks


def problem(jwks: object) -> str:
    with pytest.raises(ConfigurationError) as caught:
        CredentialKeySet.from_jwks(json.dumps(jwks).encode())
    return str(caught.value)


@pytest.mark.parametrize(
    "key",
    [KEY, key_of(ED25519), replace(KEY, retired_utc=NOW), key_of(FOREIGN_PRIVATE)],
)
def test_a_written_key_is_read(key: CredentialKey) -> None:
    (read,) = CredentialKeySet.from_jwks(CredentialKeySet([key]).to_jwks()).keys
    assert read == key


def test_the_published_members() -> None:
    (jwk,) = published(replace(KEY, retired_utc=NOW))["keys"]
    assert {name: jwk[name] for name in ("kty", "crv", "alg", "use", "kid", "retired")} == {
        "kty": "EC",
        "crv": "P-256",
        "alg": "ES256",
        "use": "sig",
        "kid": KEY_ID.hex(),
        "retired": int(NOW.timestamp()),
    }
    assert (jwk["nbf"], jwk["exp"]) == (KEY.from_utc.timestamp(), KEY.until_utc.timestamp())
    assert set(jwk) == {
        *("kty", "crv", "x", "y", "kid", "alg", "use", "nbf", "exp", "retired"),
    }


@pytest.mark.parametrize(("point", "alg"), [(RFC_7517, "ES256"), (RFC_8037, "Ed25519")])
def test_the_keys_of_the_standards_are_read_and_written_alike(
    point: dict[str, str], alg: str
) -> None:
    jwk = {**point, "alg": alg, "use": "sig", "nbf": 0, "exp": 1, "kid": "00000000"}
    assert problem({"keys": [jwk]}).endswith("kid is not of this key")
    jwk["kid"] = _kid_by_openssl(point)
    keys = CredentialKeySet.from_jwks(json.dumps({"keys": [jwk]}).encode())
    assert json.loads(keys.to_jwks()) == {"keys": [jwk]}


def _kid_by_openssl(point: dict[str, str]) -> str:
    """SHA-256 of SubjectPublicKeyInfo, assembled by hand and hashed by OpenSSL."""
    coordinates = [base64.urlsafe_b64decode(point[name] + "=") for name in "xy" if name in point]
    if point["kty"] == "OKP":
        der = bytes.fromhex("302a300506032b6570032100") + coordinates[0]
    else:
        der = bytes.fromhex("3059301306072a8648ce3d020106082a8648ce3d03010703420004")
        der += b"".join(coordinates)
    command = ["openssl", "dgst", "-sha256", "-r"]
    done = subprocess.run(command, input=der, capture_output=True, check=True)
    return done.stdout[:8].decode()


P256 = published(KEY)["keys"][0]


@pytest.mark.parametrize(
    "change",
    [
        {"alg": "HS256"},
        {"alg": "none"},
        {"alg": "Ed25519"},
        {"alg": ["ES256"]},
        {"kty": "RSA"},
        {"crv": "P-384"},
        {"use": "enc"},
        {"kid": KEY_ID.hex().upper()},
        {"kid": 1},
        {"x": P256["y"]},
        {"x": P256["x"] + "="},
        {"x": P256["x"][:-2]},
        {"x": "A" * 43},
        {"x": "*" * 43},
        {"x": "é" * 43},
        {"x": None},
        {"x": "A" * 10_000},
        {"y": P256["x"]},
        {"d": "AAAA"},
        {"key_ops": ["verify"]},
        {"nbf": -1},
        {"nbf": 1.5},
        {"nbf": True},
        {"exp": "2030"},
        {"exp": 2**60},
        {"exp": P256["nbf"] - 1},
        {"retired": P256["nbf"] - 1},
        {"retired": None},
    ],
)
def test_a_key_that_is_not_quite_one_is_refused(change: dict[str, object]) -> None:
    message = problem({"keys": [{**P256, **change}]})
    assert message.startswith("credential keys: key 1: ")


@pytest.mark.parametrize("missing", sorted(P256))
def test_a_missing_member_is_refused(missing: str) -> None:
    problem({"keys": [{name: value for name, value in P256.items() if name != missing}]})


@pytest.mark.parametrize(
    "jwks", [[], {}, {"keys": {}}, {"keys": [], "more": 1}, None, 1, {"keys": [1]}, {"keys": [[]]}]
)
def test_a_file_that_is_no_key_set_is_refused(jwks: object) -> None:
    problem(jwks)


@given(st.binary(max_size=200))
def test_no_file_is_a_crash(data: bytes) -> None:
    with pytest.raises(ConfigurationError):
        CredentialKeySet.from_jwks(data)


def test_a_deeply_nested_file_is_refused() -> None:
    with pytest.raises(ConfigurationError):
        CredentialKeySet.from_jwks(b"[" * 100_000)


def test_every_bad_key_is_named() -> None:
    message = problem({"keys": [{}, P256, {**P256, "alg": "none"}]})
    assert "key 1" in message
    assert "key 2" not in message
    assert "key 3" in message


def test_two_keys_with_one_id_are_refused() -> None:
    assert "same kid" in problem({"keys": [P256, P256]})
    with pytest.raises(ConfigurationError):
        CredentialKeySet([KEY, replace(KEY, retired_utc=NOW)])


def test_a_key_set_finds_by_id() -> None:
    keys = CredentialKeySet([KEY, key_of(FOREIGN_PRIVATE)])
    assert keys.find(KEY_ID) == KEY
    assert keys.find(b"none") is None


def test_the_file_of_the_office(tmp_path: Path) -> None:
    keys = CredentialKeySet([KEY, key_of(ED25519)])
    write_credential_keys(tmp_path, CredentialKeySet([KEY]))
    write_credential_keys(tmp_path, keys)
    path = tmp_path / "trust" / "credential-keys.json"
    assert [child.name for child in path.parent.iterdir()] == [path.name]
    assert path.stat().st_mode & 0o777 == 0o644
    assert read_credential_keys(tmp_path).keys == keys.keys


def test_a_missing_or_huge_file_is_a_configuration_error(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError):
        read_credential_keys(tmp_path)
    path = tmp_path / "trust" / "credential-keys.json"
    path.parent.mkdir()
    path.write_bytes(b" " * 300_000)
    with pytest.raises(ConfigurationError, match="too large"):
        read_credential_keys(tmp_path)


def test_an_unwritable_folder_is_a_configuration_error(tmp_path: Path) -> None:
    (tmp_path / "trust").write_text("a file, not a folder")
    with pytest.raises(ConfigurationError):
        write_credential_keys(tmp_path, CredentialKeySet([KEY]))


def test_a_new_key_signs_from_its_first_second() -> None:
    """Although the present moment has microseconds and a token has none."""
    moment = NOW.replace(microsecond=900_000)
    key, private = new_credential_key(moment, moment + timedelta(days=365))
    sealer = CoseCredentialSealer(key, message_signer(private), "https://example.org")
    text = sealer.seal(CLAIMS, moment)
    reader = CoseCredentialReader(CredentialKeySet([key]), "https://example.org")
    assert reader.read(text).claims == CLAIMS


def test_impossible_times_are_refused() -> None:
    with pytest.raises(ValueError, match="before"):
        replace(KEY, until_utc=KEY.from_utc - timedelta(seconds=1))
    with pytest.raises(ValueError, match="whole"):
        replace(KEY, from_utc=KEY.from_utc + timedelta(microseconds=1))


def test_the_end_is_the_earlier_of_planned_and_retired() -> None:
    late = replace(KEY, retired_utc=KEY.until_utc + timedelta(days=1))
    assert not late.signs_at(KEY.until_utc)
    early = replace(KEY, retired_utc=NOW)
    assert early.signs_at(NOW - timedelta(seconds=1))
    assert not early.signs_at(NOW)


@pytest.mark.parametrize("s", [1, P256_ORDER // 2, P256_ORDER // 2 + 1, P256_ORDER - 1])
@pytest.mark.parametrize("r", [1, 2**255, P256_ORDER - 1])
def test_both_forms_of_a_signature_become_the_lower(r: int, s: int) -> None:
    raw = KEY.token_signature(encode_dss_signature(r, s))
    assert len(raw) == 64
    assert int.from_bytes(raw[:32]) == r
    assert int.from_bytes(raw[32:]) == min(s, P256_ORDER - s)


def test_each_algorithm_writes_its_widely_known_number() -> None:
    """IANA COSE Algorithms: -7 ES256, -8 EdDSA; RFC 9864: -9 ESP256, -19 Ed25519."""
    assert {name.jose: name.cose for name in Algorithm} == {
        "ES256": (-7, -9),
        "Ed25519": (-8, -19),
    }


def test_a_key_on_another_curve_is_refused() -> None:
    other = ec.derive_private_key(7, ec.SECP384R1()).public_key()
    with pytest.raises(ValueError, match="P-256"):
        CredentialKey(other, KEY.from_utc, KEY.until_utc)
