"""Reports of forged letters: by anybody, stored sealed, read and closed by few."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from io import BytesIO

import pytest
from sqlalchemy import text

from issuer.cli.main import main
from issuer.domain.access import Actor, Role
from issuer.domain.codes import read_code
from issuer.domain.errors import (
    CorruptStore,
    InvalidInput,
    NotFound,
    NotPermitted,
    StaleVersion,
)
from issuer.domain.forgery_report import MAX_DETAIL, Finding
from issuer.domain.limits import ALLOWANCES, Asker, Rule
from issuer.web.verify.reporting import FINDINGS
from tests.offices import BASE_URL, OPERATOR
from tests.web.web_office import WebOffice, csrf, post, visible

WHOLE = {
    "finding": "content_differs",
    "number": "400/1/2026",
    "detail": "Nama di kertas Budi Contoh, di halaman lain.\nDipakai di bank.",
    "contact": "0812-0000-0000",
}


@pytest.fixture(autouse=True)
def a_quiet_hour(web: WebOffice) -> Iterator[None]:
    yield
    web.clock.advance(ALLOWANCES[Rule.REPORT_PER_ADDRESS].period)


def send(web: WebOffice, **changed: str) -> str:
    """Send a report and return its reference."""
    page = post(web.client(), "/lapor", {**WHOLE, **changed})
    assert page.status_code == 200
    found = re.search(r'class="code">([0-9A-Z-]{14})<', page.text)
    assert found
    return found[1]


def test_whoever_doubts_finds_the_form_from_every_page_that_answers(web: WebOffice) -> None:
    client = web.client()
    files = {"csrf_token": csrf(client), "files": (BytesIO(b"bukan surat"), "a.pdf")}
    pages = {
        "asking": client.get("/periksa"),
        "a letter": client.get((web.letter.qr_text or "").removeprefix(BASE_URL)),
        "no letter": client.get("/v/123"),
        "many": client.post("/periksa/banyak", data=files),
    }
    assert [name for name, page in pages.items() if 'href="/lapor"' not in page.text] == []


def test_a_report_gets_a_reference_and_staff_read_what_was_written(web: WebOffice) -> None:
    reference = send(web)
    report = web.composition.services.reports.one(OPERATOR, reference.lower())
    assert read_code(reference) == report.reference
    assert report.finding is Finding.CONTENT_DIFFERS
    assert report.number == WHOLE["number"]
    assert report.detail == "Nama di kertas Budi Contoh, di halaman lain. Dipakai di bank."
    assert report.contact == WHOLE["contact"]
    assert report.outcome is None


def test_what_was_written_is_sealed_and_not_in_the_audit_trail(web: WebOffice) -> None:
    reference = read_code(send(web)) or ""
    with web.composition.engine.connect() as connection:
        row = connection.execute(
            text("SELECT * FROM forgery_reports WHERE reference = :r"), {"r": reference}
        ).one()
        trail = connection.execute(
            text("SELECT * FROM audit_trail WHERE subject = :r"), {"r": reference}
        ).all()
    stored = repr(tuple(row)) + repr(trail)
    assert [entry.action for entry in trail] == ["report.received"]
    for secret in ("Budi", "bank", "400/1/2026", "0812"):
        assert secret not in stored


def test_a_sealed_report_moved_to_another_row_does_not_open(web: WebOffice) -> None:
    first, second = (read_code(send(web)) or "" for _ in range(2))
    with web.composition.engine.begin() as connection:
        connection.execute(
            text(
                "UPDATE forgery_reports SET content = (SELECT content FROM forgery_reports"
                " WHERE reference = :a) WHERE reference = :b"
            ),
            {"a": first, "b": second},
        )
    with pytest.raises(CorruptStore):
        web.composition.services.reports.one(OPERATOR, second)
    with web.composition.engine.begin() as connection:
        connection.execute(text("DELETE FROM forgery_reports"))


def test_only_what_is_wrong_is_asked_for(web: WebOffice) -> None:
    send(web, number="", detail="", contact="")
    page = post(web.client(), "/lapor", {"finding": "other"})
    assert page.status_code == 422
    assert "Harus diisi." in page.text


@pytest.mark.parametrize(
    ("changed", "where"),
    [
        ({"finding": ""}, "finding"),
        ({"finding": "forged"}, "finding"),
        ({"detail": "x" * (MAX_DETAIL + 1)}, "detail"),
        ({"detail": "x" * 100_000}, "detail"),
        ({"detail": "a\u202eb"}, "detail"),
        ({"number": "9" * 200}, "number"),
        ({"contact": "a\x00b"}, "contact"),
    ],
)
def test_a_wrong_report_is_asked_again_and_nothing_typed_is_lost(
    web: WebOffice, changed: dict[str, str], where: str
) -> None:
    page = post(web.client(), "/lapor", {**WHOLE, **changed})
    assert page.status_code == 422
    assert f'<a href="#{where}">' in page.text
    assert f'id="{where}-wrong"' in page.text
    for name in {"number", "contact"} - set(changed):
        assert f'value="{WHOLE[name]}"' in page.text
    if "finding" not in changed:
        assert 'value="content_differs" checked' in page.text


def test_markup_in_a_report_stays_text(web: WebOffice) -> None:
    page = post(web.client(), "/lapor", {"finding": "", "detail": "</textarea><script>x"}).text
    assert "<script>" not in page
    assert "&lt;/textarea&gt;&lt;script&gt;x</textarea>" in page


def test_reports_of_one_address_are_limited(web: WebOffice) -> None:
    for _ in range(ALLOWANCES[Rule.REPORT_PER_ADDRESS].attempts):
        send(web)
    page = post(web.client(), "/lapor", WHOLE)
    assert page.status_code == 429
    assert "Retry-After" in page.headers


def test_a_report_is_closed_once_with_an_outcome(web: WebOffice) -> None:
    reports = web.composition.services.reports
    reference = send(web)
    with pytest.raises(InvalidInput):
        reports.close(OPERATOR, reference, " ")
    closed = reports.close(OPERATOR, reference, "Surat palsu, LP/B/7/2026")
    assert closed == reports.one(OPERATOR, reference)
    assert closed.reference not in {r.reference for r in reports.listed(OPERATOR)}
    assert closed in list(reports.listed(OPERATOR, open_only=False))
    with pytest.raises(StaleVersion):
        reports.close(OPERATOR, reference, "lagi")
    for unknown in ("0000-0000-0000", "", "x" * 9999):
        with pytest.raises(NotFound):
            reports.one(OPERATOR, unknown)


@pytest.mark.parametrize("role", [Role.COUNTER, Role.SIGNATORY, Role.APPLICANT])
def test_others_read_no_reports(web: WebOffice, role: Role) -> None:
    reference, reports = send(web), web.composition.services.reports
    actor = Actor("a-1", role, "35.22.15.1001")
    for attempt in (
        lambda: list(reports.listed(actor)),
        lambda: reports.one(actor, reference),
        lambda: reports.close(actor, reference, "x"),
    ):
        with pytest.raises(NotPermitted):
            attempt()


def test_an_auditor_reads_and_does_not_close(web: WebOffice) -> None:
    reference, reports = send(web), web.composition.services.reports
    auditor = Actor("a-1", Role.AUDITOR, None)
    assert reports.one(auditor, reference).number == WHOLE["number"]
    with pytest.raises(NotPermitted):
        reports.close(auditor, reference, "x")


def test_the_commands_list_show_and_close(
    web: WebOffice, capsys: pytest.CaptureFixture[str]
) -> None:
    reference = send(web)
    folder = str(web.composition.settings.data_dir)

    def run(*words: str) -> str:
        with pytest.raises(SystemExit) as ended:
            main(["--data-dir", folder, "reports", *words])
        assert ended.value.code == 0
        return capsys.readouterr().out

    listed = [json.loads(line) for line in run("list", "--json").splitlines()]
    assert {"reference": reference, "state": "open"}.items() <= listed[-1].items()
    assert "Budi" not in json.dumps(listed)
    assert "Budi Contoh" in run("show", reference)
    closed = json.loads(run("close", reference, "--outcome", "Sudah ditangani", "--json"))
    assert (closed["state"], closed["closed_by"]) == ("closed", "operator")
    assert reference not in run("list")
    assert reference in run("list", "--all")


def test_every_finding_has_its_words() -> None:
    assert set(FINDINGS) == set(Finding)


def test_the_page_of_a_letter_leads_to_the_form(web: WebOffice) -> None:
    page = web.client().get("/v/123").text
    assert 'href="/lapor"' in page
    assert "Report a suspicious letter" in visible(web.client().get("/lapor?lang=en").text)


def test_the_network_is_not_kept(web: WebOffice) -> None:
    reports = web.composition.services.reports
    received = reports.receive(WHOLE, Asker("203.0.113.77"))
    with web.composition.engine.connect() as connection:
        rows = connection.execute(text("SELECT * FROM forgery_reports")).all()
    assert "203.0.113" not in repr(rows) + repr(received)
