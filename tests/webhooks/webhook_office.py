"""Institutions of an office, and a courier that writes down what it was given."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from issuer.bootstrap import Composition, SystemRandom
from issuer.domain.institution import Institution, Scope
from issuer.domain.institution_ports import Courier
from issuer.domain.letter import Letter
from issuer.domain.webhook import Outcome
from issuer.services.deliveries import Deliveries
from tests.offices import OPERATOR

URL = "https://hooks.bank.example/surat"
ALL_SCOPES = frozenset(Scope)


@dataclass
class Post:
    """What was sent once."""

    url: str
    headers: dict[str, str]
    body: bytes


@dataclass
class Notebook:
    """A ``Courier`` that sends nothing; it answers what it is told to, else ``RECEIVED``."""

    answers: list[Outcome] = field(default_factory=list)
    posts: list[Post] = field(default_factory=list)

    def post(self, url: str, headers: Mapping[str, str], body: bytes) -> Outcome:
        self.posts.append(Post(url, dict(headers), body))
        return self.answers.pop(0) if self.answers else Outcome.RECEIVED


def deliveries_by(office: Composition, courier: Courier) -> Deliveries:
    """Return a worker of the office with this courier."""
    return Deliveries(
        register=office.register,
        courier=courier,
        clock=office.services.clock,
        random=SystemRandom(),
    )


def add_bank(
    office: Composition, *, scopes: frozenset[Scope] = ALL_SCOPES, quota: int = 1000
) -> tuple[Institution, str]:
    """Return an institution and its key."""
    return office.services.institutions.add(OPERATOR, "Bank Contoh", scopes, quota)


def watch(office: Composition, institution: Institution, letter: Letter) -> str:
    """Let an institution check a letter and ask to be told; return its signing secret."""
    institutions = office.services.institutions
    secret = institutions.set_webhook(OPERATOR, institution.id, URL)
    assert secret is not None
    check(office, institution, letter)
    return secret


def check(office: Composition, institution: Institution, letter: Letter) -> None:
    """Let an institution check a letter by its QR."""
    assert letter.qr_text is not None
    found = office.services.verifier.by_qr(letter.qr_text)
    office.services.institutions.found(institution, [found])
