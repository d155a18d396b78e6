"""Who may do what: one table, deny by default.

A permission is granted when any one clause holds; a clause holds when all its
predicates do. An absent permission or an empty clause grants nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from issuer.domain.errors import NotPermitted


class Role(StrEnum):
    """The roles of the office, by the name they have there."""

    APPLICANT = "pemohon"
    COUNTER = "petugas"
    REVIEWER = "verifikator"
    SIGNATORY = "penandatangan"
    AGENCY_ADMIN = "admin_opd"
    REGENCY_ADMIN = "admin_kabupaten"
    AUDITOR = "auditor"
    OPERATOR = "operator"


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts. ``agency_code`` is None for roles above a single agency.

    The operator is whoever runs commands on the server itself.
    """

    id: str
    role: Role
    agency_code: str | None


@dataclass(frozen=True, slots=True)
class Subject:
    """What is acted upon: the agency it belongs to and the person who owns it."""

    agency_code: str | None = None
    owner_id: str | None = None


class Permission(StrEnum):
    """Everything that is guarded."""

    SUBMIT_REQUEST = "submit_request"
    CANCEL_REQUEST = "cancel_request"
    LAPSE_REQUEST = "lapse_request"
    REVIEW_REQUEST = "review_request"
    READ_REQUEST = "read_request"
    REPAIR_REQUEST = "repair_request"
    ISSUE_LETTER = "issue_letter"
    HAND_OVER_LETTER = "hand_over_letter"
    READ_LETTER = "read_letter"
    READ_REGISTER = "read_register"
    REVOKE_LETTER = "revoke_letter"
    SET_AGENCY = "set_agency"
    KEEP_BLANKS = "keep_blanks"
    PRINT_ON_BLANK = "print_on_blank"
    REPORT_BLANK_LOST = "report_blank_lost"
    DESTROY_BLANK = "destroy_blank"
    ROTATE_KEYS = "rotate_keys"
    KEEP_INSTITUTIONS = "keep_institutions"
    READ_RESIDENTS = "read_residents"
    IMPORT_RESIDENTS = "import_residents"
    KEEP_MESSAGES = "keep_messages"
    READ_REPORTS = "read_reports"
    CLOSE_REPORT = "close_report"
    TELL_PERSONAL_DATA = "tell_personal_data"
    ERASE_PERSONAL_DATA = "erase_personal_data"
    KEEP_OFFICERS = "keep_officers"
    MANAGE_ACCOUNTS = "manage_accounts"
    SET_LETTERHEAD = "set_letterhead"
    SET_NUMBERING = "set_numbering"
    SWITCH_LETTER_TYPES = "switch_letter_types"
    READ_AUDIT = "read_audit"
    KEEP_MANDATES = "keep_mandates"
    VERIFY_CITIZENS = "verify_citizens"
    KEEP_PAPER_NUMBERS = "keep_paper_numbers"
    KEEP_LETTER_TYPES = "keep_letter_types"


Predicate = Callable[[Actor, Subject], bool]


def _role(*roles: Role) -> Predicate:
    allowed = frozenset(roles)
    return lambda actor, _subject: actor.role in allowed


def _same_agency(actor: Actor, subject: Subject) -> bool:
    return actor.agency_code is not None and actor.agency_code == subject.agency_code


def _owner(actor: Actor, subject: Subject) -> bool:
    return subject.owner_id is not None and actor.id == subject.owner_id


_OPERATOR = (_role(Role.OPERATOR),)
_COUNTER = (_role(Role.COUNTER), _same_agency)
_REVIEWER = (_role(Role.REVIEWER), _same_agency)
_SIGNATORY = (_role(Role.SIGNATORY), _same_agency)
_AGENCY_ADMIN = (_role(Role.AGENCY_ADMIN), _same_agency)
_CUSTODIAN = (_role(Role.REGENCY_ADMIN),)
_INSPECTOR = (_role(Role.AUDITOR),)
_OVERSIGHT = (_role(Role.REGENCY_ADMIN, Role.AUDITOR),)
_OWN = (_role(Role.APPLICANT), _owner)

PERMISSIONS: dict[Permission, tuple[tuple[Predicate, ...], ...]] = {
    Permission.SUBMIT_REQUEST: (_OWN, _COUNTER, _OPERATOR),
    Permission.CANCEL_REQUEST: (_OWN, _COUNTER, _OPERATOR),
    Permission.LAPSE_REQUEST: (_OPERATOR,),
    Permission.REVIEW_REQUEST: (_COUNTER, _REVIEWER, _OPERATOR),
    Permission.READ_REQUEST: (_OWN, _COUNTER, _REVIEWER, _SIGNATORY, _AGENCY_ADMIN, _OPERATOR),
    Permission.REPAIR_REQUEST: (_OPERATOR,),
    Permission.ISSUE_LETTER: (_COUNTER, _SIGNATORY, _OPERATOR),
    Permission.HAND_OVER_LETTER: (_COUNTER, _OPERATOR),
    Permission.READ_LETTER: (_OWN, _COUNTER, _REVIEWER, _SIGNATORY, _AGENCY_ADMIN, _OPERATOR),
    Permission.READ_REGISTER: (
        _COUNTER,
        _REVIEWER,
        _SIGNATORY,
        _AGENCY_ADMIN,
        _OVERSIGHT,
        _OPERATOR,
    ),
    Permission.REVOKE_LETTER: (_SIGNATORY, _AGENCY_ADMIN, _OPERATOR),
    Permission.SET_AGENCY: (_OPERATOR,),
    Permission.ROTATE_KEYS: (_OPERATOR,),
    # Whoever keeps blanks, prints on them or destroys them: no role is in two of these.
    Permission.KEEP_BLANKS: (_CUSTODIAN, _OPERATOR),
    Permission.PRINT_ON_BLANK: (_COUNTER,),
    Permission.DESTROY_BLANK: (_AGENCY_ADMIN, _INSPECTOR),
    Permission.REPORT_BLANK_LOST: (_COUNTER, _AGENCY_ADMIN, _CUSTODIAN, _OPERATOR),
    Permission.KEEP_INSTITUTIONS: (_CUSTODIAN, _OPERATOR),
    Permission.READ_RESIDENTS: (_COUNTER,),
    # Who moves from one agency to another is imported by whoever may in both.
    Permission.IMPORT_RESIDENTS: (_AGENCY_ADMIN, _CUSTODIAN, _OPERATOR),
    Permission.KEEP_MESSAGES: (_AGENCY_ADMIN, _CUSTODIAN, _OPERATOR),
    Permission.READ_REPORTS: (_OVERSIGHT, _OPERATOR),
    Permission.CLOSE_REPORT: (_CUSTODIAN, _OPERATOR),
    # Everything of one person at once: only on the server, never from a page.
    Permission.TELL_PERSONAL_DATA: (_OPERATOR,),
    # In numbers alone: who erases learns nothing that he did not know.
    Permission.ERASE_PERSONAL_DATA: (_CUSTODIAN, _OPERATOR),
    Permission.KEEP_OFFICERS: (_OPERATOR,),
    # Which roles somebody may give is ``domain.administration``.
    Permission.MANAGE_ACCOUNTS: (_AGENCY_ADMIN, _CUSTODIAN, _OPERATOR),
    Permission.SET_LETTERHEAD: (_AGENCY_ADMIN, _CUSTODIAN, _OPERATOR),
    Permission.SET_NUMBERING: (_CUSTODIAN, _OPERATOR),
    Permission.SWITCH_LETTER_TYPES: (_AGENCY_ADMIN, _CUSTODIAN, _OPERATOR),
    Permission.READ_AUDIT: (_OVERSIGHT, _OPERATOR),
    Permission.KEEP_MANDATES: (_AGENCY_ADMIN, _OPERATOR),
    # Only who has the person with the KTP before him: nobody on the server has.
    Permission.VERIFY_CITIZENS: (_COUNTER,),
    Permission.KEEP_PAPER_NUMBERS: (_COUNTER, _OPERATOR),
    # Not the operator: a release takes two people, and on the server there is one.
    Permission.KEEP_LETTER_TYPES: (_CUSTODIAN,),
}


def permits(actor: Actor, permission: Permission, subject: Subject) -> bool:
    """Say whether the table grants this; predicates are never caught."""
    clauses = PERMISSIONS.get(permission, ())
    return any(clause and all(holds(actor, subject) for holds in clause) for clause in clauses)


def require(actor: Actor, permission: Permission, subject: Subject) -> None:
    """Raise ``NotPermitted`` unless the table grants this."""
    if not permits(actor, permission, subject):
        raise NotPermitted(permission)
