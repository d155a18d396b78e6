"""What the use cases about accounts need from the world outside, as protocols."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from issuer.domain.accounts import Account, SignIn
from issuer.domain.administration import Activation
from issuer.domain.second_factor import CodeGenerator, RecoveryCode


class AccountRepository(Protocol):
    """Accounts and sessions."""

    def add(self, account: Account) -> None: ...
    def save(self, account: Account) -> None:
        """Write a changed account, read in this same transaction."""

    def by_username(self, username: str) -> Account | None: ...
    def get(self, account_id: str) -> Account:
        """Raises ``NotFound``."""

    def list(self, agency_code: str | None = None) -> Sequence[Account]:
        """Return the staff of an agency, or all staff, by username."""

    def activation(self, account_id: str) -> Activation | None: ...
    def set_activation(self, activation: Activation) -> None:
        """Put this in the place of the one there was."""

    def remove_activation(self, account_id: str) -> None: ...
    def add_sign_in(self, sign_in: SignIn) -> None: ...
    def find_sign_in(self, token_sha256: str) -> SignIn | None: ...
    def remove_sign_in(self, token_sha256: str) -> None: ...
    def seen(self, token_sha256: str, at_utc: datetime) -> None:
        """Note when a session was last used; one that has ended stays ended."""

    def sign_ins(self, account_id: str) -> Sequence[SignIn]:
        """Return an account's sessions, live or not, the newest first."""

    def remove_sign_ins(self, account_id: str, *, but: str | None = None) -> None:
        """End every session of an account, ``but`` the one of a token's SHA-256."""


class SecondFactorRepository(Protocol):
    """What accounts sign in with beside their password; secrets are sealed at rest."""

    def generator(self, account_id: str) -> CodeGenerator | None: ...
    def save_generator(self, generator: CodeGenerator) -> None:
        """Insert or write the one generator of an account."""

    def recovery_codes(self, account_id: str) -> Sequence[RecoveryCode]: ...
    def set_recovery_codes(self, account_id: str, codes: Sequence[RecoveryCode]) -> None:
        """Put these in the place of all there were."""

    def forget(self, account_id: str) -> None:
        """Remove everything of an account."""


class OneTimeCodes(Protocol):
    """Codes of authenticator applications."""

    def step(self, secret: bytes, code: str, at_utc: datetime) -> int | None:
        """Return the period whose code this is, the present one or a neighbour, or None."""

    def address(self, secret: bytes, username: str) -> str:
        """Return the ``otpauth://`` address that an application takes the secret from."""


class SymbolDrawer(Protocol):
    """Draws QR symbols for screens."""

    def svg(self, text: str) -> str:
        """Return the symbol of a text as an SVG document, quiet zone and all."""


class PasswordHasher(Protocol):
    """Turns a password into something that may be stored."""

    def hash(self, password: str) -> str: ...
    def verify(self, password: str, stored: str) -> bool:
        """Compare in constant time; False for a damaged ``stored``."""


class PasswordJudge(Protocol):
    """Says which passwords are easily guessed."""

    def easily_guessed(self, password: str, about: Sequence[str]) -> bool:
        """Say whether somebody who knows what it is ``about`` guesses it soon."""
