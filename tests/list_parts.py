"""List what a release is made of, as a CycloneDX 1.6 document.

Run by ``make build`` over the wheelhouse; what came from npm is read from the lock files.
"""

from __future__ import annotations

import base64
import hashlib
import json
import sys
import zipfile
from collections.abc import Iterator, Mapping
from email.parser import BytesParser
from pathlib import Path

ROOT = Path(__file__).parents[1]
LOCKS = ("templates/fonts/package-lock.json", "templates/scripts/package-lock.json")


def main(wheelhouse: Path, out: Path) -> None:
    """Write the document."""
    locks = [json.loads((ROOT / name).read_text(encoding="utf-8")) for name in LOCKS]
    out.write_text(json.dumps(document(wheelhouse, locks), indent=1) + "\n", encoding="utf-8")


def document(wheelhouse: Path, locks: list[Mapping[str, object]]) -> dict[str, object]:
    """Return the document: the office itself, and every part by name, version and hash."""
    wheels = [wheel_part(path) for path in sorted(wheelhouse.glob("*.whl"))]
    (office,) = (part for part in wheels if part["name"] == "issuer")
    others = [part for part in wheels if part is not office]
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {"component": {**office, "type": "application"}},
        "components": [*others, *(part for lock in locks for part in npm_parts(lock))],
    }


def wheel_part(path: Path) -> dict[str, object]:
    """Return a wheel as a component, by what it says of itself."""
    with zipfile.ZipFile(path) as wheel:
        (name,) = (n for n in wheel.namelist() if n.endswith(".dist-info/METADATA"))
        facts = BytesParser().parsebytes(wheel.read(name))
    package, version = str(facts["Name"]).lower().replace("_", "-"), str(facts["Version"])
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    return component("pypi", package, version, "SHA-256", digest)


def npm_parts(lock: Mapping[str, object]) -> Iterator[dict[str, object]]:
    """Yield the packages of a lock file."""
    packages = lock["packages"]
    assert isinstance(packages, dict)
    for place, facts in sorted(packages.items()):
        if place:
            kind, _, packed = facts["integrity"].partition("-")
            name = place.rpartition("node_modules/")[2]
            digest = base64.b64decode(packed).hex()
            yield component("npm", name, facts["version"], kind.replace("sha", "SHA-"), digest)


def component(kind: str, name: str, version: str, alg: str, digest: str) -> dict[str, object]:
    """Return a component of the document."""
    return {
        "type": "library",
        "name": name,
        "version": version,
        "purl": f"pkg:{kind}/{name.replace('@', '%40')}@{version}",
        "hashes": [{"alg": alg, "content": digest}],
    }


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
