"""A serving office sends by itself: no second process is needed."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from pathlib import Path

from issuer.bootstrap import Composition
from tests.offices import OPERATOR, issue
from tests.webhooks.webhook_office import add_bank, check

ROOT = Path(__file__).parents[2]
NOWHERE = "https://hooks.bank.invalid/surat"
"""RFC 6761: no such name exists, so that nothing is sent to anybody."""


def test_a_serving_office_tries_what_is_due(office_folder: Path, office: Composition) -> None:
    bank, _ = add_bank(office)
    letter = issue(office)
    office.services.institutions.set_webhook(OPERATOR, bank.id, NOWHERE)
    check(office, bank, letter)
    office.services.letters.revoke(OPERATOR, letter.id, "salah data")
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = str(free.getsockname()[1])
    command = [sys.executable, "-m", "issuer", "--data-dir", str(office_folder), "serve"]
    with subprocess.Popen(
        [*command, "--port", port], cwd=ROOT, env=dict(os.environ), stderr=subprocess.DEVNULL
    ) as serving:
        try:
            deadline = time.monotonic() + 120
            tries = 0
            while tries == 0 and time.monotonic() < deadline:
                assert serving.poll() is None, "the server ended by itself"
                time.sleep(0.2)
                (row,) = office.services.deliveries.listed(OPERATOR)
                tries = row.tries
        finally:
            serving.terminate()
            serving.wait(60)
    assert tries == 1
