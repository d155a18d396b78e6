"""ARCHITECTURE.md says what the code does."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from issuer.domain.blank import BLANK_TRANSITIONS
from issuer.domain.letter import LETTER_TRANSITIONS
from issuer.domain.letter_request import REQUEST_TRANSITIONS
from issuer.domain.paper_number import PAPER_TRANSITIONS

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")
_ARROW = re.compile(r"^    (\w+) --> (\w+): (\w+)$", re.MULTILINE)


@pytest.mark.parametrize(
    ("picture", "table"),
    [
        (0, {(s, t.to, a) for (s, a), t in REQUEST_TRANSITIONS.items()}),
        (1, {(s, to, a) for (s, a), to in LETTER_TRANSITIONS.items()}),
        (2, {(s, to, a) for (s, a), to in PAPER_TRANSITIONS.items() if s}),
        (3, {(s, to, a) for (s, a), to in BLANK_TRANSITIONS.items() if s}),
    ],
    ids=["request", "letter", "paper number", "blank"],
)
def test_the_pictures_are_the_tables(picture: int, table: set[tuple[str, str, str]]) -> None:
    drawn = _ARROW.findall(TEXT.split("```mermaid")[picture + 1].split("```")[0])
    assert len(drawn) == len(set(drawn))
    assert set(drawn) == {tuple(str(part) for part in row) for row in table}


def test_the_tests_it_names_exist() -> None:
    named = set(re.findall(r"`(test_\w+)`", TEXT))
    written = "\n".join(p.read_text(encoding="utf-8") for p in ROOT.glob("tests/**/test_*.py"))
    assert named
    assert {name for name in named if f"def {name}(" not in written} == set()


def test_the_packages_it_maps_are_those_there_are() -> None:
    rows = re.findall(r"^\| ((?:`\w+`(?:, )?)+) \|", TEXT.split("## Code map")[1], re.MULTILINE)
    mapped = {name for row in rows for name in re.findall(r"\w+", row)}
    there = {
        path.stem
        for path in (ROOT / "issuer").iterdir()
        if path.suffix == ".py" or (path / "__init__.py").exists()
    }
    assert there - {"__init__", "__main__"} <= mapped
