"""A real SMTP server (aiosmtpd) on a free port, with or without encryption and accounts."""

from __future__ import annotations

import ssl
from asyncio import Server
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from threading import Event
from typing import Any, cast

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from tests.webhooks.tls_server import Certificates

USER, PASSWORD = "surat", "kata sandi: contoh"


@dataclass
class Inbox:
    """What came in, and how; ``refusals`` are answers to recipients, one by one."""

    port: int = 0
    mails: list[EmailMessage] = field(default_factory=list)
    envelopes: list[tuple[str, list[str]]] = field(default_factory=list)
    encrypted: list[bool] = field(default_factory=list)
    refusals: list[str] = field(default_factory=list)
    refuse_data: list[str] = field(default_factory=list)
    came: Event = field(default_factory=Event)

    async def handle_RCPT(  # noqa: N802 - the name is aiosmtpd's
        self,
        _server: SMTP,
        _session: Session,
        envelope: Envelope,
        address: str,
        _options: list[str],
    ) -> str:
        if self.refusals:
            return self.refusals.pop(0)
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802 - the name is aiosmtpd's
        if self.refuse_data:
            return self.refuse_data.pop(0)
        mail = message_from_bytes(cast(bytes, envelope.content), policy=default)
        self.mails.append(mail)
        self.envelopes.append((str(envelope.mail_from), list(envelope.rcpt_tos)))
        over_tls = isinstance(server.transport.get_extra_info("ssl_object"), ssl.SSLObject)  # type: ignore[union-attr]
        self.encrypted.append(over_tls or session.ssl is not None)
        self.came.set()
        return "250 OK"


class _OnAFreePort(Controller):
    """A ``Controller`` that knows which port it was given, before it looks whether it answers."""

    def _trigger_server(self) -> None:
        self.port = cast(Server, self.server).sockets[0].getsockname()[1]
        super()._trigger_server()  # type: ignore[no-untyped-call]  # aiosmtpd does not say


@contextmanager
def mail_server(
    certificates: Certificates | None = None,
    *,
    implicit: bool = False,
    accounts: bool = False,
    host: str = "127.0.0.1",
    inbox: Inbox | None = None,
) -> Iterator[Inbox]:
    """Serve until left. With certificates STARTTLS is required, or TLS from the start."""
    inbox = inbox or Inbox()
    options: dict[str, Any] = {}
    if certificates is not None:
        tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        tls.load_cert_chain(certificates.chain, certificates.key)
        options = (
            {"ssl_context": tls} if implicit else {"tls_context": tls, "require_starttls": True}
        )
    if accounts:
        options |= {
            "authenticator": _knows,
            "auth_required": True,
            "auth_require_tls": not implicit,
        }
    controller = _OnAFreePort(inbox, hostname=host, port=0, **options)
    controller.start()
    try:
        inbox.port = controller.port
        yield inbox
    finally:
        controller.stop()


def _knows(
    _server: SMTP, _session: Session, _envelope: Envelope, _mechanism: str, data: object
) -> AuthResult:
    good = LoginPassword(USER.encode(), PASSWORD.encode())
    return AuthResult(success=data == good, handled=False)  # so that the server answers
