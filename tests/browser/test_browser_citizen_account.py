"""A resident's account in a real browser: from the counter to signing out everywhere."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from tests.browser.chromium import WIDTHS, axe_violations, chromium, follow, sideways
from tests.browser.serving import served
from tests.browser.test_browser_citizen import LEAST_TARGET, SMALL, WEIGHT, weight
from tests.offices import WARD, Clock, compose_office, example, issue
from tests.web.web_office import ANSWERS, CLERK, LURAH, WebOffice, make_app, open_web

SHOTS = os.environ.get("ISSUER_TEST_SHOTS")
"""A folder for pictures of the pages, to be looked at; none are made without it."""

NEXT = "main form button.button"
PASSWORD = "sawah hijau dekat bengawan"
NIK = ANSWERS["holder.nik"].replace(" ", "")
TELEPHONE, DESK = (390, 844), (1280, 900)


@dataclass
class Ward:
    """The office behind a port, with a letter about the usual person."""

    web: WebOffice
    origin: str
    browser: Browser

    def somebody(self, size: tuple[int, int], *, scripts: bool = True, who: str = "") -> Page:
        """Return a browser window of a person; ``who`` has signed in already."""
        context: BrowserContext = self.browser.new_context(
            viewport={"width": size[0], "height": size[1]},
            java_script_enabled=scripts,
            accept_downloads=True,
            base_url=self.origin,
        )
        if who:
            cookie = self.web.client(who).get_cookie("sesi")
            assert cookie is not None
            context.add_cookies([{"name": "sesi", "value": cookie.value, "url": self.origin}])
        return context.new_page()


@pytest.fixture(scope="module")
def ward(founded: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ward]:
    folder = shutil.copytree(founded, tmp_path_factory.mktemp("ward") / "office")
    clock = Clock()
    composition = compose_office(folder, clock)
    web = open_web(composition, clock)
    web.app = make_app(composition, secure_cookies=False)
    data = example(composition)
    known = data["holder"]
    assert isinstance(known, dict)
    holder = {
        **known,
        "nik": NIK,
        "name": ANSWERS["holder.name"],
        "birth_date": "1990-08-17",
        "sex": "P",
    }
    web.letter = issue(composition, agency=WARD, signatory=LURAH, data={**data, "holder": holder})
    with served(web.app) as server, chromium() as browser:
        yield Ward(web, server.origin, browser)
    composition.close()


def inspect(page: Page, name: str) -> None:
    """Judge a page at every width."""
    size = page.viewport_size
    for width in (*WIDTHS, TELEPHONE[0]):
        page.set_viewport_size({"width": width, "height": 720})
        assert sideways(page) == 0, (name, width)
        if SHOTS and width in (TELEPHONE[0], DESK[0]):
            page.screenshot(path=f"{SHOTS}/account-{name}-{width}.png", full_page=True)
        if width in WIDTHS:
            assert axe_violations(page) == [], (name, width)
    assert page.evaluate(SMALL, LEAST_TARGET) == [], name
    assert size
    page.set_viewport_size(size)


def born(page: Page) -> None:
    for part in ("day", "month", "year"):
        page.fill(f"[id='born.{part}']", ANSWERS[f"holder.birth_date.{part}"])


def a_code(page: Page) -> str:
    """Let a clerk make a code for the person before him."""
    page.goto("/loket/akun-warga")
    page.fill("#nik", NIK)
    page.fill("#name", ANSWERS["holder.name"])
    born(page)
    page.check("#seen")
    follow(page, NEXT)
    return page.inner_text(".bigcode")


def activate(page: Page, code: str) -> None:
    """Choose a password with a code."""
    page.goto("/aktifkan/warga")
    page.fill("#code", code)
    born(page)
    page.fill("#new", PASSWORD)
    page.fill("#again", PASSWORD)
    follow(page, NEXT)


@pytest.mark.parametrize("scripts", [False, True], ids=["unscripted", "scripted"])
def test_from_the_counter_to_signing_out_everywhere(ward: Ward, scripts: bool) -> None:
    code = a_code(ward.somebody(DESK, scripts=scripts, who=CLERK))
    phone = ward.somebody(TELEPHONE, scripts=scripts)
    activate(phone, code)
    assert ward.web.letter.number in phone.inner_text("main")
    with phone.expect_navigation():
        phone.click("main h3 a")
    with phone.expect_download() as download:
        phone.click("text=Unduh surat (PDF)")
    assert download.value.path().read_bytes().startswith(b"%PDF")
    computer = ward.somebody(DESK, scripts=scripts)
    computer.goto("/masuk/warga")
    computer.fill("#name", NIK)
    computer.fill("#password", PASSWORD)
    follow(computer, NEXT)
    assert ward.web.letter.number in computer.inner_text("main")
    phone.goto("/akun")
    with phone.expect_navigation():
        phone.locator("button", has_text="Keluar dari semua perangkat").last.click()
    assert "keluar dari semua perangkat" in phone.inner_text("main")
    for device in (phone, computer):
        device.goto("/akun-saya")
        assert device.locator("#password").count() == 1
        assert ward.web.letter.number not in device.inner_text("main")


def test_no_page_keeps_anybody_out_and_none_is_heavy(ward: Ward) -> None:
    desk = ward.somebody(DESK, who=CLERK)
    desk.goto("/loket/akun-warga")
    inspect(desk, "counter-form")
    desk.fill("#nik", "12")
    desk.check("#seen")
    follow(desk, NEXT)
    inspect(desk, "counter-wrong")
    code = a_code(desk)
    inspect(desk, "counter-code")
    phone = ward.somebody(TELEPHONE)
    phone.goto("/masuk/warga")
    inspect(phone, "door")
    phone.fill("#name", NIK)
    phone.fill("#password", "salah sekali")
    follow(phone, NEXT)
    inspect(phone, "door-wrong")
    phone.goto("/aktifkan/warga")
    inspect(phone, "activation")
    follow(phone, NEXT)
    inspect(phone, "activation-wrong")
    activate(phone, code)
    inspect(phone, "home")
    with phone.expect_navigation():
        phone.click("main h3 a")
    inspect(phone, "case")
    case = phone.url
    for path, name in (("/akun", "security"), ("/akun/sandi", "password")):
        phone.goto(path)
        inspect(phone, name)
    phone.goto("/akun-saya/hapus")
    follow(phone, NEXT)
    inspect(phone, "remove-wrong")
    cookies = phone.context.cookies()
    for address in ("/akun-saya", case, "/akun-saya/hapus", "/masuk/warga", "/aktifkan/warga"):
        fresh = ward.browser.new_context(base_url=ward.origin)
        fresh.add_cookies(cookies)  # type: ignore[arg-type]  # what a browser gave, it takes
        assert weight(fresh, address) < WEIGHT, address
        fresh.close()
