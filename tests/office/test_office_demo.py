"""The demo: whole or not there, on either database, and served in real processes."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.error import HTTPError
from urllib.parse import urlencode

import pytest
from click.testing import CliRunner, Result

from issuer import demo
from issuer.bootstrap import SystemClock, compose
from issuer.cli import main
from issuer.cli.exits import CONFIGURATION
from issuer.config import Settings
from issuer.domain.limits import Asker
from tests.databases import fresh_postgres


def issuer(*arguments: object, **environ: str) -> Result:
    return CliRunner().invoke(main, [str(argument) for argument in arguments], env=environ)


@dataclass(frozen=True)
class FirstStart:
    """An office that its first user made and serves by one command, and what that said."""

    folder: Path
    port: int
    said: str


@pytest.fixture(scope="module")
def first_start(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FirstStart]:
    place, port = tmp_path_factory.mktemp("demo"), free_port()
    folder, said = place / "office", place / "said"
    command = [sys.executable, "-m", "issuer", "demo"]
    command += ["--data-dir", str(folder), "--port", str(port)]
    with (
        said.open("wb") as out,
        subprocess.Popen(command, stdout=out, stderr=subprocess.DEVNULL) as server,
    ):
        try:
            wait_for(port)
            yield FirstStart(folder, port, said.read_text("utf-8"))
        finally:
            server.terminate()


@pytest.fixture(scope="module")
def made(first_start: FirstStart) -> Path:
    """The folder of a demo office."""
    return first_start.folder


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as free:
        return int(free.getsockname()[1])


def wait_for(port: int) -> None:
    """Wait until a server answers, for two minutes at most."""
    for _ in range(600):
        try:
            socket.create_connection(("127.0.0.1", port)).close()
            return
        except OSError:
            time.sleep(0.2)


def test_the_first_user_is_told_where_to_begin_and_finds_it_working(
    first_start: FirstStart,
) -> None:
    for word in ("loket-ngunut", "kades-ngunut", f"PIN {demo.PIN}"):
        assert word in first_start.said
    origin = f"http://localhost:{first_start.port}"
    assert f"{origin}/periksa" in first_start.said
    browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor())
    door = browser.open(f"{origin}/masuk/warga").read().decode()
    (token,) = set(re.findall(r'name="csrf_token" value="([^"]+)"', door))
    found = re.search(r"^  (352299\d{10}) (\S+)", first_start.said, re.MULTILINE)
    assert found
    form = {"csrf_token": token, "name": found[1], "password": found[2]}
    home = browser.open(f"{origin}/masuk/warga", urlencode(form).encode()).read().decode()
    letters = []
    for case in re.findall(r'href="(/akun-saya/permohonan/[0-9a-f]{32})"', home):
        with suppress(HTTPError):
            letters.append(browser.open(f"{origin}{case}/surat.pdf").read(5))
    assert letters == [b"%PDF-"]


def test_the_demo_holds_the_whole_regency_and_its_letters_verify(made: Path) -> None:
    home = ("--data-dir", made)
    agencies = issuer(*home, "agencies", "list", "--json").stdout.splitlines()
    assert len(agencies) == 462
    assert issuer(*home, "register", "list", "--json").stdout.count('"issued"') == 7
    assert issuer(*home, "selfcheck").exit_code == 0


def test_the_secrets_are_nobody_elses(made: Path) -> None:
    private = made / "keys" / "private"
    assert private.stat().st_mode & 0o077 == 0
    assert [p.name for p in private.iterdir() if p.stat().st_mode & 0o077] == []
    assert (made / "register.db").stat().st_mode & 0o077 == 0


def test_a_second_start_keeps_what_is_there(made: Path) -> None:
    before = (made / "keys" / "trust" / "root.pem").read_bytes()
    assert issuer("demo", "--data-dir", made, "--no-serve").exit_code == 0
    assert (made / "keys" / "trust" / "root.pem").read_bytes() == before


def test_a_folder_with_something_else_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("mine")
    result = issuer("demo", "--data-dir", tmp_path, "--no-serve")
    assert result.exit_code == CONFIGURATION
    assert "not empty" in result.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.txt"]


def test_an_interrupted_start_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(*_arguments: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(demo, "_register_agencies", interrupted)
    issuer("demo", "--data-dir", tmp_path / "office", "--no-serve")
    assert list(tmp_path.iterdir()) == []


def test_the_demo_on_postgresql(tmp_path: Path) -> None:
    with fresh_postgres() as url:
        environ = {"ISSUER_DATABASE_URL": url}
        folder = tmp_path / "office"
        result = issuer("demo", "--data-dir", folder, "--no-serve", **environ)
        assert result.exit_code == 0, result.output
        assert not (folder / "register.db").exists()
        listed = issuer("--data-dir", folder, "register", "list", "--json", **environ)
        assert listed.stdout.count('"issued"') == 7
        again = issuer("demo", "--data-dir", tmp_path / "other", "--no-serve", **environ)
        assert again.exit_code == CONFIGURATION
        assert "holds an office already" in again.stderr


@pytest.fixture
def port() -> int:
    """A port that was free a moment ago."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        number: int = server.getsockname()[1]
    return number


@pytest.fixture(scope="module")
def serving(made: Path) -> Iterator[tuple[int, subprocess.Popen[bytes]]]:
    """Yield the port and the process of an office that answers, as ``issuer serve`` does."""
    port = free_port()
    command = [sys.executable, "-m", "issuer", "--data-dir", str(made), "serve"]
    command += ["--port", str(port)]
    with subprocess.Popen(command, stderr=subprocess.DEVNULL) as server:
        try:
            wait_for(port)
            yield port, server
        finally:
            server.kill()


_CHUNKED = b"0\r\n\r\n"
_TWO_WAYS: dict[str, bytes] = {
    "chunked and a length": b"Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n" + _CHUNKED,
    "a length and chunked": b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n" + _CHUNKED,
    "two lengths": b"Content-Length: 5\r\nContent-Length: 0\r\n\r\n" + _CHUNKED,
    "two lengths in one": b"Content-Length: 5, 5\r\n\r\n" + _CHUNKED,
    "a length with a sign": b"Content-Length: +5\r\n\r\n" + _CHUNKED,
    "a negative length": b"Content-Length: -1\r\n\r\n" + _CHUNKED,
    "another coding": b"Transfer-Encoding: xchunked\r\n\r\n" + _CHUNKED,
    "chunked twice": b"Transfer-Encoding: chunked, chunked\r\n\r\n" + _CHUNKED,
    "a name with a space": b"Transfer-Encoding : chunked\r\n\r\n" + _CHUNKED,
    "a line that is folded": b"Transfer-Encoding:\r\n chunked\r\n\r\n" + _CHUNKED,
    "a bare line feed": b"X: a\nTransfer-Encoding: chunked\r\n\r\n" + _CHUNKED,
    "a null byte": b"X: a\x00b\r\n\r\n",
    "a field that has no end": b"X: " + b"a" * 20_000 + b"\r\n\r\n",
    "a thousand fields": b"X: a\r\n" * 1000 + b"\r\n",
}
"""What a proxy and a server may read in different ways (RFC 9112, 6.3 and 11.2)."""


def answers_to(port: int, fields: bytes) -> bytes:
    """Send a request with these fields, and another behind it; return all that comes back."""
    said = b""
    with socket.create_connection(("127.0.0.1", port), 20) as connection:
        connection.sendall(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n" + fields)
        with suppress(OSError):
            connection.sendall(b"GET /readyz HTTP/1.1\r\nHost: localhost\r\n\r\n")
        with suppress(ConnectionResetError):
            while part := connection.recv(65_536):
                said += part
    return said


def test_a_request_that_is_read_in_one_way_is_answered(
    serving: tuple[int, subprocess.Popen[bytes]],
) -> None:
    """And what is behind it in the same breath is not: each connection has one request."""
    for fields in (b"\r\n", b"Content-Length: 5\r\n\r\n" + _CHUNKED):
        said = answers_to(serving[0], fields)
        assert said.startswith(b"HTTP/1.1 200 ")
        assert said.count(b"HTTP/1.1 ") == 1
    assert b"Connection: close" in said


@pytest.mark.parametrize("name", _TWO_WAYS)
def test_no_request_is_read_in_two_ways(
    serving: tuple[int, subprocess.Popen[bytes]], name: str
) -> None:
    said = answers_to(serving[0], _TWO_WAYS[name])
    assert re.match(rb"HTTP/1\.1 (400|431|501) ", said) or not said
    assert said.count(b"HTTP/1.1 ") <= 1


def test_the_pages_answer_until_it_is_stopped(
    made: Path, serving: tuple[int, subprocess.Popen[bytes]]
) -> None:
    port, server = serving
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/periksa") as answer:
        assert "Periksa surat" in answer.read().decode()
    taken = issuer("--data-dir", made, "serve", "--port", port)
    assert taken.exit_code == CONFIGURATION
    assert "--port" in taken.stderr
    os.kill(server.pid, signal.SIGTERM)
    assert server.wait(timeout=30) == 0


def test_its_resident_has_an_account_with_a_letter_and_a_request(made: Path) -> None:
    with closing(compose(Settings.load(made, {}), SystemClock())) as office:
        (resident,) = (one for one in demo.sign_ins(office) if one.resident)
        assert resident.username.startswith("352299")
        citizens = office.services.citizens
        typed = (resident.username, resident.password)
        token, _ = citizens.sign_in(*typed, Asker("192.0.2.9"), "?")
        cases = office.services.own_requests.listed(office.services.sessions.held_by(token))
    assert sorted(bool(case.letter) for case in cases) == [False, True]
