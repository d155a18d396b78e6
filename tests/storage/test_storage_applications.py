"""Applications from home as rows, on both databases: found only by code and token."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from issuer.bootstrap import SystemRandom
from issuer.domain.application import Application, Document, DocumentKind
from issuer.domain.errors import CorruptStore, DependencyUnavailable, NotFound, StaleVersion
from issuer.domain.letter_request import RequestState
from issuer.storage.register import SqlRegister
from issuer.storage.sealed_files import SealedFileStore
from tests.storage.storage_builders import a_request, an_agency

NOW = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def an_application(number: int = 1, **changes: object) -> Application:
    whole = Application(
        id=f"{number:032x}",
        letter_type="domisili",
        typed={"holder.name": "Siti Aminah Contoh"},
        born=date(1990, 8, 17),
        created_at_utc=NOW,
        saved_at_utc=NOW,
    )
    return replace(whole, **changes)  # type: ignore[arg-type]  # names of its fields


def a_document(application: Application, number: int = 1) -> Document:
    key, file = b"k" * 32, f"{number:064x}"
    return Document(f"{number:032x}", application.id, 0, DocumentKind.JPEG, 1234, file, key, NOW)


def add(
    register: SqlRegister, application: Application, code: str = "C", held_by: str = "T"
) -> None:
    with register.writing() as uow:
        uow.applications.add(application, code, held_by, NOW + HOUR)
        uow.applications.add_document(a_document(application, int(application.id, 16)))
        uow.commit()


def test_it_comes_back_as_it_was_by_code_and_by_token(register: SqlRegister) -> None:
    whole = an_application()
    add(register, whole)
    with register.reading() as uow:
        assert uow.applications.by_code("C") == uow.applications.by_token("T", NOW) == whole
        assert uow.applications.by_code("T") is uow.applications.by_token("C", NOW) is None
        assert uow.applications.documents(whole.id) == [a_document(whole)]


def test_a_token_holds_until_its_moment_and_no_other_holds_beside_it(
    register: SqlRegister,
) -> None:
    whole = an_application()
    add(register, whole)
    with register.writing() as uow:
        assert uow.applications.by_token("T", NOW + HOUR) is None
        uow.applications.keep_holding(whole.id, NOW + 2 * HOUR)
        assert uow.applications.by_token("T", NOW + HOUR) == whole
        uow.applications.hold(whole.id, "U", NOW + HOUR)
        assert uow.applications.by_token("T", NOW) is None
        assert uow.applications.by_token("U", NOW) == whole


def test_two_with_one_code_cannot_be(register: SqlRegister) -> None:
    add(register, an_application())
    with pytest.raises((StaleVersion, DependencyUnavailable, sa.exc.IntegrityError)):
        add(register, an_application(2), "C", "U")


def test_what_expired_goes_with_its_documents_and_open_requests_stay(
    register: SqlRegister,
) -> None:
    old = NOW - 40 * DAY
    wanted = {"draft": an_application(1, saved_at_utc=old), "new": an_application(2)}
    with register.writing() as uow:
        for number, state in ((3, RequestState.SUBMITTED), (4, RequestState.REJECTED)):
            request = a_request(state=state)
            uow.requests.add(request)
            wanted[state.value] = an_application(number, saved_at_utc=old, request_id=request.id)
        uow.commit()
    for name, application in wanted.items():
        add(register, application, name, f"token of {name}")
    with register.writing() as uow:
        expired = uow.applications.expired(NOW - 30 * DAY, NOW - 39 * DAY, 10)
        assert set(expired) == {wanted["draft"].id, wanted["rejected"].id}
        assert set(uow.applications.remove(expired)) == {f"{1:064x}", f"{4:064x}"}
        uow.commit()
    with register.reading() as uow:
        assert uow.applications.by_code("draft") is uow.applications.by_code("rejected") is None
        assert uow.applications.by_code("new") == wanted["new"]
        submitted = wanted["submitted"]
        assert uow.applications.by_request(str(submitted.request_id)) == submitted
        assert uow.applications.documents(submitted.id)


def test_what_is_gone_cannot_be_saved(register: SqlRegister) -> None:
    with register.writing() as uow, pytest.raises(StaleVersion):
        uow.applications.save(an_application())


def test_a_survey_has_nine_scores_from_one_to_four(register: SqlRegister, raw: sa.Engine) -> None:
    agency = an_agency().code
    with register.writing() as uow:
        uow.applications.add_survey("s", agency, "domisili", "2026-11", [1, 2, 3, 4, 4, 3, 2, 1, 1])
        uow.commit()
    with raw.connect() as connection:
        (row,) = connection.execute(sa.text("SELECT * FROM surveys")).mappings().all()
        assert [row[f"score_{number}"] for number in range(1, 10)] == [1, 2, 3, 4, 4, 3, 2, 1, 1]
    with raw.begin() as connection, pytest.raises(sa.exc.IntegrityError):
        connection.execute(sa.text("UPDATE surveys SET score_5 = 5"))


def test_a_sealed_value_moved_to_another_row_does_not_open(
    register: SqlRegister, raw: sa.Engine
) -> None:
    add(register, an_application(1), "A", "A")
    add(register, an_application(2), "B", "B")
    with raw.begin() as connection:
        for table, column in (("applications", "content"), ("documents", "key")):
            connection.execute(
                sa.text(
                    f"UPDATE {table} SET {column} = "  # noqa: S608 - names of this test
                    f"(SELECT {column} FROM {table} WHERE id = :of) WHERE id = :to"
                ),
                {"of": f"{2:032x}", "to": f"{1:032x}"},
            )
    with register.reading() as uow:
        with pytest.raises(CorruptStore):
            uow.applications.by_code("A")
        with pytest.raises(CorruptStore):
            uow.applications.documents(f"{1:032x}")


def test_a_sealed_file_opens_with_its_own_key_alone_and_can_be_removed(tmp_path: Path) -> None:
    files = SealedFileStore(tmp_path / "documents", SystemRandom())
    name, key = files.put(b"KTP")
    other, other_key = files.put(b"KTP")
    assert files.get(name, key) == b"KTP"
    assert (name, key) != (other, other_key)
    with pytest.raises(CorruptStore):
        files.get(name, other_key)
    files.remove(name)
    files.remove(name)
    with pytest.raises(NotFound):
        files.get(name, key)
