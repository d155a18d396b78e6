"""Groups, conditions, computed values and listings: what contradicts itself is refused."""

from __future__ import annotations

import copy
import json
import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from issuer.bootstrap import SystemRandom, compose
from issuer.catalogue.folders import FolderCatalogue
from issuer.catalogue.type_folder import STANDARD_FILE
from issuer.config import Settings, locate_templates
from issuer.domain.computed import MAX_SUM, Age, Sum, age_on, computed_values
from issuer.domain.errors import InvalidInput
from issuer.rendering.wording_values import wording_problems
from issuer.services.proving import EXTREMES, HOSTILE, prove_type
from tests.offices import Clock

LETTERS = locate_templates() / "letters"
TODAY = date(2026, 11, 24)


@pytest.fixture
def letters(tmp_path: Path) -> Path:
    """A folder with one type that has everything: groups, conditions, sums, English."""
    folder = tmp_path / "letters"
    shutil.copytree(LETTERS / "penghasilan", folder / "penghasilan")
    shutil.copy(LETTERS / STANDARD_FILE, folder)
    return folder


def edit(letters: Path, old: str, new: str) -> None:
    path = letters / "penghasilan" / "type.toml"
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")


def edit_schema(letters: Path, change: Callable[[dict[str, Any]], object]) -> None:
    path = letters / "penghasilan" / "fields.schema.json"
    schema = json.loads(path.read_text("utf-8"))
    change(schema)
    path.write_text(json.dumps(schema), "utf-8")


def said(letters: Path) -> str:
    """Return the one problem of the folder, without the file's name."""
    catalogue = FolderCatalogue(letters, wording_problems)
    assert catalogue.all() == ()
    (problem,) = catalogue.problems
    return problem.split(": ", 1)[1]


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ('"income", "parents.income"', '"income", "salary"', "computed.total_income: no number"),
        ('"income", "parents.income"', '"parents.name"', "computed.total_income: no number"),
        ("total_income = {", "work = {", "computed.work is a field too"),
        ('group = "parents"', 'group = "work"', "listings: every group stands in one"),
        ('"name", "nik", ', '"name", ', "listings: parents is printed with all its columns"),
        ("{ sum =", "{ on = \"issued_on\", sum =", "computed.total_income"),
        (
            'sum = ["income", "parents.income"]',
            'age_of = "work", on = "issued_on"',
            "computed.total_income: no date work",
        ),
        (
            'sum = ["income", "parents.income"]',
            'age_of = "holder_birth_date", on = "tomorrow"',
            "computed.total_income: no date tomorrow",
        ),
        ('english == "ya"', 'englisch == "ya"', "wording_en: no field englisch"),
        ("{{ total_income|terbilang }}", "{{ parents|hari }}", "wording does not fit"),
    ],
)  # fmt: skip
def test_a_type_that_contradicts_itself_is_refused(
    letters: Path, old: str, new: str, problem: str
) -> None:
    edit(letters, old, new)
    assert problem in said(letters)


def property_of(schema: dict[str, Any], name: str) -> dict[str, Any]:
    found: dict[str, Any] = schema["properties"][name]
    return found


def condition_of(schema: dict[str, Any], name: str) -> dict[str, Any]:
    found: dict[str, Any] = property_of(schema, name)["x-issuer"]["shown_if"]
    return found


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        (lambda s: condition_of(s, "work").update(field="nobody"), "shown_if names no choice"),
        (lambda s: condition_of(s, "work").update(field="english"), "shown_if names no choice"),
        (lambda s: condition_of(s, "work").update(field="statement_date"), "names no choice"),
        (lambda s: condition_of(s, "work").update(values=["siapa"]), "that subject has not"),
        (lambda s: condition_of(s, "work").update(values=["orang_tua"]), "work: shown_if and the"),
        (lambda s: s["required"].append("school"), "required belongs into allOf"),
        (lambda s: s["required"].append("english"), ""),
        (lambda s: s["allOf"][0]["then"]["required"].append("nobody"), "nobody is no property"),
        (lambda s: s["allOf"][0]["if"].update(required=["english"]), "if is about subject"),
        (lambda s: s["allOf"].append(s["allOf"][0] | {"else": {}}), "'else' was unexpected"),
        (lambda s: s["allOf"][1]["then"]["required"].append("work"), "work is required twice"),
        (lambda s: property_of(s, "parents").update(maxItems=31), "31 is greater"),
        (lambda s: property_of(s, "parents").update(minItems=3), "minItems above maxItems"),
        (lambda s: property_of(s, "parents").pop("maxItems"), "a group has the keywords"),
        (
            lambda s: property_of(s, "parents")["items"]["required"].append("age"),
            "required: age is no property",
        ),
        (
            lambda s: property_of(s, "parents")["items"]["properties"].update(
                inner=copy.deepcopy(property_of(s, "parents"))
            ),
            "unexpected",
        ),
        (
            lambda s: property_of(s, "parents")["items"]["properties"]["nik"].update(
                pattern="^([01][0-9]|2[0-3]):[0-5][0-9]$"
            ),
            "a nik has the pattern",
        ),
        (
            lambda s: property_of(s, "work")["x-issuer"].update(example="x"),
            "work: its example is not accepted",
        ),
    ],
)
def test_a_schema_that_contradicts_itself_is_refused(
    letters: Path, change: Callable[[dict[str, Any]], object], problem: str
) -> None:
    edit_schema(letters, change)
    if problem:
        assert problem in "\n".join(FolderCatalogue(letters, wording_problems).problems)
    else:
        assert FolderCatalogue(letters, wording_problems).problems == ()


def test_a_service_standard_is_whole_with_what_all_have_in_common(letters: Path) -> None:
    own = FolderCatalogue(letters, wording_problems).get("penghasilan").service_standard
    assert own["fee"].en == "Free of charge."
    (letters / STANDARD_FILE).unlink()
    assert said(letters).startswith("service_standard: requirements, procedure, time_limit, fee,")


def test_a_broken_common_standard_is_said(letters: Path) -> None:
    (letters / STANDARD_FILE).write_text("[fee]\nid = 3\n")
    problems = FolderCatalogue(letters, wording_problems).problems
    assert any(problem.startswith(f"letters/{STANDARD_FILE}: fee") for problem in problems)


def test_a_type_with_a_character_no_font_has_is_said(founded: Path, tmp_path: Path) -> None:
    templates = shutil.copytree(
        locate_templates(), tmp_path / "templates", ignore=shutil.ignore_patterns("node_modules")
    )
    path = templates / "letters" / "umum" / "type.toml"
    path.write_text(path.read_text("utf-8").replace("kami terangkan", "ꦏꦩꦶ terangkan"), "utf-8")
    home = shutil.copytree(founded, tmp_path / "office")
    settings = Settings.load(home, {"ISSUER_TEMPLATES_DIR": str(templates)})
    office = compose(settings, Clock(), SystemRandom())
    office.close()
    (note,) = [note for note in office.notes if note.startswith("letter type")]
    assert note.startswith("letter type umum: the typeface lacks ꦏ")


def test_a_type_that_refuses_its_own_extremes_is_found(letters: Path) -> None:
    catalogue = FolderCatalogue(letters, wording_problems)
    letter_type = catalogue.get("penghasilan")

    class Refusing(FolderCatalogue):
        def check_fields(self, *arguments: Any) -> dict[str, Any]:
            fields = super().check_fields(*arguments)
            if fields.get("subject") == "sendiri" and "dependants" not in fields:
                return super().check_fields(letter_type, {}, TODAY)
            return fields

    found = list(prove_type(Refusing(letters, wording_problems), letter_type, TODAY))
    assert {one.tried for one in found} == {EXTREMES}


def test_a_type_that_lets_hostile_answers_in_is_found(letters: Path) -> None:
    catalogue = FolderCatalogue(letters, wording_problems)
    letter_type = catalogue.get("penghasilan")

    class Lenient(FolderCatalogue):
        def check_fields(self, *arguments: Any) -> dict[str, Any]:
            try:
                return super().check_fields(*arguments)
            except InvalidInput as invalid:
                if all(one.where == "fields.parents.1.name" for one in invalid.problems):
                    return {}
                raise

    found = list(prove_type(Lenient(letters, wording_problems), letter_type, TODAY))
    assert {(one.tried, one.problem.where) for one in found} == {(HOSTILE, "fields.parents.1.name")}


DAYS = st.dates(date(1900, 1, 1), date(2100, 12, 31))


@given(born=DAYS, day=DAYS)
def test_an_age_grows_by_one_on_each_birthday(born: date, day: date) -> None:
    """The oracle counts birthdays; who is born on 29 February has them on 1 March too."""
    birthdays = sum(
        1
        for year in range(born.year + 1, day.year + 1)
        if (born.month, born.day) <= (12, 31) and _birthday(born, year) <= day
    )
    assert max(age_on(born, day), 0) == birthdays


def _birthday(born: date, year: int) -> date:
    try:
        return born.replace(year=year)
    except ValueError:
        return date(year, 3, 1)


def test_a_sum_beyond_words_is_refused_and_an_age_without_a_date_is_left_out() -> None:
    rows = [{"amount": MAX_SUM}, {"amount": 1}, {}]
    total, age = Sum("total", ("own", "rows.amount")), Age("age", "born_on", "issued_on")
    some = {"born": TODAY, "today": TODAY}
    assert computed_values([total, age], {"own": 3, "rows": rows[1:]}, **some) == {"total": 4}
    with pytest.raises(InvalidInput) as caught:
        computed_values([total], {"rows": rows}, **some)
    assert [(one.where, one.code) for one in caught.value.problems] == [("fields.own", "too_large")]
