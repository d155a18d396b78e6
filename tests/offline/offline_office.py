"""An office at a real port, whose letters lead there, and a device that visits it."""

from __future__ import annotations

import shutil
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path

import pypdfium2  # type: ignore[import-untyped]  # publishes no types
import zxingcpp
from flask import Flask
from PIL import Image
from playwright.sync_api import Browser, BrowserContext, FilePayload, Page

from issuer.bootstrap import Composition
from issuer.config import SETTINGS_FILE, locate_templates
from issuer.domain.letter import Letter
from tests.browser.serving import Served
from tests.offices import BASE_URL, Clock, compose_office, pdf_of
from tests.web.web_office import make_app

PAGE = "/periksa/luring"
FILES = locate_templates() / "offline"
WAIT_MS = 30_000


def _pages(composition: Composition) -> Flask:
    return make_app(composition, secure_cookies=False)


@dataclass
class OfflineOffice:
    """A composed office; ``open`` and ``close`` are its network."""

    composition: Composition
    clock: Clock
    port: int
    server: Served | None = field(default=None)
    make_app: Callable[[Composition], Flask] = field(default=_pages)

    @property
    def origin(self) -> str:
        return f"http://localhost:{self.port}"

    def open(self) -> None:
        if self.server is None:
            self.server = Served(self.make_app(self.composition), self.port)

    def close(self) -> None:
        if self.server is not None:
            self.server.stop()
            self.server = None

    def publish(self) -> None:
        self.composition.publication.publish()

    def picture(self, letter: Letter, dpi: int = 150) -> Image.Image:
        """Return the first page of the letter as it looks."""
        return first_page(pdf_of(self.composition, letter), dpi)

    def qr_text(self, letter: Letter) -> str:
        """Return what a foreign reader finds in the letter's QR."""
        return read_qr(self.picture(letter))


def first_page(pdf: bytes, dpi: int = 150) -> Image.Image:
    """Render the first page of a file."""
    with pypdfium2.PdfDocument(pdf) as document:
        picture: Image.Image = document[0].render(scale=dpi / 72).to_pil()
        return picture.convert("RGB")


def read_qr(picture: Image.Image) -> str:
    """Return the text of the only QR in a picture."""
    (found,) = zxingcpp.read_barcodes(picture)
    return found.text


@contextmanager
def office_at_a_port(founded: Path, folder: Path) -> Iterator[OfflineOffice]:
    """Copy a founded office to an address of this machine and open it."""
    shutil.copytree(founded, folder)
    with socket.create_server(("localhost", 0)) as probe:
        port = probe.getsockname()[1]
    settings = folder / SETTINGS_FILE
    settings.write_text(settings.read_text("utf-8").replace(BASE_URL, f"http://localhost:{port}"))
    clock = Clock()
    office = OfflineOffice(compose_office(folder, clock), clock, port)
    office.publish()
    office.open()
    try:
        yield office
    finally:
        office.close()
        office.composition.close()


class Device:
    """A browser profile with the office's clock, and its page of the offline verifier."""

    def __init__(self, browser: Browser, office: OfflineOffice) -> None:
        self._office = office
        self.context: BrowserContext = browser.new_context(
            viewport={"width": 390, "height": 800}, locale="id-ID", timezone_id="Asia/Jakarta"
        )
        self.context.set_default_timeout(WAIT_MS)
        self.page: Page = self.context.new_page()
        self.problems: list[str] = []
        self.page.on("pageerror", lambda error: self.problems.append(str(error)))

    def visit(self, path: str = PAGE) -> None:
        """Open an address at the office's time and wait until the page is done."""
        self.page.clock.set_fixed_time(self._office.clock.now())
        self.page.goto(self._office.origin + path)
        self.page.wait_for_selector("html[data-ready]", state="attached")

    def lose_network(self) -> None:
        """Both ends: the office is down and the device has no network."""
        self._office.close()
        self.context.set_offline(True)

    def find_network(self) -> None:
        self._office.open()
        self.context.set_offline(False)

    def type(self, text: str) -> dict[str, str]:
        """Check a text and return what the page says."""
        self.page.fill("#text", text)
        self.page.click("#typed button")
        return self.answer()

    def upload(self, picture: Image.Image) -> dict[str, str]:
        """Check a photo and return what the page says."""
        data = BytesIO()
        picture.save(data, "PNG")
        return self.upload_bytes(data.getvalue())

    def upload_bytes(self, data: bytes) -> dict[str, str]:
        """Check a file that claims to be a photo and return what the page says."""
        photo: FilePayload = {"name": "foto.png", "mimeType": "image/png", "buffer": data}
        self.page.set_input_files("#photo", files=photo)
        return self.answer()

    def answer(self) -> dict[str, str]:
        """Wait for the answer; return its slots and its verdict, reasons and notes."""
        self.page.wait_for_selector("#answer:not([hidden])")
        said: dict[str, str] = self.page.evaluate(
            """() => {
                const answer = document.getElementById('answer');
                const slots = [...answer.querySelectorAll('[data-slot]')];
                const notes = [...answer.querySelectorAll('[data-code]')];
                return {
                    ...Object.fromEntries(slots.map(s => [s.dataset.slot, s.textContent.trim()])),
                    verdict: answer.dataset.verdict,
                    reasons: answer.dataset.reasons,
                    notes: notes.map(n => n.dataset.code).join(' '),
                    tone: answer.querySelector('.verdict').className,
                };
            }"""
        )
        return said

    def again(self) -> None:
        self.page.click("#again")

    def update(self) -> str:
        """Press the button; return the codes of what the page then warns of."""
        self.page.click("#update")
        self.page.wait_for_selector("#update:not([disabled])")
        codes: list[str] = self.page.eval_on_selector_all(
            "#problems [data-code]", "boxes => boxes.map(box => box.dataset.code)"
        )
        return " ".join(codes)

    def kept(self, slot: str) -> str:
        return self.page.inner_text(f"#kept [data-slot={slot}]")
