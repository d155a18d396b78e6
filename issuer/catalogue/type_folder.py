"""Reading one folder: ``type.toml``, ``fields.schema.json``, ``example.json``."""

from __future__ import annotations

import hashlib
import json
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator

from issuer.catalogue.derived import read_computed, read_listings
from issuer.catalogue.field_rules import FieldRule
from issuer.catalogue.questions import read_field_rules
from issuer.catalogue.shapes import (
    EXAMPLE_SHAPE,
    FIELDS_SHAPE,
    SERVICE_STANDARD,
    STANDARD_SHAPE,
    TYPE_SHAPE,
    Shape,
)
from issuer.domain.errors import ConfigurationError
from issuer.domain.handling import Handling
from issuer.domain.letter_types import (
    SLUG,
    Bilingual,
    Channel,
    LetterType,
    Validity,
    Wording,
)
from issuer.domain.office import AgencyKind
from issuer.domain.presentation import SecurityPrinting

MAX_FILES = 20
MAX_FILE_BYTES = 100_000
_TYPE, _FIELDS, _EXAMPLE = "type.toml", "fields.schema.json", "example.json"
STANDARD_FILE = "service-standard.toml"
_HOLDER = {"id": "Pemohon", "en": "Holder"}
_MAX_PROBLEMS = 20

Standard = Mapping[str, Mapping[str, str]]


@dataclass(frozen=True, slots=True)
class LoadedType:
    """A letter type and the rules its fields are cleaned by."""

    letter_type: LetterType
    rules: tuple[FieldRule, ...]


def load_standard(folder: Path) -> Standard:
    """Read the components that all types in ``folder`` have in common; may be missing.

    Raises ``ConfigurationError``.
    """
    path = folder / STANDARD_FILE
    if not path.exists():
        return {}
    return _parse(folder, {STANDARD_FILE: _read_file(path)}, STANDARD_FILE, STANDARD_SHAPE)


def load_type(folder: Path, standard: Standard) -> LoadedType:
    """Read a type's folder; its name is the slug.

    The type's own service standard goes before the common one. Raises
    ``ConfigurationError`` naming the file and the key of each problem.
    """
    if not SLUG.fullmatch(folder.name):
        raise ConfigurationError([f"{folder.name}: not a name for a letter type"])
    files = _read_files(folder)
    plain = _parse(folder, files, _TYPE, TYPE_SHAPE)
    schema = _parse(folder, files, _FIELDS, FIELDS_SHAPE)
    example = _parse(folder, files, _EXAMPLE, EXAMPLE_SHAPE)
    where = _FIELDS
    try:
        rules = read_field_rules(schema)
        specs = tuple(rule.spec for rule in rules)
        where = _TYPE
        computed = read_computed(plain.get("computed", {}), specs)
        listings = read_listings(plain.get("listings", []), specs)
        services = _whole({**standard, **plain.get("service_standard", {})})
    except ValueError as error:
        raise ConfigurationError([f"{folder.name}/{where}: {error}"]) from error
    public_title = plain.get("public_title", plain["title"])
    if plain["sensitive"] and public_title == plain["title"]:
        raise ConfigurationError(
            [f"{folder.name}/{_TYPE}: a sensitive type has a public_title of its own"]
        )
    letter_type = LetterType(
        slug=folder.name,
        code=plain["code"],
        version=plain["version"],
        digest=digest_of(files),
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
        schema=schema,
        computed=computed,
        listings=listings,
        wording=Wording(**plain["wording"]),
        wording_en=plain.get("wording_en"),
        documents=tuple(Bilingual(**texts) for texts in plain["documents"]),
        service_standard=services,
        example=example,
    )
    return LoadedType(letter_type, rules)


def _whole(standard: Standard) -> dict[str, Bilingual]:
    missing = [name for name in SERVICE_STANDARD if name not in standard]
    if missing:
        raise ValueError(f"service_standard: {', '.join(missing)} is missing")
    return {name: Bilingual(**standard[name]) for name in SERVICE_STANDARD}


def digest_of(files: Mapping[str, bytes]) -> str:
    """Return the SHA-256 (hex) over every file: name, length, bytes, by name.

    The lengths keep bytes from moving between files without changing the digest.
    """
    digest = hashlib.sha256()
    for name in sorted(files):
        digest.update(f"{name}\n{len(files[name])}\n".encode())
        digest.update(files[name])
    return digest.hexdigest()


def _read_files(folder: Path) -> dict[str, bytes]:
    try:
        paths = sorted(folder.iterdir())
        if len(paths) > MAX_FILES:
            raise ConfigurationError([f"{folder.name}: more than {MAX_FILES} files"])
    except OSError as error:
        raise ConfigurationError([f"{folder.name}: {error.strerror}"]) from error
    return {path.name: _read_file(path) for path in paths}


def _read_file(path: Path) -> bytes:
    where = f"{path.parent.name}/{path.name}"
    try:
        if path.stat().st_size > MAX_FILE_BYTES:
            raise ConfigurationError([f"{where}: more than {MAX_FILE_BYTES} bytes"])
        return path.read_bytes()
    except OSError as error:
        raise ConfigurationError([f"{where}: {error.strerror}"]) from error


def _parse(folder: Path, files: Mapping[str, bytes], name: str, shape: Shape) -> dict[str, Any]:
    where = f"{folder.name}/{name}"
    if name not in files:
        raise ConfigurationError([f"{where}: missing"])
    try:
        text = files[name].decode()
        plain: dict[str, Any] = tomllib.loads(text) if name.endswith(".toml") else json.loads(text)
    except (ValueError, RecursionError) as error:
        raise ConfigurationError([f"{where}: {error}"]) from error
    problems = [
        f"{where}: {'.'.join(map(str, error.absolute_path)) or 'top level'}: {error.message}"
        for error in Draft202012Validator(shape).iter_errors(plain)
    ]
    if problems:
        raise ConfigurationError(sorted(problems)[:_MAX_PROBLEMS])
    return plain
