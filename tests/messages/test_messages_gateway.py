"""The gateway against a real https server: what is posted, how it is signed, what it may answer."""

from __future__ import annotations

import base64
import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from standardwebhooks import Webhook, WebhookVerificationError

from issuer.domain.messages import MessageKind, Sent, Way
from issuer.domain.webhook import Outcome, opened_secret, secret_text
from issuer.jobs.courier import HttpsCourier
from issuer.jobs.gateway import OUTCOMES, GatewaySender
from tests.messages.message_office import PHONE
from tests.messages.test_messages_mail import BODY, FACTS, a_message
from tests.offices import Clock
from tests.webhooks.tls_server import (
    HOST,
    PORT,
    Certificates,
    Server,
    answering,
    https_server,
    make_certificates,
)

URL = f"https://{HOST}:{PORT}/kirim"
SECRET = bytes(range(32))
SMS = replace(a_message(PHONE), way=Way.GATEWAY)


@pytest.fixture(scope="module")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Certificates:
    return make_certificates(tmp_path_factory.mktemp("gateway"))


def gateway_to(certificates: Certificates, server: Server, clock: Clock) -> GatewaySender:
    courier = HttpsCourier(
        tls=certificates.trusting(),
        resolve=lambda _host, _port: [server.ip],
        allowed=lambda address: address.is_loopback,
    )
    return GatewaySender(courier, url=URL, secret=SECRET, clock=clock)


def test_a_message_as_it_is_posted(certificates: Certificates) -> None:
    # The library that receives it compares with the machine's own time.
    clock = Clock(datetime.now(UTC))
    with https_server(certificates) as server:
        assert gateway_to(certificates, server, clock).send(SMS) is Sent.HANDED_OVER
    (request,) = server.requests
    head, body = request.split(b"\r\n\r\n", 1)
    headers = dict(line.split(": ", 1) for line in head.decode().split("\r\n")[1:])
    assert json.loads(body) == {
        "id": SMS.id,
        "to": PHONE,
        "language": "id",
        "text": BODY,
        "template": "request_returned",
        "parameters": FACTS,
    }
    assert headers["webhook-id"] == SMS.id
    receiver = Webhook(base64.b64encode(SECRET).decode())
    receiver.verify(body.decode(), headers)
    with pytest.raises(WebhookVerificationError):
        receiver.verify(body.decode().replace(PHONE, "+6281234567891"), headers)


@pytest.mark.parametrize(
    ("answer", "outcome"),
    [
        (b"HTTP/1.1 202 Accepted\r\n\r\n", Sent.HANDED_OVER),
        (b"HTTP/1.1 410 Gone\r\n\r\n", Sent.ADDRESS_REFUSED),
        (b"HTTP/1.1 401 Unauthorized\r\n\r\n", Sent.REFUSED),
        (b"HTTP/1.1 503 Service Unavailable\r\n\r\n", Sent.REFUSED),
        (b"HTTP/1.1 302 Found\r\nLocation: https://evil.example/\r\n\r\n", Sent.REFUSED),
        (b"nonsense\r\n\r\n", Sent.REFUSED),
    ],
)
def test_what_it_answers(
    certificates: Certificates, clock: Clock, answer: bytes, outcome: Sent
) -> None:
    with https_server(certificates, answering(answer)) as server:
        assert gateway_to(certificates, server, clock).send(SMS) is outcome


def test_a_gateway_inside_is_not_called(certificates: Certificates, clock: Clock) -> None:
    with https_server(certificates) as server:
        courier = HttpsCourier(
            tls=certificates.trusting(), resolve=lambda _host, _port: [server.ip]
        )
        out = GatewaySender(courier, url=URL, secret=SECRET, clock=clock)
        assert out.send(SMS) is Sent.ADDRESS_FORBIDDEN
    assert server.connections == 0


def test_every_outcome_of_the_courier_is_one_of_a_message() -> None:
    assert set(OUTCOMES) == set(Outcome)


def test_each_kind_has_a_template_of_its_own(certificates: Certificates, clock: Clock) -> None:
    names = set()
    with https_server(certificates) as server:
        out = gateway_to(certificates, server, clock)
        for kind in MessageKind:
            assert out.send(replace(SMS, kind=kind)) is Sent.HANDED_OVER
        for request in server.requests:
            names.add(json.loads(request.split(b"\r\n\r\n", 1)[1])["template"])
    assert len(names) == len(MessageKind)


def test_a_secret_is_read_as_it_was_shown(tmp_path: Path) -> None:
    assert opened_secret(secret_text(SECRET)) == SECRET
    for other in ("", "whsec_!", base64.b64encode(SECRET).decode()):
        assert opened_secret(other) is None
