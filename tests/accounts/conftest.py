"""The pages over a real office, opened once for each test module."""

from __future__ import annotations

from tests.web.conftest import web

__all__ = ["web"]
