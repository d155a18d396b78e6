"""Single letters for whoever verifies, read by the driver itself.

Each answer is one statement and needs no transaction around it; opening and ending
one takes SQLAlchemy longer than SQLite takes to find the row.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from typing import Any

import psycopg
from sqlalchemy import Engine, Select
from sqlalchemy.exc import TimeoutError as NoConnectionLeft

from issuer.domain.blank import Blank
from issuer.domain.errors import DependencyUnavailable
from issuer.domain.letter import Letter
from issuer.storage import blanks, letters
from issuer.storage.database import in_terms_of_the_domain
from issuer.storage.sealing import RowCipher
from issuer.storage.statements import rows_by_driver


class SqlLookup:
    """``LetterLookup`` over an engine of ``database.open_engine``."""

    def __init__(self, engine: Engine, cipher: RowCipher) -> None:
        self._engine = engine
        self._cipher = cipher

    def by_number(self, number: str) -> Letter | None:
        """Return the letter that bears the number, or None."""
        return self._letter(letters.LOOKED_UP_BY_NUMBER, number)

    def by_pdf(self, sha256: str) -> Letter | None:
        """Return the letter whose file has this SHA-256 (hex), or None."""
        return self._letter(letters.LOOKED_UP_BY_PDF, sha256)

    def find(self, letter_id: str) -> Letter | None:
        """Return the letter with this id, or None."""
        return self._letter(letters.LOOKED_UP_BY_ID, letter_id)

    def code_of(self, number: str) -> str | None:
        """Return the verification code of the letter that bears the number, or None."""
        found = self._rows(letters.CODE_OF, number)
        return found[0].verification_code if found else None

    def sheets_of(self, letter_id: str) -> Sequence[Blank]:
        """Return every sheet the letter was printed on, the oldest print first."""
        return [blanks.blank_of(row) for row in self._rows(blanks.OF_LETTER, letter_id)]

    def _letter(self, query: Select[Any], key: str) -> Letter | None:
        found = self._rows(query, key)
        return letters.letter_of(found[0], self._cipher) if found else None

    def _rows(self, query: Select[Any], key: str) -> list[Any]:
        try:
            pooled = self._engine.raw_connection()
        except NoConnectionLeft as error:
            raise DependencyUnavailable("database") from error
        except (sqlite3.Error, psycopg.Error) as error:
            raise in_terms_of_the_domain(error) from error
        try:
            return rows_by_driver(pooled.cursor(), self._engine.dialect, query, {"key": key})
        finally:
            pooled.close()
