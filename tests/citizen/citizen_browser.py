"""A resident at home, with a browser that has no scripts."""

from __future__ import annotations

import re

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.offices import WARD
from tests.web.web_office import ANSWERS, WebOffice, post, visible

BORN = {"born.day": "17", "born.month": "8", "born.year": "1990"}
NAME = ANSWERS["holder.name"]
LAST = "/permohonan/periksa"
COOKIE = "__Host-permohonan"


class Resident:
    """Answers page after page."""

    def __init__(self, web: WebOffice) -> None:
        self.web = web
        self.client: FlaskClient = web.client()

    def begin(self, slug: str = "domisili", agency: str = WARD) -> str:
        """Choose the office and return the address of the first question."""
        return self.sent(post(self.client, f"/ajukan/{slug}", {"agency": agency}))

    def answer(self, address: str, **other: str) -> TestResponse:
        """Send the page of a question, filled from the usual answers."""
        path = address.partition("?")[0]
        question = path.rpartition("/")[2]
        given = {name: text for name, text in ANSWERS.items() if name.startswith(question)}
        return post(self.client, address, {**given, **other})

    def fill(self, slug: str = "domisili", agency: str = WARD) -> None:
        """Answer every question until all answers are shown."""
        address = self.begin(slug, agency)
        for _ in range(60):
            if address == LAST:
                return
            if address.endswith("/berkas"):
                address = LAST
                continue
            address = self.sent(self.answer(address))
        raise AssertionError("no end of questions")

    def send(self) -> TestResponse:
        """Declare and send."""
        return post(self.client, "/permohonan/kirim", {"declared": "1"})

    def apply(self) -> str:
        """Answer everything, send it, and return the code."""
        self.fill()
        assert self.sent(self.send()) == "/permohonan/tanda-terima"
        return self.code()

    def code(self) -> str:
        """Return the code that the device shows."""
        page = self.client.get("/permohonan/simpan").text
        found = re.search(r'class="bigcode code">([0-9A-Z-]{14})<', page)
        assert found, visible(page)
        return found[1]

    def come_back(self, code: str, **born: str) -> TestResponse:
        """Open the request on another device."""
        self.client = self.web.client()
        return post(self.client, f"/ikuti/{code}", {**BORN, **born})

    @staticmethod
    def sent(response: TestResponse) -> str:
        """Return where a form led to."""
        assert response.status_code == 303, visible(response.text)
        return response.headers["Location"]
