"""What the use cases about passkeys need from the world outside, as protocols."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from issuer.domain.accounts import Account
from issuer.domain.passkeys import Challenge, Claimed, NewKey, Passkey, Purpose


class PasskeyRepository(Protocol):
    """Passkeys, and the challenges that wait for an answer."""

    def of(self, account_id: str) -> Sequence[Passkey]:
        """Return an account's passkeys, the oldest first."""

    def by_credential(self, credential_id: str) -> Passkey | None: ...
    def add(self, passkey: Passkey) -> None:
        """Insert a passkey. Raises ``StaleVersion`` where its key is there already."""

    def save(self, passkey: Passkey) -> None:
        """Write a used passkey, read in this same transaction."""

    def remove(self, account_id: str, passkey_id: str) -> None: ...
    def forget(self, account_id: str) -> None:
        """Remove every passkey of an account."""

    def ask(self, challenge: Challenge, now_utc: datetime) -> None:
        """Keep a challenge until it is answered, and drop those whose time is over."""

    def take(
        self, challenge_sha256: str, purpose: Purpose, bound_to: str, now_utc: datetime
    ) -> bool:
        """Say whether this was asked there, and is asked no more: true once at most."""


class PasskeyCeremonies(Protocol):
    """WebAuthn as far as the server has to do with it. Everything sent is a stranger's."""

    def to_create(self, challenge: bytes, owner: Account, there: Sequence[Passkey]) -> str:
        """Return what a browser makes a passkey by, as JSON; none of those ``there`` again."""

    def to_show(self, challenge: bytes, allowed: Sequence[Passkey]) -> str:
        """Return what a browser shows a passkey by, as JSON; any of its own where none is."""

    def claimed(self, sent: str) -> Claimed | None:
        """Return what an answer says of itself, unproved; None where it says nothing."""

    def created(self, sent: str, challenge: bytes) -> NewKey | None:
        """Return the new key, or None for anything but an answer to this challenge."""

    def shown(self, sent: str, challenge: bytes, passkey: Passkey) -> int | None:
        """Return what the device counts, or None for anything but this key's answer.

        The count itself is not judged.
        """
