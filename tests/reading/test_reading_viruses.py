"""A scanner that answers as ClamAV's clamd documents it, and ones that do not."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from PIL import Image

from issuer.domain.application import DocumentKind
from issuer.domain.errors import DependencyUnavailable, InvalidInput
from issuer.rendering.document_intake import DocumentIntake
from issuer.rendering.virus_scanner import ClamdScanner
from tests.reading.hostile_parts import jpeg, pdf_of

EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$" + rb"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
"""What every scanner calls a virus by agreement; in two parts, so that none finds it here."""

PHOTO = jpeg(Image.effect_noise((300, 300), 90))


def verdict(data: bytes) -> bytes:
    return b"stream: Eicar-Test-Signature FOUND\0" if EICAR in data else b"stream: OK\0"


@contextmanager
def clamd(folder: Path, answer: Callable[[bytes], bytes]) -> Iterator[tuple[Path, list[bytes]]]:
    """Yield the socket file of a server of INSTREAM, and what it was sent."""
    path, seen = folder / "clamd.ctl", list[bytes]()
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(path))
        server.listen()

        def serve() -> None:
            while True:
                try:
                    connection, _ = server.accept()
                except OSError:
                    return
                with connection, connection.makefile("rb") as sent:
                    assert sent.read(10) == b"zINSTREAM\0"
                    data = b""
                    while length := int.from_bytes(sent.read(4)):
                        data += sent.read(length)
                    seen.append(data)
                    connection.sendall(answer(data))

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield path, seen
        server.shutdown(socket.SHUT_RDWR)
    thread.join(10)


@contextmanager
def intake_asking(path: Path, seconds: float = 20) -> Iterator[DocumentIntake]:
    intake = DocumentIntake(scanner=ClamdScanner(path, seconds))
    yield intake
    intake.close()


def test_what_is_clean_is_taken_in_and_was_seen_whole(tmp_path: Path) -> None:
    large = pdf_of(b"", content=b"q " * 600_000)
    with clamd(tmp_path, verdict) as (path, seen), intake_asking(path) as intake:
        assert intake.take_in(PHOTO)[0] is DocumentKind.JPEG
        assert intake.take_in(large) == (DocumentKind.PDF, large)
    assert seen == [PHOTO, large]
    assert len(large) > 1_000_000


@pytest.mark.parametrize("make", [lambda: PHOTO + EICAR, lambda: pdf_of(b"", content=EICAR)])
def test_a_virus_is_not_taken_in(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, make: Callable[[], bytes]
) -> None:
    with clamd(tmp_path, verdict) as (path, _), intake_asking(path) as intake:
        with pytest.raises(InvalidInput) as refused:
            intake.take_in(make())
        assert [problem.code for problem in refused.value.problems] == ["document_infected"]
    assert [record.getMessage() for record in caplog.records] == ["refused document why=virus"]


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"\0",
        b"stream: OK",
        b"OK\0",
        b"stream: OK\0stream: OK\0",
        b"INSTREAM size limit exceeded. ERROR\0",
        b"UNKNOWN COMMAND\0",
        b"x" * 5000,
    ],
)
def test_without_a_clear_answer_nothing_is_taken_in(tmp_path: Path, answer: bytes) -> None:
    with (
        clamd(tmp_path, lambda _data: answer) as (path, _),
        intake_asking(path) as intake,
        pytest.raises(DependencyUnavailable),
    ):
        intake.take_in(PHOTO)


def test_a_scanner_that_is_away_or_silent_keeps_files_out(tmp_path: Path) -> None:
    for is_there in (False, True):
        if is_there:
            (tmp_path / "clamd.ctl").touch()
        with (
            intake_asking(tmp_path / "clamd.ctl") as intake,
            pytest.raises(DependencyUnavailable),
        ):
            intake.take_in(PHOTO)
    (tmp_path / "clamd.ctl").unlink()
    with socket.socket(socket.AF_UNIX) as silent:
        silent.bind(str(tmp_path / "clamd.ctl"))
        silent.listen()
        with (
            intake_asking(tmp_path / "clamd.ctl", seconds=0.2) as intake,
            pytest.raises(DependencyUnavailable),
        ):
            intake.take_in(PHOTO)
