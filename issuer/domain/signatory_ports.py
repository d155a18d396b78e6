"""What the use cases need from the register about signatories, as a protocol."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from issuer.domain.mandate import Mandate, Signatory


class SignatoryRepository(Protocol):
    """Signatories and their mandates."""

    def add(self, signatory: Signatory) -> None: ...
    def get(self, signatory_id: str) -> Signatory:
        """Raises ``NotFound``."""

    def add_mandate(self, mandate: Mandate) -> None: ...
    def end_mandate(self, mandate: Mandate) -> None:
        """Write the last day of a mandate, read in this same transaction."""

    def mandates(
        self, *, agency_code: str | None = None, signatory_id: str | None = None
    ) -> Sequence[Mandate]:
        """Return mandates of any date, oldest first."""

    def list(self) -> Sequence[Signatory]: ...
