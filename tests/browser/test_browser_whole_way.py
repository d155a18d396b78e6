"""A letter's whole way in a real browser: asked for, returned, signed, fetched, verified.

A telephone for the resident, the officer and the stranger, a desk for the clerk. Once
without scripts, as everybody must be able to go it, and once with, for axe-core needs them.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Page

from tests.browser.chromium import axe_violations, chromium, sideways
from tests.browser.serving import served
from tests.offices import WARD, Clock, compose_office
from tests.web.web_office import ANSWERS, CLERK, OFFICER, PIN, WebOffice, make_app, open_web

SHOTS = os.environ.get("ISSUER_TEST_SHOTS")
"""A folder for pictures of the pages, to be looked at; none are made without it."""

TELEPHONE, DESK = (390, 844), (1280, 900)
REASON = "Foto KTP buram. Foto lagi di tempat terang."
CORRECTED = "Jalan Contoh Nomor 12, RT 003 RW 001"


@dataclass
class Village:
    """The office behind a port, and everybody's browser."""

    web: WebOffice
    origin: str
    browser: Browser
    scripts: bool = False

    def somebody(self, size: tuple[int, int], who: str = "") -> Page:
        """Return a browser window of a person; ``who`` has signed in already."""
        context: BrowserContext = self.browser.new_context(
            viewport={"width": size[0], "height": size[1]},
            java_script_enabled=self.scripts,
            accept_downloads=True,
            base_url=self.origin,
        )
        if who:
            cookie = self.web.client(who).get_cookie("sesi")
            assert cookie is not None
            context.add_cookies([{"name": "sesi", "value": cookie.value, "url": self.origin}])
        return context.new_page()


@pytest.fixture(params=[False, True], ids=["unscripted", "scripted"])
def village(request: pytest.FixtureRequest, founded: Path, tmp_path: Path) -> Iterator[Village]:
    folder = shutil.copytree(founded, tmp_path / "office")
    clock = Clock()
    composition = compose_office(folder, clock)
    web = open_web(composition, clock)
    web.app = make_app(composition, secure_cookies=False)
    with served(web.app) as server, chromium() as browser:
        yield Village(web, server.origin, browser, request.param)
    composition.close()


@pytest.fixture
def photos(tmp_path: Path) -> list[Path]:
    """Two photos from a telephone."""
    paths = [tmp_path / "ktp.jpg", tmp_path / "kk.jpg"]
    for path, colour in zip(paths, ("seagreen", "steelblue"), strict=True):
        Image.new("RGB", (3000, 4000), colour).save(path, "JPEG")
    return paths


def press(page: Page, text: str) -> None:
    """Press the button or the link that says so, and wait for what it leads to."""
    found = page.locator("main button, main a.button, main a.action", has_text=text).first
    with page.expect_navigation():
        found.click()


def fill(page: Page) -> None:
    """Answer the question on the page as the usual person does."""
    for name, answer in ANSWERS.items():
        boxes = page.locator(f'[name="{name}"]')
        if boxes.count() == 0:
            continue
        if boxes.first.get_attribute("type") == "radio":
            page.check(f'[name="{name}"][value="{answer}"]', force=True)
        elif boxes.first.evaluate("box => box.tagName") == "SELECT":
            boxes.first.select_option(answer)
        else:
            boxes.first.fill(answer)


def look(page: Page, name: str) -> None:
    """Hold the page against its screen and the rules, and keep a picture where one is wanted."""
    assert sideways(page) == 0, name
    if page.evaluate("() => matchMedia('(scripting: enabled)').matches"):
        assert axe_violations(page) == [], name
    if SHOTS:
        page.screenshot(path=str(Path(SHOTS) / f"{name}.png"), full_page=True)


def ask_for_domisili(page: Page, photos: list[Path]) -> str:
    """Ask from home, with two photos, and return the code on the receipt."""
    page.goto("/layanan/domisili")
    look(page, "way-1-service")
    press(page, "Ajukan dari rumah")
    page.select_option("#agency", WARD)
    press(page, "Mulai")
    questions = 0
    while "/permohonan/isi/" in page.url:
        if questions in (0, 2):
            look(page, f"way-2-question-{questions}")
        fill(page)
        press(page, "Simpan dan lanjut")
        questions += 1
        assert questions < 40
    assert page.url.endswith("/permohonan/berkas")
    for place, photo in enumerate(photos):
        page.set_input_files(f"#file-{place}", photo)
    press(page, "Simpan dan tambah lagi")
    assert page.locator("text=Foto terlampir").count() == len(photos)
    look(page, "way-3-documents")
    press(page, "Simpan dan lanjut")
    look(page, "way-4-answers")
    page.check("#declared", force=True)
    press(page, "Kirim permohonan")
    look(page, "way-5-receipt")
    return page.locator(".bigcode").inner_text()


def open_the_case(page: Page) -> None:
    """Open the one request in the queue."""
    page.goto("/loket/antrean")
    look(page, "way-6-queue")
    with page.expect_navigation():
        page.locator("main").get_by_text(ANSWERS["holder.name"]).first.click()


def test_a_letter_goes_its_whole_way(village: Village, photos: list[Path], tmp_path: Path) -> None:
    resident = village.somebody(TELEPHONE)
    code = ask_for_domisili(resident, photos)

    clerk = village.somebody(DESK, CLERK)
    open_the_case(clerk)
    assert clerk.locator('a.document[href*="/berkas/"]').count() == len(photos)
    look(clerk, "way-7-case")
    clerk.get_by_text("Kembalikan untuk diperbaiki").click()
    clerk.fill("#return-reason", REASON)
    press(clerk, "Kembalikan")

    resident.goto("/permohonan")
    assert resident.get_by_text(REASON).is_visible()
    look(resident, "way-8-returned")
    press(resident, "Perbaiki dan kirim lagi")
    with resident.expect_navigation():
        resident.locator('a[href*="fields.residence_address"]').first.click()
    resident.fill('[name="fields.residence_address"]', CORRECTED)
    press(resident, "Simpan dan lanjut")
    resident.check("#declared", force=True)
    press(resident, "Kirim permohonan")

    open_the_case(clerk)
    assert clerk.get_by_text(CORRECTED).is_visible()
    press(clerk, "Paraf dan teruskan untuk ditandatangani")

    officer = village.somebody(TELEPHONE, OFFICER)
    officer.goto("/pejabat")
    look(officer, "way-9-inbox")
    officer.get_by_label(ANSWERS["holder.name"]).first.check(force=True)
    press(officer, "Lanjut dengan yang dipilih")
    look(officer, "way-10-sign")
    officer.fill('[name="pin"]', PIN)
    press(officer, "Tanda tangani 1 surat")
    for _ in range(100):
        if officer.get_by_text("Penandatanganan selesai").is_visible():
            break
        officer.wait_for_timeout(100)
        officer.reload()
    look(officer, "way-11-signed")
    assert officer.get_by_text("1 dari 1 surat ditandatangani").is_visible()

    # On another telephone: the code, and the date of birth that only the family knows.
    resident = village.somebody(TELEPHONE)
    resident.goto(f"/ikuti/{code}")
    look(resident, "way-12-code")
    for part, value in (("day", "17"), ("month", "8"), ("year", "1990")):
        resident.fill(f'[name="born.{part}"]', value)
    with resident.expect_navigation():
        resident.locator("main form button").first.click()
    look(resident, "way-13-issued")
    with resident.expect_download() as download:
        resident.get_by_text("Unduh surat (PDF)").click()
    letter = tmp_path / "surat.pdf"
    download.value.save_as(letter)

    stranger = village.somebody(TELEPHONE)
    stranger.goto("/periksa")
    stranger.set_input_files('input[type="file"]', letter)
    with stranger.expect_navigation():
        stranger.locator('form:has(input[type="file"]) button').click()
    assert stranger.locator(".verdict.good h1").is_visible()
    look(stranger, "way-14-verdict")
    # What was corrected stands in the letter, and the stranger is not told.
    assert CORRECTED not in stranger.content()
