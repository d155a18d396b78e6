"""Public files made smaller for whoever takes gzip; most visitors pay for every kilobyte.

Pages are left to the proxy in front: what is secret and what a stranger typed must not
be compressed together (BREACH), and a proxy does it without holding up a worker.
"""

from __future__ import annotations

import gzip
from functools import lru_cache

from flask import Flask, Response, request

_PLACES = frozenset({"static", "bootstrap.static", "verify.rosette"})
_KINDS = frozenset({"text/css", "text/javascript", "image/svg+xml"})
_MAX_BYTES = 1_000_000


def register(app: Flask) -> None:
    """Compress files that are the same for everybody."""

    @app.after_request
    def compress(response: Response) -> Response:
        if request.endpoint not in _PLACES or response.mimetype not in _KINDS:
            return response
        response.vary.add("Accept-Encoding")
        wanted = request.accept_encodings["gzip"] > 0 and "Range" not in request.headers
        if not wanted or response.status_code != 200 or (response.content_length or 0) > _MAX_BYTES:
            return response
        response.direct_passthrough = False
        response.set_data(_packed(response.get_data()))
        response.headers["Content-Encoding"] = "gzip"
        etag, _weak = response.get_etag()
        if etag:
            response.set_etag(etag, weak=True)
        return response


@lru_cache(maxsize=64)
def _packed(data: bytes) -> bytes:
    return gzip.compress(data, mtime=0)
