"""An application behind a real port of this machine."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from flask import Flask
from werkzeug.serving import WSGIRequestHandler, make_server


class _Silent(WSGIRequestHandler):
    def log(self, type: str, message: str, *args: object) -> None:
        """Say nothing: an address may hold a token."""


class Served:
    """A running server; ``stop`` may come before the end, as when a network fails."""

    def __init__(self, app: Flask, port: int) -> None:
        self._server = make_server("localhost", port, app, threaded=True, request_handler=_Silent)
        self.origin = f"http://localhost:{self._server.server_port}"
        self._thread = threading.Thread(target=self._server.serve_forever)
        self._thread.start()

    def stop(self) -> None:
        """Close the port."""
        if self._thread.is_alive():
            self._server.shutdown()
            self._thread.join()
            self._server.server_close()


@contextmanager
def served(app: Flask, port: int = 0) -> Iterator[Served]:
    """Serve the application at ``http://localhost:<port>``, any free port if 0."""
    server = Served(app, port)
    try:
        yield server
    finally:
        server.stop()
