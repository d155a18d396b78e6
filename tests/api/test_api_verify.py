"""Verification by machine: files, QR, number and code, one by one and in batches."""

from __future__ import annotations

import json
from datetime import timedelta
from io import BytesIO

import pytest
import qrcode

from issuer.domain.answer import as_object
from issuer.domain.errors import DependencyUnavailable
from issuer.domain.verdict import Check, Reason, SignatureKind, Verdict
from issuer.rendering.decoding import ZxingDecoder
from issuer.services.institutions import Institutions
from issuer.services.verification import MAX_FILE_BYTES, Verifier
from issuer.web.app import MAX_UPLOAD_BYTES
from tests.api.api_office import BATCH, STATUS, VERIFY, ApiOffice, conforms, problem
from tests.offices import OPERATOR, Clock, issue, take_register_away

WRONG = {"number": "470/1/TIDAK/ADA/2026", "code": "0000-0000-0000"}


def picture(text: str) -> bytes:
    buffer = BytesIO()
    qrcode.make(text).save(buffer, "PNG")
    return buffer.getvalue()


def test_all_ways_give_the_answer_that_the_verifier_gives(api: ApiOffice) -> None:
    verifier = api.composition.services.verifier
    ways = [
        (api.call(VERIFY, json={"qr": api.qr}), verifier.by_qr(api.qr)),
        (api.call(VERIFY, json=api.pair), verifier.by_number(**api.pair)),
        (api.send(api.pdf, "application/pdf"), verifier.by_file(api.pdf)),
        (api.send(picture(api.qr), "image/png"), verifier.by_qr(api.qr)),
    ]
    for response, expected in ways:
        assert response.status_code == 200
        answer = conforms(api, response, VERIFY)
        assert answer == as_object(expected)
        assert answer["verdict"] == "VALID"
        assert answer["status_as_of"] == answer["checked_at"] == "2026-11-24T02:15:30+00:00"


def test_the_holder_is_masked_and_nothing_else_is_told(api: ApiOffice) -> None:
    text = api.call(VERIFY, json={"qr": api.qr}).text
    holder = api.letter.record.holder
    for personal in (holder["name"], holder["nik"], holder["address"], api.letter.record.purpose):
        assert personal not in text
    assert api.letter.verification_code not in text


def test_the_status_alone_names_nobody(api: ApiOffice) -> None:
    response = api.call(STATUS, json={"qr": api.qr})
    answer = conforms(api, response, STATUS)
    assert answer["verdict"] == "VALID"
    assert set(answer) == {"verdict", "checks", "reasons", "checked_at", "status_as_of"}
    assert api.letter.number not in response.text
    assert conforms(api, api.call(STATUS, json=WRONG), STATUS)["verdict"] == "UNKNOWN"


@pytest.mark.parametrize(
    ("question", "verdict", "reason"),
    [
        ({"qr": "nonsense"}, Verdict.UNKNOWN, Reason.CREDENTIAL_MALFORMED),
        (
            {"qr": "https://elsewhere.example/v/123"},
            Verdict.UNKNOWN,
            Reason.CREDENTIAL_FOREIGN_HOST,
        ),
        ({"qr": "\x00\ud800"}, Verdict.UNKNOWN, Reason.CREDENTIAL_MALFORMED),
        ({"number": "\x00", "code": "\x00"}, Verdict.UNKNOWN, Reason.NUMBER_OR_CODE_WRONG),
        ({"number": "\ud800", "code": "\ud800"}, Verdict.UNKNOWN, Reason.NUMBER_OR_CODE_WRONG),
        ({"number": "'; --", "code": "🙂"}, Verdict.UNKNOWN, Reason.NUMBER_OR_CODE_WRONG),
        (WRONG, Verdict.UNKNOWN, Reason.NUMBER_OR_CODE_WRONG),
    ],
)
def test_what_is_no_letter_of_ours_is_an_answer_and_no_error(
    api: ApiOffice, question: dict[str, str], verdict: Verdict, reason: Reason
) -> None:
    answer = conforms(api, api.call(VERIFY, json=question), VERIFY)
    assert answer["letter"] is None
    assert (answer["verdict"], answer["reasons"]) == (verdict, [reason])


@pytest.mark.parametrize("kind", ["application/pdf", "image/png", "image/jpeg"])
@pytest.mark.parametrize("data", [b"", b"%PDF-", b"\x89PNG\r\n\x1a\n", b"<html>", bytes(1000)])
def test_any_bytes_get_an_answer(api: ApiOffice, kind: str, data: bytes) -> None:
    answer = conforms(api, api.send(data, kind), VERIFY)
    assert answer["verdict"] in ("UNKNOWN", "INDETERMINATE", "ALTERED")


def test_a_changed_file_is_altered(api: ApiOffice) -> None:
    changed = api.pdf.replace(b"%PDF-1.", b"%PDF-9.", 1)
    answer = conforms(api, api.send(changed, "application/pdf"), VERIFY)
    assert answer["verdict"] == "ALTERED"


@pytest.mark.parametrize(
    ("body", "faults"),
    [
        ("", [("body", "not_json")]),
        ("{", [("body", "not_json")]),
        ("[" * 100_000, [("body", "not_json")]),
        ("9" * 5000, [("body", "not_json")]),
        ('{"qr": "x", "qr": "y"}', [("body", "not_json")]),
        ('{"qr": NaN}', [("body", "not_json")]),
        ("null", [("body", "not_an_object")]),
        ("[]", [("body", "not_an_object")]),
        ('"qr"', [("body", "not_an_object")]),
        ("{}", [("qr", "required")]),
        ('{"qr": ""}', [("qr", "required")]),
        ('{"qr": null}', [("qr", "required")]),
        ('{"qr": 7}', [("qr", "not_text")]),
        ('{"qr": {"qr": "x"}}', [("qr", "not_text")]),
        ('{"qr": "%s"}' % ("9" * 2001), [("qr", "too_long")]),
        ('{"qr": "x", "number": "1"}', [("body", "unknown_field")]),
        ('{"qr": "x", "nik": "3522990101900001"}', [("body", "unknown_field")]),
        ('{"3522990101900001": "x"}', [("body", "unknown_field"), ("qr", "required")]),
        ('{"number": "1"}', [("code", "required")]),
        ('{"code": "1"}', [("body", "unknown_field"), ("qr", "required")]),
        (
            '{"number": "%s", "code": []}' % ("1" * 401),
            [("number", "too_long"), ("code", "not_text")],
        ),
    ],
)
def test_a_body_that_is_no_question_is_told_every_fault(
    api: ApiOffice, body: str, faults: list[tuple[str, str]]
) -> None:
    for path in (VERIFY, STATUS):
        response = api.call(path, data=body.encode(), content_type="application/json")
        document = problem(api, response, 422, path)
        assert document["code"] == "invalid_input"
        assert [(p["where"], p["code"]) for p in document["problems"]] == faults
        assert "3522990101900001" not in response.text


@pytest.mark.parametrize("kind", ["text/plain", "multipart/form-data; boundary=x", "text/html", ""])
def test_another_type_of_body_is_not_taken(api: ApiOffice, kind: str) -> None:
    for path in (VERIFY, STATUS):
        response = api.call(path, data=b'{"qr": "x"}', content_type=kind)
        assert problem(api, response, 415, path)["code"] == "unsupported_media_type"
    response = api.call(BATCH, data=b"[]", content_type=kind, key=api.key)
    problem(api, response, 415, BATCH)
    problem(api, api.call(STATUS, data=api.pdf, content_type="application/pdf"), 415, STATUS)


def test_a_body_beyond_the_limit_is_refused_unread(api: ApiOffice) -> None:
    large = b"%PDF-" + bytes(MAX_UPLOAD_BYTES)
    assert problem(api, api.send(large, "application/pdf"), 413)["code"] == "body_too_large"
    typed = json.dumps({"qr": "9" * 300_000}).encode()
    response = api.call(VERIFY, data=typed, content_type="application/json")
    assert problem(api, response, 413)["code"] == "body_too_large"
    between = b"%PDF-" + bytes(MAX_FILE_BYTES)
    answer = conforms(api, api.send(between, "application/pdf"), VERIFY)
    assert answer["reasons"] == ["file_too_large"]


def test_a_batch_answers_each_row_in_its_place(api: ApiOffice) -> None:
    rows = [{"qr": api.qr}, {"qr": 7}, api.pair, "nonsense", WRONG, {"number": "1"}, {}]
    response = api.call(BATCH, json=rows, key=api.key)
    results = conforms(api, response, BATCH)["results"]
    told = [
        row["answer"]["verdict"] if "answer" in row else row["problem"]["code"] for row in results
    ]
    faulty = "invalid_input"
    assert told == ["VALID", faulty, "VALID", faulty, "UNKNOWN", faulty, faulty]


def test_a_row_that_meets_a_limit_spoils_no_other(api: ApiOffice) -> None:
    guesses = [{"number": api.letter.number, "code": f"{i:012}"} for i in range(8)]
    response = api.call(BATCH, json=[*guesses, {"qr": api.qr}], key=api.key)
    results = conforms(api, response, BATCH)["results"]
    limited = [row["problem"] for row in results if "problem" in row]
    assert {row["code"] for row in limited} == {"too_many_attempts"}
    assert all(row["retry_after_seconds"] > 0 for row in limited)
    assert results[-1]["answer"]["verdict"] == "VALID"


def test_a_batch_has_between_one_and_a_hundred_rows(api: ApiOffice) -> None:
    for rows, code in (([], "too_few_rows"), ([{}] * 101, "too_many_rows"), ({}, "not_a_list")):
        document = problem(api, api.call(BATCH, json=rows, key=api.key), 422, BATCH)
        assert [p["code"] for p in document["problems"]] == [code]
    whole = api.call(BATCH, json=[{"qr": api.qr}] * 100, key=api.key)
    assert len(conforms(api, whole, BATCH)["results"]) == 100


def test_the_register_is_away(api: ApiOffice, monkeypatch: pytest.MonkeyPatch) -> None:
    def away(*_arguments: object) -> None:
        raise DependencyUnavailable("database")

    with monkeypatch.context() as patch:
        take_register_away(patch)
        answer = conforms(api, api.call(VERIFY, json={"qr": api.qr}), VERIFY)
        assert answer["verdict"] == "INDETERMINATE"
        assert answer["checks"]["status"] == "not_checked"
        assert answer["status_as_of"] is None
    with monkeypatch.context() as patch:
        patch.setattr(Institutions, "whoever_holds", away)
        response = api.call(VERIFY, json={"qr": api.qr}, key=api.key)
        document = problem(api, response, 503)
        assert document["code"] == "dependency_unavailable"
        assert document["reference"]
    with monkeypatch.context() as patch:
        patch.setattr(Institutions, "found", away)
        response = api.call(VERIFY, json={"qr": api.qr}, key=api.key)
        assert conforms(api, response, VERIFY)["verdict"] == "VALID"


def test_an_error_of_ours_has_a_reference_and_tells_nothing(
    api: ApiOffice, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_arguments: object) -> None:
        raise ValueError("3522990101900001 Siti Aminah")

    monkeypatch.setattr(Verifier, "by_number", broken)
    response = api.call(VERIFY, json={"number": "Siti Aminah", "code": "3522990101900001"})
    document = problem(api, response, 500)
    assert document["code"] == "internal_error"
    assert document["reference"] in caplog.text
    for personal in ("3522990101900001", "Siti"):
        assert personal not in response.text + caplog.text


def test_what_is_revoked_is_told_at_once(api: ApiOffice) -> None:
    letter = issue(api.composition)
    assert letter.qr_text is not None
    api.composition.services.letters.revoke(OPERATOR, letter.id, "salah data")
    answer = conforms(api, api.call(VERIFY, json={"qr": letter.qr_text}), VERIFY)
    assert answer["verdict"] == "REVOKED"
    assert answer["letter"]["revocation_reason"] == "salah data"


def test_every_code_of_the_tables_is_described(api: ApiOffice) -> None:
    schemas = api.description["components"]["schemas"]
    answer = schemas["Answer"]["properties"]
    signature = answer["signature"]["oneOf"][0]["properties"]
    assert answer["verdict"]["enum"] == [verdict.value for verdict in Verdict]
    assert answer["reasons"]["items"]["enum"] == [reason.value for reason in Reason]
    assert answer["checks"]["properties"]["status"]["enum"] == [check.value for check in Check]
    assert signature["kind"]["enum"] == [kind.value for kind in SignatureKind]


def test_a_stranger_s_calls_are_counted_by_address(api: ApiOffice) -> None:
    clock = api.composition.services.clock
    assert isinstance(clock, Clock)
    before, address = clock.at_utc, "192.0.2.77"
    statuses = [
        api.call(VERIFY, json={"qr": api.qr}, address=address).status_code for _ in range(600)
    ]
    assert set(statuses) == {200}
    response = api.call(VERIFY, json={"qr": api.qr}, address=address)
    document = problem(api, response, 429)
    assert response.headers["Retry-After"] == str(document["retry_after_seconds"])
    assert api.call(VERIFY, json={"qr": api.qr}, address="192.0.2.78").status_code == 200
    assert api.call(VERIFY, json={"qr": api.qr}, address=address, key=api.key).status_code == 200
    clock.advance(timedelta(seconds=document["retry_after_seconds"]))
    assert api.call(VERIFY, json={"qr": api.qr}, address=address).status_code == 200
    clock.at_utc = before


def test_pictures_are_read_by_the_bounded_reader(
    api: ApiOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[bytes] = []

    def remembered(_self: object, data: bytes) -> str | None:
        asked.append(data)
        return None

    monkeypatch.setattr(ZxingDecoder, "decode_image", remembered)
    data = picture("x")
    answer = conforms(api, api.send(data, "image/jpeg"), VERIFY)
    assert answer["reasons"] == ["qr_not_found"]
    assert asked == [data]
