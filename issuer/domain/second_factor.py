"""The second factor: who owes one, and what is kept of it.

A one-time code follows from a secret and the time (RFC 6238: SHA-1, six digits, thirty
seconds, as every authenticator application has it). A recovery code is for the day the
telephone is gone: ``C-7Q2MX-9KD4T``, whose first letter says which of ten it is, so that
one slow hash tells whether it is right.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from issuer.domain.access import Role
from issuer.domain.codes import ALPHABET

CODE_PERIOD_SECONDS = 30
CODE_DIGITS = 6
SECRET_BYTES = 20
"""RFC 4226, section 4: 160 bits are recommended."""

SET_UP_TIME = timedelta(minutes=15)
"""How long a secret that was shown waits for its first code, and a sign-in for its second step."""

OWE_SECOND_FACTOR = frozenset(Role) - {Role.APPLICANT}
"""All staff. A resident decides for himself."""

RECOVERY_PLACES = "ABCDEFGHJK"
_BODY = 10
_CODE = re.compile(rf"[0-9]{{{CODE_DIGITS}}}", re.ASCII)
_READ_AS = str.maketrans("OIL", "011")
_MOST_TYPED = 60


class Owed(StrEnum):
    """What somebody still owes after the right password."""

    NOTHING = "nothing"
    CODE = "code"
    SET_UP = "set_up"


@dataclass(frozen=True, slots=True, repr=False)
class CodeGenerator:
    """The authenticator application of an account, as far as the office knows it.

    ``secret`` counts; ``pending`` was shown and has not proved itself yet. ``last_step``
    is the period of the last code that was taken: none is taken twice, nor an older one.
    """

    account_id: str
    secret: bytes | None = None
    confirmed_at_utc: datetime | None = None
    last_step: int = 0
    pending: bytes | None = None
    pending_since_utc: datetime | None = None
    pending_for: str | None = None

    def pending_of(self, sign_in_id: str, now_utc: datetime) -> bytes | None:
        """Return the secret that waits for its first code, unless it waited too long.

        Only the session that was shown it may prove it: who else knows the password must
        not learn what its owner is about to trust.
        """
        since = self.pending_since_utc
        mine = self.pending_for == sign_in_id
        return self.pending if mine and since and now_utc - since < SET_UP_TIME else None


@dataclass(frozen=True, slots=True, repr=False)
class RecoveryCode:
    """One of ten, by its letter; ``hashed`` is slow, as of a password."""

    place: str
    hashed: str
    used_at_utc: datetime | None = None


def new_recovery_code(place: str, below: Callable[[int], int]) -> str:
    """Return the body of a fresh code: 50 bits; ``below(n)`` draws from 0 to n - 1."""
    return place + "".join(ALPHABET[below(len(ALPHABET))] for _ in range(_BODY))


def shown_recovery_code(code: str) -> str:
    """Return a code as it is written down: ``C-7Q2MX-9KD4T``."""
    return f"{code[0]}-{code[1:6]}-{code[6:]}"


def read_one_time_code(typed: str) -> str | None:
    """Return six digits that a person typed, spaces forgiven, or None."""
    code = "".join(typed[:_MOST_TYPED].split())
    return code if _CODE.fullmatch(code) else None


def read_recovery_code(typed: str) -> str | None:
    """Return a recovery code that a person typed, as it was made, or None."""
    text = "".join(typed[:_MOST_TYPED].split()).replace("-", "").upper()
    place, body = text[:1], text[1:].translate(_READ_AS)
    if len(body) != _BODY or place not in RECOVERY_PLACES or not place:
        return None
    return place + body if set(body) <= set(ALPHABET) else None
