"""A regency read from a folder of plain files: its name, zone and agencies.

``regency.toml`` names the regency, its departments and its districts;
``villages.csv`` its villages (desa) and wards (kelurahan). A regency brings its own
folder; nothing about any one regency is written in code.
"""

from __future__ import annotations

import csv
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from issuer.domain.errors import ConfigurationError
from issuer.domain.office import ZONE_NAMES, Agency, AgencyKind, Letterhead

_VILLAGE_WORDS = {AgencyKind.VILLAGE: "Desa", AgencyKind.WARD: "Kelurahan"}


@dataclass(frozen=True, slots=True)
class Regency:
    """One regency and every agency in it: departments, districts, then villages."""

    name: str
    region_code: str
    zone: ZoneInfo
    seat: str
    agencies: tuple[Agency, ...]


def load_regency(folder: Path) -> Regency:
    """Read a regency's folder. Raises ``ConfigurationError`` for one that does not fit."""
    try:
        plain = tomllib.loads((folder / "regency.toml").read_text("utf-8"))
        with (folder / "villages.csv").open(encoding="utf-8", newline="") as file:
            villages = list(csv.DictReader(file, strict=True))
        agencies = tuple(_Agencies(plain).all(villages))
        regency = Regency(
            plain["name"], plain["region_code"], _zone(plain["zone"]), plain["seat"], agencies
        )
    except KeyError as error:
        raise ConfigurationError([f"regency {folder.name}: {error} is missing"]) from error
    except (OSError, ValueError, TypeError, AttributeError, csv.Error) as error:
        raise ConfigurationError([f"regency {folder.name}: {error}"]) from error
    repeated = len(agencies) - len({agency.code for agency in agencies})
    if repeated:
        raise ConfigurationError([f"regency {folder.name}: {repeated} codes stand twice"])
    return regency


def _zone(name: str) -> ZoneInfo:
    if name not in ZONE_NAMES:
        raise ValueError(f"zone is one of {', '.join(ZONE_NAMES)}")
    return ZoneInfo(name)


class _Agencies:
    """Turns the rows of both files into agencies."""

    def __init__(self, plain: Mapping[str, Any]) -> None:
        self._plain = plain
        self._upper_line = f"PEMERINTAH {plain['name'].upper()}"
        self._districts = {row["code"]: row for row in plain["districts"]}

    def all(self, villages: list[dict[str, str]]) -> Iterator[Agency]:
        for row in self._plain["departments"]:
            yield self._department(row)
        for row in self._plain["districts"]:
            yield self._district(row)
        for row in villages:
            yield self._village(row)

    def _department(self, row: Mapping[str, str]) -> Agency:
        seat = self._plain["seat"]
        return Agency(
            code=row["code"],
            name=row["name"],
            kind=AgencyKind.DEPARTMENT,
            parent_code=None,
            number_code=row["unit"],
            seat=seat,
            letterhead=self._letterhead(row, (row["name"],), seat, row["slug"]),
        )

    def _district(self, row: Mapping[str, str]) -> Agency:
        name = f"Kecamatan {row['name']}"
        return Agency(
            code=row["code"],
            name=name,
            kind=AgencyKind.DISTRICT,
            parent_code=None,
            number_code=row["unit"],
            seat=row["name"],
            letterhead=self._letterhead(row, (name,), row["name"], _slug(row["name"])),
        )

    def _village(self, row: Mapping[str, str]) -> Agency:
        kind = AgencyKind(row["kind"])
        district = self._districts[row["code"][:8]]
        name = f"{_VILLAGE_WORDS[kind]} {row['name']}"
        slug = f"{_slug(row['name'])}.{_slug(district['name'])}"
        return Agency(
            code=row["code"],
            name=name,
            kind=kind,
            parent_code=district["code"],
            number_code=f"{district['unit']}.{row['code'][-2:]}",
            seat=row["name"],
            letterhead=self._letterhead(
                row, (f"Kecamatan {district['name']}", name), row["name"], slug
            ),
        )

    def _letterhead(
        self, row: Mapping[str, str], names: tuple[str, ...], place: str, slug: str
    ) -> Letterhead:
        patterns = self._plain["letterhead"]
        host = patterns["host"].format(slug=slug)
        lines = (self._upper_line, *(name.upper() for name in names))
        address = patterns["address"].format(place=place, seat=self._plain["seat"])
        emblem = row.get("emblem") or patterns.get("emblem", "neutral")
        return Letterhead(lines, address, patterns["contact"].format(host=host), emblem)


def _slug(name: str) -> str:
    return name.lower().replace(" ", "-")
