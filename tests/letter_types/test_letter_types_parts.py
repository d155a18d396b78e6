"""The parts of a version beyond its sentences, copies, and what became of every version."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from html import unescape
from types import MappingProxyType
from typing import Any

from flask.testing import FlaskClient

from issuer.catalogue.shapes import SERVICE_STANDARD
from issuer.domain.access import Actor, Role
from issuer.domain.letter_types import Channel, FieldKind
from issuer.texts.letter_types import STANDARD_COMPONENTS
from issuer.web.admin import type_parts
from tests.letter_types.test_letter_types_pages import begin, step, typed
from tests.letter_types.two_admins import FIRST, SECOND
from tests.web.web_office import WebOffice, hidden, post, visible

ADMIN = Actor("admin", Role.REGENCY_ADMIN, None)


def content(web: WebOffice, place: str) -> dict[str, Any]:
    """Return the content of a version by the address of its page."""
    version_id = place.rsplit("/", 1)[1]
    version = web.composition.services.type_editing.one(ADMIN, version_id).version
    read: dict[str, Any] = json.loads(version.content)
    return read


def end(client: FlaskClient, place: str) -> None:
    assert step(client, place, "tarik", reason="selesai").status_code == 303


def listed(page: str) -> dict[str, str]:
    """Return the form of the documents, with its ticks, as a browser would send it."""
    form = typed(page)
    for tag in re.findall(r'<input type="checkbox"[^>]*>', page):
        name = re.search(r'name="([^"]*)"', tag)
        if name and " checked" in tag:
            form[unescape(name[1])] = "ya"
    return form


def test_every_part_has_its_words() -> None:
    assert set(STANDARD_COMPONENTS) == set(SERVICE_STANDARD)
    assert set(type_parts.CHANNELS) == set(Channel)
    assert set(type_parts.KINDS) == set(FieldKind)


def test_documents_are_added_named_moved_and_removed(web: WebOffice) -> None:
    client = web.client(FIRST)
    place = begin(client, "domisili")
    page = f"{place}/berkas"
    before = content(web, place)["type"]["documents"]

    def press(button: str, typing: Mapping[str, str] = MappingProxyType({})) -> str:
        form = {**listed(client.get(page).text), **typing, "do": button}
        answer = client.post(page, data=form)
        assert answer.status_code == 303, visible(answer.text)
        return answer.headers["Location"]

    last = len(before)
    assert press("tambah").endswith(f"#documents.{last}.id")
    assert f'id="documents.{last}.en-wrong"' in client.get(page).text
    assert client.get(f"{place}/konsep").status_code == 422, "a nameless document"
    new = {"id": "Surat kuasa", "en": "Power of attorney"}
    typing = {f"documents.{last}.{code}": text for code, text in new.items()}
    press(f"naik.{last}", typing | {f"documents.{last}.optional": "ya"})
    moved = [*before[:-1], {**new, "optional": True}, before[-1]]
    assert content(web, place)["type"]["documents"] == moved
    press("turun.0")
    moved[0], moved[1] = moved[1], moved[0]
    assert content(web, place)["type"]["documents"] == moved
    press(f"hapus.{last}")
    assert content(web, place)["type"]["documents"] == moved[:-1]
    for rubbish in ("naik.0", "turun.99", "hapus.99", "hapus.-1", "lain", "hapus.x" * 50):
        press(rubbish)
        assert content(web, place)["type"]["documents"] == moved[:-1]
    assert press("simpan") == f"{place}?selesai=simpan"
    said = visible(client.get(place).text)
    assert "Surat kuasa / Power of attorney (bila ada)" in said
    assert step(client, place, "usulkan").status_code == 303
    assert client.get(page).headers["Location"] == place, "what was proposed is not written"
    assert step(web.client(SECOND), place, "rilis").status_code == 303
    assert "Surat kuasa (bila ada)" in visible(client.get("/layanan/domisili").text)


def test_a_document_that_cannot_be_kept_stays_typed(web: WebOffice) -> None:
    client = web.client(FIRST)
    place = begin(client, "usaha")
    page = f"{place}/berkas"
    good = listed(client.get(page).text)
    for wrong in ("x" * 201, "Kartu\N{RIGHT-TO-LEFT OVERRIDE}KK"):
        bad = good | {"documents.0.id": wrong, "documents.1.id": "Yang lain", "do": "hapus.0"}
        refused = client.post(page, data=bad)
        assert refused.status_code == 422
        assert 'id="documents.0.id-wrong"' in refused.text
        assert 'value="Yang lain"' in refused.text
    assert client.post(page, data=good | {"do": "simpan"}).status_code == 303
    stale = client.post(page, data=good | {"documents.0.id": "Ketikan", "do": "simpan"})
    assert stale.status_code == 409
    assert 'value="Ketikan"' in stale.text
    many = client.post(page, data=listed(client.get(page).text) | {"count": "99", "do": "tambah"})
    assert many.status_code == 303
    assert len(content(web, place)["type"]["documents"]) == 20
    end(client, place)


def test_the_service_standard_is_written_whole(web: WebOffice) -> None:
    client = web.client(FIRST)
    place = begin(client, "usaha")
    page = f"{place}/standar"
    form = typed(client.get(page).text)
    fee = "service_standard.fee"
    emptied = client.post(page, data=form | {f"{fee}.en": ""})
    assert emptied.headers["Location"] == f"{place}?selesai=simpan"
    told = client.get(place).text
    assert f'href="{page}#{fee}.en"' in told
    assert "Biaya atau tarif (bahasa Inggris): Harus diisi." in visible(told)
    assert "Usulkan untuk dirilis" not in told
    form = typed(client.get(page).text) | {f"{fee}.id": "Rp0", f"{fee}.en": "Rp0, no charge"}
    assert client.post(page, data=form).status_code == 303
    assert content(web, place)["type"]["service_standard"]["fee"]["id"] == "Rp0"
    said = visible(client.get(place).text)
    assert "Biaya atau tarif Gratis. / Free of charge. Rp0 / Rp0, no charge" in said
    refused = client.post(page, data=typed(client.get(page).text) | {f"{fee}.id": "x" * 601})
    assert refused.status_code == 422
    assert f'id="{fee}.id-wrong"' in refused.text
    end(client, place)


def test_public_title_channel_and_translation_are_written_and_left_out(web: WebOffice) -> None:
    client = web.client(FIRST)
    place = begin(client, "usaha")
    titles = {"public_title.id": "Surat Keterangan", "public_title.en": "Certificate"}
    form = typed(client.get(place).text) | titles
    form |= {"channel": "datang_langsung", "wording_en": "This is to certify a business."}
    assert client.post(place, data=form).status_code == 303
    plain = content(web, place)["type"]
    assert plain["public_title"] == {"id": "Surat Keterangan", "en": "Certificate"}
    assert plain["channel"] == "datang_langsung"
    assert plain["wording_en"] == "This is to certify a business."
    said = visible(client.get(place).text)
    assert "Cara meminta dari rumah atau di loket hanya di loket" in said
    form = typed(client.get(place).text) | dict.fromkeys([*titles, "wording_en"], "")
    assert client.post(place, data=form | {"channel": "lain"}).status_code == 303
    plain = content(web, place)["type"]
    assert not {"public_title", "wording_en"} & plain.keys()
    assert plain["channel"] == "datang_langsung", "what is no channel changes nothing"
    end(client, place)


def test_a_type_becomes_sensitive_and_then_stays_so(web: WebOffice) -> None:
    first, second = web.client(FIRST), web.client(SECOND)
    place = begin(first, "umum")
    form = typed(first.get(place).text)
    assert first.post(place, data=form | {"sensitive": "ya"}).status_code == 303
    told = first.get(place).text
    assert 'href="#public_title.id"' in told
    assert "memerlukan judul umum" in visible(told)
    form = typed(first.get(place).text)
    assert first.post(place, data=form).status_code == 303
    assert content(web, place)["type"]["sensitive"] is False, "not yet released: taken back"
    form = typed(first.get(place).text) | {"sensitive": "ya", "title.id": "Surat Keterangan Lain"}
    form |= {"public_title.id": "Surat Keterangan", "public_title.en": "Certificate"}
    assert first.post(place, data=form).status_code == 303
    assert step(first, place, "usulkan").status_code == 303
    assert step(second, place, "rilis").status_code == 303
    assert web.composition.services.catalogue.get("umum").sensitive
    place = begin(first, "umum")
    page = first.get(place).text
    assert 'name="sensitive"' not in page
    assert first.post(place, data=typed(page)).status_code == 303
    assert content(web, place)["type"]["sensitive"] is True
    end(first, place)


def test_a_copy_is_begun_found_and_released_by_two(web: WebOffice) -> None:
    first, second = web.client(FIRST), web.client(SECOND)
    page = "/admin/jenis/kehilangan/salin"
    assert page in first.get("/admin/jenis").text
    for title, slug, wrong in (
        ("", "bebas-pajak", "title"),
        ("Bebas", "Bebas Pajak", "slug"),
        ("Bebas", "domisili", "slug"),
        ("Bebas", "x" * 41, "slug"),
    ):
        refused = post(first, page, {"title": title, "slug": slug})
        assert refused.status_code == 422
        assert f'id="{wrong}-wrong"' in refused.text
    begun = post(first, page, {"title": "Surat Bebas Pajak", "slug": "bebas-pajak"})
    place = begun.headers["Location"]
    assert "semua isinya baru" in visible(first.get(place).text)
    overview = first.get("/admin/jenis").text
    assert "Belum pernah dirilis" in visible(overview)
    assert place in overview
    assert first.get(f"{place}/konsep").get_data().startswith(b"%PDF")
    assert step(first, place, "usulkan").status_code == 303
    assert step(first, place, "rilis").status_code == 409
    assert step(second, place, "rilis").status_code == 303
    assert web.composition.services.catalogue.get("bebas-pajak").code >= 1000
    assert "Belum pernah dirilis" not in visible(first.get("/admin/jenis").text)
    assert first.get("/admin/jenis/tidak-ada/salin").status_code == 404


def test_the_history_says_who_when_and_what_changed(web: WebOffice) -> None:
    first, second = web.client(FIRST), web.client(SECOND)
    saying = {}
    for words in ("Kalimat pertama.", "Kalimat kedua."):
        place = begin(first, "penghasilan")
        form = typed(first.get(place).text) | {"wording.closing": words}
        assert first.post(place, data=form).status_code == 303
        assert step(first, place, "usulkan").status_code == 303
        assert step(second, place, "rilis").status_code == 303
        saying[words] = place
    place = begin(first, "penghasilan")
    assert step(first, place, "tarik", reason="keliru jenis").status_code == 303
    page = first.get("/admin/jenis/penghasilan").text
    sections = [visible(one) for one in page.split("<section")[1:]]
    assert len(sections) == 4, "three versions upon the program's own"
    withdrawn, newest, older, base = sections
    assert "Alasan: keliru jenis" in withdrawn
    assert "Yang berubah dari versi sebelumnya (0)" in withdrawn
    assert "Kalimat penutup Kalimat pertama. Kalimat kedua." in newest
    assert "Berlaku" in newest
    assert "Berlaku" not in older
    assert "Dimulai oleh Orang Contoh, 24 November 2026" in older
    assert "Dirilis oleh Admin Kedua Contoh" in older
    assert "Bawaan program ini." in base
    assert hidden(page)["dari"] in page
    for missing in ("tidak-ada", "x" * 200):
        assert first.get(f"/admin/jenis/{missing}").status_code == 404


def test_a_preview_that_cannot_be_drawn_says_why_where_it_is_put_right(web: WebOffice) -> None:
    client = web.client(FIRST)
    place = begin(client, "usaha")
    form = typed(client.get(place).text) | {"wording.closing": "{{ nobody }}"}
    saved = client.post(place, data=form)
    page = client.get(saved.headers["Location"]).text
    assert "Konsep disimpan." in visible(page)
    assert "Tidak ada isian nobody" in visible(page)
    asked = client.get(f"{place}/konsep")
    assert (asked.status_code, asked.mimetype) == (422, "text/html")
    assert "Tidak ada isian nobody" in visible(asked.text)
    assert 'id="wording.closing-wrong"' in asked.text
    form = typed(client.get(place).text) | {"wording.closing": "Demikian."}
    page = client.get(client.post(place, data=form).headers["Location"]).text
    assert "Tidak ada yang salah" in visible(page)
    assert f'href="{place}/konsep"' in page
    stale = client.post(place, data=form | {"wording.closing": "Ketikan saya."})
    assert stale.status_code == 409
    assert "Ketikan saya." in stale.text
    end(client, place)
