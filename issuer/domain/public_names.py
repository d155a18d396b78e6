"""What the numbers in a QR are called, for whoever verifies without asking the register."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from issuer.domain.letter_types import Bilingual


@dataclass(frozen=True, slots=True)
class PublicNames:
    """Names by the numbers that the QR carries; nothing here is secret or about a resident.

    A sensitive type has its neutral title. A signatory stands with the latest post.
    """

    types: Mapping[int, Bilingual]
    agencies: Mapping[int, str]
    signatories: Mapping[int, str]
