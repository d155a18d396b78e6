"""How a letter of a batch failed, in words."""

from __future__ import annotations

from issuer import texts
from issuer.domain.letter_types import Bilingual
from issuer.texts.officers import OUTCOMES

_OF_ERRORS = {error.code: text for error, text in texts.ERRORS.items()}


def outcome_text(code: str) -> Bilingual:
    """Return why it was not signed: the room's own words, or else those of the error."""
    return OUTCOMES.get(code) or _OF_ERRORS[code]
