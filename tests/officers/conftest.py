"""Office folders on either database, and the pages over an office."""

from __future__ import annotations

from tests.office.conftest import shared_office
from tests.web.conftest import web

__all__ = ["shared_office", "web"]
