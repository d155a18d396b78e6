"""The processes that read: what they know, how they end, who answers whom."""

from __future__ import annotations

import io
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
import qrcode

from issuer.bootstrap import Composition
from issuer.domain.errors import DependencyUnavailable, InvalidDocument
from issuer.domain.verdict import Reason, Verdict
from issuer.rendering import bounded_reading, image_reading
from issuer.rendering.bounded_reading import FILES_EACH, BoundedReading, ReaderLost
from issuer.rendering.decoding import ZxingDecoder
from issuer.rendering.image_reading import PICTURE, TEXT

SECONDS = 5.0
"""More than a busy machine needs for a small picture."""


def picture_of(text: str) -> bytes:
    out = io.BytesIO()
    qrcode.make(text).save(out)
    return out.getvalue()


HALO = picture_of("halo")


@pytest.fixture
def reading() -> Iterator[BoundedReading]:
    reading = BoundedReading(SECONDS)
    yield reading
    reading.close()


def reader_of(reading: BoundedReading) -> int:
    """Let it read once; return the process that did."""
    assert reading.ask(PICTURE, HALO) == (TEXT, "halo")
    [pid] = reading.idle()
    return pid


def gone(pid: int) -> bool:
    """Say whether a process ends within half a minute."""
    for _ in range(300):
        try:
            state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
        except FileNotFoundError:
            return True
        if state == "Z":
            return True
        time.sleep(0.1)
    return False


def test_a_reader_inherits_no_secret_and_no_file(
    reading: BoundedReading, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("ISSUER_DATABASE_URL", "postgresql+psycopg://office:secret@localhost/x")
    with (tmp_path / "open").open("w"):
        pid = reader_of(reading)
        assert Path(f"/proc/{pid}/environ").read_bytes() == b""
        assert {entry.name for entry in Path(f"/proc/{pid}/fd").iterdir()} == {"0", "1", "2"}
    assert Path(f"/proc/{pid}/cwd").resolve() == Path("/")


def test_a_reader_knows_nothing_of_the_office(reading: BoundedReading) -> None:
    loaded = Path(f"/proc/{reader_of(reading)}/maps").read_text()
    assert "pypdfium2" in loaded
    for other in ("cryptography", "psycopg", "sqlite", "_ssl"):
        assert other not in loaded
    source = Path(image_reading.__file__).read_text()
    assert "from issuer" not in source
    assert "import issuer" not in source


@pytest.mark.parametrize(
    ("limit", "most"),
    [
        ("Max address space", image_reading.MAX_MEMORY),
        ("Max open files", image_reading.MAX_OPEN_FILES),
        ("Max file size", 0),
        ("Max core file size", 0),
        ("Max processes", 0),
    ],
)
def test_a_reader_is_bounded_for_good(reading: BoundedReading, limit: str, most: int) -> None:
    limits = Path(f"/proc/{reader_of(reading)}/limits").read_text()
    [line] = [line for line in limits.splitlines() if line.startswith(limit)]
    assert line.removeprefix(limit).split()[:2] == [str(most), str(most)]


def test_a_reader_has_a_little_processor_time_for_each_file(reading: BoundedReading) -> None:
    limits = Path(f"/proc/{reader_of(reading)}/limits").read_text()
    [line] = [line for line in limits.splitlines() if line.startswith("Max cpu time")]
    assert int(line.split()[3]) <= SECONDS + 5


def test_a_reader_that_does_not_answer_is_ended(reading: BoundedReading) -> None:
    pid = reader_of(reading)
    os.kill(pid, signal.SIGSTOP)
    with pytest.raises(ReaderLost):
        reading.ask(PICTURE, HALO)
    assert gone(pid)
    assert reader_of(reading) != pid


def test_a_reader_that_ended_unasked_is_no_fault_of_the_next_file(reading: BoundedReading) -> None:
    pid = reader_of(reading)
    os.kill(pid, signal.SIGKILL)
    assert gone(pid)
    assert reader_of(reading) != pid


def test_a_reader_killed_at_work_is_replaced(reading: BoundedReading) -> None:
    pid = reader_of(reading)
    os.kill(pid, signal.SIGSTOP)
    killing = threading.Timer(0.3, os.kill, (pid, signal.SIGKILL))
    killing.start()
    assert reading.ask(PICTURE, HALO) == (TEXT, "halo")
    killing.join()


def test_a_reader_is_replaced_after_some_files(
    reading: BoundedReading, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert FILES_EACH > 2
    monkeypatch.setattr(bounded_reading, "FILES_EACH", 2)
    first = reader_of(reading)
    assert reading.ask(PICTURE, HALO) == (TEXT, "halo")
    assert reading.idle() == []
    assert gone(first)
    assert reader_of(reading) != first


def test_many_at_once_get_each_his_own_answer(reading: BoundedReading) -> None:
    texts = [f"text {number}" for number in range(40)]
    with ThreadPoolExecutor(8) as threads:
        answers = threads.map(lambda text: reading.ask(PICTURE, picture_of(text)), texts)
        assert list(answers) == [(TEXT, text) for text in texts]
    assert 1 <= len(reading.idle()) <= bounded_reading.PROCESSES


FORKING = """
import os, pathlib, sys
from issuer.rendering.bounded_reading import BoundedReading
reading, halo = BoundedReading(30), pathlib.Path(sys.argv[1]).read_bytes()
assert reading.ask(b"I", halo) == (b"T", "halo")
before = reading.idle()
child = os.fork()
if not child:
    assert reading.ask(b"I", halo) == (b"T", "halo")
    assert len(reading.idle()) == 1
    assert reading.idle() != before
    reading.close()
    os._exit(0)
assert os.waitpid(child, 0)[1] == 0
assert reading.ask(b"I", halo) == (b"T", "halo")
assert reading.idle() == before
"""


def test_a_fork_shares_no_reader_with_its_parent(tmp_path: Path) -> None:
    picture = tmp_path / "halo.png"
    picture.write_bytes(HALO)
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", FORKING, str(picture)],
        check=False,
        stderr=subprocess.PIPE,
    )
    assert (done.returncode, done.stderr) == (0, b"")


def test_when_all_are_busy_the_asker_is_told(
    reading: BoundedReading, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bounded_reading, "WAITING_SECONDS", 0.05)
    monkeypatch.setattr(bounded_reading, "PROCESSES", 1)
    reading = BoundedReading(1.0)
    os.kill(reader_of(reading), signal.SIGSTOP)
    with ThreadPoolExecutor(1) as thread:
        stuck = thread.submit(reading.ask, PICTURE, HALO)
        while reading.idle():
            time.sleep(0.01)
        with pytest.raises(DependencyUnavailable):
            reading.ask(PICTURE, HALO)
        with pytest.raises(ReaderLost):
            stuck.result()
    reading.close()


PARENT = """
import sys, time
from issuer.rendering.bounded_reading import BoundedReading
reading = BoundedReading(30)
reading.ask(b"I", b"")
print(*reading.idle(), flush=True)
time.sleep(600)
"""


def test_readers_end_with_their_parent() -> None:
    parent = subprocess.Popen([sys.executable, "-c", PARENT], stdout=subprocess.PIPE)
    assert parent.stdout
    pid = int(parent.stdout.readline())
    parent.kill()
    parent.wait()
    parent.stdout.close()
    assert gone(pid)


def test_a_reader_ends_itself_when_nobody_else_does() -> None:
    """Its parent may be stopped, or gone while a grandchild holds the pipe."""
    reader = subprocess.Popen(
        [sys.executable, "-I", image_reading.__file__, "1"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    assert reader.stdin
    assert reader.stdout
    assert reader.stdout.read(1) == image_reading.READY
    reader.stdin.write(PICTURE + (10).to_bytes(4))
    reader.stdin.flush()
    assert reader.wait(60) == -signal.SIGALRM
    reader.stdin.close()
    reader.stdout.close()


@pytest.mark.parametrize(
    "reply",
    [
        b"X\x00\x04halo",
        b"T\xff\xff" + b"x" * 70_000,
        b"T\x00\x02\xff\xfe",
        b"T\x00\x09halo",
        b"",
    ],
    ids=["no such letter", "too long", "no text", "too short", "silent end"],
)
def test_a_reader_that_was_taken_over_is_not_believed(
    reply: bytes, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    program = tmp_path / "taken_over.py"
    program.write_text(
        "import sys\nsys.stdout.buffer.write(b'R')\nsys.stdout.flush()\nsys.stdin.buffer.read(5)\n"
        f"sys.stdout.buffer.write({reply!r})\nsys.stdout.flush()\n"
    )
    monkeypatch.setattr(image_reading, "__file__", str(program))
    decoder = ZxingDecoder(SECONDS)
    with pytest.raises(InvalidDocument) as caught:
        decoder.decode_image(HALO)
    assert caught.value.reason == "file_unreadable"


@pytest.mark.parametrize("program", ["import time\ntime.sleep(600)", "raise SystemExit(1)"])
def test_a_reader_that_does_not_start_is_a_dependency_away(
    program: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    file = tmp_path / "program.py"
    file.write_text(program)
    monkeypatch.setattr(image_reading, "__file__", str(file))
    monkeypatch.setattr(bounded_reading, "STARTING_SECONDS", 0.5)
    with pytest.raises(DependencyUnavailable):
        BoundedReading().ask(PICTURE, HALO)


def test_a_picture_that_took_too_long_is_no_verdict(office: Composition, monkeypatch: Any) -> None:
    def too_long(*_: object) -> None:
        raise ReaderLost

    monkeypatch.setattr(BoundedReading, "ask", too_long)
    answer = office.services.verifier.by_file(HALO)
    assert (answer.verdict, answer.reasons) == (Verdict.INDETERMINATE, (Reason.FILE_UNREADABLE,))
