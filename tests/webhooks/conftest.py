"""An office on either database, for what is written in transactions."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from issuer.bootstrap import Composition
from issuer.services.outbox_sending import LEASE
from tests.offices import Clock, compose_office, founded_on
from tests.webhooks.webhook_office import Notebook, deliveries_by


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def office_on_either(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Path]:
    """An office folder of this module's own."""
    with founded_on(request.param, tmp_path_factory.mktemp("webhooks") / "office") as folder:
        yield folder


@pytest.fixture
def either(office_on_either: Path, clock: Clock) -> Iterator[Composition]:
    """That office, composed. Its outbox is empty; letters and institutions stay in it."""
    composition = compose_office(office_on_either, clock)
    yield composition
    clock.advance(LEASE)
    deliveries_by(composition, Notebook()).sweep()
    composition.close()
