"""Passkeys in a real browser, whose own virtual authenticator makes and shows them."""

from __future__ import annotations

import os
import shutil
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, CDPSession, Page

from issuer.config import SETTINGS_FILE
from tests.accounts.test_accounts_browser import judged, press, sign_in
from tests.browser.chromium import chromium
from tests.browser.serving import served
from tests.offices import BASE_URL, WARD, Clock, compose_office, open_request
from tests.web.web_office import CLERK, OFFICER, PASSWORD, WebOffice, make_app, open_web

SHOTS = os.environ.get("ISSUER_TEST_SHOTS")


@dataclass
class Place:
    """A strict office at a port of this machine, under the address that it knows."""

    web: WebOffice
    origin: str


@pytest.fixture
def place(founded: Path, tmp_path: Path) -> Iterator[Place]:
    folder = shutil.copytree(founded, tmp_path / "office")
    with socket.socket() as free:
        free.bind(("localhost", 0))
        port = free.getsockname()[1]
    origin = f"http://localhost:{port}"
    settings = folder / SETTINGS_FILE
    text = settings.read_text("utf-8").replace(BASE_URL, origin)
    settings.write_text(f'{text}second_factor = "required"\n', "utf-8")
    clock = Clock()
    composition = compose_office(folder, clock)
    web = open_web(composition, clock)
    try:
        with served(make_app(composition, secure_cookies=False), port):
            yield Place(web, origin)
    finally:
        composition.close()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as running:
        yield running


@dataclass
class Device:
    """A page with an authenticator of its own, over Chromium's protocol."""

    page: Page
    cdp: CDPSession
    authenticator: str

    def verified(self, yes: bool) -> None:
        """Say whether the finger on the sensor is the owner's."""
        self.cdp.send(
            "WebAuthn.setUserVerified",
            {"authenticatorId": self.authenticator, "isUserVerified": yes},
        )

    def passkeys(self) -> list[dict[str, Any]]:
        found = self.cdp.send("WebAuthn.getCredentials", {"authenticatorId": self.authenticator})
        credentials = found["credentials"]
        assert isinstance(credentials, list)
        return credentials


@contextmanager
def device(browser: Browser, origin: str) -> Iterator[Device]:
    context = browser.new_context(viewport={"width": 390, "height": 844})
    page = context.new_page()
    cdp = context.new_cdp_session(page)
    cdp.send("WebAuthn.enable")
    added = cdp.send(
        "WebAuthn.addVirtualAuthenticator",
        {
            "options": {
                "protocol": "ctap2",
                "transport": "internal",
                "hasResidentKey": True,
                "hasUserVerification": True,
                "isUserVerified": True,
                "automaticPresenceSimulation": True,
            }
        },
    )
    page.goto(f"{origin}/masuk")
    yield Device(page, cdp, added["authenticatorId"])
    context.close()


def looked_at(page: Page, name: str) -> None:
    judged(page)
    for width in (390, 1280) if SHOTS else ():
        page.set_viewport_size({"width": width, "height": 844})
        path = str(Path(str(SHOTS)) / f"passkey-{name}-{width}.png")
        page.screenshot(path=path, full_page=True)


def test_from_the_first_sign_in_to_one_by_passkey_alone(browser: Browser, place: Place) -> None:
    with device(browser, place.origin) as mine:
        page = mine.page
        looked_at(page, "door")
        sign_in(page, CLERK)
        looked_at(page, "set-up")
        page.fill("#name", "HP petugas")
        mine.verified(False)
        press(page, "Pasang passkey")
        page.wait_for_selector("#passkey-failed:visible")
        looked_at(page, "failed")
        mine.verified(True)
        press(page, "Pasang passkey")
        assert len(page.locator("li.code").all()) == 10
        looked_at(page, "codes")
        (made,) = mine.passkeys()
        assert made["rpId"] == "localhost"
        press(page, "Sudah saya simpan, lanjutkan")
        assert page.url == f"{place.origin}/loket"
        press(page, "Keluar")
        press(page, "Masuk dengan passkey")
        page.wait_for_url("**/loket")
        press(page, "Keluar")
        sign_in(page, CLERK)
        looked_at(page, "second-step")
        press(page, "Pakai passkey")
        page.wait_for_url("**/loket")
        page.goto(f"{place.origin}/akun")
        looked_at(page, "account")
        press(page, "Atur passkey")
        looked_at(page, "list")
        page.fill("#password", PASSWORD)
        press(page, "Lanjutkan")
        page.wait_for_selector("#passkey-there:visible")
        looked_at(page, "there")
        press(page, "Batal")
        press(page, "Hapus: HP petugas")
        looked_at(page, "remove")
        page.fill("#password", PASSWORD)
        press(page, "Hapus passkey")
        assert page.get_by_role("alert").get_by_text("satu-satunya").count() == 1
        looked_at(page, "last")


def test_an_officer_signs_three_letters_by_a_finger(browser: Browser, place: Place) -> None:
    for _ in range(3):
        open_request(place.web.composition, "domisili", WARD)
    with device(browser, place.origin) as mine:
        page = mine.page
        sign_in(page, OFFICER)
        page.fill("#name", "HP pejabat")
        press(page, "Pasang passkey")
        press(page, "Sudah saya simpan, lanjutkan")
        assert page.url == f"{place.origin}/pejabat"
        page.goto(f"{place.origin}/pejabat?pilih=semua")
        press(page, "Lanjut dengan yang dipilih")
        looked_at(page, "sign-confirm")
        mine.verified(False)
        press(page, "Tanda tangani dengan passkey")
        page.wait_for_selector("#passkey-failed:visible")
        looked_at(page, "sign-failed")
        press(page, "Pilih cara lain")
        assert page.locator("#pin").is_visible()
        mine.verified(True)
        press(page, "Tanda tangani dengan passkey")
        page.wait_for_selector("text=Penandatanganan selesai", timeout=60_000)
        assert page.get_by_text("3 dari 3 surat ditandatangani").count() == 1
        assert page.locator("li.signed").count() == 3
        looked_at(page, "sign-done")


def test_a_browser_without_passkeys_says_so_in_both_languages(
    browser: Browser, place: Place
) -> None:
    for scripts in (False, True):
        context = browser.new_context(java_script_enabled=scripts)
        context.add_init_script("delete window.PublicKeyCredential")
        page = context.new_page()
        for language, without, off in (
            ("id", "tidak mengenal passkey", "JavaScript dimatikan"),
            ("en", "does not know passkeys", "JavaScript is off"),
        ):
            page.goto(f"{place.origin}/masuk?lang={language}")
            with page.expect_navigation():
                page.locator("form[action='/masuk/passkey'] button").click()
            seen = page.locator("main").inner_text()
            assert (without in seen, off in seen) == (scripts, not scripts)
            assert page.locator("#passkey-go").is_hidden()
            if scripts:
                looked_at(page, f"without-{language}")
        context.close()
