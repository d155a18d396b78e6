"""Documents at the counter: added to a request there, what was seen in original, and by whom."""

from __future__ import annotations

import io
import re
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from PIL import Image
from werkzeug.test import TestResponse

from issuer.bootstrap import Composition
from issuer.domain.access import Actor, Role
from issuer.domain.application import KEPT_AFTERWARDS, MAX_DOCUMENTS
from issuer.domain.errors import InvalidInput, NotFound, NotPermitted, StaleVersion
from issuer.domain.letter_request import LetterRequest
from tests.casework.casework_office import (
    CLERK,
    REVIEWER,
    SECOND_CLERK,
    SIGNATORY,
    STRANGER,
    ask_more,
    ask_no_more,
    at_the_counter,
    from_home,
)
from tests.offices import OPERATOR, WARD, Clock, example, work_three_days
from tests.web import web_office
from tests.web.web_office import OFFICER, SLUG, WebOffice, csrf, hidden, post, visible

MARK = b"6 derajat 58 menit lintang selatan"
NEW = f"/loket/surat/baru/{SLUG}"


def photo(size: int = 40, mark: bytes = MARK) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (size, size), "green").save(out, "JPEG", comment=mark)
    return out.getvalue()


def stored(office: Composition) -> list[Path]:
    return list((office.settings.data_dir / "documents").rglob("*.sealed"))


def events(office: Composition, subject: str) -> list[tuple[str, str, dict[str, str | int]]]:
    with office.register.reading() as uow:
        found = [entry.event for entry in uow.audit.entries(subject)]
    return [(e.action, e.actor_id, dict(e.facts)) for e in found if "document" in e.action]


def test_a_clerk_adds_a_document_that_his_agency_sees_and_no_other(either: Composition) -> None:
    documents = either.services.documents
    request = at_the_counter(either)
    before = len(stored(either))
    added = documents.add_at_counter(CLERK, request.id, 0, photo())
    # The same photo again is one document.
    assert documents.add_at_counter(SECOND_CLERK, request.id, 0, photo()) == added
    assert len(stored(either)) == before + 1
    for staff in (CLERK, SECOND_CLERK, REVIEWER, SIGNATORY):
        assert documents.list(staff, request.id) == [added]
        _, data = documents.open(staff, request.id, added.id)
        assert data.startswith(b"\xff\xd8\xff")
        assert MARK not in data
    assert not [path for path in stored(either) if b"JFIF" in path.read_bytes()]
    for refused in (
        lambda: documents.list(STRANGER, request.id),
        lambda: documents.open(STRANGER, request.id, added.id),
        lambda: documents.add_at_counter(STRANGER, request.id, 0, photo(41)),
        lambda: documents.remove_at_counter(STRANGER, request.id, added.id),
        # Who reviews or signs reads, and adds nothing.
        lambda: documents.add_at_counter(REVIEWER, request.id, 0, photo(41)),
        lambda: documents.add_at_counter(SIGNATORY, request.id, 0, photo(41)),
        lambda: documents.remove_at_counter(REVIEWER, request.id, added.id),
    ):
        with pytest.raises(NotPermitted):
            refused()
    other = at_the_counter(either)
    with pytest.raises(NotFound):
        documents.open(CLERK, other.id, added.id)
    documents.remove_at_counter(SECOND_CLERK, other.id, added.id)
    assert documents.list(CLERK, request.id) == [added]
    documents.remove_at_counter(SECOND_CLERK, request.id, added.id)
    documents.remove_at_counter(SECOND_CLERK, request.id, added.id)
    assert documents.list(CLERK, request.id) == []
    assert len(stored(either)) == before
    noted = [
        (action, who) for action, who, _ in events(either, request.id) if "opened" not in action
    ]
    assert noted == [("document.added", CLERK.id), ("document.removed", SECOND_CLERK.id)]


def test_what_is_no_document_and_what_is_too_much_is_not_kept(office: Composition) -> None:
    documents = office.services.documents
    request = at_the_counter(office)
    for data in (b"", b"MZ" + bytes(99), photo()[:300]):
        with pytest.raises(InvalidInput):
            documents.add_at_counter(CLERK, request.id, 0, data)
    for place in (-1, 99):
        with pytest.raises(NotFound):
            documents.add_at_counter(CLERK, request.id, place, photo())
    with pytest.raises(NotFound):
        documents.add_at_counter(CLERK, "0" * 32, 0, photo())
    assert stored(office) == []
    for size in range(MAX_DOCUMENTS):
        documents.add_at_counter(CLERK, request.id, 0, photo(20 + size))
    with pytest.raises(InvalidInput, match="too_many_documents"):
        documents.add_at_counter(CLERK, request.id, 1, photo(99))
    assert len(stored(office)) == MAX_DOCUMENTS


def test_nothing_is_added_to_what_ended_without_a_letter(office: Composition) -> None:
    documents, casework = office.services.documents, office.services.casework
    request = at_the_counter(office)
    added = documents.add_at_counter(CLERK, request.id, 0, photo())
    office.services.issuance.issue(OPERATOR, request.id, "lurah-3522151001")
    # A busy counter issues first and scans afterwards.
    documents.add_at_counter(CLERK, request.id, 1, photo())
    gone = from_home(office)
    casework.reject(CLERK, gone.id, gone.version, "Bukan warga kelurahan ini.")
    with pytest.raises(StaleVersion):
        documents.add_at_counter(CLERK, gone.id, 0, photo())
    with pytest.raises(StaleVersion):
        documents.remove_at_counter(CLERK, gone.id, added.id)


def test_documents_of_the_counter_go_a_year_after_their_request_ended(
    either: Composition, clock: Clock
) -> None:
    documents, applications = either.services.documents, either.services.applications
    before = len(stored(either))
    waiting, issued = at_the_counter(either), at_the_counter(either)
    for request in (waiting, issued):
        documents.add_at_counter(CLERK, request.id, 0, photo())
    either.services.issuance.issue(OPERATOR, issued.id, "lurah-3522151001")
    clock.advance(KEPT_AFTERWARDS - timedelta(days=1))
    work_three_days(either, clock.now())
    applications.sweep()
    assert len(documents.list(CLERK, issued.id)) == 1
    clock.advance(timedelta(days=2))
    # By a clock that nothing bears out, nothing is removed.
    clock.advance(timedelta(days=60))
    assert applications.sweep() == 0
    assert len(documents.list(CLERK, issued.id)) == 1
    work_three_days(either, clock.now())
    applications.sweep()
    assert documents.list(CLERK, issued.id) == []
    assert len(documents.list(CLERK, waiting.id)) == 1
    assert len(stored(either)) == before + 1


def test_what_was_seen_stays_with_the_request_and_in_the_trail(either: Composition) -> None:
    services = either.services
    order = services.intake.check(SLUG, WARD, example(either))
    opened = services.intake.open_at_counter(
        CLERK,
        replace(order, seen=(0, 2)),
        request_id=services.intake.new_request_id(),
        origin="counter",
    )
    assert services.casework.one(REVIEWER, opened.id).request.seen == (0, 2)
    assert events(either, opened.id) == [("documents.seen", CLERK.id, {"places": "1, 3"})]
    # Whoever sends it again adds what he has seen and takes nothing away.
    returned = services.casework.return_(OPERATOR, opened.id, opened.version, "Kurang.")
    again = services.casework.submit(CLERK, opened.id, returned.version, replace(order, seen=(1,)))
    assert again.seen == (0, 1, 2)
    assert events(either, opened.id)[-1] == ("documents.seen", CLERK.id, {"places": "1, 2, 3"})
    unseen = at_the_counter(either)
    assert unseen.seen == ()
    assert events(either, unseen.id) == []


def test_a_copy_of_ones_data_names_the_documents(office: Composition) -> None:
    request = at_the_counter(office)
    office.services.documents.add_at_counter(CLERK, request.id, 1, photo())
    held = office.services.personal_data.about(OPERATOR, request.holder.nik)
    (content,) = [one.content for one in held if one.facts.get("id") == request.id]
    assert content is not None
    today = office.services.office.today(office.services.clock.now()).isoformat()
    (stored_one,) = office.services.documents.list(CLERK, request.id)
    named = {"place": 2, "kind": "jpeg", "bytes": stored_one.size, "date": today}
    assert content["documents"] == [named]


# --- the pages ----------------------------------------------------------------------------


def choose(
    client: FlaskClient, request_id: str, chosen: dict[str, list[bytes]], **buttons: str
) -> TestResponse:
    files = {
        entry: [(io.BytesIO(data), f"pindai-{n}.jpg") for n, data in enumerate(several)]
        for entry, several in chosen.items()
    }
    form = {"csrf_token": csrf(client), **buttons, **files}
    return client.post(f"/loket/berkas/{request_id}", data=form)


def open_by_page(web: WebOffice, seen: list[str]) -> str:
    """Send a form through the pages with these originals ticked; return the request's id."""
    clerk = web.client(web_office.CLERK)
    begun = hidden(clerk.get(NEW).text)
    checked = post(clerk, f"{NEW}/periksa", {**begun, **web_office.ANSWERS, "go": "1"})
    form: dict[str, object] = {**hidden(checked.text), "seen": seen}
    return clerk.post(f"{NEW}/terbitkan", data=form).headers["Location"]


def test_from_the_ticks_of_the_counter_to_the_officer(web: WebOffice) -> None:
    ask_more(web.composition, reviews=2)
    try:
        case = open_by_page(web, ["0", "1", "99", "x"])
    finally:
        ask_no_more(web.composition)
    request_id = case.rsplit("/", 1)[1]
    clerk = web.client(web_office.CLERK)
    assert f'href="/loket/berkas/{request_id}"' in clerk.get(case).text
    page = clerk.get(f"/loket/berkas/{request_id}").text
    assert page.count("Aslinya sudah dilihat") == 2
    assert 'capture="environment"' in page
    answer = choose(clerk, request_id, {"file-2": [photo(30), photo(31)], "file-3": [photo()[:99]]})
    assert answer.status_code == 422
    assert "pindai-0.jpg: Berkas ini rusak" in answer.text
    assert "Berkas lain yang Anda pilih sudah tersimpan" in visible(answer.text)
    first, _ = re.findall(r'name="remove" value="([0-9a-f]{32})"', answer.text)
    assert choose(clerk, request_id, {}, remove=first).status_code == 303
    for who, place in ((web_office.REVIEWER, case), (OFFICER, f"/pejabat/surat/{request_id}")):
        client = web.client(who)
        shown = client.get(place).text
        assert "Aslinya sudah dilihat di loket: KTP-el" in visible(shown)
        assert "/loket/berkas/" not in shown
        (address,) = re.findall(r'href="([^"]*/berkas/[0-9a-f]{32})"', shown)
        assert client.get(address).mimetype == "image/jpeg"
    other = web.client(web_office.OTHER_OFFICER)
    assert other.get(f"/pejabat/surat/{request_id}/berkas/{first}").status_code == 403


def test_a_letter_that_is_issued_leads_to_its_documents(web: WebOffice) -> None:
    where = open_by_page(web, [])
    clerk = web.client(web_office.CLERK)
    (address,) = re.findall(r'href="(/loket/berkas/[0-9a-f]{32})"', clerk.get(where).text)
    assert choose(clerk, address.rsplit("/", 1)[1], {"file-0": [photo(33)]}).status_code == 303
    page = clerk.get(address).text
    assert f'href="{where}"' in page
    assert "Foto terlampir 1" in visible(page)


def test_ticks_are_kept_when_the_answers_are_changed(web: WebOffice) -> None:
    clerk = web.client(web_office.CLERK)
    begun = hidden(clerk.get(NEW).text)
    form = {**begun, **web_office.ANSWERS, "seen": "1"}
    changed = post(clerk, NEW, form).text
    assert '<input type="hidden" name="seen" value="1">' in changed
    checked = post(clerk, f"{NEW}/periksa", {**form, "go": "1"}).text
    assert re.search(r'name="seen" value="1" checked', checked)
    assert not re.search(r'name="seen" value="0" checked', checked)


def test_the_applicant_s_own_documents_are_not_the_clerk_s_to_remove(web: WebOffice) -> None:
    office = web.composition
    sent: LetterRequest = from_home(office)
    documents = office.services.documents
    mine = documents.add_at_counter(Actor("x", Role.COUNTER, WARD), sent.id, 0, photo())
    with office.register.writing() as uow:
        uow.applications.remove_document(mine.id)
        uow.applications.add_document(replace(mine, added_by=None))
        uow.commit()
    page = web.client(web_office.CLERK).get(f"/loket/berkas/{sent.id}").text
    assert "dari pemohon" in page
    assert 'name="remove"' not in page
    choose(web.client(web_office.CLERK), sent.id, {}, remove=mine.id)
    assert len(documents.list(OPERATOR, sent.id)) == 1
