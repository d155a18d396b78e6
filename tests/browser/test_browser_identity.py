"""Signing in by another office in a real browser, whose page is the provider's own."""

from __future__ import annotations

import shutil
from pathlib import Path

from issuer.bootstrap import SystemClock
from issuer.config import SETTINGS_FILE
from tests.browser.chromium import chromium, follow
from tests.browser.serving import served
from tests.browser.test_browser_citizen import WEIGHT, inspect, weight
from tests.identity.provider_office import add_provider
from tests.identity.provider_process import free_port, provider_process
from tests.offices import BASE_URL, Clock, compose_office
from tests.web.web_office import make_app


def test_there_and_back_on_any_screen(founded: Path, tmp_path: Path) -> None:
    folder = shutil.copytree(founded, tmp_path / "office")
    port = free_port()
    settings = folder / SETTINGS_FILE
    here = settings.read_text("utf-8").replace(BASE_URL, f"http://localhost:{port}")
    settings.write_text(here, "utf-8")
    with provider_process() as provider, chromium() as browser:
        add_provider(folder, provider.issuer)
        composition = compose_office(folder, Clock(SystemClock().now()))
        app = make_app(composition, secure_cookies=False)
        with served(app, port) as server:
            page = browser.new_page(base_url=server.origin)
            page.goto("/masuk/warga")
            inspect(page, "pintu")
            follow(page, "a[href='/masuk/sso']")
            assert page.url.startswith(provider.issuer)
            page.fill("input[name=sub]", "siti")
            follow(page, "input[name=sub]", "Enter")
            assert page.url == f"{server.origin}/akun-saya"
            inspect(page, "akun")
            for path in ("/akun", "/akun-saya/hapus"):
                page.goto(path)
                inspect(page, path.replace("/", "-"))
                assert page.locator("[type=password]").count() == 0
            provider.stop()
            other = compose_office(folder, Clock(SystemClock().now()))
            with served(make_app(other, secure_cookies=False)) as second:
                page.goto(f"{second.origin}/masuk/sso")
                inspect(page, "tidak-terhubung")
                assert page.locator("#password").count() == 1
            other.close()
            fresh = browser.new_context(base_url=server.origin)
            assert weight(fresh, "/masuk/warga") < WEIGHT
        composition.close()
