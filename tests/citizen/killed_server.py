"""``issuer serve`` as its own processes, to be killed, and a resident who tries again."""

from __future__ import annotations

import http.client
import os
import re
import signal
import socket
import subprocess
import sys
import time
from http.cookies import SimpleCookie
from pathlib import Path
from queue import SimpleQueue
from urllib.parse import urlencode

from tests.web.web_office import hidden

ROOT = Path(__file__).parents[2]
PATIENCE_SECONDS = 90
_BOUNDARY = "batas-contoh"


class Server:
    """A running ``issuer serve``: gunicorn's arbiter and its workers, a group of their own."""

    def __init__(self, folder: Path) -> None:
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port = int(free.getsockname()[1])
        self._command = [sys.executable, "-m", "issuer", "--data-dir", str(folder), "serve"]
        self._process = self._start()

    def kill_workers(self) -> None:
        """Kill whoever answers; the arbiter starts others."""
        for worker in self._workers():
            os.kill(worker, signal.SIGKILL)

    def kill_all(self) -> None:
        """Kill every process of it."""
        os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait(60)

    def start_again(self) -> None:
        """Start it where it was, after ``kill_all``."""
        self._process = self._start()

    def _start(self) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            [*self._command, "--port", str(self.port)],
            cwd=ROOT,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )

    def _workers(self) -> list[int]:
        father = self._process.pid
        children = Path(f"/proc/{father}/task/{father}/children").read_text(encoding="ascii")
        return [int(child) for child in children.split()]


class Visitor:
    """A browser without scripts that sends again what was not answered.

    ``unanswered`` counts how often that was. Each has an address of its own, as behind a
    proxy, so that no limit is met. It tells ``heard`` of every form that was answered.
    """

    def __init__(self, port: int, number: int, heard: SimpleQueue[str]) -> None:
        self._port = port
        self._heard = heard
        self._address = f"10.0.{number // 250}.{number % 250 + 1}"
        self._cookies: dict[str, str] = {}
        self._token = ""
        self.unanswered = 0

    def get(self, path: str) -> str:
        """Return a page."""
        status, _, page = self._ask("GET", path, b"", "")
        assert status == 200, (path, status)
        return page

    def post(self, path: str, **form: str) -> str:
        """Send a form and return where it led to."""
        body = urlencode({**form, "csrf_token": self._csrf()}).encode()
        return self._posted(path, body, "application/x-www-form-urlencoded")

    def upload(self, path: str, entry: str, photo: bytes) -> str:
        """Send a photo and return where it led to."""
        head = f"--{_BOUNDARY}\r\nContent-Disposition: form-data; name="
        body = (
            f'{head}"csrf_token"\r\n\r\n{self._csrf()}\r\n'
            f'{head}"{entry}"; filename="ktp.jpg"\r\nContent-Type: image/jpeg\r\n\r\n'
        ).encode()
        body += photo + f"\r\n--{_BOUNDARY}--\r\n".encode()
        return self._posted(path, body, f"multipart/form-data; boundary={_BOUNDARY}")

    def _posted(self, path: str, body: bytes, kind: str) -> str:
        status, location, page = self._ask("POST", path, body, kind)
        assert status == 303, (path, status, re.sub(r"<[^>]*>", " ", page)[:2000])
        self._heard.put(path)
        return location

    def _csrf(self) -> str:
        self._token = self._token or hidden(self.get("/periksa"))["csrf_token"]
        return self._token

    def _ask(self, method: str, path: str, body: bytes, kind: str) -> tuple[int, str, str]:
        until = time.monotonic() + PATIENCE_SECONDS
        while True:
            try:
                return self._try(method, path, body, kind)
            except (OSError, http.client.HTTPException):
                assert time.monotonic() < until, "nobody answers any more"
                self.unanswered += 1
                time.sleep(0.05)

    def _try(self, method: str, path: str, body: bytes, kind: str) -> tuple[int, str, str]:
        connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=30)
        headers = {"X-Forwarded-For": self._address}
        if kind:
            headers["Content-Type"] = kind
        headers["Cookie"] = "; ".join(f"{name}={text}" for name, text in self._cookies.items())
        try:
            connection.request(method, path, body, headers)
            answer = connection.getresponse()
            page = answer.read().decode()
        finally:
            connection.close()
        for line in answer.headers.get_all("Set-Cookie", []):
            for name, morsel in SimpleCookie(line).items():
                self._cookies[name] = morsel.value
        return answer.status, answer.headers.get("Location", ""), page
