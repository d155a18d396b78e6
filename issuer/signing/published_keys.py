"""The published key sets as whoever verifies finds them; no private key is near."""

from __future__ import annotations

from issuer.domain.errors import InvalidDocument
from issuer.domain.publication import KEY_SETS, Published, PublishedFiles
from issuer.domain.verdict import Reason
from issuer.signing.credential_keys import CredentialKeyFile
from issuer.signing.key_sets import KeySet, read_chain


class PublishedKeySets:
    """Reads all versions, from the first; implements ``KeySetVerifier``."""

    def __init__(self, files: PublishedFiles, public: CredentialKeyFile) -> None:
        self._files = files
        self._public = public

    def read(self) -> KeySet | None:
        """Return the newest version, or None when there is none.

        Raises ``InvalidDocument`` or ``InvalidSignature`` where one is missing or does
        not follow from the one before it.
        """
        versions = self._files.numbers(KEY_SETS)
        if not versions:
            return None
        if list(versions) != list(range(1, len(versions) + 1)):
            raise InvalidDocument(Reason.CREDENTIAL_DIFFERS)
        return read_chain(self._files.get(KEY_SETS, version) for version in versions)

    def newest(self) -> Published | None:
        """Return the name and date of the newest version, or None; raises as ``read``."""
        found = self.read()
        if found is None:
            return None
        return Published(f"{KEY_SETS}/{found.version}", found.issued_at_utc, None)

    def differs(self) -> bool:
        """Say whether tokens are verified with other keys than the newest version's."""
        found = self.read()
        return found is not None and found.keys != self._public.current().keys
