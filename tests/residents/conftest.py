"""Offices on either database, for the register of residents."""

from tests.office.conftest import shared_office

__all__ = ["shared_office"]
