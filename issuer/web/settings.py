"""What the web layer is told when it is made."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from issuer.domain.publication import PublishedFiles


@dataclass(frozen=True, slots=True)
class DemoSignIn:
    """An account of the demo office, shown on its sign-in page with its password.

    A ``resident`` signs in by NIK at a page of his own.
    """

    username: str
    password: str
    who: str
    resident: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class WebSettings:
    """Settings of the pages.

    ``secret_key`` signs the session cookie. ``templates`` is the folder that holds
    ``web``, ``static`` and ``translations``. ``secure_cookies`` is False only where
    the demo speaks plain http. ``public_files`` maps a path (``/crl/root.crl``,
    ``/.well-known/jwks.json``) to what reads the file's bytes now; ``published`` has
    status lists and key sets, None where this site has none. So many ``trusted_proxies``
    add to ``X-Forwarded-For``; ``security_contact`` is an address for reports of weaknesses.
    """

    secret_key: bytes = field(repr=False)
    templates: Path
    secure_cookies: bool = True
    demo_sign_ins: tuple[DemoSignIn, ...] = ()
    public_files: Mapping[str, Callable[[], bytes]] = field(default_factory=dict)
    published: PublishedFiles | None = None
    trusted_proxies: int = 0
    security_contact: str | None = None
