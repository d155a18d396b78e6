"""The pages of an agency's message texts in a real browser, for everybody."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from playwright.sync_api import Page

from tests.browser.chromium import WIDTHS, axe_violations, chromium, follow, sideways
from tests.browser.serving import served
from tests.offices import WARD, Clock, compose_office
from tests.web.web_office import PASSWORD, make_app, open_web

SHOTS = os.environ.get("ISSUER_TEST_SHOTS")


def judged(page: Page, name: str) -> None:
    """Find nothing that keeps anybody out, at any width."""
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        assert axe_violations(page) == [], (name, width)
        assert not sideways(page), (name, width)
    if SHOTS:
        for width in (390, 1280):
            page.set_viewport_size({"width": width, "height": 900})
            page.screenshot(path=f"{SHOTS}/pesan-{name}-{width}.png", full_page=True)


def press(page: Page, name: str) -> None:
    """Press a button or follow a link, and wait for the page it leads to."""
    with page.expect_navigation():
        page.get_by_role("button", name=name, exact=True).or_(
            page.get_by_role("link", name=name, exact=True)
        ).first.click()


def test_a_text_is_changed_and_given_up_again(founded: Path, tmp_path: Path) -> None:
    clock = Clock()
    composition = compose_office(shutil.copytree(founded, tmp_path / "office"), clock)
    open_web(composition, clock)
    app = make_app(composition, secure_cookies=False)
    with served(app) as server, chromium() as browser:
        page = browser.new_context().new_page()
        page.goto(f"{server.origin}/masuk")
        page.fill("#username", "admin-opd")
        page.fill("#password", PASSWORD)
        follow(page, "main button:not(.second)")
        page.goto(f"{server.origin}/admin/perangkat/{WARD}")
        press(page, "Pesan kepada warga")
        judged(page, "daftar")
        press(page, "Ubah: Surat terbit, bahasa Indonesia")
        judged(page, "satu")
        page.fill("#body", "{service} sudah jadi, {nama}.")
        press(page, "Simpan teks")
        judged(page, "keliru")
        assert page.locator("#body").input_value() == "{service} sudah jadi, {nama}."
        page.fill("#body", "{service} sudah jadi. Lihat {link}")
        press(page, "Lihat contoh")
        judged(page, "contoh")
        press(page, "Simpan teks")
        assert page.get_by_text("Teks sendiri", exact=True).count() == 1
        judged(page, "tersimpan")
        press(page, "Ubah: Surat terbit, bahasa Indonesia")
        press(page, "Kembali ke teks kabupaten")
        judged(page, "semula")
        press(page, "Ya, kembali ke teks kabupaten")
        assert page.get_by_text("Teks sendiri", exact=True).count() == 0
        page.goto(f"{page.url.split('?')[0]}?lang=en")
        judged(page, "english")
    composition.close()
