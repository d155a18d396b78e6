"""What a kind of letter asks of those who handle its requests: data, never code."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

MAX_REVIEWS = 4
MAX_DAYS = 365


@dataclass(frozen=True, slots=True)
class Handling:
    """How a request is handled on its way to the officer who signs.

    ``reviews`` is how many parafs it takes, each by another person. With ``four_eyes``
    whoever forwards it for signature has neither opened nor reviewed it. A request older
    than ``promise_days`` is late, and one that was returned and waits longer than
    ``lapse_days`` for its applicant lapses; both are calendar days. The operator, who
    runs commands on the server itself, is bound by none of this: he could change the
    rule as well, and the audit trail names him.
    """

    reviews: int = 1
    four_eyes: bool = False
    promise_days: int = 2
    lapse_days: int = 30

    def __post_init__(self) -> None:
        if not 1 <= self.reviews <= MAX_REVIEWS:
            raise ValueError("reviews")
        if not 1 <= self.promise_days <= MAX_DAYS or not 1 <= self.lapse_days <= MAX_DAYS:
            raise ValueError("days")

    @property
    def in_one_go(self) -> bool:
        """Whether one person may open, review and forward a request."""
        return self.reviews == 1 and not self.four_eyes

    @property
    def promise(self) -> timedelta:
        """How long a request may take."""
        return timedelta(days=self.promise_days)

    @property
    def patience(self) -> timedelta:
        """How long a returned request waits for its applicant."""
        return timedelta(days=self.lapse_days)


@dataclass(frozen=True, slots=True)
class Stricter:
    """What one agency asks beyond the letter type. It may be stricter, never laxer."""

    reviews: int
    four_eyes: bool

    def over(self, handling: Handling) -> Handling:
        """Return what holds at this agency."""
        return Handling(
            reviews=max(handling.reviews, self.reviews),
            four_eyes=handling.four_eyes or self.four_eyes,
            promise_days=handling.promise_days,
            lapse_days=handling.lapse_days,
        )

    def __post_init__(self) -> None:
        if not 1 <= self.reviews <= MAX_REVIEWS:
            raise ValueError("reviews")
