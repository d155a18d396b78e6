"""Every page there is, of every audience: axe-core finds nothing, and nothing sticks out.

The list is the access matrix, which holds every route; so a page that is added is looked at
or the test fails. Forms are sent empty as well, for what they say then.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from playwright.sync_api import Browser, Page

from tests.browser.chromium import WIDTHS, axe_violations, chromium, sideways, sticking_out
from tests.browser.every_page_stage import Stage, stage_of
from tests.web.test_web_access import AT_THE_DOOR, OPEN, ROUTES, SIGNED_IN, WELCOME
from tests.web.web_office import CLERK, NOBODY

SHOTS = os.environ.get("ISSUER_TEST_SHOTS")
"""A folder for pictures of the pages, to be looked at; none are made without it."""

BARE = "Harus diisi."
COOKIES = ("sesi", "permohonan")
FORM = """path => {
    const form = document.createElement('form');
    form.method = 'post';
    form.action = path;
    form.append(document.querySelector('[name=csrf_token]').cloneNode());
    document.body.append(form);
    form.submit();
}"""

NO_PAGES = {
    "admin.sample_table",
    "admin.version_page",
    "api.description",
    "api.keys",
    "bootstrap.static",
    "casework.document",
    "casework.draft",
    "citizen.document",
    "citizen.letter",
    "citizen_account.letter",
    "counter.pdf",
    "officer.document",
    "officer.draft",
    "officer.issued",
    "offline.file",
    "offline.manifest",
    "offline.names",
    "offline.worker",
    "public.alive",
    "public.file",
    "public.key_set",
    "public.key_set_version",
    "public.ready",
    "public.security",
    "public.status_list",
    "public.status_lists",
    "session.come_from_provider",
    "session.go_to_provider",
    "static",
    "verify.rosette",
}
"""What answers files, pictures and machines, and the ways to another office and back."""


@pytest.fixture(scope="module")
def stage(founded: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    with stage_of(founded, tmp_path_factory.mktemp("stage") / "office") as opened:
        yield opened


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as running:
        yield running


def room_of(endpoint: str) -> str:
    return endpoint.partition(".")[0]


GETS = {
    endpoint: row
    for (method, endpoint), row in ROUTES.items()
    if method == "GET" and endpoint not in NO_PAGES
}
FORMS = {
    endpoint: row
    for (method, endpoint), row in ROUTES.items()
    if method == "POST" and room_of(endpoint) != "api" and row[2] not in (303, 404)
}
ROOMS = sorted({room_of(endpoint) for endpoint in GETS})


def who_comes(entrance: str) -> str:
    """Return one of those whom the matrix lets in."""
    if entrance in (OPEN, AT_THE_DOOR):
        return NOBODY
    return CLERK if entrance == SIGNED_IN else WELCOME[entrance][0]


def window(browser: Browser, stage: Stage, client: FlaskClient) -> Page:
    """Return a window of a real browser that holds what this one holds."""
    context = browser.new_context(base_url=stage.origin)
    for name in COOKIES:
        if cookie := client.get_cookie(name):
            context.add_cookies([{"name": name, "value": cookie.value, "url": stage.origin}])
    return context.new_page()


def judge(page: Page, name: str) -> list[str]:
    """Return what is wrong with a page at either width."""
    wrong = []
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 800})
        wrong += [f"{name} {width}: {what}" for what in axe_violations(page)]
        wrong += [f"{name} {width}: sticks out: {what}" for what in sticking_out(page)]
        if (pixels := sideways(page)) > 0:
            wrong.append(f"{name} {width}: {pixels} px too wide")
        if SHOTS:
            page.screenshot(path=Path(SHOTS) / f"{name}-{width}.png", full_page=True)
    return wrong


@pytest.mark.parametrize("room", ROOMS)
def test_every_page_is_for_everybody(stage: Stage, browser: Browser, room: str) -> None:
    wrong: list[str] = []
    for endpoint, (pattern, entrance, _answer) in GETS.items():
        if room_of(endpoint) == room:
            client, path = stage.opened(endpoint, pattern, who_comes(entrance))
            page = window(browser, stage, client)
            got = page.goto(path)
            assert got
            assert got.status == 200, (endpoint, path)
            assert got.headers["content-type"].startswith("text/html"), endpoint
            wrong += judge(page, endpoint)
            page.context.close()
    assert wrong == []


@pytest.mark.parametrize("room", sorted({room_of(endpoint) for endpoint in FORMS}))
def test_every_form_says_what_is_missing_to_everybody(
    stage: Stage, browser: Browser, room: str
) -> None:
    wrong: list[str] = []
    for endpoint, (pattern, entrance, answer) in FORMS.items():
        if room_of(endpoint) == room:
            page = window(browser, stage, stage.web.client(who_comes(entrance)))
            page.goto("/periksa")
            with page.expect_navigation() as went:
                page.evaluate(FORM, stage.filled(pattern))
            assert went.value.status == answer, endpoint
            wrong += judge(page, f"{endpoint}-empty")
            said = page.locator("[role=alert] li").all_inner_texts()
            assert BARE not in said, (endpoint, "which of the entries?")
            page.context.close()
    assert wrong == []
