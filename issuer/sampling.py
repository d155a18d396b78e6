"""One sample of each letter type, from an office that exists only while they are made.

Its people are invented and every letter is marked CONTOH; its register and keys are
gone afterwards, so that no register anywhere knows the samples.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path

from issuer.bootstrap import Composition
from issuer.demo import demo_regency, found, issue_sample
from issuer.domain.access import Actor, Role
from issuer.domain.errors import ConfigurationError
from issuer.domain.letter_types import LetterType
from issuer.domain.office import AgencyKind
from issuer.domain.ports import Clock, Random
from issuer.domain.presentation import Paper
from issuer.regency import Regency

BASE_URL = "https://surat.contoh.example"
_DISTRICT, _VILLAGE, _WARD, _WARDS_DISTRICT = (
    "35.22.06",
    "35.22.06.2001",
    "35.22.15.1001",
    "35.22.15",
)
_ISSUERS = (
    (AgencyKind.VILLAGE, _VILLAGE),
    (AgencyKind.WARD, _WARD),
    (AgencyKind.DISTRICT, _DISTRICT),
)
_READER = Actor("sampling", Role.OPERATOR, None)


@dataclass(frozen=True, slots=True)
class Sample:
    """A finished sample letter."""

    slug: str
    number: str
    pdf: bytes


def make_samples(
    slugs: Sequence[str], paper: Paper, environ: Mapping[str, str], clock: Clock, random: Random
) -> Iterator[Sample]:
    """Yield a sample of each type, or of all types when ``slugs`` is empty.

    ``environ`` may name templates and fonts. Raises ``NotFound`` for an unknown type
    and ``ConfigurationError`` for one that no office of the demo issues.
    """
    with tempfile.TemporaryDirectory(prefix="issuer-samples-") as folder:
        founded = found(
            Path(folder),
            BASE_URL,
            environ,
            _small_regency(paper),
            clock,
            random,
            lambda _line: None,
        )
        with closing(founded) as composition:
            catalogue = composition.services.catalogue
            kinds = [catalogue.get(slug) for slug in slugs] or catalogue.all()
            for kind in kinds:
                yield _sample(composition, kind)


def _sample(composition: Composition, kind: LetterType) -> Sample:
    codes = [code for agency_kind, code in _ISSUERS if agency_kind in kind.issued_by]
    if not codes:
        raise ConfigurationError([f"{kind.slug}: no office of the demo issues this type"])
    letter = issue_sample(composition, codes[0], kind, {})
    pdf = composition.services.letters.pdf(_READER, letter.id)
    return Sample(kind.slug, letter.number, pdf)


def _small_regency(paper: Paper) -> Regency:
    """Return a district with a village and one with a ward, all writing on this paper."""
    regency = demo_regency()
    wanted = {_DISTRICT, _VILLAGE, _WARD, _WARDS_DISTRICT}
    agencies = (replace(one, paper=paper) for one in regency.agencies if one.code in wanted)
    return replace(regency, agencies=tuple(agencies))
