"""The private side of the QR's keys: made, opened, and chosen for the moment."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from cryptography.hazmat.primitives.asymmetric import ec

from issuer.domain.credential import CredentialClaims
from issuer.domain.errors import ConfigurationError, KeyUnavailable
from issuer.signing.credential import CoseCredentialSealer
from issuer.signing.credential_keys import (
    CredentialKey,
    CredentialKeyFile,
    MessageSigner,
    key_id,
    message_signer,
    new_credential_key,
)
from issuer.signing.keys import open_private_key, private_path, store_private_key

KEY_LIFE: Final = timedelta(days=3 * 365)


class CredentialKeyring:
    """The office's QR keys whose private halves are in the key folder.

    The public file is looked at for each signature, so that a running office follows
    a rotation without a restart.
    """

    def __init__(self, folder: Path, passphrase_file: Path, public: CredentialKeyFile) -> None:
        self._folder = folder
        self._passphrase_file = passphrase_file
        self._public = public
        self._opened: dict[str, tuple[object, MessageSigner]] = {}

    def signer_at(self, *moments_utc: datetime) -> tuple[CredentialKey, MessageSigner]:
        """Return the newest key that signs at all these moments and is at hand.

        Raises ``KeyUnavailable``.
        """
        return next(self._signers(moments_utc), None) or _nobody()

    def _signers(
        self, moments_utc: tuple[datetime, ...]
    ) -> Iterator[tuple[CredentialKey, MessageSigner]]:
        keys = [k for k in self._public.current().keys if all(map(k.signs_at, moments_utc))]
        # Of two that begin in the same second, the later in the set is the newer.
        for key in sorted(keys, key=lambda key: key.from_utc)[::-1]:
            sign = self._open(private_name(key_id(key.public_key)))
            if sign is not None:
                yield key, sign

    def _open(self, name: str) -> MessageSigner | None:
        """Return what signs with a private key, or None for one that is not here.

        An opened key is kept until its file changes.
        """
        try:
            status = private_path(self._folder, name).stat()
            stamp = (status.st_ino, status.st_mtime_ns, status.st_mode)
            opened = self._opened.get(name)
            if opened is None or opened[0] != stamp:
                opened = self._opened[name] = stamp, self._signer(name)
        except FileNotFoundError:
            return None
        return opened[1]

    def _signer(self, name: str) -> MessageSigner:
        private = open_private_key(self._folder, name, self._passphrase_file)
        if not isinstance(private, ec.EllipticCurvePrivateKey):
            raise ConfigurationError([f"{name} is not an ES256 key"])
        return message_signer(private)


class KeyringCredentialSealer:
    """Makes the text of the QR with the key of the moment; implements ``CredentialSigner``."""

    def __init__(self, keys: CredentialKeyring, base_url: str) -> None:
        self._keys = keys
        self._base_url = base_url

    def seal(self, claims: CredentialClaims, at_utc: datetime) -> str:
        """Return the URL for the QR. Raises ``KeyUnavailable`` or ``NotFitToSign``."""
        key, sign = self._keys.signer_at(at_utc, claims.issued_at_utc)
        return CoseCredentialSealer(key, sign, self._base_url).seal(claims, at_utc)


def create_credential_key(folder: Path, passphrase_file: Path, from_utc: datetime) -> CredentialKey:
    """Make a key and store its private half durably; nothing is published yet.

    Raises ``ConfigurationError``.
    """
    key, private = new_credential_key(from_utc, from_utc + KEY_LIFE)
    store_private_key(folder, private_name(key_id(key.public_key)), private, passphrase_file)
    return key


def private_name(kid: bytes) -> str:
    """Return the name of a QR key's private half in the key folder."""
    return f"credential-{kid.hex()}"


def _nobody() -> tuple[CredentialKey, MessageSigner]:
    raise KeyUnavailable("credential", "outside_its_dates")
