"""Office folders on either database."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.offices import founded_on


@pytest.fixture(params=["sqlite", "postgresql"])
def shared_office(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Path]:
    """An office folder on either database."""
    with founded_on(request.param, tmp_path / "office") as folder:
        yield folder
