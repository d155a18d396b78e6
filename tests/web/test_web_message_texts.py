"""An administrator gives the agency's messages words of its own, by page."""

from __future__ import annotations

import re

import pytest

from issuer.domain.messages import PLACEHOLDERS, Language, MessageKind
from issuer.texts.messages import WORDINGS
from issuer.web.admin.message_texts import KINDS, LANGUAGES, MEANINGS
from tests.offices import DISTRICT, OPERATOR, WARD
from tests.web.web_office import WebOffice, post, visible

ADMIN = "admin-opd"
PLACE = f"/admin/perangkat/{WARD}/pesan"
ONE = f"{PLACE}/issued/id"
KEY = (MessageKind.ISSUED, Language.INDONESIAN)
OWN = {"subject": "Surat panjenengan jadi", "body": "{service} sudah jadi. Lihat {link}"}


def in_force(web: WebOffice, agency: str = WARD) -> tuple[str, str, bool]:
    text, own = web.composition.services.message_texts.of(OPERATOR, agency)[KEY]
    return text.subject, text.body, own


def test_every_message_language_and_placeholder_has_a_name() -> None:
    assert set(KINDS) == set(MessageKind)
    assert set(LANGUAGES) == set(Language)
    assert set(MEANINGS) == frozenset().union(*PLACEHOLDERS.values())


def test_the_list_has_every_text_in_force(web: WebOffice) -> None:
    admin = web.client(ADMIN)
    assert f'href="{PLACE}"' in admin.get(f"/admin/perangkat/{WARD}").text
    page = admin.get(PLACE).text
    for (kind, language), text in WORDINGS.texts.items():
        assert f'href="{PLACE}/{kind.value}/{language.value}"' in page
        assert text.subject in visible(page)
        assert text.body in visible(page)
    assert "Teks sendiri" not in page


def test_a_text_is_seen_kept_and_given_up_again(web: WebOffice) -> None:
    admin = web.client(ADMIN)
    seen = post(admin, ONE, {**OWN, "preview": "1"})
    assert seen.status_code == 200
    link = f"{web.composition.services.office.base_url}/ikuti"
    assert f"Surat Keterangan Domisili sudah jadi. Lihat {link}" in visible(seen.text)
    assert WORDINGS.footers[Language.INDONESIAN] in visible(seen.text)
    assert not in_force(web)[2]
    kept = post(admin, ONE, OWN)
    assert kept.headers["Location"] == f"{PLACE}?selesai=simpan"
    assert in_force(web) == (OWN["subject"], OWN["body"], True)
    assert "Teks sendiri" in admin.get(kept.headers["Location"]).text
    assert f'href="{ONE}/semula"' in admin.get(ONE).text
    asked = visible(admin.get(f"{ONE}/semula").text)
    assert OWN["body"] in asked
    assert WORDINGS.texts[KEY].body in asked
    assert in_force(web)[2]
    reset = post(admin, f"{ONE}/semula")
    assert reset.headers["Location"] == f"{PLACE}?selesai=semula"
    assert not in_force(web)[2]
    assert "tidak memiliki teks sendiri" in visible(admin.get(f"{ONE}/semula").text)


@pytest.mark.parametrize("step", [{}, {"preview": "1"}])
@pytest.mark.parametrize(
    ("changes", "where"),
    [
        ({"subject": ""}, "subject"),
        ({"subject": "x" * 81}, "subject"),
        ({"body": "y" * 401}, "body"),
        ({"body": "{number} <b>sudah</b> jadi"}, "body"),
        ({"body": "{agency.__class__}"}, "body"),
    ],
)
def test_what_is_wrong_is_told_beside_it_and_what_was_typed_stays(
    web: WebOffice, changes: dict[str, str], where: str, step: dict[str, str]
) -> None:
    typed = {**OWN, **changes}
    answer = post(web.client(ADMIN), ONE, {**typed, **step})
    assert answer.status_code == 422
    assert re.findall(r'id="(\w+)-wrong"', answer.text) == [where]
    assert "<b>sudah" not in answer.text
    assert "Contoh pesan" not in answer.text
    if typed["subject"]:
        assert f'value="{typed["subject"]}"' in answer.text
    assert not in_force(web)[2]


def test_the_number_is_for_letters_that_ended_alone(web: WebOffice) -> None:
    admin = web.client(ADMIN)
    assert "{number}" not in admin.get(ONE).text
    assert "470/123/2026" in admin.get(f"{PLACE}/ended/en").text


def test_an_administrator_keeps_to_the_own_agency(web: WebOffice) -> None:
    admin = web.client(ADMIN)
    theirs = f"/admin/perangkat/{DISTRICT}/pesan"
    one = f"{theirs}/issued/id"
    for path in (theirs, one, f"{one}/semula"):
        assert admin.get(path).status_code == 403, path
    for form in (OWN, {**OWN, "preview": "1"}):
        assert post(admin, one, form).status_code == 403
    regency = web.client("admin-kabupaten")
    assert post(regency, one, OWN).status_code == 303
    assert post(admin, f"{one}/semula").status_code == 403
    assert in_force(web, DISTRICT)[2]
    assert post(regency, f"{one}/semula").status_code == 303


def test_there_is_no_other_message_and_no_other_agency(web: WebOffice) -> None:
    regency = web.client("admin-kabupaten")
    for path in (f"{PLACE}/lain/id", f"{PLACE}/issued/jv", "/admin/perangkat/x/pesan"):
        assert regency.get(path).status_code == 404, path


def test_the_pages_offer_the_other_language(web: WebOffice) -> None:
    admin = web.client(ADMIN)
    for path in (PLACE, ONE, f"{ONE}/semula"):
        page = admin.get(path).text
        assert "Bilingual(" not in page, path
        assert re.search(r'href="[^"]*lang=en"', page), path
