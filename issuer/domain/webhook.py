"""Telling an institution that a letter it checked has ended.

A delivery is a row, written in the transaction that ends the letter, and tried until
it is received or given up. Format and signature follow Standard Webhooks 1.0
(https://www.standardwebhooks.com). The body names the number, which the institution
has seen, and nothing about the holder; whoever wants more asks the API.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import ClassVar
from urllib.parse import urlsplit

from issuer.domain.letter import LetterState
from issuer.domain.outbox import DeliveryState, Outgoing

SECRET_BYTES = 32
MIN_SECRET_BYTES = 24
_SECRET_PREFIX = "whsec_"  # noqa: S105 - what stands before a secret
MAX_URL = 500
PORTS = frozenset({443, 8443})
_HOST = re.compile(r"(?=.{4,253}\Z)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}", re.ASCII)
_PRINTABLE = re.compile(r"[!-~]+", re.ASCII)


class WebhookEvent(StrEnum):
    """What is told."""

    REVOKED = "letter.revoked"
    SUPERSEDED = "letter.superseded"


EVENTS: dict[LetterState, WebhookEvent] = {
    LetterState.REVOKED: WebhookEvent.REVOKED,
    LetterState.SUPERSEDED: WebhookEvent.SUPERSEDED,
}


class Outcome(StrEnum):
    """How one try ended."""

    RECEIVED = "received"
    REFUSED = "refused"
    GONE = "gone"
    REDIRECTED = "redirected"
    ADDRESS_FORBIDDEN = "address_forbidden"
    NAME_UNKNOWN = "name_unknown"
    NO_CONNECTION = "no_connection"
    TLS_FAILED = "tls_failed"
    TIMED_OUT = "timed_out"
    NO_WEBHOOK = "no_webhook"
    RECORD_DAMAGED = "record_damaged"


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery(Outgoing[Outcome]):
    """One event for one institution."""

    ENDS: ClassVar[Mapping[StrEnum, DeliveryState]] = {
        Outcome.RECEIVED: DeliveryState.DELIVERED,
        Outcome.GONE: DeliveryState.DEAD,
        Outcome.NO_WEBHOOK: DeliveryState.DEAD,
    }

    institution_id: str
    letter_id: str
    event: WebhookEvent


def delivery_of(
    event: WebhookEvent, letter_id: str, institution_id: str, at_utc: datetime
) -> Delivery:
    """Return the delivery of an event. Its id follows from the event: once is once."""
    told = "\n".join((event, letter_id, institution_id)).encode()
    identifier = f"msg_{hashlib.sha256(told).hexdigest()[:32]}"
    return Delivery(
        id=identifier,
        institution_id=institution_id,
        letter_id=letter_id,
        event=event,
        created_at_utc=at_utc,
        next_at_utc=at_utc,
    )


def body_of(delivery: Delivery, number: str) -> bytes:
    """Return what is sent, the same bytes at every try."""
    told = {
        "type": delivery.event.value,
        "timestamp": delivery.created_at_utc.astimezone(UTC).isoformat(timespec="seconds"),
        "data": {"number": number},
    }
    return json.dumps(told, ensure_ascii=True, separators=(",", ":")).encode()


def headers_of(delivery: Delivery, secret: bytes, body: bytes, at_utc: datetime) -> dict[str, str]:
    """Return the three headers of the scheme for a try at that moment."""
    return signed_headers(delivery.id, secret, body, at_utc)


def signed_headers(message_id: str, secret: bytes, body: bytes, at_utc: datetime) -> dict[str, str]:
    """Return the three headers of the scheme for a message of any kind."""
    moment = str(int(at_utc.timestamp()))
    signed = b".".join((message_id.encode(), moment.encode(), body))
    tag = base64.b64encode(hmac.new(secret, signed, hashlib.sha256).digest()).decode()
    return {
        "webhook-id": message_id,
        "webhook-timestamp": moment,
        "webhook-signature": f"v1,{tag}",
    }


def secret_text(secret: bytes) -> str:
    """Return a signing secret as it is shown, once."""
    return f"{_SECRET_PREFIX}{base64.b64encode(secret).decode()}"


def opened_secret(text: str) -> bytes | None:
    """Return the signing secret that ``secret_text`` shows, or None for another text."""
    if not text.startswith(_SECRET_PREFIX):
        return None
    try:
        return base64.b64decode(text.removeprefix(_SECRET_PREFIX), validate=True)
    except ValueError:
        return None


def is_webhook_url(text: str) -> bool:
    """Say whether this may be registered: https, a name with dots, a port we allow.

    An address in numbers is none: no certificate names it, and it would be a way into
    the office's own network. Where the name leads is looked at on every try.
    """
    if len(text) > MAX_URL or not _PRINTABLE.fullmatch(text):
        return False
    try:
        parts = urlsplit(text)
        port = 443 if parts.port is None else parts.port
    except ValueError:
        return False
    plain = parts.username is None and parts.password is None and "#" not in text
    named = parts.hostname is not None and _HOST.fullmatch(parts.hostname) is not None
    return parts.scheme == "https" and plain and named and port in PORTS and "\\" not in text
