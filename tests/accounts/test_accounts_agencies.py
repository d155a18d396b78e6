"""Agencies as their administrators set them: letterhead, numbers, types; and the trail."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from issuer.domain.errors import InvalidInput
from tests.accounts.factor_office import enrolled, strict_office
from tests.offices import VILLAGE, WARD, issue
from tests.web.web_office import CLERK, LURAH, SLUG, WebOffice, post, visible

AGENCY_ADMIN, REGENCY_ADMIN, AUDITOR = "admin-opd", "admin-kabupaten", "auditor"
HOME = f"/admin/perangkat/{WARD}"
HEAD = {
    "line_1": "PEMERINTAH KABUPATEN CONTOH",
    "line_2": "KECAMATAN CONTOH",
    "line_3": "KELURAHAN CONTOH",
    "address": "Jalan Contoh Nomor 1",
    "contact": "",
    "seat": "Contoh",
}


@pytest.fixture
def strict(founded: Path, tmp_path: Path) -> Iterator[WebOffice]:
    with strict_office(founded, tmp_path) as office:
        yield office


def entered(web: WebOffice, username: str) -> FlaskClient:
    return enrolled(web, username)[0]


def test_the_next_letter_has_the_new_letterhead_and_the_old_one_keeps_its_own(
    strict: WebOffice,
) -> None:
    answer = post(entered(strict, AGENCY_ADMIN), f"{HOME}/kop", HEAD)
    assert answer.headers["Location"] == f"{HOME}?selesai=kop"
    letter = issue(strict.composition, SLUG, WARD, LURAH)
    assert list(letter.record.letterhead_lines) == [HEAD[f"line_{n}"] for n in (1, 2, 3)]
    assert strict.letter.record.letterhead_lines != letter.record.letterhead_lines


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"line_2": "", "line_3": ""}, "dua atau tiga baris"),
        ({"line_2": "x" * 81}, "Paling banyak 80"),
        ({"address": ""}, "Harus diisi"),
        ({"seat": "\u202eContoh"}, "tidak dapat dicetak"),
        ({"line_1": "漢字"}, "tidak ada dalam huruf surat"),
    ],
)
def test_a_letterhead_that_cannot_be_printed_is_refused(
    strict: WebOffice, change: dict[str, str], said: str
) -> None:
    page = post(entered(strict, AGENCY_ADMIN), f"{HOME}/kop", {**HEAD, **change})
    assert page.status_code == 422
    assert said in visible(page.text)
    assert 'value="KELURAHAN CONTOH"' in page.text or "line_3" in change


def test_numbers_are_written_anew_and_their_counter_goes_on(strict: WebOffice) -> None:
    boss = entered(strict, REGENCY_ADMIN)
    form = {"number_code": "JTK", "number_pattern": "{sequence:03}/{agency_code}/{year}"}
    assert post(boss, f"{HOME}/nomor", form).status_code == 303
    letter = issue(strict.composition, SLUG, WARD, LURAH)
    assert letter.sequence == strict.letter.sequence + 1
    assert letter.number == f"{letter.sequence:03}/JTK/2026"


@pytest.mark.parametrize(
    ("code", "pattern"),
    [
        ("", ""),
        ("A/B", ""),
        ("x" * 31, ""),
        ("JTK", "{sequence}/{year}"),
        ("JTK", "{sequence}/{agency_code}/{year}/{nik}"),
        ("JTK", "{sequence}/{agency_code}/{year}" + "x" * 60),
        ("JTK", " {sequence}/{agency_code}/{year}"[:1] + "{sequence"),
    ],
)
def test_numbers_that_could_be_the_same_twice_are_refused(
    strict: WebOffice, code: str, pattern: str
) -> None:
    form = {"number_code": code, "number_pattern": pattern}
    page = post(entered(strict, REGENCY_ADMIN), f"{HOME}/nomor", form)
    assert page.status_code == 422


def test_the_number_code_of_another_agency_is_refused(strict: WebOffice) -> None:
    theirs = strict.composition.services.letters.agency(VILLAGE).number_code
    form = {"number_code": theirs, "number_pattern": ""}
    page = post(entered(strict, REGENCY_ADMIN), f"{HOME}/nomor", form)
    assert "sudah dipakai perangkat daerah lain" in visible(page.text)


def test_a_type_switched_off_is_offered_nowhere_and_refused_everywhere(
    strict: WebOffice,
) -> None:
    boss, services = entered(strict, AGENCY_ADMIN), strict.composition.services
    ward = services.letters.agency(WARD)
    kept = [kind.slug for kind in services.agencies.issuable(ward) if kind.slug != SLUG]
    answer = boss.post(f"{HOME}/jenis", data={"type": kept, "csrf_token": _token(boss)})
    assert answer.status_code == 303
    clerk = entered(strict, CLERK)
    link = f'href="/loket/surat/baru/{SLUG}"'
    assert link not in clerk.get("/loket/surat/baru").text
    with pytest.raises(InvalidInput) as refused:
        issue(strict.composition, SLUG, WARD, LURAH)
    assert [problem.code for problem in refused.value.problems] == ["type_switched_off"]
    kind = strict.composition.services.catalogue.get(SLUG)
    issuing = {agency.code for agency in services.agencies.issuing(kind)}
    assert VILLAGE in issuing
    assert WARD not in issuing
    issue(strict.composition, SLUG)
    every = [*kept, SLUG]
    boss.post(f"{HOME}/jenis", data={"type": every, "csrf_token": _token(boss)})
    assert link in clerk.get("/loket/surat/baru").text
    issue(strict.composition, SLUG, WARD, LURAH)


def _token(client: FlaskClient) -> str:
    return client.get(HOME).text.split('name="csrf_token" value="')[1].split('"')[0]


def test_the_trail_is_read_page_by_page_and_by_subject(strict: WebOffice) -> None:
    for _ in range(10):
        issue(strict.composition, SLUG, WARD, LURAH)
    client = entered(strict, AUDITOR)
    with strict.composition.register.reading() as uow:
        entries = list(uow.audit.entries())
    assert len(entries) > 60
    first = client.get("/admin/jejak").text
    assert first.count('<b class="code">') == 50
    oldest = entries[-50].position
    assert f"sebelum={oldest}" in first
    second = client.get(f"/admin/jejak?sebelum={oldest}").text
    assert f">{oldest - 1} ·" in second
    assert f">{oldest} ·" not in second
    about = client.get(f"/admin/jejak?tentang={strict.letter.id}").text
    wanted = [entry for entry in entries if entry.event.subject == strict.letter.id]
    assert about.count('<b class="code">') == len(wanted) > 0
    assert AUDITOR in first
    for typed in ("0", "-1", "x", "9" * 40, "1' OR 1"):
        assert client.get("/admin/jejak", query_string={"sebelum": typed}).status_code == 200
