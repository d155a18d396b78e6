"""Documents from home: kept encrypted, seen by their owner and his agency, and nobody else."""

from __future__ import annotations

import io
import re
from pathlib import Path

import pytest
from PIL import Image
from werkzeug.test import TestResponse

from issuer.domain.access import Actor, Role
from issuer.domain.application import DRAFT_LIVES, MAX_DOCUMENTS
from issuer.domain.errors import NotFound, NotPermitted
from tests.citizen.citizen_browser import Resident
from tests.offices import OPERATOR, VILLAGE, WARD, work_three_days
from tests.web.web_office import WebOffice, csrf

CLERK = Actor("petugas", Role.COUNTER, WARD)
STRANGER = Actor("petugas-lain", Role.COUNTER, VILLAGE)
MARK = b"6 derajat 58 menit lintang selatan"


def photo() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (2400, 1800), "green").save(out, "JPEG", comment=MARK)
    return out.getvalue()


def picture(size: int) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (size, size)).save(out, "PNG")
    return out.getvalue()


def upload(resident: Resident, data: bytes, place: int = 0) -> TestResponse:
    return choose(resident, {f"file-{place}": [("ktp.jpg", data)]})


def choose(
    resident: Resident, chosen: dict[str, list[tuple[str, bytes]]], **buttons: str
) -> TestResponse:
    """Send the form of all documents with these files in its entries."""
    files = {
        entry: [(io.BytesIO(data), name) for name, data in several]
        for entry, several in chosen.items()
    }
    form = {"csrf_token": csrf(resident.client), **buttons, **files}
    return resident.client.post("/permohonan/berkas", data=form)


def ids(resident: Resident) -> list[str]:
    page = resident.client.get("/permohonan/berkas").text
    return re.findall(r"/permohonan/berkas/([0-9a-f]{32})/lihat", page)


def stored(web: WebOffice) -> list[Path]:
    return list((web.composition.settings.data_dir / "documents").rglob("*.sealed"))


def test_a_photo_is_kept_small_encrypted_and_seen_by_the_agency_alone(web: WebOffice) -> None:
    resident = Resident(web)
    resident.fill()
    assert upload(resident, photo()).status_code == 303
    (document_id,) = ids(resident)
    seen = resident.client.get(f"/permohonan/berkas/{document_id}/lihat")
    assert seen.mimetype == "image/jpeg"
    with Image.open(io.BytesIO(seen.data)) as image:
        assert image.size == (2000, 1500)
    assert MARK not in seen.data
    (path,) = stored(web)
    assert b"JFIF" not in path.read_bytes()
    assert seen.data[:100] not in path.read_bytes()
    resident.send()
    documents = web.composition.services.documents
    (summary,) = web.composition.services.casework.queue(OPERATOR, WARD)
    (document,) = documents.list(CLERK, summary.id)
    assert documents.open(CLERK, summary.id, document.id)[1] == seen.data
    for look in (
        lambda: documents.list(STRANGER, summary.id),
        lambda: documents.open(STRANGER, summary.id, document.id),
    ):
        with pytest.raises(NotPermitted):
            look()
    with pytest.raises(NotFound):
        documents.open(CLERK, web.letter.request_id, document.id)
    with web.composition.register.reading() as uow:
        looks = [entry.event for entry in uow.audit.entries(summary.id)]
    assert [look.actor_id for look in looks if look.action == "document.opened"] == ["petugas"]


def test_a_document_of_somebody_else_is_not_there(web: WebOffice) -> None:
    owner, other = Resident(web), Resident(web)
    owner.begin()
    other.begin()
    upload(owner, photo())
    (document_id,) = ids(owner)
    assert other.client.get(f"/permohonan/berkas/{document_id}/lihat").status_code == 404
    choose(other, {}, remove=document_id)
    assert ids(owner) == [document_id]


def test_a_document_is_removed_with_its_file(web: WebOffice) -> None:
    resident = Resident(web)
    resident.begin()
    upload(resident, photo())
    (document_id,) = ids(resident)
    assert choose(resident, {}, remove=document_id).headers["Location"] == "/permohonan/berkas"
    assert (ids(resident), stored(web)) == ([], [])


def test_what_is_no_document_is_told_and_not_kept(web: WebOffice) -> None:
    resident = Resident(web)
    resident.begin()
    for data, words in (
        (b"", "Pilih berkas dahulu"),
        (b"\x00\x00\x00\x18ftypheic" + bytes(99), "Foto HEIC belum diterima"),
        (b"MZ" + bytes(99), "Hanya foto JPEG atau PNG"),
        (photo()[:500], "rusak atau tidak dapat dibaca"),
    ):
        refused = upload(resident, data)
        assert refused.status_code == 422
        assert words in refused.text
    assert stored(web) == []
    upload(resident, photo(), 99)
    assert stored(web) == []


def test_more_than_a_form_of_60_megabytes_is_not_even_read(web: WebOffice) -> None:
    resident = Resident(web)
    resident.begin()
    response = resident.client.post(
        "/permohonan/berkas",
        input_stream=io.BytesIO(bytes(60_500_000)),
        content_length=60_500_000,
        content_type="multipart/form-data; boundary=x",
    )
    assert response.status_code == 413


def test_all_that_was_chosen_is_kept_with_one_button(web: WebOffice) -> None:
    resident = Resident(web)
    resident.begin()
    several = {
        "file-0": [("a.png", picture(21)), ("b.png", picture(22))],
        "file-1": [("c.png", picture(23))],
    }
    assert choose(resident, several).headers["Location"] == "/permohonan/periksa"
    assert len(ids(resident)) == len(stored(web)) == 3
    assert choose(resident, {}).headers["Location"] == "/permohonan/periksa"
    more = choose(resident, {"file-0": [("d.png", picture(24))]}, stay="1")
    assert more.headers["Location"] == "/permohonan/berkas"
    assert len(ids(resident)) == 4


def test_one_that_is_bad_is_told_beside_its_entry_and_keeps_no_other_away(web: WebOffice) -> None:
    resident = Resident(web)
    resident.begin()
    page = choose(
        resident,
        {
            "file-0": [("bagus.png", picture(21)), ("rusak<b>.jpg", photo()[:500])],
            "file-1": [("bagus-2.png", picture(22))],
        },
    )
    assert page.status_code == 422
    assert len(ids(resident)) == 2
    entry, other = page.text.split('id="berkas-1"')
    assert "rusak&lt;b&gt;.jpg: Berkas ini rusak" in entry.split('id="berkas-0"')[1]
    assert "Berkas ini rusak" not in other
    assert "Berkas lain yang Anda pilih sudah tersimpan" in entry
    assert "bagus.png" not in page.text


def test_what_is_chosen_is_kept_when_another_document_is_removed(web: WebOffice) -> None:
    resident = Resident(web)
    resident.begin()
    upload(resident, picture(21))
    (old,) = ids(resident)
    choose(resident, {"file-1": [("b.png", picture(22))]}, remove=old)
    (new,) = ids(resident)
    assert new != old
    assert len(stored(web)) == 1


def test_a_form_sent_twice_leaves_every_document_once(web: WebOffice) -> None:
    resident = Resident(web)
    resident.begin()
    twice = {"file-0": [("a.png", picture(21))], "file-1": [("a.png", picture(21))]}
    choose(resident, twice)
    choose(resident, twice)
    assert len(ids(resident)) == len(stored(web)) == 2


def test_there_is_an_end_of_documents(web: WebOffice) -> None:
    resident = Resident(web)
    resident.begin()
    small = [(f"ke-{n:02}.png", picture(20 + n)) for n in range(MAX_DOCUMENTS + 2)]
    refused = choose(resident, {"file-0": small[:2], "file-1": small[2:]})
    assert refused.status_code == 422
    assert len(ids(resident)) == len(stored(web)) == MAX_DOCUMENTS
    told = [name for name, _ in small if name in refused.text]
    assert told == [name for name, _ in small[MAX_DOCUMENTS:]]


def test_what_a_clerk_added_the_applicant_neither_sees_nor_removes(web: WebOffice) -> None:
    resident = Resident(web)
    resident.apply()
    services = web.composition.services
    (summary,) = services.casework.queue(OPERATOR, WARD)
    added = services.documents.add_at_counter(CLERK, summary.id, 0, photo())
    services.casework.return_(OPERATOR, summary.id, summary.version, "Foto KTP buram.")
    upload(resident, picture(21))
    (mine,) = ids(resident)
    assert mine != added.id
    assert resident.client.get(f"/permohonan/berkas/{added.id}/lihat").status_code == 404
    choose(resident, {}, remove=added.id)
    assert len(services.documents.list(CLERK, summary.id)) == 2


def test_what_was_sent_takes_no_more_documents(web: WebOffice) -> None:
    resident = Resident(web)
    resident.apply()
    assert upload(resident, photo()).status_code == 409


def test_a_draft_goes_with_its_documents(web: WebOffice) -> None:
    resident = Resident(web)
    resident.begin()
    upload(resident, photo())
    assert len(stored(web)) == 1
    web.clock.advance(DRAFT_LIVES * 2)
    work_three_days(web.composition, web.clock.now())
    assert web.composition.services.applications.sweep() == 1
    assert stored(web) == []
