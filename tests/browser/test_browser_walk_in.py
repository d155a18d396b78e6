"""A walk-in at the counter by keyboard alone, in a real browser without scripts."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from tests.browser.chromium import WIDTHS, axe_violations, chromium, sideways
from tests.browser.serving import served
from tests.offices import WARD, Clock, compose_office
from tests.residents.resident_tables import BUDI, SINTA, SITI, imported
from tests.web.web_office import CLERK, WebOffice, make_app, open_web

A_MINUTE_OF_TYPING = 200
"""Strokes at forty words a minute, which is a slow typist: no clock is asked here."""


@dataclass
class Counter:
    """A counter behind a port, whose ward has three residents."""

    web: WebOffice
    origin: str

    def sign_in(self, context: BrowserContext) -> Page:
        """Return a page of a clerk who has signed in already."""
        cookie = self.web.client(CLERK).get_cookie("sesi")
        assert cookie is not None
        context.add_cookies([{"name": "sesi", "value": cookie.value, "url": self.origin}])
        page = context.new_page()
        page.goto(f"{self.origin}/loket")
        return page


class Hands:
    """A keyboard that counts its strokes; there is no mouse."""

    def __init__(self, page: Page) -> None:
        self._page = page
        self._browser = page.context.new_cdp_session(page)
        self.strokes = 0

    def types(self, text: str) -> None:
        self.strokes += len(text)
        self._page.keyboard.type(text)

    def presses(self, *keys: str) -> None:
        for key in keys:
            self.strokes += key.count("+") + 1
            if key.startswith("Alt+"):
                self._shortcut(key[-1])
            else:
                self._page.keyboard.press(key)

    def _shortcut(self, letter: str) -> None:
        # As an operating system reports it: Chromium compares the letter, which Playwright
        # leaves out, with the access keys of the page.
        key = {
            "modifiers": 1,
            "key": letter,
            "code": f"Key{letter.upper()}",
            "windowsVirtualKeyCode": ord(letter.upper()),
        }
        self._browser.send("Input.dispatchKeyEvent", {"type": "rawKeyDown", **key})
        self._browser.send(
            "Input.dispatchKeyEvent", {"type": "char", "unmodifiedText": letter, **key}
        )
        self._browser.send("Input.dispatchKeyEvent", {"type": "keyUp", **key})

    def goes_on_by(self, key: str) -> None:
        """Press a key and wait until the next page is there."""
        with self._page.expect_navigation():
            self.presses(key)

    def are_at(self, place: str) -> None:
        """Wait, as a person looks, until this has the focus: by its id, name or text."""
        for _ in range(200):
            found = self._page.evaluate(
                "() => { const e = document.activeElement;"
                " return e.id || e.name || e.textContent.trim() }"
            )
            if found == place:
                return
            self._page.wait_for_timeout(25)
        pytest.fail(f"the focus is at {found[:60]}, not at {place}")


@pytest.fixture(scope="module")
def counter(founded: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Counter]:
    folder = shutil.copytree(founded, tmp_path_factory.mktemp("office") / "office")
    clock = Clock()
    composition = compose_office(folder, clock)
    imported(composition.services.residents, SITI, BUDI, SINTA, agency=WARD)
    web = open_web(composition, clock)
    web.app = make_app(composition, secure_cookies=False)
    with served(web.app) as server:
        yield Counter(web, server.origin)
    composition.close()


@pytest.fixture(scope="module")
def browser(counter: Counter) -> Iterator[Browser]:
    with chromium() as running:
        yield running


@pytest.fixture
def unscripted(counter: Counter, browser: Browser) -> Iterator[Page]:
    """The counter's first page, with scripts switched off."""
    context = browser.new_context(java_script_enabled=False)
    yield counter.sign_in(context)
    context.close()


def test_a_walk_in_by_keyboard_takes_less_than_a_minute_of_typing(
    counter: Counter, unscripted: Page
) -> None:
    page, hands = unscripted, Hands(unscripted)
    hands.goes_on_by("Alt+b")
    hands.are_at("cari")
    hands.types("domis")
    hands.goes_on_by("Enter")
    hands.are_at("Surat Keterangan Domisili")
    hands.goes_on_by("Enter")
    hands.are_at("resident")
    hands.types(SITI[0])
    hands.goes_on_by("Enter")
    hands.are_at("fields.residence_address")
    hands.types("Dusun Contoh RT 003 RW 001 Desa Ngunut")
    hands.presses("Tab")
    for part in ("1", "2", "2015"):
        hands.types(part)
        hands.presses("Tab")
    hands.are_at("fields.residence_status")
    hands.presses("Space", "Tab", "Tab", "Tab", "Tab")
    hands.are_at("purpose")
    hands.types("melamar pekerjaan")
    hands.goes_on_by("Alt+l")
    hands.are_at("seen.0")
    hands.presses("Space", "Tab", "Space")
    hands.goes_on_by("Enter")
    hands.are_at("Cetak (buka PDF di tab baru)")
    with page.context.expect_page() as opening:
        hands.presses("Enter")
    assert hands.strokes <= A_MINUTE_OF_TYPING

    letter_id = page.url.rsplit("/", 1)[1]
    assert opening.value.url == f"{page.url}/pdf"
    with counter.web.composition.register.reading() as uow:
        letter = uow.letters.get(letter_id)
        asked = uow.requests.find(letter.request_id)
    record = letter.record
    assert asked is not None
    assert asked.seen == (0, 1)
    assert record.holder["nik"] == SITI[0]
    assert record.holder["address"] == SITI[8]
    assert record.fields["since"] == "2015-02-01"
    assert record.purpose == "melamar pekerjaan"


def test_a_name_and_the_arrow_keys_choose_somebody(unscripted: Page, counter: Counter) -> None:
    page, hands = unscripted, Hands(unscripted)
    page.goto(f"{counter.origin}/loket/surat/baru/domisili")
    hands.are_at("resident")
    hands.types("amin")
    hands.goes_on_by("Enter")
    assert page.locator("label b").all_inner_texts() == [
        "Sinta Aminarti Contoh",
        "Siti Aminah Contoh",
    ]
    hands.are_at("resident.1")
    hands.presses("ArrowDown")
    hands.are_at("resident.2")
    hands.goes_on_by("Enter")
    assert page.input_value("[id='holder.name']") == "Siti Aminah Contoh"
    hands.are_at("fields.residence_address")


def test_what_was_typed_before_a_search_is_still_there_after_it(
    unscripted: Page, counter: Counter
) -> None:
    page, hands = unscripted, Hands(unscripted)
    page.goto(f"{counter.origin}/loket/surat/baru/domisili")
    page.focus("#purpose")
    hands.types("beasiswa")
    hands.presses("Alt+c")
    hands.are_at("resident")
    hands.types("budi")
    hands.goes_on_by("Enter")
    hands.are_at("resident.1")
    hands.goes_on_by("Enter")
    assert page.input_value("#purpose") == "beasiswa"
    assert page.input_value("[id='holder.nik']") == BUDI[0]


def test_a_form_that_lacks_something_leads_there_by_keyboard(
    unscripted: Page, counter: Counter
) -> None:
    page, hands = unscripted, Hands(unscripted)
    page.goto(f"{counter.origin}/loket/surat/baru/domisili")
    hands.are_at("resident")
    hands.types(SITI[0])
    hands.goes_on_by("Enter")
    hands.are_at("fields.residence_address")
    hands.goes_on_by("Alt+l")
    # The list of problems has the focus; its first link is one Tab away.
    page.wait_for_selector(".notice.bad:focus")
    hands.presses("Tab", "Enter", "Tab")
    # A link to a box moves the place from where Tab goes on.
    assert page.url.endswith("#fields.residence_address")
    hands.are_at("fields.since.day")


@pytest.mark.parametrize("state", ["choose", "narrowed", "form", "people", "filled", "nobody"])
def test_no_page_of_the_way_keeps_anybody_out(
    counter: Counter, browser: Browser, state: str
) -> None:
    context = browser.new_context()
    page = counter.sign_in(context)
    searched = {"people": "contoh", "filled": SITI[0], "nobody": "wayan"}
    page.goto(f"{counter.origin}/loket/surat/baru")
    if state == "narrowed":
        page.goto(f"{counter.origin}/loket/surat/baru?cari=domis")
    elif state != "choose":
        page.goto(f"{counter.origin}/loket/surat/baru/domisili")
    if state in searched:
        page.fill("#resident", searched[state])
        with page.expect_navigation():
            page.press("#resident", "Enter")
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 720})
        assert axe_violations(page) == [], width
        assert sideways(page) == 0, width
    context.close()
