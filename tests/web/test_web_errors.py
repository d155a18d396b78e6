"""Errors as a person meets them, and what of them is written down."""

from __future__ import annotations

import logging
from io import BytesIO

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from issuer.domain.errors import (
    CorruptStore,
    DependencyUnavailable,
    IssuerError,
    NotFitToSign,
    TooManyAttempts,
)
from issuer.services.accounts import Accounts
from issuer.services.letters import Letters
from issuer.services.verification import Verifier
from issuer.signing.pades import PadesSigner
from issuer.web.app import MAX_FORM_PARTS, MAX_TYPED_BYTES, MAX_UPLOAD_BYTES
from tests.offices import WARD, issue
from tests.web.web_office import CLERK, LURAH, WebOffice, csrf, post, visible


@pytest.mark.parametrize(
    ("path", "status", "words"),
    [
        ("/tidak-ada", 404, "Halaman ini tidak ada."),
        ("/keluar", 405, "tidak dapat dibuka langsung"),
        ("/loket/surat/baru/domisili/periksa", 405, "tidak dapat dibuka langsung"),
    ],
)
def test_a_wrong_address_is_answered_in_our_own_look(
    web: WebOffice, path: str, status: int, words: str
) -> None:
    response = web.client().get(path)
    assert response.status_code == status
    assert words in response.text
    assert "office.css" in response.text
    assert 'href="/periksa"' in response.text
    english = web.client().get(path + "?lang=en")
    assert words not in english.text
    assert "To the start page" in english.text


def upload(client: FlaskClient, data: bytes) -> TestResponse:
    """Upload a large file without the test client's own temporary files."""
    parts = (
        f'--x\r\nContent-Disposition: form-data; name="csrf_token"\r\n\r\n{csrf(client)}\r\n'
        '--x\r\nContent-Disposition: form-data; name="file"; filename="a.pdf"\r\n\r\n'
    )
    body = parts.encode() + data + b"\r\n--x--\r\n"
    return client.post("/periksa", data=body, content_type="multipart/form-data; boundary=x")


def test_a_body_beyond_the_limit_is_refused(web: WebOffice) -> None:
    response = upload(web.client(), b"%PDF-" + b"0" * MAX_UPLOAD_BYTES)
    assert response.status_code == 413
    assert "batasnya 25 MB" in response.text


def test_a_file_just_beyond_the_verifiers_limit_is_no_verdict(web: WebOffice) -> None:
    response = upload(web.client(), b"%PDF-" + b"0" * 25_100_000)
    assert response.status_code == 200
    assert "BELUM DAPAT DIPASTIKAN" in response.text


@pytest.mark.parametrize("path", ["/periksa", "/masuk", "/loket/surat/baru/domisili/periksa"])
def test_too_much_typed_text_is_refused_before_it_is_read(web: WebOffice, path: str) -> None:
    large = {"number": "1" * (MAX_TYPED_BYTES + 1), "code": "1"}
    assert post(web.client(CLERK), path, large).status_code == 413


@pytest.mark.parametrize("path", ["/masuk", "/loket/surat/baru/domisili/periksa"])
def test_a_file_where_none_is_asked_for_is_refused(web: WebOffice, path: str) -> None:
    client = web.client(CLERK)
    form = {"csrf_token": csrf(client), "file": (BytesIO(b"0" * MAX_TYPED_BYTES), "a")}
    assert client.post(path, data=form).status_code == 413


def test_too_many_parts_are_refused(web: WebOffice) -> None:
    part = '--x\r\nContent-Disposition: form-data; name="number"\r\n\r\n1\r\n'
    body = part * (MAX_FORM_PARTS + 1) + "--x--\r\n"
    kind = "multipart/form-data; boundary=x"
    assert web.client().post("/periksa", data=body, content_type=kind).status_code == 413


def test_an_unknown_error_has_a_reference_and_the_log_no_personal_data(
    web: WebOffice, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_arguments: object) -> None:
        raise ValueError("3522990101900001 Siti Aminah")

    monkeypatch.setattr(Verifier, "by_number", broken)
    form = {"number": "3522990101900001", "code": "Siti Aminah"}
    with caplog.at_level(logging.DEBUG):
        response = post(web.client(), "/periksa", form)
    assert response.status_code == 500
    assert "3522990101900001" not in response.text
    reference = visible(response.text).split("nomor rujukan ini: ")[1].split()[0]
    assert reference.startswith("261124-021530-")
    (record,) = [r for r in caplog.records if reference in r.getMessage()]
    assert "ValueError" in record.getMessage()
    assert "checking.py" in record.getMessage()
    for secret in ("3522990101900001", "Siti"):
        assert secret not in caplog.text


def test_a_broken_store_has_a_reference_too(
    web: WebOffice, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_arguments: object) -> None:
        raise CorruptStore("letter file")

    monkeypatch.setattr(Letters, "pdf", broken)
    response = web.client(CLERK).get(f"/loket/surat/{web.letter.id}/pdf")
    assert response.status_code == 500
    assert "Data yang tersimpan rusak" in response.text
    assert "CorruptStore (letter file)" in caplog.text


@pytest.mark.parametrize(
    ("error", "status"), [(DependencyUnavailable("database"), 503), (TooManyAttempts(30), 429)]
)
def test_a_service_that_is_away_says_when_to_come_back(
    web: WebOffice, monkeypatch: pytest.MonkeyPatch, error: IssuerError, status: int
) -> None:
    def away(*_arguments: object) -> None:
        raise error

    monkeypatch.setattr(Accounts, "sign_in", away)
    response = post(web.client(), "/masuk", {"username": CLERK, "password": "x"})
    assert response.status_code == status
    assert response.headers.get("Retry-After") == ("30" if status == 429 else None)


def test_a_voided_number_is_shown_as_such_and_has_no_file(
    web: WebOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_arguments: object) -> None:
        raise NotFitToSign(["for_this_test"])

    monkeypatch.setattr(PadesSigner, "prepare", refuse)
    client = web.client(CLERK)
    with pytest.raises(NotFitToSign):
        issue(web.composition, "domisili", WARD, LURAH)
    place = client.get("/loket").text.split("Nomor dibatalkan")[0].rsplit('href="', 1)[1]
    place = place.split('"')[0]
    assert "tidak terbit" in client.get(place).text
    assert client.get(place + "/pdf").status_code == 404
