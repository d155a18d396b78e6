"""An office on either database, whose outbox every test leaves empty."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from issuer.bootstrap import Composition
from tests.messages.message_office import add_mail, empty_outbox
from tests.offices import Clock, compose_office, founded_on


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def messages_folder(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Path]:
    """An office folder of this module's own."""
    with founded_on(request.param, tmp_path_factory.mktemp("messages") / "office") as folder:
        add_mail(folder)
        yield folder


@pytest.fixture
def telling(messages_folder: Path, clock: Clock) -> Iterator[Composition]:
    """That office, composed; its requests and letters stay in it."""
    composition = compose_office(messages_folder, clock)
    yield composition
    empty_outbox(composition, clock)
    composition.close()
