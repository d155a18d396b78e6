"""A real https server on a loopback address of its own, under a CA of its own."""

from __future__ import annotations

import ipaddress
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from random import randrange

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

HOST = "hooks.bank.example"
PORT = 8443
OK = b"HTTP/1.1 204 No Content\r\n\r\n"
_own = count(1)


@dataclass(frozen=True)
class Certificates:
    """A CA's certificate, and certificate and key of a server under it."""

    ca: Path
    chain: Path
    key: Path

    def trusting(self) -> ssl.SSLContext:
        """Return a client's context that trusts this CA alone."""
        return ssl.create_default_context(cafile=str(self.ca))


def make_certificates(folder: Path, host: str = HOST) -> Certificates:
    now = datetime.now(UTC)
    ca_key, key = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))
    ca_name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "CA Contoh")])
    usage = x509.KeyUsage(False, False, False, False, False, True, True, False, False)
    ca_id = x509.SubjectKeyIdentifier.from_public_key(ca_key.public_key())

    def begun(name: x509.Name, public: ec.EllipticCurvePublicKey) -> x509.CertificateBuilder:
        return (
            x509.CertificateBuilder()
            .subject_name(name)
            .issuer_name(ca_name)
            .public_key(public)
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - timedelta(days=1))
            .not_valid_after(now + timedelta(days=1))
        )

    ca = (
        begun(ca_name, ca_key.public_key())
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(usage, critical=True)
        .add_extension(ca_id, critical=False)
        .sign(ca_key, hashes.SHA256())
    )
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, host)])
    server = (
        begun(name, key.public_key())
        .add_extension(x509.SubjectAlternativeName([_name(host)]), critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(ca_id), critical=False
        )
        .sign(ca_key, hashes.SHA256())
    )
    made = Certificates(folder / "ca.pem", folder / "server.pem", folder / "server.key")
    pem = serialization.Encoding.PEM
    made.ca.write_bytes(ca.public_bytes(pem))
    made.chain.write_bytes(server.public_bytes(pem))
    made.key.write_bytes(
        key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    return made


def _name(host: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(host))
    except ValueError:
        return x509.DNSName(host)


@dataclass
class Server:
    """What came in, and where it listens."""

    address: str
    requests: list[bytes] = field(default_factory=list)
    names: list[str | None] = field(default_factory=list)
    connections: int = 0
    came: threading.Event = field(default_factory=threading.Event)

    @property
    def ip(self) -> ipaddress.IPv4Address:
        return ipaddress.IPv4Address(self.address)


Answer = Callable[[ssl.SSLSocket, Server], None]


def answering(data: bytes) -> Answer:
    """Return an answer that sends these bytes."""
    return lambda connection, _server: connection.sendall(data)


@contextmanager
def https_server(certificates: Certificates, answer: Answer | None = None) -> Iterator[Server]:
    """Serve one connection after another, each in a thread, until left."""
    answer = answer or answering(OK)
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(certificates.chain, certificates.key)
    # Each test process and each server has its own address, so that the port is free.
    server = Server(f"127.{randrange(1, 255)}.{randrange(1, 255)}.{next(_own) % 250 + 1}")

    def remember_name(_socket: object, name: str | None, _context: object) -> None:
        server.names.append(name)

    tls.sni_callback = remember_name
    listener = socket.create_server((server.address, PORT))
    threads: list[threading.Thread] = []

    def serve(plain: socket.socket) -> None:
        with plain:
            plain.settimeout(30)
            try:
                with tls.wrap_socket(plain, server_side=True) as connection:
                    server.requests.append(_read(connection))
                    server.came.set()
                    answer(connection, server)
            except OSError:
                return

    def accept() -> None:
        while True:
            try:
                plain, _ = listener.accept()
            except OSError:
                return
            server.connections += 1
            thread = threading.Thread(target=serve, args=(plain,), daemon=True)
            threads.append(thread)
            thread.start()

    accepting = threading.Thread(target=accept, daemon=True)
    accepting.start()
    try:
        yield server
    finally:
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        accepting.join()
        for thread in threads:
            thread.join()


def _read(connection: ssl.SSLSocket) -> bytes:
    """Return a request with its whole body."""
    data = b""
    while b"\r\n\r\n" not in data:
        more = connection.recv(65536)
        if not more:
            return data
        data += more
    head, body = data.split(b"\r\n\r\n", 1)
    (length,) = [
        int(line.split(b":")[1])
        for line in head.split(b"\r\n")
        if line.lower().startswith(b"content-length:")
    ]
    while len(body) < length:
        body += connection.recv(65536)
    return head + b"\r\n\r\n" + body
