"""Sends a message as an e-mail through the office's own mail server.

The connection is encrypted and the server's certificate checked: from the first byte
(``smtps``), or by STARTTLS, which a server may not leave out. Only a server on this same
machine is spoken to in the clear. A connection a message: so none is kept half dead.
"""

from __future__ import annotations

import smtplib
import ssl
from collections.abc import Callable
from dataclasses import dataclass, field
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from socket import gaierror

from issuer.domain.messages import Message, Sent
from issuer.domain.servers import LOOPBACK

SECONDS = 20.0
"""How long each answer of the server may take."""

_NO_SUCH_ADDRESS = frozenset({550, 551, 553, 556})
_OUTCOMES: tuple[tuple[type[OSError], Sent], ...] = (
    (smtplib.SMTPAuthenticationError, Sent.NOT_LET_IN),
    (smtplib.SMTPNotSupportedError, Sent.TLS_FAILED),
    (smtplib.SMTPServerDisconnected, Sent.NO_CONNECTION),
    (smtplib.SMTPConnectError, Sent.NO_CONNECTION),
    (smtplib.SMTPException, Sent.REFUSED),
    (TimeoutError, Sent.TIMED_OUT),
    (ssl.SSLError, Sent.TLS_FAILED),
    (gaierror, Sent.NAME_UNKNOWN),
    (OSError, Sent.NO_CONNECTION),
)
"""The first that fits, the narrower before the wider."""


@dataclass(frozen=True, slots=True)
class MailServer:
    """Where mail is handed over. ``user`` is empty where the server asks for none."""

    host: str
    port: int
    implicit_tls: bool
    user: str = ""
    password: str = field(default="", repr=False)

    @property
    def in_the_clear(self) -> bool:
        """Whether nothing is encrypted: on this machine alone."""
        return not self.implicit_tls and self.host in LOOPBACK


class SmtpSender:
    """``MessageSender`` over the standard library's client."""

    def __init__(
        self,
        server: MailServer,
        *,
        sender: str,
        host_name: str,
        tls: ssl.SSLContext | None = None,
        seconds: float = SECONDS,
    ) -> None:
        self.server = server
        self._sender = Address(addr_spec=sender)
        self._host_name = host_name
        self._tls = tls or ssl.create_default_context()
        self._seconds = seconds

    def send(self, message: Message) -> Sent:
        """Hand an e-mail over once and say how that ended; nothing is raised."""
        return self._doing(lambda connection: self._hand_over(connection, message))

    def try_connection(self) -> Sent:
        """Connect and sign in, send nothing, and say how that ended."""
        return self._doing(lambda _connection: None)

    def _doing(self, work: Callable[[smtplib.SMTP], None]) -> Sent:
        try:
            with self._connected() as connection:
                work(connection)
        except (OSError, smtplib.SMTPException) as error:
            return _outcome_of(error)
        return Sent.HANDED_OVER

    def _connected(self) -> smtplib.SMTP:
        server = self.server
        if server.implicit_tls:
            connection: smtplib.SMTP = smtplib.SMTP_SSL(
                server.host, server.port, self._host_name, timeout=self._seconds, context=self._tls
            )
        else:
            connection = smtplib.SMTP(
                server.host, server.port, self._host_name, timeout=self._seconds
            )
        try:
            if not server.implicit_tls and not server.in_the_clear:
                # Refused when the server, or somebody on the way, says it has no STARTTLS.
                connection.starttls(context=self._tls)
            if server.user:
                connection.login(server.user, server.password)
        except BaseException:
            connection.close()
            raise
        return connection

    def _hand_over(self, connection: smtplib.SMTP, message: Message) -> None:
        mail = self._mail(message)
        # The return path is the office's, so that what cannot be delivered comes back.
        connection.send_message(mail, from_addr=self._sender.addr_spec)

    def _mail(self, message: Message) -> EmailMessage:
        content = message.content
        if content is None:
            raise ValueError("a message without content is not sent")
        mail = EmailMessage(policy=SMTP)
        mail["From"] = Address(content.facts["agency"], addr_spec=self._sender.addr_spec)
        mail["To"] = Address(addr_spec=content.address)
        mail["Subject"] = content.subject
        mail["Date"] = format_datetime(message.created_at_utc)
        # The same at every try, so that what came twice can be known as one.
        mail["Message-ID"] = f"<{message.id}@{self._host_name}>"
        mail["Auto-Submitted"] = "auto-generated"
        mail.set_content(content.body)
        # After the content, which takes every header of its own away.
        mail["Content-Language"] = content.language.value
        return mail


def _outcome_of(error: OSError | smtplib.SMTPException) -> Sent:
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        codes = {code for code, _ in error.recipients.values()}
        return Sent.ADDRESS_REFUSED if codes <= _NO_SUCH_ADDRESS else Sent.REFUSED
    return next(outcome for kind, outcome in _OUTCOMES if isinstance(error, kind))
