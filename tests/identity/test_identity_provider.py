"""What is asked of a provider, and what is believed of one that is slow, changed or hostile."""

from __future__ import annotations

from collections.abc import Iterator
from threading import Event
from urllib.parse import parse_qs, urlsplit

import pytest

from issuer.domain.errors import DependencyUnavailable, NotAuthenticated
from issuer.domain.identity_provider import Asked, Identity
from issuer.jobs.fetching import MAX_BYTES, BoundedFetcher
from issuer.jobs.openid import ANEW_AFTER, KEPT_FOR, WHAT, OpenIdProvider, Registration
from issuer.signing.id_tokens import SignedIdTokens
from tests.identity.own_provider import (
    CLIENT,
    NONCE,
    RSA,
    OwnProvider,
    challenge_of,
    claims,
    jwk_of,
    own_provider,
    signed,
)
from tests.offices import Clock

ASKED = Asked("s" * 64, NONCE, "v" * 64)
BACK = "https://surat.contoh.example/masuk/sso/kembali"
SECRET = "rahasia: dengan tanda"


@pytest.fixture
def provider() -> Iterator[OwnProvider]:
    with own_provider() as provider:
        provider.challenge = challenge_of(ASKED.verifier)
        provider.token = signed(claims(iss=provider.issuer))
        yield provider


def client_of(provider: OwnProvider, clock: Clock, *, local: bool = True) -> OpenIdProvider:
    registration = Registration(provider.issuer, CLIENT, SECRET, "Contoh", BACK)
    fetcher = BoundedFetcher(WHAT, local=local, seconds=1.0)
    return OpenIdProvider(registration, fetcher, SignedIdTokens(provider.issuer, CLIENT), clock)


def test_the_browser_is_sent_with_a_challenge_and_no_secret(provider: OwnProvider) -> None:
    address = client_of(provider, Clock()).address(ASKED)
    assert address.startswith(f"{provider.issuer}/authorize?")
    assert {name: value for name, (value,) in parse_qs(urlsplit(address).query).items()} == {
        "response_type": "code",
        "client_id": CLIENT,
        "redirect_uri": BACK,
        "scope": "openid",
        "state": ASKED.state,
        "nonce": ASKED.nonce,
        "code_challenge": challenge_of(ASKED.verifier),
        "code_challenge_method": "S256",
    }


def test_a_code_is_redeemed_with_its_verifier_alone(provider: OwnProvider) -> None:
    client = client_of(provider, Clock())
    assert client.identity("kode", ASKED) == Identity(provider.issuer, "siti")
    assert provider.forms[-1] == {
        "grant_type": "authorization_code",
        "code": "kode",
        "redirect_uri": BACK,
        "code_verifier": ASKED.verifier,
    }
    assert provider.credentials[-1].startswith("Basic ")
    for verifier in ("", "w" * 64):
        with pytest.raises(NotAuthenticated):
            client.identity("kode", Asked(ASKED.state, ASKED.nonce, verifier))


def test_the_secret_goes_into_the_form_where_the_provider_takes_no_other(
    provider: OwnProvider,
) -> None:
    provider.about["token_endpoint_auth_methods_supported"] = ["client_secret_post"]
    client_of(provider, Clock()).identity("kode", ASKED)
    assert provider.forms[-1]["client_secret"] == SECRET
    assert provider.credentials[-1] == ""


def test_what_is_known_is_kept_and_new_keys_are_found_but_not_asked_for_all_the_time(
    provider: OwnProvider,
) -> None:
    clock = Clock()
    client = client_of(provider, clock)
    for _ in range(3):
        client.identity("kode", ASKED)
    assert len(provider.asked) == 2
    provider.token = signed(claims(iss=provider.issuer), kid="rsa-2")
    for _ in range(3):
        with pytest.raises(NotAuthenticated):
            client.identity("kode", ASKED)
    assert len(provider.asked) == 2, "not within the minute"
    clock.advance(ANEW_AFTER)
    provider.keys = {"keys": [jwk_of(RSA, "rsa-2")]}
    assert client.identity("kode", ASKED).subject == "siti"
    assert len(provider.asked) == 3
    clock.advance(KEPT_FOR)
    provider.token = signed(claims(clock.now(), iss=provider.issuer), kid="rsa-2")
    client.identity("kode", ASKED)
    assert len(provider.asked) == 5


@pytest.mark.parametrize(
    "about",
    [
        {"issuer": "http://localhost:1"},
        {"token_endpoint": "http://192.0.2.1/token"},
        {"jwks_uri": "file:///etc/passwd"},
        {"authorization_endpoint": None},
        {"jwks_uri": "https://[::1"},
    ],
)
def test_a_provider_that_is_not_the_one_chosen_is_not_asked(
    provider: OwnProvider, about: dict[str, str]
) -> None:
    provider.about = about
    with pytest.raises(DependencyUnavailable):
        client_of(provider, Clock()).address(ASKED)


@pytest.mark.parametrize(
    "raw", [b"", b"<html>", b"[]", b"7", b"[" * 10_000, b" " * MAX_BYTES + b"{}"]
)
def test_an_answer_that_is_none_is_no_answer(provider: OwnProvider, raw: bytes) -> None:
    provider.raw = raw
    with pytest.raises(DependencyUnavailable):
        client_of(provider, Clock()).address(ASKED)


@pytest.mark.parametrize("status", [302, 400, 401])
def test_what_the_provider_refuses_signs_nobody_in(provider: OwnProvider, status: int) -> None:
    provider.status = status
    with pytest.raises(NotAuthenticated):
        client_of(provider, Clock()).identity("kode", ASKED)
    assert "/elsewhere" not in provider.asked


def test_a_provider_that_fails_or_takes_too_long_is_away(provider: OwnProvider) -> None:
    client = client_of(provider, Clock())
    provider.status = 503
    with pytest.raises(DependencyUnavailable):
        client.identity("kode", ASKED)
    provider.status, provider.slow = 200, Event()
    with pytest.raises(DependencyUnavailable):
        client.identity("kode", ASKED)


def test_plain_http_is_for_a_demo_on_this_machine(provider: OwnProvider) -> None:
    with pytest.raises(DependencyUnavailable):
        client_of(provider, Clock(), local=False).address(ASKED)
    assert provider.asked == []
