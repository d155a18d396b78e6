"""The counter asks who endorses, where a letter needs it, and anybody is told who did."""

from __future__ import annotations

from io import BytesIO

from flask.testing import FlaskClient

from issuer.domain.verdict import Verdict
from tests.offices import DISTRICT_HEAD, OPERATOR
from tests.web.web_office import ANSWERS, CLERK, WebOffice, csrf, hidden, typed_fields, visible

SLUG = "domisili-usaha"
PAGE = f"/loket/surat/baru/{SLUG}"
HEAD = "camat-352215"


def answers(web: WebOffice, clerk: FlaskClient) -> dict[str, str]:
    """Everything a clerk types but who endorses."""
    letter_type = web.composition.services.catalogue.get(SLUG)
    form = hidden(clerk.get(PAGE).text)
    return {**form, **ANSWERS, **typed_fields(letter_type)}


def test_the_districts_head_is_chosen_already(web: WebOffice) -> None:
    page = web.client(CLERK).get(PAGE).text
    assert f'name="endorser" value="{HEAD}" checked' in page
    assert "endorser" not in web.client(CLERK).get("/loket/surat/baru/domisili").text


def test_the_form_names_its_endorser_or_comes_back(web: WebOffice) -> None:
    clerk = web.client(CLERK)
    for nobody in ("", DISTRICT_HEAD, "lurah-3522151001"):
        form = {**answers(web, clerk), "endorser": nobody}
        for step in ("periksa", "terbitkan"):
            refused = clerk.post(f"{PAGE}/{step}", data=form)
            assert refused.status_code == 422
            assert "Mengetahui: Harus diisi." in visible(refused.text)


def test_both_signers_are_shown_to_clerk_and_public(web: WebOffice) -> None:
    clerk = web.client(CLERK)
    checked = clerk.post(f"{PAGE}/periksa", data={**answers(web, clerk), "endorser": HEAD})
    assert checked.status_code == 200, visible(checked.text)
    draft = clerk.post(f"{PAGE}/konsep", data=hidden(checked.text))
    assert draft.data.startswith(b"%PDF-")
    issued = clerk.post(f"{PAGE}/terbitkan", data=hidden(checked.text))
    assert issued.status_code == 303, visible(issued.text)
    letter_id = issued.headers["Location"].split("/")[-1]
    letter = web.composition.services.letters.one(OPERATOR, letter_id)
    endorser = letter.record.endorser
    assert endorser is not None
    assert endorser.id == HEAD
    shown = visible(clerk.get(issued.headers["Location"]).text)
    assert f"Mengetahui {endorser.name}" in shown
    pdf = clerk.get(issued.headers["Location"] + "/pdf").data
    anybody = web.client()
    answer = anybody.post(
        "/periksa",
        data={"file": (BytesIO(pdf), "surat.pdf"), "csrf_token": csrf(anybody)},
        content_type="multipart/form-data",
    )
    assert f"Mengetahui: {endorser.name}." in visible(answer.text)
    assert web.composition.services.verifier.by_file(pdf).verdict is Verdict.VALID
