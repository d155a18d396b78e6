"""Offices and browsers for the offline verifier."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.browser.chromium import chromium
from tests.offline.offline_office import FILES, Device, OfflineOffice, office_at_a_port
from tests.web.conftest import web as web  # noqa: PLC0414 - a fixture of this folder too


@pytest.fixture(scope="session")
def packages() -> None:
    """Skip what needs the packages from npm, or fail in CI."""
    if not (FILES / "vendor" / "zxing" / "share.js").is_file():
        message = "the packages of the offline verifier are missing (make scripts)"
        if os.environ.get("CI") == "true":
            pytest.fail(message)
        pytest.skip(message)


@pytest.fixture(scope="module")
def browser(packages: None) -> Iterator[Browser]:
    with chromium() as running:
        yield running


@pytest.fixture
def open_office(founded: Path, tmp_path: Path) -> Iterator[OfflineOffice]:
    """An office of the test's own behind a port."""
    with office_at_a_port(founded, tmp_path / "open-office") as office:
        yield office


@pytest.fixture
def device(browser: Browser, open_office: OfflineOffice) -> Iterator[Device]:
    """A device that has never been at the office, with its page closed in good order."""
    made = Device(browser, open_office)
    yield made
    made.context.close()
    assert made.problems == []
