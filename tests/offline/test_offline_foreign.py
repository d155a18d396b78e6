"""A letter's token in the hands of somebody else's JavaScript."""

from __future__ import annotations

import base64
import json
import subprocess
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec

from issuer.bootstrap import Composition
from issuer.signing.credential_keys import key_id, read_credential_keys
from tests.browser.packages import FOLDER, node_packages
from tests.credential.credential_samples import token_of
from tests.offices import issue, pdf_of
from tests.offline.offline_office import first_page, read_qr
from tests.programs import require

SCRIPT = Path(__file__).with_name("read_credential.mjs")


def b64(data: bytes) -> str:
    return base64.b64encode(data).decode()


def test_a_cose_library_from_npm_verifies_a_letter(office: Composition) -> None:
    node_packages()
    letter = issue(office)
    token = token_of(read_qr(first_page(pdf_of(office, letter))))
    (key,) = read_credential_keys(office.settings.keys_dir).keys
    assert isinstance(key.public_key, ec.EllipticCurvePublicKey)
    point = key.public_key.public_numbers()
    published = {"x": b64(point.x.to_bytes(32)), "y": b64(point.y.to_bytes(32))}
    changed = bytearray(token)
    changed[40] ^= 1
    lines = [json.dumps({"token": b64(bytes(t)), "key": published}) for t in (token, changed)]
    done = subprocess.run(
        [require("node"), SCRIPT, FOLDER / "package.json"],
        input="\n".join(lines),
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    good, bad = (json.loads(line) for line in done.stdout.splitlines())
    expected: dict[str, Any] = {
        "kid": b64(key_id(key.public_key)),
        "region": "3522",
        "name": letter.record.holder["name"],
        "number": letter.number,
        "nik": letter.record.holder["nik"][-4:],
    }
    assert good == expected
    assert set(bad) == {"error"}
