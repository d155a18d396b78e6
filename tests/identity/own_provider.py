"""A provider of our own that says whatever a test wants: tokens by PyJWT, keys of many kinds."""

from __future__ import annotations

import json
from base64 import urlsafe_b64encode
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread
from typing import Any
from urllib.parse import parse_qs

import jwt
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from tests.offices import MORNING

CLIENT, NONCE, ACCESS = "kantor surat", "n" * 64, "akses"
ISSUER = "https://masuk.contoh.example"
KID, EC_KID = "rsa-1", "ec-1"
RSA = rsa.generate_private_key(public_exponent=65537, key_size=2048)
STRANGER = rsa.generate_private_key(public_exponent=65537, key_size=2048)
SHORT = rsa.generate_private_key(public_exponent=65537, key_size=1024)  # noqa: S505 - so that it is refused
CURVE = ec.generate_private_key(ec.SECP256R1())


def jwk_of(key: Any, kid: str, **more: str) -> dict[str, Any]:
    """Return the public half of a key as PyJWT writes it."""
    public = key.public_key()
    kind = jwt.algorithms.RSAAlgorithm if isinstance(key, rsa.RSAPrivateKey) else None
    told: Any = (kind or jwt.algorithms.ECAlgorithm).to_jwk(public, as_dict=True)
    return {**told, "kid": kid, **more}


KEYS: Mapping[str, Any] = {"keys": [jwk_of(RSA, KID, use="sig"), jwk_of(CURVE, EC_KID)]}


def claims(now: datetime = MORNING, **changes: object) -> dict[str, Any]:
    """Return what a good token says, with changes; None leaves a claim out."""
    at = int(now.timestamp())
    said = {
        "iss": ISSUER,
        "aud": CLIENT,
        "sub": "siti",
        "iat": at,
        "exp": at + 300,
        "nonce": NONCE,
        **changes,
    }
    return {name: value for name, value in said.items() if value is not None}


def signed(
    said: Mapping[str, object],
    key: Any = RSA,
    algorithm: str = "RS256",
    kid: str | None = KID,
    **header: object,
) -> str:
    """Return a token by a foreign library."""
    named = {"kid": kid} if kid else {}
    # Not as a JWT: the library would refuse to write what ours has to refuse to read.
    content = json.dumps(dict(said)).encode()
    return jwt.api_jws.encode(content, key, algorithm, {**named, "typ": "JWT", **header})


def challenge_of(verifier: str) -> str:
    """Return the challenge of a verifier, as RFC 7636 writes it."""
    return urlsafe_b64encode(sha256(verifier.encode()).digest()).decode().rstrip("=")


@dataclass
class OwnProvider:
    """What it answers, and what it was asked; ``about`` changes its description of itself."""

    port: int = 0
    about: dict[str, Any] = field(default_factory=dict)
    keys: Mapping[str, Any] = field(default_factory=lambda: KEYS)
    token: str = ""
    challenge: str = ""
    asked: list[str] = field(default_factory=list)
    forms: list[dict[str, str]] = field(default_factory=list)
    credentials: list[str] = field(default_factory=list)
    slow: Event | None = None
    raw: bytes | None = None
    status: int = 200

    @property
    def issuer(self) -> str:
        """Its own name for itself."""
        return f"http://localhost:{self.port}"

    def described(self) -> dict[str, Any]:
        """Return its discovery document."""
        return {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "jwks_uri": f"{self.issuer}/keys",
            **self.about,
        }


@contextmanager
def own_provider() -> Iterator[OwnProvider]:
    """Serve until left."""
    provider = OwnProvider()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            provider.asked.append(self.path)
            known = "openid-configuration" in self.path
            self._say(200, provider.described() if known else provider.keys)

        def do_POST(self) -> None:
            length = int(self.headers["Content-Length"])
            form = {k: v[0] for k, v in parse_qs(self.rfile.read(length).decode()).items()}
            provider.forms.append(form)
            provider.credentials.append(self.headers.get("Authorization", ""))
            if provider.slow:
                provider.slow.wait(30)
            if challenge_of(form.get("code_verifier", "")) != provider.challenge:
                self._say(400, {"error": "invalid_grant"})
            else:
                granted = {"access_token": ACCESS, "token_type": "Bearer"}
                self._say(provider.status, {**granted, "id_token": provider.token})

        def _say(self, status: int, value: object) -> None:
            content = json.dumps(value).encode() if provider.raw is None else provider.raw
            self.send_response(status)
            if status == 302:
                self.send_header("Location", f"{provider.issuer}/elsewhere")
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("localhost", 0), Handler)
    provider.port = server.server_port
    thread = Thread(target=server.serve_forever)
    thread.start()
    try:
        yield provider
    finally:
        if provider.slow:
            provider.slow.set()
        server.shutdown()
        thread.join()
        server.server_close()
