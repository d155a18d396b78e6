"""The questions of the counter's form: about the holder, then the type's own.

An input is named by its place in the data file (``holder.nik``), so that a problem
finds its input and the same checks serve the form and the command.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from issuer.domain import people
from issuer.domain.letter_types import Bilingual, FieldKind, FieldSpec, FieldValue, LetterType
from issuer.domain.mandate import Mandate, MandateKind, Signatory
from issuer.services.intake import MAX_PURPOSE

T = Bilingual
DATE_PARTS = ("day", "month", "year")
ROWS = "rows"
ADD_ROW, REMOVE_ROW = "add_row", "remove_row"
"""The names of the buttons of a group; their values are the group or the row."""
_NO_HINT = T("", "")
_MAX_NIK_TYPED = 24
_DATE_LENGTH = 10

RELIGIONS: Mapping[str, Bilingual] = {
    "Islam": T("Islam", "Islam"),
    "Kristen": T("Kristen", "Protestant"),
    "Katolik": T("Katolik", "Catholic"),
    "Hindu": T("Hindu", "Hindu"),
    "Buddha": T("Buddha", "Buddhist"),
    "Khonghucu": T("Khonghucu", "Confucian"),
    "Kepercayaan terhadap Tuhan YME": T(
        "Kepercayaan terhadap Tuhan YME", "Belief in the One God (Kepercayaan)"
    ),
}
MARITAL_STATUSES: Mapping[str, Bilingual] = {
    "Belum Kawin": T("Belum kawin", "Single"),
    "Kawin": T("Kawin", "Married"),
    "Cerai Hidup": T("Cerai hidup", "Divorced"),
    "Cerai Mati": T("Cerai mati", "Widowed"),
}
SEXES: Mapping[str, Bilingual] = {
    people.Sex.MALE: T("Laki-laki", "Male"),
    people.Sex.FEMALE: T("Perempuan", "Female"),
}
NATIONALITIES: Mapping[str, Bilingual] = {
    "WNI": T("WNI", "Indonesian (WNI)"),
    "WNA": T("WNA", "Foreign (WNA)"),
}


def _ask(
    name: str,
    kind: FieldKind,
    label: Bilingual,
    max_length: int,
    *,
    hint: Bilingual = _NO_HINT,
    choices: Mapping[str, Bilingual] | None = None,
) -> FieldSpec:
    return FieldSpec(name, kind, label, hint, True, max_length, choices or {})


HOLDER_QUESTIONS: tuple[FieldSpec, ...] = (
    _ask(
        "nik",
        FieldKind.TEXT,
        T("NIK", "NIK (population number)"),
        _MAX_NIK_TYPED,
        hint=T("16 angka, boleh dengan spasi.", "16 digits; spaces are allowed."),
    ),
    _ask(
        "name",
        FieldKind.TEXT,
        T("Nama lengkap", "Full name"),
        people.MAX_NAME,
        hint=T("Seperti tertulis di KTP.", "As written on the KTP."),
    ),
    _ask("birth_place", FieldKind.TEXT, T("Tempat lahir", "Place of birth"), people.MAX_SHORT_TEXT),
    _ask("birth_date", FieldKind.DATE, T("Tanggal lahir", "Date of birth"), _DATE_LENGTH),
    _ask("sex", FieldKind.CHOICE, T("Jenis kelamin", "Sex"), 1, choices=SEXES),
    _ask(
        "religion",
        FieldKind.CHOICE,
        T("Agama", "Religion"),
        people.MAX_SHORT_TEXT,
        choices=RELIGIONS,
    ),
    _ask(
        "marital_status",
        FieldKind.CHOICE,
        T("Status perkawinan", "Marital status"),
        people.MAX_SHORT_TEXT,
        choices=MARITAL_STATUSES,
    ),
    _ask("occupation", FieldKind.TEXT, T("Pekerjaan", "Occupation"), people.MAX_SHORT_TEXT),
    _ask(
        "nationality",
        FieldKind.CHOICE,
        T("Kewarganegaraan", "Nationality"),
        people.MAX_SHORT_TEXT,
        choices=NATIONALITIES,
    ),
    _ask(
        "address",
        FieldKind.LONG_TEXT,
        T("Alamat", "Address"),
        people.MAX_ADDRESS,
        hint=T(
            "Lengkap dengan RT, RW, desa atau kelurahan, dan kecamatan.",
            "With RT, RW, village and district.",
        ),
    ),
)
PURPOSE = _ask(
    "purpose",
    FieldKind.LONG_TEXT,
    T("Keperluan", "Purpose"),
    MAX_PURPOSE,
    hint=T("Untuk apa surat ini dipakai.", "What the letter is for."),
)


@dataclass(frozen=True, slots=True)
class Question:
    """One question at its place in the data file; ``where`` names its input too.

    ``label`` says it in a list of problems, where it stands alone.
    """

    where: str
    spec: FieldSpec
    label: Bilingual

    @classmethod
    def of(cls, section: str, spec: FieldSpec) -> Question:
        """Return the question of a field of its own."""
        return cls(f"{section}.{spec.name}", spec, spec.label)

    @property
    def inputs(self) -> tuple[str, ...]:
        """The names of the boxes: a date has three, a group only that of its rows."""
        if self.spec.kind is FieldKind.DATE:
            return tuple(f"{self.where}.{part}" for part in DATE_PARTS)
        if self.spec.columns:
            return (f"{self.where}.{ROWS}",)
        return (self.where,)

    @property
    def anchor(self) -> str:
        """The id on the page that a link to this question leads to."""
        return self.where if self.spec.columns else self.inputs[0]

    @property
    def least_rows(self) -> int:
        """How many rows of a group are there to begin with."""
        return max(self.spec.min_items, int(self.spec.required))

    def row(self, number: int) -> tuple[Question, ...]:
        """Return the questions of a row, counted from 1."""
        name = self.spec.label
        return tuple(
            Question(
                f"{self.where}.{number}.{column.name}",
                column,
                T(
                    f"{name.id} {number}, {column.label.id}",
                    f"{name.en} {number}, {column.label.en}",
                ),
            )
            for column in self.spec.columns
        )

    def rows(self, typed: Mapping[str, str]) -> tuple[tuple[Question, ...], ...]:
        """Return the rows of a group that the page has."""
        written = typed.get(self.inputs[0], "")
        count = (
            int(written) if written.isascii() and written.isdecimal() and len(written) < 4 else 0
        )
        count = min(max(count, self.least_rows), self.spec.max_items)
        return tuple(self.row(number) for number in range(1, count + 1))

    def answer(self, typed: Mapping[str, str]) -> str | list[dict[str, str]]:
        """Return what was typed as the data file writes it; empty when nothing was."""
        if self.spec.columns:
            return [
                {one.spec.name: one.scalar(typed) for one in row}
                for row in self.rows(typed)
                if any(one.scalar(typed) for one in row)
            ]
        return self.scalar(typed)

    def scalar(self, typed: Mapping[str, str]) -> str:
        """Return what was typed into the boxes of a question that is no group."""
        parts = [typed.get(name, "").strip() for name in self.inputs]
        if self.spec.kind is FieldKind.DATE and any(parts):
            day, month, year = parts
            return f"{year}-{month:0>2}-{day:0>2}"
        return parts[0]


@dataclass(frozen=True, slots=True)
class Section:
    """Questions that stand together under a heading."""

    heading: Bilingual
    questions: tuple[Question, ...]


@dataclass(frozen=True, slots=True)
class LetterForm:
    """All questions for one letter of one type at one counter."""

    letter_type: LetterType
    sections: tuple[Section, ...]
    signers: Mapping[str, Mapping[str, Bilingual]]
    """Who may sign, by question: ``signatory``, and ``endorser`` where the type asks for one."""

    @classmethod
    def of(
        cls,
        letter_type: LetterType,
        signing: Iterable[tuple[Signatory, Mandate]],
        endorsing: Iterable[tuple[Signatory, Mandate]] | None,
        today: date,
    ) -> LetterForm:
        """Return the form for who may sign for the agency today.

        ``endorsing`` is who may for its district, None for a type that needs nobody there.
        """
        asked = [("signatory", T("Pejabat penandatangan", "Signatory"), signing)]
        if endorsing is not None:
            asked.append(("endorser", T("Mengetahui", "Endorsed by"), endorsing))
        choices = [
            _ask(
                name,
                FieldKind.CHOICE,
                label,
                people.MAX_SHORT_TEXT,
                choices={
                    person.id: _signatory_text(person, mandate)
                    for person, mandate in able
                    if mandate.covers(letter_type.slug, today)
                },
            )
            for name, label, able in asked
        ]
        own = tuple(Question.of("fields", spec) for spec in letter_type.fields)
        sections = (
            Section(
                letter_type.holder_label,
                tuple(Question.of("holder", spec) for spec in HOLDER_QUESTIONS),
            ),
            Section(T("Isi surat", "Content"), (*own, Question("purpose", PURPOSE, PURPOSE.label))),
            Section(
                T("Penandatangan", "Signature"),
                tuple(Question(choice.name, choice, choice.label) for choice in choices),
            ),
        )
        return cls(letter_type, sections, {choice.name: choice.choices for choice in choices})

    @property
    def content(self) -> tuple[Section, ...]:
        """What the letter says: every section but that of the signatures."""
        return self.sections[:2]

    @property
    def lacks_signer(self) -> bool:
        """Say whether nobody may give one of the signatures today."""
        return not all(self.signers.values())

    def questions(self) -> Iterator[Question]:
        """Yield every question in the order of the page, a group as one."""
        for section in self.sections:
            yield from section.questions

    def boxes(self, typed: Mapping[str, str]) -> Iterator[Question]:
        """Yield every question, and after a group those of its rows."""
        for question in self.questions():
            yield question
            if question.spec.columns:
                for row in question.rows(typed):
                    yield from row

    def typed(self, form: Mapping[str, str]) -> dict[str, str]:
        """Return what was typed into this form's own boxes, and nothing else.

        Rows left empty are closed up, and a row is added or taken away when the
        button for it was pressed.
        """
        typed: dict[str, str] = {}
        for question in self.questions():
            if question.spec.columns:
                typed |= _typed_rows(question, form)
            else:
                typed |= {name: form[name] for name in question.inputs if name in form}
        return typed

    def condition(self, spec: FieldSpec) -> Bilingual:
        """Say when a question is to be answered; empty when always."""
        if spec.shown_if is None:
            return _NO_HINT
        other = next(one for one in self.letter_type.fields if one.name == spec.shown_if.field)
        choices = [other.choices[value] for value in spec.shown_if.values]
        return T(
            f"Hanya bila {other.label.id}: {' / '.join(text.id for text in choices)}.",
            f"Only if {other.label.en}: {' / '.join(text.en for text in choices)}.",
        )

    def data(self, typed: Mapping[str, str]) -> dict[str, object]:
        """Return the data file's object that the answers make."""
        answers = {question.where: question.answer(typed) for question in self.questions()}
        return {
            "holder": _below("holder.", answers),
            "fields": _below("fields.", answers),
            "purpose": answers["purpose"],
        }


def answered(
    holder: people.Holder, fields: Mapping[str, FieldValue], purpose: str
) -> dict[str, FieldValue]:
    """Return every answer as it will stand in the letter, by its place."""
    values: dict[str, FieldValue] = {"purpose": purpose}
    values |= {f"holder.{name}": value for name, value in holder.as_record().items()}
    values |= {f"fields.{name}": value for name, value in fields.items()}
    return values


def _typed_rows(group: Question, form: Mapping[str, str]) -> dict[str, str]:
    """Return what stands in the rows of a group, numbered anew without the empty ones."""
    rows = [
        [form.get(name, "") for one in row for name in one.inputs]
        for number, row in enumerate(group.rows(form), 1)
        if form.get(REMOVE_ROW) != f"{group.where}.{number}"
    ]
    rows = [row for row in rows if any(cell.strip() for cell in row)]
    count = len(rows) + (form.get(ADD_ROW) == group.where)
    typed = {group.inputs[0]: str(min(count, group.spec.max_items))}
    for number, row in enumerate(rows, 1):
        names = [name for one in group.row(number) for name in one.inputs]
        typed |= dict(zip(names, row, strict=True))
    return typed


def _below(prefix: str, answers: Mapping[str, object]) -> dict[str, object]:
    return {
        where.removeprefix(prefix): answer
        for where, answer in answers.items()
        if where.startswith(prefix)
    }


def _signatory_text(person: Signatory, mandate: Mandate) -> Bilingual:
    """Return name and post in one line: ``…, Sekretaris Kecamatan, a.n. Camat Dander``."""
    above = mandate.via or mandate.principal
    if above:
        post = f"{mandate.position}, {mandate.kind} {above}"
    elif mandate.kind is MandateKind.DEFINITIVE:
        post = mandate.position
    else:
        post = f"{mandate.kind} {mandate.position}"
    text = f"{person.name} – {post}"
    return T(text, text)
