"""Settings of messages: each problem is named, and no secret stands in one."""

from __future__ import annotations

import base64
from pathlib import Path

import pytest

from issuer.bootstrap.messaging import mail_sender, message_senders
from issuer.config import SETTINGS_FILE, Settings
from issuer.domain.errors import ConfigurationError
from issuer.domain.messages import Way
from issuer.domain.webhook import secret_text
from tests.offices import Clock, write_settings

MAIL = {"smtp_url": "smtp://localhost:2525", "mail_from": "surat@bojonegoro.example"}
GATEWAY = {"gateway_url": "https://pesan.example/kirim", "gateway_secret_file": "gateway.secret"}
USED = {"smtp_url": "smtps://surat@mail.example", "smtp_password_file": "mail.password"}
BAD = [
    ({"smtp_url": "http://mail.example"}, "smtp_url"),
    ({"smtp_url": "smtp://"}, "smtp_url"),
    ({"smtp_url": "smtp://mail.example:99999"}, "smtp_url"),
    ({"smtp_url": "smtp://mail.example/inbox"}, "smtp_url"),
    ({"smtp_url": "smtp://[::1"}, "smtp_url"),
    ({"smtp_url": "smtps://surat:rahasia@mail.example"}, "smtp_url"),
    ({"smtp_url": "smtps://surat@mail.example"}, "smtp_password_file"),
    ({"smtp_password_file": "mail.password"}, "smtp_password_file"),
    ({"mail_from": ""}, "mail_from"),
    ({"mail_from": "surat"}, "mail_from"),
    ({"mail_from": "surat@bojonegoro.example\nBcc: a@b.example"}, "mail_from"),
    ({"gateway_url": "http://pesan.example/"}, "gateway_url"),
    ({"gateway_url": "https://10.0.0.1/"}, "gateway_url"),
    ({"gateway_url": "https://pesan.example:9000/"}, "gateway_url"),
    ({"gateway_secret_file": ""}, "gateway_secret_file"),
]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write_settings(tmp_path)
    return tmp_path


def settings_of(folder: Path, **values: str) -> Settings:
    environ = {f"ISSUER_{name.upper()}": value for name, value in values.items()}
    return Settings.load(folder, environ)


def test_an_office_needs_none_of_them(folder: Path) -> None:
    assert message_senders(settings_of(folder), Clock()) == {}


@pytest.mark.parametrize(("changes", "named"), BAD)
def test_what_is_wrong_is_named(folder: Path, changes: dict[str, str], named: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        settings_of(folder, **{**MAIL, **GATEWAY, **changes})
    assert any(problem.startswith(f"{named}: ") for problem in caught.value.problems)
    assert "rahasia" not in str(caught.value)


def test_the_ways_of_an_office(folder: Path) -> None:
    (folder / "mail.password").write_text("kata sandi\n", "utf-8")
    (folder / "gateway.secret").write_text(f"{secret_text(bytes(32))}\n", "utf-8")
    assert set(message_senders(settings_of(folder, **MAIL), Clock())) == {Way.MAIL}
    assert set(message_senders(settings_of(folder, **GATEWAY), Clock())) == {Way.GATEWAY}
    both = settings_of(folder, **{**MAIL, **USED, **GATEWAY})
    assert set(message_senders(both, Clock())) == set(Way)


@pytest.mark.parametrize(
    ("url", "host", "port", "implicit"),
    [
        ("smtps://mail.example", "mail.example", 465, True),
        ("smtp://mail.example", "mail.example", 587, False),
        ("smtp://mail.example:2525", "mail.example", 2525, False),
        ("smtp://localhost", "localhost", 25, False),
    ],
)
def test_ports_where_none_is_named(
    folder: Path, url: str, host: str, port: int, implicit: bool
) -> None:
    sender = mail_sender(settings_of(folder, **{**MAIL, "smtp_url": url}))
    assert sender is not None
    found = sender.server
    assert (found.host, found.port, found.implicit_tls) == (host, port, implicit)


def test_a_user_with_an_at_sign(folder: Path) -> None:
    (folder / "mail.password").write_text("kata sandi\n", "utf-8")
    url = "smtps://surat%40bojonegoro.example@mail.example"
    sender = mail_sender(settings_of(folder, **{**MAIL, **USED, "smtp_url": url}))
    assert sender is not None
    assert sender.server.user == "surat@bojonegoro.example"
    assert sender.server.password == "kata sandi"


@pytest.mark.parametrize("name", ["mail.password", "gateway.secret"])
def test_a_file_that_is_not_there_is_named(folder: Path, name: str) -> None:
    values = {**MAIL, **(USED if name == "mail.password" else GATEWAY)}
    with pytest.raises(ConfigurationError, match=name):
        message_senders(settings_of(folder, **values), Clock())


@pytest.mark.parametrize(
    "secret", ["", "whsec_", "rahasia", f"whsec_{base64.b64encode(bytes(23)).decode()}"]
)
def test_a_secret_that_is_none_is_refused(folder: Path, secret: str) -> None:
    (folder / "gateway.secret").write_text(secret, "utf-8")
    with pytest.raises(ConfigurationError, match="gateway_secret_file") as caught:
        message_senders(settings_of(folder, **GATEWAY), Clock())
    assert "rahasia" not in str(caught.value)


def test_the_file_holds_them_as_well(folder: Path) -> None:
    with (folder / SETTINGS_FILE).open("a", encoding="utf-8") as file:
        file.writelines(f'{name} = "{value}"\n' for name, value in MAIL.items())
    assert settings_of(folder).smtp_url == MAIL["smtp_url"]
