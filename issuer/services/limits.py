"""Limits: counts attempts under one-way keys, and says when there were too many."""

from __future__ import annotations

from collections.abc import Callable

from issuer.domain.errors import TooManyAttempts
from issuer.domain.limits import Asker, GuessRules, Limiter, Rule, counter_key
from issuer.services.refusals import note_refusal

_MARK = 8


class Limits:
    """The rules of ``domain.limits``, applied. ``secret`` makes the counters' keys."""

    def __init__(self, *, limiter: Limiter, secret: bytes) -> None:
        self._limiter = limiter
        self._secret = secret

    def hit(self, rule: Rule, *who_or_what: str) -> None:
        """Count an attempt. Raises ``TooManyAttempts`` when none was left."""
        self._noted(self._limiter.hit, rule, who_or_what)

    def require(self, rule: Rule, *who_or_what: str) -> None:
        """Count nothing. Raises ``TooManyAttempts`` when no attempt is left."""
        self._noted(self._limiter.require, rule, who_or_what)

    def give_back(self, rule: Rule, *who_or_what: str) -> None:
        """Undo one ``hit``: what was counted was no failure after all."""
        self._limiter.give_back(rule, counter_key(self._secret, rule, *who_or_what))

    def guess(self, rules: GuessRules, asker: Asker, what: str) -> Callable[[], None]:
        """Count a guess at a secret, before anybody looks whether it is right.

        Returns what to call when it was right, which takes the guess back. Counting
        first means that a thousand guesses at the same moment are a thousand. It is
        the same work whether the thing exists or not. Raises ``TooManyAttempts``, and
        then nothing was counted.
        """
        network = asker.network
        counted: list[tuple[Rule, tuple[str, ...]]] = []

        def count(rule: Rule, *parts: str) -> None:
            self.hit(rule, *parts)
            counted.append((rule, parts))

        def take_back() -> None:
            for rule, parts in counted:
                self.give_back(rule, *parts)

        try:
            count(rules.each, network, what)
            count(rules.all, network)
            try:
                count(rules.anywhere, what)
            except TooManyAttempts:
                count(rules.attacked, network, what)
        except TooManyAttempts:
            take_back()
            raise
        return take_back

    def _noted(
        self, ask: Callable[[Rule, str], None], rule: Rule, who_or_what: tuple[str, ...]
    ) -> None:
        key = counter_key(self._secret, rule, *who_or_what)
        try:
            ask(rule, key)
        except TooManyAttempts:
            note_refusal("attempt", limit=rule.value, mark=key[:_MARK])
            raise
