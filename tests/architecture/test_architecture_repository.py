"""The repository as a stranger finds it: what lies where, and what must not be there."""

from __future__ import annotations

import json
import re
import subprocess
from dataclasses import fields
from datetime import date
from pathlib import Path

import pytest

from issuer.catalogue.folders import FolderCatalogue
from issuer.config import Settings
from issuer.domain.people import Holder

ROOT = Path(__file__).parents[2]
TOP_LEVEL = {
    "ARCHITECTURE.md",
    "CHANGELOG.md",
    "LICENSE",
    "Makefile",
    "README.md",
    "issuer",
    "keys",
    "pyproject.toml",
    "setup.cfg",
    "templates",
    "tests",
}
# Absolute paths of somebody's machine; written so that this file does not hold them.
MACHINE_PATHS = re.compile(rb"(?<![\w.}/-])/(?:hom[e]|roo[t]|User[s]|wor[k])/\w|[A-Z]:\\\\User[s]")
PRIVATE_KEY = re.compile(rb"-----BEGI[N] (?:[A-Z]+ )*PRIVATE KEY-----\s+[A-Za-z0-9+/=]{40}")


@pytest.fixture(scope="module")
def tracked() -> list[Path]:
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, check=True, capture_output=True
    ).stdout
    names = [name.decode() for name in listed.split(b"\0") if name]
    return [ROOT / name for name in names if (ROOT / name).is_file()]


def test_the_top_level_holds_only_what_belongs_there(tracked: list[Path]) -> None:
    top = {path.relative_to(ROOT).parts[0] for path in tracked}
    assert {name for name in top if not name.startswith(".")} <= TOP_LEVEL


def test_no_file_names_a_place_on_somebody_s_machine(tracked: list[Path]) -> None:
    assert not [str(path) for path in tracked if MACHINE_PATHS.search(path.read_bytes())]


def test_no_private_key_is_tracked(tracked: list[Path]) -> None:
    assert not [str(p) for p in tracked if p.suffix in {".key", ".p12", ".pfx"}]
    assert not [str(path) for path in tracked if PRIVATE_KEY.search(path.read_bytes())]


def test_lock_files_name_no_registry(tracked: list[Path]) -> None:
    locks = [path for path in tracked if path.name == "package-lock.json"]
    assert locks
    for lock in locks:
        text = lock.read_text("utf-8")
        assert '"integrity"' in text
        assert '"resolved"' not in text
        assert "http" not in text


def test_no_font_is_tracked(tracked: list[Path]) -> None:
    assert not [str(path) for path in tracked if path.suffix in {".ttf", ".otf", ".woff2"}]


def test_the_patterns_find_what_they_look_for() -> None:
    assert MACHINE_PATHS.search(b"see /hom" + b"e/someone/file")
    assert MACHINE_PATHS.search(b"cd /roo" + b"t/x")
    assert not MACHINE_PATHS.search(b"https://host/home/page")
    assert PRIVATE_KEY.search(b"-----BEGI" + b"N ENCRYPTED PRIVATE KEY-----\n" + b"A" * 64)


def test_the_readme_lists_every_setting() -> None:
    text = (ROOT / "README.md").read_text("utf-8")
    listed = re.findall(r"^\| `([a-z_]+)` \|", text, re.MULTILINE)
    assert listed == [field.name for field in fields(Settings)]


def test_links_between_documents_lead_somewhere(tracked: list[Path]) -> None:
    for document in [path for path in tracked if path.suffix == ".md"]:
        for target in re.findall(r"\]\((?!https?:|#)([^)#]+)", document.read_text("utf-8")):
            assert (document.parent / target).exists(), f"{document.name}: {target}"


def test_the_data_file_in_the_readme_is_a_good_one() -> None:
    found = re.search(r"```json\n(.*?)```", (ROOT / "README.md").read_text("utf-8"), re.DOTALL)
    assert found
    data = json.loads(found[1])
    today = date(2026, 1, 5)
    holder = Holder.parse(data["holder"], today)
    assert holder.nik.is_specimen
    assert holder.nik.agrees_with(holder.birth_date, holder.sex)
    catalogue = FolderCatalogue(ROOT / "templates" / "letters", lambda _: [])
    assert catalogue.check_fields(catalogue.get("domisili"), data["fields"], today)
    assert set(data) == {"holder", "fields", "purpose"}
