"""The courier against a real TLS server: where it goes, whom it believes, when it stops."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Callable, Sequence
from ipaddress import ip_address
from pathlib import Path

import pytest

from issuer.domain.webhook import Outcome
from issuer.jobs.addresses import IpAddress, resolve
from issuer.jobs.courier import HttpsCourier
from tests.webhooks.tls_server import (
    HOST,
    OK,
    PORT,
    Certificates,
    Server,
    answering,
    https_server,
    make_certificates,
)

URL = f"https://{HOST}:{PORT}/surat?dari=kantor"
BODY = b'{"type":"letter.revoked"}'
HEADERS = {"webhook-id": "msg_1"}


@pytest.fixture(scope="module")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Certificates:
    return make_certificates(tmp_path_factory.mktemp("tls"))


def courier(
    certificates: Certificates, server: Server | None = None, *, seconds: float = 20
) -> HttpsCourier:
    """Return a courier for whom the name leads to the server, and who may go there."""
    found = [server.ip] if server else []
    return HttpsCourier(
        tls=certificates.trusting(),
        resolve=lambda _host, _port: found,
        allowed=lambda address: address.is_loopback,
        seconds=seconds,
    )


def leading_to(*addresses: str) -> Callable[[str, int], Sequence[IpAddress]]:
    return lambda _host, _port: [ip_address(address) for address in addresses]


def test_the_message_arrives_as_it_was_given(certificates: Certificates) -> None:
    with https_server(certificates) as server:
        assert courier(certificates, server).post(URL, HEADERS, BODY) is Outcome.RECEIVED
    (request,) = server.requests
    head, body = request.split(b"\r\n\r\n", 1)
    lines = head.decode().split("\r\n")
    assert body == BODY
    assert lines[0] == "POST /surat?dari=kantor HTTP/1.1"
    assert f"Host: {HOST}:{PORT}" in lines
    assert "webhook-id: msg_1" in lines
    assert "Content-Type: application/json" in lines
    assert server.names == [HOST]


def test_the_name_is_asked_once_and_the_connection_goes_there(
    certificates: Certificates, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A name that leads elsewhere at the second question is not asked twice."""
    asked: list[str] = []
    plain = socket.getaddrinfo

    def rebinding(host: str, *rest: object, **named: object) -> object:
        assert host != HOST, "the system's resolver was asked for the name"
        return plain(host, *rest, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(socket, "getaddrinfo", rebinding)
    with https_server(certificates) as server:

        def once(host: str, _port: int) -> Sequence[IpAddress]:
            asked.append(host)
            return [server.ip] if len(asked) == 1 else [ip_address("10.0.0.1")]

        sent = HttpsCourier(
            tls=certificates.trusting(), resolve=once, allowed=lambda a: a.is_loopback
        )
        assert sent.post(URL, HEADERS, BODY) is Outcome.RECEIVED
    assert asked == [HOST]


@pytest.mark.parametrize(
    "inside",
    ["127.0.0.1", "10.1.2.3", "169.254.169.254", "100.64.0.1", "::1", "::ffff:127.0.0.1"],
)
def test_a_name_that_leads_inside_is_never_called(
    certificates: Certificates, monkeypatch: pytest.MonkeyPatch, inside: str
) -> None:
    def connected(*_arguments: object, **_named: object) -> None:
        pytest.fail("it connected")

    monkeypatch.setattr(socket, "create_connection", connected)
    for addresses in ([inside], ["8.8.8.8", inside], [inside, "8.8.8.8"]):
        sent = HttpsCourier(tls=certificates.trusting(), resolve=leading_to(*addresses))
        assert sent.post(URL, HEADERS, BODY) is Outcome.ADDRESS_FORBIDDEN


def test_without_exceptions_a_server_of_our_own_is_not_called(certificates: Certificates) -> None:
    with https_server(certificates) as server:
        sent = HttpsCourier(tls=certificates.trusting(), resolve=leading_to(server.address))
        assert sent.post(URL, HEADERS, BODY) is Outcome.ADDRESS_FORBIDDEN
    assert server.connections == 0


@pytest.mark.parametrize("url", [f"http://{HOST}:8443/", f"https://{HOST}:9000/", "https://::1/"])
def test_an_address_that_must_not_be_registered_is_not_called_either(
    certificates: Certificates, url: str
) -> None:
    with https_server(certificates) as server:
        sent = courier(certificates, server)
        assert sent.post(url, HEADERS, BODY) is Outcome.ADDRESS_FORBIDDEN
    assert server.connections == 0


def test_a_name_that_leads_nowhere(certificates: Certificates) -> None:
    def unknown(_host: str, _port: int) -> Sequence[IpAddress]:
        raise socket.gaierror

    sent = HttpsCourier(tls=certificates.trusting(), resolve=unknown)
    assert sent.post(URL, HEADERS, BODY) is Outcome.NAME_UNKNOWN
    assert courier(certificates).post(URL, HEADERS, BODY) is Outcome.ADDRESS_FORBIDDEN


def test_the_systems_resolver_gives_addresses() -> None:
    assert ip_address("127.0.0.1") in resolve("127.0.0.1", 443)
    assert resolve("::1", 443) == [ip_address("::1")]


def test_nobody_listens(certificates: Certificates) -> None:
    with https_server(certificates) as server:
        pass
    assert courier(certificates, server).post(URL, HEADERS, BODY) is Outcome.NO_CONNECTION


def test_the_certificate_must_name_the_host_and_be_trusted(
    certificates: Certificates, tmp_path: Path
) -> None:
    (tmp_path / "other").mkdir()
    elsewhere = make_certificates(tmp_path / "other", "other.example")
    with https_server(elsewhere) as server:
        assert courier(elsewhere, server).post(URL, HEADERS, BODY) is Outcome.TLS_FAILED
        assert courier(certificates, server).post(URL, HEADERS, BODY) is Outcome.TLS_FAILED
    assert server.requests == []
    with https_server(certificates) as server:
        usual = HttpsCourier(resolve=leading_to(server.address), allowed=lambda _address: True)
        assert usual.post(URL, HEADERS, BODY) is Outcome.TLS_FAILED
    assert server.requests == []


@pytest.mark.parametrize(
    ("answer", "outcome"),
    [
        (OK, Outcome.RECEIVED),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 999999999999\r\n\r\n", Outcome.RECEIVED),
        (b"HTTP/1.1 202 Accepted\r\nContent-Length: 0\r\n\r\n", Outcome.RECEIVED),
        (b"HTTP/1.1 400 Bad Request\r\n\r\n", Outcome.REFUSED),
        (b"HTTP/1.1 410 Gone\r\n\r\n", Outcome.GONE),
        (b"HTTP/1.1 500 Oops\r\n\r\n", Outcome.REFUSED),
        (b"HTTP/1.1 301 Moved\r\nLocation: http://127.0.0.1/\r\n\r\n", Outcome.REDIRECTED),
        (b"HTTP/1.1 302 Found\r\nLocation: https://10.0.0.1/\r\n\r\n", Outcome.REDIRECTED),
        (b"HTTP/1.1 307 Again\r\nLocation: /elsewhere\r\n\r\n", Outcome.REDIRECTED),
        (b"SSH-2.0-OpenSSH_9.2\r\n", Outcome.REFUSED),
        (b"HTTP/1.1 200 " + b"a" * 70_000 + b"\r\n\r\n", Outcome.REFUSED),
        (b"HTTP/1.1 200 OK\r\n" + b"a: b\r\n" * 200 + b"\r\n", Outcome.REFUSED),
        (b"", Outcome.NO_CONNECTION),
    ],
    ids=str,
)
def test_the_status_alone_counts_and_no_redirect_is_followed(
    certificates: Certificates, answer: bytes, outcome: Outcome
) -> None:
    with https_server(certificates, answering(answer)) as server:
        assert courier(certificates, server).post(URL, HEADERS, BODY) is outcome
    assert server.connections == 1


def silent(connection: ssl.SSLSocket, _server: Server) -> None:
    """Say nothing until the other side goes."""
    connection.recv(1)


def dripping(connection: ssl.SSLSocket, _server: Server) -> None:
    """Say one more letter of a header for as long as somebody listens."""
    connection.sendall(b"HTTP/1.1 200 OK\r\nX-Slow: ")
    while True:
        connection.sendall(b"a")
        connection.settimeout(0.05)
        try:
            if connection.recv(1) == b"":
                return
        except TimeoutError:
            continue


def continuing(connection: ssl.SSLSocket, _server: Server) -> None:
    """Say "100 Continue" for as long as somebody listens."""
    while True:
        connection.sendall(b"HTTP/1.1 100 Continue\r\n\r\n")


@pytest.mark.parametrize("answer", [silent, dripping, continuing])
def test_one_deadline_ends_it_all(
    certificates: Certificates, answer: Callable[[ssl.SSLSocket, Server], None]
) -> None:
    with https_server(certificates, answer) as server:
        sent = courier(certificates, server, seconds=0.3)
        assert sent.post(URL, HEADERS, BODY) is Outcome.TIMED_OUT


def test_a_handshake_that_never_ends(certificates: Certificates) -> None:
    address = "127.86.1.1"
    with socket.create_server((address, PORT)):
        sent = HttpsCourier(
            tls=certificates.trusting(),
            resolve=leading_to(address),
            allowed=lambda _address: True,
            seconds=0.3,
        )
        assert sent.post(URL, HEADERS, BODY) is Outcome.TIMED_OUT
