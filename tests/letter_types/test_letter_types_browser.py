"""A version of a letter type in a real browser, without scripts, for everybody."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from playwright.sync_api import Browser, Page

from issuer.domain.access import Role
from issuer.domain.verdict import Verdict
from tests.browser.chromium import WIDTHS, axe_violations, chromium, follow, sideways
from tests.browser.serving import served
from tests.letter_types.two_admins import FIRST, SECOND
from tests.offices import Clock, compose_office, issue, pdf_of
from tests.web.web_office import PASSWORD, make_app, open_web

SAYING = "Demikian surat ini dibuat menurut versi baru."
SHOTS = os.environ.get("ISSUER_TEST_SHOTS")


def judged(page: Page, name: str) -> None:
    """Find nothing that keeps anybody out, at any width."""
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        assert axe_violations(page) == [], (name, width)
        assert not sideways(page), (name, width)
        if SHOTS:
            page.screenshot(path=f"{SHOTS}/jenis-{name}-{width}.png", full_page=True)


def press(page: Page, name: str) -> None:
    """Press a button or follow a link, and wait for the page it leads to."""
    with page.expect_navigation():
        page.get_by_role("button", name=name, exact=True).or_(
            page.get_by_role("link", name=name, exact=True)
        ).first.click()


def sign_in(page: Page, origin: str, who: str) -> None:
    """Come in by the form."""
    page.context.clear_cookies()
    page.goto(f"{origin}/masuk")
    page.fill("#username", who)
    page.fill("#password", PASSWORD)
    follow(page, "main button:not(.second)")


def test_two_people_bring_a_version_into_force(founded: Path, tmp_path: Path) -> None:
    clock = Clock()
    composition = compose_office(shutil.copytree(founded, tmp_path / "office"), clock)
    open_web(composition, clock)
    composition.services.accounts.create(
        username=SECOND,
        password=PASSWORD,
        full_name="Admin Kedua Contoh",
        role=Role.REGENCY_ADMIN,
        agency_code=None,
    )
    older = issue(composition)
    app = make_app(composition, secure_cookies=False)
    with served(app) as server, chromium() as browser:
        page = _page(browser)
        sign_in(page, server.origin, FIRST)
        press(page, "Jenis surat")
        judged(page, "daftar")
        press(page, "Tulis versi baru: Surat Keterangan Domisili")
        judged(page, "konsep")
        place = page.url
        closing = page.locator('[id="wording.closing"]')
        closing.fill("{% for x in holder_name %}x{% endfor %}")
        press(page, "Simpan konsep")
        judged(page, "keliru")
        assert page.get_by_role("button", name="Usulkan untuk dirilis").count() == 0
        closing.fill(SAYING)
        press(page, "Simpan konsep")
        assert page.request.get(f"{place}/konsep").body().startswith(b"%PDF")
        press(page, "Usulkan untuk dirilis")
        judged(page, "usulan-sendiri")
        assert page.get_by_role("button", name="Rilis versi ini").count() == 0
        sign_in(page, server.origin, SECOND)
        page.goto(place)
        judged(page, "usulan")
        press(page, "Rilis versi ini")
        judged(page, "dirilis")
        newer = issue(composition)
        for letter in (older, newer):
            answer = composition.services.verifier.by_file(pdf_of(composition, letter))
            assert answer.verdict is Verdict.VALID
        assert newer.record.type_version == older.record.type_version + 1
    composition.close()


def _page(browser: Browser) -> Page:
    return browser.new_context(java_script_enabled=True).new_page()
