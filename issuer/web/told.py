"""What a resident was told of a request, in words for whoever handles it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from issuer.domain.letter_types import Bilingual
from issuer.domain.messages import Message, MessageKind, Way
from issuer.domain.outbox import DeliveryState

T = Bilingual

KINDS: Mapping[MessageKind, Bilingual] = {
    MessageKind.RECEIVED: T("Permohonan diterima", "Request received"),
    MessageKind.RETURNED: T("Perlu diperbaiki", "Needs a correction"),
    MessageKind.REJECTED: T("Tidak dapat dipenuhi", "Refused"),
    MessageKind.CANCELLED: T("Dibatalkan", "Cancelled"),
    MessageKind.LAPSED: T("Gugur karena lewat waktu", "Lapsed"),
    MessageKind.ISSUED: T("Surat terbit", "Letter issued"),
    MessageKind.ENDED: T("Surat tidak berlaku lagi", "Letter no longer in force"),
}
WAYS: Mapping[Way, Bilingual] = {
    Way.MAIL: T("surel", "e-mail"),
    Way.GATEWAY: T("SMS atau WhatsApp", "SMS or WhatsApp"),
}
STATES: Mapping[DeliveryState, Bilingual] = {
    DeliveryState.WAITING: T(
        "belum terkirim, dicoba lagi otomatis", "not sent yet, tried again automatically"
    ),
    DeliveryState.DELIVERED: T("sudah dikirim", "sent"),
    DeliveryState.DEAD: T(
        "tidak dapat dikirim; beri tahu pemohon dengan cara lain",
        "could not be sent; tell the applicant in another way",
    ),
}


@dataclass(frozen=True, slots=True)
class Told:
    """A message without whom it was for; ``failed`` asks the reader to act."""

    kind: Bilingual
    way: Bilingual
    state: Bilingual
    failed: bool
    at_utc: datetime


def told(messages: Sequence[Message]) -> Sequence[Told]:
    """Return messages in words, the oldest first."""
    return [
        Told(
            kind=KINDS[message.kind],
            way=WAYS[message.way],
            state=STATES[message.state],
            failed=message.state is DeliveryState.DEAD,
            at_utc=message.created_at_utc,
        )
        for message in reversed(messages)
        if isinstance(message.kind, MessageKind)
    ]
