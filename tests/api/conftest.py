"""The API over a real office, opened once for each test module."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.api.api_office import ApiOffice, open_api
from tests.offices import Clock, compose_office


@pytest.fixture(scope="module")
def api(founded: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[ApiOffice]:
    """An office with its API, two institutions and one issued letter."""
    folder = shutil.copytree(founded, tmp_path_factory.mktemp("api") / "office")
    composition = compose_office(folder, Clock())
    yield open_api(composition)
    composition.close()
