"""More of a letter, for whoever holds it: the full name, the true title, the purpose.

The QR alone opens a page with initials and, for sensitive types, a neutral title, so
that a link that was passed on, a preview or a glance at a screen tells little. Whoever
also types what stands on the paper or on the holder's KTP sees what a clerk needs to
compare, and no more: never the full NIK, the birth date, the address or an amount
(UU 23/2006 article 84, UU 27/2022 article 4).
"""

from __future__ import annotations

import hmac
from dataclasses import dataclass

from issuer.domain.audit import AuditEvent
from issuer.domain.errors import TooManyAttempts
from issuer.domain.letter import Letter
from issuer.domain.limits import Asker, Rule
from issuer.domain.numbers import read_number
from issuer.domain.people import Nik
from issuer.domain.ports import Clock, Register
from issuer.domain.record import Signer
from issuer.domain.verdict import Verification
from issuer.services.limits import Limits
from issuer.services.verification import Verifier

ANYONE = "anyone"
"""Who acts in the audit trail when a stranger does; no address is kept."""

_NIK_DIGITS = 4


@dataclass(frozen=True, slots=True, repr=False)
class DisclosedLetter:
    """What a clerk compares with the paper and the holder's KTP, below the verdict."""

    seen: Verification
    number: str
    title: str
    name: str
    purpose: str
    signer: Signer
    endorser: Signer | None


class Disclosure:
    """Opens more of a letter, and writes down that it was opened."""

    def __init__(
        self, *, verifier: Verifier, register: Register, limits: Limits, clock: Clock
    ) -> None:
        self._verifier = verifier
        self._register = register
        self._limits = limits
        self._clock = clock

    def by_qr(self, text: str, proof: str, asker: Asker) -> DisclosedLetter | None:
        """Return more of the letter behind a QR, or None.

        ``proof`` is the last four digits of the holder's NIK or the whole letter number,
        as typed. A wrong proof and a QR that opens nothing get the same answer. Only
        these count. Raises ``TooManyAttempts``, and ``DependencyUnavailable``: without
        counters and an audit trail nothing is opened.
        """
        network = asker.network
        self._limits.hit(Rule.REVEAL_PER_ADDRESS, network)
        seen = self._verifier.by_qr(text)
        subject = seen.letter.number if seen.letter else text
        try:
            self._limits.hit(Rule.REVEAL_PER_LETTER, subject)
        except TooManyAttempts:
            self._limits.give_back(Rule.REVEAL_PER_ADDRESS, network)
            raise
        with self._register.reading() as uow:
            letter = uow.letters.by_number(subject)
        kind = _proven_by(proof, letter)
        if seen.letter is None or letter is None or kind is None:
            return None
        facts = {"number": letter.number, "proof": kind}
        with self._register.writing() as uow:
            uow.audit.append(
                AuditEvent(self._clock.now(), ANYONE, "letter.disclosed", letter.id, facts)
            )
            uow.commit()
        self._limits.give_back(Rule.REVEAL_PER_LETTER, subject)
        self._limits.give_back(Rule.REVEAL_PER_ADDRESS, network)
        record = letter.record
        return DisclosedLetter(
            seen=seen,
            number=letter.number,
            title=record.title,
            name=record.holder["name"],
            purpose=record.purpose,
            signer=record.signer,
            endorser=record.endorser,
        )


def _proven_by(proof: str, letter: Letter | None) -> str | None:
    """Return what the proof is, or None; both are compared, whatever was typed."""
    digits = Nik(letter.record.holder["nik"]).last_four if letter else "-" * _NIK_DIGITS
    number = letter.number if letter else "-"
    same_digits = _same("".join(proof[:99].split()), digits)
    same_number = _same(read_number(proof), number)
    if letter is None:
        return None
    return "nik" if same_digits else "number" if same_number else None


def _same(typed: str, wanted: str) -> bool:
    return hmac.compare_digest(typed.encode("utf-8", "surrogatepass"), wanted.encode())
