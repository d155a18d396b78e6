"""Publishing the QR's keys: the signed key sets, and the next key (private side).

The newest signed key set is what counts; the office's own file of public keys
follows it. So an interrupted rotation is either forgotten (a private key that nobody
knows) or finished by whoever publishes next.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from issuer.domain.errors import ConfigurationError, KeyUnavailable
from issuer.domain.publication import KEY_SETS, NewKey, PublishedFiles
from issuer.signing.credential_keys import (
    CredentialKey,
    CredentialKeyFile,
    CredentialKeySet,
    key_id,
    write_credential_keys,
)
from issuer.signing.credential_signing import CredentialKeyring, create_credential_key
from issuer.signing.key_sets import MAX_KEYS, KeySet, seal_key_set
from issuer.signing.published_keys import PublishedKeySets

LEAD: Final = timedelta(hours=1)
"""So long a key is published before it signs: longer than any cache keeps a key set."""

OVERLAP: Final = timedelta(days=1)
"""So long after that the key before it may finish what it began; a letter is of one day."""


class KeySetOffice:
    """Signs key sets and makes the next key; implements ``KeySetPublisher``.

    Its methods are called while ``files.changing()`` holds.
    """

    def __init__(
        self,
        *,
        keys_dir: Path,
        passphrase_file: Path,
        public: CredentialKeyFile,
        keyring: CredentialKeyring,
        files: PublishedFiles,
        region_code: str,
    ) -> None:
        self._keys_dir = keys_dir
        self._passphrase_file = passphrase_file
        self._public = public
        self.keyring = keyring
        self._files = files
        self._published = PublishedKeySets(files, public)
        self._region_code = region_code

    def publish(self, at_utc: datetime) -> int | None:
        """Publish version 1 where there is none, and let the office's file follow.

        Raises ``KeyUnavailable`` when the first key is not at hand, and
        ``ConfigurationError`` when the office has a key that no version names.
        """
        newest = self._published.read()
        if newest is None:
            self._publish_first(at_utc)
            return 1
        if self._published.differs():
            self._follow(newest)
        return None

    def rotate(self, at_utc: datetime, *, at_once: bool = False) -> NewKey:
        """Make and publish the next key; it signs an hour later, or ``at_once``.

        The key before it signs until then, may finish for a day, and verifies for
        ever. Raises ``ConfigurationError`` where a rotation is under way, the clock
        went back, or there are too many keys; ``KeyUnavailable`` when the key that
        signs now is not at hand, for nobody else can sign the next version.
        """
        self.publish(at_utc)
        newest = self._published.read()
        assert newest is not None  # noqa: S101 - published by the line above; for mypy
        at_utc = at_utc.replace(microsecond=0)
        _require_quiet(newest, at_utc)
        signer, sign = self.keyring.signer_at(at_utc)
        starts = at_utc if at_once else at_utc + LEAD
        # In this order: stored, published, known to this office. Then it can sign.
        key = create_credential_key(self._keys_dir, self._passphrase_file, starts)
        following = KeySet(
            newest.region_code,
            newest.version + 1,
            at_utc,
            (*(_put_aside(old, starts + OVERLAP) for old in newest.keys), key),
        )
        message = seal_key_set(following, signer, sign)
        self._files.create(KEY_SETS, following.version, message)
        self._follow(following)
        return NewKey(key_id(key.public_key).hex(), key.from_utc, following.version)

    def _publish_first(self, at_utc: datetime) -> None:
        keys = self._public.current().keys
        signer, sign = self.keyring.signer_at(at_utc)
        if signer != keys[0]:
            raise KeyUnavailable(key_id(keys[0].public_key).hex(), "no_such_key")
        first = KeySet(self._region_code, 1, at_utc.replace(microsecond=0), keys)
        self._files.create(KEY_SETS, 1, seal_key_set(first, signer, sign))

    def _follow(self, newest: KeySet) -> None:
        unknown = [
            kid
            for kid in (key_id(key.public_key) for key in self._public.current().keys)
            if newest.find(kid) is None
        ]
        if unknown:
            raise ConfigurationError(
                [f"credential keys: no published key set names {kid.hex()}" for kid in unknown]
            )
        write_credential_keys(self._keys_dir, CredentialKeySet(newest.keys))


def _require_quiet(newest: KeySet, at_utc: datetime) -> None:
    """Raise ``ConfigurationError`` unless the next version may be made now."""
    coming = [key for key in newest.keys if key.from_utc > at_utc]
    if coming:
        kid, starts = key_id(coming[0].public_key).hex(), coming[0].from_utc
        raise ConfigurationError([f"a rotation is under way: key {kid} signs from {starts}"])
    if at_utc < newest.issued_at_utc:
        raise ConfigurationError(["the clock is behind the newest key set"])
    if len(newest.keys) >= MAX_KEYS:
        raise ConfigurationError([f"a key set holds {MAX_KEYS} keys at most"])


def _put_aside(key: CredentialKey, at_utc: datetime) -> CredentialKey:
    """Return the key with its end at that moment, unless it ends earlier anyway."""
    if not key.signs_at(at_utc):
        return key
    return replace(key, retired_utc=at_utc)
