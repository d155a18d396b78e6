"""``issuer letters samples`` and ``letters check``, as an operator types them."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pikepdf
import pytest
from click.testing import CliRunner, Result

from issuer.cli import main
from issuer.cli.exits import CONFIGURATION
from issuer.config import locate_templates

POINTS = {"A4": (595, 842), "F4": (609, 935)}
"""Width and height of 210 × 297 mm and of 215 × 330 mm."""


def issuer(*arguments: object) -> Result:
    return CliRunner().invoke(main, [str(argument) for argument in arguments])


def test_a_sample_of_a_type_on_both_papers(tmp_path: Path) -> None:
    out = tmp_path / "samples"
    result = issuer(
        "--data-dir", tmp_path / "none", "letters", "samples", "--out", out, "--type", "kehilangan",
        "--json",
    )  # fmt: skip
    assert result.exit_code == 0, result.output
    made = [json.loads(line) for line in result.stdout.splitlines()]
    assert [(one["type"], one["paper"]) for one in made] == [
        ("kehilangan", "A4"),
        ("kehilangan", "F4"),
    ]
    assert sorted(path.name for path in out.iterdir()) == ["kehilangan-f4.pdf", "kehilangan.pdf"]
    for one in made:
        with pikepdf.open(one["pdf"]) as pdf:
            box = [float(side) for side in pdf.pages[0].mediabox]
            assert (round(box[2]), round(box[3])) == POINTS[one["paper"]]
    assert not (tmp_path / "none").exists()


def test_every_type_is_sampled(tmp_path: Path) -> None:
    result = issuer("letters", "samples", "--out", tmp_path, "--paper", "A4")
    assert result.exit_code == 0, result.output
    slugs = {
        folder.name for folder in (locate_templates() / "letters").iterdir() if folder.is_dir()
    }
    assert len(slugs) == 18
    assert {path.stem for path in tmp_path.iterdir()} == slugs


def test_an_unknown_type_is_said_and_nothing_is_left(tmp_path: Path) -> None:
    result = issuer("letters", "samples", "--out", tmp_path, "--type", "tidak-ada")
    assert result.exit_code != 0
    assert "Traceback" not in result.output
    assert list(tmp_path.iterdir()) == []


@pytest.fixture
def own_templates(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the templates, used instead of those installed."""
    folder = shutil.copytree(
        locate_templates(), tmp_path / "templates", ignore=shutil.ignore_patterns("node_modules")
    )
    monkeypatch.setenv("ISSUER_TEMPLATES_DIR", str(folder))
    return folder


def test_the_samples_are_of_the_templates_in_force(own_templates: Path, tmp_path: Path) -> None:
    (own_templates / "letters" / "umum").rename(own_templates / "letters" / "lain")
    out = tmp_path / "samples"
    result = issuer("--data-dir", tmp_path / "none", "letters", "samples", "--out", out,
                    "--type", "lain", "--paper", "A4")  # fmt: skip
    assert result.exit_code == 0, result.output
    assert [path.name for path in out.iterdir()] == ["lain.pdf"]


def test_every_type_passes_the_check() -> None:
    result = issuer("letters", "check")
    assert result.exit_code == 0, result.output
    assert result.stderr.count("good, version") == 18


def test_a_type_whose_example_does_not_fit_fails_the_check(
    office_folder: Path, own_templates: Path
) -> None:
    path = own_templates / "letters" / "kematian" / "example.json"
    path.write_text(path.read_text("utf-8").replace("2026-11-15", "1926-11-15"), "utf-8")
    result = issuer("--data-dir", office_folder, "letters", "check")
    assert result.exit_code == CONFIGURATION
    assert "kematian: example.json: fields.death_date: This date is before" in result.output
