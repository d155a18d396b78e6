"""The office's own virus scanner, asked about a stranger's file before anything else is.

ClamAV's ``clamd`` on a socket file of this machine (its port would be neither encrypted nor
its own): ``zINSTREAM``, the bytes in pieces, and an answer that ends with a null byte.
Whatever is not clearly "OK" keeps the file out.
"""

from __future__ import annotations

import socket
from pathlib import Path
from typing import Final

from issuer.domain.errors import DependencyUnavailable, InvalidInput, Problem
from issuer.services.refusals import note_refusal

SECONDS: Final = 30.0
_PIECE: Final = 1_000_000
_MAX_ANSWER: Final = 1_000
_CLEAN: Final = b"stream: OK\0"
_FOUND: Final = b" FOUND\0"


class ClamdScanner:
    """Asks over ``path``; each send and each answer may take ``seconds``."""

    def __init__(self, path: Path, seconds: float = SECONDS) -> None:
        self._path = path
        self._seconds = seconds

    def require_clean(self, data: bytes) -> None:
        """Raise ``InvalidInput`` for a virus, ``DependencyUnavailable`` without an answer."""
        try:
            answer = self._ask(data)
        except OSError as error:
            raise DependencyUnavailable("virus scanner") from error
        if answer.endswith(_FOUND):
            note_refusal("document", why="virus")
            raise InvalidInput([Problem("file", "document_infected")])
        if answer != _CLEAN:
            raise DependencyUnavailable("virus scanner")

    def _ask(self, data: bytes) -> bytes:
        with socket.socket(socket.AF_UNIX) as connection:
            connection.settimeout(self._seconds)
            connection.connect(str(self._path))
            connection.sendall(b"zINSTREAM\0")
            for at in range(0, len(data), _PIECE):
                piece = data[at : at + _PIECE]
                connection.sendall(len(piece).to_bytes(4) + piece)
            connection.sendall(bytes(4))
            answer = b""
            while not answer.endswith(b"\0") and len(answer) < _MAX_ANSWER:
                said = connection.recv(_MAX_ANSWER)
                if not said:
                    break
                answer += said
        return answer
