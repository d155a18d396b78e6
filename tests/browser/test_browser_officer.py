"""The officer's room in a real browser: a hundred letters by one PIN, on a phone, unscripted."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.chromium import WIDTHS, axe_violations, chromium, follow, sideways
from tests.browser.serving import served
from tests.officers.officer_office import PASSWORD, PIN, a_mandate, an_officer, give
from tests.offices import OPERATOR, VILLAGE_HEAD, WARD, Clock, compose_office, open_request
from tests.web.web_office import OFFICER, WebOffice, make_app, open_web

SHOTS = os.environ.get("ISSUER_TEST_SHOTS")
ACTING = "lurah-sementara"
LETTERS = 100


@dataclass
class Room:
    """The office behind a port."""

    web: WebOffice
    origin: str

    def sign_in(self, page: Page, who: str) -> None:
        """Come in by the form, which leads to the officer's room."""
        page.context.clear_cookies()
        page.goto(f"{self.origin}/masuk")
        page.fill("#username", who)
        page.fill("#password", PASSWORD)
        follow(page, "main button:not(.second)")

    def wait(self, count: int, slug: str = "domisili") -> None:
        """Let requests wait for a signature."""
        for _ in range(count):
            open_request(self.web.composition, slug, WARD)

    def inbox(self, page: Page, ticked: bool = False) -> None:
        """Open what waits."""
        page.goto(f"{self.origin}/pejabat{'?pilih=semua' if ticked else ''}")


@pytest.fixture(scope="module")
def room(founded: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Room]:
    folder = shutil.copytree(founded, tmp_path_factory.mktemp("office") / "office")
    clock = Clock()
    composition = compose_office(folder, clock)
    web = open_web(composition, clock)
    give(composition, a_mandate(VILLAGE_HEAD, WARD, only="domisili"))
    an_officer(composition, VILLAGE_HEAD, WARD, ACTING)
    with served(make_app(composition, secure_cookies=False)) as server:
        yield Room(web, server.origin)
    composition.close()


@pytest.fixture(scope="module")
def browser(room: Room) -> Iterator[Browser]:
    with chromium() as running:
        yield running


def test_a_hundred_letters_are_signed_by_one_pin_without_a_script(
    browser: Browser, room: Room
) -> None:
    room.wait(LETTERS // 2)
    room.wait(1, "usaha")
    room.wait(LETTERS - LETTERS // 2 - 1)
    context = browser.new_context(viewport={"width": 390, "height": 844}, java_script_enabled=False)
    page = context.new_page()
    room.sign_in(page, ACTING)
    follow(page, "text=Pilih semua")
    follow(page, "text=Lanjut dengan yang dipilih")
    assert page.locator("li.failed").count() == 1
    page.fill("#pin", PIN)
    follow(page, f"button:has-text('Tanda tangani {LETTERS - 1} surat')")
    page.wait_for_selector("text=Penandatanganan selesai", timeout=120_000)
    assert page.locator("li.signed").count() == LETTERS - 1
    assert page.locator("li.failed").count() == 1
    assert page.locator(f"text={LETTERS - 1} dari {LETTERS} surat ditandatangani").count() == 1
    assert page.locator("li.failed .wrong").inner_text().startswith("Anda tidak memiliki mandat")
    context.close()


def inbox(page: Page, room: Room) -> None:
    room.wait(2)
    room.inbox(page)


def nothing_ticked(page: Page, room: Room) -> None:
    room.wait(1)
    room.inbox(page)
    follow(page, "text=Lanjut dengan yang dipilih")


def one_letter(page: Page, room: Room) -> None:
    inbox(page, room)
    follow(page, ".ticks a >> nth=0")
    page.click("summary >> nth=0")


def reason_missing(page: Page, room: Room) -> None:
    one_letter(page, room)
    follow(page, "button:text-is('Kembalikan')")


def confirm(page: Page, room: Room) -> None:
    room.wait(2)
    room.wait(1, "tidak-mampu")
    room.inbox(page, ticked=True)
    follow(page, "text=Lanjut dengan yang dipilih")


def wrong_pin(page: Page, room: Room) -> None:
    room.web.clock.advance(timedelta(minutes=15))
    room.sign_in(page, OFFICER)
    confirm(page, room)
    page.fill("#pin", "847261")
    follow(page, "form .button")


def done(page: Page, room: Room) -> None:
    confirm(page, room)
    page.fill("#pin", PIN)
    follow(page, "form .button")
    page.wait_for_selector("text=Penandatanganan selesai", timeout=120_000)


def pin(page: Page, room: Room) -> None:
    page.goto(f"{room.origin}/pejabat/pin")


def mandates(page: Page, room: Room) -> None:
    page.goto(f"{room.origin}/pejabat/mandat")


def neither_pin_nor_passkey(page: Page, room: Room) -> None:
    an_officer(room.web.composition, VILLAGE_HEAD, WARD, "tanpa-pin")
    room.web.composition.services.officers.link(OPERATOR, "tanpa-pin", VILLAGE_HEAD, None)
    room.sign_in(page, "tanpa-pin")
    confirm(page, room)


PAGES: list[Callable[[Page, Room], None]] = [
    inbox,
    nothing_ticked,
    one_letter,
    reason_missing,
    confirm,
    wrong_pin,
    done,
    pin,
    mandates,
    neither_pin_nor_passkey,
]


@pytest.mark.parametrize("open_page", PAGES, ids=lambda one: one.__name__)
def test_every_page_is_for_everybody_on_any_screen(
    browser: Browser, room: Room, open_page: Callable[[Page, Room], None]
) -> None:
    context = browser.new_context(viewport={"width": 390, "height": 844})
    page = context.new_page()
    room.sign_in(page, OFFICER)
    open_page(page, room)
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 844})
        assert axe_violations(page) == [], width
        assert sideways(page) == 0, width
        if SHOTS:
            name = f"officer-{open_page.__name__}-{width}.png"
            page.screenshot(path=str(Path(SHOTS) / name), full_page=True)
    context.close()
