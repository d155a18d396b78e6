"""The access table: the whole role × permission × situation product, literally."""

from __future__ import annotations

from itertools import product

import pytest

from issuer.domain.access import PERMISSIONS, Actor, Permission, Role, Subject, permits, require
from issuer.domain.errors import NotPermitted

# own: on what is the actor's own; agency: within the actor's agency; any: everywhere.
MATRIX = """
permission       pemohon petugas verifikator penandatangan admin_opd admin_kabupaten auditor operator
submit_request   own     agency  -           -             -         -               -       any
cancel_request   own     agency  -           -             -         -               -       any
lapse_request    -       -       -           -             -         -               -       any
review_request   -       agency  agency      -             -         -               -       any
read_request     own     agency  agency      agency        agency    -               -       any
repair_request   -       -       -           -             -         -               -       any
issue_letter     -       agency  -           agency        -         -               -       any
hand_over_letter -       agency  -           -             -         -               -       any
read_letter      own     agency  agency      agency        agency    -               -       any
read_register    -       agency  agency      agency        agency    any             any     any
revoke_letter    -       -       -           agency        agency    -               -       any
set_agency       -       -       -           -             -         -               -       any
rotate_keys      -       -       -           -             -         -               -       any
keep_blanks      -       -       -           -             -         any             -       any
print_on_blank   -       agency  -           -             -         -               -       -
report_blank_lost -      agency  -           -             agency    any             -       any
destroy_blank    -       -       -           -             agency    -               any     -
keep_institutions -      -       -           -             -         any             -       any
read_residents   -       agency  -           -             -         -               -       -
import_residents -       -       -           -             agency    any             -       any
keep_messages    -       -       -           -             agency    any             -       any
read_reports     -       -       -           -             -         any             any     any
close_report     -       -       -           -             -         any             -       any
tell_personal_data -     -       -           -             -         -               -       any
erase_personal_data -    -       -           -             -         any             -       any
keep_officers    -       -       -           -             -         -               -       any
manage_accounts  -       -       -           -             agency    any             -       any
set_letterhead   -       -       -           -             agency    any             -       any
set_numbering    -       -       -           -             -         any             -       any
switch_letter_types -    -       -           -             agency    any             -       any
read_audit       -       -       -           -             -         any             any     any
keep_mandates    -       -       -           -             agency    -               -       any
verify_citizens  -       agency  -           -             -         -               -       -
keep_paper_numbers -     agency  -           -             -         -               -       any
keep_letter_types -      -       -           -             -         any             -       -
"""  # noqa: E501 - a table is read by its columns
(_, *ROLES), *ROWS = [line.split() for line in MATRIX.strip().splitlines()]
EXPECTED = {
    (Permission(permission), Role(role)): cell
    for permission, *cells in ROWS
    for role, cell in zip(ROLES, cells, strict=True)
}


def test_the_matrix_is_complete() -> None:
    assert set(EXPECTED) == set(product(Permission, Role))


@pytest.mark.parametrize(("permission", "role"), list(product(Permission, Role)))
@pytest.mark.parametrize("own", [True, False])
@pytest.mark.parametrize("same_agency", [True, False])
def test_the_table_grants_what_the_matrix_says(
    permission: Permission, role: Role, own: bool, same_agency: bool
) -> None:
    actor = Actor("a-1", role, "35.22.06.2001")
    subject = Subject("35.22.06.2001" if same_agency else "35.22.06.2002", "a-1" if own else "a-2")
    granted = {"any": True, "own": own, "agency": same_agency, "-": False}
    assert permits(actor, permission, subject) is granted[EXPECTED[permission, role]]


@pytest.mark.parametrize(("permission", "role"), list(product(Permission, Role)))
def test_nobody_without_an_agency_acts_within_one(permission: Permission, role: Role) -> None:
    """An actor and a subject that both have no agency do not share one, nor an owner."""
    granted = permits(Actor("a-1", role, None), permission, Subject(None, None))
    assert granted is (EXPECTED[permission, role] == "any")


def test_every_permission_has_a_clause_and_no_clause_is_empty() -> None:
    assert set(PERMISSIONS) == set(Permission)
    for clauses in PERMISSIONS.values():
        assert clauses
        assert all(clauses)


@pytest.mark.parametrize("clauses", [(), ((),), ((), ())])
def test_absent_and_empty_clauses_grant_nothing(
    monkeypatch: pytest.MonkeyPatch, clauses: tuple[()]
) -> None:
    actor, subject = Actor("op", Role.OPERATOR, None), Subject()
    assert permits(actor, Permission.ISSUE_LETTER, subject)
    monkeypatch.setitem(PERMISSIONS, Permission.ISSUE_LETTER, clauses)
    assert not permits(actor, Permission.ISSUE_LETTER, subject)
    monkeypatch.delitem(PERMISSIONS, Permission.ISSUE_LETTER)
    assert not permits(actor, Permission.ISSUE_LETTER, subject)
    with pytest.raises(NotPermitted):
        require(actor, Permission.ISSUE_LETTER, subject)


def test_what_is_granted_is_let_through() -> None:
    require(Actor("op", Role.OPERATOR, None), Permission.ISSUE_LETTER, Subject())
