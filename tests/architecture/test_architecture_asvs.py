"""The list of ASVS is whole, and every test that it names is there."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path
from typing import NamedTuple

from tests.security.asvs_numbers import LEVELS, WANTED

ROOT = Path(__file__).parents[2]
KINDS = frozenset({"test", "reason", "none", "office", "open"})
_TEST = re.compile(r"`(test_\w+)`")
_ROW = re.compile(r"^\| (\d+\.\d+\.\d+[^|]*) \| ([^|]*) \| (.+) \|$", re.MULTILINE)


class Row(NamedTuple):
    """One line of the list."""

    numbers: tuple[str, ...]
    kind: str
    how: str


def rows_of(text: str) -> list[Row]:
    return [Row(tuple(m[0].split(", ")), m[1], m[2]) for m in _ROW.findall(text)]


def faults_of(text: str, written: frozenset[str], open_elsewhere: str) -> list[str]:
    """Return what is wrong with a list; ``written`` are the tests that there are."""
    rows = rows_of(text)
    listed = Counter(number for row in rows for number in row.numbers)
    faults = [f"{number} is missing" for number in sorted(WANTED - listed.keys())]
    faults += [f"{number} is unknown" for number in listed.keys() - LEVELS.keys()]
    faults += [f"{number} stands there twice" for number, times in listed.items() if times > 1]
    faults += [f"no test {name}" for name in set(_TEST.findall(text)) - written]
    for row in rows:
        if row.kind not in KINDS:
            faults.append(f"{row.numbers[0]} is met by nothing known")
        if row.kind == "test" and not _TEST.search(row.how):
            faults.append(f"{row.numbers[0]} names no test")
        for number in row.numbers if row.kind == "open" else ():
            if not re.search(rf"(?<![\d.]){re.escape(number)}(?![\d.]*\d)", open_elsewhere):
                faults.append(f"{number} is open and not said to be")
    return faults


LIST = (ROOT / "tests/security/ASVS.md").read_text(encoding="utf-8")
TESTS = frozenset(
    name
    for path in ROOT.glob("tests/**/test_*.py")
    for name in re.findall(r"def (test_\w+)\(", path.read_text(encoding="utf-8"))
)
_DOCUMENT = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")
OPEN = _DOCUMENT.split("## ASVS 5.0")[1].partition("\n## ")[0].split("\nOpen: ")[1].split("\n\n")[0]


def test_the_table_of_numbers_is_the_standard_s() -> None:
    """What OWASP says of its own list: 70, 183 and 92 requirements."""
    assert Counter(LEVELS.values()) == {1: 70, 2: 183, 3: 92}
    assert len({number.split(".")[0] for number in LEVELS}) == 17


def test_the_list_is_whole_and_names_tests_that_there_are() -> None:
    assert faults_of(LIST, TESTS, OPEN) == []


def test_a_fault_of_the_list_is_seen() -> None:
    without = LIST.replace("| 1.1.1 |", "| 1.1.1x |", 1)
    assert faults_of(without, TESTS, OPEN) == ["1.1.1 is missing", "1.1.1x is unknown"]
    twice = LIST + "\n| 17.1.1 | none | again |\n"
    assert faults_of(twice, TESTS, OPEN) == ["17.1.1 stands there twice"]
    gone = TESTS - {"test_only_text_is_text"}
    assert faults_of(LIST, gone, OPEN) == ["no test test_only_text_is_text"]
    given_up = LIST + "\n| 1.5.3 | open | – |\n"
    assert faults_of(given_up, TESTS, f"{OPEN} 11.5.3, 1.5.30") == [
        "1.5.3 is open and not said to be"
    ]
    assert faults_of(given_up, TESTS, f"{OPEN} And 1.5.3.") == []
    claimed = LIST + "\n| 1.3.12 | test | surely |\n| 1.5.3 | hope | – |\n"
    assert faults_of(claimed, TESTS, OPEN) == [
        "1.3.12 names no test",
        "1.5.3 is met by nothing known",
    ]
