"""The queue and the handing over of letters in a real browser: for everybody, on any screen."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from issuer.domain.access import Role
from tests.browser.chromium import WIDTHS, axe_violations, chromium, follow, sideways
from tests.browser.serving import served
from tests.casework.casework_office import SECOND, ask_more, from_home
from tests.offices import OPERATOR, WARD, Clock, compose_office
from tests.web.web_office import (
    CLERK,
    LURAH,
    PASSWORD,
    REVIEWER,
    WebOffice,
    make_app,
    open_web,
    typed_fields,
)

SHOTS = os.environ.get("ISSUER_TEST_SHOTS")
"""A folder for pictures of the pages, to be looked at; none are made without it."""

REASON = "Foto KTP buram. Foto lagi di tempat terang."
FOUR_EYES = "belum-menikah"


@dataclass
class Desk:
    """The office behind a port."""

    web: WebOffice
    origin: str

    def sign_in(self, page: Page, who: str) -> None:
        """Come in by the form."""
        page.context.clear_cookies()
        page.goto(f"{self.origin}/masuk")
        page.fill("#username", who)
        page.fill("#password", PASSWORD)
        follow(page, "main button:not(.second)")

    def case(self, page: Page, request_id: str) -> None:
        """Open a request in the queue."""
        page.goto(f"{self.origin}/loket/antrean/{request_id}")


@pytest.fixture(scope="module")
def desk(founded: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    folder = shutil.copytree(founded, tmp_path_factory.mktemp("office") / "office")
    clock = Clock()
    composition = compose_office(folder, clock)
    web = open_web(composition, clock)
    composition.services.accounts.create(
        username=SECOND,
        password=PASSWORD,
        full_name="Petugas Kedua Contoh",
        role=Role.COUNTER,
        agency_code=WARD,
    )
    ask_more(composition, four_eyes=True, slug=FOUR_EYES)
    ask_more(composition, reviews=3, slug="usaha")
    with served(make_app(composition, secure_cookies=False)) as server:
        yield Desk(web, server.origin)
    composition.close()


@pytest.fixture(scope="module")
def browser(desk: Desk) -> Iterator[Browser]:
    with chromium() as running:
        yield running


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A page without scripts: none of ours needs any."""
    context = browser.new_context(viewport={"width": 390, "height": 844})
    yield context.new_page()
    context.close()


def queue(page: Page, desk: Desk) -> None:
    for name in ("Sulastri Contohwati", "Bambang Misalkan Sastrowardoyo", "Endang Contoh"):
        from_home(desk.web.composition, name=name)
    page.goto(f"{desk.origin}/loket/antrean")


def empty_queue(page: Page, desk: Desk) -> None:
    page.goto(f"{desk.origin}/loket/antrean?keadaan=terlambat")


def to_be_reviewed(page: Page, desk: Desk) -> None:
    desk.case(page, from_home(desk.web.composition, "usaha").id)
    page.click("summary >> nth=0")


def reason_missing(page: Page, desk: Desk) -> None:
    desk.case(page, from_home(desk.web.composition).id)
    page.click("summary:has-text('Kembalikan')")
    follow(page, "button:text-is('Kembalikan')")


def returned(page: Page, desk: Desk) -> None:
    desk.case(page, from_home(desk.web.composition).id)
    page.click("summary:has-text('Kembalikan')")
    page.fill("#return-reason", REASON)
    follow(page, "button:text-is('Kembalikan')")


def corrected(page: Page, desk: Desk) -> None:
    returned(page, desk)
    follow(page, "text=Perbaiki isian bersama pemohon")
    page.fill("[name='purpose']", "mengurus pensiun")
    page.press("[name='purpose']", "Enter")


def came_second(page: Page, desk: Desk) -> None:
    sent = from_home(desk.web.composition)
    desk.case(page, sent.id)
    desk.web.composition.services.casework.review(OPERATOR, sent.id, 2)
    page.click("summary:has-text('Tolak')")
    page.fill("#reject-reason", REASON)
    follow(page, "button:text-is('Tolak')")


def waits_for_another(page: Page, desk: Desk) -> None:
    """A walk-in of a type with four eyes, typed at the counter."""
    walk_in(page, desk, FOUR_EYES)
    follow(page, "button:has-text('Simpan dan kirim ke antrean')")


def check_under_four_eyes(page: Page, desk: Desk) -> None:
    walk_in(page, desk, FOUR_EYES)


def walk_in(page: Page, desk: Desk, slug: str) -> None:
    letter_type = desk.web.composition.services.catalogue.get(slug)
    page.goto(f"{desk.origin}/loket/surat/baru/{slug}")
    holder = {
        "holder.nik": "3522995708900001",
        "holder.name": "Siti Aminah Contoh",
        "holder.birth_place": "Bojonegoro",
        "holder.birth_date.day": "17",
        "holder.birth_date.month": "8",
        "holder.birth_date.year": "1990",
        "holder.sex": "P",
        "holder.religion": "Islam",
        "holder.marital_status": "Belum Kawin",
        "holder.occupation": "Petani/Pekebun",
        "holder.nationality": "WNI",
        "holder.address": "Dusun Contoh, RT 003 RW 001",
        "purpose": "melamar pekerjaan",
        "signatory": LURAH,
    }
    for name, value in {**holder, **typed_fields(letter_type)}.items():
        box = page.locator(f"[name='{name}']")
        kind = box.first.evaluate("e => e.type || e.tagName.toLowerCase()")
        if kind == "radio":
            page.check(f"[name='{name}'][value='{value}']")
        elif kind == "select-one":
            box.select_option(value)
        elif kind != "hidden":
            box.fill(value)
    follow(page, "[name='holder.name']", "Enter")


def letter_of(desk: Desk) -> str:
    services = desk.web.composition.services
    sent = from_home(desk.web.composition)
    services.casework.review(OPERATOR, sent.id, 2)
    services.casework.forward(OPERATOR, sent.id, 3)
    return services.issuance.issue(OPERATOR, sent.id, LURAH).id


def issued(page: Page, desk: Desk) -> None:
    letter = desk.web.composition.services.letters.one(OPERATOR, letter_of(desk))
    desk.case(page, letter.request_id)


def to_hand_over(page: Page, desk: Desk) -> None:
    page.goto(f"{desk.origin}/loket/surat/{letter_of(desk)}/serah")


def receipt(page: Page, desk: Desk) -> None:
    to_hand_over(page, desk)
    page.fill("#receiver", "Siti Aminah, pemohon")
    follow(page, "#receiver", "Enter")


PAGES: dict[str, Callable[[Page, Desk], None]] = {
    "queue": queue,
    "empty queue": empty_queue,
    "to be reviewed": to_be_reviewed,
    "reason missing": reason_missing,
    "returned": returned,
    "corrected": corrected,
    "came second": came_second,
    "check under four eyes": check_under_four_eyes,
    "waits for another": waits_for_another,
    "issued": issued,
    "to hand over": to_hand_over,
    "receipt": receipt,
}
ALSO_OF_REVIEWERS = ("queue", "to be reviewed", "came second", "issued")


def look(page: Page, name: str) -> None:
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 844})
        assert axe_violations(page) == [], width
        assert sideways(page) == 0, width
        if SHOTS:
            page.screenshot(path=Path(SHOTS) / f"{name}-{width}.png", full_page=True)


@pytest.mark.parametrize("name", PAGES)
def test_no_page_of_the_queue_keeps_a_clerk_out(desk: Desk, page: Page, name: str) -> None:
    desk.sign_in(page, CLERK)
    PAGES[name](page, desk)
    look(page, name.replace(" ", "-"))


@pytest.mark.parametrize("name", ALSO_OF_REVIEWERS)
def test_no_page_of_the_queue_keeps_a_reviewer_out(desk: Desk, page: Page, name: str) -> None:
    desk.sign_in(page, REVIEWER)
    assert page.url == f"{desk.origin}/loket/antrean"
    PAGES[name](page, desk)
    look(page, f"reviewer-{name.replace(' ', '-')}")


def test_a_request_is_reviewed_and_handed_over_without_scripts(
    desk: Desk, browser: Browser
) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    desk.sign_in(page, CLERK)
    returned(page, desk)
    assert REASON in page.inner_text("main")
    follow(page, "button:has-text('Ajukan lagi')")
    follow(page, "button:has-text('Paraf dan teruskan')")
    assert "Menunggu tanda tangan pejabat." in page.inner_text("main")
    receipt(page, desk)
    assert "Tanda terima surat" in page.inner_text("h1")
    context.close()


def test_two_people_of_one_counter_see_a_walk_in_through(desk: Desk, browser: Browser) -> None:
    """By keyboard: the button that goes on has the focus when a page opens."""
    first, second = browser.new_context(), browser.new_context()
    mine, others = first.new_page(), second.new_page()
    desk.sign_in(mine, CLERK)
    desk.sign_in(others, SECOND)
    waits_for_another(mine, desk)
    assert "harus meneruskannya" in mine.inner_text(".next")
    others.goto(mine.url)
    others.keyboard.press("Enter")
    others.wait_for_selector("text=Menunggu tanda tangan pejabat.")
    first.close()
    second.close()
