"""An office for any test: founded once, copied for each."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from issuer.bootstrap import Composition
from tests.offices import Clock, compose_office, found_office

# A busy machine is no defect: speed is shown by the benchmarks, never by a test.
settings.register_profile("issuer", deadline=None)
settings.load_profile("issuer")


@pytest.fixture(scope="session")
def founded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A founded office with three agencies on SQLite; nothing may be changed in it."""
    folder = tmp_path_factory.mktemp("founded") / "office"
    found_office(folder, Clock())
    return folder


@pytest.fixture
def office_folder(founded: Path, tmp_path: Path) -> Path:
    """An office folder of the test's own."""
    return shutil.copytree(founded, tmp_path / "office")


@pytest.fixture
def clock() -> Clock:
    """Morning of 24 November 2026 in Bojonegoro, until the test moves it."""
    return Clock()


@pytest.fixture
def office(office_folder: Path, clock: Clock) -> Iterator[Composition]:
    """A composed office of the test's own, at the time of ``clock``."""
    composition = compose_office(office_folder, clock)
    yield composition
    composition.close()
