"""What a type derives from its fields: computed values and listings of groups."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from issuer.domain.computed import HOLDER_BIRTH_DATE, ISSUED_ON, Age, ComputedField, Sum
from issuer.domain.letter_types import FieldKind, FieldSpec, Listing, ListingForm

_NUMBERS = frozenset({FieldKind.INTEGER, FieldKind.MONEY})


def read_computed(
    plain: Mapping[str, Mapping[str, Any]], fields: Sequence[FieldSpec]
) -> tuple[ComputedField, ...]:
    """Return the computed fields. Raises ``ValueError`` naming one that cannot be computed."""
    numbers = {name for name, spec in _reachable(fields).items() if spec.kind in _NUMBERS}
    dates = {spec.name for spec in fields if spec.kind is FieldKind.DATE}
    computed: list[ComputedField] = []
    for name, how in plain.items():
        if name in {spec.name for spec in fields}:
            raise ValueError(f"computed.{name} is a field too")
        if "sum" in how:
            _refuse_unknown(name, set(how["sum"]) - numbers, "number")
            computed.append(Sum(name, tuple(how["sum"])))
        else:
            _refuse_unknown(name, {how["age_of"]} - dates - {HOLDER_BIRTH_DATE}, "date")
            _refuse_unknown(name, {how["on"]} - dates - {ISSUED_ON}, "date")
            computed.append(Age(name, how["age_of"], how["on"]))
    return tuple(computed)


def read_listings(
    plain: Sequence[Mapping[str, Any]], fields: Sequence[FieldSpec]
) -> tuple[Listing, ...]:
    """Return the listings. Raises ``ValueError`` unless every group stands in exactly one."""
    groups = {spec.name: spec for spec in fields if spec.kind is FieldKind.GROUP}
    listed = [one["group"] for one in plain]
    if sorted(listed) != sorted(groups):
        raise ValueError("listings: every group stands in one, and nothing else does")
    for one in plain:
        columns = {column.name for column in groups[one["group"]].columns}
        if set(one["columns"]) != columns:
            raise ValueError(f"listings: {one['group']} is printed with all its columns")
    return tuple(
        Listing(one["group"], ListingForm(one["form"]), tuple(one["columns"])) for one in plain
    )


def _reachable(fields: Sequence[FieldSpec]) -> dict[str, FieldSpec]:
    found = {spec.name: spec for spec in fields if not spec.columns}
    for spec in fields:
        found |= {f"{spec.name}.{column.name}": column for column in spec.columns}
    return found


def _refuse_unknown(name: str, unknown: set[str], kind: str) -> None:
    if unknown:
        raise ValueError(f"computed.{name}: no {kind} {min(unknown)}")
