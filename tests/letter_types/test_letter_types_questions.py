"""Questions of a version: added, changed, moved and removed, and always fitting together."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from issuer.catalogue.assembling import TypeContent, assemble
from issuer.catalogue.question_edits import stepped
from issuer.catalogue.type_folder import load_content, load_standard
from issuer.config import locate_templates
from issuer.domain.errors import InvalidInput, NotFound
from issuer.domain.letter_types import Bilingual, FieldKind
from issuer.domain.type_questions import (
    NEW_KINDS,
    Added,
    Changed,
    Moved,
    QuestionEdit,
    QuestionStep,
    Removed,
)
from issuer.web.admin.type_questions import USUAL
from tests.letter_types.test_letter_types_pages import begin, step, typed, words
from tests.letter_types.two_admins import FIRST, SECOND
from tests.offices import issue, pdf_of
from tests.web.web_office import WebOffice, hidden, visible

FOLDER = locate_templates() / "letters"
SLUGS = sorted(place.name for place in FOLDER.iterdir() if place.is_dir())
EDIT = QuestionEdit(
    kind=FieldKind.TEXT,
    label=Bilingual("Nomor sertifikat", "Number of the certificate"),
    hint=Bilingual("Seperti tertulis di sertifikat", "As on the certificate"),
    required=False,
    example="SHM 00123",
)
EXAMPLES = {
    FieldKind.TEXT: ("SHM 00123", "SHM 00123"),
    FieldKind.LONG_TEXT: ("Jalan Contoh", "Jalan Contoh"),
    FieldKind.DATE: ("2020-02-29", "2020-02-29"),
    FieldKind.TIME: ("7.05", "07:05"),
    FieldKind.NIK: ("3522 9957 0890 0001", "3522995708900001"),
    FieldKind.YEAR: ("1999", 1999),
    FieldKind.INTEGER: ("12", 12),
    FieldKind.MONEY: ("1.500.000", 1500000),
    FieldKind.CHOICE: ("", "sawah"),
}
CHOICES = (("", Bilingual("Sawah", "Rice field")), ("", Bilingual("Tanah kering", "Dry land")))


def content_of(slug: str) -> TypeContent:
    return load_content(FOLDER / slug, load_standard(FOLDER))


def fits(content: TypeContent) -> None:
    """Find the type whole, by the reader of every type."""
    assemble(content, {}, "0" * 64)


def codes(content: TypeContent, taken: QuestionStep) -> set[tuple[str, str]]:
    with pytest.raises(InvalidInput) as refused:
        stepped(content, taken)
    return {(one.where, one.code) for one in refused.value.problems}


def test_every_kind_can_be_added_and_has_usual_bounds() -> None:
    assert set(EXAMPLES) == set(NEW_KINDS) == set(FieldKind) - {FieldKind.GROUP}
    assert set(USUAL) < set(NEW_KINDS)


@pytest.mark.parametrize("kind", NEW_KINDS)
@pytest.mark.parametrize("required", [True, False])
def test_a_question_of_every_kind_is_added_at_the_end(kind: FieldKind, required: bool) -> None:
    typed_example, kept = EXAMPLES[kind]
    choices = CHOICES if kind is FieldKind.CHOICE else ()
    edit = replace(EDIT, kind=kind, required=required, example=typed_example, choices=choices)
    before = content_of("domisili")
    after = stepped(before, Added("baru", edit))
    fits(after)
    assert list(after.schema["properties"]) == [*before.schema["properties"], "baru"]
    assert ("baru" in after.schema["required"]) is required
    assert after.example["fields"]["baru"] == kept
    assert "baru" not in before.schema["properties"], "the former content was changed"


@pytest.mark.parametrize("slug", SLUGS)
def test_whatever_is_done_to_one_question_the_rest_still_fits(slug: str) -> None:
    """Each question of each type that comes with the program: refused, or whole."""
    content = content_of(slug)
    for name in content.schema["properties"]:
        for taken in (Removed(name), Moved(name, -1), Moved(name, 1), Moved(name, 99)):
            try:
                after = stepped(content, taken)
            except InvalidInput:
                continue
            fits(after)
            if isinstance(taken, Removed):
                assert name not in {*after.schema["required"], *after.example["fields"]}
            else:
                assert sorted(after.schema["properties"]) == sorted(content.schema["properties"])


@pytest.mark.parametrize("slug", SLUGS)
def test_a_question_saved_as_it_was_is_as_it_was(slug: str) -> None:
    content = content_of(slug)
    for name, one in content.schema["properties"].items():
        notes: dict[str, Any] = one["x-issuer"]
        edit = QuestionEdit(
            kind=FieldKind(notes["kind"]),
            label=Bilingual(**notes["label"]),
            hint=Bilingual(**notes["hint"]),
            required=name in content.schema["required"],
            example=str(notes["example"]),
            past=notes.get("past", False),
            least=one.get("minLength", one.get("minimum")),
            most=one.get("maxLength", one.get("maximum")),
            choices=tuple((code, Bilingual(**t)) for code, t in notes.get("choices", {}).items()),
        )
        after = stepped(content, Changed(name, edit))
        kept = after.schema["properties"][name]
        if notes["kind"] == FieldKind.CHOICE:
            notes = {**notes, "example": next(iter(notes["choices"]))}
        assert kept == {**one, "x-issuer": notes}
        assert sorted(after.schema["required"]) == sorted(content.schema["required"])


@pytest.mark.parametrize(
    ("name", "changes", "problem"),
    [
        ("Nama", {}, ("name", "bad_field_name")),
        ("9x", {}, ("name", "bad_field_name")),
        ("x" * 41, {}, ("name", "bad_field_name")),
        ("since", {}, ("name", "field_name_taken")),
        ("baru", {"label": Bilingual("", "x")}, ("label.id", "required")),
        ("baru", {"label": Bilingual("x" * 81, "x")}, ("label.id", "too_long")),
        ("baru", {"hint": Bilingual("x", "a\u202eb")}, ("hint.en", "unprintable")),
        ("baru", {"example": ""}, ("example", "required")),
        ("baru", {"least": 20}, ("example", "too_short")),
        ("baru", {"most": 501}, ("most", "too_large")),
        ("baru", {"least": 9, "most": 3}, ("most", "too_small")),
        ("baru", {"kind": FieldKind.DATE}, ("example", "impossible_date")),
        ("baru", {"kind": FieldKind.NIK}, ("example", "impossible_nik")),
        ("baru", {"kind": FieldKind.CHOICE}, ("choices.0.id", "two_choices")),
        (
            "baru",
            {"kind": FieldKind.CHOICE, "choices": (CHOICES[0], CHOICES[0], CHOICES[1])},
            ("choices.1.id", "choice_twice"),
        ),
        ("baru", {"kind": FieldKind.GROUP}, ("kind", "not_a_choice")),
    ],
)
def test_what_is_wrong_with_a_question_is_told(
    name: str, changes: dict[str, Any], problem: tuple[str, str]
) -> None:
    found = codes(content_of("domisili"), Added(name, replace(EDIT, **changes)))
    assert found == {problem}


def test_what_another_question_or_value_goes_by_stays() -> None:
    assert codes(content_of("domisili-usaha"), Removed("body_kind")) == {
        ("question", "question_needed")
    }
    assert codes(content_of("domisili-usaha"), Moved("body_kind", 2)) == {
        ("question", "question_before_its_choice")
    }
    computing = next(slug for slug in SLUGS if content_of(slug).plain.get("computed"))
    content = content_of(computing)
    parts = json.dumps(content.plain["computed"])
    used = next(name for name in content.schema["properties"] if f'"{name}' in parts)
    assert codes(content, Removed(used)) == {("question", "question_needed")}
    for taken in (Removed("nobody"), Moved("nobody", 1), Changed("nobody", EDIT)):
        with pytest.raises(NotFound):
            stepped(content, taken)
    with pytest.raises(NotFound):
        stepped(content_of("domisili"), Changed("since", EDIT))  # a date stays one


def test_a_choice_keeps_its_value_and_one_that_is_asked_after_stays() -> None:
    content = content_of("domisili-usaha")
    notes = content.schema["properties"]["body_kind"]["x-issuer"]
    kept = [(code, Bilingual(**text)) for code, text in notes["choices"].items()]
    edit = replace(EDIT, kind=FieldKind.CHOICE, required=True)
    renamed = [(kept[0][0], Bilingual("Milik seorang", "Of one person")), *kept[1:]]
    added = (*renamed, ("cv", Bilingual("Firma", "Firm")), ("", Bilingual("", "")))
    after = stepped(content, Changed("body_kind", replace(edit, choices=added[:-2])))
    assert list(after.schema["properties"]["body_kind"]["enum"]) == list(notes["choices"])
    assert codes(content, Changed("body_kind", replace(edit, choices=added))) == {
        ("choices.7.id", "choice_twice")
    }
    without = tuple(one for one in kept if one[0] != "cv")
    assert codes(content, Changed("body_kind", replace(edit, choices=without))) == {
        ("question", "question_unfit")
    }
    forged = (*kept, ("{{ x }}", Bilingual("Firma", "Firm")))
    after = stepped(content, Changed("body_kind", replace(edit, choices=forged)))
    assert after.schema["properties"]["body_kind"]["enum"][-1] == "firma"


def test_a_question_goes_from_the_form_into_a_letter(web: WebOffice) -> None:
    first, second = web.client(FIRST), web.client(SECOND)
    place = begin(first, "domisili")
    asked = f"{place}/pertanyaan"
    assert f'href="{asked}"' in first.get(place).text
    form = typed(first.get(f"{asked}/baru?bentuk=text").text)
    form |= {
        "name": "certificate",
        "label.id": "Nomor sertifikat rumah",
        "label.en": "Number of the title deed",
        "hint.id": "Seperti di sertifikat",
        "hint.en": "As on the deed",
        "example": "SHM 00123",
    }
    wrong = first.post(f"{asked}/baru", data=form | {"hint.en": "", "name": "Salah Nama"})
    assert wrong.status_code == 422
    assert 'id="hint.en-wrong"' in wrong.text
    assert 'value="Nomor sertifikat rumah"' in wrong.text
    added = first.post(f"{asked}/baru", data=form)
    assert added.headers["Location"] == f"{asked}#isi-certificate"
    assert first.post(f"{asked}/baru", data=form).status_code == 409  # the row has moved on
    listed = first.get(asked).text
    assert "Nomor sertifikat rumah certificate · teks pendek · boleh kosong" in visible(listed)
    up = {**hidden(listed), "do": "naik.certificate"}
    assert first.post(asked, data=up).status_code == 303
    change = typed(first.get(f"{asked}/isi/certificate").text)
    assert change["example"] == "SHM 00123"
    change |= {"label.id": "Nomor sertifikat", "required": "ya"}
    assert first.post(f"{asked}/isi/certificate", data=change).status_code == 303
    saying = "Sertifikat rumahnya bernomor {{ certificate }}."
    sentence = typed(first.get(place).text) | {"wording.closing": saying}
    assert first.post(place, data=sentence).status_code == 303
    said = visible(first.get(place).text)
    assert "Pertanyaan certificate Nomor sertifikat / Number of the title deed" in said
    assert "SHM 00123" in words(first.get(f"{place}/konsep").get_data())
    assert step(first, place, "usulkan").status_code == 303
    assert first.get(asked).headers["Location"] == place
    assert step(second, place, "rilis").status_code == 303
    letter = issue(web.composition)
    assert "bernomor SHM 00123" in words(pdf_of(web.composition, letter))


def test_a_question_that_a_sentence_uses_is_missed_when_it_is_removed(web: WebOffice) -> None:
    client = web.client(FIRST)
    place = begin(client, "usaha")
    asked = f"{place}/pertanyaan"
    page = f"{asked}/isi/business_name"
    removed = client.post(f"{page}/hapus", data=hidden(client.get(page).text))
    assert removed.headers["Location"] == f"{asked}#daftar"
    told = visible(client.get(place).text)
    assert "Tidak ada isian business_name" in told
    assert "Usulkan untuk dirilis" not in told
    for missing in (page, f"{asked}/isi/{'x' * 90}", f"{asked}/baru?bentuk=group", f"{asked}/baru"):
        assert client.get(missing).status_code == 404
    gone = client.post(f"{page}/hapus", data=hidden(client.get(asked).text))
    assert gone.status_code == 404
    assert client.post(asked, data=hidden(client.get(asked).text)).status_code == 404
    step(client, place, "tarik", reason="selesai")


def test_a_reserved_name_is_found_before_it_could_end_the_type(web: WebOffice) -> None:
    client = web.client(FIRST)
    place = begin(client, "usaha")
    asked = f"{place}/pertanyaan"
    form = typed(client.get(f"{asked}/baru?bentuk=choice").text) | {
        "name": "purpose",
        "label.id": "Keperluan",
        "label.en": "Purpose",
        "hint.id": "Pilih",
        "hint.en": "Choose",
        "choices.0.id": "Bank",
        "choices.0.en": "Bank",
        "choices.1.id": "Sekolah",
        "choices.1.en": "School",
    }
    assert client.post(f"{asked}/baru", data=form).status_code == 303
    page = client.get(place).text
    assert "Nama purpose sudah berarti lain dalam kalimat" in visible(page)
    assert f'href="{asked}#fields"' in page
    assert step(client, place, "usulkan").status_code == 422
    step(client, place, "tarik", reason="selesai")
