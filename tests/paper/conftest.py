"""An office on either database, of each test's own."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from issuer.bootstrap import Composition
from tests.offices import Clock, compose_office, founded_on


@pytest.fixture(params=["sqlite", "postgresql"])
def either_folder(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Path]:
    """An office folder on either database."""
    with founded_on(request.param, tmp_path / "paper-office") as folder:
        yield folder


@pytest.fixture
def either(either_folder: Path, clock: Clock) -> Iterator[Composition]:
    """That office, composed."""
    composition = compose_office(either_folder, clock)
    yield composition
    composition.close()
