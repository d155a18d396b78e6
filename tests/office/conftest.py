"""Office folders on either database."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.databases import fresh_postgres
from tests.offices import Clock, found_office


@pytest.fixture(params=["sqlite", "postgresql"])
def shared_office(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Path]:
    """An office folder on either database."""
    folder = tmp_path / "office"
    if request.param == "sqlite":
        found_office(folder, Clock())
        yield folder
        return
    with fresh_postgres() as url:
        found_office(folder, Clock(), url)
        yield folder
