"""``issuer keys rotate``, ``publish`` and ``list`` as an operator types them."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from issuer.cli.exits import CONFIGURATION, DONE
from tests.office.test_office_commands import issuer, lines


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
