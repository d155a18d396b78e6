"""Signed statements of a provider: the true one, and every forged one, by a foreign library."""

from __future__ import annotations

import hashlib
import hmac
from base64 import urlsafe_b64encode
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from issuer.domain.errors import NotAuthenticated
from issuer.domain.identity_provider import UnknownKey
from issuer.signing.id_tokens import MAX_KEYS, MAX_TOKEN, SignedIdTokens
from tests.identity.own_provider import (
    ACCESS,
    CLIENT,
    CURVE,
    EC_KID,
    ISSUER,
    KEYS,
    KID,
    NONCE,
    RSA,
    SHORT,
    STRANGER,
    claims,
    jwk_of,
    signed,
)
from tests.offices import MORNING

PEM = RSA.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
DER = RSA.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)


def b64(content: bytes) -> str:
    return urlsafe_b64encode(content).decode().rstrip("=")


def half_hash(text: str) -> str:
    return b64(hashlib.sha256(text.encode()).digest()[:16])


def read(token: str, keys: Any = KEYS) -> str:
    tokens = SignedIdTokens(ISSUER, CLIENT)
    return tokens.subject(token, keys, nonce=NONCE, access_token=ACCESS, now=MORNING)


def with_public_key_as_secret(secret: bytes) -> str:
    head, body, _ = signed(claims()).split(".")
    head = b64(b'{"alg":"HS256","kid":"rsa-1","typ":"JWT"}')
    mac = hmac.digest(secret, f"{head}.{body}".encode(), "sha256")
    return f"{head}.{body}.{b64(mac)}"


def with_another_body() -> str:
    head, _, signature = signed(claims()).split(".")
    return ".".join((head, signed(claims(sub="budi")).split(".")[1], signature))


TRUE: dict[str, Callable[[], str]] = {
    "RS256": lambda: signed(claims()),
    "PS256": lambda: signed(claims(), algorithm="PS256"),
    "ES256": lambda: signed(claims(), CURVE, "ES256", EC_KID),
    "a list of one": lambda: signed(claims(aud=[CLIENT], azp=CLIENT)),
    "its access token": lambda: signed(claims(at_hash=half_hash(ACCESS))),
    "half a minute behind": lambda: signed(claims(MORNING - timedelta(seconds=330))),
    "half a minute ahead": lambda: signed(claims(MORNING + timedelta(seconds=30))),
}
FORGED: dict[str, Callable[[], str]] = {
    "nothing": lambda: "",
    "no token": lambda: "a.b.c",
    "of another issuer": lambda: signed(claims(iss="https://jahat.example")),
    "of an issuer with a slash": lambda: signed(claims(iss=f"{ISSUER}/")),
    "of no issuer": lambda: signed(claims(iss=None)),
    "of a list of issuers": lambda: signed(claims(iss=[ISSUER])),
    "for another client": lambda: signed(claims(aud="lain")),
    "for nobody": lambda: signed(claims(aud=None)),
    "for us and another": lambda: signed(claims(aud=[CLIENT, "lain"], azp=CLIENT)),
    "for another and us": lambda: signed(claims(aud=["lain", CLIENT], azp="lain")),
    "asked for by another": lambda: signed(claims(azp="lain")),
    "ended": lambda: signed(claims(MORNING - timedelta(seconds=400))),
    "without end": lambda: signed(claims(exp=None)),
    "with words for an end": lambda: signed(claims(exp="selamanya")),
    "with no number for an end": lambda: signed(claims(exp=float("inf"))),
    "of tomorrow": lambda: signed(claims(iat=int(MORNING.timestamp()) + 86_400)),
    "of no time": lambda: signed(claims(iat=None)),
    "not yet": lambda: signed(claims(nbf=int(MORNING.timestamp()) + 600)),
    "of another sign-in": lambda: signed(claims(nonce="m" * 64)),
    "of no sign-in": lambda: signed(claims(nonce=None)),
    "of a list of sign-ins": lambda: signed(claims(nonce=[NONCE])),
    "about nobody": lambda: signed(claims(sub=None)),
    "about an empty name": lambda: signed(claims(sub="")),
    "about a number": lambda: signed(claims(sub=7)),
    "about a long name": lambda: signed(claims(sub="s" * 256)),
    "with another access token": lambda: signed(claims(at_hash=half_hash("lain"))),
    "not signed": lambda: jwt.encode(claims(), None, "none", {"kid": KID}),  # type: ignore[arg-type]  # none takes none
    "with the signature cut off": lambda: signed(claims()).rpartition(".")[0] + ".",
    "with another body": with_another_body,
    "by the public key as a secret (PEM)": lambda: with_public_key_as_secret(PEM),
    "by the public key as a secret (DER)": lambda: with_public_key_as_secret(DER),
    "by a stranger's key of this name": lambda: signed(claims(), STRANGER),
    "by a key that it brings itself": lambda: signed(claims(), STRANGER, jwk=jwk_of(STRANGER, KID)),
    "by a key for another algorithm": lambda: signed(claims(), kid=EC_KID),
    "by an algorithm that is not ours": lambda: signed(claims(), algorithm="RS512"),
    "with a rule we do not know": lambda: signed(claims(), crit=["x"], x=1),
    "too long": lambda: signed(claims(extra="x" * MAX_TOKEN)),
}


@pytest.mark.parametrize("name", TRUE)
def test_a_true_token_says_whom_it_is_about(name: str) -> None:
    assert read(TRUE[name]()) == "siti"


@pytest.mark.parametrize("name", FORGED)
def test_a_forged_token_says_nothing(name: str) -> None:
    with pytest.raises(NotAuthenticated):
        read(FORGED[name]())


def test_a_key_that_is_not_there_is_asked_for() -> None:
    for kid in ("rsa-2", None):
        with pytest.raises(UnknownKey):
            read(signed(claims(), kid=kid))
    # Of a single key the name may be left out (OpenID Connect Core 1.0, section 10.1).
    assert read(signed(claims(), kid=None), {"keys": [jwk_of(RSA, KID)]}) == "siti"


@pytest.mark.filterwarnings("ignore:Key size should be")
@pytest.mark.parametrize(
    "keys",
    [
        {},
        {"keys": None},
        {"keys": "x"},
        {"keys": [7]},
        {"keys": [{"kty": "RSA", "kid": KID, "n": "!", "e": "AQAB"}]},
        {"keys": [{"kty": "oct", "kid": KID, "k": b64(PEM)}]},
        {"keys": [jwk_of(RSA, KID)] * (MAX_KEYS + 1)},
        {"keys": [jwk_of(RSA, KID, use="enc")]},
        {"keys": [jwk_of(RSA, KID), jwk_of(SHORT, "rsa-2")]},
    ],
)
def test_keys_that_are_not_as_they_must_be_prove_nothing(keys: Any) -> None:
    with pytest.raises((NotAuthenticated, UnknownKey)):
        read(signed(claims()), keys)
