"""Asks a server that the operator chose, within bounds: so long, so much, nowhere else.

Redirects are not followed and proxies are not asked. Plain http is for this machine alone.
"""

from __future__ import annotations

import socket
import ssl
from collections.abc import Mapping
from contextlib import suppress
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from threading import Timer
from urllib.parse import urlsplit

from issuer.domain.errors import DependencyUnavailable
from issuer.domain.servers import LOOPBACK

SECONDS = 6.0
"""For a whole answer, after the name was resolved."""

MAX_BYTES = 200_000


class BoundedFetcher:
    """Fetches by https. ``local`` permits http too, to this machine: a demo's provider."""

    def __init__(
        self,
        what: str,
        *,
        local: bool = False,
        tls: ssl.SSLContext | None = None,
        seconds: float = SECONDS,
    ) -> None:
        self._what = what
        self._local = local
        self._tls = tls or ssl.create_default_context()
        self._seconds = seconds

    def fetch(
        self, url: str, body: bytes | None = None, headers: Mapping[str, str] | None = None
    ) -> tuple[int, bytes]:
        """Return status and content; with a body it is a POST.

        Raises ``DependencyUnavailable`` for an address that may not be asked, for no
        answer, and for one that is too long or too slow.
        """
        connection = self._connection(url)
        parts = urlsplit(url)
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        was_cut: list[bool] = []
        # A timeout of a socket begins anew with every byte; this one ends it all.
        deadline = Timer(self._seconds, _cut, (connection, was_cut))
        deadline.daemon = True
        deadline.start()
        try:
            method = "GET" if body is None else "POST"
            connection.request(
                method, path, body, {"Accept": "application/json", **(headers or {})}
            )
            response = connection.getresponse()
            content = response.read(MAX_BYTES + 1)
        except (OSError, HTTPException, ValueError) as error:
            raise DependencyUnavailable(self._what) from error
        finally:
            deadline.cancel()
            connection.close()
        # To the parser a cut looks like the end of a whole answer.
        if was_cut or len(content) > MAX_BYTES:
            raise DependencyUnavailable(self._what)
        return response.status, content

    def _connection(self, url: str) -> HTTPConnection:
        try:
            parts = urlsplit(url)
            host, port = parts.hostname, parts.port
        except ValueError as error:
            raise DependencyUnavailable(self._what) from error
        if host and parts.scheme == "https":
            return HTTPSConnection(host, port, timeout=self._seconds, context=self._tls)
        if self._local and parts.scheme == "http" and host in LOOPBACK:
            return HTTPConnection(host, port, timeout=self._seconds)
        raise DependencyUnavailable(self._what)


def _cut(connection: HTTPConnection, was_cut: list[bool]) -> None:
    """End it from another thread, whatever it waits for."""
    was_cut.append(True)
    if connection.sock is not None:
        with suppress(OSError):  # it may have ended by itself
            connection.sock.shutdown(socket.SHUT_RDWR)
