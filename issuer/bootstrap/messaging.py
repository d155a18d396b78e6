"""The ways by which this office tells residents how their requests stand."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from urllib.parse import unquote, urlsplit

from issuer.config import Settings
from issuer.domain.errors import ConfigurationError
from issuer.domain.message_ports import MessageSender
from issuer.domain.messages import Way
from issuer.domain.ports import Clock
from issuer.domain.servers import LOOPBACK
from issuer.domain.webhook import MIN_SECRET_BYTES, opened_secret
from issuer.jobs.courier import HttpsCourier
from issuer.jobs.gateway import GatewaySender
from issuer.jobs.mail import MailServer, SmtpSender

FOLLOW_PATH = "/ikuti"
_PORT_OF_TLS, _PORT_OF_SUBMISSION, _PORT_IN_THE_CLEAR = 465, 587, 25


def message_senders(settings: Settings, clock: Clock) -> Mapping[Way, MessageSender]:
    """Return the office's ways; it may have none. Raises ``ConfigurationError``."""
    senders: dict[Way, MessageSender] = {}
    mail = mail_sender(settings)
    if mail is not None:
        senders[Way.MAIL] = mail
    if settings.gateway_url is not None and settings.gateway_secret_file is not None:
        senders[Way.GATEWAY] = GatewaySender(
            HttpsCourier(),
            url=settings.gateway_url,
            secret=_gateway_secret(settings.gateway_secret_file),
            clock=clock,
        )
    return senders


def mail_sender(settings: Settings) -> SmtpSender | None:
    """Return the way by mail, or None. Raises ``ConfigurationError``."""
    if settings.smtp_url is None or settings.mail_from is None:
        return None
    parts = urlsplit(settings.smtp_url)
    implicit, host = parts.scheme == "smtps", parts.hostname or ""
    usual = _PORT_IN_THE_CLEAR if host in LOOPBACK else _PORT_OF_SUBMISSION
    password = ""
    if settings.smtp_password_file is not None:
        password = first_line(settings.smtp_password_file, "smtp_password_file")
    server = MailServer(
        host=host,
        port=parts.port or (_PORT_OF_TLS if implicit else usual),
        implicit_tls=implicit,
        user=unquote(parts.username or ""),
        password=password,
    )
    own_name = urlsplit(settings.base_url).hostname or "localhost"
    return SmtpSender(server, sender=settings.mail_from, host_name=own_name)


def _gateway_secret(path: Path) -> bytes:
    text = first_line(path, "gateway_secret_file")
    secret = opened_secret(text)
    if secret is None or len(secret) < MIN_SECRET_BYTES:
        raise ConfigurationError(
            [f"gateway_secret_file: whsec_ and {MIN_SECRET_BYTES} bytes or more in base64"]
        )
    return secret


def first_line(path: Path, name: str) -> str:
    """Return what a file of a secret begins with. Raises ``ConfigurationError``."""
    try:
        return path.read_text(encoding="utf-8").partition("\n")[0].strip()
    except (OSError, ValueError) as error:
        raise ConfigurationError([f"{name}: cannot read {path}"]) from error
