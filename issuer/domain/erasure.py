"""Erasing what is held about one person, on request: what goes, what stays, and why.

UU 27/2022 pasal 8 gives everybody the right to have data about him erased; pasal 15 takes
out what the state is run with. A letter that was issued, its number, the request it came
from and the audit trail are archives, which UU 43/2009 lets nobody destroy but by the
archive's own schedule. Everything else only serves the handling, and goes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from issuer.domain.letter_request import LetterRequest, RequestState
from issuer.domain.people import Holder, Nik, Sex

ENDED_WITHOUT_LETTER = frozenset(
    {RequestState.REJECTED, RequestState.CANCELLED, RequestState.LAPSED}
)
LED_TO_LETTER = frozenset({RequestState.ISSUED, RequestState.HANDED_OVER})
"""Any other request is open, and has to be withdrawn before anything is erased."""


class Goes(StrEnum):
    """What is erased. The value is its name in the audit trail."""

    RESIDENT = "residents"
    """The row in the register of residents: a copy, which the next import brings back."""

    ACCOUNT = "accounts"
    CODE = "codes"
    """A code from the counter that waits."""

    DRAFT = "drafts"
    """What he wrote at home about himself and has not sent."""

    APPLICATION = "applications"
    """What was typed at home for requests that have ended."""

    DOCUMENT = "documents"
    """The supporting documents of both."""

    CONTACT = "contacts"
    MESSAGE = "messages"
    REQUEST = "requests"
    """What a request says that ended without a letter, and its reasons; its steps stay."""


class Stays(StrEnum):
    """What the law keeps, as far as it can be counted by the person."""

    LETTER = "letters"
    REQUEST = "requests"


NOBODY = Holder(
    nik=Nik("0" * 16),
    name="–",
    birth_place="–",
    birth_date=date(1900, 1, 1),
    sex=Sex.MALE,
    religion="–",
    marital_status="–",
    occupation="–",
    nationality="–",
    address="–",
)
"""Whom a request is about that was erased; no such NIK can be typed."""


@dataclass(frozen=True, slots=True)
class OpenRequest:
    """A request that has to be withdrawn first."""

    id: str
    agency_code: str
    state: RequestState


@dataclass(frozen=True, slots=True)
class Erasure:
    """What is held of one person, or was erased, in numbers.

    ``person`` is a keyed hash, by which the audit trail names the person, and ``nik`` is
    masked. Both maps name every kind.
    """

    person: str
    nik: str
    goes: Mapping[Goes, int]
    stays: Mapping[Stays, int]
    open: Sequence[OpenRequest]

    @property
    def any(self) -> bool:
        """Say whether anything goes."""
        return any(self.goes.values())


def was_erased(request: LetterRequest) -> bool:
    """Say whether whom a request was about was erased from it."""
    return request.holder == NOBODY
