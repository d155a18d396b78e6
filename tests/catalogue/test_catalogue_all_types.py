"""Every letter type, end to end through a real office, and one that came as data alone."""

from __future__ import annotations

import copy
import json
import re
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from babel.dates import format_date
from num2words import num2words  # type: ignore[import-untyped]  # has no stubs

from issuer.bootstrap import Composition, compose
from issuer.config import Settings, locate_templates
from issuer.domain.errors import InvalidInput
from issuer.domain.letter import Letter
from issuer.domain.letter_types import LetterType
from issuer.domain.record import LetterRecord
from issuer.domain.samples import sample_fields
from issuer.domain.verdict import Verdict
from issuer.services.intake import LetterOrder
from issuer.services.proving import HOSTILE_TEXTS, prove_type
from tests.offices import OPERATOR, VILLAGE, VILLAGE_HEAD, Clock, compose_office, issue, pdf_of

SLUGS = sorted(path.parent.name for path in (locate_templates() / "letters").glob("*/type.toml"))
TODAY = date(2026, 11, 24)


@pytest.fixture(scope="module")
def village(founded: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Composition]:
    """One office for all tests here: they add letters and change nothing else."""
    folder = shutil.copytree(founded, tmp_path_factory.mktemp("types") / "office")
    composition = compose_office(folder, Clock())
    yield composition
    composition.close()


def example(village: Composition, slug: str) -> dict[str, Any]:
    return copy.deepcopy(dict(village.services.catalogue.get(slug).example))


def text_of(pdf: bytes) -> str:
    """Read a PDF's text with poppler, its lines joined."""
    run = subprocess.run(["pdftotext", "-", "-"], input=pdf, capture_output=True, check=True)
    return " ".join(run.stdout.decode().split())


def preview(village: Composition, order: LetterOrder) -> bytes:
    """Return the draft of an order, endorsed where it must be."""
    services = village.services
    endorser = services.letters.usual_endorser(order.letter_type, order.agency)
    return services.drafts.of_order(OPERATOR, order, VILLAGE_HEAD, endorser)


def said(village: Composition, slug: str, *, born: str | None = None, **fields: object) -> str:
    """Return the draft's text for the example with other fields; None takes one out."""
    data = example(village, slug)
    data["holder"]["birth_date"] = born or data["holder"]["birth_date"]
    for name, value in fields.items():
        data["fields"].pop(name, None)
        if value is not None:
            data["fields"][name] = value
    order = village.services.intake.check(slug, VILLAGE, data)
    return text_of(preview(village, order))


def problems(village: Composition, slug: str, **fields: object) -> list[tuple[str, str]]:
    data = example(village, slug)
    data["fields"] |= fields
    with pytest.raises(InvalidInput) as caught:
        village.services.intake.check(slug, VILLAGE, data)
    return [(problem.where, problem.code) for problem in caught.value.problems]


@pytest.mark.parametrize("slug", SLUGS)
def test_a_letter_of_every_type_is_issued_and_verifies(village: Composition, slug: str) -> None:
    letter = issue(village, slug)
    pdf = pdf_of(village, letter)
    assert village.services.verifier.by_file(pdf).verdict is Verdict.VALID
    assert letter.record.type_slug == slug
    text = text_of(pdf)
    for row in rows_of(letter):
        assert all(str(value) in text for name, value in row.items() if name in ("nik", "name"))


def rows_of(letter: Letter) -> list[Mapping[str, object]]:
    values = letter.record.fields.values()
    return [row for value in values if isinstance(value, list) for row in value]


@pytest.mark.parametrize("slug", ["ahli-waris", "penghasilan"])
def test_a_record_with_rows_survives_the_register_and_its_canonical_form(
    village: Composition, slug: str
) -> None:
    letter = issue(village, slug)
    with village.register.reading() as uow:
        stored = uow.letters.get(letter.id).record
    assert stored == letter.record
    assert LetterRecord.from_canonical(stored.canonical()) == letter.record


@pytest.mark.parametrize("slug", SLUGS)
def test_every_type_proves_itself(village: Composition, slug: str) -> None:
    catalogue = village.services.catalogue
    assert list(prove_type(catalogue, catalogue.get(slug), TODAY)) == []


@pytest.mark.parametrize("slug", SLUGS)
def test_the_fullest_and_the_barest_letter_can_be_drawn(village: Composition, slug: str) -> None:
    letter_type = village.services.catalogue.get(slug)
    samples = sample_fields(letter_type)
    for fields in (next(samples), next(samples)):
        data = {**letter_type.example, "fields": fields}
        data["holder"] = {**example(village, slug)["holder"], "birth_date": "1950-01-01"}
        order = village.services.intake.check(slug, VILLAGE, data)
        pdf = preview(village, order)
        assert "Demikian" in text_of(pdf)


def letters_in(village: Composition) -> int:
    with village.register.reading() as uow:
        return sum(1 for _ in uow.letters.list())


def test_five_hundred_heirs_are_refused_and_take_no_number(village: Composition) -> None:
    before = letters_in(village)
    heir = example(village, "ahli-waris")["fields"]["heirs"][0]
    assert problems(village, "ahli-waris", heirs=[heir] * 500) == [
        ("fields.heirs", "too_many_rows")
    ]
    assert letters_in(village) == before


@pytest.mark.parametrize(
    ("heirs", "expected"),
    [
        ([], [("fields.heirs", "required")]),
        ("Suharti", [("fields.heirs", "not_a_list")]),
        ({"name": "Suharti"}, [("fields.heirs", "not_a_list")]),
        (["Suharti"], [("fields.heirs.1", "not_an_object")]),
        ([{}], [(f"fields.heirs.1.{name}", "required") for name in ("name", "nik", "birth_date")]
         + [("fields.heirs.1.relation", "required")]),
    ],
)  # fmt: skip
def test_rows_that_are_none_are_refused(
    village: Composition, heirs: object, expected: list[tuple[str, str]]
) -> None:
    assert problems(village, "ahli-waris", heirs=heirs) == expected


def test_a_bad_cell_is_named_by_its_row(village: Composition) -> None:
    heirs = example(village, "ahli-waris")["fields"]["heirs"]
    heirs[1] |= {"nik": "3522999999999999", "surplus": "x"}
    heirs[2]["name"] = "ꦱꦸꦲꦂꦠꦶ"
    assert problems(village, "ahli-waris", heirs=heirs[:2]) == [
        ("fields.heirs.2", "unknown_field"),
        ("fields.heirs.2.nik", "impossible_nik"),
    ]
    assert problems(village, "ahli-waris", heirs=[heirs[0], heirs[2]]) == [
        ("fields.heirs.2.name", "missing_glyph")
    ]


@pytest.mark.parametrize("value", [*HOSTILE_TEXTS, "x" * 10_000, "👪"])
def test_a_hostile_cell_is_refused(village: Composition, value: str) -> None:
    heirs = example(village, "ahli-waris")["fields"]["heirs"]
    heirs[0]["name"] = value
    ((where, _code),) = problems(village, "ahli-waris", heirs=heirs)
    assert where == "fields.heirs.1.name"


def test_too_few_rows_are_refused(village: Composition) -> None:
    witnesses = example(village, "kelahiran")["fields"]["witnesses"]
    assert problems(village, "kelahiran", witnesses=witnesses[:1]) == [
        ("fields.witnesses", "too_few_rows")
    ]


def test_what_is_not_asked_is_refused_and_what_is_asked_is_required(village: Composition) -> None:
    assert problems(village, "penghasilan", subject="sendiri") == [
        ("fields.work", "required"),
        ("fields.income", "required"),
        ("fields.parents", "not_asked"),
        ("fields.school", "not_asked"),
        ("fields.school_class", "not_asked"),
        ("fields.student_number", "not_asked"),
    ]
    assert problems(village, "izin-keramaian", road_closed="ya") == [
        ("fields.closed_road", "required")
    ]
    assert problems(village, "izin-keramaian", closed_road="Jalan Krajan") == [
        ("fields.closed_road", "not_asked")
    ]


def test_sums_and_words_are_those_of_another_library(village: Composition) -> None:
    text = said(village, "penghasilan")
    total = 1_750_000 + 1_215_500
    assert f"Rp{total:,}".replace(",", ".") in text
    assert f"({num2words(total, lang='id')} rupiah)" in text


@pytest.mark.parametrize("day", ["2026-11-18", "2024-02-29", "2026-01-01"])
def test_the_day_of_the_week_is_computed(village: Composition, day: str) -> None:
    text = said(village, "kelahiran", birth_date=day)
    spelled = format_date(date.fromisoformat(day), "EEEE 'tanggal' d MMMM y", locale="id")
    assert f"pada hari {spelled}" in text


@pytest.mark.parametrize(
    ("born", "years"),
    [("1951-11-14", 75), ("1951-11-15", 75), ("1951-11-16", 74), ("1952-02-29", 74)],
)
def test_the_age_is_full_years(village: Composition, born: str, years: int) -> None:
    """The example's deceased died on 15 November 2026."""
    assert f"dalam usia {years} (" in said(village, "kematian", born=born)


def test_a_death_before_birth_is_refused(village: Composition) -> None:
    found = problems(village, "kematian", death_date="1951-12-30", burial_date="1952-01-02")
    assert found == [("fields.death_date", "before_birth")]


def test_the_translation_is_printed_when_it_is_asked_for(village: Composition) -> None:
    english = "has never been married"
    assert english in said(village, "belum-menikah", english="ya")
    assert english not in said(village, "belum-menikah", english="tidak")
    assert english not in said(village, "belum-menikah", english=None)


NINETEENTH = """
code = 19
version = 1
sensitive = false
classification = "400.10.2.2"
series = "keterangan"
channel = "mandiri"
issued_by = ["village"]
title = { id = "Surat Keterangan Kepemilikan Ternak", en = "Certificate of Livestock" }
summary = { id = "Menerangkan ternak seseorang.", en = "States somebody's livestock." }

[validity]
days = 14

[computed]
heads = { sum = ["animals.count"] }

[[listings]]
group = "animals"
form = "table"
columns = ["kind", "count"]

[wording]
opening = "Yang bertanda tangan di bawah ini, {{ signing_office }}, menerangkan bahwa:"
statement = "Orang tersebut memiliki {{ heads }} ({{ heads|terbilang }}) ekor ternak dalam daftar."
purpose = "Untuk {{ purpose }}."
closing = "Demikian surat ini dibuat."

[[documents]]
id = "KTP-el"
en = "Identity card"

[service_standard.product]
id = "Surat keterangan."
en = "Certificate."
"""


def note(kind: str, label: str, sample: object) -> dict[str, object]:
    texts = {"id": label, "en": label}
    return {"kind": kind, "label": texts, "hint": texts, "example": sample}


ANIMALS = {
    "type": "array",
    "maxItems": 5,
    "items": {
        "type": "object",
        "properties": {
            "kind": {"type": "string", "maxLength": 40, "x-issuer": note("text", "Jenis", "Sapi")},
            "count": {
                "type": "integer",
                "minimum": 1,
                "maximum": 500,
                "x-issuer": note("integer", "Jumlah", 2),
            },
        },
        "required": ["kind", "count"],
        "additionalProperties": False,
    },
    "x-issuer": note("group", "Daftar ternak", []),
}


def test_a_nineteenth_type_in_a_folder_issues_and_verifies(
    founded: Path, tmp_path: Path, village: Composition
) -> None:
    templates = shutil.copytree(
        locate_templates(), tmp_path / "templates", ignore=shutil.ignore_patterns("node_modules")
    )
    folder = templates / "letters" / "ternak"
    folder.mkdir()
    (folder / "type.toml").write_text(NINETEENTH, "utf-8")
    schema = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "type": "object",
        "properties": {"animals": ANIMALS},
        "required": ["animals"],
        "additionalProperties": False,
    }
    (folder / "fields.schema.json").write_text(json.dumps(schema), "utf-8")
    data = {
        "holder": example(village, "umum")["holder"],
        "fields": {"animals": [{"kind": "Sapi", "count": 3}, {"kind": "Kambing", "count": 14}]},
        "purpose": "penjualan ternak",
    }
    (folder / "example.json").write_text(json.dumps(data), "utf-8")
    home = shutil.copytree(founded, tmp_path / "office")
    settings = Settings.load(home, {"ISSUER_TEMPLATES_DIR": str(templates)})
    office = compose(settings, Clock())
    try:
        letter_type: LetterType = office.services.catalogue.get("ternak")
        assert list(prove_type(office.services.catalogue, letter_type, TODAY)) == []
        letter = issue(office, "ternak")
        pdf = pdf_of(office, letter)
        assert office.services.verifier.by_file(pdf).verdict is Verdict.VALID
        assert re.search(r"17 \(tujuh belas\) ekor.*Sapi 3 2 Kambing 14", text_of(pdf))
        assert letter.record.expires_on == date(2026, 12, 8)
    finally:
        office.close()


@pytest.mark.parametrize("slug", SLUGS)
def test_answers_that_were_accepted_are_accepted_again_as_they_are(
    village: Composition, slug: str
) -> None:
    """Before a number is taken they are checked once more, by the version in force then."""
    catalogue = village.services.catalogue
    kind = catalogue.get(slug)
    for answers in [kind.example["fields"], *sample_fields(kind)]:
        assert isinstance(answers, Mapping)
        kept = catalogue.check_fields(kind, answers, TODAY)
        assert catalogue.check_fields(kind, kept, TODAY) == kept
