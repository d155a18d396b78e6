"""A signing batch: letters that an officer agreed to sign at once.

What was agreed to is fixed when it begins: the version of each request, the wording of its
type, the mandate, the certificate. A letter for which anything else holds when its turn
comes is not signed. How he showed that it was he is no part of it (``presence``).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from issuer.domain.errors import IllegalTransition, KeyUnavailable, NoMandate, StaleVersion
from issuer.domain.letter import Lease
from issuer.domain.sealing import Certificates

MAX_BATCH = 200
"""As many as an officer can be asked to have looked at; more are another batch."""


class BatchState(StrEnum):
    """Where a batch stands. Running without a live lease is interrupted."""

    RUNNING = "running"
    STOPPED = "stopped"
    DONE = "done"


class BatchAction(StrEnum):
    """What moves a batch."""

    GO_ON = "go_on"
    STOP = "stop"
    FINISH = "finish"


class OnError(StrEnum):
    """What happens to the rest when one letter cannot be signed."""

    CONTINUE = "continue"
    STOP = "stop"


class ItemState(StrEnum):
    """What became of one letter of a batch."""

    WAITING = "waiting"
    SIGNED = "signed"
    FAILED = "failed"


_S, _A = BatchState, BatchAction
BATCH_TRANSITIONS: dict[tuple[BatchState, BatchAction], BatchState] = {
    (_S.RUNNING, _A.GO_ON): _S.RUNNING,
    (_S.RUNNING, _A.STOP): _S.STOPPED,
    (_S.RUNNING, _A.FINISH): _S.DONE,
    (_S.STOPPED, _A.GO_ON): _S.RUNNING,
}


@dataclass(frozen=True, slots=True)
class Chosen:
    """A request that an officer ticked, as he saw it, and the digest of its type then."""

    request_id: str
    version: int
    type_digest: str


@dataclass(frozen=True, slots=True)
class Order:
    """What an officer wants signed, as his form says it.

    ``batch_id`` is the form's own, so that a form sent twice is one batch.
    """

    batch_id: str
    chosen: Sequence[Chosen]
    endorser_id: str | None = None
    on_error: OnError = OnError.CONTINUE


@dataclass(frozen=True, slots=True)
class Agreed:
    """What somebody who signs has seen.

    ``mandates`` and ``certificates`` are the signatory's and the endorser's, the latter
    None where nobody endorses. ``type_digest`` is the letter type's; None, which no type
    has, in a batch begun before it was kept.
    """

    version: int
    mandates: tuple[str, str | None]
    certificates: Certificates
    type_digest: str | None

    def check(self, now: Agreed, signatory_id: str, agency_code: str) -> None:
        """Raise ``StaleVersion``, ``NoMandate`` or ``KeyUnavailable`` when ``now`` differs."""
        if (now.version, now.type_digest) != (self.version, self.type_digest):
            raise StaleVersion
        if now.mandates != self.mandates:
            raise NoMandate(signatory_id, agency_code)
        if now.certificates != self.certificates:
            raise KeyUnavailable(signatory_id, "another_certificate")


@dataclass(frozen=True, slots=True)
class BatchItem:
    """One letter of a batch.

    ``outcome`` is the code of the error that kept it from being signed; ``mandates`` and
    ``type_digest`` are as in ``Agreed``, ``mandates`` None for one that could not begin.
    """

    position: int
    request_id: str
    version: int
    mandates: tuple[str, str | None] | None
    endorsed: bool = False
    state: ItemState = ItemState.WAITING
    letter_id: str | None = None
    outcome: str | None = None
    type_digest: str | None = None

    def signed(self, letter_id: str) -> BatchItem:
        """Return it with its letter."""
        return replace(self, state=ItemState.SIGNED, letter_id=letter_id, outcome=None)

    def failed(self, code: str) -> BatchItem:
        """Return it with the code of what kept it from being signed."""
        return replace(self, state=ItemState.FAILED, letter_id=None, outcome=code)


@dataclass(frozen=True, slots=True)
class SigningBatch:
    """Letters that one officer signs in a row. ``version`` grows with every change.

    ``certificates`` are the SHA-256 (hex) of those it began with; the endorser's is None
    where no letter of it is endorsed.
    """

    id: str
    account_id: str
    agency_code: str
    signatory_id: str
    endorser_id: str | None
    certificates: Certificates
    on_error: OnError
    created_at_utc: datetime
    lease: Lease | None
    state: BatchState = BatchState.RUNNING
    version: int = 1

    def after(self, action: BatchAction, lease: Lease | None = None) -> SigningBatch:
        """Return the batch in the state that follows. Raises ``IllegalTransition``."""
        following = BATCH_TRANSITIONS.get((self.state, action))
        if following is None:
            raise IllegalTransition(self.state, action)
        return replace(self, state=following, lease=lease, version=self.version + 1)

    def agreed(self, item: BatchItem) -> Agreed:
        """Return what the officer agreed to for an item that may be signed."""
        if item.mandates is None:
            raise ValueError("an item that could not begin")
        own, endorser = self.certificates
        certificates = (own, endorser if item.endorsed else None)
        return Agreed(item.version, item.mandates, certificates, item.type_digest)


@dataclass(frozen=True, slots=True)
class Progress:
    """How many letters of a batch there are, and what became of them."""

    signed: int
    failed: int
    waiting: int

    @classmethod
    def of(cls, items: Sequence[BatchItem]) -> Progress:
        """Count the items of a batch."""
        states = [item.state for item in items]
        return cls(
            signed=states.count(ItemState.SIGNED),
            failed=states.count(ItemState.FAILED),
            waiting=states.count(ItemState.WAITING),
        )

    @property
    def all(self) -> int:
        """How many letters the batch has."""
        return self.signed + self.failed + self.waiting
