"""``python -m tests.vectors NAME`` freezes what this version issues, once and for ever.

It founds an office of invented people at a fixed hour, issues, revokes, replaces and
rotates, and keeps what strangers would hold: files, texts of QRs, lists and keys. What
each must say is written from the register's records, not from what a reader reads.
"""

from __future__ import annotations

import json
import shutil
import sys
import tempfile
from datetime import timedelta
from pathlib import Path

from issuer.bootstrap import Composition, published_folder
from issuer.domain.letter import Letter
from issuer.domain.publication import KEY_SETS, STATUS_LISTS
from tests.offices import (
    BASE_URL,
    OPERATOR,
    Clock,
    compose_office,
    found_office,
    issue,
    pdf_of,
    replace_letter,
)

FOLDER = Path(__file__).parent
_ROTATED_AFTER = timedelta(days=2)


def main(name: str) -> None:
    """Write the vectors of one version; a version that is there is never written again."""
    kept = FOLDER / name
    kept.mkdir()
    clock = Clock()
    with tempfile.TemporaryDirectory() as folder:
        founded = Path(folder) / "office"
        found_office(founded, clock)
        office = compose_office(founded, clock)
        letters = {
            "in_force": issue(office),
            "sensitive": issue(office, "tidak-mampu"),
            "endorsed": issue(office, "domisili-usaha"),
            "revoked": issue(office),
            "superseded": issue(office),
        }
        office.services.letters.revoke(OPERATOR, letters["revoked"].id, "Salah alamat")
        replace_letter(office, letters["superseded"])
        office.publication.rotate_keys(OPERATOR, at_once=True)
        office.close()
        clock.advance(_ROTATED_AFTER)
        office = compose_office(founded, clock)
        office.publication.publish()
        letters["of_the_second_key"] = issue(office)
        _keep(office, letters, kept)
        office.close()


def _keep(office: Composition, letters: dict[str, Letter], kept: Path) -> None:
    trust = office.settings.keys_dir / "trust"
    shutil.copytree(trust, kept / "trust")
    published = published_folder(office.settings)
    for kind in (KEY_SETS, STATUS_LISTS):
        for number in published.numbers(kind):
            path = kept / kind / str(number)
            path.parent.mkdir(exist_ok=True)
            path.write_bytes(published.get(kind, number))
    (kept / "letters").mkdir()
    for name in ("in_force", "endorsed"):
        (kept / "letters" / f"{name}.pdf").write_bytes(pdf_of(office, letters[name]))
    manifest = {
        "base_url": BASE_URL,
        "at_utc": office.services.clock.now().isoformat(),
        "letters": {name: _described(office, letter) for name, letter in letters.items()},
    }
    text = json.dumps(manifest, indent=1, ensure_ascii=False, sort_keys=True)
    (kept / "manifest.json").write_text(text + "\n", encoding="utf-8")


def _described(office: Composition, letter: Letter) -> dict[str, object]:
    record = letter.record
    endorser = record.endorser
    return {
        "qr": letter.qr_text,
        "number": letter.number,
        "name": record.holder["name"],
        "nik_last_four": record.holder["nik"][-4:],
        "issued_at_utc": letter.reserved_at_utc.isoformat(),
        "expires_on": record.expires_on.isoformat() if record.expires_on else None,
        "record_digest": record.digest()[:16].hex(),
        "status_index": letter.status_index,
        "signer": record.signer.name,
        "endorser": endorser.name if endorser else None,
        "sha256": letter.pdf.sha256 if letter.pdf else None,
        "type_code": office.services.catalogue.get(record.type_slug).code,
    }


if __name__ == "__main__":
    main(*sys.argv[1:])
