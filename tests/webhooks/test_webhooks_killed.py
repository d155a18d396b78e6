"""A worker killed while it sends: the message comes again, under the same id."""

from __future__ import annotations

import signal
import ssl
import subprocess
import sys
from pathlib import Path

from issuer.bootstrap import Composition
from issuer.domain.outbox import DeliveryState
from issuer.services.outbox_sending import LEASE
from tests.offices import OPERATOR, Clock, issue
from tests.webhooks.sending_stage import courier_to
from tests.webhooks.tls_server import HOST, OK, PORT, Server, https_server, make_certificates
from tests.webhooks.webhook_office import add_bank, check, deliveries_by

ROOT = Path(__file__).parents[2]


def first_silent_then_well(connection: ssl.SSLSocket, server: Server) -> None:
    """Take the first message without an answer, and answer the next."""
    if len(server.requests) == 1:
        connection.recv(1)
    else:
        connection.sendall(OK)


def message_id(request: bytes) -> bytes:
    (line,) = [line for line in request.split(b"\r\n") if line.startswith(b"webhook-id:")]
    return line


def test_a_killed_worker_loses_nothing(
    either: Composition, office_on_either: Path, clock: Clock, tmp_path: Path
) -> None:
    bank, _ = add_bank(either)
    letter = issue(either)
    either.services.institutions.set_webhook(OPERATOR, bank.id, f"https://{HOST}:{PORT}/surat")
    check(either, bank, letter)
    either.services.letters.revoke(OPERATOR, letter.id, "salah data")
    certificates = make_certificates(tmp_path)
    with https_server(certificates, first_silent_then_well) as server:
        stage = [sys.executable, "-m", "tests.webhooks.sending_stage"]
        arguments = [str(office_on_either), str(certificates.ca), server.address]
        with subprocess.Popen([*stage, *arguments], cwd=ROOT) as sending:
            assert server.came.wait(60)
            sending.send_signal(signal.SIGKILL)
        assert sending.returncode == -signal.SIGKILL
        worker = deliveries_by(either, courier_to(certificates.ca, server.address))
        assert worker.sweep() == 0, "its lease still runs"
        clock.advance(LEASE)
        assert worker.sweep() == 1
    first, second = server.requests
    assert message_id(first) == message_id(second)
    assert first.split(b"\r\n\r\n")[1] == second.split(b"\r\n\r\n")[1]
    (row,) = worker.listed(OPERATOR, institution_id=bank.id)
    assert row.state is DeliveryState.DELIVERED
