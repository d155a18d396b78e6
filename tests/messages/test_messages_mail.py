"""Mail against a real SMTP server: what it gets, whom it is sent to, how it fails."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from threading import Thread

import pytest

from issuer.domain.messages import Language, Message, MessageContent, MessageKind, Sent, Way
from issuer.jobs.mail import MailServer, SmtpSender
from tests.messages.mail_server import PASSWORD, USER, mail_server
from tests.offices import MORNING
from tests.webhooks.tls_server import Certificates, make_certificates

# An address of this machine that is none of those spoken to in the clear.
HOST = "127.0.0.2"
BODY = "Permohonan Surat Keterangan Domisili perlu diperbaiki: “buka” https://surat.example/ikuti"
FACTS = {"service": "Surat", "agency": "Kelurahan “Jetak”, Bojonegoro", "link": "https://x.example"}


@pytest.fixture(scope="module")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Certificates:
    return make_certificates(tmp_path_factory.mktemp("mail"), HOST)


def a_message(address: str = "warga@contoh.example", subject: str = "Permohonan Anda") -> Message:
    content = MessageContent(address, Language.INDONESIAN, subject, BODY, FACTS)
    return Message(
        id="msg_0123456789abcdef",
        request_id="r",
        agency_code="35.22.15.1001",
        kind=MessageKind.RETURNED,
        way=Way.MAIL,
        created_at_utc=MORNING,
        next_at_utc=MORNING,
        content=content,
    )


def sender(
    port: int,
    certificates: Certificates | None = None,
    *,
    host: str = "127.0.0.1",
    implicit: bool = False,
    password: str | None = None,
    seconds: float = 20,
) -> SmtpSender:
    server = MailServer(host, port, implicit, USER if password is not None else "", password or "")
    return SmtpSender(
        server,
        sender="surat@bojonegoro.example",
        host_name="surat.bojonegoro.example",
        tls=certificates.trusting() if certificates else None,
        seconds=seconds,
    )


def test_a_mail_as_it_arrives() -> None:
    with mail_server() as inbox:
        assert sender(inbox.port).send(a_message()) is Sent.HANDED_OVER
    (mail,) = inbox.mails
    assert inbox.envelopes == [("surat@bojonegoro.example", ["warga@contoh.example"])]
    assert mail.get_content().strip() == BODY
    assert mail["Subject"] == "Permohonan Anda"
    assert mail["To"] == "warga@contoh.example"
    assert mail["From"].addresses[0].display_name == FACTS["agency"]
    assert mail["From"].addresses[0].addr_spec == "surat@bojonegoro.example"
    assert mail["Message-ID"] == "<msg_0123456789abcdef@surat.bojonegoro.example>"
    assert mail["Date"].datetime == MORNING.replace(microsecond=0)
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["Content-Language"] == "id"
    assert mail.get_content_type() == "text/plain"


# aiosmtpd cannot know that TLS from the first byte is TLS.
knowing_tls = pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS")


@knowing_tls
def test_over_starttls_and_from_the_first_byte(certificates: Certificates) -> None:
    for implicit in (False, True):
        with mail_server(certificates, implicit=implicit, accounts=True, host=HOST) as inbox:
            out = sender(inbox.port, certificates, host=HOST, implicit=implicit, password=PASSWORD)
            assert out.try_connection() is Sent.HANDED_OVER
            assert inbox.mails == []
            assert out.send(a_message()) is Sent.HANDED_OVER
        assert inbox.encrypted == [True]


@knowing_tls
@pytest.mark.parametrize("password", [None, PASSWORD])
def test_a_server_without_starttls_gets_neither_password_nor_mail(password: str | None) -> None:
    """Here it would take both in the clear, as whoever sits in between would."""
    with mail_server(implicit=True, accounts=password is not None, host=HOST) as inbox:
        out = sender(inbox.port, host=HOST, password=password)
        assert out.send(a_message()) is Sent.TLS_FAILED
    assert inbox.envelopes == []


def test_the_certificate_must_name_the_host_and_be_trusted(
    certificates: Certificates, tmp_path: Path
) -> None:
    other = make_certificates(tmp_path, "other.example")
    for implicit in (False, True):
        with mail_server(certificates, implicit=implicit, host=HOST) as inbox:
            untrusted = sender(inbox.port, other, host=HOST, implicit=implicit)
            assert untrusted.send(a_message()) is Sent.TLS_FAILED
        unnamed = make_certificates(tmp_path, "127.0.0.3")
        with mail_server(unnamed, implicit=implicit, host=HOST) as misnamed:
            out = sender(misnamed.port, unnamed, host=HOST, implicit=implicit)
            assert out.send(a_message()) is Sent.TLS_FAILED
        assert misnamed.mails == []
        assert inbox.mails == []


@knowing_tls
def test_a_wrong_password_is_not_let_in(certificates: Certificates) -> None:
    with mail_server(certificates, implicit=True, accounts=True, host=HOST) as inbox:
        out = sender(inbox.port, certificates, host=HOST, implicit=True, password="salah")
        assert out.send(a_message()) is Sent.NOT_LET_IN
    assert inbox.mails == []


@pytest.mark.parametrize(
    ("answer", "outcome"),
    [
        ("550 5.1.1 no such user", Sent.ADDRESS_REFUSED),
        ("553 5.1.3 no address", Sent.ADDRESS_REFUSED),
        ("450 4.2.1 try later", Sent.REFUSED),
        ("452 4.2.2 mailbox full", Sent.REFUSED),
        ("554 5.7.1 blocked", Sent.REFUSED),
    ],
)
def test_a_recipient_that_is_refused(answer: str, outcome: Sent) -> None:
    with mail_server() as inbox:
        inbox.refusals.append(answer)
        assert sender(inbox.port).send(a_message()) is outcome
    assert inbox.mails == []


def test_a_mail_that_is_refused_as_a_whole() -> None:
    with mail_server() as inbox:
        inbox.refuse_data.append("451 4.3.0 not now")
        assert sender(inbox.port).send(a_message()) is Sent.REFUSED


def test_nobody_listens() -> None:
    with mail_server() as inbox:
        port = inbox.port
    assert sender(port).send(a_message()) is Sent.NO_CONNECTION


def test_a_name_that_leads_nowhere() -> None:
    assert sender(587, host="mail.contoh.invalid").send(a_message()) is Sent.NAME_UNKNOWN


def silent(_connection: socket.socket) -> None:
    """Accept, and say nothing."""


def closing(connection: socket.socket) -> None:
    """Hang up in the middle of a greeting."""
    connection.sendall(b"220 ma")
    connection.close()


def nonsense(connection: socket.socket) -> None:
    """Speak another protocol."""
    connection.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")


@pytest.mark.parametrize(
    ("behave", "outcomes"),
    [
        (silent, {Sent.TIMED_OUT, Sent.NO_CONNECTION}),
        (closing, {Sent.NO_CONNECTION}),
        (nonsense, {Sent.NO_CONNECTION, Sent.REFUSED}),
    ],
)
def test_something_else_listens(
    behave: Callable[[socket.socket], None], outcomes: set[Sent]
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(30)
        out = sender(listener.getsockname()[1], seconds=0.5)
        found: list[Sent] = []
        sending = Thread(target=lambda: found.append(out.send(a_message())))
        sending.start()
        connection, _ = listener.accept()
        with connection:
            behave(connection)
            sending.join(30)
    assert set(found) <= outcomes
    assert len(found) == 1


@pytest.mark.parametrize(
    "field", ["a@b.example\r\nBcc: all@b.example", "a@b.example\nX: y", "a@b.example, c@d.example"]
)
def test_no_address_adds_a_header_or_a_recipient(field: str) -> None:
    """An address comes from ``Contact.parse``; should it not, nothing is sent."""
    with mail_server() as inbox, pytest.raises(ValueError, match=r".*"):
        sender(inbox.port).send(a_message(field))
    assert inbox.mails == []


def test_a_connection_in_the_clear_is_for_this_machine_alone() -> None:
    assert MailServer("localhost", 25, implicit_tls=False).in_the_clear
    for server in (
        MailServer("localhost", 465, implicit_tls=True),
        MailServer("mail.example.go.id", 25, implicit_tls=False),
        MailServer("localhost.example", 25, implicit_tls=False),
    ):
        assert not server.in_the_clear
    assert "rahasia" not in repr(
        replace(MailServer("h", 25, implicit_tls=True), password="rahasia")
    )


def test_a_context_that_checks_nothing_is_not_the_default() -> None:
    assert ssl.create_default_context().verify_mode is ssl.CERT_REQUIRED
