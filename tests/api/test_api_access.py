"""Who may call what, and that nothing but a key says who calls."""

from __future__ import annotations

from typing import Any

import pytest

from issuer.domain.institution import Scope
from issuer.web.errors import HTTP_STATUS
from issuer.web.problems import BY_STATUS, MEDIA_TYPE, WORDS
from tests.api.api_office import BATCH, STATUS, VERIFY, ApiOffice, conforms, problem
from tests.offices import OPERATOR, issue
from tests.web.web_office import make_app


@pytest.mark.parametrize(
    "authorization",
    [
        "",
        "Bearer",
        "Bearer ",
        "Bearer issuer_",
        "Bearer issuer_" + "A" * 43,
        "Basic dXNlcjpwYXNz",
        "Bearer 🙂".encode().decode("latin-1"),
        "Bearer " + "x" * 5000,
    ],
)
def test_a_key_that_is_shown_must_be_good(api: ApiOffice, authorization: str) -> None:
    headers = {"Authorization": authorization}
    for path in (VERIFY, STATUS, BATCH):
        response = api.call(path, json={"qr": api.qr}, headers=headers)
        assert problem(api, response, 401, path)["code"] == "not_authenticated"
        assert response.headers["WWW-Authenticate"] == "Bearer"
    response = api.call("/api/v1/keys", method="GET", headers=headers)
    problem(api, response, 401, "/api/v1/keys")


def test_the_scheme_is_read_in_any_case(api: ApiOffice) -> None:
    headers = {"Authorization": f"bearer  {api.key} "}
    assert api.call(VERIFY, json={"qr": api.qr}, headers=headers).status_code == 200


def test_a_batch_needs_a_key_with_the_scope(api: ApiOffice) -> None:
    rows = [{"qr": api.qr}]
    problem(api, api.call(BATCH, json=rows), 401, BATCH)
    for path, body in ((BATCH, rows), (VERIFY, rows[0]), (STATUS, rows[0])):
        response = api.call(path, json=body, key=api.narrow_key)
        assert problem(api, response, 403, path)["code"] == "not_permitted"


def test_a_key_ends_at_once(api: ApiOffice) -> None:
    store = api.composition.services.institutions
    bank, key = store.add(OPERATOR, "Bank Sementara", [Scope.VERIFY], 10)
    assert api.call(VERIFY, json={"qr": api.qr}, key=key).status_code == 200
    store.set_active(OPERATOR, bank.id, False)
    problem(api, api.call(VERIFY, json={"qr": api.qr}, key=key), 401)


def test_the_quota_ends_with_the_day(api: ApiOffice) -> None:
    store = api.composition.services.institutions
    _, key = store.add(OPERATOR, "Bank Kecil", [Scope.VERIFY, Scope.VERIFY_BATCH], 3)
    assert api.call(BATCH, json=[{}, {}], key=key).status_code == 200
    problem(api, api.call(BATCH, json=[{}, {}], key=key), 429, BATCH)
    faulty = api.call(VERIFY, json={}, key=key)
    problem(api, faulty, 422)
    assert api.send(api.pdf, "application/pdf", key).status_code == 200
    document = problem(api, api.send(api.pdf, "application/pdf", key), 429)
    assert 0 < document["retry_after_seconds"] <= 24 * 3600


def test_a_key_raises_a_stranger_s_limits(api: ApiOffice) -> None:
    """Whoever has a key is counted by it, and not with others behind the same address."""
    address = "192.0.2.99"
    wrong = [{"qr": f"{api.qr}{i}"} for i in range(110)]
    strange = [api.call(VERIFY, json=ask, address=address).status_code for ask in wrong]
    assert strange[-1] == 429
    ask = {"qr": api.qr}
    assert api.call(VERIFY, json=ask, address=address, key=api.key).status_code == 200
    for _ in range(130):
        response = api.call(
            VERIFY, data=b"x", content_type="application/pdf", address=address, key=api.key
        )
        assert response.status_code == 200


def test_what_an_institution_found_genuine_is_remembered(api: ApiOffice) -> None:
    first, second, third = (issue(api.composition) for _ in range(3))
    api.call(VERIFY, json={"qr": first.qr_text}, key=api.key)
    api.call(BATCH, json=[{"qr": second.qr_text}, {"qr": second.qr_text}], key=api.key)
    api.call(STATUS, json={"number": third.number, "code": "0000-0000-0000"}, key=api.key)
    api.call(STATUS, json={"qr": third.qr_text})
    with api.composition.register.reading() as uow:
        watched = [uow.institutions.watching(letter.id) for letter in (first, second, third)]
    assert watched == [[api.bank], [api.bank], []]


def test_no_cookie_is_read_or_set(api: ApiOffice) -> None:
    client = api.app.test_client()
    with client.session_transaction() as session:
        session["token"] = "f" * 64
    client.set_cookie("__Host-lang", "en")
    for answer in (
        client.post(VERIFY, json={"qr": api.qr}),
        client.post(VERIFY, json={}),
        client.get("/api/v1/keys"),
    ):
        assert "Set-Cookie" not in answer.headers
        assert "Cookie" not in answer.vary
    assert client.post(VERIFY, json={}).get_json()["title"].startswith("Ada isian")


def test_another_site_may_not_read_an_answer(api: ApiOffice) -> None:
    origin = {"Origin": "https://elsewhere.example"}
    asked = {**origin, "Access-Control-Request-Method": "POST"}
    for answer in (
        api.call(VERIFY, json={"qr": api.qr}, headers=origin),
        api.call(VERIFY, method="OPTIONS", headers=asked),
        api.call("/api/openapi.json", method="GET", headers=origin),
    ):
        assert not [name for name in dict(answer.headers) if "access-control" in name.lower()]
        assert answer.headers["Cross-Origin-Resource-Policy"] == "same-origin"
        assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    "path", ["/api/", "/api/v1", "/api/v1/verify/", "/api/v2/verify", "/api/x"]
)
def test_a_wrong_address_is_a_problem_and_no_page(api: ApiOffice, path: str) -> None:
    for method in ("GET", "POST"):
        response = api.call(path, method=method)
        assert (response.status_code, response.mimetype) == (404, MEDIA_TYPE)
        assert response.get_json()["code"] == "no_such_address"


@pytest.mark.parametrize("path", [VERIFY, BATCH, STATUS])
@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE", "PATCH"])
def test_a_wrong_method_names_the_right_ones(api: ApiOffice, path: str, method: str) -> None:
    response = api.call(path, method=method)
    assert (response.status_code, response.mimetype) == (405, MEDIA_TYPE)
    assert response.get_json()["code"] == "method_not_allowed"
    assert response.headers["Allow"] == "OPTIONS, POST"


@pytest.mark.parametrize(
    ("wanted", "language", "title"),
    [
        (None, "id", "Ada isian"),
        ("en", "en", "Some entries"),
        ("en-GB,id;q=0.3", "en", "Some entries"),
        ("id,en", "id", "Ada isian"),
        ("fr", "id", "Ada isian"),
        ("\x7f;;q=zz", "id", "Ada isian"),
    ],
)
def test_the_title_speaks_the_language_asked_for(
    api: ApiOffice, wanted: str | None, language: str, title: str
) -> None:
    headers = {"Accept-Language": wanted} if wanted else {}
    response = api.call(VERIFY, json={}, headers=headers)
    assert response.get_json()["title"].startswith(title)
    assert response.headers["Content-Language"] == language


def test_every_problem_code_is_one_of_the_tables() -> None:
    assert set(BY_STATUS.values()) | {"bad_request"} == set(WORDS)
    assert not set(WORDS) & {kind.code for kind in HTTP_STATUS}


def test_the_keys_lead_to_files_that_are_there(api: ApiOffice) -> None:
    api.composition.publication.publish()
    answer = conforms(api, api.call("/api/v1/keys", method="GET"), "/api/v1/keys")
    base = api.composition.services.office.base_url
    for name, address in answer.items():
        assert address.startswith(base)
        response = api.call(address.removeprefix(base), method="GET")
        assert response.status_code == 200, name


def test_the_page_explains_every_code_in_both_languages(api: ApiOffice) -> None:
    described: dict[str, Any] = api.description["components"]["schemas"]["Answer"]["properties"]
    codes = [
        *described["verdict"]["enum"],
        *described["reasons"]["items"]["enum"],
        *described["checks"]["properties"]["status"]["enum"],
        *(WORDS.keys() - {"bad_request"}),
    ]
    for language in ("id", "en"):
        page = api.call(f"/api?lang={language}", method="GET").text
        assert f'<html lang="{language}">' in page
        missing = [code for code in codes if f"{code}</code>" not in page]
        assert missing == []
        assert 'id="too_many_attempts"' in page


def test_a_public_site_can_have_the_api_and_no_room_for_staff(api: ApiOffice) -> None:
    app = make_app(api.composition, audiences=("public", "verify", "api"))
    assert app.test_client().post(VERIFY, json={"qr": api.qr}).status_code == 200
