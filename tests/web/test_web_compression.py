"""Public files travel small to whoever takes gzip; pages are left alone."""

from __future__ import annotations

import gzip

import pytest
from werkzeug.test import TestResponse

from tests.web.web_office import WebOffice

STYLE = "/static/office.css"


def get(web: WebOffice, path: str, **headers: str) -> TestResponse:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return web.client().get(path, headers=named)


@pytest.mark.parametrize("path", [STYLE, "/static/mark.svg", f"/roset/{'0' * 64}.svg"])
def test_a_file_is_the_same_packed_and_plain(web: WebOffice, path: str) -> None:
    with get(web, path) as plain, get(web, path, Accept_Encoding="gzip, br") as packed:
        assert "Content-Encoding" not in plain.headers
        assert packed.headers["Content-Encoding"] == "gzip"
        assert gzip.decompress(packed.data) == plain.data
        assert len(packed.data) < len(plain.data)
        assert int(packed.headers["Content-Length"]) == len(packed.data)
        for answer in (plain, packed):
            assert answer.headers["Vary"] == "Accept-Encoding"


@pytest.mark.parametrize("refused", ["", "identity", "br", "gzip;q=0", "deflate, br;q=1.0"])
def test_nobody_gets_what_they_do_not_take(web: WebOffice, refused: str) -> None:
    with get(web, STYLE, Accept_Encoding=refused) as answer:
        assert "Content-Encoding" not in answer.headers


def test_a_part_of_a_file_and_an_unchanged_one_stay_as_they_are(web: WebOffice) -> None:
    with get(web, STYLE, Accept_Encoding="gzip", Range="bytes=0-9") as part:
        assert part.status_code == 206
        assert len(part.data) == 10
        assert "Content-Encoding" not in part.headers
    with get(web, STYLE, Accept_Encoding="gzip") as first:
        etag = first.headers["ETag"]
    assert etag.startswith('W/"')
    with get(web, STYLE, Accept_Encoding="gzip", If_None_Match=etag) as again:
        assert again.status_code == 304
        assert again.data == b""


@pytest.mark.parametrize("path", ["/v/123", "/periksa", "/lapor", "/", "/healthz"])
def test_pages_are_not_packed_here(web: WebOffice, path: str) -> None:
    assert "Content-Encoding" not in get(web, path, Accept_Encoding="gzip").headers
