"""Every page and state of verification, and how a browser gets there."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from playwright.sync_api import Page
from sqlalchemy import make_url

from issuer.domain.letter import Letter
from issuer.domain.limits import ALLOWANCES, Rule
from tests.browser.serving import served
from tests.office.foreign_documents import Stranger, plain
from tests.offices import BASE_URL, OPERATOR, WARD, Clock, compose_office, example, issue, pdf_of
from tests.web.web_office import LURAH, WebOffice, make_app, open_web

PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de0000000c49444154789c63f8"
    "ffff3f0005fe02fe0def46b80000000049454e44ae426082"
)


@dataclass
class Office:
    """Letters in every state, behind a port, and a folder with files to upload."""

    web: WebOffice
    origin: str
    folder: Path
    revoked: Letter
    superseded: Letter
    expiring: Letter
    sensitive: Letter
    foreign: bytes

    @property
    def valid(self) -> Letter:
        """A letter in force."""
        return self.web.letter

    def address(self, letter: Letter) -> str:
        """Return where the QR of a letter leads, on this port."""
        return (letter.qr_text or "").replace(BASE_URL, self.origin)

    def file(self, name: str, data: bytes) -> Path:
        """Write a file to upload."""
        path = self.folder / name
        path.write_bytes(data)
        return path


Reach = Callable[[Page, Office], object]
"""Brings a page to a state."""


@contextmanager
def office_on_a_port(folder: Path, scratch: Path) -> Iterator[Office]:
    """Open the office of a folder with its pages, and issue a letter for each state."""
    clock = Clock()
    composition = compose_office(folder, clock)
    web = open_web(composition, clock)
    letters = composition.services.letters
    revoked, old, expiring, sensitive = (
        issue(composition, slug, WARD, LURAH)
        for slug in ("domisili", "domisili", "domisili", "tidak-mampu")
    )
    letters.revoke(OPERATOR, revoked.id, "Alamat pada surat ternyata keliru.")
    order = composition.services.intake.check("domisili", WARD, example(composition))
    letters.replace(OPERATOR, old.id, order, "Nama diperbaiki.", LURAH, origin="test")
    foreign = Stranger("Notaris Contoh, S.H., M.Kn.").sign(plain())
    with served(make_app(composition, secure_cookies=False)) as server:
        yield Office(web, server.origin, scratch, revoked, old, expiring, sensitive, foreign)
    composition.close()


def press(page: Page, what: str) -> None:
    """Press a button or link and wait until the next page is there."""
    with page.expect_navigation():
        page.locator(what).click()


def landing(letter: Callable[[Office], Letter], later: timedelta = timedelta()) -> Reach:
    """Return the way to a letter's page, perhaps after some time."""

    def reach(page: Page, office: Office) -> None:
        office.web.clock.advance(later)
        page.goto(office.address(letter(office)))
        office.web.clock.advance(-later)

    return reach


def address(path: str) -> Reach:
    """Return the way to a fixed address."""
    return lambda page, office: page.goto(office.origin + path)


def pressed(path: str, field: str) -> Reach:
    """Return the way to a form that was sent as it is."""

    def reach(page: Page, office: Office) -> None:
        page.goto(office.origin + path)
        press(page, f"form:has(#{field}) button")

    return reach


def upload(name: str, data: Callable[[Office], bytes]) -> Reach:
    """Return the way to the answer about a file."""

    def reach(page: Page, office: Office) -> None:
        page.goto(office.origin + "/periksa")
        page.set_input_files("#file", office.file(name, data(office)))
        press(page, "form:has(#file) button")

    return reach


def typed(number: str | None, code: str | None) -> Reach:
    """Return the way to the answer about number and code; None is the true one."""

    def reach(page: Page, office: Office) -> None:
        page.goto(office.origin + "/periksa")
        page.fill("#number", office.valid.number if number is None else number)
        page.fill("#code", office.valid.verification_code if code is None else code)
        press(page, "form:has(#number) button")

    return reach


def batch(page: Page, office: Office) -> None:
    """Go to the rows of five files of different kinds."""
    pdf = pdf_of(office.web.composition, office.valid)
    files = {
        "surat-domisili.pdf": pdf,
        "salinan-yang-diubah-namanya-menjadi-sangat-panjang-sekali-supaya-terpotong.pdf": pdf
        + b"\n",
        "dicabut.pdf": pdf_of(office.web.composition, office.revoked),
        "akta.pdf": office.foreign,
        "foto.png": PNG,
        "catatan.txt": b"bukan surat",
    }
    page.goto(office.origin + "/periksa/banyak")
    page.set_input_files("#files", [office.file(name, data) for name, data in files.items()])
    press(page, "form:has(#files) button")


def disclosure(proof: Callable[[Office], str]) -> Reach:
    """Return the way to more of a letter of a sensitive type."""

    def reach(page: Page, office: Office) -> None:
        page.goto(office.address(office.sensitive))
        press(page, "a[href$='/lengkap']")
        page.fill("#proof", proof(office))
        press(page, "form:has(#proof) button")

    return reach


def report(finding: str | None) -> Reach:
    """Return the way to the thanks, or without a finding to the form with its complaint."""

    def reach(page: Page, office: Office) -> None:
        page.goto(office.origin + "/lapor")
        if finding:
            page.check(f"input[value={finding}]")
        page.fill("#detail", "Nama di kertas berbeda dari halaman pemeriksaan.")
        press(page, "form:has(#detail) button")

    return reach


def too_often(page: Page, office: Office) -> None:
    """Go to the refusal of one who tries codes of a number until the limit is met."""
    for _ in range(ALLOWANCES[Rule.WRONG_CODE_PER_NUMBER].attempts + 1):
        typed("400.12/999/2026", "0000-0000-0000")(page, office)


def without(table: str, reach: Reach) -> Reach:
    """Return the way to a page while a table of the register cannot be read at all."""

    def while_away(page: Page, office: Office) -> None:
        database = make_url(office.web.composition.settings.database_url).database
        with closing(sqlite3.connect(database or "", isolation_level=None)) as connection:
            # Triggers and foreign keys keep the name they were written with.
            connection.execute("PRAGMA legacy_alter_table = ON")
            connection.execute(f"ALTER TABLE {table} RENAME TO {table}_away")
            try:
                reach(page, office)
            finally:
                connection.execute(f"ALTER TABLE {table}_away RENAME TO {table}")

    return while_away


def own(office: Office) -> bytes:
    """Return the file of the letter in force."""
    return pdf_of(office.web.composition, office.valid)


def unsigned(_office: Office) -> bytes:
    """Return a PDF without any signature."""
    return b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog >>\nendobj\ntrailer\n<< /Root 1 0 R >>\n%%EOF\n"


def scripted(office: Office) -> bytes:
    """Return a PDF that holds a script."""
    return unsigned(office).replace(b"/Catalog", b"/Catalog /OpenAction << /S /JavaScript >>")


PAGES: dict[str, Reach] = {
    "start": address("/"),
    "valid": landing(lambda office: office.valid),
    "valid in English": lambda page, office: page.goto(office.address(office.valid) + "?lang=en"),
    "expired": landing(lambda office: office.expiring, timedelta(days=400)),
    "revoked": landing(lambda office: office.revoked),
    "superseded": landing(lambda office: office.superseded),
    "sensitive": landing(lambda office: office.sensitive),
    "unknown": address("/v/123"),
    "ask": address("/periksa"),
    "ask, nothing chosen": pressed("/periksa", "file"),
    "file, valid": upload("surat.pdf", own),
    "file, altered": upload("surat.pdf", lambda office: own(office) + b"\n"),
    "file, unsigned": upload("pindaian.pdf", unsigned),
    "file, scripted": upload("skrip.pdf", scripted),
    "file, foreign": upload("notaris.pdf", lambda office: office.foreign),
    "file, no QR": upload("foto.png", lambda _office: PNG),
    "number, valid": typed(None, None),
    "number, wrong code": typed(None, "0000-0000-0000"),
    "number, no code": typed(None, ""),
    "many": address("/periksa/banyak"),
    "many, rows": batch,
    "many, nothing chosen": pressed("/periksa/banyak", "files"),
    "more, wrong": disclosure(lambda _office: "0001x"),
    "more, opened": disclosure(lambda office: office.sensitive.record.holder["nik"][-4:]),
    "report": address("/lapor"),
    "report, wrong": report(None),
    "report, received": report("content_differs"),
    "too many tries": too_often,
    "register away, QR": without("letters", landing(lambda office: office.valid)),
    "register away, number": without("attempts", typed(None, None)),
    "register away, more": without("attempts", disclosure(lambda _office: "0001x")),
    "register away, report": without("forgery_reports", report("content_differs")),
    "not found": address("/tidak-ada"),
    "no such drawing": address("/roset/x.svg"),
}
