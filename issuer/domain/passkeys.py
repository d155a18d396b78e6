"""Passkeys (WebAuthn level 3): what the office keeps of one, and the questions it asks.

A passkey is a pair of keys of which the device keeps the private one; the device asks its
owner for a finger, a face or its own PIN before it signs (user verification). So one
passkey is two factors: something had, and something known or been (NIST SP 800-63B-4,
section 3.1.7.2). What it signs names the page's address, so no other site can use it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from hmac import compare_digest

MAX_PASSKEYS = 10
"""For one account: the telephone, the desk, a spare key, and some that were forgotten."""

MAX_PASSKEY_NAME = 60
MAX_SENT = 16_384
"""Characters of what a browser sends; a large attestation has some 6,000."""

CHALLENGE_BYTES = 32
"""Random ones; in a question about something 16 suffice, and its SHA-256 follows them."""

NONCE_BYTES = 16
CHALLENGE_TIME = timedelta(minutes=5)
"""WebAuthn, section 15.1: five to ten minutes where the owner is asked who he is."""

TRANSPORTS = ("ble", "hybrid", "internal", "nfc", "smart-card", "usb")
"""Ways to an authenticator that may be told to the browser again (section 5.8.4)."""


class Purpose(StrEnum):
    """What a challenge is for; it is of no use for anything else."""

    REGISTER = "register"
    SIGN_IN = "sign_in"
    SIGN_LETTERS = "sign_letters"


@dataclass(frozen=True, slots=True, repr=False)
class Challenge:
    """A question that waits for its one answer; only its SHA-256 (hex) is kept.

    ``bound_to`` is the SHA-256 (hex) of what the browser holds in its cookie: the token of
    its session, or before there is one a number of its own.
    """

    challenge_sha256: str
    purpose: Purpose
    bound_to: str
    expires_at_utc: datetime


@dataclass(frozen=True, slots=True)
class NewKey:
    """What a device told of a key that it made. ``public_key`` is a COSE key."""

    credential_id: str
    public_key: bytes
    sign_count: int
    transports: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Claimed:
    """What an answer says before anything of it was proved.

    ``credential_id`` is base64url; ``owner_id`` is the account that the device believes
    to be its owner, None where it does not say.
    """

    challenge: bytes
    credential_id: str
    owner_id: str | None


@dataclass(frozen=True, slots=True, repr=False)
class Shown:
    """A passkey that was shown as it was asked for, and the challenge that it signed."""

    passkey: Passkey
    challenge: bytes

    def is_about(self, digest: bytes) -> bool:
        """Say whether the question was about this, by its SHA-256."""
        return compare_digest(self.challenge[NONCE_BYTES:], digest)


@dataclass(frozen=True, slots=True, repr=False)
class Passkey:
    """A passkey of an account.

    ``sign_count`` is what the device counted last; many count nothing and say 0.
    """

    id: str
    account_id: str
    name: str
    key: NewKey
    added_at_utc: datetime
    last_used_at_utc: datetime | None = None

    def counted(self, sign_count: int) -> bool:
        """Say whether a count may follow the last one.

        One that does not grow comes from a copy of the key, or from an answer that was
        seen before (WebAuthn, section 6.1.1). A device that does not count says 0 always.
        """
        return sign_count > self.key.sign_count or sign_count == self.key.sign_count == 0

    def used(self, sign_count: int, at_utc: datetime) -> Passkey:
        """Return it as it is after an answer that holds."""
        return replace(self, key=replace(self.key, sign_count=sign_count), last_used_at_utc=at_utc)
