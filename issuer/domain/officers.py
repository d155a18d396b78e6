"""Officers: signatories who sign in, and the PIN by which most agree to sign.

The PIN opens no key: keys are opened by the office's own passphrase. It proves that whoever
holds the session is the officer, at the moment of signing, and is kept as a hash alone. Who
has none signs by passkey alone.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise

from issuer.domain.access import Actor, Role
from issuer.domain.errors import InvalidInput, NotPermitted, Problem

LEAST_DIGITS, MOST_DIGITS = 6, 12
_PIN = re.compile(rf"[0-9]{{{LEAST_DIGITS},{MOST_DIGITS}}}", re.ASCII)
_STEPS = (0, 1, 9)
"""111111, 123456 and 654321: the same step from digit to digit, modulo ten."""


@dataclass(frozen=True, slots=True, repr=False)
class Officer:
    """Which signatory an account is, and the hash of the PIN, None for who has none."""

    account_id: str
    signatory_id: str
    pin_hash: str | None

    def __repr__(self) -> str:
        return f"Officer({self.account_id!r}, {self.signatory_id!r})"


def check_own_hand(actor: Actor, officer: Officer | None, signatory_id: str) -> None:
    """Raise ``NotPermitted`` when an officer is about to sign as somebody else."""
    if actor.role is not Role.SIGNATORY:
        return
    if officer is None or (officer.account_id, officer.signatory_id) != (actor.id, signatory_id):
        raise NotPermitted("sign_as_another")


def check_new_pin(pin: str, again: str) -> None:
    """Raise ``InvalidInput`` for a PIN of the wrong form, or one that is tried first."""
    problems = []
    if not _PIN.fullmatch(pin):
        facts: dict[str, str | int] = {"least": LEAST_DIGITS, "most": MOST_DIGITS}
        problems.append(Problem("new", "bad_pin", facts))
    elif _easily_guessed(pin):
        problems.append(Problem("new", "easy_pin"))
    if pin != again:
        problems.append(Problem("again", "not_the_same"))
    if problems:
        raise InvalidInput(problems)


def _easily_guessed(pin: str) -> bool:
    steps = {(int(after) - int(before)) % 10 for before, after in pairwise(pin)}
    repeated = any(pin == pin[:size] * (len(pin) // size) for size in (1, 2, 3))
    return repeated or (len(steps) == 1 and steps <= set(_STEPS))
