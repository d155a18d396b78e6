"""Writes PAdES B-B signatures into files that the page renderer made room in."""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta
from enum import Enum, auto
from typing import Final, final

from issuer.domain.errors import KeyUnavailable, NotFitToSign
from issuer.domain.sealing import ReadyToSign, RenderedLetter, SignedLetter
from issuer.signing import lint
from issuer.signing.byte_range import Gap
from issuer.signing.cms import SignedDataForm
from issuer.signing.keys import KeyStore

_LEAST_LIFETIME: Final = timedelta(days=1)


class Layout(Enum):
    """Where the cross-reference table and the trailer stand.

    ``TRAILER_FIRST`` puts them before the signature dictionary, so that a reader
    that looks less closely than ours can be shown nothing unsigned either; it is
    not the default until somebody has opened it in Adobe Reader.
    """

    CONVENTIONAL = auto()
    TRAILER_FIRST = auto()


@final
class PadesSigner:
    """A ``LetterSigner`` with the keys of one ``KeyStore``."""

    def __init__(self, keys: KeyStore, layout: Layout = Layout.CONVENTIONAL) -> None:
        self._keys = keys
        self._layout = layout

    def check(self, key_id: str, at_utc: datetime) -> None:
        """Raise ``KeyUnavailable`` unless this key can sign at that moment."""
        self._keys.check(key_id, at_utc)

    def prepare(self, rendered: RenderedLetter, key_id: str, at_utc: datetime) -> ReadyToSign:
        """Lint file and key, fix the ByteRange. Raises ``NotFitToSign`` with all findings.

        The reader's own dates may differ by a zone, so a certificate must have a day
        left to live.
        """
        findings = lint.findings(rendered.pdf) + self._key_findings(key_id, at_utc)
        if findings:
            raise NotFitToSign(findings)
        pdf = trailer_first(rendered.pdf) if self._layout is Layout.TRAILER_FIRST else rendered.pdf
        gap = Gap.find(pdf)
        pdf = gap.with_array(pdf)
        return ReadyToSign(pdf, key_id, gap.digest_of(pdf).hex())

    def sign(self, ready: ReadyToSign, key_id: str) -> SignedLetter:
        """Redeem the right. Raises ``KeyUnavailable`` or ``NotFitToSign``."""
        pdf = ready.redeem(key_id)
        digest = bytes.fromhex(ready.to_sign_sha256)
        signer = self._keys.signer(key_id)
        form = SignedDataForm.of(signer.certificate_der, signer.issuer_der)
        signature = signer.sign(form.signed_attributes(digest))
        cms = form.assemble(digest, signer.algorithm.canonical(signature))
        gap = Gap.find(pdf)
        room = len(gap.token_in(pdf))
        token = cms.hex().upper().encode().ljust(room, b"0")
        if len(token) > room:
            raise NotFitToSign(["signature_larger_than_its_slot"])
        signed = gap.with_token(pdf, token)
        return SignedLetter(signed, hashlib.sha256(signer.certificate_der).hexdigest())

    def _key_findings(self, key_id: str, at_utc: datetime) -> list[str]:
        try:
            leaf = self._keys.check(key_id, at_utc)
        except KeyUnavailable as error:
            return [error.reason]
        ends_soon = leaf.not_valid_after_utc < at_utc + _LEAST_LIFETIME
        return ["certificate_ends_within_a_day"] if ends_soon else []


def trailer_first(pdf: bytes) -> bytes:
    """Return the file with its table and trailer before the last object, the signature."""
    startxref_at = pdf.rindex(b"startxref\n")
    table_at = int(pdf[startxref_at:].split()[1])
    object_at = pdf.rindex(b"endobj\n", 0, table_at - len(b"endobj\n")) + len(b"endobj\n")
    table = pdf[table_at:startxref_at]
    entry = b"\n%010d 00000 n "
    table = table.replace(entry % object_at, entry % (object_at + len(table)))
    end = b"startxref\n%d\n%%%%EOF\n" % object_at
    return b"".join((pdf[:object_at], table, pdf[object_at:table_at], end))
