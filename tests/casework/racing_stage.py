"""What two people do with one request at the same moment; run as ``racing`` says."""

from __future__ import annotations

from issuer.bootstrap import Composition
from tests.casework.casework_office import CLERK, SECOND_CLERK, SIGNATORY, WARDS_HEAD
from tests.racing import Step, race


def review(office: Composition, request_id: str) -> object:
    return office.services.casework.review(CLERK, request_id, 2)


def return_(office: Composition, request_id: str) -> object:
    return office.services.casework.return_(SECOND_CLERK, request_id, 2, "Foto KTP buram")


def second_review(office: Composition, request_id: str) -> object:
    return office.services.casework.review(SECOND_CLERK, request_id, 2)


def issue(office: Composition, request_id: str) -> object:
    return office.services.issuance.issue(CLERK, request_id, WARDS_HEAD)


def reject(office: Composition, request_id: str) -> object:
    return office.services.casework.reject(SIGNATORY, request_id, 4, "Orangnya pindah")


RACES: dict[str, tuple[Step, Step]] = {
    "review or return": (review, return_),
    "two reviews": (review, second_review),
    "issue or reject": (issue, reject),
}


if __name__ == "__main__":
    race(RACES)
