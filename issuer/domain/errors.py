"""Everything that can go wrong, as one closed family of exceptions.

An error carries data in attributes and a stable ``code``. It carries no HTTP
status, no sentence for a person and no secret: the texts stand in
``issuer.texts``, the statuses in ``issuer.web.errors``, the exit codes in
``issuer.cli.exits``. Tests compare those tables with this family.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import ClassVar


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong with one input.

    ``where`` is the path of the field (``holder.nik``), ``code`` a key of
    ``issuer.texts.PROBLEMS``; ``facts`` fill the placeholders of that text and
    never hold the refused value itself, which may be a NIK.
    """

    where: str
    code: str
    facts: dict[str, str | int] = field(default_factory=dict)


class IssuerError(Exception):
    """The root of the family; never raised itself."""

    code: ClassVar[str]


class InvalidInput(IssuerError):
    """Input from outside breaks one or more rules; all of them are listed."""

    code = "invalid_input"

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("; ".join(f"{p.where}: {p.code}" for p in self.problems))


class NotFound(IssuerError):
    """There is no such thing. ``kind`` names it; ``key`` is safe to show."""

    code = "not_found"

    def __init__(self, kind: str, key: str) -> None:
        self.kind, self.key = kind, key
        super().__init__(f"{kind} {key}")


class NotAuthenticated(IssuerError):
    """Nobody is signed in, or the name and password do not belong together."""

    code = "not_authenticated"


class NotPermitted(IssuerError):
    """The actor may not do this to this subject."""

    code = "not_permitted"

    def __init__(self, permission: str) -> None:
        self.permission = permission
        super().__init__(permission)


class TooManyAttempts(IssuerError):
    """Tried too often; the caller may come back later."""

    code = "too_many_attempts"

    def __init__(self, retry_after_seconds: int) -> None:
        self.retry_after_seconds = retry_after_seconds
        super().__init__(f"retry after {retry_after_seconds} s")


class IllegalTransition(IssuerError):
    """The action does not exist in this state."""

    code = "illegal_transition"

    def __init__(self, state: str, action: str) -> None:
        self.state, self.action = state, action
        super().__init__(f"{action} in state {state}")


class StaleVersion(IssuerError):
    """Somebody else changed the row first; nothing was written."""

    code = "stale_version"


class WordingChanged(IssuerError):
    """The letter type was released anew since its wording was looked at; nothing was written."""

    code = "wording_changed"


class AnswersOutdated(IssuerError):
    """The letter type now asks for something that a request does not answer, or otherwise."""

    code = "answers_outdated"

    def __init__(self, fields: Iterable[str]) -> None:
        self.fields = tuple(fields)
        super().__init__(", ".join(self.fields))


class AnotherPersonNeeded(IssuerError):
    """The rule asks for a second person, and this one has taken part already."""

    code = "another_person_needed"


class NoMandate(IssuerError):
    """The signatory has no mandate for this agency and letter type on that day."""

    code = "no_mandate"

    def __init__(self, signatory_id: str, agency_code: str) -> None:
        self.signatory_id, self.agency_code = signatory_id, agency_code
        super().__init__(f"{signatory_id} for {agency_code}")


class NumberConflict(IssuerError):
    """The number pattern gives a number that the register already has."""

    code = "number_conflict"


class StatusListFull(IssuerError):
    """The status list of a year has too few free places left to draw one of them."""

    code = "status_list_full"

    def __init__(self, year: int) -> None:
        self.year = year
        super().__init__(str(year))


class NotFitToSign(IssuerError):
    """The lint found something that must not be signed; ``findings`` are codes."""

    code = "not_fit_to_sign"

    def __init__(self, findings: Iterable[str]) -> None:
        self.findings = tuple(findings)
        super().__init__(", ".join(self.findings))


class KeyUnavailable(IssuerError):
    """A private key cannot be used: absent, unsafe, locked, expired or revoked."""

    code = "key_unavailable"

    def __init__(self, key_id: str, reason: str) -> None:
        self.key_id, self.reason = key_id, reason
        super().__init__(f"{key_id}: {reason}")


class MalformedCredential(IssuerError):
    """The text of a QR is not a credential of this office; ``reason`` is a code."""

    code = "malformed_credential"

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(reason)


class InvalidDocument(IssuerError):
    """A file is not, byte for byte, a letter as this office signs them."""

    code = "invalid_document"

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(reason)


class InvalidSignature(IssuerError):
    """A signature, a certificate chain or a revocation list does not hold."""

    code = "invalid_signature"

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(reason)


class TooLarge(IssuerError):
    """An input is larger than its limit; it was not read further."""

    code = "too_large"

    def __init__(self, limit_bytes: int) -> None:
        self.limit_bytes = limit_bytes
        super().__init__(f"more than {limit_bytes} bytes")


class CorruptStore(IssuerError):
    """What was read back is not what was stored."""

    code = "corrupt_store"

    def __init__(self, what: str) -> None:
        self.what = what
        super().__init__(what)


class DependencyUnavailable(IssuerError):
    """Database, file store or another service does not answer."""

    code = "dependency_unavailable"

    def __init__(self, name: str) -> None:
        self.name = name
        super().__init__(name)


class ConfigurationError(IssuerError):
    """The office is set up wrongly; every problem is listed, in English."""

    code = "configuration"

    def __init__(self, problems: Iterable[str]) -> None:
        self.problems = tuple(problems)
        super().__init__("; ".join(self.problems))


def family(root: type[IssuerError] = IssuerError) -> frozenset[type[IssuerError]]:
    """Return every error below ``root``: what the tables must cover."""
    return frozenset(root.__subclasses__()).union(*(family(c) for c in root.__subclasses__()))
