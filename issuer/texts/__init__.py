"""The closed vocabulary in words: every code a person can meet, in both languages.

Indonesian first, English second; a module a subject. Tests hold the tables against the
codes. A subject with problems of its own has a table `PROBLEMS` and a place in `PROBLEM_TABLES`.
"""

from __future__ import annotations

from collections.abc import Mapping

from issuer.domain.errors import Problem
from issuer.domain.letter_types import Bilingual
from issuer.texts import (
    accounts,
    agencies,
    applications,
    blanks,
    citizens,
    entries,
    erasure,
    institutions,
    letter_types,
    messages,
    officers,
    paper_numbers,
    residents,
)
from issuer.texts.casework import ORIGINS, REQUEST_STATES, REQUEST_STEPS
from issuer.texts.errors import ERRORS
from issuer.texts.keys import KEY_REASONS
from issuer.texts.verdicts import CHECKS, MEANINGS, REASONS, SIGNATURE_KINDS, VERDICTS

__all__ = [
    "CHECKS",
    "ERRORS",
    "KEY_REASONS",
    "MEANINGS",
    "ORIGINS",
    "PROBLEMS",
    "PROBLEM_TABLES",
    "REASONS",
    "REQUEST_STATES",
    "REQUEST_STEPS",
    "SIGNATURE_KINDS",
    "VERDICTS",
    "problem_text",
]

PROBLEM_TABLES: tuple[Mapping[str, Bilingual], ...] = (
    entries.PROBLEMS,
    accounts.PROBLEMS,
    applications.PROBLEMS,
    agencies.PROBLEMS,
    citizens.PROBLEMS,
    blanks.PROBLEMS,
    erasure.PROBLEMS,
    institutions.PROBLEMS,
    letter_types.PROBLEMS,
    residents.PROBLEMS,
    messages.PROBLEMS,
    officers.PROBLEMS,
    paper_numbers.PROBLEMS,
)
PROBLEMS: Mapping[str, Bilingual] = {
    code: text for table in PROBLEM_TABLES for code, text in table.items()
}


def problem_text(problem: Problem) -> Bilingual:
    """Return what is wrong and what to do, in both languages."""
    text = PROBLEMS[problem.code]
    return Bilingual(text.id.format_map(problem.facts), text.en.format_map(problem.facts))
