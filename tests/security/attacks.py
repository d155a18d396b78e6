"""One row for each way to deceive a verifier: what is done to a letter, and the true answer.

The families are those of the literature on signed PDFs: universal signature forgery,
incremental saving and signature wrapping (Mladenov et al., CCS 2019), shadow attacks
(Mainka et al., NDSS 2021), evil annotation and sneaky signature on certified documents
(Rohlmann et al., IEEE S&P 2021), and games with the CMS and with certificates.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from issuer.domain.verdict import Reason, Verdict
from issuer.signing.byte_range import Gap
from tests.security.certificates import Credentials


class Family(StrEnum):
    """What an attack aims at."""

    FORGED_DICTIONARY = "universal signature forgery"
    INCREMENTAL_SAVING = "incremental saving"
    WRAPPING = "signature wrapping"
    SHADOW = "shadow content"
    CERTIFIED = "evil annotation and sneaky signature"
    LONG_TERM = "long-term data and time-stamps"
    MALLEABLE = "bytes outside the signed range"
    POLYGLOT = "a file of two kinds"
    STRUCTURE = "cross-reference and trailer"
    CMS = "the signature value"
    CERTIFICATES = "certificates and authorities"
    TWO_SIGNATURES = "the second signature"
    REWRITTEN = "the same page in another file"
    ACTIVE = "active content"
    BOMB = "time and memory"


@dataclass(frozen=True)
class Target:
    """What attackers have: letters of the office, and the keys of whoever they bribed.

    ``letter`` has one signature and ``endorsed`` two; ``second_letter`` is another
    letter with one. ``insider`` signs for the village, ``colleague`` for its district;
    ``authority`` issues the office's certificates.
    """

    letter: bytes
    second_letter: bytes
    endorsed: bytes
    second_endorsed: bytes
    insider: Credentials
    colleague: Credentials
    authority: Credentials

    @property
    def gap(self) -> Gap:
        """Where the signature of ``letter`` stands."""
        return Gap.find(self.letter)


@dataclass(frozen=True)
class Attack:
    """A manipulation, the verdict it must get and a reason that must stand beside it."""

    family: Family
    name: str
    make: Callable[[Target], bytes]
    verdict: Verdict
    reason: Reason


def altered(
    family: Family,
    name: str,
    make: Callable[[Target], bytes],
    reason: Reason = Reason.FILE_ALTERED,
) -> Attack:
    """Return an attack on a letter that is still recognised as one of ours."""
    return Attack(family, name, make, Verdict.ALTERED, reason)


def not_ours(
    family: Family,
    name: str,
    make: Callable[[Target], bytes],
    reason: Reason = Reason.FOREIGN_SIGNATURE,
) -> Attack:
    """Return an attack whose file is nobody's letter."""
    return Attack(family, name, make, Verdict.UNKNOWN, reason)


def cannot_say(
    family: Family, name: str, make: Callable[[Target], bytes], reason: Reason
) -> Attack:
    """Return an attack whose file proves nothing either way."""
    return Attack(family, name, make, Verdict.INDETERMINATE, reason)
