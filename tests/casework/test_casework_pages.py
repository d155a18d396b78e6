"""The queue's pages: what they show, to whom, and what they do with a step that came late."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from html import unescape

import pypdfium2  # type: ignore[import-untyped]  # has no stubs
import pytest
import zxingcpp

from issuer.domain.letter_request import LetterRequest, RequestState
from tests.casework.casework_office import SECOND, ask_more, ask_no_more, from_home
from tests.offices import OPERATOR, VILLAGE
from tests.web.web_office import (
    ANSWERS,
    CLERK,
    LURAH,
    OTHER_CLERK,
    PASSWORD,
    REVIEWER,
    SLUG,
    WebOffice,
    csrf,
    hidden,
    post,
    visible,
)

QUEUE = "/loket/antrean"
NEW = f"/loket/surat/baru/{SLUG}"
REASON = "Foto KTP buram. Foto lagi di tempat terang."


@pytest.fixture
def sent(web: WebOffice) -> LetterRequest:
    """A request of the ward that waits for its first paraf."""
    return from_home(web.composition, name="Sulastri Contohwati")


@pytest.fixture
def four_eyes(web: WebOffice) -> Iterator[None]:
    """The ward asks for a second person."""
    ask_more(web.composition, four_eyes=True)
    yield
    ask_no_more(web.composition)


def case_of(web: WebOffice, request: LetterRequest, who: str = CLERK) -> str:
    return web.client(who).get(f"{QUEUE}/{request.id}").text


def state(web: WebOffice, request_id: str) -> RequestState:
    return web.composition.services.casework.one(OPERATOR, request_id).request.state


def test_the_queue_shows_what_waits_at_this_agency(web: WebOffice, sent: LetterRequest) -> None:
    elsewhere = from_home(web.composition, agency=VILLAGE, name="Orang Desa Contoh")
    page = web.client(CLERK).get(QUEUE).text
    assert "Sulastri Contohwati" in page
    assert "dari rumah" in visible(page)
    assert elsewhere.id not in page
    assert "Orang Desa Contoh" not in page
    assert sent.id not in web.client(CLERK).get(f"{QUEUE}?keadaan=dikembalikan").text
    assert sent.id in web.client(REVIEWER).get(f"{QUEUE}?keadaan=periksa").text
    assert web.client(CLERK).get(f"{QUEUE}?keadaan=lain").status_code == 404


def test_the_queue_goes_on_page_after_page(web: WebOffice) -> None:
    wanted = {from_home(web.composition).id for _ in range(51)}
    seen: set[str] = set()
    client, path = web.client(CLERK), QUEUE
    for _ in range(9):
        page = client.get(path).text
        lines = re.findall(rf'class="name" href="{QUEUE}/([0-9a-f]{{32}})"', page)
        assert len(lines) <= 50
        assert not seen & set(lines)
        seen |= set(lines)
        further = re.search(r'href="(/loket/antrean\?[^"]*setelah=[0-9a-f]{32})"', page)
        if further is None:
            break
        path = further[1].replace("&amp;", "&")
    assert wanted <= seen
    for strange in ("x", "0" * 32, "'; --"):
        assert client.get(QUEUE, query_string={"setelah": strange}).status_code == 200


def test_what_is_late_is_marked_and_has_a_list(web: WebOffice, sent: LetterRequest) -> None:
    late = f"{QUEUE}?keadaan=terlambat"
    assert sent.id not in web.client(CLERK).get(late).text
    web.clock.advance(timedelta(days=2, seconds=1))
    web.tokens.clear()
    page = web.client(CLERK).get(late).text
    web.clock.advance(-timedelta(days=2, seconds=1))
    web.tokens.clear()
    assert sent.id in page
    assert "Terlambat" in page


def test_one_press_gives_the_only_paraf_and_forwards(web: WebOffice, sent: LetterRequest) -> None:
    page = case_of(web, sent)
    assert "Paraf dan teruskan untuk ditandatangani" in page
    form = hidden(page)
    client = web.client(CLERK)
    for _ in range(2):  # sent twice, as by the back button
        answer = client.post(f"{QUEUE}/{sent.id}/paraf", data={**form, "csrf_token": csrf(client)})
        assert answer.status_code == 303
    case = web.composition.services.casework.one(OPERATOR, sent.id)
    assert case.request.state is RequestState.AWAITING_SIGNATURE
    assert len(case.steps) == 3
    assert "Menunggu tanda tangan pejabat." in visible(case_of(web, sent))


def test_returning_takes_a_reason_and_shows_it(web: WebOffice, sent: LetterRequest) -> None:
    client = web.client(CLERK)
    form = {"version": str(sent.version)}
    refused = post(client, f"{QUEUE}/{sent.id}/kembalikan", {**form, "reason": "  "})
    assert refused.status_code == 422
    assert "Harus diisi." in refused.text
    assert state(web, sent.id) is RequestState.SUBMITTED
    done = post(client, f"{QUEUE}/{sent.id}/kembalikan", {**form, "reason": REASON})
    assert done.status_code == 303
    said = visible(case_of(web, sent))
    assert f"Alasan: {REASON}" in said
    assert "gugur" in said
    again = hidden(case_of(web, sent))["version"]
    assert post(client, f"{QUEUE}/{sent.id}/ajukan", {"version": again}).status_code == 303
    assert state(web, sent.id) is RequestState.SUBMITTED


@pytest.mark.parametrize("step", ["kembalikan", "tolak", "batalkan"])
def test_whoever_comes_second_is_told_and_loses_nothing(
    web: WebOffice, sent: LetterRequest, step: str
) -> None:
    version = hidden(case_of(web, sent))["version"]
    first = post(web.client(SECOND), f"{QUEUE}/{sent.id}/paraf", {"version": version})
    assert first.status_code == 303
    typed = {"version": version, "reason": REASON}
    late = post(web.client(CLERK), f"{QUEUE}/{sent.id}/{step}", typed)
    assert late.status_code == 409
    said = visible(late.text)
    assert "Langkah Anda tidak dilakukan" in said
    assert "Diteruskan untuk ditandatangani (Petugas Kedua Contoh)" in said
    assert REASON in late.text
    assert state(web, sent.id) is RequestState.AWAITING_SIGNATURE


@pytest.mark.parametrize("version", ["", "0", "-2", "1e1", "2" * 400, "٢", "2; DROP"])
def test_a_version_that_is_none_is_one_that_moved(
    web: WebOffice, sent: LetterRequest, version: str
) -> None:
    answer = post(web.client(CLERK), f"{QUEUE}/{sent.id}/paraf", {"version": version})
    assert answer.status_code == 409
    assert state(web, sent.id) is RequestState.SUBMITTED


def test_a_walk_in_under_four_eyes_waits_for_another(web: WebOffice, four_eyes: None) -> None:
    clerk = web.client(CLERK)
    form = {**hidden(clerk.get(NEW).text), **ANSWERS}
    checked = clerk.post(f"{NEW}/periksa", data=form)
    assert "aturan empat mata" in visible(checked.text)
    assert "Simpan dan kirim ke antrean" in checked.text
    assert "Terbitkan surat" not in checked.text
    places = {clerk.post(f"{NEW}/terbitkan", data=hidden(checked.text)).location for _ in "12"}
    (place,) = places
    own = clerk.get(place).text
    assert "petugas atau verifikator lain harus meneruskannya" in visible(own)
    assert "Surat belum terbit." in visible(own)
    assert f"{place}/teruskan" not in own
    assert f"{place}/paraf" not in own
    second = web.client(SECOND)
    others = second.get(place).text
    assert f"{place}/teruskan" in others
    forged = post(clerk, f"{place}/teruskan", {"version": hidden(own)["version"]})
    assert forged.status_code == 409
    assert "Langkah ini harus dilakukan oleh orang lain" in visible(forged.text)
    done = post(second, f"{place}/teruskan", {"version": hidden(others)["version"]})
    assert done.status_code == 303
    request_id = place.rpartition("/")[2]
    assert state(web, request_id) is RequestState.AWAITING_SIGNATURE
    # The first form again leads to its place in the queue and issues nothing.
    again = clerk.post(f"{NEW}/terbitkan", data=hidden(checked.text))
    assert again.location == place
    assert state(web, request_id) is RequestState.AWAITING_SIGNATURE


def test_a_chain_says_which_paraf_is_next(web: WebOffice, sent: LetterRequest) -> None:
    ask_more(web.composition, reviews=2)
    try:
        assert "paraf ke-1 dari 2" in visible(case_of(web, sent))
        post(web.client(CLERK), f"{QUEUE}/{sent.id}/paraf", {"version": "2"})
        assert "menunggu paraf ke-2 dari 2" in visible(case_of(web, sent))
        assert "beri paraf ke-2 dari 2" in visible(case_of(web, sent, REVIEWER))
        post(web.client(REVIEWER), f"{QUEUE}/{sent.id}/paraf", {"version": "3"})
        assert state(web, sent.id) is RequestState.AWAITING_SIGNATURE
    finally:
        ask_no_more(web.composition)


def test_a_reviewer_works_in_the_queue_alone(web: WebOffice, sent: LetterRequest) -> None:
    browser = web.app.test_client()
    form = {"username": REVIEWER, "password": PASSWORD}
    assert post(browser, "/masuk", form).location == QUEUE
    page = browser.get(QUEUE).text
    assert 'href="/loket"' not in page
    assert "/loket/surat/baru" not in page
    case = browser.get(f"{QUEUE}/{sent.id}").text
    assert "/paraf" in case
    assert "/batalkan" not in case


def test_a_reason_typed_into_an_expired_session_is_carried_on(
    web: WebOffice, sent: LetterRequest
) -> None:
    typed = {"version": "2", "reason": REASON}
    page = post(web.client(), f"{QUEUE}/{sent.id}/kembalikan", typed)
    assert page.status_code == 401
    carried = hidden(page.text)
    assert carried["carried:reason"] == REASON
    assert carried["back"] == f"{QUEUE}/{sent.id}/kembalikan"


def test_a_letter_is_handed_over_once_with_a_receipt(web: WebOffice, sent: LetterRequest) -> None:
    clerk, casework = web.client(CLERK), web.composition.services.casework
    casework.review(OPERATOR, sent.id, 2)
    casework.forward(OPERATOR, sent.id, 3)
    letter = web.composition.services.issuance.issue(OPERATOR, sent.id, LURAH)
    path = f"/loket/surat/{letter.id}/serah"
    assert path in clerk.get(f"/loket/surat/{letter.id}").text
    version = hidden(clerk.get(path).text)["version"]
    empty = post(clerk, path, {"version": version, "receiver": ""})
    assert empty.status_code == 422
    receiver = "Siti Aminah, adik pemohon"
    for _ in range(2):
        done = post(clerk, path, {"version": version, "receiver": receiver})
        assert done.status_code == 303
    receipt = visible(clerk.get(path).text)
    assert "Tanda terima surat" in receipt
    assert f"Diterima oleh {receiver}" in receipt
    late = post(web.client(SECOND), path, {"version": version, "receiver": "Orang lain"})
    assert late.status_code == 409
    assert "sudah diserahkan lebih dulu" in visible(late.text)
    assert "Orang lain" in late.text
    steps = casework.one(OPERATOR, sent.id).steps
    assert [step.note for step in steps][-1] == receiver


def test_a_letter_that_was_withdrawn_is_not_handed_over(
    web: WebOffice, sent: LetterRequest
) -> None:
    services = web.composition.services
    services.casework.review(OPERATOR, sent.id, 2)
    services.casework.forward(OPERATOR, sent.id, 3)
    letter = services.issuance.issue(OPERATOR, sent.id, LURAH)
    services.letters.revoke(OPERATOR, letter.id, "Salah nama")
    path = f"/loket/surat/{letter.id}/serah"
    assert "Jangan diserahkan" in web.client(CLERK).get(path).text
    forged = post(web.client(CLERK), path, {"version": "5", "receiver": "Siti"})
    assert forged.status_code == 409
    assert state(web, sent.id) is RequestState.ISSUED


def test_what_somebody_wrote_is_shown_as_text(web: WebOffice) -> None:
    hostile = "<script>alert(1)</script>\"'"
    sent = from_home(web.composition, name=hostile)
    typed = {"version": "2", "reason": hostile}
    post(web.client(CLERK), f"{QUEUE}/{sent.id}/kembalikan", typed)
    for page in (case_of(web, sent), web.client(CLERK).get(f"{QUEUE}?keadaan=dikembalikan").text):
        assert "<script" not in page
        assert "&lt;script&gt;" in page


@pytest.mark.parametrize("slug", ["domisili", "tidak-mampu", "ahli-waris"])
def test_a_returned_request_is_corrected_at_the_counter(web: WebOffice, slug: str) -> None:
    """Every answer stands in the form again: sent as it is, the request is what it was."""
    casework, clerk = web.composition.services.casework, web.client(CLERK)
    sent = from_home(web.composition, slug)
    casework.return_(OPERATOR, sent.id, 2, REASON)
    path = f"/loket/perbaiki/{sent.id}"
    assert path in case_of(web, sent)
    form = inputs(clerk.get(path).text)
    new = f"/loket/surat/baru/{slug}"
    checked = clerk.post(f"{new}/periksa", data={**form, "purpose": "mengurus pensiun"})
    assert "Simpan perbaikan dan ajukan lagi" in checked.text
    for _ in range(2):
        done = clerk.post(f"{new}/terbitkan", data=hidden(checked.text))
        assert done.location == f"{QUEUE}/{sent.id}"
    again = casework.one(OPERATOR, sent.id).request
    assert (again.state, again.version) == (RequestState.SUBMITTED, 4)
    assert again.purpose == "mengurus pensiun"
    assert (again.holder, again.fields) == (sent.holder, sent.fields)
    other = {**hidden(checked.text), "purpose": "mengurus warisan"}
    late = clerk.post(f"{new}/terbitkan", data=other)
    assert late.status_code == 409
    assert "mengurus warisan" in late.text
    assert casework.one(OPERATOR, sent.id).request == again
    assert clerk.get(path).location == f"{QUEUE}/{sent.id}"


def inputs(page: str) -> dict[str, str]:
    """Return what a browser would post of a form as it stands."""
    found = hidden(page)
    for tag in re.findall(r"<input [^>]*>", page):
        given = {name: unescape(value) for name, value in re.findall(r'(\w+)="([^"]*)"', tag)}
        if given.get("type") == "radio" and " checked" not in tag:
            continue
        if "name" in given and given.get("type") != "submit":
            found[given["name"]] = given.get("value", "")
    for name, body in re.findall(r'<select [^>]*name="([^"]*)"[^>]*>(.*?)</select>', page, re.S):
        chosen = re.search(r'value="([^"]*)" selected', body)
        found[name] = unescape(chosen[1]) if chosen else ""
    for name, body in re.findall(
        r'<textarea [^>]*name="([^"]*)"[^>]*>(.*?)</textarea>', page, re.S
    ):
        found[name] = unescape(body)
    return found


def test_whoever_reviews_sees_the_letter_as_it_would_be_signed(
    web: WebOffice, sent: LetterRequest
) -> None:
    page = case_of(web, sent, REVIEWER)
    (place,) = re.findall(rf'href="({QUEUE}/{sent.id}/konsep\?[^"]*)"', page)
    draft = web.client(REVIEWER).get(unescape(place))
    assert draft.mimetype == "application/pdf"
    assert draft.headers["Cache-Control"] == "no-store"
    document = pypdfium2.PdfDocument(draft.get_data())
    words = " ".join(document[0].get_textpage().get_text_range().split())
    assert "KONSEP" in words
    assert "Sulastri Contohwati" in words
    assert sent.purpose in words
    assert "Kode verifikasi" not in words
    assert b"/Sig" not in draft.get_data()
    assert document.get_formtype() == pypdfium2.raw.FORMTYPE_NONE
    picture = document[0].render(scale=300 / 72).to_pil()
    assert not zxingcpp.read_barcodes(picture)
    assert last_event(web) == ("request.draft_seen", sent.id, web.account_id(REVIEWER))


def test_a_draft_takes_no_number_and_belongs_to_its_agency(
    web: WebOffice, sent: LetterRequest
) -> None:
    stranger = web.client(OTHER_CLERK)
    before = numbers_taken(web)
    assert web.client(CLERK).get(f"{QUEUE}/{sent.id}/konsep").status_code == 200
    assert numbers_taken(web) == before
    seen = last_event(web)
    elsewhere = stranger.get(f"{QUEUE}/{sent.id}/konsep")
    assert elsewhere.status_code == 403
    assert not elsewhere.get_data().startswith(b"%PDF")
    assert last_event(web) == seen
    assert web.client(CLERK).get(f"{QUEUE}/{'0' * 32}/konsep").status_code == 404
    strange = f"{QUEUE}/{sent.id}/konsep?pejabat="
    assert web.client(CLERK).get(f"{strange}kades-3522062001").status_code == 409
    assert web.client(CLERK).get(f"{strange}%27;--").status_code == 200


def last_event(web: WebOffice) -> tuple[str, str, str]:
    with web.composition.register.reading() as uow:
        *_, last = uow.audit.entries()
    return last.event.action, last.event.subject, last.event.actor_id


def numbers_taken(web: WebOffice) -> int:
    with web.composition.register.reading() as uow:
        return sum(1 for _ in uow.letters.list())
