"""What a verifier may ask the register: single letters, and nothing is ever written."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from issuer.domain.blank import Blank
from issuer.domain.letter import Letter


class LetterLookup(Protocol):
    """Single rows of the register, each answer as it is at that moment.

    Letters come without what only their making needs: lease, QR text, what was to be signed.

    Every method raises ``DependencyUnavailable`` when the database is away and
    ``CorruptStore`` for a row that cannot be read.
    """

    def by_number(self, number: str) -> Letter | None:
        """Return the letter that bears the number, or None."""

    def by_pdf(self, sha256: str) -> Letter | None:
        """Return the letter whose file has this SHA-256 (hex), or None."""

    def find(self, letter_id: str) -> Letter | None:
        """Return the letter with this id, or None."""

    def code_of(self, number: str) -> str | None:
        """Return the verification code of the letter that bears the number, or None."""

    def sheets_of(self, letter_id: str) -> Sequence[Blank]:
        """Return every sheet the letter was printed on, the oldest print first."""
