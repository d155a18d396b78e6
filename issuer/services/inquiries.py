"""Inquiries: what strangers ask the verifier, within the limits.

Pages and the API come through here and never to the verifier itself. A limit is met
in the same way, after the same work, by numbers that exist and by numbers that do
not; what is counted is known from the question alone.
"""

from __future__ import annotations

from contextlib import suppress

from issuer.domain.errors import DependencyUnavailable
from issuer.domain.limits import CODE_GUESSES, Asker, Rule
from issuer.domain.numbers import read_number
from issuer.domain.ports import Clock
from issuer.domain.verdict import Checks, Reason, Verdict, Verification
from issuer.services.limits import Limits
from issuer.services.verification import Verifier


class Inquiries:
    """Answers for strangers. Every method raises ``TooManyAttempts``."""

    def __init__(self, *, verifier: Verifier, limits: Limits, clock: Clock) -> None:
        self._verifier = verifier
        self._limits = limits
        self._clock = clock

    def by_qr(self, text: str, asker: Asker) -> Verification:
        """Verify the text of a QR. Only what is no letter of ours counts.

        A true token is answered even at the limit, and no counter is asked: whoever has
        one has the letter, and a neighbour at the same address may have spent the limit.
        """
        found = self._verifier.by_qr(text)
        if found.letter is None and Reason.REGISTER_UNAVAILABLE not in found.reasons:
            # Tokens are signed, so none is found by trying; without counters we can answer.
            with suppress(DependencyUnavailable):
                self._limits.hit(Rule.UNKNOWN_TOKEN_PER_ADDRESS, asker.network)
        return found

    def by_number(self, number: str, code: str, asker: Asker) -> Verification:
        """Verify a number and its code, typed by hand. Only wrong pairs count.

        Without counters nothing is compared: codes could be tried for as long as
        they are away.
        """
        number = read_number(number)
        try:
            right = self._limits.guess(CODE_GUESSES, asker, number)
            found = self._verifier.by_number(number, code)
            if Reason.NUMBER_OR_CODE_WRONG not in found.reasons:
                right()
        except DependencyUnavailable:
            return Verification(
                Verdict.INDETERMINATE,
                Checks(),
                (Reason.REGISTER_UNAVAILABLE,),
                at_utc=self._clock.now(),
            )
        return found

    def by_file(self, data: bytes, asker: Asker) -> Verification:
        """Verify a PDF, or a photo or scan by the QR in it. Every file of a stranger counts.

        An institution's have been counted against its quota.
        """
        if asker.institution is None:
            with suppress(DependencyUnavailable):
                self._limits.hit(Rule.UPLOAD_PER_ADDRESS, asker.network)
        return self._verifier.by_file(data)
