"""Every page of accounts in a real browser: for everybody, on any screen, unscripted."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pyotp
import pytest
from playwright.sync_api import Browser, Page

from tests.accounts.factor_office import strict_office
from tests.browser.chromium import WIDTHS, axe_violations, chromium, sideways
from tests.browser.serving import served
from tests.offices import WARD
from tests.web.web_office import CLERK, PASSWORD, WebOffice, make_app


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as running:
        yield running


@contextmanager
def window(browser: Browser, origin: str) -> Iterator[Page]:
    """A browser window of its own that begins at the door."""
    context = browser.new_context(viewport={"width": WIDTHS[0], "height": 720})
    page = context.new_page()
    page.goto(f"{origin}/masuk")
    yield page
    context.close()


def judged(page: Page) -> None:
    """Look at the page as it stands, on a small phone and on a desk."""
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 720})
        assert axe_violations(page) == [], (page.url, width)
        assert sideways(page) == 0, (page.url, width)


def press(page: Page, name: str) -> None:
    """Press a button or follow a link by its words, and wait for the next page."""
    with page.expect_navigation():
        page.get_by_role("button", name=name, exact=True).or_(
            page.get_by_role("link", name=name, exact=True)
        ).first.click()


def code_of(web: WebOffice, secret: str) -> str:
    return pyotp.TOTP(secret).at(web.clock.now())


def sign_in(page: Page, username: str) -> None:
    """Show the password."""
    page.fill("#username", username)
    page.fill("#password", PASSWORD)
    press(page, "Masuk")


def test_from_the_first_sign_in_to_one_s_own_account(
    browser: Browser, founded: Path, tmp_path: Path
) -> None:
    with strict_office(founded, tmp_path) as web:
        app = make_app(web.composition, secure_cookies=False)
        with served(app) as server, window(browser, server.origin) as page:
            judged(page)
            sign_in(page, CLERK)
            page.locator("summary").click()
            secret = page.locator("p.code").inner_text().replace(" ", "")
            judged(page)
            page.fill("#code", "000000")
            press(page, "Lanjutkan")
            judged(page)
            page.fill("#code", code_of(web, secret))
            press(page, "Lanjutkan")
            judged(page)
            codes = page.locator("li.code").all_inner_texts()
            press(page, "Sudah saya simpan, lanjutkan")
            assert page.url.endswith("/loket")
            press(page, "Akun")
            with window(browser, server.origin) as other:
                sign_in(other, CLERK)
                judged(other)
                other.fill("#code", codes[0])
                press(other, "Masuk")
                page.reload()
                judged(page)
            press(page, "Keluar dari semua perangkat lain")
            judged(page)
            for name, button in (
                ("Ganti kata sandi", "Ganti kata sandi"),
                ("Atur kode ponsel dan pemulihan", "Buat kode pemulihan baru"),
            ):
                page.goto(f"{server.origin}/akun")
                press(page, name)
                judged(page)
                press(page, button)
                judged(page)
            page.fill("#password", PASSWORD)
            press(page, "Buat kode pemulihan baru")
            judged(page)
            page.goto(f"{server.origin}/akun/pengaman")
            page.fill("#password", PASSWORD)
            press(page, "Ganti aplikasi autentikator")
            judged(page)


def test_the_rooms_of_administration(browser: Browser, founded: Path, tmp_path: Path) -> None:
    with strict_office(founded, tmp_path) as web:
        app = make_app(web.composition, secure_cookies=False)
        with served(app) as server, window(browser, server.origin) as page:
            sign_in(page, "admin-kabupaten")
            page.locator("summary").click()
            secret = page.locator("p.code").inner_text().replace(" ", "")
            page.fill("#code", code_of(web, secret))
            press(page, "Lanjutkan")
            press(page, "Sudah saya simpan, lanjutkan")
            assert page.url.endswith("/admin")
            judged(page)
            press(page, "Akun petugas")
            judged(page)
            press(page, "Undang petugas")
            judged(page)
            press(page, "Undang")
            judged(page)
            page.fill("#full_name", "Orang Baru Contoh")
            page.fill("#username", "petugas.baru")
            page.get_by_label("petugas loket").check()
            page.fill("#agency", WARD)
            press(page, "Undang")
            judged(page)
            code = page.locator("dd.code").last.inner_text()
            press(page, "Sudah saya serahkan, lanjutkan")
            judged(page)
            press(page, "Tutup akun")
            judged(page)
            press(page, "Buka akun")
            press(page, "Perangkat daerah")
            judged(page)
            page.goto(f"{server.origin}/admin/perangkat/{WARD}")
            judged(page)
            page.fill("#line_1", "")
            page.fill("#line_2", "")
            page.fill("#line_3", "")
            press(page, "Simpan kop surat")
            judged(page)
            press(page, "Jejak audit")
            judged(page)
            with window(browser, server.origin) as other:
                other.goto(f"{server.origin}/aktifkan")
                judged(other)
                other.fill("#username", "petugas.baru")
                other.fill("#code", code)
                other.fill("#new", PASSWORD)
                press(other, "Aktifkan")
                judged(other)
