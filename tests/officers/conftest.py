"""Office folders on either database."""

from __future__ import annotations

from tests.office.conftest import shared_office

__all__ = ["shared_office"]
