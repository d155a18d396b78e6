"""Presence: how whoever holds an officer's session shows that he is there, and for what.

A PIN is typed into the very form that is sent. A passkey answers a question that was asked
before, so the question names what is agreed to (``digest_of``): an answer permits that and
nothing else, whatever changed between the question and the answer.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256

from issuer.domain.record import canonical_json
from issuer.domain.signing_batches import BatchItem, SigningBatch


@dataclass(frozen=True, slots=True, repr=False)
class Pin:
    """A PIN as it was typed."""

    typed: str


@dataclass(frozen=True, slots=True, repr=False)
class PasskeyAnswer:
    """What a browser sent, and the SHA-256 (hex) of its session's token."""

    sent: str
    session_sha256: str


Presence = Pin | PasskeyAnswer
"""One of these, and there is no third."""


def digest_of(batch: SigningBatch, items: Sequence[BatchItem], *, begun: bool) -> bytes:
    """Return the SHA-256 of what an officer agrees to: to begin, or to go on once ``begun``.

    It covers who signs, for whom, by which mandates and certificates, and of each item the
    version of the request and the wording of its type, in the order of signing. An item
    that cannot be signed has no mandates, and is covered too: it must not become one that
    can.
    """
    agreed = {
        "step": "go_on" if begun else "begin",
        "batch": batch.id,
        "account": batch.account_id,
        "agency": batch.agency_code,
        "signatory": batch.signatory_id,
        "endorser": batch.endorser_id,
        "certificates": list(batch.certificates),
        "on_error": batch.on_error.value,
        "items": [
            {
                "request": item.request_id,
                "version": item.version,
                "type": item.type_digest,
                "mandates": list(item.mandates) if item.mandates else None,
                "endorsed": item.endorsed,
            }
            for item in items
        ],
    }
    return sha256(canonical_json(agreed)).digest()
