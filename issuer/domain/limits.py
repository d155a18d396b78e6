"""How often may somebody try? Every rule of the public side, as a table.

A limit counts attempts under a key, and keys are HMACs: nobody who reads a counter
learns an address, a number or a name. The period begins with the first attempt and
ends by itself, so no rule shuts anybody out for longer than its period.
"""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass
from datetime import timedelta
from enum import Enum
from ipaddress import IPv6Address, ip_address
from typing import NamedTuple, Protocol

MINUTES_15, HOUR, DAY = timedelta(minutes=15), timedelta(hours=1), timedelta(days=1)
_IPV6_NETWORK_BITS = 64


class Allowance(NamedTuple):
    """So many attempts in a period that begins with the first of them."""

    attempts: int
    period: timedelta


class Rule(Enum):
    """What is limited. The value is the name that a counter is stored under.

    In Indonesia thousands of telephones share one address of their network, so a rule
    by address alone counts failures, which are rare among honest people, or is wide.
    """

    UNKNOWN_TOKEN_PER_ADDRESS = "unknown_token_per_address"  # noqa: S105 - no secret
    WRONG_CODE_PER_ADDRESS = "wrong_code_per_address"
    WRONG_CODE_PER_NUMBER = "wrong_code_per_number"
    WRONG_CODE_PER_NUMBER_ANYWHERE = "wrong_code_per_number_anywhere"
    WRONG_CODE_UNDER_ATTACK = "wrong_code_under_attack"
    UPLOAD_PER_ADDRESS = "upload_per_address"
    REVEAL_PER_LETTER = "reveal_per_letter"
    REVEAL_PER_ADDRESS = "reveal_per_address"
    REPORT_PER_ADDRESS = "report_per_address"
    SIGN_IN_PER_ADDRESS = "sign_in_per_address"
    SIGN_IN_PER_ACCOUNT = "sign_in_per_account"
    SIGN_IN_PER_ACCOUNT_ANYWHERE = "sign_in_per_account_anywhere"
    SIGN_IN_UNDER_ATTACK = "sign_in_under_attack"
    PASSWORD_AGAIN_PER_ACCOUNT = "password_again_per_account"  # noqa: S105 - no secret
    RESIDENTS_PER_ACCOUNT = "residents_per_account"
    IMPORTS_PER_ACCOUNT = "imports_per_account"
    SECOND_FACTOR_PER_ACCOUNT = "second_factor_per_account"
    PASSKEY_PER_ACCOUNT = "passkey_per_account"
    PASSKEY_PER_ADDRESS = "passkey_per_address"
    PRESENCE_PER_OFFICER = "presence_per_officer"
    DRAFT_PER_ADDRESS = "draft_per_address"
    DOCUMENT_PER_ADDRESS = "document_per_address"
    DOCUMENT_PER_ACCOUNT = "document_per_account"
    APPLICATION_CODE_PER_ADDRESS = "application_code_per_address"
    BIRTH_DATE_PER_APPLICATION = "birth_date_per_application"
    COUNTER_CODE_PER_ADDRESS = "counter_code_per_address"
    BIRTH_DATE_PER_COUNTER_CODE = "birth_date_per_counter_code"
    MAIL_CODE_PER_ADDRESS = "mail_code_per_address"
    MAIL_CODE_PER_MAILBOX = "mail_code_per_mailbox"
    GUESS_PER_MAIL_CODE = "guess_per_mail_code"
    PROVIDER_PER_ADDRESS = "provider_per_address"
    API_PER_ADDRESS = "api_per_address"
    API_PER_INSTITUTION = "api_per_institution"


ALLOWANCES: dict[Rule, Allowance] = {
    Rule.UNKNOWN_TOKEN_PER_ADDRESS: Allowance(100, HOUR),
    Rule.WRONG_CODE_PER_ADDRESS: Allowance(50, HOUR),
    Rule.WRONG_CODE_PER_NUMBER: Allowance(5, MINUTES_15),
    Rule.WRONG_CODE_PER_NUMBER_ANYWHERE: Allowance(50, HOUR),
    Rule.WRONG_CODE_UNDER_ATTACK: Allowance(1, MINUTES_15),
    Rule.UPLOAD_PER_ADDRESS: Allowance(120, MINUTES_15),
    # Four digits of a NIK are 10,000 possibilities: this one is hard and slow.
    Rule.REVEAL_PER_LETTER: Allowance(10, DAY),
    Rule.REVEAL_PER_ADDRESS: Allowance(30, HOUR),
    Rule.REPORT_PER_ADDRESS: Allowance(10, HOUR),
    Rule.SIGN_IN_PER_ADDRESS: Allowance(100, MINUTES_15),
    Rule.SIGN_IN_PER_ACCOUNT: Allowance(5, MINUTES_15),
    Rule.SIGN_IN_PER_ACCOUNT_ANYWHERE: Allowance(50, HOUR),
    Rule.SIGN_IN_UNDER_ATTACK: Allowance(1, MINUTES_15),
    # Only who is signed in is asked again: a thief of the session, not of the password.
    Rule.PASSWORD_AGAIN_PER_ACCOUNT: Allowance(5, MINUTES_15),
    # A busy clerk serves one person a minute and looks for some of them twice.
    Rule.RESIDENTS_PER_ACCOUNT: Allowance(200, HOUR),
    # Each takes a process seconds; a table is seldom right the first time.
    Rule.IMPORTS_PER_ACCOUNT: Allowance(30, HOUR),
    # Six digits, three of which are right: a thief of the password has 240 tries a day.
    Rule.SECOND_FACTOR_PER_ACCOUNT: Allowance(10, HOUR),
    # A passkey cannot be guessed: these bound how many questions are kept.
    Rule.PASSKEY_PER_ACCOUNT: Allowance(60, MINUTES_15),
    Rule.PASSKEY_PER_ADDRESS: Allowance(100, MINUTES_15),
    # A million possible PINs or more, 480 tries a day: who steals a session learns none.
    # Answers of passkeys that do not hold count too, though none can be guessed.
    Rule.PRESENCE_PER_OFFICER: Allowance(5, MINUTES_15),
    Rule.DRAFT_PER_ADDRESS: Allowance(100, HOUR),
    Rule.DOCUMENT_PER_ADDRESS: Allowance(200, HOUR),
    # A clerk with a scanner: ten documents for each of sixty people.
    Rule.DOCUMENT_PER_ACCOUNT: Allowance(600, HOUR),
    Rule.APPLICATION_CODE_PER_ADDRESS: Allowance(50, HOUR),
    # There are some thirty thousand dates of birth: this one is hard and slow too.
    Rule.BIRTH_DATE_PER_APPLICATION: Allowance(10, DAY),
    Rule.COUNTER_CODE_PER_ADDRESS: Allowance(50, HOUR),
    Rule.BIRTH_DATE_PER_COUNTER_CODE: Allowance(10, DAY),
    # Mail to people who did not ask for it: what a stranger can cause is little.
    Rule.MAIL_CODE_PER_ADDRESS: Allowance(50, HOUR),
    Rule.MAIL_CODE_PER_MAILBOX: Allowance(5, HOUR),
    # Longer than the code holds.
    Rule.GUESS_PER_MAIL_CODE: Allowance(5, HOUR),
    # Each keeps a row for ten minutes and may ask the provider.
    Rule.PROVIDER_PER_ADDRESS: Allowance(60, MINUTES_15),
    Rule.API_PER_ADDRESS: Allowance(600, MINUTES_15),
    Rule.API_PER_INSTITUTION: Allowance(10_000, HOUR),
}


class Limiter(Protocol):
    """Counts attempts by rule and key for all processes of the office together.

    ``key`` is a keyed hash. All raise ``DependencyUnavailable``.
    """

    def hit(self, rule: Rule, key: str) -> None:
        """Count one attempt. Raises ``TooManyAttempts``, counting none, if none is left."""

    def require(self, rule: Rule, key: str) -> None:
        """Count none. Raises ``TooManyAttempts`` if no attempt is left."""

    def give_back(self, rule: Rule, key: str) -> None:
        """Undo one hit of a period that has not ended."""

    def sweep(self) -> None:
        """Forget the counters whose period has ended."""


@dataclass(frozen=True, slots=True)
class GuessRules:
    """The rules around a secret that can be guessed: who guesses, at what.

    ``each`` holds for one asker at one thing, ``all`` for one asker at anything. When
    one thing is wrongly guessed at more often than ``anywhere``, by whomever, an asker
    has only ``attacked`` attempts at it left: so a wide attack gains little and yet never
    shuts out the one who comes with the right answer.
    """

    all: Rule
    each: Rule
    anywhere: Rule
    attacked: Rule


CODE_GUESSES = GuessRules(
    Rule.WRONG_CODE_PER_ADDRESS,
    Rule.WRONG_CODE_PER_NUMBER,
    Rule.WRONG_CODE_PER_NUMBER_ANYWHERE,
    Rule.WRONG_CODE_UNDER_ATTACK,
)
PASSWORD_GUESSES = GuessRules(
    Rule.SIGN_IN_PER_ADDRESS,
    Rule.SIGN_IN_PER_ACCOUNT,
    Rule.SIGN_IN_PER_ACCOUNT_ANYWHERE,
    Rule.SIGN_IN_UNDER_ATTACK,
)


@dataclass(frozen=True, slots=True, repr=False)
class Asker:
    """Who asks: a network address, and the id of the institution whose API key came with it."""

    address: str
    institution: str | None = None

    @property
    def network(self) -> str:
        """The address that counts. A household's IPv6 addresses are one: its /64.

        An institution is counted by itself, wherever it calls from.
        """
        if self.institution is not None:
            return f"institution {self.institution}"
        try:
            address = ip_address(self.address)
        except ValueError:
            return self.address
        if not isinstance(address, IPv6Address):
            return str(address)
        if address.ipv4_mapped is not None:
            return str(address.ipv4_mapped)
        return str(int(address) >> (128 - _IPV6_NETWORK_BITS))


def counting_secret(session_secret: bytes) -> bytes:
    """Return the secret that keys are made with; it opens no session."""
    return hmac.digest(session_secret, b"issuer: keys of attempt counters", hashlib.sha256)


def counter_key(secret: bytes, rule: Rule, *parts: str) -> str:
    """Return what a counter is stored under: 32 hexadecimal digits, one way."""
    message = "\x00".join((rule.value, *parts)).encode("utf-8", "surrogatepass")
    return hmac.digest(secret, message, hashlib.sha256)[:16].hex()
