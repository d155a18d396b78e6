"""Invented residents and officers for the demo and for sample letters.

The same words, agencies and seed give the same people. Every NIK lies in the
reserved range 35 22 99, and every NIP has 9 as its sex digit, which no civil
servant has.
"""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date, timedelta
from pathlib import Path

from issuer.domain.errors import ConfigurationError
from issuer.domain.mandate import Mandate, MandateKind, Signatory
from issuer.domain.office import Agency, AgencyKind
from issuer.domain.people import Holder, Nik, Sex

SPECIMEN_NIK_REGION = "352299"
MAX_RESIDENTS = 9999
"""The serial of the NIK tells residents apart, and it has four digits."""

RANKS = ("Penata (III/c)", "Penata Tingkat I (III/d)", "Pembina (IV/a)", "Pembina Tingkat I (IV/b)")


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The words people are put together from; ``acting`` maps agency codes to kinds."""

    given_male: Sequence[str]
    given_female: Sequence[str]
    family_male: Sequence[str]
    family_female: Sequence[str]
    academic_degrees: Sequence[str]
    birth_places: Sequence[str]
    hamlets: Sequence[str]
    streets: Sequence[str]
    religions: Sequence[str]
    occupations: Sequence[str]
    businesses: Sequence[str]
    acting: Mapping[str, MandateKind]


@dataclass(frozen=True, slots=True)
class Officer:
    """A signatory and the mandate the signatory holds today."""

    signatory: Signatory
    mandate: Mandate


def load_vocabulary(folder: Path) -> Vocabulary:
    """Read ``names.toml`` of a regency's folder. Raises ``ConfigurationError``."""
    try:
        plain = tomllib.loads((folder / "names.toml").read_text("utf-8"))
        plain["acting"] = {code: MandateKind(kind) for code, kind in plain["acting"].items()}
        return Vocabulary(**{field.name: plain[field.name] for field in fields(Vocabulary)})
    except KeyError as error:
        raise ConfigurationError([f"names.toml: {error} is missing"]) from error
    except (OSError, ValueError, AttributeError) as error:
        raise ConfigurationError([f"names.toml: {error}"]) from error


def residents(
    words: Vocabulary, agencies: Sequence[Agency], count: int, *, seed: int, today: date
) -> Iterator[Holder]:
    """Yield adults who live in the villages and wards among ``agencies``, in turn.

    The districts of those villages must be among ``agencies`` too. Raises
    ``ValueError`` above ``MAX_RESIDENTS``.
    """
    if count > MAX_RESIDENTS:
        raise ValueError(f"at most {MAX_RESIDENTS} residents can be told apart")
    names = {agency.code: agency.name for agency in agencies}
    homes = [a for a in agencies if a.kind in (AgencyKind.VILLAGE, AgencyKind.WARD)]
    for index in range(count):
        home = homes[index % len(homes)]
        district = names[home.parent_code or ""]
        draw = _Draw(f"{seed}/resident/{index}")
        yield _resident(words, home, district, draw, serial=index + 1, today=today)


def officers(
    words: Vocabulary, agencies: Sequence[Agency], *, seed: int, today: date
) -> Iterator[Officer]:
    """Yield everyone who may sign for these agencies on ``today``, the head first.

    Signatories are numbered from 1 in the order of ``agencies``.
    """
    number = 0
    for agency in agencies:
        for post in _POSTS[agency.kind]:
            number += 1
            draw = _Draw(f"{seed}/{post.prefix}/{agency.code}")
            yield _officer(words, agency, post, draw, number=number, today=today)


@dataclass(frozen=True, slots=True)
class _Post:
    """A post with the right to sign; the patterns are filled with the agency's names."""

    prefix: str
    position: str
    kind: MandateKind = MandateKind.DEFINITIVE
    principal: str | None = None
    via: str | None = None
    civil_servant: bool = True

    @property
    def is_head(self) -> bool:
        return self.principal is None


_POSTS: dict[AgencyKind, tuple[_Post, ...]] = {
    AgencyKind.REGENCY: (),
    AgencyKind.DEPARTMENT: (_Post("kadis", "Kepala {name}"),),
    AgencyKind.DISTRICT: (
        _Post("camat", "Camat {seat}"),
        _Post("sekcam", "Sekretaris Kecamatan", MandateKind.ON_BEHALF, "Camat {seat}"),
        _Post(
            "kasi",
            "Kepala Seksi Pelayanan Umum",
            MandateKind.FOR_ON_BEHALF,
            "Camat {seat}",
            "Sekretaris Kecamatan",
        ),
    ),
    AgencyKind.WARD: (_Post("lurah", "Lurah {seat}"),),
    AgencyKind.VILLAGE: (_Post("kades", "Kepala {name}", civil_servant=False),),
}

# How long ago a mandate began and how long it still runs, in days. Plt. and Plh. are
# short by nature; a caretaker serves until the election.
_TERMS: dict[MandateKind, tuple[int, int | None]] = {
    MandateKind.DEFINITIVE: (900, None),
    MandateKind.ON_BEHALF: (700, None),
    MandateKind.FOR_ON_BEHALF: (500, None),
    MandateKind.ACTING_VACANT: (30, 150),
    MandateKind.ACTING_ABSENT: (14, 60),
    MandateKind.CARETAKER: (120, 240),
}


class _Draw:
    """Choices that follow from a label, so that one person never shifts another."""

    def __init__(self, label: str) -> None:
        self._label = label
        self._count = 0

    def below(self, limit: int) -> int:
        self._count += 1
        data = hashlib.sha256(f"{self._label}/{self._count}".encode()).digest()
        return int.from_bytes(data[:8]) % limit

    def one_of(self, choices: Sequence[str]) -> str:
        return choices[self.below(len(choices))]


def _resident(
    words: Vocabulary, home: Agency, district: str, draw: _Draw, *, serial: int, today: date
) -> Holder:
    sex = Sex.FEMALE if draw.below(2) else Sex.MALE
    born = today - timedelta(days=18 * 366 + draw.below(55 * 365))
    age = (today - born).days // 365
    return Holder(
        nik=_nik(born, sex, serial),
        name=_name(words, sex, draw),
        birth_place=draw.one_of(words.birth_places),
        birth_date=born,
        sex=sex,
        religion=draw.one_of(words.religions),
        marital_status=_marital_status(age, draw),
        occupation=_occupation(words, sex, age, draw),
        nationality="WNI",
        address=_address(words, home, district, draw),
    )


def _nik(born: date, sex: Sex, serial: int) -> Nik:
    day = born.day + (40 if sex is Sex.FEMALE else 0)
    return Nik.parse(f"{SPECIMEN_NIK_REGION}{day:02}{born:%m%y}{serial:04}")


def _name(words: Vocabulary, sex: Sex, draw: _Draw) -> str:
    female = sex is Sex.FEMALE
    given = draw.one_of(words.given_female if female else words.given_male)
    family = draw.one_of(words.family_female if female else words.family_male)
    return f"{given} {family}"


def _marital_status(age: int, draw: _Draw) -> str:
    if age < 24:
        return "Belum Kawin"
    widowed = "Cerai Mati" if age > 55 else "Cerai Hidup"
    return draw.one_of(("Kawin", "Kawin", "Kawin", "Kawin", "Kawin", "Belum Kawin", widowed))


def _occupation(words: Vocabulary, sex: Sex, age: int, draw: _Draw) -> str:
    if age < 23:
        return "Pelajar/Mahasiswa"
    if age > 65:
        return draw.one_of(("Pensiunan", "Petani/Pekebun", "Belum/Tidak Bekerja"))
    if sex is Sex.FEMALE and draw.below(3) == 0:
        return "Mengurus Rumah Tangga"
    return draw.one_of(words.occupations)


def _address(words: Vocabulary, home: Agency, district: str, draw: _Draw) -> str:
    if home.kind is AgencyKind.WARD:
        place = f"{draw.one_of(words.streets)} Nomor {draw.below(90) + 1}"
    else:
        place = f"Dusun {draw.one_of(words.hamlets)}"
    neighbours = f"RT {draw.below(12) + 1:03} RW {draw.below(5) + 1:03}"
    return f"{place}, {neighbours}, {home.name}, {district}, Kabupaten Bojonegoro"


def _officer(
    words: Vocabulary, agency: Agency, post: _Post, draw: _Draw, *, number: int, today: date
) -> Officer:
    kind = words.acting.get(agency.code, post.kind) if post.is_head else post.kind
    signatory_id = f"{post.prefix}-{agency.code.replace('.', '')}"
    sex = Sex.FEMALE if draw.below(4) == 0 else Sex.MALE
    # A caretaker of a village is a civil servant lent by the district.
    civil_servant = post.civil_servant or kind is MandateKind.CARETAKER
    name = _name(words, sex, draw)
    if civil_servant:
        name = f"{name}, {draw.one_of(words.academic_degrees)}"
    signatory = Signatory(
        id=signatory_id,
        number=number,
        name=name,
        nip=_nip(draw) if civil_servant else None,
        rank=draw.one_of(RANKS) if civil_servant else None,
        key_id=signatory_id,
    )
    begun, remaining = _TERMS[kind]
    starts_on = today - timedelta(days=begun)
    titles = {"name": agency.name, "seat": agency.seat}
    mandate = Mandate(
        id=f"{signatory_id}-1",
        signatory_id=signatory_id,
        agency_code=agency.code,
        kind=kind,
        position=post.position.format_map(titles),
        principal=post.principal.format_map(titles) if post.principal else None,
        via=post.via,
        decree_number=f"188/{number}/CONTOH/{starts_on.year}",
        starts_on=starts_on,
        ends_on=today + timedelta(days=remaining) if remaining else None,
    )
    return Officer(signatory, mandate)


def _nip(draw: _Draw) -> str:
    born = 1968 + draw.below(22)
    birth = f"{born}{draw.below(12) + 1:02}{draw.below(28) + 1:02}"
    appointed = f"{born + 24 + draw.below(6)}{draw.below(12) + 1:02}"
    return f"{birth} {appointed} 9 {draw.below(30) + 1:03}"
