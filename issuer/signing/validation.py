"""Is a file a letter that somebody with our certificate signed? Needs no private key."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import datetime
from typing import final

from cryptography import x509
from cryptography.x509.oid import NameOID

from issuer.domain.errors import InvalidDocument, InvalidSignature
from issuer.domain.foreign_file import ForeignFile
from issuer.domain.sealing import DocumentFacts
from issuer.signing import cms, foreign_files, gate
from issuer.signing.algorithms import algorithm_of, verifies
from issuer.signing.trust import Trust, TrustStore

LEVEL = "PAdES B-B"


@final
class PadesValidator:
    """A ``DocumentValidator`` for the office's own letters."""

    def __init__(self, trust: TrustStore) -> None:
        self._trust = trust

    def validate(self, pdf: bytes, *, signed_at_utc: datetime, now_utc: datetime) -> DocumentFacts:
        """Return the signature's facts. Raises ``InvalidDocument`` or ``InvalidSignature``.

        1. The gate: a form of this office, nothing unsigned, one DER element in a gap.
        2. The chain ends at an anchor, its dates fit, no list names it.
        3. The CMS is the one this office would build for that file and signer.
        4. The signature holds.

        Of a letter with two signatures, each is asked 2 to 4.
        """
        first, second = gate.open_sealed(pdf)
        trust = self._trust.current()
        facts = _facts(first, trust, signed_at_utc, now_utc)
        if second is None:
            return facts
        return replace(facts, endorser=_facts(second, trust, signed_at_utc, now_utc))

    def look_at(self, pdf: bytes) -> ForeignFile:
        """Return what a file that was refused says of itself, unverified; never raises."""
        return foreign_files.look_at(pdf)

    def letter_id_claimed(self, pdf: bytes) -> str | None:
        """Return the letter id a file claims to be, unverified, or None."""
        return gate.letter_id_claimed(pdf)


def _facts(
    sealed: gate.SealedFile, trust: Trust, signed_at_utc: datetime, now_utc: datetime
) -> DocumentFacts:
    if sealed.digest not in sealed.cms:
        raise InvalidDocument("file_altered")
    try:
        found = cms.read(sealed.cms)
        leaf_der, issuer_der = _signer_and_issuer(found.certificates, trust)
    except ValueError as error:
        raise InvalidSignature("signature_broken") from error
    leaf = trust.require(leaf_der, issuer_der, signed_at_utc=signed_at_utc, now_utc=now_utc)
    form = cms.SignedDataForm.of(leaf_der, issuer_der)
    if form.assemble(sealed.digest, found.signature) != sealed.cms:
        raise InvalidSignature("signature_broken")
    if not _holds(leaf, found.signature, form.signed_attributes(sealed.digest)):
        raise InvalidSignature("signature_broken")
    return DocumentFacts(
        signer=_common_name(leaf),
        certificate_sha256=hashlib.sha256(leaf_der).hexdigest(),
        claimed_at_utc=sealed.claimed_at_utc,
        level=LEVEL,
    )


def _signer_and_issuer(certificates: tuple[bytes, ...], trust: Trust) -> tuple[bytes, bytes]:
    issuers = [c for c in certificates if c in trust.issuing]
    others = [c for c in certificates if c not in trust.issuing]
    if not issuers:
        raise InvalidSignature("issuer_not_trusted")
    if len(issuers) != 1 or len(others) != 1:
        raise InvalidSignature("signature_broken")
    return others[0], issuers[0]


def _holds(leaf: x509.Certificate, signature: bytes, message: bytes) -> bool:
    key = leaf.public_key()
    try:
        canonical = algorithm_of(key).canonical(signature)
    except ValueError:
        return False
    return canonical == signature and verifies(key, signature, message)


def _common_name(leaf: x509.Certificate) -> str:
    names = leaf.subject.get_attributes_for_oid(NameOID.COMMON_NAME)
    return str(names[0].value) if names else ""
