"""ID tokens of an OpenID provider (OpenID Connect Core 1.0, 3.1.3.7), by joserfc and Authlib.

The algorithms are ours to choose and never the token's: no shared secret, no ``none``.
Whoever else a token is meant for could show it here, so it is meant for this office alone.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import datetime
from typing import Final, cast

from authlib.oidc.core import CodeIDToken  # type: ignore[import-untyped]  # publishes no types
from joserfc import jwt
from joserfc.errors import InvalidKeyIdError, JoseError
from joserfc.jwk import KeySet, KeySetSerialization, RSAKey

from issuer.domain.errors import NotAuthenticated
from issuer.domain.identity_provider import MAX_SUBJECT, UnknownKey

ALGORITHMS: Final = ("ES256", "PS256", "RS256")
MAX_TOKEN: Final = 16_000
MAX_KEYS: Final = 50
MIN_RSA_BITS: Final = 2048
LEEWAY_SECONDS: Final = 60
"""How far the provider's clock may differ."""


class SignedIdTokens:
    """``IdTokens`` of one provider for one client."""

    def __init__(self, issuer: str, client_id: str) -> None:
        self._issuer = issuer
        self._client_id = client_id

    def subject(
        self,
        token: str,
        keys: Mapping[str, object],
        *,
        nonce: str,
        access_token: str,
        now: datetime,
    ) -> str:
        """Return whom a token is about. Raises ``UnknownKey``, ``NotAuthenticated``."""
        if len(token) > MAX_TOKEN:
            raise NotAuthenticated
        try:
            signed = jwt.decode(token, _key_set(keys), algorithms=ALGORITHMS)
            claims = CodeIDToken(
                signed.claims,
                signed.header,
                options={"iss": {"essential": True, "value": self._issuer}},
                params={
                    "nonce": nonce,
                    "client_id": self._client_id,
                    "access_token": access_token,
                },
            )
            claims.validate(now=math.floor(now.timestamp()), leeway=LEEWAY_SECONDS)
        except InvalidKeyIdError as error:
            raise UnknownKey from error
        except (JoseError, ValueError, TypeError, KeyError, OverflowError) as error:
            raise NotAuthenticated from error
        if claims["aud"] not in (self._client_id, [self._client_id]):
            raise NotAuthenticated
        subject = claims["sub"]
        if not (isinstance(subject, str) and 0 < len(subject) <= MAX_SUBJECT):
            raise NotAuthenticated
        return subject


def _key_set(keys: Mapping[str, object]) -> KeySet:
    listed = keys["keys"]
    if not isinstance(listed, list) or len(listed) > MAX_KEYS:
        raise ValueError("a JWK set has a list of keys")
    named = [key for key in listed if isinstance(key, dict)]
    read = KeySet.import_key_set(cast(KeySetSerialization, {"keys": named}))
    if any(isinstance(key, RSAKey) and key.raw_value.key_size < MIN_RSA_BITS for key in read):
        raise ValueError("an RSA key is too short")
    return read
