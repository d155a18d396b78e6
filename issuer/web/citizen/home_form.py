"""The questions of an application from home, one a page, in the order they are asked.

A page is named by the place of its question in the data file; the page of a row of a
group by group and number. The boxes, and what is wrong with them, are the counter's.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from issuer.domain.errors import Problem
from issuer.domain.letter_types import Bilingual, FieldValue, LetterType
from issuer.services.intake import LetterOrder
from issuer.web.correcting import typed_into
from issuer.web.questions import HOLDER_QUESTIONS, PURPOSE, ROWS, LetterForm, Question, Section

AGENCY = "agency"
BORN = "holder.birth_date"
USUAL_ANSWERS = {"holder.nationality": "WNI"}
T = Bilingual


@dataclass(frozen=True, slots=True)
class Page:
    """One page: a question, or a row of a group with its columns."""

    name: str
    section: Bilingual
    questions: tuple[Question, ...]
    group: Question | None = None
    row: int = 0

    @property
    def inputs(self) -> tuple[str, ...]:
        """The names of the boxes on the page."""
        return tuple(name for question in self.questions for name in question.inputs)

    def of_this_page(self, problems: Sequence[Problem]) -> list[Problem]:
        """Return those problems that can be mended here."""
        wheres = {question.where for question in self.questions}
        return [problem for problem in problems if problem.where in wheres]


class HomeForm:
    """All questions of one letter type, for somebody at home."""

    def __init__(self, letter_type: LetterType) -> None:
        self._form = LetterForm.of(letter_type, (), None, date.max)
        holder, fields, _signers = self._form.sections
        # The date of birth first: from then on it is asked of whoever comes with the code.
        first = sorted(holder.questions, key=lambda question: question.where != BORN)
        self.letter_type = letter_type
        self.sections = (Section(holder.heading, tuple(first)), fields)

    def asked(self, typed: Mapping[str, str]) -> Iterator[tuple[Section, Question]]:
        """Yield the questions that these answers leave to be asked."""
        for section in self.sections:
            for question in section.questions:
                condition = question.spec.shown_if
                if condition is None or condition.holds(self._choices(typed)):
                    yield section, question

    def pages(self, typed: Mapping[str, str]) -> list[Page]:
        """Return the pages in their order; a group is one page, its rows come between."""
        return [
            Page(
                question.where, section.heading, (question,), question if _rows(question) else None
            )
            for section, question in self.asked(typed)
        ]

    def page(self, name: str, typed: Mapping[str, str]) -> Page | None:
        """Return a page by its name, or None where nothing of that name is asked."""
        for page in self.pages(typed):
            if page.name == name:
                return page
            if page.group is not None and name.startswith(f"{page.name}."):
                number = name.removeprefix(f"{page.name}.")
                count = len(filled_rows(page.group, typed))
                if number.isascii() and number.isdecimal() and len(number) < 3:
                    row = int(number)
                    if 1 <= row <= min(count + 1, page.group.spec.max_items):
                        return Page(name, page.section, page.group.row(row), page.group, row)
        return None

    def after(self, name: str, typed: Mapping[str, str]) -> str | None:
        """Return the page after this one, None after the last."""
        names = [page.name for page in self.pages(typed)]
        place = names.index(name) if name in names else -1
        return names[place + 1] if place + 1 < len(names) else None

    def before(self, name: str, typed: Mapping[str, str]) -> str | None:
        """Return the page before this one, None before the first."""
        names = [page.name for page in self.pages(typed)]
        place = names.index(name) if name in names else 0
        return names[place - 1] if place else None

    def unanswered(self, typed: Mapping[str, str]) -> str | None:
        """Return the first page with a required question that has no answer."""
        return next(
            (
                page.name
                for page in self.pages(typed)
                if page.questions[0].spec.required and not page.questions[0].answer(typed)
            ),
            None,
        )

    def data(self, typed: Mapping[str, str]) -> dict[str, object]:
        """Return the data file's object; answers to what is no longer asked are left out."""
        names = {name for _, question in self.asked(typed) for name in _boxes(question, typed)}
        return self._form.data({name: text for name, text in typed.items() if name in names})

    def filled(self, holder: Mapping[str, str]) -> dict[str, str]:
        """Return what is known of a person as it is typed into the boxes."""
        known = {f"holder.{name}": value for name, value in holder.items()}
        typed: dict[str, str] = {}
        for question in self.sections[0].questions:
            if question.where in known:
                typed |= typed_into(question, known[question.where])
        return typed

    def _choices(self, typed: Mapping[str, str]) -> dict[str, str]:
        fields = self.sections[1].questions
        return {question.spec.name: question.scalar(typed) for question in fields}


def filled_rows(group: Question, typed: Mapping[str, str]) -> list[int]:
    """Return the numbers of a group's rows that hold an answer."""
    written = typed.get(f"{group.where}.{ROWS}", "0")
    count = int(written) if written.isdecimal() and len(written) < 3 else 0
    return list(range(1, min(count, group.spec.max_items) + 1))


def without_row(group: Question, typed: Mapping[str, str], gone: int) -> dict[str, str]:
    """Return the boxes of a group's rows without one of them, numbered anew."""
    kept = [number for number in filled_rows(group, typed) if number != gone]
    boxes = {f"{group.where}.{ROWS}": str(len(kept))}
    for number, old in enumerate(kept, 1):
        for new_one, old_one in zip(group.row(number), group.row(old), strict=True):
            pairs = zip(new_one.inputs, old_one.inputs, strict=True)
            boxes |= {new: typed.get(name, "") for new, name in pairs}
    return boxes


def born_as_typed(typed: Mapping[str, str]) -> date | None:
    """Return the date of birth in its three boxes, or None where there is none."""
    spec = next(spec for spec in HOLDER_QUESTIONS if f"holder.{spec.name}" == BORN)
    try:
        return date.fromisoformat(Question.of("holder", spec).scalar(typed))
    except ValueError:
        return None


def values_of(order: LetterOrder) -> dict[str, FieldValue]:
    """Return every answer as it will stand in the letter, by its place."""
    values: dict[str, FieldValue] = {PURPOSE.name: order.purpose}
    values |= {f"holder.{name}": value for name, value in order.holder.as_record().items()}
    values |= {f"fields.{name}": value for name, value in order.fields.items()}
    return values


def _rows(question: Question) -> bool:
    return bool(question.spec.columns)


def _boxes(question: Question, typed: Mapping[str, str]) -> Iterator[str]:
    yield from question.inputs
    if question.spec.columns:
        for row in question.rows(typed):
            for one in row:
                yield from one.inputs
