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

from issuer.catalogue.field_rules import FieldRule, read_field_rules
from issuer.catalogue.shapes import EXAMPLE_SHAPE, FIELDS_SHAPE, TYPE_SHAPE, Shape
from issuer.domain.errors import ConfigurationError
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
_MAX_PROBLEMS = 20


@dataclass(frozen=True, slots=True)
class LoadedType:
    """A letter type and the rules its fields are cleaned by."""

    letter_type: LetterType
    rules: tuple[FieldRule, ...]


def load_type(folder: Path) -> LoadedType:
    """Read a type's folder; its name is the slug.

    Raises ``ConfigurationError`` naming the file and the key of each problem.
    """
    if not SLUG.fullmatch(folder.name):
        raise ConfigurationError([f"{folder.name}: not a name for a letter type"])
    files = _read_files(folder)
    plain = _parse(folder, files, _TYPE, TYPE_SHAPE)
    schema = _parse(folder, files, _FIELDS, FIELDS_SHAPE)
    example = _parse(folder, files, _EXAMPLE, EXAMPLE_SHAPE)
    try:
        rules = read_field_rules(schema)
    except ValueError as error:
        raise ConfigurationError([f"{folder.name}/{_FIELDS}: {error}"]) from error
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
        series=plain["series"],
        security=SecurityPrinting(plain["security"]) if "security" in plain else None,
        endorsed_by_district=plain.get("endorsed_by_district", False),
        validity=Validity(**plain["validity"]),
        channel=Channel(plain["channel"]),
        issued_by=frozenset(map(AgencyKind, plain["issued_by"])),
        fields=tuple(rule.spec for rule in rules),
        schema=schema,
        wording=Wording(**plain["wording"]),
        documents=tuple(Bilingual(**texts) for texts in plain["documents"]),
        service_standard={
            name: Bilingual(**texts) for name, texts in plain["service_standard"].items()
        },
        example=example,
    )
    return LoadedType(letter_type, rules)


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
        for path in paths:
            if path.stat().st_size > MAX_FILE_BYTES:
                raise ConfigurationError(
                    [f"{folder.name}/{path.name}: more than {MAX_FILE_BYTES} bytes"]
                )
        return {path.name: path.read_bytes() for path in paths}
    except OSError as error:
        raise ConfigurationError([f"{folder.name}: {error.strerror}"]) from error


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
