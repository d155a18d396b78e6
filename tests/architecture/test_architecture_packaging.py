"""What is packaged, and what is never packaged."""

from __future__ import annotations

import configparser
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
MAX_LINES = 400
LOCK_FILES = ("package.json", "package-lock.json")


def test_setup_cfg_lists_every_package() -> None:
    parser = configparser.ConfigParser()
    parser.read(ROOT / "setup.cfg", "utf-8")
    listed = parser["options"]["packages"].split()
    folders = {path.parent for path in (ROOT / "issuer").rglob("*.py")}
    found = {".".join(folder.relative_to(ROOT).parts) for folder in folders}
    assert sorted(listed) == sorted({*found, "issuer._templates"})
    assert all((folder / "__init__.py").is_file() for folder in folders)


def test_no_file_is_longer_than_400_lines() -> None:
    files = [*(ROOT / "issuer").rglob("*.py"), *(ROOT / "tests").rglob("*.py")]
    lengths = {path: len(path.read_text("utf-8").splitlines()) for path in files}
    too_long = [str(path.relative_to(ROOT)) for path, n in lengths.items() if n > MAX_LINES]
    assert not too_long


@pytest.fixture(scope="module")
def carried(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """The names in a wheel that is built with private keys lying about."""
    source = tmp_path_factory.mktemp("source")
    for name in ("issuer", "templates"):
        unwanted = shutil.ignore_patterns("__pycache__", "*.egg-info")
        shutil.copytree(ROOT / name, source / name, ignore=unwanted)
    for name in ("setup.cfg", "pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, source)
    for path in (
        "keys/private/root.key",
        "templates/root.key",
        "templates/letters/office.p12",
        "templates/regency/office.pfx",
        "issuer/signing/office.key",
    ):
        (source / path).parent.mkdir(parents=True, exist_ok=True)
        (source / path).write_text("secret", "utf-8")
    options = ["--quiet", "--disable-pip-version-check", "--no-deps", "--no-build-isolation"]
    subprocess.run(
        [sys.executable, "-m", "pip", "wheel", *options, "--wheel-dir", source / "dist", source],
        check=True,
        capture_output=True,
        text=True,
    )
    (wheel,) = (source / "dist").glob("issuer-*.whl")
    return zipfile.ZipFile(wheel).namelist()


def test_the_wheel_carries_no_key(carried: list[str]) -> None:
    assert not [name for name in carried if name.endswith((".key", ".p12", ".pfx"))]
    assert not [name for name in carried if "keys/" in name or "private" in name]


def test_the_wheel_carries_no_tool_of_the_checkout(carried: list[str]) -> None:
    noise = ("package.json", "package-lock.json", "fetch.py", "node_modules", "tests/")
    assert not [name for name in carried if any(part in name for part in noise)]


def test_the_wheel_carries_every_template(carried: list[str]) -> None:
    templates = ROOT / "templates"
    locks = {f"{kind}/{name}" for kind in ("fonts", "scripts") for name in LOCK_FILES}
    expected = {
        path.relative_to(templates).as_posix()
        for path in templates.rglob("*")
        if path.is_file() and not path.name.startswith(".") and "__pycache__" not in path.parts
    }
    found = {
        name.removeprefix("issuer/_templates/")
        for name in carried
        if name.startswith("issuer/_templates/")
    }
    assert found == expected - locks - {"scripts/fetch.py"}


def test_the_wheel_carries_migrations_types_and_licence(carried: list[str]) -> None:
    assert "issuer/py.typed" in carried
    assert any(name.startswith("issuer/storage/migrations/versions/") for name in carried)
    assert any(name.endswith("licenses/LICENSE") for name in carried)
