"""What the log says of those who were refused: whom it concerns, and nothing that was typed."""

from __future__ import annotations

import io
import logging
import re
from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from issuer.cli.log_lines import write_log_lines
from issuer.domain.limits import ALLOWANCES, Rule
from tests.web.web_office import CLERK, OTHER_CLERK, PASSWORD, WebOffice, post

TYPED = "3522990101900001 Siti"
SECURITY = "issuer.security"


def wrong_password(web: WebOffice) -> str:
    post(web.client(), "/masuk", {"username": CLERK, "password": TYPED})
    return f"refused sign_in account={web.account_id(CLERK)}"


def unknown_name(web: WebOffice) -> str:
    post(web.client(), "/masuk", {"username": "siti.aminah", "password": TYPED})
    return "refused sign_in account=-"


def wrong_password_again(web: WebOffice) -> str:
    form = {"password": TYPED, "new": "x" * 20, "again": "x" * 20}
    post(web.client(CLERK), "/akun/sandi", form)
    return f"refused password_again account={web.account_id(CLERK)}"


def no_activation(web: WebOffice) -> str:
    form = {"username": "siti.aminah", "code": TYPED, "new": PASSWORD, "again": PASSWORD}
    post(web.client(), "/aktifkan", form)
    return "refused activation account=-"


def no_counter_code(web: WebOffice) -> str:
    post(web.client(), "/aktifkan/warga", {"code": TYPED, "new": PASSWORD, "again": PASSWORD})
    return "refused counter_code"


def another_room(web: WebOffice) -> str:
    web.client(CLERK).get(f"/admin/akun?{TYPED}")
    by = web.account_id(CLERK)
    return f"refused permission needed=enter_administration page=admin.accounts by={by}"


def another_agency(web: WebOffice) -> str:
    web.client(OTHER_CLERK).get(f"/loket/surat/{web.letter.id}")
    by = web.account_id(OTHER_CLERK)
    return f"refused permission needed=read_letter page=counter.letter by={by}"


def no_form_token(web: WebOffice) -> str:
    web.client(CLERK).post("/akun/sandi", data={"password": TYPED})
    return "refused form page=account.change_password"


def strange_key(web: WebOffice) -> str:
    web.client().get("/api/v1/keys", headers={"Authorization": f"Bearer {TYPED}"})
    return "refused key institution=-"


REFUSED: tuple[Callable[[WebOffice], str], ...] = (
    wrong_password,
    unknown_name,
    wrong_password_again,
    no_activation,
    no_counter_code,
    another_room,
    another_agency,
    no_form_token,
    strange_key,
)


@pytest.mark.parametrize("do", REFUSED, ids=lambda do: do.__name__)
def test_what_is_refused_stands_in_the_log_and_nothing_that_was_typed(
    web: WebOffice, caplog: pytest.LogCaptureFixture, do: Callable[[WebOffice], str]
) -> None:
    caplog.set_level(logging.DEBUG)
    wanted = do(web)
    said = [record for record in caplog.records if record.name == SECURITY]
    assert [record.getMessage() for record in said] == [wanted]
    assert {record.levelno for record in said} == {logging.WARNING}
    for part in (*TYPED.split(), "siti.aminah", PASSWORD):
        assert part not in caplog.text


def test_who_meets_a_limit_has_one_mark_and_no_address(
    web: WebOffice, caplog: pytest.LogCaptureFixture
) -> None:
    rule = Rule.SIGN_IN_PER_ACCOUNT
    marks = []
    for address in ("203.0.113.7", "203.0.113.7", "203.0.113.8"):
        client = web.client()
        client.environ_base["REMOTE_ADDR"] = address
        for _ in range(ALLOWANCES[rule].attempts):
            post(client, "/masuk", {"username": "nobody.here", "password": TYPED})
        caplog.clear()
        post(client, "/masuk", {"username": "nobody.here", "password": TYPED})
        (record,) = [record for record in caplog.records if record.name == SECURITY]
        found = re.fullmatch(
            rf"refused attempt limit={rule.value} mark=([0-9a-f]{{8}})", record.message
        )
        assert found
        marks.append(found[1])
        assert address not in caplog.text
    assert marks[0] == marks[1] != marks[2]


def test_every_event_is_one_line_with_its_moment_in_utc() -> None:
    """Read back by the standard library's reader of ISO 8601."""
    out = io.StringIO()
    root = logging.getLogger()
    before = (root.level, root.handlers[:])
    root.handlers.clear()
    try:
        write_log_lines(out)
        log = logging.getLogger("issuer.web")
        log.info("nothing to see")
        log.warning("first\nsecond \x1b[31mred\x1b[0m \u202e%s", "\r2026-01-01T00:00:00Z ERROR")
        try:
            raise ValueError(TYPED)
        except ValueError:
            log.exception("broken")
    finally:
        root.setLevel(before[0])
        root.handlers[:] = before[1]
    first, second = out.getvalue().splitlines()
    moment, level, name, rest = first.split(" ", 3)
    assert abs(datetime.now(UTC) - datetime.fromisoformat(moment)).total_seconds() < 60
    assert moment.endswith("Z")
    assert (level, name.partition("[")[0]) == ("WARNING", "issuer.web")
    assert rest == (r"first\nsecond \x1b[31mred\x1b[0m \u202e\r2026-01-01T00:00:00Z ERROR")
    assert second.endswith(" broken (ValueError)")
    assert TYPED not in out.getvalue()
