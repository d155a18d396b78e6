"""Every page of verification in a real browser: for everybody, on any screen, unscripted."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.chromium import axe_violations, chromium, sideways, sticking_out
from tests.browser.verification_pages import PAGES, Office, office_on_a_port

NARROW, WIDE = 320, 1280
LEAST_TARGET = 24
"""CSS pixels, WCAG 2.2, 2.5.8."""

WIRE_GOAL = 15_000

REFUSED = {
    "too many tries": (429, "Terlalu banyak percobaan."),
    "register away, QR": (200, "BELUM DAPAT DIPASTIKAN"),
    "register away, number": (200, "BELUM DAPAT DIPASTIKAN"),
    "register away, more": (503, "Layanan sedang tidak tersedia."),
    "register away, report": (503, "Layanan sedang tidak tersedia."),
}
"""What a state answers, and the first words of its page."""


@pytest.fixture(scope="module")
def office(founded: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    scratch = tmp_path_factory.mktemp("uploads")
    folder = shutil.copytree(founded, tmp_path_factory.mktemp("office") / "office")
    with office_on_a_port(folder, scratch) as opened:
        yield opened


@pytest.fixture(scope="module")
def browser(office: Office) -> Iterator[Browser]:
    with chromium() as running:
        yield running


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A page that runs no script of ours: there is none to run."""
    context = browser.new_context(viewport={"width": NARROW, "height": 720})
    yield context.new_page()
    context.close()


@pytest.mark.parametrize("name", PAGES)
def test_no_page_keeps_anybody_out(office: Office, page: Page, name: str) -> None:
    PAGES[name](page, office)
    for width in (NARROW, WIDE):
        page.set_viewport_size({"width": width, "height": 720})
        assert axe_violations(page) == [], width
        assert sideways(page) == 0, width
        assert sticking_out(page) == [], width
    too_small = page.evaluate(
        """least => [...document.querySelectorAll('a, button, input:not([type=hidden]), textarea')]
            .filter(e => !e.closest('p, li') || e.matches('.button'))
            .map(e => [e.outerHTML.slice(0, 80), (e.closest('label') || e).getBoundingClientRect()])
            .filter(([_, box]) => box.width > 0 && box.right > 0)
            .filter(([_, box]) => Math.min(box.width, box.height) < least)
            .map(([html, _]) => html)""",
        LEAST_TARGET,
    )
    assert too_small == []


def test_the_pages_of_what_is_refused_are_those(office: Office, page: Page) -> None:
    answers: list[int] = []
    page.on(
        "response",
        lambda response: (
            answers.append(response.status) if response.request.is_navigation_request() else None
        ),
    )
    for name, (status, words) in REFUSED.items():
        PAGES[name](page, office)
        assert answers[-1] == status, name
        assert words in page.locator("h1").inner_text(), name
        assert page.locator("a[href='/periksa']").first.is_visible(), name


def test_everything_works_without_scripts(office: Office, browser: Browser) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    for name in ("valid", "file, valid", "number, valid", "more, opened", "report, received"):
        PAGES[name](page, office)
        assert page.locator(".verdict.good").is_visible(), name
    context.close()


def test_the_verdict_is_read_first_and_every_control_is_reached_in_order(
    office: Office, page: Page
) -> None:
    PAGES["valid"](page, office)
    reached = []
    for _ in range(9):
        page.keyboard.press("Tab")
        reached.append(
            page.evaluate(
                """() => { const e = document.activeElement, s = getComputedStyle(e);
                   return [e.textContent.trim(), s.outlineStyle] }"""
            )
        )
    names = [name for name, _ in reached]
    assert names[0] == "Langsung ke isi"
    assert names[2:6] == [
        "English",
        "Lihat nama lengkap dan isi lain",
        "Periksa surat lain",
        "Laporkan surat ini",
    ]
    assert all(outline == "solid" for _, outline in reached[:6])
    order = page.evaluate(
        """() => [...document.querySelectorAll('main h1, main h2, main h3')]
            .map(e => e.tagName + ' ' + e.textContent.trim())"""
    )
    assert order[0] == "H1 ASLI DAN BERLAKU"
    assert [heading for heading in order if heading.startswith("H1")] == order[:1]


def test_the_verdict_stands_out_without_colours_of_ours(office: Office, browser: Browser) -> None:
    context = browser.new_context(forced_colors="active")
    page = context.new_page()
    for name, word in (("valid", "ASLI DAN BERLAKU"), ("revoked", "DICABUT")):
        PAGES[name](page, office)
        banner = page.locator(".verdict")
        assert word in banner.inner_text()
        assert banner.evaluate("e => getComputedStyle(e).borderTopWidth") == "8px"
        icon = banner.locator("svg")
        assert icon.is_visible()
        assert icon.evaluate("e => getComputedStyle(e).stroke") == banner.evaluate(
            "e => getComputedStyle(e).color"
        )
    context.close()


def test_print_keeps_the_verdict_and_drops_what_cannot_be_pressed(
    office: Office, page: Page
) -> None:
    for name in ("valid", "many, rows"):
        PAGES[name](page, office)
        page.emulate_media(media="print")
        assert page.locator("h1").first.is_visible()
        assert not page.locator(".button").first.is_visible()
        assert not page.locator(".tongue").first.is_visible()
        page.emulate_media(media="screen")


def test_a_first_visit_is_light_and_asks_nobody_else(office: Office, browser: Browser) -> None:
    context = browser.new_context()
    page = context.new_page()
    session = context.new_cdp_session(page)
    session.send("Network.enable")
    received: list[float] = []
    asked: list[str] = []
    session.on("Network.loadingFinished", lambda e: received.append(e["encodedDataLength"]))
    page.on("request", lambda request: asked.append(request.url))
    PAGES["valid"](page, office)
    page.locator(".prints img").scroll_into_view_if_needed()
    page.wait_for_load_state("networkidle")
    assert page.locator(".prints img").evaluate("e => e.complete && e.naturalWidth") == 176
    assert all(url.startswith(office.origin) for url in asked)
    assert 5000 < sum(received) <= WIRE_GOAL
    context.close()


def test_the_table_of_many_files_is_downloaded_without_asking_again(
    office: Office, page: Page
) -> None:
    PAGES["many, rows"](page, office)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    with page.expect_download() as waiting:
        page.locator("a[download]").click()
    download = waiting.value
    assert download.suggested_filename == "hasil-pemeriksaan.csv"
    saved = download.path().read_text("utf-8-sig")
    assert saved.count("\n") == 7
    assert office.valid.number in saved
    assert [url for url in asked if "/periksa" in url] == []
