"""Versions of letter types: two people, every process, and old letters left alone."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pypdfium2  # type: ignore[import-untyped]  # has no stubs
import pytest

from issuer.bootstrap import Composition
from issuer.domain.access import Actor, Role
from issuer.domain.errors import (
    AnotherPersonNeeded,
    IllegalTransition,
    InvalidInput,
    IssuerError,
    NotPermitted,
    StaleVersion,
)
from issuer.domain.letter import LetterState
from issuer.domain.type_versions import FIRST_OWN_CODE, TypeVersion, VersionState
from issuer.domain.verdict import Verdict
from issuer.services.type_editing import TypeEditing
from tests.offices import (
    OPERATOR,
    VILLAGE_HEAD,
    Clock,
    compose_office,
    founded_on,
    issue,
    open_request,
    pdf_of,
)

FIRST = Actor("admin-a", Role.REGENCY_ADMIN, None)
SECOND = Actor("admin-b", Role.REGENCY_ADMIN, None)
THIRD = Actor("admin-c", Role.REGENCY_ADMIN, None)
SAYING = "Demikian keterangan ini dibuat menurut versi baru."
HOSTILE = (
    "{{ ''.__class__.__mro__ }}",
    "{% for x in holder_name %}a{% endfor %}",
    "{{ holder_name.upper }}",
    "{{ range(10) }}",
    "{% include '/etc/passwd' %}",
    "{{ 'x' * 1000000000 }}",
    "{{ holder_name|attr('x') }}",
    "{% set x = 1 %}",
    "{{ nobody }}",
    "{{ house_owner|tanggal }}",
    "{% if house_owner %}x{% endif %}",
    "{{ holder_name",
)


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def folder(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Path]:
    """An office folder of this module's own, on either database."""
    with founded_on(request.param, tmp_path_factory.mktemp("types") / "office") as folder:
        yield folder


@pytest.fixture
def office(folder: Path) -> Iterator[Composition]:
    composition = compose_office(folder, Clock())
    yield composition
    composition.close()
    end_open_versions(folder)


def end_open_versions(folder: Path) -> None:
    composition = compose_office(folder, Clock())
    editing = composition.services.type_editing
    for version in editing.open(FIRST):
        editing.withdraw(FIRST, version.id, version.row, "selesai")
    composition.close()


def edited(begun: TypeVersion, /, **parts: Any) -> str:
    content = json.loads(begun.content)
    for name, value in parts.items():
        if isinstance(value, dict) and isinstance(content["type"].get(name), dict):
            content["type"][name] |= value
        else:
            content["type"][name] = value
    return json.dumps(content, ensure_ascii=False)


def proposed(editing: TypeEditing, slug: str = "domisili", **parts: Any) -> TypeVersion:
    begun = editing.begin(FIRST, slug)
    saved = editing.save(FIRST, begun.id, begun.row, edited(begun, **parts))
    return editing.propose(FIRST, saved.id, saved.row)


def released(editing: TypeEditing, slug: str = "domisili", **parts: Any) -> TypeVersion:
    waiting = proposed(editing, slug, **parts)
    return editing.release(SECOND, waiting.id, waiting.row)


def words_of(office: Composition, letter: Any) -> str:
    document = pypdfium2.PdfDocument(pdf_of(office, letter))
    text = "".join(page.get_textpage().get_text_range() for page in document)
    return " ".join(text.split())


def test_a_letter_of_the_new_version_verifies_and_so_does_an_older_one(
    office: Composition,
) -> None:
    older = issue(office)
    pdf, record = pdf_of(office, older), older.record
    new = released(office.services.type_editing, wording={"closing": SAYING})
    newer = issue(office)
    assert SAYING in words_of(office, newer)
    assert (newer.record.type_version, newer.record.type_digest) == (new.version, new.digest)
    assert new.version == record.type_version + 1
    assert record.type_digest != new.digest
    for letter in (older, newer):
        verifier = office.services.verifier
        assert verifier.by_file(pdf_of(office, letter)).verdict is Verdict.VALID
        assert letter.qr_text is not None
        assert verifier.by_qr(letter.qr_text).verdict is Verdict.VALID
    assert pdf_of(office, older) == pdf


def test_a_release_holds_at_once_in_a_process_that_was_running(
    folder: Path, office: Composition
) -> None:
    """Another process takes a number by the new version without being told or restarted."""
    other = compose_office(folder, Clock())
    try:
        before = other.services.catalogue.get("usaha")
        waiting = open_request(other, "usaha")
        new = released(office.services.type_editing, "usaha", wording={"closing": SAYING})
        letter = other.services.issuance.issue(OPERATOR, waiting, VILLAGE_HEAD)
        assert letter.record.type_digest == new.digest != before.digest
        assert other.services.catalogue.get("usaha").digest == new.digest
        order = other.services.intake.check(
            "usaha", "35.22.06.2001", other.services.catalogue.get("usaha").example
        )
        assert order.letter_type.digest == new.digest
    finally:
        other.close()
    again = compose_office(folder, Clock())
    assert again.services.catalogue.get("usaha").digest == new.digest
    again.close()


def test_whoever_had_a_part_in_it_does_not_release_it(office: Composition) -> None:
    editing = office.services.type_editing
    begun = editing.begin(FIRST, "domisili")
    saved = editing.save(SECOND, begun.id, begun.row, edited(begun, wording={"closing": SAYING}))
    waiting = editing.propose(SECOND, saved.id, saved.row)
    for author in (FIRST, SECOND):
        assert not editing.one(author, waiting.id).may_decide
        with pytest.raises(AnotherPersonNeeded):
            editing.release(author, waiting.id, waiting.row)
        with pytest.raises(AnotherPersonNeeded):
            editing.reject(author, waiting.id, waiting.row, "tidak perlu")
    assert editing.one(THIRD, waiting.id).may_decide
    assert editing.release(THIRD, waiting.id, waiting.row).state is VersionState.RELEASED


def test_of_two_who_decide_at_once_one_wins(folder: Path, office: Composition) -> None:
    waiting = proposed(office.services.type_editing, wording={"closing": SAYING})
    offices = [compose_office(folder, Clock()) for _ in range(2)]
    begin, results = threading.Barrier(2), []

    def decide(one: Composition, actor: Actor) -> None:
        begin.wait()
        try:
            one.services.type_editing.release(actor, waiting.id, waiting.row)
            results.append("won")
        except (StaleVersion, IllegalTransition) as error:
            results.append(error.code)

    threads = [
        threading.Thread(target=decide, args=pair)
        for pair in zip(offices, (SECOND, THIRD), strict=True)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    for one in offices:
        one.close()
    assert sorted(results) == ["stale_version", "won"]
    history = office.services.type_editing.history(FIRST, "domisili").versions
    assert history[0].decided_by in (SECOND.id, THIRD.id)


def test_a_type_has_one_open_version(office: Composition) -> None:
    editing = office.services.type_editing
    first = editing.begin(FIRST, "domisili")
    with pytest.raises(StaleVersion):
        editing.begin(SECOND, "domisili")
    editing.withdraw(FIRST, first.id, first.row, "salah jenis")
    second = editing.begin(SECOND, "domisili")
    assert second.version == first.version + 1


@pytest.mark.parametrize("sentence", HOSTILE)
def test_a_hostile_sentence_is_saved_and_never_proposed(office: Composition, sentence: str) -> None:
    editing = office.services.type_editing
    begun = editing.begin(FIRST, "domisili")
    saved = editing.save(FIRST, begun.id, begun.row, edited(begun, wording={"statement": sentence}))
    found = editing.one(FIRST, saved.id).findings
    assert {one.where for one in found} == {"wording.statement"}
    with pytest.raises(InvalidInput) as caught:
        editing.propose(FIRST, saved.id, saved.row)
    assert list(caught.value.problems) == list(found)
    assert office.services.catalogue.get("domisili").wording.statement != sentence


@pytest.mark.parametrize(
    ("parts", "where"),
    [
        ({"validity": {"months": 999}}, "validity.months"),
        ({"title": {"id": ""}}, "title.id"),
        ({"classification": "abc"}, "classification"),
        ({"handling": {"reviews": 9}}, "handling.reviews"),
        ({"sensitive": True}, "public_title"),
        ({"surprise": 1}, ""),
        ({"wording": {"closing": "Ada huruf \N{HANGUL SYLLABLE GA}."}}, "wording"),
    ],
)
def test_what_is_wrong_is_said_where_it_stands(
    office: Composition, parts: dict[str, Any], where: str
) -> None:
    editing = office.services.type_editing
    begun = editing.begin(FIRST, "domisili")
    saved = editing.save(FIRST, begun.id, begun.row, edited(begun, **parts))
    assert where in {one.where for one in editing.one(FIRST, saved.id).findings}
    with pytest.raises(InvalidInput):
        editing.propose(FIRST, saved.id, saved.row)


def test_a_sensitive_type_stays_so(office: Composition) -> None:
    """Or letters already issued would show strangers what they were for."""
    editing = office.services.type_editing
    begun = editing.begin(FIRST, "tidak-mampu")
    saved = editing.save(FIRST, begun.id, begun.row, edited(begun, sensitive=False))
    assert [one.code for one in editing.one(FIRST, saved.id).findings] == ["stays_sensitive"]


def test_a_type_keeps_its_code_and_a_version_its_number(office: Composition) -> None:
    editing = office.services.type_editing
    begun = editing.begin(FIRST, "domisili")
    saved = editing.save(FIRST, begun.id, begun.row, edited(begun, code=1, version=7))
    kind = editing.one(FIRST, saved.id).letter_type
    assert kind is not None
    assert (kind.code, kind.version) == (2, begun.version)
    for rubbish in ("", "[]", "{}", '{"type": 1, "fields": {}, "example": {}}', "x" * 300_000):
        with pytest.raises(InvalidInput):
            editing.save(FIRST, saved.id, saved.row, rubbish)


def test_a_copy_is_a_type_of_its_own_and_can_be_issued(office: Composition) -> None:
    editing = office.services.type_editing
    slug = f"contoh-baru-{len(editing.newest(FIRST))}"
    begun = editing.copy(FIRST, "domisili", slug, "Surat Keterangan Contoh Baru")
    assert slug not in {kind.slug for kind in office.services.catalogue.all()}
    waiting = editing.propose(FIRST, begun.id, begun.row)
    editing.release(SECOND, waiting.id, waiting.row)
    kind = office.services.catalogue.get(slug)
    assert kind.code >= FIRST_OWN_CODE
    letter = issue(office, slug)
    assert "SURAT KETERANGAN CONTOH BARU" in words_of(office, letter).upper()
    assert letter.qr_text is not None
    assert office.services.verifier.by_qr(letter.qr_text).verdict is Verdict.VALID
    for taken in (slug, "domisili", "../x", "A", ""):
        with pytest.raises(InvalidInput):
            editing.copy(FIRST, "domisili", taken, "Judul")


def test_a_former_version_is_released_anew_as_a_new_one(office: Composition) -> None:
    editing = office.services.type_editing
    first = released(editing, "umum", wording={"closing": "Kalimat pertama."})
    second = released(editing, "umum", wording={"closing": "Kalimat kedua."})
    back = editing.begin(FIRST, "umum", first.id)
    waiting = editing.propose(FIRST, back.id, back.row)
    third = editing.release(SECOND, waiting.id, waiting.row)
    assert third.version == second.version + 1
    assert office.services.catalogue.get("umum").wording.closing == "Kalimat pertama."
    assert third.digest not in (first.digest, second.digest)


def test_a_letter_in_work_with_a_changed_template_takes_a_new_number(
    folder: Path, office: Composition, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The process dies after the number was taken; then a version is released."""
    waiting = open_request(office)

    class Killed(BaseException):
        pass

    def die(*_args: object, **_kwargs: object) -> None:
        raise Killed

    with monkeypatch.context() as patched:
        patched.setattr(type(office.services.issuance), "carry_through", die)
        with pytest.raises(Killed):
            office.services.issuance.issue(OPERATOR, waiting, VILLAGE_HEAD)
    reserved = office.services.letters.of_request(OPERATOR, waiting)
    assert reserved.state is LetterState.RESERVED
    new = released(office.services.type_editing, wording={"closing": f"{SAYING} Lagi."})
    office.close()
    later = Clock()
    later.advance(timedelta(minutes=3))  # the lease of the dead process has run out
    again = compose_office(folder, later)
    try:
        assert reserved.number in again.recovery.run().voided
        letter = again.services.issuance.issue(OPERATOR, waiting, VILLAGE_HEAD)
        assert letter.number != reserved.number
        assert letter.record.type_digest == new.digest
    finally:
        again.close()


@pytest.mark.parametrize("role", sorted(set(Role) - {Role.REGENCY_ADMIN}))
def test_nobody_else_touches_a_version(office: Composition, role: Role) -> None:
    editing, actor = office.services.type_editing, Actor("x", role, "35.22.06.2001")
    calls: list[Callable[[], object]] = [
        lambda: editing.open(actor),
        lambda: editing.newest(actor),
        lambda: editing.history(actor, "domisili"),
        lambda: editing.begin(actor, "domisili"),
        lambda: editing.copy(actor, "domisili", "lain", "Lain"),
        lambda: editing.one(actor, "0" * 32),
        lambda: editing.save(actor, "0" * 32, 1, "{}"),
        lambda: editing.propose(actor, "0" * 32, 1),
        lambda: editing.release(actor, "0" * 32, 1),
        lambda: editing.reject(actor, "0" * 32, 1, "x"),
        lambda: editing.withdraw(actor, "0" * 32, 1, "x"),
    ]
    for call in calls:
        with pytest.raises(NotPermitted):
            call()


def test_every_step_is_in_the_audit_trail_without_what_was_written(office: Composition) -> None:
    released(office.services.type_editing, "izin-keramaian", wording={"closing": SAYING})
    with office.register.reading() as uow:
        events = [entry.event for entry in uow.audit.entries("izin-keramaian")]
    assert [(event.action, event.actor_id) for event in events] == [
        ("letter_type.drafted", FIRST.id),
        ("letter_type.saved", FIRST.id),
        ("letter_type.proposed", FIRST.id),
        ("letter_type.released", SECOND.id),
    ]
    assert all(set(event.facts) == {"version", "digest"} for event in events)
    assert SAYING not in repr(events)


def test_errors_of_the_domain_only(office: Composition) -> None:
    editing = office.services.type_editing
    for missing in ("", "x" * 500, "0" * 32):
        with pytest.raises(IssuerError):
            editing.one(FIRST, missing)
    with pytest.raises(IssuerError):
        editing.begin(FIRST, "tidak-ada")
    begun = editing.begin(FIRST, "domisili")
    with pytest.raises(IssuerError):
        editing.withdraw(SECOND, begun.id, begun.row, " ")
