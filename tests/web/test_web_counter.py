"""The counter: from an empty form to a letter in the hand."""

from __future__ import annotations

import subprocess
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from html import unescape

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from issuer.domain import people
from issuer.domain.errors import KeyUnavailable, NoMandate
from issuer.domain.letter import LetterState
from issuer.domain.mandate import Mandate, MandateKind, Signatory
from issuer.services.issuance import Issuance
from issuer.web import questions
from issuer.web.texts import LETTER_STATES, LETTER_TONES
from tests.offices import BASE_URL, VILLAGE_HEAD
from tests.web.web_office import (
    ANSWERS,
    CLERK,
    LURAH,
    SLUG,
    WebOffice,
    hidden,
    post,
    typed_fields,
    visible,
)

NEW = f"/loket/surat/baru/{SLUG}"
HOSTILE = "Siti \"><script>alert(1)</script>'&amp; O'Neil"


@pytest.fixture
def clerk(web: WebOffice) -> FlaskClient:
    return web.client(CLERK)


def begin(clerk: FlaskClient, **answers: str) -> dict[str, str]:
    """Open the form and fill it in."""
    changed = {name.replace("__", "."): value for name, value in answers.items()}
    return {**hidden(clerk.get(NEW).text), **ANSWERS, **changed}


def checked(clerk: FlaskClient, **answers: str) -> dict[str, str]:
    """Return the form of the page on which a clerk checks the answers."""
    page = clerk.post(f"{NEW}/periksa", data=begin(clerk, **answers))
    assert page.status_code == 200
    return hidden(page.text)


def letters_of(web: WebOffice) -> int:
    with web.composition.register.reading() as uow:
        return sum(1 for _ in uow.letters.list())


def text_of(pdf: bytes) -> str:
    """Read a PDF's text with poppler."""
    run = subprocess.run(
        ["pdftotext", "-layout", "-", "-"], input=pdf, capture_output=True, check=True
    )
    return " ".join(run.stdout.decode().split())


def test_a_letter_goes_from_form_to_print(clerk: FlaskClient) -> None:
    checked = clerk.post(f"{NEW}/periksa", data=begin(clerk))
    assert checked.status_code == 200
    said = visible(checked.text)
    for part in ("3522 9957 0890 0001", "17 Agustus 1990", "Perempuan", "melamar pekerjaan"):
        assert part in said
    issued = clerk.post(f"{NEW}/terbitkan", data=hidden(checked.text))
    assert issued.status_code == 303
    page = clerk.get(issued.headers["Location"]).text
    number = visible(page).split("Nomor ")[1].split()[0]
    code = visible(page).split("Kode verifikasi ")[1].split()[0]
    pdf = clerk.get(issued.headers["Location"] + "/pdf")
    assert number in text_of(pdf.data)
    assert pdf.headers["Content-Disposition"].startswith("inline; ")
    answer = post(clerk, "/periksa", {"number": number, "code": code})
    assert "ASLI DAN BERLAKU" in answer.text
    assert f'href="{BASE_URL}/v/' in page
    assert number in clerk.get("/loket").text


def test_the_file_name_is_the_number_and_no_nik(web: WebOffice, clerk: FlaskClient) -> None:
    path = f"/loket/surat/{web.letter.id}/pdf"
    named = clerk.get(path + "?unduh=1").headers["Content-Disposition"]
    assert named == f'attachment; filename="surat-{web.letter.number.replace("/", "-")}.pdf"'
    assert web.letter.record.holder["nik"] not in named


def test_the_draft_says_konsep_and_takes_no_number(web: WebOffice, clerk: FlaskClient) -> None:
    before = letters_of(web)
    draft = clerk.post(f"{NEW}/konsep", data=begin(clerk))
    assert draft.headers["Content-Type"] == "application/pdf"
    assert "KONSEP" in text_of(draft.data)
    assert "melamar pekerjaan" in text_of(draft.data)
    assert letters_of(web) == before


def test_the_same_form_sent_twice_is_one_letter(web: WebOffice, clerk: FlaskClient) -> None:
    form, before = checked(clerk), letters_of(web)
    places = {clerk.post(f"{NEW}/terbitkan", data=form).headers["Location"] for _ in range(3)}
    assert len(places) == 1
    assert letters_of(web) == before + 1


def test_the_same_form_sent_at_once_many_times_is_one_letter_and_no_error(
    web: WebOffice, clerk: FlaskClient
) -> None:
    form, before = checked(clerk), letters_of(web)
    cookie = clerk.get_cookie("__Host-sesi")
    assert cookie is not None

    def send(_: int) -> TestResponse:
        browser = web.app.test_client(use_cookies=False)
        headers = {"Cookie": f"__Host-sesi={cookie.value}"}
        return browser.post(f"{NEW}/terbitkan", data=form, headers=headers)

    with ThreadPoolExecutor(6) as pool:
        answers = list(pool.map(send, range(6)))
    assert {answer.status_code for answer in answers} == {303}
    assert len({answer.headers["Location"] for answer in answers}) == 1
    assert letters_of(web) == before + 1


def test_a_form_changed_after_issue_is_another_letter(clerk: FlaskClient) -> None:
    form = checked(clerk)
    first = clerk.post(f"{NEW}/terbitkan", data=form).headers["Location"]
    changed = clerk.post(f"{NEW}/terbitkan", data={**form, "purpose": "kuliah"})
    assert changed.headers["Location"] != first
    assert "kuliah" in clerk.get(changed.headers["Location"]).text


def test_two_forms_with_the_same_answers_are_two_letters(clerk: FlaskClient) -> None:
    places = {
        clerk.post(f"{NEW}/terbitkan", data=checked(clerk)).headers["Location"] for _ in range(2)
    }
    assert len(places) == 2


@pytest.mark.parametrize("step", ["periksa", "terbitkan"])
def test_mistakes_are_listed_marked_and_nothing_typed_is_lost(
    web: WebOffice, clerk: FlaskClient, step: str
) -> None:
    before = letters_of(web)
    form = begin(
        clerk,
        holder__nik="3522999999999999",
        holder__birth_date__month="13",
        holder__religion="",
        purpose="",
    )
    response = clerk.post(f"{NEW}/{step}", data=form)
    assert response.status_code == 422
    page = response.text
    for target, words in {
        "holder.nik": "NIK: NIK tidak mungkin benar.",
        "holder.birth_date.day": "Tanggal lahir: Tanggal tidak ada.",
        "holder.religion": "Agama: Harus diisi.",
        "purpose": "Keperluan: Harus diisi.",
    }.items():
        assert f'<a href="#{target}">{words}' in page
        assert f'id="{target}"' in page
    assert 'id="holder.nik-wrong"' in page
    assert 'aria-describedby="holder.nik-wrong holder.nik-hint" aria-invalid="true"' in page
    kept = {**form, "csrf_token": "", "form_id": ""}
    for value in filter(None, kept.values()):
        assert value in unescape(page)
    assert hidden(page)["form_id"] == form["form_id"]
    assert "<title>Kesalahan: " in page
    assert letters_of(web) == before


def test_every_answer_missing_is_every_question_named(clerk: FlaskClient) -> None:
    """Ten of the holder, three of this type, purpose and signatory."""
    response = clerk.post(f"{NEW}/periksa", data={**hidden(clerk.get(NEW).text)})
    assert response.text.count("Harus diisi.</a>") == 10 + 3 + 2


@pytest.mark.parametrize("signatory", ["", "nobody", VILLAGE_HEAD])
def test_only_who_may_sign_here_can_be_chosen(clerk: FlaskClient, signatory: str) -> None:
    response = clerk.post(f"{NEW}/periksa", data=begin(clerk, signatory=signatory))
    assert response.status_code == 422
    assert 'href="#signatory"' in response.text


def test_the_only_signatory_is_chosen_already(clerk: FlaskClient) -> None:
    page = clerk.get(NEW).text
    assert f'value="{LURAH}" checked' in page


def test_a_nik_that_does_not_fit_is_a_warning_and_no_refusal(clerk: FlaskClient) -> None:
    fitting = clerk.post(f"{NEW}/periksa", data=begin(clerk)).text
    assert "NIK tidak sesuai" not in fitting
    response = clerk.post(f"{NEW}/periksa", data=begin(clerk, holder__sex="L"))
    assert response.status_code == 200
    assert "NIK tidak sesuai" in response.text
    assert "Terbitkan surat" in response.text


def test_a_hostile_name_is_text_on_every_page(web: WebOffice, clerk: FlaskClient) -> None:
    form = begin(clerk, holder__name=HOSTILE)
    checked = clerk.post(f"{NEW}/periksa", data=form)
    assert hidden(checked.text)["holder.name"] == HOSTILE
    issued = clerk.post(f"{NEW}/terbitkan", data=hidden(checked.text))
    place = issued.headers["Location"]
    changed = clerk.post(NEW, data=form)
    for page in (checked, clerk.get(place), clerk.get("/loket"), changed):
        assert "<script" not in page.text
        assert HOSTILE in unescape(page.text)
    assert "<script" not in clerk.get(verification_of(clerk.get(place))).text


def verification_of(page: TestResponse) -> str:
    return page.text.split(f'href="{BASE_URL}')[1].split('"')[0]


def test_going_back_to_change_keeps_every_answer(clerk: FlaskClient) -> None:
    form = begin(clerk)
    page = clerk.post(NEW, data=form)
    assert page.status_code == 200
    assert "Ada yang perlu diperbaiki" not in page.text
    for name in ("holder.name", "holder.birth_date.day", "fields.since.year"):
        assert f'name="{name}" value="{form[name]}"' in page.text
    assert 'value="P" checked' in page.text
    assert '<option value="Islam" selected>' in page.text
    assert hidden(page.text)["form_id"] == form["form_id"]


@pytest.mark.parametrize(
    ("error", "status", "words"),
    [
        (KeyUnavailable("lurah", "expired"), 503, "Kunci tanda tangan pejabat ini"),
        (NoMandate("lurah", "35.22"), 409, "Pejabat ini tidak berwenang"),
    ],
)
def test_a_letter_that_cannot_be_issued_keeps_the_answers_on_the_page(
    clerk: FlaskClient,
    monkeypatch: pytest.MonkeyPatch,
    error: Exception,
    status: int,
    words: str,
) -> None:
    def refuse(*_arguments: object, **_named: object) -> None:
        raise error

    form = checked(clerk)
    monkeypatch.setattr(Issuance, "issue", refuse)
    refused = clerk.post(f"{NEW}/terbitkan", data=form)
    assert refused.status_code == status
    assert words in refused.text
    monkeypatch.undo()
    issued = clerk.post(f"{NEW}/terbitkan", data=hidden(refused.text))
    assert issued.status_code == 303


@pytest.mark.parametrize("path", ["/loket/surat/baru/tidak-ada", "/loket/surat/" + "0" * 32])
def test_what_is_not_there_is_not_found(clerk: FlaskClient, path: str) -> None:
    assert clerk.get(path).status_code == 404


def test_a_form_id_of_ones_own_making_is_not_used(clerk: FlaskClient) -> None:
    page = clerk.post(NEW, data={**begin(clerk), "form_id": "../../x"})
    assert hidden(page.text)["form_id"] != "../../x"


def test_the_choices_are_those_of_the_domain() -> None:
    assert tuple(questions.RELIGIONS) == people.RELIGIONS
    assert tuple(questions.MARITAL_STATUSES) == people.MARITAL_STATUSES
    assert tuple(questions.NATIONALITIES) == people.NATIONALITIES
    assert tuple(questions.SEXES) == tuple(people.Sex)
    asked = [question.name for question in questions.HOLDER_QUESTIONS]
    assert asked == list(people.Holder.__slots__)


@pytest.mark.parametrize(
    ("kind", "principal", "via", "post"),
    [
        (MandateKind.DEFINITIVE, None, None, "Camat Contoh"),
        (MandateKind.ACTING_VACANT, None, None, "Plt. Camat Contoh"),
        (MandateKind.ON_BEHALF, "Bupati", None, "Camat Contoh, a.n. Bupati"),
        (MandateKind.FOR_ON_BEHALF, "Bupati", "Sekda", "Camat Contoh, u.b. Sekda"),
    ],
)
def test_a_signatory_is_offered_with_the_post_of_today(
    web: WebOffice, kind: MandateKind, principal: str | None, via: str | None, post: str
) -> None:
    today = date(2026, 11, 24)
    person = Signatory("camat", 1, "Budi Contoh", None, None, "camat")
    mandate = Mandate(
        "m", "camat", "35.22.06", kind, "Camat Contoh", principal, via, "1", today, None
    )
    letter_type = web.composition.services.catalogue.get(SLUG)
    form = questions.LetterForm.of(letter_type, [(person, mandate)], None, today)
    assert form.signers["signatory"]["camat"].id == f"Budi Contoh – {post}"
    assert not form.lacks_signer
    over = replace(mandate, ends_on=date(2026, 11, 23))
    form = questions.LetterForm.of(letter_type, [(person, mandate)], [(person, over)], today)
    assert form.signers["endorser"] == {}
    assert form.lacks_signer


def test_every_state_of_a_letter_has_words_and_a_tone() -> None:
    assert set(LETTER_STATES) == set(LETTER_TONES) == set(LetterState)


def test_every_type_can_be_issued_from_its_form(web: WebOffice, clerk: FlaskClient) -> None:
    for letter_type in web.composition.services.catalogue.all():
        form = {**hidden(clerk.get(f"/loket/surat/baru/{letter_type.slug}").text), **ANSWERS}
        form |= typed_fields(letter_type) | {"endorser": "camat-352215"}
        checked = clerk.post(f"/loket/surat/baru/{letter_type.slug}/periksa", data=form)
        assert checked.status_code == 200, visible(checked.text)
        issued = clerk.post(
            f"/loket/surat/baru/{letter_type.slug}/terbitkan", data=hidden(checked.text)
        )
        assert issued.status_code == 303, letter_type.slug
