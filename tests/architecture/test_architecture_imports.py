"""The import contracts hold, and each is seen to break on a planted violation."""

from __future__ import annotations

import configparser
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def contracts() -> dict[str, configparser.SectionProxy]:
    parser = configparser.ConfigParser()
    parser.read(ROOT / "setup.cfg", "utf-8")
    sections = [name for name in parser.sections() if name.startswith("importlinter:contract:")]
    return {name.removeprefix("importlinter:contract:"): parser[name] for name in sections}


CONTRACTS = contracts()
FORBIDDEN = [name for name, section in CONTRACTS.items() if section["type"] == "forbidden"]
INDEPENDENT = [name for name, section in CONTRACTS.items() if section["type"] == "independence"]


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A copy of the package that may be spoilt."""
    shutil.copytree(ROOT / "issuer", tmp_path / "issuer")
    shutil.copy(ROOT / "setup.cfg", tmp_path)
    return tmp_path


def lint(folder: Path) -> subprocess.CompletedProcess[str]:
    command = "from importlinter.cli import lint_imports_command; lint_imports_command()"
    return subprocess.run(
        [sys.executable, "-c", command, "--no-cache"],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(folder), "COLUMNS": "200"},
        capture_output=True,
        text=True,
        check=False,
    )


def plant(folder: Path, module: str, line: str) -> None:
    path = folder.joinpath(*module.split("."))
    file = path / "__init__.py" if path.is_dir() else path.with_suffix(".py")
    with file.open("a", encoding="utf-8") as source:
        source.write(f"\n{line}\n")


def test_the_contracts_hold(checkout: Path) -> None:
    done = lint(checkout)
    assert done.returncode == 0, done.stdout
    assert f"{len(CONTRACTS)} kept, 0 broken" in done.stdout


def test_an_arrow_outward_is_seen(checkout: Path) -> None:
    plant(checkout, "issuer.domain.text", "import issuer.services")
    done = lint(checkout)
    assert done.returncode == 1
    assert f"{CONTRACTS['layers']['name']} BROKEN" in done.stdout


def test_siblings_that_import_each_other_are_seen(checkout: Path) -> None:
    plant(checkout, "issuer.rendering", "import issuer.storage")
    done = lint(checkout)
    assert done.returncode == 1
    assert f"{CONTRACTS['layers']['name']} BROKEN" in done.stdout


def test_a_module_without_a_layer_is_seen(checkout: Path) -> None:
    (checkout / "issuer" / "helpers.py").write_text('"""Anything."""\n', "utf-8")
    done = lint(checkout)
    assert done.returncode == 1
    assert "helpers" in done.stdout


@pytest.mark.parametrize("name", FORBIDDEN)
def test_a_forbidden_import_is_seen(checkout: Path, name: str) -> None:
    section = CONTRACTS[name]
    source = section["source_modules"].split()[-1]
    forbidden = section["forbidden_modules"].split()[0]
    plant(checkout, source, f"import {forbidden}")
    done = lint(checkout)
    assert done.returncode == 1
    assert f"{section['name']} BROKEN" in done.stdout


@pytest.mark.parametrize("name", INDEPENDENT)
def test_neighbours_that_import_each_other_are_seen(checkout: Path, name: str) -> None:
    section = CONTRACTS[name]
    one, other = section["modules"].split()[:2]
    plant(checkout, one, f"import {other}")
    done = lint(checkout)
    assert done.returncode == 1
    assert f"{section['name']} BROKEN" in done.stdout


def test_every_type_of_contract_is_tried() -> None:
    assert set(CONTRACTS) == {"layers", *FORBIDDEN, *INDEPENDENT}
