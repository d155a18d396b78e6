"""Pages keep the answers that no request changes, and only those."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from types import CodeType
from typing import cast

import pytest
from flask import Flask
from jinja2 import Template, nodes

from issuer.web.language import speaking
from issuer.web.translated import Pages
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


@pytest.mark.parametrize("code", ["id", "en"])
def test_a_sentence_written_out_is_the_one_that_is_asked_for(app: Flask, code: str) -> None:
    """Of every sentence with facts; asked for within an expression it is a call as before."""
    pages = cast(Pages, app.jinja_env)
    with_facts = [said for said in pages.sentences["id"] if "%(" in said]
    assert len(with_facts) > 50
    for said in with_facts:
        names = sorted(set(re.findall(r"%\((\w+)\)s", said)))
        facts = {name: f"<b>{n} % %(x)s & {name}</b>" for n, name in enumerate(names)}
        call = f"_({json.dumps(said)}, {', '.join(f'{name}={name}' for name in names)})"
        with speaking(code):
            written_out, asked = (
                Template.from_code(pages, compiled, pages.make_globals(None)).render(facts)
                for source in (f"{{{{ {call} }}}}", f"{{% set told = {call} %}}{{{{ told }}}}")
                if isinstance(compiled := pages.compile(source, f"{code}/page.html"), CodeType)
            )
        assert written_out == asked
        assert written_out.count("&lt;b&gt;") == len(
            re.findall(r"%\(", pages.sentences[code][said])
        )


def test_a_sentence_with_facts_is_no_call(app: Flask) -> None:
    assert calls(app, '{{ _("Diperiksa %(time)s.", time=at) }}') == 0
    assert calls(app, '{{ _("Diperiksa %(time)s.", hour=at) }}') == 1
    assert calls(app, '{{ _("Diperiksa %(time)s.", **facts) }}') == 1
    assert calls(app, '{{ _("A sentence nobody wrote, %(time)s.", time=at) }}') == 1


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
