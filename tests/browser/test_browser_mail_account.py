"""From the receipt to an account by e-mail, in a real browser and by a real mail server."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

from tests.browser.chromium import chromium, follow
from tests.browser.serving import served
from tests.browser.test_browser_citizen import WEIGHT, inspect, weight
from tests.citizen.citizen_browser import Resident
from tests.messages.mail_server import mail_server
from tests.messages.message_office import EMAIL, add_mail
from tests.offices import WARD, Clock, compose_office, issue
from tests.web.web_office import LURAH, SLUG, WebOffice, make_app

NEXT = "main form button.button"
PASSWORD = "sawah hijau dekat bengawan"


def test_an_account_is_made_at_home(founded: Path, tmp_path: Path) -> None:
    folder = shutil.copytree(founded, tmp_path / "office")
    with mail_server() as inbox:
        add_mail(folder, f"smtp://127.0.0.1:{inbox.port}")
        composition = compose_office(folder, Clock())
        app = make_app(composition, secure_cookies=False)
        web = WebOffice(composition, Clock(), app, issue(composition, SLUG, WARD, LURAH))
        resident = Resident(web)
        resident.apply()
        cookie = resident.client.get_cookie("permohonan")
        assert cookie
        with served(app) as server, chromium() as browser:
            context = browser.new_context(viewport={"width": 390, "height": 844})
            here = {"name": cookie.key, "value": cookie.value, "url": server.origin}
            context.add_cookies([here])  # type: ignore[list-item]  # as the browser takes it
            page = context.new_page()
            page.goto(f"{server.origin}/permohonan/tanda-terima")
            inspect(page, "tanda-terima")
            follow(page, "a[href='/akun-surel']")
            inspect(page, "surel")
            page.fill("#email", "nama@")
            follow(page, NEXT)
            inspect(page, "surel-salah")
            page.fill("#email", EMAIL)
            follow(page, NEXT)
            inspect(page, "kode")
            assert page.is_checked("#keep")
            page.fill("#code", "0000-0000-0000")
            follow(page, NEXT)
            inspect(page, "kode-salah")
            assert page.input_value("#code") == "0000-0000-0000"
            composition.services.message_sending.sweep()
            code = re.search(r"\b(?:\w{4}-){2}\w{4}\b", inbox.mails[-1].get_content())
            assert code
            page.fill("#code", code[0].lower())
            page.fill("#new", PASSWORD)
            page.fill("#again", PASSWORD)
            follow(page, NEXT)
            assert page.locator("main h3 a").count() == 1
            inspect(page, "akun")
            fresh = browser.new_context(base_url=server.origin)
            for address in ("/akun-surel", "/masuk/warga"):
                assert weight(fresh, address) < WEIGHT, address
        composition.close()
