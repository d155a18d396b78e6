"""The page that asks where to tell, in a real browser: for everybody, on any screen."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from playwright.sync_api import Page

from issuer.config import SETTINGS_FILE
from issuer.domain.webhook import secret_text
from tests.browser.chromium import WIDTHS, axe_violations, chromium, follow, sideways
from tests.browser.serving import served
from tests.citizen.citizen_browser import Resident
from tests.messages.message_office import EMAIL, add_mail
from tests.offices import WARD, Clock, compose_office, issue
from tests.web.web_office import LURAH, SLUG, WebOffice, make_app

SHOTS = os.environ.get("ISSUER_TEST_SHOTS")
"""A folder for pictures of the pages, to be looked at; none are made without it."""


def test_an_address_is_given_on_any_screen(founded: Path, tmp_path: Path) -> None:
    folder = shutil.copytree(founded, tmp_path / "office")
    add_mail(folder)
    (folder / "gateway.secret").write_text(secret_text(bytes(32)), "utf-8")
    with (folder / SETTINGS_FILE).open("a", encoding="utf-8") as file:
        file.write('gateway_url = "https://pesan.contoh.example/kirim"\n')
        file.write('gateway_secret_file = "gateway.secret"\n')
    composition = compose_office(folder, Clock())
    app = make_app(composition, secure_cookies=False)
    web = WebOffice(composition, Clock(), app, issue(composition, SLUG, WARD, LURAH))
    resident = Resident(web)
    resident.apply()
    cookie = resident.client.get_cookie("permohonan")
    assert cookie
    with served(app) as server, chromium() as browser:
        context = browser.new_context()
        context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": server.origin}])
        page = context.new_page()
        page.goto(f"{server.origin}/permohonan/tanda-terima")
        follow(page, "a[href='/permohonan/kabar']")
        assert_fit_for_everybody(page, "kabar")
        page.fill("#email", "nama@")
        page.fill("#phone", "0353")
        follow(page, "main button")
        assert page.locator("[aria-invalid=true]").count() == 2
        assert page.input_value("#email") == "nama@"
        assert_fit_for_everybody(page, "kabar-salah")
        page.fill("#email", EMAIL)
        page.fill("#phone", "0812 3456 7890")
        follow(page, "main button")
        assert page.url.endswith("/permohonan")
        follow(page, "a[href='/permohonan/kabar']")
        assert page.input_value("#phone") == "+6281234567890"
    composition.close()


def assert_fit_for_everybody(page: Page, name: str) -> None:
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        assert axe_violations(page) == [], width
        assert sideways(page) <= 0, width
        if SHOTS:
            page.screenshot(path=f"{SHOTS}/{name}-{width}.png", full_page=True)
