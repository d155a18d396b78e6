"""Making a letter type of its three parts, wherever these were kept."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from issuer.catalogue.derived import read_computed, read_listings
from issuer.catalogue.field_rules import FieldRule
from issuer.catalogue.questions import read_field_rules
from issuer.catalogue.shapes import SERVICE_STANDARD
from issuer.domain.handling import Handling
from issuer.domain.letter_types import (
    Bilingual,
    Channel,
    LetterType,
    SupportingDocument,
    Validity,
    Wording,
)
from issuer.domain.office import AgencyKind
from issuer.domain.presentation import SecurityPrinting

_HOLDER = {"id": "Pemohon", "en": "Holder"}

Standard = Mapping[str, Mapping[str, str]]


class Unusable(ValueError):
    """What is wrong with a type whose parts have their shape; ``in_fields`` says in which."""

    def __init__(self, text: str, *, in_fields: bool) -> None:
        self.in_fields = in_fields
        super().__init__(text)


@dataclass(frozen=True, slots=True)
class LoadedType:
    """A letter type and the rules its fields are cleaned by."""

    letter_type: LetterType
    rules: tuple[FieldRule, ...]


@dataclass(frozen=True, slots=True)
class TypeContent:
    """The parts of a type, each of its shape: what it decides, its questions, its example."""

    slug: str
    plain: Mapping[str, Any]
    schema: Mapping[str, Any]
    example: Mapping[str, Any]


def assemble(content: TypeContent, standard: Standard, digest: str) -> LoadedType:
    """Return the type. Its own service standard goes before the common one.

    Raises ``Unusable`` for parts that do not fit together.
    """
    plain = content.plain
    in_fields = True
    try:
        rules = read_field_rules(content.schema)
        specs = tuple(rule.spec for rule in rules)
        in_fields = False
        computed = read_computed(plain.get("computed", {}), specs)
        listings = read_listings(plain.get("listings", []), specs)
        services = _whole({**standard, **plain.get("service_standard", {})})
    except ValueError as error:
        raise Unusable(str(error), in_fields=in_fields) from error
    public_title = plain.get("public_title", plain["title"])
    if plain["sensitive"] and public_title == plain["title"]:
        raise Unusable("a sensitive type has a public_title of its own", in_fields=False)
    letter_type = LetterType(
        slug=content.slug,
        code=plain["code"],
        version=plain["version"],
        digest=digest,
        title=Bilingual(**plain["title"]),
        public_title=Bilingual(**public_title),
        summary=Bilingual(**plain["summary"]),
        sensitive=plain["sensitive"],
        classification=plain["classification"],
        classification_old=plain.get("classification_old"),
        series=plain["series"],
        security=SecurityPrinting(plain["security"]) if "security" in plain else None,
        endorsed_by_district=plain.get("endorsed_by_district", False),
        validity=Validity(**plain["validity"]),
        channel=Channel(plain["channel"]),
        handling=Handling(**plain.get("handling", {})),
        issued_by=frozenset(map(AgencyKind, plain["issued_by"])),
        holder_label=Bilingual(**plain.get("holder_label", _HOLDER)),
        fields=specs,
        schema=content.schema,
        computed=computed,
        listings=listings,
        wording=Wording(**plain["wording"]),
        wording_en=plain.get("wording_en"),
        documents=tuple(SupportingDocument(**one) for one in plain["documents"]),
        service_standard=services,
        example=content.example,
    )
    return LoadedType(letter_type, rules)


def _whole(standard: Standard) -> dict[str, Bilingual]:
    missing = [name for name in SERVICE_STANDARD if name not in standard]
    if missing:
        raise ValueError(f"service_standard: {', '.join(missing)} is missing")
    return {name: Bilingual(**standard[name]) for name in SERVICE_STANDARD}
