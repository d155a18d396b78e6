"""``issuer messages``, ``issuer worker`` and ``issuer serve`` with a real mail server."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from issuer.bootstrap import Composition
from issuer.cli import main
from issuer.cli.exits import ANSWER_IS_NO, WRONG_USE
from issuer.cli.messages import OUTCOMES
from issuer.domain.letter_request import LetterRequest
from issuer.domain.messages import Contact, Language, MessageKind, Sent
from issuer.domain.outbox import DeliveryState
from issuer.texts.messages import WORDINGS
from tests.messages.mail_server import Inbox, mail_server
from tests.messages.message_office import EMAIL, Notebook, add_mail, asked, of, sending_by, tell
from tests.offices import VILLAGE, Clock, compose_office

ROOT = Path(__file__).parents[2]


def issuer(folder: Path, *arguments: str) -> Result:
    """Run the command; an unexpected exception fails the test."""
    result = CliRunner().invoke(main, ["--data-dir", str(folder), *arguments])
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


def told(result: Result) -> list[dict[str, Any]]:
    assert result.exit_code == 0, result.output
    return [json.loads(line) for line in result.stdout.splitlines()]


@pytest.fixture
def inbox(office_folder: Path) -> Iterator[Inbox]:
    """A mail server that the office is told of."""
    with mail_server() as inbox:
        add_mail(office_folder, f"smtp://127.0.0.1:{inbox.port}")
        yield inbox


@pytest.fixture
def waiting(office_folder: Path, inbox: Inbox) -> Iterator[tuple[Composition, LetterRequest]]:
    """The office, and a request whose person is to be told; the time is the machine's past."""
    office = compose_office(office_folder, Clock())
    request = asked(office, Contact(EMAIL, ""))
    tell(office, request)
    yield office, request
    office.close()


def test_every_outcome_has_its_words() -> None:
    assert set(OUTCOMES) == set(Sent)


def test_the_worker_sends_and_the_list_shows_no_address(
    office_folder: Path, waiting: tuple[Composition, LetterRequest], inbox: Inbox
) -> None:
    office, request = waiting
    (listed,) = told(issuer(office_folder, "messages", "list", "--json"))
    assert (listed["state"], listed["request_id"]) == ("waiting", request.id)
    assert "Tried 1" in issuer(office_folder, "worker", "--once").stderr
    assert [mail["To"] for mail in inbox.mails] == [EMAIL]
    assert of(office, request)[0].state is DeliveryState.DELIVERED
    plain = issuer(office_folder, "messages", "list", "--agency", VILLAGE)
    assert "handed over" in plain.stdout
    assert EMAIL not in plain.stdout
    assert told(issuer(office_folder, "messages", "list", "--state", "dead", "--json")) == []


def test_a_dead_one_is_sent_again(
    office_folder: Path, waiting: tuple[Composition, LetterRequest], inbox: Inbox
) -> None:
    office, request = waiting
    inbox.refusals.append("550 5.1.1 no such user")
    issuer(office_folder, "worker", "--once")
    (row,) = of(office, request)
    assert row.state is DeliveryState.DEAD
    (again,) = told(issuer(office_folder, "messages", "resend", row.id, "--json"))
    assert again["state"] == "waiting"
    assert issuer(office_folder, "messages", "resend", row.id).exit_code == ANSWER_IS_NO
    issuer(office_folder, "worker", "--once")
    assert len(inbox.mails) == 1
    assert issuer(office_folder, "messages", "resend", "msg_x").exit_code == WRONG_USE


def test_the_mail_server_is_tried(office_folder: Path, inbox: Inbox) -> None:
    assert told(issuer(office_folder, "messages", "test", "--json")) == [{"mail": "ok"}]
    assert inbox.mails == []


def test_a_mail_server_that_is_away_is_named(office_folder: Path) -> None:
    without = issuer(office_folder, "messages", "test", "--json")
    assert without.exit_code == ANSWER_IS_NO
    assert json.loads(without.stdout) == {"mail": "not_set_up"}
    add_mail(office_folder)
    away = issuer(office_folder, "messages", "test")
    assert away.exit_code == ANSWER_IS_NO
    assert "no connection" in away.stderr


def test_texts_of_an_agency(office_folder: Path) -> None:
    shown = told(issuer(office_folder, "messages", "texts", VILLAGE, "--json"))
    assert len(shown) == len(MessageKind) * len(Language)
    assert not any(text["own"] for text in shown)
    where = (VILLAGE, "issued", "id")
    words = ("--subject", "Sudah jadi", "--body", "{service}: {link}")
    assert issuer(office_folder, "messages", "set-text", *where, *words).exit_code == 0
    shown = told(issuer(office_folder, "messages", "texts", VILLAGE, "--json"))
    (own,) = [text for text in shown if text["own"]]
    assert (own["kind"], own["subject"], own["body"]) == ("issued", words[1], words[3])
    bad = issuer(office_folder, "messages", "set-text", *where, "--subject", "x", "--body", "{nik}")
    assert bad.exit_code == WRONG_USE
    assert "{agency}, {link}, {service}" in bad.stderr
    assert issuer(office_folder, "messages", "reset-text", *where).exit_code == 0
    assert "(own)" not in issuer(office_folder, "messages", "texts", VILLAGE).stdout
    assert WORDINGS.texts[MessageKind.ISSUED, Language.INDONESIAN].subject in issuer(
        office_folder, "messages", "texts", VILLAGE
    ).stdout  # fmt: skip


@contextmanager
def running(folder: Path, *arguments: str) -> Iterator[subprocess.Popen[bytes]]:
    command = [sys.executable, "-m", "issuer", "--data-dir", str(folder), *arguments]
    with subprocess.Popen(
        command, cwd=ROOT, env=dict(os.environ), stderr=subprocess.DEVNULL
    ) as process:
        try:
            yield process
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(60)


@pytest.mark.parametrize("command", ["serve", "worker"])
def test_a_running_office_sends_by_itself(
    office_folder: Path,
    waiting: tuple[Composition, LetterRequest],
    inbox: Inbox,
    command: str,
) -> None:
    office, request = waiting
    arguments = [command]
    if command == "serve":
        with socket.create_server(("127.0.0.1", 0)) as free:
            arguments += ["--port", str(free.getsockname()[1])]
    with running(office_folder, *arguments) as process:
        assert inbox.came.wait(120)
        assert process.poll() is None
    assert len(inbox.mails) == 1
    assert process.returncode in (0, -signal.SIGTERM)
    # It was asked to stop after the mail; the row is written before the sweep ends.
    if command == "worker":
        assert of(office, request)[0].state is DeliveryState.DELIVERED


def test_a_message_of_a_stopped_server_waits(
    office_folder: Path, waiting: tuple[Composition, LetterRequest]
) -> None:
    office, request = waiting
    sending_by(office, mail=Notebook([Sent.NO_CONNECTION])).sweep()
    assert of(office, request)[0].state is DeliveryState.WAITING
