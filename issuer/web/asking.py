"""Who asks: the address that limits are counted by."""

from __future__ import annotations

from flask import request

from issuer.domain.limits import Asker

NOWHERE = "-"
"""Where the server says no address, as over a socket file: all of them are one asker."""


def asker() -> Asker:
    """Return who sent this request, as far as the trusted proxies tell."""
    return Asker(request.remote_addr or NOWHERE)
