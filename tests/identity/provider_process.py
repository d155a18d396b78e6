"""A real OpenID provider in a process of its own (oidc-provider-mock), and people at its form."""

from __future__ import annotations

import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from time import monotonic, sleep
from urllib.parse import urlencode, urlsplit

START_SECONDS = 60.0


def free_port() -> int:
    """Return a port of this machine that nobody has now."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


@dataclass
class Provider:
    """The process, and what it is called."""

    port: int
    process: subprocess.Popen[bytes]

    @property
    def issuer(self) -> str:
        """Its own name for itself."""
        return f"http://localhost:{self.port}"

    def answer(self, address: str, **form: str) -> str:
        """Fill the provider's form; return the address that it sends the browser back to."""
        parts = urlsplit(address)
        with closing(HTTPConnection("localhost", self.port, timeout=30)) as connection:
            connection.request(
                "POST",
                f"{parts.path}?{parts.query}",
                urlencode(form),
                {"Content-Type": "application/x-www-form-urlencoded"},
            )
            response = connection.getresponse()
            location = response.headers["Location"]
            assert location, response.read()
            return str(location)

    def stop(self) -> None:
        """End the process; nobody answers any more."""
        self.process.terminate()
        self.process.wait(30)


@contextmanager
def provider_process() -> Iterator[Provider]:
    """Run a provider until left."""
    port = free_port()
    command = [sys.executable, "-m", "oidc_provider_mock", "--port", str(port), "--require-nonce"]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    provider = Provider(port, process)
    try:
        until = monotonic() + START_SECONDS
        while not _answers(port):
            assert process.poll() is None
            assert monotonic() < until
            sleep(0.1)
        yield provider
    finally:
        provider.stop()


def _answers(port: int) -> bool:
    with socket.socket() as caller:
        return caller.connect_ex(("127.0.0.1", port)) == 0
