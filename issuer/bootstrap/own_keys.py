"""The keys of the QR codes: opened at the start, with a word when they end soon."""

from __future__ import annotations

from datetime import datetime, timedelta

from issuer.config import Settings
from issuer.domain.errors import ConfigurationError, KeyUnavailable
from issuer.domain.ports import Clock
from issuer.signing.credential_keys import CredentialKeyFile
from issuer.signing.credential_signing import CredentialKeyring

ROTATE_WITHIN = timedelta(days=30)
"""So long before its end a key without a successor is told to the operator."""


def open_keyring(settings: Settings, public: CredentialKeyFile, clock: Clock) -> CredentialKeyring:
    """Return the office's keyring. Raises ``ConfigurationError`` when none of it signs now."""
    keyring = CredentialKeyring(settings.keys_dir, settings.keys_passphrase_file, public)
    try:
        keyring.signer_at(clock.now())
    except KeyUnavailable as error:
        if error.reason != "outside_its_dates":
            raise
        raise ConfigurationError(
            ["no key for QR credentials can sign now; run 'issuer keys init'"]
        ) from error
    return keyring


def end_of_keys(keyring: CredentialKeyring, now: datetime) -> str:
    """Return what to say when the key of the QR codes ends soon and none follows it, or ""."""
    try:
        keyring.signer_at(now + ROTATE_WITHIN)
    except KeyUnavailable:
        key, _ = keyring.signer_at(now)
        return (
            f"the key of the QR codes signs until {key.until_utc:%Y-%m-%d %H:%M} UTC and has no "
            "successor; run 'issuer keys rotate'"
        )
    return ""
