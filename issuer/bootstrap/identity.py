"""The provider by which residents may sign in, if this office has chosen one."""

from __future__ import annotations

from urllib.parse import urlsplit

from issuer.bootstrap.messaging import first_line
from issuer.config import Settings
from issuer.domain.errors import ConfigurationError
from issuer.domain.identity_provider import RETURN_PATH, IdentityProvider
from issuer.domain.ports import Clock
from issuer.jobs.fetching import BoundedFetcher
from issuer.jobs.openid import WHAT, OpenIdProvider, Registration
from issuer.signing.id_tokens import SignedIdTokens


def identity_provider(settings: Settings, clock: Clock) -> IdentityProvider | None:
    """Return the provider, or None. Nothing is asked of it yet. Raises ``ConfigurationError``."""
    issuer, client_id = settings.oidc_issuer, settings.oidc_client_id
    if issuer is None or client_id is None or settings.oidc_client_secret_file is None:
        return None
    secret = first_line(settings.oidc_client_secret_file, "oidc_client_secret_file")
    if not secret:
        raise ConfigurationError(["oidc_client_secret_file: its first line is empty"])
    parts = urlsplit(issuer)
    registration = Registration(
        issuer=issuer,
        client_id=client_id,
        client_secret=secret,
        label=settings.oidc_label or parts.hostname or issuer,
        return_address=settings.base_url + RETURN_PATH,
    )
    return OpenIdProvider(
        registration,
        BoundedFetcher(WHAT, local=parts.scheme == "http"),
        SignedIdTokens(issuer, client_id),
        clock,
    )
