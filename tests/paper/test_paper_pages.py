"""The counter's pages of numbers on paper, and what others are told of them."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner

from issuer.bootstrap import SystemClock
from issuer.cli.main import main
from issuer.domain.paper_number import PaperVoidReason
from tests.offices import OPERATOR, VILLAGE, WARD, Clock, compose_office
from tests.paper.paper_office import reserve, told
from tests.web.web_office import (
    ANSWERS,
    CLERK,
    OTHER_CLERK,
    SLUG,
    WebOffice,
    hidden,
    open_web,
    post,
    visible,
)

PAGE = "/loket/nomor-kertas"
NEW = f"/loket/surat/baru/{SLUG}"


@pytest.fixture
def web(founded: Path, tmp_path: Path) -> Iterator[WebOffice]:
    """An office of the test's own, with its pages and an account of every role."""
    clock = Clock()
    composition = compose_office(shutil.copytree(founded, tmp_path / "pages"), clock)
    yield open_web(composition, clock)
    composition.close()


def test_a_clerk_takes_numbers_and_gets_the_list_to_print(web: WebOffice) -> None:
    clerk = web.client(CLERK)
    taken = post(clerk, PAGE, {"for_date": "2026-11-25", "count": "4"})
    assert taken.status_code == 303
    page = clerk.get(taken.headers["Location"]).text
    shown = [one.shown for one in web.composition.services.paper_numbers.waiting(OPERATOR, WARD)]
    assert len(shown) == 4
    assert re.findall(r"<tr><td>([^<]+)</td>", page) == shown
    assert "25 November 2026" in page
    classification = web.composition.services.catalogue.get(SLUG).classification
    assert f"<b>{classification}</b>" in page
    assert "Take the numbers" not in page
    assert "25 November 2026" in clerk.get(taken.headers["Location"] + "?lang=en").text


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"count": "4"}, "Tanggal tidak ada"),
        ({"for_date": "2026-11-23", "count": "4"}, "Pilih tanggal dari hari ini"),
        ({"for_date": "2026-11-25", "count": "0"}, "Isi jumlah nomor dari 1 sampai 25"),
        ({"for_date": "2026-11-25", "count": "9" * 99}, "Isi jumlah nomor dari 1 sampai 25"),
        ({"for_date": "2026-11-25", "count": "²"}, "Isi jumlah nomor dari 1 sampai 25"),
    ],
)
def test_what_is_wrong_is_told_and_takes_nothing(
    web: WebOffice, typed: dict[str, str], words: str
) -> None:
    refused = post(web.client(CLERK), PAGE, typed)
    assert refused.status_code == 422
    assert words in visible(refused.text)
    assert told(web.composition) == [(1, "issued")]


def test_a_letter_on_paper_is_issued_anew_through_the_usual_form(web: WebOffice) -> None:
    clerk = web.client(CLERK)
    one, other = reserve(web.composition, 2)
    choose = clerk.get(f"/loket/surat/baru?paper={one.id}").text
    assert f"{NEW}?paper={one.id}" in choose
    form = clerk.get(f"{NEW}?paper={one.id}")
    assert one.shown in visible(form.text)
    answers = {**hidden(form.text), **ANSWERS}
    assert answers["paper"] == one.id
    checked = post(clerk, f"{NEW}/periksa", answers)
    assert one.shown in visible(checked.text)
    sent = {**answers, **hidden(checked.text)}
    first = post(clerk, f"{NEW}/terbitkan", sent)
    again = post(clerk, f"{NEW}/terbitkan", sent)
    assert first.status_code == 303, visible(first.text)
    assert again.headers["Location"] == first.headers["Location"]
    assert one.number("").partition("/")[2] in clerk.get(first.headers["Location"]).text
    assert told(web.composition) == [(1, "issued"), (2, "issued"), (3, "reserved")]
    taken = clerk.get(f"{NEW}?paper={one.id}")
    assert taken.status_code == 409
    assert other.shown in clerk.get(PAGE).text


def test_numbers_are_voided_with_a_reason(web: WebOffice) -> None:
    clerk = web.client(CLERK)
    numbers = reserve(web.composition, 3)
    nothing = post(clerk, f"{PAGE}/gugur", {"reason": "paper_unused"})
    assert "Pilih paling sedikit satu nomor" in visible(nothing.text)
    why = post(clerk, f"{PAGE}/gugur", {"number": numbers[0].id})
    assert "Pilih alasan nomor ini digugurkan" in visible(why.text)
    assert f'value="{numbers[0].id}" checked' in why.text
    form = {"number": numbers[0].id, "reason": "paper_unused"}
    assert post(clerk, f"{PAGE}/gugur", form).status_code == 303
    assert post(clerk, f"{PAGE}/gugur", form).status_code == 409
    assert [state for _, state in told(web.composition)].count("voided") == 1


def test_another_counter_sees_and_does_nothing_with_them(web: WebOffice) -> None:
    stranger = web.client(OTHER_CLERK)
    one, *_ = reserve(web.composition)
    form = {"number": one.id, "reason": "paper_unused"}
    answers = [
        stranger.get(f"{PAGE}/{one.block_id}"),
        stranger.get(f"{NEW}?paper={one.id}"),
        post(stranger, f"{PAGE}/gugur", form),
    ]
    assert [answer.status_code for answer in answers] == [403, 403, 403]
    assert one.shown not in stranger.get(PAGE).text


def test_whoever_is_late_is_reminded_and_the_admin_sees_it(web: WebOffice) -> None:
    clerk, admin = web.client(CLERK), web.client("admin-opd")
    reserve(web.composition, 2)
    assert "lewat harinya" not in clerk.get("/loket").text
    seen = visible(admin.get(f"/admin/perangkat/{WARD}").text)
    assert "2 nomor kertas belum selesai" in seen
    assert "lewat harinya" not in seen
    web.clock.advance(timedelta(hours=24))
    web.tokens.clear()  # their sessions have ended
    late = web.client(CLERK)
    assert "2 nomor sudah lewat harinya" in visible(late.get("/loket").text)
    admin = web.client("admin-opd")
    assert "2 sudah lewat harinya" in visible(admin.get(f"/admin/perangkat/{WARD}").text)


def test_the_commands_take_list_and_void(office_folder: Path) -> None:
    def run(*arguments: str) -> str:
        result = CliRunner().invoke(main, ["--data-dir", str(office_folder), *arguments])
        assert result.exit_code == 0, result.output
        return result.stdout

    # The commands read the machine's own clock.
    today = compose_today(office_folder)
    run("paper", "reserve", "--agency", VILLAGE, "--count", "2", "--date", today)
    listed = run("paper", "list", "--agency", VILLAGE, "--json")
    ids = re.findall(r'"id": ?"([0-9a-f]{32})"', listed)
    assert len(ids) == 2
    run("paper", "void", ids[0], "--reason", "unused")
    rows = run("register", "list", "--agency", VILLAGE, "--json").splitlines()
    states = [re.search(r'"state": ?"(\w+)"', row) for row in rows]
    assert [found[1] for found in states if found] == ["voided", "reserved"]
    assert f'"on_paper_for": "{today}"'.replace(" ", "") in rows[0].replace(" ", "")
    assert PaperVoidReason.UNUSED.value in rows[0]
    assert f"(on paper, {today})" in run("register", "list")


def compose_today(folder: Path) -> str:

    composition = compose_office(folder, Clock())
    today = composition.services.office.today(SystemClock().now())
    composition.close()
    return today.isoformat()
