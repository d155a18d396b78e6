"""Posts a message to a gateway that sends SMS or WhatsApp, whoever runs it.

JSON over https, signed as in Standard Webhooks 1.0, by the courier that believes nobody.
``text`` is the message in words, ``template`` and ``parameters`` the same for a provider
that only sends templates it has approved. A gateway should take an ``id`` once.
"""

from __future__ import annotations

import json
from collections.abc import Mapping

from issuer.domain.institution_ports import Courier
from issuer.domain.messages import Message, Sent
from issuer.domain.ports import Clock
from issuer.domain.webhook import Outcome, signed_headers

OUTCOMES: Mapping[Outcome, Sent] = {
    Outcome.RECEIVED: Sent.HANDED_OVER,
    Outcome.REFUSED: Sent.REFUSED,
    # To a gateway this is about the number, not about the gateway itself.
    Outcome.GONE: Sent.ADDRESS_REFUSED,
    Outcome.REDIRECTED: Sent.REFUSED,
    Outcome.ADDRESS_FORBIDDEN: Sent.ADDRESS_FORBIDDEN,
    Outcome.NAME_UNKNOWN: Sent.NAME_UNKNOWN,
    Outcome.NO_CONNECTION: Sent.NO_CONNECTION,
    Outcome.TLS_FAILED: Sent.TLS_FAILED,
    Outcome.TIMED_OUT: Sent.TIMED_OUT,
    Outcome.NO_WEBHOOK: Sent.NOT_SET_UP,
    Outcome.RECORD_DAMAGED: Sent.RECORD_DAMAGED,
}


class GatewaySender:
    """``MessageSender`` over a courier."""

    def __init__(self, courier: Courier, *, url: str, secret: bytes, clock: Clock) -> None:
        self._courier = courier
        self._url = url
        self._secret = secret
        self._clock = clock

    def send(self, message: Message) -> Sent:
        """Post a message once and say how that ended; nothing is raised."""
        body = body_of(message)
        headers = signed_headers(message.id, self._secret, body, self._clock.now())
        return OUTCOMES[self._courier.post(self._url, headers, body)]


def body_of(message: Message) -> bytes:
    """Return what is posted, the same bytes at every try."""
    content = message.content
    if content is None:
        raise ValueError("a message without content is not sent")
    told = {
        "id": message.id,
        "to": content.address,
        "language": content.language.value,
        "text": content.body,
        "template": f"request_{message.kind.value}",
        "parameters": dict(content.facts),
    }
    return json.dumps(told, ensure_ascii=True, separators=(",", ":")).encode()
