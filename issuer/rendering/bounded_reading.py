"""Processes that read strangers' files, each with little time, memory and knowledge."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
import weakref
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import IO, Final

from issuer.domain.errors import DependencyUnavailable
from issuer.rendering import document_reading, image_reading

READING_SECONDS: Final = 1.8
"""So that the whole answer takes two at most."""

STARTING_SECONDS: Final = 20.0
WAITING_SECONDS: Final = 10.0
PROCESSES: Final = 2
FILES_EACH: Final = 100
"""Then a process is replaced, whatever it may have gathered."""


@dataclass(frozen=True, slots=True)
class Program:
    """A program that is run by itself: what it answers, and how long that may be.

    ``module`` is read again for each process. ``believable`` says of an answer and its
    body whether they are the program's, and not somebody's who took it over.
    """

    module: ModuleType
    ready: bytes
    answers: tuple[bytes, ...]
    length_bytes: int
    most_bytes: int
    believable: Callable[[bytes, bytes], bool]


QR_READING: Final = Program(
    image_reading,
    image_reading.READY,
    image_reading.ANSWERS,
    image_reading.LENGTH_BYTES,
    image_reading.MAX_ANSWER_BYTES,
    image_reading.believable,
)
DOCUMENT_READING: Final = Program(
    document_reading,
    document_reading.READY,
    document_reading.ANSWERS,
    document_reading.LENGTH_BYTES,
    document_reading.MAX_ANSWER_BYTES,
    document_reading.believable,
)


class ReaderLost(Exception):
    """The process ended, or was ended, before it answered."""


class _Reader:
    """One process. It is started without environment, so it inherits no secret."""

    def __init__(self, seconds: float, program: Program) -> None:
        self._program = program
        own_seconds = int(seconds) + 1
        self._process = subprocess.Popen(  # noqa: S603 - this program's own file
            [sys.executable, "-I", str(program.module.__file__), str(own_seconds)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd=Path("/"),
            env={},
        )
        assert self._process.stdin  # noqa: S101 - a pipe; for mypy
        assert self._process.stdout  # noqa: S101 - a pipe; for mypy
        self._questions: IO[bytes] = self._process.stdin
        self._answers: IO[bytes] = self._process.stdout
        self.asked = 0
        try:
            with self._within(STARTING_SECONDS):
                self._read(len(program.ready))
        except ReaderLost:
            self.end()
            raise

    @property
    def pid(self) -> int:
        """The process's id."""
        return self._process.pid

    def ask(self, kind: bytes, data: bytes, seconds: float) -> tuple[bytes, bytes]:
        """Return the answer. Raises ``ReaderLost``; the process must then be ended."""
        self.asked += 1
        with self._within(seconds):
            try:
                self._questions.write(kind + len(data).to_bytes(4))
                self._questions.write(data)
                self._questions.flush()
            except OSError as error:
                raise ReaderLost from error
            answer = self._read(1)
            size = int.from_bytes(self._read(self._program.length_bytes))
            if answer not in self._program.answers or size > self._program.most_bytes:
                raise ReaderLost
            body = self._read(size)
            if not self._program.believable(answer, body):
                raise ReaderLost
            return answer, body

    def end(self) -> None:
        """End the process at once and wait until it is gone."""
        self._process.kill()
        self._process.wait()
        for pipe in (self._questions, self._answers):
            with suppress(OSError):
                pipe.close()

    def leave(self) -> None:
        """Let go of a process that is another's, as after a fork."""
        self._process.returncode = 0
        for pipe in (self._questions, self._answers):
            pipe.close()

    def _read(self, count: int) -> bytes:
        data = self._answers.read(count)
        if len(data) < count:
            raise ReaderLost
        return data

    @contextmanager
    def _within(self, seconds: float) -> Iterator[None]:
        """Kill the process when the block takes longer; what it said then does not count."""
        lock, over = threading.Lock(), threading.Event()

        def expire() -> None:
            with lock:
                if not over.is_set():
                    over.set()
                    self._process.kill()

        timer = threading.Timer(seconds, expire)
        timer.daemon = True
        timer.start()
        try:
            yield
            with lock:
                if over.is_set():
                    raise ReaderLost
                over.set()
        finally:
            timer.cancel()


class BoundedReading:
    """A few such processes, started when first needed and then kept.

    ``seconds`` is the longest that one file may take. For use by many threads; a fork
    begins with none of its parent's processes.
    """

    def __init__(self, seconds: float = READING_SECONDS, program: Program = QR_READING) -> None:
        self._seconds = seconds
        self._program = program
        self._begin()

    def _begin(self) -> None:
        self._pid = os.getpid()
        self._places = threading.BoundedSemaphore(PROCESSES)
        self._idle: list[_Reader] = []
        self._end = weakref.finalize(self, _end_all, self._idle, self._pid)

    def ask(self, kind: bytes, data: bytes) -> tuple[bytes, str]:
        """Return answer and text, as ``image_reading.read`` gives them; raises as below."""
        answer, body = self.ask_bytes(kind, data)
        return answer, body.decode()

    def ask_bytes(self, kind: bytes, data: bytes) -> tuple[bytes, bytes]:
        """Return what the program answers.

        Raises ``ReaderLost`` for a file that took too long or killed its reader, and
        ``DependencyUnavailable`` when all readers stay busy or none can be started.
        """
        if os.getpid() != self._pid:
            self._end.detach()
            for reader in self._idle:
                reader.leave()
            self._begin()
        if not self._places.acquire(timeout=WAITING_SECONDS):
            raise DependencyUnavailable("reading")
        try:
            return self._ask(kind, data)
        finally:
            self._places.release()

    def _ask(self, kind: bytes, data: bytes) -> tuple[bytes, bytes]:
        deadline = time.monotonic() + self._seconds
        try:
            reader = self._idle.pop()
        except IndexError:
            return self._ask_new(kind, data, self._seconds)
        try:
            return self._ask_this(reader, kind, data, self._seconds)
        except ReaderLost:
            left = deadline - time.monotonic()
            if left <= 0:
                raise
            # It may have been gone before; only this file's own reader tells.
            return self._ask_new(kind, data, left)

    def _ask_new(self, kind: bytes, data: bytes, seconds: float) -> tuple[bytes, bytes]:
        try:
            reader = _Reader(self._seconds, self._program)
        except (OSError, ReaderLost) as error:
            raise DependencyUnavailable("reading") from error
        return self._ask_this(reader, kind, data, seconds)

    def _ask_this(
        self, reader: _Reader, kind: bytes, data: bytes, seconds: float
    ) -> tuple[bytes, bytes]:
        try:
            answer = reader.ask(kind, data, seconds)
        except BaseException:
            reader.end()
            raise
        if reader.asked < FILES_EACH:
            self._idle.append(reader)
        else:
            reader.end()
        return answer

    def idle(self) -> list[int]:
        """Return the ids of the processes that wait for a file."""
        return [reader.pid for reader in self._idle]

    def close(self) -> None:
        """End the processes; the next question starts new ones."""
        _end_all(self._idle, self._pid)


def _end_all(readers: list[_Reader], pid: int) -> None:
    """End the readers, unless they are another process's."""
    while readers:
        reader = readers.pop()
        if os.getpid() == pid:
            reader.end()
