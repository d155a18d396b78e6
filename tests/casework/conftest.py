"""An office on either database, with its pages' people."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from issuer.bootstrap import Composition
from issuer.domain.access import Role
from tests.casework.casework_office import SECOND
from tests.offices import WARD, Clock, compose_office, founded_on
from tests.web.web_office import PASSWORD, WebOffice, open_web


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def office_on_either(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Path]:
    """An office folder of this module's own."""
    with founded_on(request.param, tmp_path_factory.mktemp("casework") / "office") as folder:
        yield folder


@pytest.fixture
def either(office_on_either: Path, clock: Clock) -> Iterator[Composition]:
    """That office, composed; requests of earlier tests stay in it."""
    composition = compose_office(office_on_either, clock)
    yield composition
    composition.close()


@pytest.fixture(scope="module")
def web(founded: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[WebOffice]:
    """An office with its pages, an account of every role and a second clerk of the ward."""
    folder = shutil.copytree(founded, tmp_path_factory.mktemp("pages") / "office")
    clock = Clock()
    composition = compose_office(folder, clock)
    composition.services.accounts.create(
        username=SECOND,
        password=PASSWORD,
        full_name="Petugas Kedua Contoh",
        role=Role.COUNTER,
        agency_code=WARD,
    )
    yield open_web(composition, clock)
    composition.close()
