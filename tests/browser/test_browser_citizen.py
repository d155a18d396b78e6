"""The pages from home to the letter in a real browser: for everybody, on any screen."""

from __future__ import annotations

import io
import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Page, Response

from tests.browser.chromium import WIDTHS, axe_violations, chromium, follow, sideways
from tests.browser.serving import served
from tests.offices import WARD, Clock, compose_office, issue
from tests.web.web_office import ANSWERS, LURAH, SLUG, WebOffice, make_app

SHOTS = os.environ.get("ISSUER_TEST_SHOTS")
"""A folder for pictures of the pages, to be looked at; none are made without it."""

NEXT = "main form button.button"
WEIGHT = 55_000
LEAST_TARGET = 24
"""CSS pixels, WCAG 2.2, 2.5.8."""

SMALL = """least => [...document.querySelectorAll('main :is(a, button, input, select)')]
    .filter(e => getComputedStyle(e).display != 'inline' && e.type != 'hidden')
    .filter(e => e.getBoundingClientRect().height < least && e.clientWidth > 1)
    .map(e => e.outerHTML.slice(0, 100))"""
"""What is hard to hit with a thumb; links within a sentence are not meant."""


@dataclass
class Home:
    """The office behind a port."""

    web: WebOffice
    origin: str


@pytest.fixture(scope="module")
def home(founded: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Home]:
    folder = shutil.copytree(founded, tmp_path_factory.mktemp("office") / "office")
    clock = Clock()
    composition = compose_office(folder, clock)
    letter = issue(composition, SLUG, WARD, LURAH)
    web = WebOffice(composition, clock, make_app(composition, secure_cookies=False), letter)
    with served(web.app) as server:
        yield Home(web, server.origin)
    composition.close()


@pytest.fixture(scope="module")
def browser(home: Home) -> Iterator[Browser]:
    with chromium() as running:
        yield running


def photo(colour: str) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (2400, 1800), colour).save(out, "JPEG")
    return out.getvalue()


def inspect(page: Page, name: str) -> None:
    """Judge a page at every width."""
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 720})
        assert sideways(page) == 0, (name, width)
        if SHOTS:
            page.screenshot(path=f"{SHOTS}/citizen-{name}-{width}.png", full_page=True)
        assert axe_violations(page) == [], (name, width)
    page.set_viewport_size({"width": 390, "height": 844})
    assert page.evaluate(SMALL, LEAST_TARGET) == [], name


def answer(page: Page) -> None:
    """Fill the boxes of the page from the usual answers and go on."""
    where = page.url.rpartition("/")[2].partition("?")[0]
    for name, text in ANSWERS.items():
        boxes = page.locator(f'[name="{name}"]')
        if not name.startswith(where) or not boxes.count():
            continue
        if boxes.count() > 1:
            page.check(f'[name="{name}"][value="{text}"]')
        elif boxes.evaluate("box => box.tagName") == "SELECT":
            boxes.select_option(text)
        else:
            boxes.fill(text)
    follow(page, NEXT)


def upload(page: Page, place: int, colour: str) -> None:
    file = {"name": "foto.jpg", "mimeType": "image/jpeg", "buffer": photo(colour)}
    page.set_input_files(f"#file-{place}", file)  # type: ignore[arg-type]  # a plain dict will do
    follow(page, "button[name=stay]")


def come_back(page: Page, home: Home, code: str) -> None:
    """Open the request by its code and the date of birth."""
    page.goto(f"{home.origin}/ikuti")
    page.fill("#code", code)
    follow(page, NEXT)
    for part in ("day", "month", "year"):
        page.fill(f"[id='born.{part}']", ANSWERS[f"holder.birth_date.{part}"])
    follow(page, NEXT)


def test_no_page_keeps_anybody_out_and_none_is_heavy(home: Home, browser: Browser) -> None:
    context = browser.new_context(viewport={"width": 390, "height": 844})
    page = context.new_page()
    page.goto(f"{home.origin}/layanan")
    inspect(page, "offers")
    page.goto(f"{home.origin}/layanan/domisili")
    inspect(page, "offer")
    page.goto(f"{home.origin}/ajukan/domisili")
    inspect(page, "start")
    page.select_option("#agency", WARD)
    follow(page, NEXT)
    follow(page, NEXT)
    inspect(page, "question-wrong")
    while "/isi/" in page.url:
        if any(name in page.url for name in ("holder.sex", "fields.since", "holder.religion")):
            inspect(page, page.url.rpartition("/")[2])
        answer(page)
    upload(page, 0, "green")
    inspect(page, "documents")
    bad = {"name": "foto-ktp.heic", "mimeType": "image/heic", "buffer": b"0000ftypheic"}
    page.set_input_files("#file-1", bad)  # type: ignore[arg-type]  # a plain dict will do
    upload(page, 0, "blue")
    assert page.locator("#berkas-0 .one").count() == 2
    inspect(page, "documents-one-refused")
    page.goto(f"{home.origin}/permohonan/periksa")
    inspect(page, "check")
    page.goto(f"{home.origin}/permohonan/simpan")
    inspect(page, "saved")
    page.goto(f"{home.origin}/permohonan/batal")
    inspect(page, "cancel")
    page.goto(f"{home.origin}/permohonan/periksa")
    page.check("#declared")
    follow(page, "text=Kirim permohonan")
    inspect(page, "receipt")
    page.goto(f"{home.origin}/permohonan")
    inspect(page, "own")
    page.goto(f"{home.origin}/permohonan/survei")
    follow(page, NEXT)
    inspect(page, "survey")
    page.goto(f"{home.origin}/ikuti")
    page.fill("#code", "0000-0000-0000")
    follow(page, NEXT)
    inspect(page, "no-such-code")
    cookies = context.cookies()
    context.close()
    paths = ("/layanan", "/layanan/domisili", "/ikuti", "/ajukan/domisili")
    for path in (*paths, "/permohonan/periksa", "/permohonan", "/permohonan/survei"):
        fresh = browser.new_context()
        fresh.add_cookies(cookies)  # type: ignore[arg-type]  # what a browser gave, it takes
        assert weight(fresh, home.origin + path) < WEIGHT, path
        fresh.close()


def weight(context: BrowserContext, address: str) -> int:
    """Return how many bytes come over the wire at a first visit."""
    page = context.new_page()
    answers: list[Response] = []

    def note(answer: Response) -> None:
        answers.append(answer)

    page.on("response", note)
    page.goto(address)
    page.wait_for_load_state("networkidle")
    sizes = [answer.request.sizes() for answer in answers]
    return sum(size["responseBodySize"] + size["responseHeadersSize"] for size in sizes)
