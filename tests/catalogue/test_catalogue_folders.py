"""Letter types read from folders: what is refused, and how clearly it is said."""

from __future__ import annotations

import hashlib
import json
import re
import shutil
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator, FormatChecker

from issuer.catalogue.folders import FolderCatalogue
from issuer.catalogue.shapes import MAX_FIELDS, SERVICE_STANDARD
from issuer.catalogue.type_folder import MAX_FILE_BYTES, MAX_FILES, STANDARD_FILE
from issuer.domain.errors import ConfigurationError, NotFound
from issuer.domain.letter_types import Channel, LetterType
from issuer.domain.office import AgencyKind
from issuer.domain.people import Holder

LETTERS = Path(__file__).parents[2] / "templates" / "letters"
TODAY = date(2026, 11, 24)
CODES = {
    "tidak-mampu": 1,
    "domisili": 2,
    "usaha": 3,
    "domisili-usaha": 4,
    "kelahiran": 5,
    "kematian": 6,
    "pengantar-pindah": 7,
    "belum-menikah": 8,
    "janda-duda": 9,
    "penghasilan": 10,
    "kehilangan": 11,
    "izin-keramaian": 12,
    "pengantar-skck": 13,
    "beda-identitas": 14,
    "umum": 15,
    "ahli-waris": 16,
    "belum-memiliki-rumah": 17,
    "ktp-dalam-proses": 18,
}
"""What the QR of every letter ever issued says: a code never changes."""


def _no_problems(_letter_type: LetterType) -> list[str]:
    return []


@pytest.fixture
def letters(tmp_path: Path) -> Path:
    """Return a folder with three of the types, to be spoilt."""
    folder = tmp_path / "letters"
    for slug in ("domisili", "tidak-mampu", "usaha"):
        shutil.copytree(LETTERS / slug, folder / slug)
    shutil.copy(LETTERS / STANDARD_FILE, folder)
    return folder


def read(letters: Path) -> FolderCatalogue:
    return FolderCatalogue(letters, _no_problems)


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")


def edit_schema(letters: Path, change: Callable[[dict[str, Any]], object]) -> None:
    path = letters / "usaha" / "fields.schema.json"
    schema = json.loads(path.read_text("utf-8"))
    change(schema)
    path.write_text(json.dumps(schema), "utf-8")


def test_the_types_that_come_with_the_office_are_complete() -> None:
    catalogue = read(LETTERS)
    assert catalogue.problems == ()
    assert {letter_type.slug: letter_type.code for letter_type in catalogue.all()} == CODES
    for letter_type in catalogue.all():
        assert tuple(letter_type.service_standard) == SERVICE_STANDARD
        assert letter_type.documents
        assert AgencyKind.VILLAGE in letter_type.issued_by


def test_a_sensitive_type_hides_its_title() -> None:
    letter_type = read(LETTERS).get("tidak-mampu")
    assert letter_type.sensitive
    assert letter_type.public_title.id == "Surat Keterangan"
    assert letter_type.channel is Channel.FROM_HOME


@pytest.mark.parametrize("slug", CODES)
def test_an_example_is_a_valid_data_file(slug: str) -> None:
    catalogue = read(LETTERS)
    letter_type = catalogue.get(slug)
    holder, fields = letter_type.example["holder"], letter_type.example["fields"]
    assert isinstance(holder, Mapping)
    assert isinstance(fields, Mapping)
    parsed = Holder.parse(holder, TODAY)
    assert parsed.nik.is_specimen
    assert parsed.nik.agrees_with(parsed.birth_date, parsed.sex)
    assert catalogue.check_fields(letter_type, fields, TODAY) == fields
    Draft202012Validator(letter_type.schema, format_checker=FormatChecker()).validate(fields)
    asked = (
        spec for spec in letter_type.fields if not spec.shown_if or spec.shown_if.holds(fields)
    )
    assert set(fields) == {spec.name for spec in asked}


def test_an_unknown_type_is_not_found() -> None:
    with pytest.raises(NotFound):
        read(LETTERS).get("tidak-ada")


def test_no_folder_is_said() -> None:
    with pytest.raises(ConfigurationError, match="letter types"):
        read(LETTERS / "nowhere")


@pytest.mark.parametrize(
    ("file", "old", "new", "said"),
    [
        ("type.toml", "series =", "seriess =", "usaha/type.toml: top level: .*'seriess'"),
        ("type.toml", "closing = ", "clossing = ", "usaha/type.toml: wording: .*'clossing'"),
        (
            "type.toml",
            "[service_standard.product]",
            "[service_standard.products]",
            "standard: .*'products'",
        ),
        ("type.toml", "code = 3", 'code = "3"', "usaha/type.toml: code: '3' is not of type"),
        ("type.toml", '"mandiri"', '"online"', "usaha/type.toml: channel: 'online'"),
        ("type.toml", '"village"', '"planet"', "usaha/type.toml: issued_by.0: 'planet'"),
        ("type.toml", '"400.10.5"', '"usaha/5"', "usaha/type.toml: classification"),
        ("type.toml", "months = 6", "months = -6", "usaha/type.toml: validity.months"),
        ("type.toml", "sensitive = false", "sensitive = true", "a public_title of its own"),
        ("type.toml", "code = 3", "code = ", "usaha/type.toml: Invalid value"),
        ("fields.schema.json", '"maxLength"', '"maxxLength"', "business_name: .*'maxxLength'"),
        ("fields.schema.json", '"maxLength": 120', '"maxLength": 9999', "business_name.maxLength"),
        ("fields.schema.json", '"kind": "text"', '"kind": "poem"', "kind: 'poem' is not one"),
        ("fields.schema.json", "{", "[", "usaha/fields.schema.json: Expecting"),
        ("fields.schema.json", "false", "true", "additionalProperties: False was expected"),
        ("example.json", '"purpose"', '"purposes"', "usaha/example.json: .*'purposes'"),
    ],
)
def test_a_slip_names_its_file_and_key_and_leaves_the_other_types_alone(
    letters: Path, file: str, old: str, new: str, said: str
) -> None:
    edit(letters / "usaha" / file, old, new)
    catalogue = read(letters)
    assert [letter_type.slug for letter_type in catalogue.all()] == ["domisili", "tidak-mampu"]
    assert re.search(said, "\n".join(catalogue.problems))


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda s: s["required"].append("nobody"), "required: nobody is no property"),
        (lambda s: s["properties"]["nib"].pop("maxLength"), "nib: a text has the keywords"),
        (lambda s: s["properties"]["nib"].update(minimum=1), "nib: a text has the keywords"),
        (lambda s: s["properties"]["nib"].update(type="integer"), "nib: a text is of type string"),
        (lambda s: s["properties"]["place_status"]["enum"].append("x"), "choices and enum list"),
        (lambda s: s["properties"]["nib"]["x-issuer"].update(past=True), "only a date or a year"),
        (lambda s: s["properties"]["nib"].update({"$ref": "http://x"}), r"'\$ref' was unexpected"),
        (lambda s: s["properties"].update({"Bad-Name": s["properties"]["nib"]}), "Bad-Name"),
        (
            lambda s: s["properties"].update(
                {f"f{i}": s["properties"]["nib"] for i in range(MAX_FIELDS)}
            ),
            "too many properties",
        ),
    ],
)
def test_a_schema_that_contradicts_itself_is_refused(
    letters: Path, change: Callable[[dict[str, Any]], object], said: str
) -> None:
    edit_schema(letters, change)
    catalogue = read(letters)
    assert len(catalogue.all()) == 2
    assert re.search(said, "\n".join(catalogue.problems))


def test_a_missing_file_is_named(letters: Path) -> None:
    (letters / "usaha" / "example.json").unlink()
    assert read(letters).problems == ("usaha/example.json: missing",)


def test_too_much_is_not_read(letters: Path) -> None:
    (letters / "usaha" / "notes.txt").write_bytes(bytes(MAX_FILE_BYTES + 1))
    assert read(letters).problems == (f"usaha/notes.txt: more than {MAX_FILE_BYTES} bytes",)
    for number in range(MAX_FILES):
        (letters / "domisili" / f"{number}.txt").touch()
    assert f"domisili: more than {MAX_FILES} files" in read(letters).problems


def test_a_folder_with_an_odd_name_is_refused(letters: Path) -> None:
    (letters / "usaha").rename(letters / "Usaha_2")
    assert read(letters).problems == ("Usaha_2: not a name for a letter type",)


def test_a_folder_that_cannot_be_read_is_refused(letters: Path) -> None:
    (letters / "usaha" / "loop").symlink_to("loop")
    assert len(read(letters).problems) == 1


def test_a_code_that_two_types_claim_belongs_to_neither(letters: Path) -> None:
    edit(letters / "usaha" / "type.toml", "code = 3", "code = 2")
    catalogue = read(letters)
    assert [letter_type.slug for letter_type in catalogue.all()] == ["tidak-mampu"]
    assert catalogue.problems == (
        "domisili/type.toml: code 2 stands twice",
        "usaha/type.toml: code 2 stands twice",
    )


def test_a_broken_type_claims_no_code(letters: Path) -> None:
    edit(letters / "usaha" / "type.toml", "code = 3", "code = 2")
    edit(letters / "usaha" / "type.toml", "series =", "seriess =")
    assert len(read(letters).all()) == 2


def test_a_type_whose_sentences_are_wrong_is_left_out() -> None:
    def check(letter_type: LetterType) -> list[str]:
        return ["wording.opening: bad"] if letter_type.slug == "usaha" else []

    catalogue = FolderCatalogue(LETTERS, check)
    assert catalogue.problems == ("usaha/type.toml: wording.opening: bad",)
    with pytest.raises(NotFound):
        catalogue.get("usaha")


def test_the_digest_is_over_names_lengths_and_bytes(letters: Path) -> None:
    digest = hashlib.sha256()
    for path in sorted((letters / "usaha").iterdir()):
        data = path.read_bytes()
        digest.update(path.name.encode() + b"\n" + str(len(data)).encode() + b"\n" + data)
    assert read(letters).get("usaha").digest == digest.hexdigest()


def test_every_file_counts_for_the_digest(letters: Path) -> None:
    before = read(letters).get("usaha").digest
    (letters / "usaha" / "notes.txt").write_text("a")
    with_notes = read(letters).get("usaha").digest
    (letters / "usaha" / "notes.txt").rename(letters / "usaha" / "other.txt")
    assert len({before, with_notes, read(letters).get("usaha").digest}) == 3
