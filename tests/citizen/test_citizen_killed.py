"""The web killed while residents ask: nothing that was answered is lost."""

from __future__ import annotations

import io
import random
import re
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from queue import SimpleQueue
from threading import Event

from PIL import Image

from issuer.bootstrap import Composition, SystemClock
from issuer.config import SETTINGS_FILE
from issuer.domain.codes import read_code
from issuer.domain.letter_request import RequestState
from issuer.domain.messages import Contact, MessageKind
from issuer.domain.outbox import RETRY_AFTER, DeliveryState
from issuer.services.outbox_sending import LEASE
from tests.casework.casework_office import CLERK
from tests.citizen.killed_server import PATIENCE_SECONDS, Server, Visitor
from tests.databases import fresh_postgres
from tests.messages.mail_server import Inbox, mail_server
from tests.messages.message_office import add_mail
from tests.offices import WARD, Clock, compose_office, found_office
from tests.web.web_office import ANSWERS

RESIDENTS = 2
KILLED_AFTER = ("/permohonan/berkas", "/permohonan/kirim", "/permohonan/kabar", "/permohonan/batal")
"""The answers after which somebody is killed; whoever else is being answered meets it too."""

LONGEST_PAUSE_SECONDS = 0.03
AFTERWARDS = "mengurus rekening bank"


@dataclass
class Answered:
    """What one resident was told is done; ``width`` is of the photo that he sent."""

    code: str
    email: str
    width: int
    cancelled: bool


def ask(visitor: Visitor, office: Composition, number: int) -> Answered:
    """Go one resident's whole way: send, be told, then cancel or correct what was returned."""
    width, email = 40 + number, f"warga{number}@contoh.example"
    address = visitor.post("/ajukan/domisili", agency=WARD)
    while "/permohonan/isi/" in address:
        question = address.rpartition("/")[2]
        given = {name: text for name, text in ANSWERS.items() if name.startswith(question)}
        address = visitor.post(address, **given)
    visitor.upload("/permohonan/berkas", "file-0", photo(width))
    visitor.post("/permohonan/kirim", declared="1")
    found = re.search(r'class="bigcode code">([0-9A-Z-]{14})<', visitor.get("/permohonan/simpan"))
    assert found
    visitor.post("/permohonan/kabar", email=email)
    cancelled = number % 2 == 1
    if cancelled:
        visitor.post("/permohonan/batal")
    else:
        request_id = of_code(office, found[1])
        version = office.services.casework.one(CLERK, request_id).request.version
        office.services.casework.return_(CLERK, request_id, version, "Keperluan kurang jelas")
        visitor.post("/permohonan/isi/purpose?periksa=1", purpose=AFTERWARDS)
        visitor.post("/permohonan/kirim", declared="1")
    return Answered(found[1], email, width, cancelled)


def photo(width: int) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (width, 30), "green").save(out, "JPEG")
    return out.getvalue()


def of_code(office: Composition, code: str) -> str:
    with office.register.reading() as uow:
        application = uow.applications.by_code(read_code(code) or "")
    assert application is not None
    assert application.request_id is not None
    return application.request_id


def killed_while_residents_ask(folder: Path, database_url: str | None = None) -> None:
    began = SystemClock().now()
    found_office(folder, Clock(began), database_url)
    with (folder / SETTINGS_FILE).open("a", encoding="utf-8") as file:
        file.write("trusted_proxies = 1\n")
    with mail_server() as inbox:
        add_mail(folder, f"smtp://127.0.0.1:{inbox.port}")
        clock = Clock(began)
        office = compose_office(folder, clock)
        server, over, numbers = Server(folder), Event(), count()
        heard: SimpleQueue[str] = SimpleQueue()
        try:
            with ThreadPoolExecutor(RESIDENTS) as threads:
                many = [
                    threads.submit(
                        keep_asking,
                        lambda number: Visitor(server.port, number, heard),
                        office,
                        over,
                        lambda: next(numbers),
                    )
                    for _ in range(RESIDENTS)
                ]
                try:
                    kill_after_answers(server, heard)
                finally:
                    over.set()
                told = [one.result() for one in many]
        finally:
            server.kill_all()
        assert sum(unanswered for _, unanswered in told) > 0, "no kill met anybody"
        answered = [one for done, _ in told for one in done]
        clock.at_utc = SystemClock().now() + LEASE + RETRY_AFTER[0]
        office.services.message_sending.sweep()
        nothing_is_lost_or_doubled(office, answered, inbox)
        office.close()


def keep_asking(
    visitor_of: Callable[[int], Visitor],
    office: Composition,
    over: Event,
    next_number: Callable[[], int],
) -> tuple[list[Answered], int]:
    """Be one resident after another until it is over; return what was answered."""
    done, unanswered = [], 0
    while not over.is_set():
        number = next_number()
        visitor = visitor_of(number)
        done.append(ask(visitor, office, number))
        unanswered += visitor.unanswered
    return done, unanswered


def kill_after_answers(server: Server, heard: SimpleQueue[str]) -> None:
    """Kill the workers a moment after they answered, and once everything."""
    chance = random.Random(3522)
    for number, path in enumerate(KILLED_AFTER):
        while not heard.empty():
            heard.get()
        while heard.get(timeout=PATIENCE_SECONDS) != path:
            pass
        time.sleep(chance.uniform(0, LONGEST_PAUSE_SECONDS))
        if number == 1:
            server.kill_all()
            server.start_again()
        else:
            server.kill_workers()


def nothing_is_lost_or_doubled(office: Composition, answered: list[Answered], inbox: Inbox) -> None:
    assert len(answered) >= RESIDENTS
    requests = {of_code(office, one.code): one for one in answered}
    with office.register.reading() as uow:
        assert sorted(requests) == sorted(history.request_id for history in uow.cases.histories())
    for request_id, one in requests.items():
        request = office.services.casework.one(CLERK, request_id).request
        (document,) = office.services.documents.list(CLERK, request_id)
        data = office.services.documents.open(CLERK, request_id, document.id)[1]
        with Image.open(io.BytesIO(data)) as image:
            assert image.width == one.width
        with office.register.reading() as uow:
            assert uow.contacts.find(request_id) == Contact(one.email, "")
            rows = uow.messages.list(request_id=request_id, most=99)
        assert {row.state for row in rows} == {DeliveryState.DELIVERED}
        kinds = sorted(row.kind for row in rows)
        if one.cancelled:
            assert request.state is RequestState.CANCELLED
            assert kinds == [MessageKind.CANCELLED, MessageKind.RECEIVED]
        else:
            assert (request.state, request.purpose) == (RequestState.SUBMITTED, AFTERWARDS)
            assert kinds == [MessageKind.RECEIVED, MessageKind.RECEIVED, MessageKind.RETURNED]
        mails = {mail["Message-ID"] for mail in inbox.mails if mail["To"] == one.email}
        assert len(mails) == len(rows), "twice is allowed under one id, and never is not"
    assert list(office.selfcheck.run()) == []


def test_nothing_that_was_answered_is_lost(tmp_path: Path) -> None:
    killed_while_residents_ask(tmp_path / "office")


def test_nothing_that_was_answered_is_lost_on_postgresql(tmp_path: Path) -> None:
    with fresh_postgres() as url:
        killed_while_residents_ask(tmp_path / "office", url)
