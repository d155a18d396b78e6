"""What a key ceremony makes, as data: names, algorithms, lifetimes."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Final

from issuer.domain.errors import ConfigurationError
from issuer.signing.algorithms import Algorithm

MAX_NAME: Final = 64
"""Characters in a name of a certificate (RFC 5280, appendix A.1: ub-common-name)."""

_MAX_DAYS: Final = 36_525
_MAX_FILE_BYTES: Final = 16_384


@dataclass(frozen=True, slots=True)
class AuthorityPlan:
    """One authority: its certificate lives ``days``, each of its lists ``crl_days``."""

    name: str
    algorithm: Algorithm
    days: int
    crl_days: int


@dataclass(frozen=True, slots=True)
class SignatoryPlan:
    """The keys of those who sign letters."""

    algorithm: Algorithm
    days: int


@dataclass(frozen=True, slots=True)
class Ceremony:
    """One ceremony, as ``templates/ceremonies/*.toml`` declares it."""

    country: str
    organization: str
    root: AuthorityPlan
    issuing: AuthorityPlan
    signatory: SignatoryPlan


def read_ceremony(path: Path, region: str) -> Ceremony:
    """Return the ceremony in a file; ``{region}`` in its names stands for ``region``.

    Raises ``ConfigurationError`` for a missing or unknown key and for values that
    make no certificate.
    """
    try:
        with path.open("rb") as file:
            content = file.read(_MAX_FILE_BYTES).decode()
        top = _table(tomllib.loads(content), "ceremony", _keys(Ceremony))
        signatory = _table(top["signatory"], "signatory", _keys(SignatoryPlan))
        return Ceremony(
            country=_country(top["country"]),
            organization=_name(top["organization"], region),
            root=_authority(top["root"], "root", region),
            issuing=_authority(top["issuing"], "issuing", region),
            signatory=SignatoryPlan(_algorithm(signatory["algorithm"]), _days(signatory["days"])),
        )
    except (OSError, ValueError) as error:
        raise ConfigurationError([f"{path.name}: {error}"]) from error


def _authority(value: object, where: str, region: str) -> AuthorityPlan:
    table = _table(value, where, _keys(AuthorityPlan))
    return AuthorityPlan(
        name=_name(table["name"], region),
        algorithm=_algorithm(table["algorithm"]),
        days=_days(table["days"]),
        crl_days=_days(table["crl_days"]),
    )


def _keys(kind: type[Ceremony | AuthorityPlan | SignatoryPlan]) -> set[str]:
    return {field.name for field in fields(kind)}


def _table(value: object, where: str, keys: set[str]) -> dict[str, object]:
    if not isinstance(value, dict):
        raise ValueError(f"{where} is no table")
    if wrong := value.keys() ^ keys:
        raise ValueError(f"{where}: missing or unknown: {', '.join(sorted(wrong))}")
    return value


def _country(value: object) -> str:
    if not isinstance(value, str) or not re.fullmatch("[A-Z]{2}", value):
        raise ValueError("country: two capital letters")
    return value


def _name(value: object, region: str) -> str:
    name = value.replace("{region}", region) if isinstance(value, str) else ""
    if not 0 < len(name) <= MAX_NAME or not name.isprintable():
        raise ValueError(f"a name has 1 to {MAX_NAME} characters")
    return name


def _algorithm(value: object) -> Algorithm:
    for algorithm in Algorithm:
        if algorithm.title == value:
            return algorithm
    raise ValueError(f"algorithm: one of {', '.join(a.title for a in Algorithm)}")


def _days(value: object) -> int:
    if type(value) is not int or not 0 < value <= _MAX_DAYS:
        raise ValueError(f"days: 1 to {_MAX_DAYS}")
    return value
