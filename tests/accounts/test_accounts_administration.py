"""Accounts of others: invited, begun, changed, closed; each by whom the table lets."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import timedelta
from itertools import product
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from issuer.domain.access import Actor, Permission, Role, Subject, permits
from issuer.domain.accounts import Account
from issuer.domain.administration import GRANTS, WITHIN_AN_AGENCY, require_over_account
from issuer.domain.errors import NotPermitted
from tests.accounts.factor_office import enrolled, password_given, strict_office
from tests.accounts.test_accounts_passwords import GOOD
from tests.accounts.test_accounts_sessions import actions
from tests.office.test_office_demo import issuer
from tests.offices import DISTRICT, WARD
from tests.web.web_office import CLERK, PASSWORD, SPARE_CLERK, WebOffice, post, visible

AGENCY_ADMIN, REGENCY_ADMIN = "admin-opd", "admin-kabupaten"
CODE = re.compile(r"(?:[0-9A-Z]{4}-){5}[0-9A-Z]{4}")
NEW = {"username": "petugas.baru", "full_name": "Orang Baru", "role": "petugas", "agency": WARD}


@pytest.fixture
def strict(founded: Path, tmp_path: Path) -> Iterator[WebOffice]:
    with strict_office(founded, tmp_path) as office:
        yield office


def admin(web: WebOffice, username: str = REGENCY_ADMIN) -> FlaskClient:
    client, _, _ = enrolled(web, username)
    return client


def code_on(page: str) -> str:
    (code,) = CODE.findall(page)
    return str(code)


def activate(web: WebOffice, username: str, code: str, new: str = GOOD) -> tuple[int, str]:
    form = {"username": username, "code": code, "new": new, "again": new}
    response = post(web.app.test_client(), "/aktifkan", form)
    return response.status_code, visible(response.text)


def test_nobody_makes_his_equal_but_the_operator() -> None:
    assert set(GRANTS) == set(Role)
    for role, grants in GRANTS.items():
        assert role not in grants
        assert Role.OPERATOR not in grants
        assert Role.APPLICANT not in grants
        # Who manages no account gives no role.
        manages = permits(Actor("a", role, "x"), Permission.MANAGE_ACCOUNTS, Subject("x"))
        assert bool(grants) is manages
        for other in grants:
            assert GRANTS[other] < grants
    assert {
        Role.COUNTER,
        Role.REVIEWER,
        Role.SIGNATORY,
        Role.AGENCY_ADMIN,
    } == WITHIN_AN_AGENCY


def test_nobody_changes_himself_whatever_role_his_account_has_meanwhile() -> None:
    """His session is of before; his account has a role that he may give."""
    now = Account("a-1", "siti", "Siti", Role.COUNTER, WARD, "hash")
    require_over_account(Actor("a-2", Role.REGENCY_ADMIN, None), now)
    with pytest.raises(NotPermitted):
        require_over_account(Actor("a-1", Role.REGENCY_ADMIN, None), now)


def test_from_the_invitation_to_the_first_working_day(strict: WebOffice) -> None:
    client = admin(strict, AGENCY_ADMIN)
    page = post(client, "/admin/akun/baru", NEW)
    code = code_on(page.text)
    assert "https://surat.bojonegoro.example/aktifkan" in page.text
    wrong = password_given(strict, "petugas.baru")
    assert wrong.get("/masuk").text.count("Kode masuk") == 0
    status, said = activate(strict, "petugas.baru", code.replace("-", " ").lower())
    assert status == 303, said
    newcomer = strict.app.test_client()
    post(newcomer, "/masuk", {"username": "petugas.baru", "password": GOOD})
    assert "Pasang pengaman kedua" in newcomer.get("/masuk").text
    assert activate(strict, "petugas.baru", code)[0] == 422
    assert actions(strict)[-2:] == ["account.activated", "account.password_given"]


@pytest.mark.parametrize("later", [timedelta(days=7), timedelta()])
def test_a_code_that_is_wrong_or_has_ended_gets_one_answer(
    strict: WebOffice, later: timedelta
) -> None:
    code = code_on(post(admin(strict), "/admin/akun/baru", NEW).text)
    strict.clock.advance(later)
    wrong = code if later else code[:-1] + ("0" if code[-1] != "0" else "1")
    answers = {
        activate(strict, "petugas.baru", wrong)[1].replace("petugas.baru", "").replace(wrong, ""),
        activate(strict, "tidak.ada", code)[1].replace("tidak.ada", "").replace(code, ""),
        activate(strict, CLERK, code)[1].replace(CLERK, "").replace(code, ""),
    }
    assert len(answers) == 1
    assert "tidak cocok" in answers.pop()


def test_a_weak_password_does_not_use_the_code_up(strict: WebOffice) -> None:
    code = code_on(post(admin(strict), "/admin/akun/baru", NEW).text)
    for weak in ("pendek", "petugas.baru1"):
        assert activate(strict, "petugas.baru", code, weak)[0] == 422
    assert activate(strict, "petugas.baru", code)[0] == 303


def test_codes_are_not_tried(strict: WebOffice) -> None:
    code = code_on(post(admin(strict), "/admin/akun/baru", NEW).text)
    for _ in range(5):
        assert activate(strict, "petugas.baru", "0" * 24)[0] == 422
    assert activate(strict, "petugas.baru", code)[0] == 429


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"username": "Siti!"}, "3–40 huruf kecil"),
        ({"username": CLERK}, "sudah dipakai"),
        ({"full_name": ""}, "Nama lengkap: Harus diisi."),
        ({"role": ""}, "Peran: Harus diisi."),
        ({"agency": ""}, "Harus diisi"),
        ({"agency": "99.99"}, "Tidak ada perangkat daerah"),
    ],
)
def test_what_is_wrong_with_an_invitation_is_said_and_nothing_typed_is_lost(
    strict: WebOffice, change: dict[str, str], said: str
) -> None:
    typed = {**NEW, **change}
    page = post(admin(strict), "/admin/akun/baru", typed)
    assert page.status_code == 422
    assert said in visible(page.text)
    for name in ("username", "full_name", "agency"):
        assert f'value="{typed[name]}"' in page.text


@pytest.mark.parametrize("role", ["admin_opd", "admin_kabupaten", "auditor", "operator"])
def test_an_agency_s_admin_gives_no_role_like_his_own_or_above(
    strict: WebOffice, role: str
) -> None:
    client = admin(strict, AGENCY_ADMIN)
    assert post(client, "/admin/akun/baru", {**NEW, "role": role}).status_code == 403
    spare = strict.account_id(SPARE_CLERK)
    assert post(client, f"/admin/akun/{spare}/peran", {"role": role}).status_code == 403


def test_an_agency_s_admin_works_in_his_agency_alone(strict: WebOffice) -> None:
    client = admin(strict, AGENCY_ADMIN)
    page = post(client, "/admin/akun/baru", {**NEW, "agency": DISTRICT})
    with strict.composition.register.reading() as uow:
        account = uow.accounts.by_username("petugas.baru")
    assert account is not None
    assert account.agency_code == WARD
    assert page.status_code == 200
    other = strict.account_id("petugas-lain")
    assert "petugas-lain" not in client.get("/admin/akun").text
    for path in (f"/admin/akun/{other}", f"/admin/perangkat/{DISTRICT}"):
        assert client.get(path).status_code == 403
    for step in ("peran", "tutup", "kode"):
        answer = post(client, f"/admin/akun/{other}/{step}", {"role": "petugas"})
        assert answer.status_code == 403


@pytest.mark.parametrize("step", ["peran", "tutup", "buka", "kode"])
@pytest.mark.parametrize("target", [REGENCY_ADMIN, "operator", "pemohon"])
def test_nobody_changes_himself_nor_who_stands_above(
    strict: WebOffice, step: str, target: str
) -> None:
    client, before = admin(strict), strict.account_id(target)
    answer = post(client, f"/admin/akun/{before}/{step}", {"role": "petugas", "agency": WARD})
    assert answer.status_code == 403
    assert "tidak dapat Anda ubah" in client.get(f"/admin/akun/{before}").text


def test_another_role_ends_every_session_at_once(strict: WebOffice) -> None:
    clerk, boss = admin(strict, SPARE_CLERK), admin(strict)
    assert clerk.get("/loket").status_code == 200
    spare = strict.account_id(SPARE_CLERK)
    answer = post(boss, f"/admin/akun/{spare}/peran", {"role": "verifikator", "agency": DISTRICT})
    assert answer.headers["Location"] == f"/admin/akun/{spare}?selesai=peran"
    assert clerk.get("/loket").status_code == 401
    with strict.composition.register.reading() as uow:
        account = uow.accounts.get(spare)
    assert (account.role, account.agency_code) == (Role.REVIEWER, DISTRICT)


def test_a_closed_account_is_out_and_stays_out_until_it_is_opened(strict: WebOffice) -> None:
    clerk, boss = admin(strict, SPARE_CLERK), admin(strict)
    spare = strict.account_id(SPARE_CLERK)
    post(boss, f"/admin/akun/{spare}/tutup")
    assert clerk.get("/loket").status_code == 401
    refused = post(
        strict.app.test_client(), "/masuk", {"username": SPARE_CLERK, "password": PASSWORD}
    )
    assert refused.status_code == 401
    post(boss, f"/admin/akun/{spare}/buka")
    assert "Kode masuk" in password_given(strict, SPARE_CLERK).get("/masuk").text
    assert actions(strict)[-3:-1] == ["account.closed", "account.opened"]


def test_who_lost_the_telephone_begins_anew_and_the_finder_gets_nowhere(
    strict: WebOffice,
) -> None:
    clerk, _, codes = enrolled(strict, SPARE_CLERK)
    spare, boss = strict.account_id(SPARE_CLERK), admin(strict)
    code = code_on(post(boss, f"/admin/akun/{spare}/kode").text)
    assert clerk.get("/loket").status_code == 401
    old = post(strict.app.test_client(), "/masuk", {"username": SPARE_CLERK, "password": PASSWORD})
    assert old.status_code == 401
    assert activate(strict, SPARE_CLERK, code)[0] == 303
    anew = strict.app.test_client()
    post(anew, "/masuk", {"username": SPARE_CLERK, "password": GOOD})
    assert "Pasang pengaman kedua" in anew.get("/masuk").text
    assert post(anew, "/masuk/kode", {"code": codes[0]}).status_code == 422


def test_only_the_newest_code_works(strict: WebOffice) -> None:
    boss, spare = admin(strict), strict.account_id(SPARE_CLERK)
    first, second = (code_on(post(boss, f"/admin/akun/{spare}/kode").text) for _ in range(2))
    assert activate(strict, SPARE_CLERK, first)[0] == 422
    assert activate(strict, SPARE_CLERK, second)[0] == 303


def test_no_code_lies_in_the_database_or_in_the_trail(strict: WebOffice) -> None:
    code = code_on(post(admin(strict), "/admin/akun/baru", NEW).text)
    folder = strict.composition.settings.data_dir
    data = b"".join(path.read_bytes() for path in sorted(folder.glob("register.db*")))
    assert b"petugas.baru" in data
    assert code.encode() not in data
    assert code.replace("-", "").encode() not in data


def test_the_use_case_refuses_whoever_the_page_lets_by(strict: WebOffice) -> None:
    administration, spare = strict.composition.services.administration, SPARE_CLERK
    target = strict.account_id(spare)
    for role, agency in product(Role, (WARD, DISTRICT, None)):
        actor = Actor("somebody", role, agency)
        allowed = role in (Role.REGENCY_ADMIN, Role.OPERATOR) or (
            role is Role.AGENCY_ADMIN and agency == WARD
        )
        if allowed:
            administration.set_active(actor, target, active=True)
            continue
        with pytest.raises(NotPermitted):
            administration.set_active(actor, target, active=False)
        with pytest.raises(NotPermitted):
            administration.invite_again(actor, target)
        with pytest.raises(NotPermitted):
            administration.set_role(actor, target, "petugas", WARD)
        with pytest.raises(NotPermitted):
            administration.one(actor, target)
        with pytest.raises(NotPermitted):
            administration.listed(actor, WARD)


def test_the_operator_invites_the_first_admin(strict: WebOffice) -> None:
    folder = strict.composition.settings.data_dir
    result = issuer(
        *("--data-dir", folder, "accounts", "invite", "kepala.kominfo", "--name", "Orang Contoh"),
        *("--role", "admin_kabupaten", "--json"),
    )
    assert result.exit_code == 0, result.output
    told = json.loads(result.stdout)
    assert told["address"] == "https://surat.bojonegoro.example/aktifkan"
    listed = issuer("--data-dir", folder, "accounts", "list", "--json").stdout.splitlines()
    usernames = {json.loads(line)["username"]: json.loads(line)["role"] for line in listed}
    assert usernames["kepala.kominfo"] == "admin_kabupaten"
    again = issuer("--data-dir", folder, "accounts", "reset", "kepala.kominfo", "--json")
    assert json.loads(again.stdout)["code"] != told["code"]
    refused = issuer(
        *("--data-dir", folder, "accounts", "invite", "x.y", "--name", "Y", "--role", "petugas")
    )
    assert refused.exit_code != 0
