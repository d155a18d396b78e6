"""A letter's form filled from the register of residents: who is meant, and what is typed.

Nothing here needs a script, and what was typed stays: the box to search in is a part of
the form, and whoever is found is chosen on a page that carries the rest.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from werkzeug.datastructures import MultiDict

from issuer.domain.people import Holder
from issuer.web.questions import DATE_PARTS, LetterForm

SEARCH = "resident"
"""The box to type a NIK or a name into."""

CHOSEN = "resident_id"
GO_ON = "go"
"""The button that goes on whatever stands in the box; Enter in a box has no button's name."""

_DATES = ("birth_date",)


def is_searched(form: MultiDict[str, str]) -> bool:
    """Say whether Enter was pressed with something in the box to search in."""
    return bool(form.get(SEARCH, "").strip()) and GO_ON not in form


def is_number(wanted: str) -> bool:
    """Say whether a NIK was typed rather than a name."""
    return re.sub(r"[ .]", "", wanted).isdecimal()


def filled(typed: Mapping[str, str], holder: Holder) -> dict[str, str]:
    """Return what is typed with the answers about the holder from the register."""
    answers = {f"holder.{name}": value for name, value in holder.as_record().items()}
    for name in _DATES:
        year, month, day = answers.pop(f"holder.{name}").split("-")
        parts = {"day": day, "month": month, "year": year}
        answers |= {f"holder.{name}.{part}": str(int(parts[part])) for part in DATE_PARTS}
    return {**typed, **answers}


def first_unanswered(form: LetterForm, typed: Mapping[str, str]) -> str:
    """Return the id of the first box that is empty, to begin there; empty when none is."""
    for question in form.boxes(typed):
        if question.spec.columns or any(typed.get(name, "").strip() for name in question.inputs):
            continue
        return question.inputs[0]
    return ""
