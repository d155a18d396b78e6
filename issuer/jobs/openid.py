"""An OpenID provider: authorization code flow with PKCE (OpenID Connect Core 1.0, RFC 7636).

What the provider says of itself (Discovery 1.0) and its keys are kept for an hour; a token
under a key that is not known has them fetched anew, at most once a minute, so that nobody
makes this office ask all the time.
"""

from __future__ import annotations

import json
from base64 import b64encode
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Lock
from typing import Any
from urllib.parse import quote_plus, urlencode, urlsplit

from authlib.oauth2.client import OAuth2Client  # type: ignore[import-untyped]  # publishes no types

from issuer.domain.errors import DependencyUnavailable, NotAuthenticated
from issuer.domain.identity_provider import Asked, Identity, IdTokens, UnknownKey
from issuer.domain.ports import Clock
from issuer.domain.servers import LOOPBACK
from issuer.jobs.fetching import BoundedFetcher

WHAT = "identity_provider"
KEPT_FOR = timedelta(hours=1)
ANEW_AFTER = timedelta(minutes=1)
SCOPE = "openid"
_ENDPOINTS = ("authorization_endpoint", "token_endpoint", "jwks_uri")
_OK = 200


@dataclass(frozen=True, slots=True, repr=False)
class Registration:
    """What the operator agreed on with the provider."""

    issuer: str
    client_id: str
    client_secret: str
    label: str
    return_address: str


@dataclass(frozen=True, slots=True)
class _Kept:
    value: dict[str, Any]
    at: datetime


class OpenIdProvider:
    """``IdentityProvider`` over HTTP."""

    def __init__(
        self, registration: Registration, fetcher: BoundedFetcher, tokens: IdTokens, clock: Clock
    ) -> None:
        self._registered = registration
        self._fetcher = fetcher
        self._tokens = tokens
        self._clock = clock
        self._client = OAuth2Client(
            session=None,
            client_id=registration.client_id,
            scope=SCOPE,
            redirect_uri=registration.return_address,
            code_challenge_method="S256",
        )
        self._lock = Lock()
        self._about: _Kept | None = None
        self._keys: _Kept | None = None

    @property
    def label(self) -> str:
        """What people know it by."""
        return self._registered.label

    def address(self, asked: Asked) -> str:
        """Return the page of the provider that the browser is sent to."""
        url, _state = self._client.create_authorization_url(
            self._endpoint("authorization_endpoint"),
            state=asked.state,
            code_verifier=asked.verifier,
            nonce=asked.nonce,
        )
        return str(url)

    def identity(self, code: str, asked: Asked) -> Identity:
        """Return whom the provider signed in. Raises ``NotAuthenticated``."""
        answer = self._redeemed(code, asked)
        token, access = answer.get("id_token"), answer.get("access_token")
        if not isinstance(token, str) or not isinstance(access, str):
            raise NotAuthenticated
        now = self._clock.now()
        for keys in (self._key_set(), None):
            try:
                subject = self._tokens.subject(
                    token,
                    self._key_set(anew=True) if keys is None else keys,
                    nonce=asked.nonce,
                    access_token=access,
                    now=now,
                )
            except UnknownKey:
                continue
            return Identity(self._registered.issuer, subject)
        raise NotAuthenticated

    def _redeemed(self, code: str, asked: Asked) -> dict[str, Any]:
        """Return what the provider gives for a code; it gives nothing for a wrong one."""
        fields = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": self._registered.return_address,
            "code_verifier": asked.verifier,
        }
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        client, secret = self._registered.client_id, self._registered.client_secret
        if self._by_post():
            fields |= {"client_id": client, "client_secret": secret}
        else:
            # RFC 6749, section 2.3.1: both are encoded as in a form first.
            pair = f"{quote_plus(client)}:{quote_plus(secret)}".encode()
            headers["Authorization"] = f"Basic {b64encode(pair).decode()}"
        endpoint = self._endpoint("token_endpoint")
        status, content = self._fetcher.fetch(endpoint, urlencode(fields).encode(), headers)
        if status >= 500:
            raise DependencyUnavailable(WHAT)
        if status != _OK:
            raise NotAuthenticated
        return _object(content)

    def _by_post(self) -> bool:
        methods = self._discovered().get("token_endpoint_auth_methods_supported")
        return (
            isinstance(methods, list)
            and "client_secret_basic" not in methods
            and "client_secret_post" in methods
        )

    def _endpoint(self, name: str) -> str:
        return str(self._discovered()[name])

    def _discovered(self) -> dict[str, Any]:
        """Return what the provider says of itself, if it is the one that was chosen."""
        with self._lock:
            now = self._clock.now()
            if self._about is None or not _young(self._about, now, KEPT_FOR):
                issuer = self._registered.issuer.rstrip("/")
                about = self._fetched(f"{issuer}/.well-known/openid-configuration")
                if about.get("issuer") != self._registered.issuer:
                    raise DependencyUnavailable(WHAT)
                if not all(self._may_be_asked(about.get(name)) for name in _ENDPOINTS):
                    raise DependencyUnavailable(WHAT)
                self._about = _Kept(about, now)
            return self._about.value

    def _may_be_asked(self, url: object) -> bool:
        """Say whether an address is as safe as the issuer's own."""
        if not isinstance(url, str):
            return False
        try:
            parts = urlsplit(url)
        except ValueError:
            return False
        if parts.scheme == "https":
            return bool(parts.hostname)
        at_home = urlsplit(self._registered.issuer).scheme == "http"
        return at_home and parts.scheme == "http" and parts.hostname in LOOPBACK

    def _key_set(self, *, anew: bool = False) -> dict[str, Any]:
        endpoint = self._endpoint("jwks_uri")
        with self._lock:
            now = self._clock.now()
            kept = ANEW_AFTER if anew else KEPT_FOR
            if self._keys is None or not _young(self._keys, now, kept):
                self._keys = _Kept(self._fetched(endpoint), now)
            return self._keys.value

    def _fetched(self, url: str) -> dict[str, Any]:
        status, content = self._fetcher.fetch(url)
        if status != _OK:
            raise DependencyUnavailable(WHAT)
        return _object(content)


def _young(kept: _Kept, now: datetime, age: timedelta) -> bool:
    # From and until: a clock that is put right goes back to before both.
    return kept.at <= now < kept.at + age


def _object(content: bytes) -> dict[str, Any]:
    try:
        found = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise DependencyUnavailable(WHAT) from error
    if not isinstance(found, dict):
        raise DependencyUnavailable(WHAT)
    return found
