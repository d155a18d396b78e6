"""Blanks on both databases, with the databases of the storage tests."""

from __future__ import annotations

import pytest

from issuer.storage.register import SqlRegister
from tests.blanks.blank_office import Stock, open_stock
from tests.storage.conftest import (  # noqa: F401 - fixtures, found by their names
    database_url,
    databases,
    raw,
    register,
)


@pytest.fixture
def stock(register: SqlRegister) -> Stock:  # noqa: F811 - the fixture above
    """The blanks of two counters on security paper, nothing received yet."""
    return open_stock(register)
