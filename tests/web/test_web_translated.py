"""Pages keep the answers that no request changes, and only those."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from flask import Flask
from jinja2 import nodes

from tests.web.web_office import WebOffice, make_app

WRITTEN_OUT = """
{{ url_for("verify.ask") }} {{ asset("office.css") }} {{ language() }}
"""
ASKED_EACH_TIME = """
{{ url_for("verify.more", token=token) }} {{ url_for(page) }} {{ url_for("verify.ask", **more) }}
{{ url_for("no.such_page") }} {{ url_for("verify.ask", _anchor="x") }} {{ csrf_token() }}
"""


@pytest.fixture
def app(web: WebOffice) -> Iterator[Flask]:
    app = make_app(web.composition)
    with app.app_context():
        yield app


def calls(app: Flask, source: str) -> int:
    """Return how many calls of the page's own are left in the code Jinja makes of it."""
    code = app.jinja_env.compile(source, "id/page.html", raw=True)
    assert isinstance(code, str)
    return len(re.findall(r"context\.call\(", code))


def test_what_is_written_out_is_asked_once(app: Flask) -> None:
    assert calls(app, WRITTEN_OUT) == 0


def test_what_a_request_may_change_is_asked_each_time(app: Flask) -> None:
    assert calls(app, ASKED_EACH_TIME) == len(
        list(app.jinja_env.parse(ASKED_EACH_TIME).find_all(nodes.Call))
    )


def test_no_request_gets_its_own_place_into_the_pages_of_others(web: WebOffice) -> None:
    """A server may let a visitor say below which path the office is (SCRIPT_NAME)."""
    client = make_app(web.composition).test_client()
    client.get("/periksa", environ_overrides={"SCRIPT_NAME": "/elsewhere"})
    page = client.get("/periksa").text
    assert 'href="/static/office.css?v=' in page
    assert "elsewhere" not in page


def test_a_page_in_one_language_is_not_kept_for_the_other(web: WebOffice) -> None:
    client = make_app(web.composition).test_client()
    for code, other in (("en", "id"), ("id", "en")):
        page = client.get(f"/periksa?lang={code}").text
        assert f'<html lang="{code}">' in page
        assert f'href="?lang={other}"' in page
        assert f'href="?lang={code}"' not in page
