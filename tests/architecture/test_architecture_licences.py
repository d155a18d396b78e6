"""What an office installs, to the last dependency, comes under a licence that suits it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from configparser import ConfigParser
from email.message import Message
from hashlib import sha256
from importlib import metadata
from pathlib import Path
from typing import cast
from zipfile import ZipFile

import pytest
from packaging.requirements import Requirement

from tests import list_parts

PERMISSIVE = frozenset(
    {
        "Apache-2.0",
        "BSD-2-Clause",
        "BSD-3-Clause",
        "MIT",
        "MIT-0",
        "MIT-CMU",
        "PSF-2.0",
    }
)
"""SPDX identifiers. Each asks for no more than to be named with its text."""

CLASSIFIED = {
    "OSI Approved :: Apache Software License": "Apache-2.0",
    "OSI Approved :: BSD License": "BSD-3-Clause",
    "OSI Approved :: MIT License": "MIT",
    "OSI Approved :: Python Software Foundation License": "PSF-2.0",
}
"""What a trove classifier means; of the BSD family it tells no more."""

FREE_TEXT = {
    "Apache-2.0": "Apache-2.0",
    "BSD-2-Clause": "BSD-2-Clause",
    "BSD-3-Clause": "BSD-3-Clause",
    # pypdfium2: its own code and PDFium; what PDFium was built with is named in its wheel.
    "BSD-3-Clause, Apache-2.0, dependency licenses": "Apache-2.0 AND BSD-3-Clause",
    "MIT": "MIT",
}
"""For packages that say it in neither of the standard ways."""

USED_AS_A_LIBRARY = {"psycopg": "LGPL-3.0-only", "psycopg-binary": "LGPL-3.0-only"}
"""The one driver of PostgreSQL: installed beside the office, unchanged, and exchangeable by
whoever runs it, as LGPL-3.0 §4 asks. Nothing else may be under such a licence."""


def normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def installed_with(name: str, extras: Sequence[str] = ()) -> Iterator[metadata.Distribution]:
    """Yield a package and all that comes with it, some more than once."""
    seen: set[tuple[str, str]] = set()

    def walk(name: str, extras: Sequence[str]) -> Iterator[metadata.Distribution]:
        asked = {(normal(name), extra) for extra in ("", *extras)}
        if asked <= seen:
            return
        seen.update(asked)
        found = metadata.distribution(name)
        yield found
        for line in found.requires or ():
            needed = Requirement(line)
            wanted = needed.marker is None or any(
                needed.marker.evaluate({"extra": extra}) for extra in ("", *extras)
            )
            if wanted:
                yield from walk(needed.name, sorted(needed.extras))

    return walk(name, extras)


def licence_of(facts: Message) -> str:
    """Return the SPDX expression of a package, by the first way in which it says it."""
    if expression := facts.get("License-Expression"):
        return str(expression)
    labels = [
        CLASSIFIED[label]
        for line in facts.get_all("Classifier") or ()
        if (label := line.removeprefix("License :: ")) in CLASSIFIED
    ]
    if labels:
        return " AND ".join(sorted(labels))
    said = str(facts.get("License", ""))
    return FREE_TEXT.get(said, f"unknown: {said[:40]!r}")


def suits(expression: str) -> bool:
    """Say whether a package may be used: of alternatives one is enough."""
    words = expression.replace("(", " ").replace(")", " ")
    return any(
        all(part.strip() in PERMISSIVE for part in choice.split(" AND "))
        for choice in words.split(" OR ")
    )


SETUP = ConfigParser(interpolation=None)
SETUP.read(Path(__file__).parents[2] / "setup.cfg", encoding="utf-8")
DIRECT = [Requirement(line) for line in SETUP["options"]["install_requires"].split("\n") if line]
RUNTIME = {
    normal(found.name): licence_of(cast(Message, found.metadata))
    for needed in DIRECT
    for found in installed_with(needed.name, sorted(needed.extras))
}


def test_the_walk_reaches_what_comes_with_what_we_ask_for() -> None:
    direct = {normal(needed.name) for needed in DIRECT}
    assert {"flask", "psycopg", "webauthn"} <= direct & RUNTIME.keys()
    assert {"pyasn1", "cffi", "werkzeug", "psycopg-binary"} <= RUNTIME.keys() - direct
    # What only the tests use is not there, though it is installed.
    assert not {"pytest", "pyhanko", "hypothesis"} & RUNTIME.keys()


def test_no_dependency_of_an_office_is_under_a_licence_that_binds_it() -> None:
    assert {
        name: licence
        for name, licence in RUNTIME.items()
        if not suits(licence) and USED_AS_A_LIBRARY.get(name) != licence
    } == {}


def test_no_exception_is_left_over() -> None:
    assert {name: RUNTIME.get(name) for name in USED_AS_A_LIBRARY} == USED_AS_A_LIBRARY


@pytest.mark.parametrize(
    ("expression", "may_be_used"),
    [
        ("MIT", True),
        ("Apache-2.0 OR BSD-3-Clause", True),
        ("GPL-2.0-only OR MIT", True),
        ("MIT AND LGPL-3.0-only", False),
        ("AGPL-3.0-or-later", False),
        ("unknown: 'Proprietary'", False),
        ("", False),
    ],
)
def test_a_licence_is_judged_as_a_whole(expression: str, may_be_used: bool) -> None:
    assert suits(expression) is may_be_used


def test_a_release_lists_every_part_it_is_made_of(tmp_path: Path) -> None:
    """Two wheels made by hand, and the true lock files."""
    for name, version in (("issuer", "0.1.0"), ("Some_Library", "2.0")):
        with ZipFile(tmp_path / f"{name}-{version}-py3-none-any.whl", "w") as wheel:
            wheel.writestr(
                f"{name}-{version}.dist-info/METADATA",
                f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n",
            )
    list_parts.main(tmp_path, tmp_path / "parts.json")
    said = json.loads((tmp_path / "parts.json").read_text("utf-8"))
    assert (said["bomFormat"], said["specVersion"]) == ("CycloneDX", "1.6")
    assert said["metadata"]["component"]["purl"] == "pkg:pypi/issuer@0.1.0"
    parts = {part["purl"].rpartition("@")[0]: part for part in said["components"]}
    assert {"pkg:pypi/some-library", "pkg:npm/cborg", "pkg:npm/zxing-wasm"} <= parts.keys()
    assert "pkg:npm/%40expo-google-fonts/arimo" in parts
    (wheel_file,) = tmp_path.glob("Some_*.whl")
    (digest,) = parts["pkg:pypi/some-library"]["hashes"]
    assert digest["content"] == sha256(wheel_file.read_bytes()).hexdigest()
    lengths = {"SHA-256": 64, "SHA-512": 128}
    for part in parts.values():
        assert [len(h["content"]) for h in part["hashes"]] == [
            lengths[h["alg"]] for h in part["hashes"]
        ]
