"""An office with its pages for each test of citizens."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.messages.mail_server import Inbox, mail_server
from tests.messages.message_office import add_mail
from tests.offices import WARD, Clock, compose_office, issue
from tests.web.web_office import LURAH, SLUG, WebOffice, make_app, open_web


@pytest.fixture
def web(founded: Path, tmp_path: Path) -> Iterator[WebOffice]:
    """An office of the test's own, with its pages and no account."""
    folder = shutil.copytree(founded, tmp_path / "web-office")
    clock = Clock()
    composition = compose_office(folder, clock)
    yield WebOffice(
        composition, clock, make_app(composition), issue(composition, SLUG, WARD, LURAH)
    )
    composition.close()


@pytest.fixture
def inbox() -> Iterator[Inbox]:
    """A mail server that keeps what it is given."""
    with mail_server() as inbox:
        yield inbox


@pytest.fixture
def mailing_folder(founded: Path, tmp_path: Path, inbox: Inbox) -> Path:
    """The folder of an office that sends mail, and nothing by a gateway."""
    folder = shutil.copytree(founded, tmp_path / "mailing")
    add_mail(folder, f"smtp://127.0.0.1:{inbox.port}")
    return folder


@pytest.fixture
def staffed(founded: Path, tmp_path: Path) -> Iterator[WebOffice]:
    """An office of the test's own, with its staff."""
    folder = shutil.copytree(founded, tmp_path / "accounts-office")
    clock = Clock()
    composition = compose_office(folder, clock)
    yield open_web(composition, clock)
    composition.close()
