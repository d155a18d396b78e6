"""Reading one folder: ``type.toml``, ``fields.schema.json``, ``example.json``."""

from __future__ import annotations

import hashlib
import json
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator

from issuer.catalogue.assembling import LoadedType, Standard, TypeContent, Unusable, assemble
from issuer.catalogue.shapes import EXAMPLE_SHAPE, FIELDS_SHAPE, STANDARD_SHAPE, TYPE_SHAPE, Shape
from issuer.domain.errors import ConfigurationError
from issuer.domain.letter_types import SLUG

MAX_FILES = 20
MAX_FILE_BYTES = 100_000
_TYPE, _FIELDS, _EXAMPLE = "type.toml", "fields.schema.json", "example.json"
STANDARD_FILE = "service-standard.toml"
_MAX_PROBLEMS = 20


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
    content = TypeContent(folder.name, plain, schema, example)
    try:
        return assemble(content, standard, digest_of(files))
    except Unusable as error:
        where = _FIELDS if error.in_fields else _TYPE
        raise ConfigurationError([f"{folder.name}/{where}: {error}"]) from error


def load_content(folder: Path, standard: Standard) -> TypeContent:
    """Read the parts of a type's folder, the common service standard filled in.

    Raises ``ConfigurationError``.
    """
    files = _read_files(folder)
    plain = _parse(folder, files, _TYPE, TYPE_SHAPE)
    plain["service_standard"] = {**standard, **plain.get("service_standard", {})}
    schema = _parse(folder, files, _FIELDS, FIELDS_SHAPE)
    example = _parse(folder, files, _EXAMPLE, EXAMPLE_SHAPE)
    return TypeContent(folder.name, plain, schema, example)


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
