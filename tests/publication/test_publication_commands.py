"""``issuer keys rotate``, ``publish`` and ``list`` as an operator types them."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from issuer.bootstrap import Composition, compose_public
from issuer.cli.exits import CONFIGURATION, DONE
from issuer.cli.serving import keep_house
from issuer.config import Settings
from issuer.domain.errors import DependencyUnavailable
from issuer.domain.status_list import StatusValue
from issuer.services.recovery import Recovery
from tests.office.test_office_commands import issuer, lines
from tests.offices import Clock, compose_office, issue, replace_letter


def keys(folder: Path, *arguments: str) -> list[dict[str, Any]]:
    result = issuer("--data-dir", folder, "keys", *arguments, "--json")
    assert result.exit_code == DONE, result.output
    return lines(result)


def test_publish_says_what_it_published(office_folder: Path) -> None:
    done = [row["published"] for row in keys(office_folder, "publish")]
    year = datetime.now().astimezone().year
    assert done[-2:] == ["issuer-keys/1", f"status/{year}"]
    assert keys(office_folder, "publish") == []
    result = issuer("--data-dir", office_folder, "keys", "publish")
    assert result.exit_code == DONE
    assert "fresh" in result.stderr


def test_rotate_says_when_the_key_signs_and_list_shows_it(office_folder: Path) -> None:
    (made,) = keys(office_folder, "rotate")
    starts = datetime.fromisoformat(made["from"])
    rows = keys(office_folder, "list")
    old, new = [row for row in rows if row["use"] == "qr"]
    assert (new["id"], new["from"]) == (made["id"], starts.date().isoformat())
    assert old["until"] == (starts + timedelta(days=1)).date().isoformat()
    published = {row["id"] for row in rows if row["use"] == "published"}
    assert "issuer-keys/2" in published
    private = office_folder / "keys" / "private"
    assert {path.stat().st_mode & 0o777 for path in private.glob("credential-*")} == {0o600}
    again = issuer("--data-dir", office_folder, "keys", "rotate")
    assert again.exit_code == CONFIGURATION
    assert "under way" in again.stderr


def test_rotate_now(office_folder: Path) -> None:
    (made,) = keys(office_folder, "rotate", "--now")
    age = datetime.now().astimezone() - datetime.fromisoformat(made["from"])
    assert timedelta(0) <= age < timedelta(minutes=5)
    assert made["version"] == 2
    result = issuer("--data-dir", office_folder, "keys", "rotate", "--now")
    assert result.exit_code == DONE
    assert "key set 3 is published" in result.stdout


def test_no_output_shows_a_private_key(office_folder: Path) -> None:
    passphrase = (office_folder / "keys" / "private" / "passphrase").read_text().strip()
    for command in (["rotate"], ["publish"], ["list"]):
        output = issuer("--data-dir", office_folder, "keys", *command).output
        assert "PRIVATE" not in output
        assert passphrase not in output
    assert json.dumps(keys(office_folder, "list")).count("issuer-keys/2") == 1


def test_revoke_and_replace_publish_at_once(office_folder: Path) -> None:
    office = compose_office(office_folder, Clock(datetime.now().astimezone()))
    letters = [issue(office) for _ in range(3)]
    office.close()
    home = ("--data-dir", office_folder)
    ending = ["--number", letters[0].number, "--reason", "Salah", "--yes"]
    assert issuer(*home, "revoke", *ending).exit_code == DONE
    listed = compose_public(Settings.load(office_folder, {})).published.status_list
    year = letters[0].series.year
    values = [listed(year).value_at(letter.status_index) for letter in letters]
    assert values == [StatusValue.INVALID, StatusValue.VALID, StatusValue.VALID]
    replace_letter(office, letters[1])
    office.publication.publish()
    values = [listed(year).value_at(letter.status_index) for letter in letters]
    assert values == [StatusValue.INVALID, StatusValue.SUPERSEDED, StatusValue.VALID]
    office.close()


def test_revoke_is_done_though_the_list_cannot_be_published(office_folder: Path) -> None:
    office = compose_office(office_folder, Clock(datetime.now().astimezone()))
    letter = issue(office)
    office.close()
    (office_folder / "published").write_text("a file, not a folder")
    ending = ["--number", letter.number, "--reason", "Salah", "--yes"]
    result = issuer("--data-dir", office_folder, "revoke", *ending)
    assert result.exit_code == DONE
    assert "could not be published" in result.stderr
    (row,) = lines(issuer("--data-dir", office_folder, "register", "list", "--json"))
    assert row["state"] == "revoked"


def test_serve_publishes_although_another_chore_fails(
    office: Composition, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def away(_self: object) -> None:
        raise DependencyUnavailable("database")

    with monkeypatch.context() as broken:
        broken.setattr(Recovery, "run", away)
        keep_house(office)
    assert "dependency_unavailable" in caplog.text
    published = compose_public(office.settings).published
    assert [one.name for one in published.listing()] == ["status/2026", "issuer-keys/1"]


def test_serve_goes_on_when_a_disk_is_full(
    office: Composition, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def full(_self: object) -> None:
        raise OSError("no space left on the device of somebody")

    monkeypatch.setattr(Recovery, "run", full)
    keep_house(office)
    assert "OSError" in caplog.text
    assert "somebody" not in caplog.text
