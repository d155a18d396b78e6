"""The message, its signature, its schedule, and where it may be sent."""

from __future__ import annotations

import base64
import json
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address

import pytest
from hypothesis import given
from hypothesis import strategies as st
from standardwebhooks.webhooks import Webhook, WebhookVerificationError

from issuer.domain.letter import LetterState
from issuer.domain.outbox import RETRY_AFTER, DeliveryState
from issuer.domain.webhook import (
    EVENTS,
    Delivery,
    Outcome,
    WebhookEvent,
    body_of,
    delivery_of,
    headers_of,
    is_webhook_url,
    secret_text,
)
from issuer.jobs.addresses import is_public

AT = datetime(2026, 11, 24, 2, 15, 30, tzinfo=UTC)
NUMBER = "470/1/35.22.06.2001/2026"


def waiting() -> Delivery:
    return delivery_of(WebhookEvent.REVOKED, "letter-1", "bank-1", AT)


def test_only_the_two_endings_of_an_issued_letter_are_told() -> None:
    assert set(EVENTS) == {LetterState.REVOKED, LetterState.SUPERSEDED}
    assert set(EVENTS.values()) == set(WebhookEvent)


def test_the_body_names_the_number_and_nothing_else() -> None:
    assert json.loads(body_of(waiting(), NUMBER)) == {
        "type": "letter.revoked",
        "timestamp": "2026-11-24T02:15:30+00:00",
        "data": {"number": NUMBER},
    }


def test_the_signature_is_that_of_the_scheme() -> None:
    """Held against the library that the scheme's authors publish."""
    secret, now = bytes(range(32)), datetime.now(UTC)
    body = body_of(waiting(), NUMBER)
    headers = headers_of(waiting(), secret, body, now)
    reader = Webhook(secret_text(secret))
    assert reader.verify(body, headers) == json.loads(body)
    with pytest.raises(WebhookVerificationError):
        reader.verify(body.replace(b"revoked", b"issued!"), headers)
    with pytest.raises(WebhookVerificationError):
        Webhook(secret_text(bytes(32))).verify(body, headers)
    with pytest.raises(WebhookVerificationError):
        reader.verify(body, {**headers, "webhook-id": "msg_other"})


def test_a_known_signature() -> None:
    """By hand: printf '%s.%s.%s' id time body | openssl dgst -sha256 -mac HMAC -binary."""
    signed = headers_of(waiting(), b"k" * 32, b"{}", datetime.fromtimestamp(1, UTC))
    assert signed["webhook-timestamp"] == "1"
    assert base64.b64decode(signed["webhook-signature"].removeprefix("v1,")).hex() == (
        "05297455a45f1d72c229bc362fbd807ba5e1cb4d1e97da5fa599dea9bab87c0d"
    )


def test_the_id_follows_from_the_event() -> None:
    assert waiting().id == waiting().id
    others = [
        delivery_of(WebhookEvent.SUPERSEDED, "letter-1", "bank-1", AT),
        delivery_of(WebhookEvent.REVOKED, "letter-2", "bank-1", AT),
        delivery_of(WebhookEvent.REVOKED, "letter-1", "bank-2", AT),
    ]
    assert len({waiting().id, *(other.id for other in others)}) == 4


def test_ten_tries_in_two_days_and_then_it_is_given_up() -> None:
    delivery, now, waits = waiting(), AT, []
    while delivery.state is DeliveryState.WAITING:
        assert delivery.next_at_utc is not None
        waits.append(delivery.next_at_utc - now)
        now = delivery.next_at_utc
        delivery = delivery.tried(Outcome.REFUSED, now)
    assert delivery.state is DeliveryState.DEAD
    assert delivery.tries == 10
    assert waits == [timedelta(), *RETRY_AFTER]
    assert waits[1] == timedelta(minutes=1)
    assert max(waits) == waits[-1] == timedelta(hours=24)
    assert delivery.again(now).tries == 0
    assert delivery.again(now).id == waiting().id


@pytest.mark.parametrize("outcome", Outcome)
def test_every_outcome_leads_somewhere(outcome: Outcome) -> None:
    after = waiting().tried(outcome, AT)
    expected = {
        Outcome.RECEIVED: DeliveryState.DELIVERED,
        Outcome.GONE: DeliveryState.DEAD,
        Outcome.NO_WEBHOOK: DeliveryState.DEAD,
    }
    assert after.state is expected.get(outcome, DeliveryState.WAITING)
    assert (after.next_at_utc is not None) is (after.state is DeliveryState.WAITING)


@pytest.mark.parametrize(
    "url",
    [
        "https://bank.example/hook",
        "https://hooks.bank.example:8443/a/b?c=d",
        "https://xn--bcher-kva.example/",
        "https://bank.example",
        "HTTPS://Bank.Example/hook",
    ],
)
def test_addresses_that_may_be_registered(url: str) -> None:
    assert is_webhook_url(url)


@pytest.mark.parametrize(
    "url",
    [
        "",
        "http://bank.example/hook",
        "ftp://bank.example/hook",
        "file:///etc/passwd",
        "//bank.example/hook",
        "https:///hook",
        "https://localhost/hook",
        "https://bank/hook",
        "https://127.0.0.1/hook",
        "https://127.1/hook",
        "https://2130706433/hook",
        "https://0x7f.0.0.1/hook",
        "https://0177.0.0.1/hook",
        "https://[::1]/hook",
        "https://[::ffff:10.0.0.1]/hook",
        "https://169.254.169.254/latest/meta-data/",
        "https://bank.example:22/hook",
        "https://bank.example:5432/hook",
        "https://bank.example:0/hook",
        "https://bank.example:99999/hook",
        "https://bank.example:443x/hook",
        "https://user:secret@bank.example/hook",
        "https://user@bank.example/hook",
        "https://bank.example@127.0.0.1/hook",
        "https://bank.example/hook#part",
        "https://bank.example/a b",
        "https://bank.example/\r\nHost: inside",
        "https://bank.example\\@inside.example/",
        "https://bank.example./hook",
        "https://bänk.example/hook",
        "https://-bank.example/hook",
        "https://bank..example/hook",
        "https://" + "a." * 130 + "example/",
        "https://bank.example/" + "a" * 500,
    ],
)
def test_addresses_that_may_not(url: str) -> None:
    assert not is_webhook_url(url)


@given(st.text(max_size=60) | st.text(max_size=40).map("https://".__add__))
def test_any_text_is_judged_without_a_crash(url: str) -> None:
    if is_webhook_url(url):
        assert url.isascii()
        assert url.lower().startswith("https://")


@pytest.mark.parametrize(
    ("network", "inside"),
    [
        ("loopback", "127.0.0.1 127.255.255.254 ::1"),
        ("private", "10.0.0.1 172.16.0.1 172.31.255.255 192.168.1.1 fc00::1 fd12::1"),
        ("link-local and metadata", "169.254.0.1 169.254.169.254 fe80::1 fd00:ec2::254"),
        ("carrier-grade NAT", "100.64.0.1 100.127.255.255"),
        ("multicast and broadcast", "224.0.0.1 239.1.1.1 255.255.255.255 ff02::1 ff0e::1"),
        ("unspecified and reserved", "0.0.0.0 0.1.2.3 240.0.0.1 :: 100::1"),
        ("documentation and tests", "192.0.2.1 198.51.100.1 203.0.113.1 198.18.0.1 2001:db8::1"),
        ("protocols", "192.0.0.1 192.0.0.9 192.88.99.1 2001::1 2001:20::1 3fff::1 5f00::1"),
        ("IPv4 within IPv6", "::ffff:10.0.0.1 ::ffff:8.8.8.8 ::10.0.0.1 64:ff9b::a00:1"),
        ("IPv4 within IPv6, more", "64:ff9b:1::1 2002:a00:1:: 2002:7f00:1::"),
        ("site-local", "fec0::1"),
    ],
)
def test_addresses_inside_are_never_called(network: str, inside: str) -> None:
    called = [address for address in inside.split() if is_public(ip_address(address))]
    assert called == [], network


@pytest.mark.parametrize("outside", ["8.8.8.8", "103.28.12.1", "2606:4700::1", "2400:cb00::1"])
def test_addresses_outside_are_called(outside: str) -> None:
    assert is_public(ip_address(outside))
