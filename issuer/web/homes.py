"""Where each role works."""

from __future__ import annotations

from issuer.domain.access import Role

HOMES: dict[Role, str] = {
    Role.APPLICANT: "citizen_account.home",
    Role.COUNTER: "counter.home",
    Role.REVIEWER: "casework.queue",
    Role.SIGNATORY: "officer.inbox",
    Role.AGENCY_ADMIN: "admin.home",
    Role.REGENCY_ADMIN: "admin.home",
    Role.AUDITOR: "admin.home",
}
"""The first page of a role's room, by endpoint; a role that is not here has no room yet."""

DOORS: dict[Role, str] = {Role.APPLICANT: "session.citizen_door"}
"""The page where a role signs in, by endpoint; staff have one of their own."""

STAFF_DOOR = "session.door"
