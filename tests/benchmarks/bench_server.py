"""One synchronous worker of gunicorn, as a process of its own, and what asks it.

Run as a program: ``bench_server.py FOLDER`` serves the office in a folder,
``bench_server.py constant`` a Flask view that returns a constant. It prints its port.
"""

from __future__ import annotations

import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from itertools import repeat
from pathlib import Path
from typing import Any

from flask import Flask
from gunicorn.app.base import BaseApplication  # type: ignore[import-untyped]  # no types

from issuer.cli.serving import make_app
from issuer.config import Settings

CONSTANT = "constant"
_ASKING_AT_ONCE = 4
"""So that the worker never waits for the next question."""

_READY_SECONDS = 60
_ROOT = Path(__file__).parents[2]


class Worker(BaseApplication):  # type: ignore[misc]  # the base has no types
    """One synchronous worker on a listening socket, given by its descriptor."""

    def __init__(self, what: str, listening: int) -> None:
        self._what = what
        self._listening = listening
        super().__init__()

    def load_config(self) -> None:
        options: dict[str, Any] = {
            "bind": f"fd://{self._listening}",
            "workers": 1,
            "worker_class": "sync",
            "accesslog": None,
            "loglevel": "warning",
        }
        for name, value in options.items():
            self.cfg.set(name, value)

    def load(self) -> Flask:
        if self._what != CONSTANT:
            return make_app(Settings.load(Path(self._what), {}))
        app = Flask(CONSTANT)
        app.add_url_rule("/", view_func=lambda: "ok")
        return app


@contextmanager
def serving(what: str) -> Iterator[tuple[str, int]]:
    """Serve an office's folder, or ``CONSTANT``; give the address when it answers."""
    command = [sys.executable, "-m", "tests.benchmarks.bench_server", what]
    with subprocess.Popen(command, cwd=_ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            address = "127.0.0.1", int(process.stdout.readline())
            _wait_for(address)
            yield address
        finally:
            process.terminate()


def fetch(address: tuple[str, int], path: str, *headers: str) -> bytes:
    """Return the whole response to one GET over a connection of its own."""
    lines = (f"GET {path} HTTP/1.1", "Host: localhost", "Connection: close", *headers, "", "")
    with socket.create_connection(address) as connection:
        connection.sendall("\r\n".join(lines).encode())
        parts = []
        while part := connection.recv(65536):
            parts.append(part)
    return b"".join(parts)


def answers_a_second(address: tuple[str, int], paths: Sequence[str]) -> float:
    """Ask for every path once, a few at a time. Raises ``RuntimeError`` for any but 200."""
    with ThreadPoolExecutor(_ASKING_AT_ONCE) as asking:
        started = time.perf_counter()
        answers = list(asking.map(fetch, repeat(address), paths))
        seconds = time.perf_counter() - started
    if not all(answer.startswith(b"HTTP/1.1 200 ") for answer in answers):
        raise RuntimeError("an answer was not 200")
    return len(paths) / seconds


def _wait_for(address: tuple[str, int]) -> None:
    deadline = time.monotonic() + _READY_SECONDS
    while True:
        try:
            fetch(address, "/")
        except OSError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.05)
        else:
            return


def main(what: str) -> None:
    listener = socket.create_server(("127.0.0.1", 0))
    sys.stdout.write(f"{listener.getsockname()[1]}\n")
    sys.stdout.flush()
    Worker(what, listener.detach()).run()


if __name__ == "__main__":
    main(sys.argv[1])
