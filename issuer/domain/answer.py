"""A verification as plain values: what ``issuer verify --json`` and the API answer."""

from __future__ import annotations

from datetime import date, datetime

from issuer.domain.verdict import Check, PublicLetter, SignatureSeen, Verification


def as_object(found: Verification) -> dict[str, object]:
    """Return the answer as JSON values.

    Moments are ISO 8601 in UTC. ``status_as_of`` is the moment for which the status
    holds: the register is asked at every check, so that is the moment of the check;
    null when the status was not checked.
    """
    checks = found.checks
    checked = checks.status is not Check.NOT_CHECKED
    return {
        "verdict": found.verdict.value,
        "checks": {
            "integrity": checks.integrity.value,
            "status": checks.status.value,
            "issuer": checks.issuer.value,
        },
        "reasons": [reason.value for reason in found.reasons],
        "letter": found.letter and _letter(found.letter),
        "signature": found.signature and _signature(found.signature),
        "checked_at": _iso(found.at_utc),
        "status_as_of": _iso(found.at_utc) if checked else None,
    }


def _letter(letter: PublicLetter) -> dict[str, object]:
    return {
        "number": letter.number,
        "title": letter.title,
        "holder": letter.holder,
        "nik": letter.nik,
        "agency": letter.agency,
        "issued_on": _iso(letter.issued_on),
        "expires_on": _iso(letter.expires_on),
        "revoked_on": _iso(letter.revoked_on),
        "revocation_reason": letter.revocation_reason,
        "replaced_by": letter.replaced_by,
        "specimen": letter.specimen,
        "sheet": letter.sheet,
        "sheet_lost": letter.sheet_lost,
    }


def _signature(seen: SignatureSeen) -> dict[str, object]:
    return {
        "kind": seen.kind.value,
        "level": seen.level,
        "signer": seen.signer,
        "endorser": seen.endorser,
        "time": _iso(seen.time_utc),
    }


def _iso(moment: date | datetime | None) -> str | None:
    return moment.isoformat() if moment else None
