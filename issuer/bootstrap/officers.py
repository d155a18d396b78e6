"""Officers: how they show that it is they, what they agree to, and what they sign."""

from __future__ import annotations

from dataclasses import dataclass

from issuer.domain.account_ports import PasswordHasher
from issuer.domain.office import Office
from issuer.domain.officer_ports import Background
from issuer.domain.ports import Clock, LetterCatalogue, Register, Workers
from issuer.services.batches import Batches
from issuer.services.issuance import Issuance
from issuer.services.limits import Limits
from issuer.services.officers import Officers
from issuer.services.passkeys import Passkeys
from issuer.services.presences import Presences
from issuer.services.proposals import Proposals
from issuer.services.recovery import Recovery
from issuer.services.signing_room import SigningRoom


@dataclass(frozen=True, slots=True)
class Signing:
    """The use cases of whoever signs."""

    officers: Officers
    proposals: Proposals
    batches: Batches


def officers_signing(
    register: Register,
    catalogue: LetterCatalogue,
    hasher: PasswordHasher,
    passkeys: Passkeys,
    issuance: Issuance,
    recovery: Recovery,
    room: SigningRoom,
    workers: Workers,
    background: Background,
    limits: Limits,
    clock: Clock,
    office: Office,
) -> Signing:
    """Build what officers sign with."""
    officers = Officers(register=register, hasher=hasher, limits=limits, clock=clock)
    proposals = Proposals(
        register=register,
        catalogue=catalogue,
        officers=officers,
        room=room,
        clock=clock,
        office=office,
    )
    batches = Batches(
        register=register,
        catalogue=catalogue,
        officers=officers,
        presences=Presences(officers=officers, passkeys=passkeys, limits=limits, clock=clock),
        proposals=proposals,
        issuance=issuance,
        recovery=recovery,
        workers=workers,
        background=background,
        clock=clock,
    )
    return Signing(officers, proposals, batches)
