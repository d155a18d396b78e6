"""The counter's lists in a real browser: numbers on paper, for everybody, on any screen."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from playwright.sync_api import Page

from issuer.domain.paper_number import PaperVoidReason
from tests.browser.chromium import WIDTHS, axe_violations, chromium, follow, sideways
from tests.browser.serving import served
from tests.offices import OPERATOR, Clock, compose_office
from tests.paper.paper_office import reserve
from tests.web.web_office import CLERK, WebOffice, make_app, open_web

SHOTS = os.environ.get("ISSUER_TEST_SHOTS")
"""A folder for pictures of the pages, to be looked at; none are made without it."""


def fit(page: Page, name: str) -> None:
    """Judge a page at every width."""
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        assert axe_violations(page) == [], (name, width)
        assert sideways(page) <= 0, (name, width)
        if SHOTS:
            page.screenshot(path=f"{SHOTS}/{name}-{width}.png", full_page=True)


def open_desk(founded: Path, tmp_path: Path) -> WebOffice:
    """Return an office whose pages a plain browser may open."""
    clock = Clock()
    composition = compose_office(shutil.copytree(founded, tmp_path / "office"), clock)
    web = open_web(composition, clock)
    web.app = make_app(composition, secure_cookies=False)
    return web


def test_numbers_on_paper_are_taken_listed_and_voided(founded: Path, tmp_path: Path) -> None:
    web = open_desk(founded, tmp_path)
    with served(web.app) as server, chromium() as browser:
        context = browser.new_context(base_url=server.origin)
        cookie = web.client(CLERK).get_cookie("sesi")
        assert cookie
        context.add_cookies([{"name": "sesi", "value": cookie.value, "url": server.origin}])
        page = context.new_page()
        page.goto("/loket/nomor-kertas")
        fit(page, "paper-none")
        page.fill("#count", "0")
        follow(page, "button:has-text('Ambil dan cetak daftar')")
        fit(page, "paper-wrong")
        page.fill("#count", "4")
        follow(page, "button:has-text('Ambil dan cetak daftar')")
        fit(page, "paper-list")
        if SHOTS:
            page.pdf(path=f"{SHOTS}/paper-list.pdf", prefer_css_page_size=True)
        one, *_ = reserve(web.composition)
        numbers = web.composition.services.paper_numbers
        numbers.void(OPERATOR, [one.id], PaperVoidReason.UNUSED)
        page.goto("/loket/nomor-kertas")
        fit(page, "paper-waiting")
        page.locator("input[name=number]").first.check()
        page.select_option("#reason", "paper_unused")
        follow(page, "button:text-is('Gugurkan')")
        assert page.locator("[role=status]").inner_text() == "Nomor digugurkan."
        assert page.locator("input[name=number]").count() == 5
        follow(page, "a:has-text('Terbitkan ulang') >> nth=0")
        fit(page, "paper-choose")
    web.composition.close()


def test_letters_are_handed_over_from_the_list(founded: Path, tmp_path: Path) -> None:
    web = open_desk(founded, tmp_path)
    with served(web.app) as server, chromium() as browser:
        context = browser.new_context(base_url=server.origin)
        cookie = web.client(CLERK).get_cookie("sesi")
        assert cookie
        context.add_cookies([{"name": "sesi", "value": cookie.value, "url": server.origin}])
        page = context.new_page()
        page.goto("/loket")
        fit(page, "counter-home")
        follow(page, "a:has-text('Surat yang belum diserahkan')")
        fit(page, "unclaimed")
        follow(page, "a:has-text('Serahkan')")
        page.fill("#receiver", "Siti Aminah, pemohon")
        follow(page, "button:has-text('Catat penyerahan')")
        fit(page, "handed-over")
        follow(page, "main a:has-text('Surat yang belum diserahkan')")
        fit(page, "unclaimed-none")
    web.composition.close()
