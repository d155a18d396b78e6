"""Writes PAdES B-B signatures into files that the page renderer made room in."""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta
from typing import Final, final

from issuer.domain.errors import KeyUnavailable, NotFitToSign
from issuer.domain.sealing import ReadyToSign, RenderedLetter, SignatureSlot, SignedLetter
from issuer.domain.signature_dictionary import signature_texts
from issuer.signing import lint
from issuer.signing.byte_range import Gap
from issuer.signing.cms import SignedDataForm
from issuer.signing.keys import KeyStore
from issuer.signing.revisions import Layout, with_endorsement

_LEAST_LIFETIME: Final = timedelta(days=1)


@final
class PadesSigner:
    """A ``LetterSigner`` with the keys of one ``KeyStore``."""

    def __init__(self, keys: KeyStore, layout: Layout = Layout.CONVENTIONAL) -> None:
        self._keys = keys
        self._layout = layout

    def check(self, key_id: str, at_utc: datetime) -> str:
        """Return the SHA-256 (hex) of the certificate that would sign at that moment.

        Raises ``KeyUnavailable`` when none would.
        """
        self._keys.check(key_id, at_utc)
        return hashlib.sha256(self._keys.signer(key_id).certificate_der).hexdigest()

    def prepare(self, rendered: RenderedLetter, key_id: str, at_utc: datetime) -> ReadyToSign:
        """Lint file and key, fix the ByteRange. Raises ``NotFitToSign`` with all findings.

        The reader's own dates may differ by a zone, so a certificate must have a day
        left to live.
        """
        findings = lint.findings(rendered.pdf) + self._key_findings(key_id, at_utc)
        if findings:
            raise NotFitToSign(findings)
        return _ready(self._layout.of(rendered.pdf), key_id, None)

    def prepare_endorsement(
        self, signed: SignedLetter, slot: SignatureSlot, key_id: str, at_utc: datetime
    ) -> ReadyToSign:
        """Append the second signature, still empty. Raises ``NotFitToSign`` as above."""
        findings = self._key_findings(key_id, at_utc)
        try:
            pdf = with_endorsement(signed.pdf, signature_texts(slot), self._layout)
        except ValueError:
            findings.append("no_field_for_a_second_signature")
        if findings:
            raise NotFitToSign(findings)
        return _ready(pdf, key_id, signed.certificate_sha256)

    def sign(self, ready: ReadyToSign, key_id: str) -> SignedLetter:
        """Redeem the right. Raises ``KeyUnavailable`` or ``NotFitToSign``."""
        pdf = ready.redeem(key_id)
        digest = bytes.fromhex(ready.to_sign_sha256)
        signer = self._keys.signer(key_id)
        form = SignedDataForm.of(signer.certificate_der, signer.issuer_der)
        signature = signer.sign(form.signed_attributes(digest))
        cms = form.assemble(digest, signer.algorithm.canonical(signature))
        gap = Gap.last(pdf)
        room = len(gap.token_in(pdf))
        token = cms.hex().upper().encode().ljust(room, b"0")
        if len(token) > room:
            raise NotFitToSign(["signature_larger_than_its_slot"])
        signed = gap.with_token(pdf, token)
        certificate = hashlib.sha256(signer.certificate_der).hexdigest()
        if ready.signed_before is None:
            return SignedLetter(signed, certificate)
        return SignedLetter(signed, ready.signed_before, certificate)

    def _key_findings(self, key_id: str, at_utc: datetime) -> list[str]:
        try:
            leaf = self._keys.check(key_id, at_utc)
        except KeyUnavailable as error:
            return [error.reason]
        ends_soon = leaf.not_valid_after_utc < at_utc + _LEAST_LIFETIME
        return ["certificate_ends_within_a_day"] if ends_soon else []


def _ready(pdf: bytes, key_id: str, signed_before: str | None) -> ReadyToSign:
    gap = Gap.last(pdf)
    pdf = gap.with_array(pdf)
    return ReadyToSign(pdf, key_id, gap.digest_of(pdf).hex(), signed_before)
