"""What two people do with one number on paper at the same moment; run as ``racing`` says."""

from __future__ import annotations

from issuer.bootstrap import Composition
from issuer.domain.paper_number import PaperVoidReason
from tests.casework.casework_office import CLERK
from tests.paper.paper_office import enter, reserve
from tests.racing import Step, race


def void(office: Composition, number_id: str) -> None:
    office.services.paper_numbers.void(CLERK, [number_id], PaperVoidReason.UNUSED)


def take_more(office: Composition, _number_id: str) -> None:
    reserve(office, 2)


RACES: dict[str, tuple[Step, Step]] = {
    "enter or enter": (enter, enter),
    "void or void": (void, void),
    "void or enter": (void, enter),
    "enter and take more": (enter, take_more),
}


if __name__ == "__main__":
    race(RACES)
