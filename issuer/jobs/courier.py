"""Posts a message to an https address outside, once, and believes nobody on the way.

The name is resolved once, every address it has must be public, and the connection goes
to one of these addresses, not to the name, so that the name cannot lead elsewhere a
moment later (DNS rebinding). The certificate is checked against the name. Redirects
are not followed, proxies are not asked, and of the answer only its status is read.
"""

from __future__ import annotations

import socket
import ssl
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from http.client import HTTPException, HTTPSConnection
from threading import Timer
from urllib.parse import urlsplit

from issuer.domain.webhook import Outcome, is_webhook_url
from issuer.jobs.addresses import IpAddress, is_public, resolve

SECONDS = 20.0
"""For everything after the name was resolved: connect, handshake, send, status line."""

_GONE = 410
_OF_OURS = {"Content-Type": "application/json", "User-Agent": "issuer-webhooks"}


class HttpsCourier:
    """``Courier`` over the standard library's client.

    Everything a test exchanges is a parameter; the defaults are what an office uses.
    """

    def __init__(
        self,
        *,
        tls: ssl.SSLContext | None = None,
        resolve: Callable[[str, int], Sequence[IpAddress]] = resolve,
        allowed: Callable[[IpAddress], bool] = is_public,
        seconds: float = SECONDS,
    ) -> None:
        self._tls = tls or ssl.create_default_context()
        self._resolve = resolve
        self._allowed = allowed
        self._seconds = seconds

    def post(self, url: str, headers: Mapping[str, str], body: bytes) -> Outcome:
        """Send a JSON body once and say how that ended; nothing is raised."""
        if not is_webhook_url(url):
            return Outcome.ADDRESS_FORBIDDEN
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port or HTTPSConnection.default_port
        try:
            addresses = self._resolve(host, port)
        except OSError:
            return Outcome.NAME_UNKNOWN
        if not addresses or not all(self._allowed(address) for address in addresses):
            return Outcome.ADDRESS_FORBIDDEN
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        connection = _PinnedConnection(host, port, addresses[0], self._tls, self._seconds)
        # A timeout of a socket begins anew with every byte; this one ends it all.
        deadline = Timer(self._seconds, connection.cut)
        deadline.daemon = True
        deadline.start()
        try:
            connection.request("POST", path, body, {**_OF_OURS, **headers})
            outcome = _outcome_of(connection.getresponse().status)
        except (OSError, HTTPException) as error:
            outcome = _outcome_of_error(error)
        finally:
            deadline.cancel()
            connection.close()
        # To the parser a cut looks like the end of a whole answer.
        return Outcome.TIMED_OUT if connection.was_cut else outcome


class _PinnedConnection(HTTPSConnection):
    """A connection to one address, for the host that was resolved to it."""

    def __init__(
        self, host: str, port: int, address: IpAddress, tls: ssl.SSLContext, seconds: float
    ) -> None:
        super().__init__(host, port, timeout=seconds, context=tls)
        self._address = str(address)
        self._tls = tls
        self.was_cut = False

    def connect(self) -> None:
        """Connect to the address; the certificate must name the host."""
        plain = socket.create_connection((self._address, self.port), self.timeout)
        try:
            self.sock = self._tls.wrap_socket(
                plain, server_hostname=self.host, do_handshake_on_connect=False
            )
        except BaseException:
            plain.close()
            raise
        self.sock.do_handshake()

    def cut(self) -> None:
        """End it from another thread, whatever it waits for."""
        self.was_cut = True
        if self.sock is not None:
            with suppress(OSError):  # it may have ended by itself
                self.sock.shutdown(socket.SHUT_RDWR)


def _outcome_of(status: int) -> Outcome:
    if status == _GONE:
        return Outcome.GONE
    return {2: Outcome.RECEIVED, 3: Outcome.REDIRECTED}.get(status // 100, Outcome.REFUSED)


def _outcome_of_error(error: OSError | HTTPException) -> Outcome:
    match error:
        case TimeoutError():
            return Outcome.TIMED_OUT
        case ssl.SSLError():
            return Outcome.TLS_FAILED
        case OSError():
            return Outcome.NO_CONNECTION
        case _:
            return Outcome.REFUSED
