"""What an officer agreed to is signed as it was shown, or not at all."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from issuer.bootstrap import Composition
from issuer.domain.errors import AnswersOutdated, InvalidInput, WordingChanged
from issuer.domain.letter_types import Bilingual, FieldKind
from issuer.domain.signing_batches import OnError, Order, Progress
from issuer.domain.type_questions import Added, QuestionEdit, QuestionStep, Removed
from tests.databases import fresh_postgres
from tests.letter_types.test_letter_types_versions import FIRST, SECOND, edited, released, words_of
from tests.officers.officer_office import BY_PIN, an_officer, chosen, waiting
from tests.offices import (
    OPERATOR,
    VILLAGE_HEAD,
    Clock,
    compose_office,
    found_office,
    open_request,
)

_NEW = count()


@pytest.fixture(params=["sqlite", "postgresql"])
def office(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Composition]:
    """An office of the test's own, on either database."""
    place = tmp_path / "office"
    if request.param == "sqlite":
        found_office(place, Clock())
        composition = compose_office(place, Clock())
        yield composition
        composition.close()
        return
    with fresh_postgres() as url:
        found_office(place, Clock(), url)
        composition = compose_office(place, Clock())
        yield composition
        composition.close()


def say(office: Composition) -> str:
    """Release a new wording of domisili, and return its words."""
    words = f"Demikian keterangan ini dibuat menurut versi {next(_NEW)}."
    released(office.services.type_editing, wording={"closing": words})
    return words


def issued(office: Composition) -> int:
    return len(list(office.services.letters.listed(OPERATOR)))


def test_a_wording_released_meanwhile_is_not_signed(office: Composition) -> None:
    """Between the look and the PIN: refused, and signed once it was looked at anew."""
    batches, officer = office.services.batches, an_officer(office)
    seen = waiting(office, 2)
    assert [row.item.outcome for row in office.services.proposals.propose(officer, seen)] == [
        None,
        None,
    ]
    words = say(office)
    with pytest.raises(InvalidInput) as refused:
        batches.begin(officer, Order("old", seen), BY_PIN)
    assert [problem.code for problem in refused.value.problems] == ["nothing_to_sign"]
    told = [row.item.outcome for row in office.services.proposals.propose(officer, seen)]
    assert (told, issued(office)) == (["stale_version"] * 2, 0)
    anew = chosen(office, [one.request_id for one in seen])
    batches.begin(officer, Order("new", anew), BY_PIN)
    office.background.finish()
    assert batches.one(officer, "new").progress == Progress(signed=2, failed=0, waiting=0)
    assert all(words in words_of(office, one) for one in office.services.letters.listed(OPERATOR))


def test_a_release_in_mid_batch_fails_what_follows(office: Composition) -> None:
    batches, officer = office.services.batches, an_officer(office)
    letters = [*waiting(office, 2), *waiting(office, 1, "usaha"), *waiting(office, 1)]
    really = batches._sign

    def release(actor: Any, batch: Any, item: Any) -> Any:
        if item.position == 2:
            say(office)
        return really(actor, batch, item)

    batches._sign = release  # type: ignore[method-assign]
    batches.begin(officer, Order("one", letters), BY_PIN)
    office.background.finish()
    view = batches.one(officer, "one")
    outcomes = [row.item.outcome for row in view.rows]
    assert outcomes == [None, "stale_version", None, "stale_version"]
    assert view.progress == Progress(signed=2, failed=2, waiting=0)
    assert [row.number is not None for row in view.rows] == [True, False, True, False]
    sequences = sorted(one.sequence for one in office.services.letters.listed(OPERATOR))
    assert sequences == [1, 2], "a refused letter took a number"


def test_a_batch_begun_before_digests_were_kept_is_asked_anew(office: Composition) -> None:
    batches, officer = office.services.batches, an_officer(office)
    letters = waiting(office, 2)
    really = batches._sign

    def fail_first(actor: Any, batch: Any, item: Any) -> Any:
        return really(actor, batch, item) if item.position > 1 else item.failed("no_mandate")

    batches._sign = fail_first  # type: ignore[method-assign]
    batches.begin(officer, Order("one", letters, on_error=OnError.STOP), BY_PIN)
    office.background.finish()
    with office.register.writing() as uow:
        uow.batches._connection.execute(  # type: ignore[attr-defined]
            sa.text("UPDATE signing_batch_items SET type_digest = NULL")
        )
        uow.commit()
    batches.go_on(officer, "one", BY_PIN)
    office.background.finish()
    outcomes = [row.item.outcome for row in batches.one(officer, "one").rows]
    assert (outcomes, issued(office)) == (["no_mandate", "stale_version"], 0)


def test_a_clerk_issues_the_wording_that_was_shown_or_nothing(office: Composition) -> None:
    """Released between the last look and the number: the transaction itself compares."""
    services = office.services
    seen = services.catalogue.get("domisili").digest
    waiting_for = open_request(office)
    words = say(office)
    with pytest.raises(WordingChanged):
        services.issuance.issue(OPERATOR, waiting_for, VILLAGE_HEAD, type_digest=seen)
    assert issued(office) == 0
    now = services.catalogue.get("domisili").digest
    letter = services.issuance.issue(OPERATOR, waiting_for, VILLAGE_HEAD, type_digest=now)
    assert words in words_of(office, letter)
    assert letter.sequence == 1, "a refused letter took a number"


def asking(office: Composition, *steps: QuestionStep, **parts: Any) -> None:
    """Release a version of domisili with other questions."""
    editing = office.services.type_editing
    one = editing.begin(FIRST, "domisili")
    for step in steps:
        one = editing.write_question(FIRST, one.id, one.row, step)
    one = editing.save(FIRST, one.id, one.row, edited(one, **parts))
    one = editing.propose(FIRST, one.id, one.row)
    editing.release(SECOND, one.id, one.row)


def test_a_request_that_lacks_a_new_answer_is_not_issued_with_a_gap(office: Composition) -> None:
    services, officer = office.services, an_officer(office)
    (seen,) = waiting(office, 1)
    text = Bilingual("Nomor sertifikat", "Number of the deed")
    deed = QuestionEdit(FieldKind.TEXT, text, text, required=True, example="SHM 00123")
    saying = "Sertifikat rumahnya bernomor {{ deed }}."
    asking(office, Added("deed", deed), wording={"closing": saying})
    for refused in (
        lambda: services.issuance.issue(OPERATOR, seen.request_id, VILLAGE_HEAD),
        lambda: services.drafts.of_request(OPERATOR, seen.request_id),
    ):
        with pytest.raises(AnswersOutdated) as caught:
            refused()
        assert caught.value.fields == ("fields.deed",)
    (row,) = services.proposals.propose(officer, chosen(office, [seen.request_id]))
    assert row.item.outcome == "answers_outdated"
    assert issued(office) == 0
    asking(office, Removed("deed"), wording={"closing": "Demikian."})
    letter = services.issuance.issue(OPERATOR, seen.request_id, VILLAGE_HEAD)
    assert letter.sequence == 1, "a refused letter took a number"


def test_an_answer_to_a_question_that_is_no_more_does_not_hold_a_request_up(
    office: Composition,
) -> None:
    waits = open_request(office)
    asking(office, Removed("house_owner"), wording={"statement": "Ia tinggal di sini."})
    letter = office.services.issuance.issue(OPERATOR, waits, VILLAGE_HEAD)
    assert "Ia tinggal di sini." in words_of(office, letter)
