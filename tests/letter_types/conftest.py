"""An office with its pages for the tests of letter types."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from issuer.domain.access import Role
from tests.letter_types.two_admins import SECOND
from tests.offices import Clock, compose_office
from tests.web.web_office import PASSWORD, WebOffice, open_web


@pytest.fixture(scope="module")
def web(founded: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[WebOffice]:
    """An office with its pages and a second administrator of the regency."""
    folder = shutil.copytree(founded, tmp_path_factory.mktemp("types") / "office")
    clock = Clock()
    composition = compose_office(folder, clock)
    composition.services.accounts.create(
        username=SECOND,
        password=PASSWORD,
        full_name="Admin Kedua Contoh",
        role=Role.REGENCY_ADMIN,
        agency_code=None,
    )
    yield open_web(composition, clock)
    composition.close()
