"""The second factor: set up before anything else, asked for each time, taken once."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

import pyotp
import pytest
import zxingcpp
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from issuer.config import Settings
from issuer.domain.access import Role
from issuer.domain.codes import ALPHABET
from issuer.domain.errors import ConfigurationError, NotAuthenticated
from issuer.domain.second_factor import (
    OWE_SECOND_FACTOR,
    RECOVERY_PLACES,
    new_recovery_code,
    read_one_time_code,
    read_recovery_code,
    shown_recovery_code,
)
from issuer.rendering.symbols import ScreenSymbols
from issuer.signing.one_time_codes import TimedCodes
from issuer.web.guards import TOKEN
from tests.accounts.factor_office import (
    answer,
    code_now,
    enrolled,
    password_given,
    recovery_codes,
    strict_office,
    typed_secret,
)
from tests.accounts.test_accounts_sessions import actions, token_of
from tests.web.test_web_access import AT_THE_DOOR, OPEN, ROUTES
from tests.web.web_office import (
    ANSWERS,
    CLERK,
    OTHER_CLERK,
    PASSWORD,
    WebOffice,
    hidden,
    post,
    visible,
)

SECRET = bytes(range(20))
PERIOD = timedelta(seconds=30)
DOORS = dict.fromkeys(
    (f"session.{page}" for page in ("prove", "confirm", "ask_new_passkey", "keep_passkey")), 422
)


@pytest.fixture
def strict(founded: Path, tmp_path: Path) -> Iterator[WebOffice]:
    with strict_office(founded, tmp_path) as office:
        yield office


# --- the code itself, against another implementation -----------------------------------


@given(st.binary(min_size=20, max_size=20), st.integers(30, 4_000_000_000))
def test_codes_are_those_of_another_implementation(secret: bytes, seconds: int) -> None:
    at = datetime.fromtimestamp(seconds, UTC)
    foreign = pyotp.TOTP(base64.b32encode(secret).decode())
    codes = TimedCodes("Kabupaten Bojonegoro")
    found = codes.step(secret, foreign.at(at), at)
    # A neighbour's code is the same once in a million.
    assert found is not None
    assert abs(found - seconds // 30) <= 1
    assert foreign.at(found * 30) == foreign.at(at)


def test_a_clock_half_a_minute_off_is_forgiven_and_no_more() -> None:
    at, foreign = (
        datetime(2026, 11, 24, 2, 0, tzinfo=UTC),
        pyotp.TOTP(base64.b32encode(SECRET).decode()),
    )
    now = int(at.timestamp()) // 30
    taken = {n: TimedCodes("x").step(SECRET, foreign.at(at + n * PERIOD), at) for n in range(-3, 4)}
    assert taken == {-3: None, -2: None, -1: now - 1, 0: now, 1: now + 1, 2: None, 3: None}


def test_an_application_takes_the_secret_from_the_symbol(tmp_path: Path) -> None:
    address = TimedCodes("Kabupaten Bojonegoro").address(SECRET, "siti.aminah")
    svg = ScreenSymbols().svg(address)
    side = int(svg.split('viewBox="0 0 ')[1].split()[0])
    picture = Image.new("L", (side, side), 255)
    for part in svg.split('<path d="M')[1].split('"')[0].split("M"):
        column, row = part.split("h", 1)[0].split()
        picture.putpixel((int(column), int(row)), 0)
    read = zxingcpp.read_barcode(picture.resize((side * 6, side * 6), Image.Resampling.NEAREST))
    assert read is not None
    parts = urlsplit(read.text)
    query = parse_qs(parts.query)
    assert (parts.scheme, parts.netloc) == ("otpauth", "totp")
    assert unquote(parts.path) == "/Kabupaten Bojonegoro:siti.aminah"
    assert query["issuer"] == ["Kabupaten Bojonegoro"]
    assert pyotp.parse_uri(read.text).secret == base64.b32encode(SECRET).decode()


@given(st.text(max_size=80))
def test_anything_typed_is_a_code_or_none(typed: str) -> None:
    code, recovery = read_one_time_code(typed), read_recovery_code(typed)
    assert code is None or (len(code) == 6 and code.isascii() and code.isdigit())
    assert recovery is None or (recovery[0] in RECOVERY_PLACES and len(recovery) == 11)


@given(st.sampled_from(RECOVERY_PLACES), st.lists(st.integers(0, 31), min_size=10, max_size=10))
def test_a_recovery_code_is_read_as_a_tired_person_types_it(place: str, drawn: list[int]) -> None:
    code = new_recovery_code(place, lambda _limit: drawn.pop())
    assert set(code[1:]) <= set(ALPHABET)
    shown = shown_recovery_code(code)
    for typed in (shown, shown.lower(), shown.replace("-", " "), f" {code} "):
        assert read_recovery_code(typed) == code
    assert read_recovery_code(shown.replace("0", "o").replace("1", "l")) == code


# --- setting it up -----------------------------------------------------------------------


def test_all_staff_owe_one() -> None:
    assert set(Role) - {Role.APPLICANT} == OWE_SECOND_FACTOR


def test_only_a_demo_may_leave_it_open(tmp_path: Path) -> None:
    values = {"base_url": "https://a.example", "regency_name": "K", "region_code": "35.22"}
    with pytest.raises(ConfigurationError, match="only a demo may leave it optional"):
        Settings.from_mapping({**values, "second_factor": "optional"}, tmp_path)
    with pytest.raises(ConfigurationError, match="'required' or 'optional'"):
        Settings.from_mapping({**values, "second_factor": "never"}, tmp_path)
    assert Settings.from_mapping(values, tmp_path).second_factor == "required"
    demo = Settings.from_mapping({**values, "profile": "demo"}, tmp_path)
    assert demo.second_factor == "optional"


def test_the_password_alone_opens_no_room(strict: WebOffice) -> None:
    """Every page that is not open to strangers, for every role of staff."""
    for role in sorted(OWE_SECOND_FACTOR):
        client = password_given(strict, role.value.replace("_", "-"))
        for (method, endpoint), (pattern, entrance, _) in ROUTES.items():
            if entrance in (OPEN, AT_THE_DOOR):
                continue
            path = re.sub(r"\{\w+\}", "x", pattern)
            got = client.get(path) if method == "GET" else post(client, path)
            assert got.status_code == DOORS.get(endpoint, 401), (role, path)
            assert "Pasang pengaman kedua" in got.text
            assert strict.letter.number not in got.text


def test_whoever_has_none_sets_it_up_first_and_is_then_where_he_wanted_to_be(
    strict: WebOffice,
) -> None:
    client = strict.app.test_client()
    asked = client.get("/loket/surat/baru/domisili")
    credentials = {"username": CLERK, "password": PASSWORD}
    page = client.post("/masuk", data={**hidden(asked.text), **credentials}).text
    assert "Pasang pengaman kedua" in page
    before = token_of(client)
    code = code_now(strict, typed_secret(page))
    done = client.post("/masuk/pasang", data={**hidden(page), "code": code})
    assert len(set(recovery_codes(done.text))) == 10
    assert 'href="/loket/surat/baru/domisili"' in done.text
    assert token_of(client) != before
    assert client.get("/loket/surat/baru/domisili").status_code == 200
    assert actions(strict)[-1] == "account.second_factor_set"
    thief = strict.app.test_client()
    with thief.session_transaction() as session:
        session[TOKEN] = before
    assert thief.get("/loket").status_code == 401


def test_a_reloaded_page_shows_the_same_secret_and_a_wrong_code_changes_nothing(
    strict: WebOffice,
) -> None:
    client = password_given(strict, CLERK)
    secret = typed_secret(client.get("/masuk").text)
    wrong = post(client, "/masuk/pasang", {"code": code_now(strict, secret, 5)})
    assert wrong.status_code == 422
    assert "Periksa juga jam ponsel Anda" in wrong.text
    assert typed_secret(wrong.text) == typed_secret(client.get("/masuk").text) == secret
    assert post(client, "/masuk/pasang", {"code": code_now(strict, secret)}).status_code == 200


def test_a_thief_of_the_password_does_not_see_the_secret_its_owner_sets_up(
    strict: WebOffice,
) -> None:
    owner, thief = password_given(strict, CLERK), password_given(strict, CLERK)
    thiefs = typed_secret(thief.get("/masuk").text)
    owners = typed_secret(owner.get("/masuk").text)
    assert owners != thiefs
    assert typed_secret(owner.get("/masuk").text) == owners
    assert post(owner, "/masuk/pasang", {"code": code_now(strict, owners)}).status_code == 200
    for secret in (owners, thiefs):
        assert post(thief, "/masuk/pasang", {"code": code_now(strict, secret)}).status_code == 401
    assert thief.get("/loket").status_code == 401


def test_a_secret_that_waited_too_long_is_another_one(strict: WebOffice) -> None:
    client = password_given(strict, CLERK)
    client.get("/masuk")
    strict.clock.advance(timedelta(minutes=15))
    assert "Kata sandi" in client.get("/masuk").text
    assert client.get("/loket").status_code == 401


def test_no_secret_and_no_recovery_code_lies_in_the_database(strict: WebOffice) -> None:
    _, secret, codes = enrolled(strict, CLERK)
    data = (strict.composition.settings.data_dir / "register.db").read_bytes()
    log = strict.composition.settings.data_dir / "register.db-wal"
    data += log.read_bytes() if log.exists() else b""
    assert CLERK.encode() in data
    for hidden_value in (secret, *codes, *(code.replace("-", "") for code in codes)):
        assert hidden_value.encode() not in data
    assert base64.b32decode(secret) not in data


# --- signing in with it ------------------------------------------------------------------


def test_each_sign_in_asks_for_a_code_and_changes_the_token(strict: WebOffice) -> None:
    _, secret, _ = enrolled(strict, CLERK)
    strict.clock.advance(PERIOD)
    client = password_given(strict, CLERK)
    before = token_of(client)
    assert client.get("/loket").status_code == 401
    entered = answer(client, code_now(strict, secret))
    assert (entered.status_code, entered.headers["Location"]) == (303, "/loket")
    assert token_of(client) != before
    assert client.get("/loket").status_code == 200
    with pytest.raises(NotAuthenticated):
        strict.composition.services.sessions.begun_by(before)


def test_a_code_is_taken_once_and_no_older_one_after_it(strict: WebOffice) -> None:
    _, secret, _ = enrolled(strict, CLERK)
    strict.clock.advance(3 * PERIOD)
    code, older = code_now(strict, secret), code_now(strict, secret, -1)
    assert answer(password_given(strict, CLERK), code).status_code == 303
    for seen in (code, older):
        again = answer(password_given(strict, CLERK), seen)
        assert again.status_code == 422
        assert "sudah dipakai" in again.text
    assert "account.second_factor_failed" in actions(strict)


def test_a_recovery_code_works_once_and_its_owner_sees_how_many_are_left(
    strict: WebOffice,
) -> None:
    _, _, codes = enrolled(strict, CLERK)
    client = password_given(strict, CLERK)
    assert answer(client, codes[3].lower()).status_code == 303
    assert "Kode pemulihan yang tersisa: 9" in visible(client.get("/akun").text)
    assert answer(password_given(strict, CLERK), codes[3]).status_code == 422
    wrong = codes[4][:-1] + ("0" if codes[4][-1] != "0" else "1")
    assert answer(password_given(strict, CLERK), wrong).status_code == 422
    assert answer(password_given(strict, CLERK), codes[4]).status_code == 303


def test_ten_wrong_codes_an_hour_from_everywhere_together(strict: WebOffice) -> None:
    _, secret, _ = enrolled(strict, CLERK)
    strict.clock.advance(PERIOD)
    for number in range(10):
        wrong = answer(password_given(strict, CLERK), f"{number:06}")
        assert wrong.status_code == 422
    late = answer(password_given(strict, CLERK), code_now(strict, secret))
    assert late.status_code == 429
    assert int(late.headers["Retry-After"]) <= 3600
    assert "Terlalu banyak kode salah" in late.text
    other, _, _ = enrolled(strict, OTHER_CLERK)
    assert other.get("/loket").status_code == 200
    strict.clock.advance(timedelta(hours=1))
    entered = answer(password_given(strict, CLERK), code_now(strict, secret))
    assert entered.status_code == 303


def test_what_was_typed_when_the_session_ended_is_there_after_both_steps(
    strict: WebOffice,
) -> None:
    client, secret, _ = enrolled(strict, CLERK)
    path = "/loket/surat/baru/domisili"
    form = hidden(client.get(path).text)
    strict.clock.advance(timedelta(hours=9))
    refused = client.post(f"{path}/periksa", data={**ANSWERS, **form})
    credentials = {"username": CLERK, "password": PASSWORD}
    page = client.post("/masuk", data={**hidden(refused.text), **credentials}).text
    assert "Yang sudah Anda ketik tidak hilang" in page
    wrong = answer(client, "000000", page)
    entered = answer(client, code_now(strict, secret), wrong.text)
    carried = hidden(entered.text)
    assert {name: carried[name] for name in ANSWERS} == ANSWERS
    assert client.post(f"{path}/periksa", data=carried).status_code == 200


def test_no_password_travels_through_the_page_that_asks_to_sign_in_again(
    strict: WebOffice,
) -> None:
    client = strict.app.test_client()
    form = {"password": PASSWORD, "new": "rantai mangga kompor", "again": "rantai mangga kompor"}
    page = post(client, "/akun/sandi", form)
    assert page.status_code == 401
    assert PASSWORD not in page.text
    assert "rantai" not in page.text


# --- changing it -------------------------------------------------------------------------


def test_another_application_takes_the_place_of_the_first(strict: WebOffice) -> None:
    client, secret, _ = enrolled(strict, CLERK)
    strict.clock.advance(PERIOD)
    elsewhere = password_given(strict, CLERK)
    answer(elsewhere, code_now(strict, secret))
    assert post(client, "/akun/pengaman", {"password": "salah"}).status_code == 422
    assert client.get("/akun/pengaman/pasang").headers["Location"] == "/akun/pengaman"
    begun = post(client, "/akun/pengaman", {"password": PASSWORD})
    assert begun.headers["Location"] == "/akun/pengaman/pasang"
    fresh = typed_secret(client.get("/akun/pengaman/pasang").text)
    half = password_given(strict, CLERK)
    assert fresh not in half.get("/masuk").text
    assert post(half, "/masuk/pasang", {"code": code_now(strict, fresh)}).status_code == 401
    done = post(client, "/akun/pengaman/pasang", {"code": code_now(strict, fresh)})
    assert len(recovery_codes(done.text)) == 10
    assert client.get("/loket").status_code == 200
    assert elsewhere.get("/loket").status_code == 401
    strict.clock.advance(PERIOD)
    assert answer(password_given(strict, CLERK), code_now(strict, secret)).status_code == 422
    assert answer(password_given(strict, CLERK), code_now(strict, fresh)).status_code == 303


def test_new_recovery_codes_end_the_old_ones(strict: WebOffice) -> None:
    client, _, old = enrolled(strict, CLERK)
    assert post(client, "/akun/pengaman/kode", {"password": "salah"}).status_code == 422
    new = recovery_codes(post(client, "/akun/pengaman/kode", {"password": PASSWORD}).text)
    assert not set(new) & set(old)
    assert answer(password_given(strict, CLERK), old[0]).status_code == 422
    assert answer(password_given(strict, CLERK), new[0]).status_code == 303


def test_in_a_demo_it_may_be_left_and_once_set_up_is_asked_for(web: WebOffice) -> None:
    client = password_given(web, OTHER_CLERK)
    assert client.get("/loket").status_code == 200
    post(client, "/akun/pengaman", {"password": PASSWORD})
    secret = typed_secret(client.get("/akun/pengaman/pasang").text)
    post(client, "/akun/pengaman/pasang", {"code": code_now(web, secret)})
    assert password_given(web, OTHER_CLERK).get("/loket").status_code == 401


def test_a_session_that_owes_something_is_nobody_s(strict: WebOffice) -> None:
    sessions = strict.composition.services.sessions
    token = token_of(password_given(strict, CLERK))
    assert sessions.begun_by(token).account.username == CLERK
    with pytest.raises(NotAuthenticated):
        sessions.held_by(token)
