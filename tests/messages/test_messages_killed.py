"""A worker killed while it sends: the mail comes again, under the same Message-ID."""

from __future__ import annotations

import asyncio
import signal
import subprocess
import sys
from pathlib import Path

from aiosmtpd.smtp import SMTP, Envelope, Session

from issuer.domain.messages import Contact
from issuer.domain.outbox import DeliveryState
from issuer.services.outbox_sending import LEASE
from tests.databases import fresh_postgres
from tests.messages.mail_server import Inbox, mail_server
from tests.messages.message_office import EMAIL, add_mail, asked, of, tell
from tests.offices import Clock, compose_office, found_office

ROOT = Path(__file__).parents[2]


class SlowAtFirst(Inbox):
    """Takes the first mail and does not say so."""

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802 - the name is aiosmtpd's
        answer = await super().handle_DATA(server, session, envelope)
        if len(self.mails) == 1:
            await asyncio.sleep(30)
        return answer


def killed_while_sending(folder: Path) -> None:
    clock = Clock()
    with mail_server(inbox=SlowAtFirst()) as inbox:
        add_mail(folder, f"smtp://127.0.0.1:{inbox.port}")
        office = compose_office(folder, clock)
        request = asked(office, Contact(EMAIL, ""))
        tell(office, request)
        stage = [sys.executable, "-m", "tests.messages.mailing_stage", str(folder)]
        with subprocess.Popen(stage, cwd=ROOT) as sending:
            assert inbox.came.wait(120)
            sending.send_signal(signal.SIGKILL)
        assert sending.returncode == -signal.SIGKILL
        worker = office.services.message_sending
        assert worker.sweep() == 0, "its lease still runs"
        clock.advance(LEASE)
        assert worker.sweep() == 1
        first, second = inbox.mails
        assert first["Message-ID"] == second["Message-ID"]
        assert first.get_content() == second.get_content()
        assert of(office, request)[0].state is DeliveryState.DELIVERED
        office.close()


def test_a_killed_worker_loses_no_message(office_folder: Path) -> None:
    killed_while_sending(office_folder)


def test_a_killed_worker_loses_no_message_on_postgresql(tmp_path: Path) -> None:
    with fresh_postgres() as url:
        found_office(tmp_path / "office", Clock(), url)
        killed_while_sending(tmp_path / "office")
