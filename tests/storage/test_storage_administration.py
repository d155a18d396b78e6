"""What administration writes and reads, on both databases."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from issuer.domain.access import Role
from issuer.domain.administration import Activation
from issuer.storage.register import SqlRegister
from tests.storage.storage_builders import CODE, NOON, a_sign_in, an_account, an_event, fresh


def test_an_account_is_changed_and_found_by_its_agency(shared_register: SqlRegister) -> None:
    account, elsewhere = an_account(), an_account(agency_code=None, role=Role.AUDITOR)
    with shared_register.writing() as uow:
        uow.accounts.add(account)
        uow.accounts.add(elsewhere)
        changed = replace(
            account, full_name="Lain", role=Role.REVIEWER, password_hash="x", active=False
        )
        uow.accounts.save(changed)
        assert uow.accounts.get(account.id) == changed
        assert uow.accounts.get(elsewhere.id) == elsewhere
        assert changed in uow.accounts.list(CODE)
        assert elsewhere not in uow.accounts.list(CODE)
        assert elsewhere in uow.accounts.list()


def test_sessions_are_seen_listed_and_ended(shared_register: SqlRegister) -> None:
    account, other = an_account(), an_account()
    older = a_sign_in(account.id, whole=False)
    newer = a_sign_in(account.id, started_at_utc=NOON + timedelta(hours=1))
    theirs = a_sign_in(other.id)
    with shared_register.writing() as uow:
        accounts = uow.accounts
        for one in (account, other):
            accounts.add(one)
        for sign_in in (older, newer, theirs):
            accounts.add_sign_in(sign_in)
        assert list(accounts.sign_ins(account.id)) == [newer, older]
        later = NOON + timedelta(minutes=7)
        accounts.seen(older.token_sha256, later)
        seen = replace(older, last_seen_at_utc=later)
        assert accounts.find_sign_in(older.token_sha256) == seen
        accounts.remove_sign_ins(account.id, but=older.token_sha256)
        assert list(accounts.sign_ins(account.id)) == [seen]
        accounts.remove_sign_ins(account.id)
        assert list(accounts.sign_ins(account.id)) == []
        assert list(accounts.sign_ins(other.id)) == [theirs]


def test_an_account_waits_for_one_code_at_most(shared_register: SqlRegister) -> None:
    account = an_account()
    first, second = (Activation(account.id, digit * 64, NOON) for digit in "ab")
    with shared_register.writing() as uow:
        uow.accounts.add(account)
        assert uow.accounts.activation(account.id) is None
        uow.accounts.set_activation(first)
        uow.accounts.set_activation(second)
        assert uow.accounts.activation(account.id) == second
        uow.accounts.remove_activation(account.id)
        uow.accounts.remove_activation(account.id)
        assert uow.accounts.activation(account.id) is None


def test_types_are_off_where_they_were_switched_off(shared_register: SqlRegister) -> None:
    with shared_register.writing() as uow:
        agencies = uow.agencies
        agencies.switch_off(CODE, {"domisili", "usaha"})
        agencies.switch_off(CODE, {"usaha"})
        assert agencies.switched_off(CODE) == {"usaha"}
        assert agencies.off_at("usaha") == {CODE}
        assert agencies.off_at("domisili") == frozenset()


def test_an_agency_s_words_are_written_and_nothing_else_of_it(
    shared_register: SqlRegister,
) -> None:
    with shared_register.writing() as uow:
        before = uow.agencies.get(CODE)
        head = replace(before.letterhead, lines=("A", "B"), address="C", contact="")
        changed = replace(
            before, letterhead=head, seat="D", number_code="E", number_pattern="{sequence}"
        )
        uow.agencies.set_words(replace(changed, name="never written"))
        assert uow.agencies.get(CODE) == changed


def test_the_trail_is_read_backwards(shared_register: SqlRegister) -> None:
    about = fresh("subject")
    with shared_register.writing() as uow:
        entries = [uow.audit.append(an_event(subject=about)) for _ in range(3)]
        uow.audit.append(an_event())
        entries.reverse()
        assert list(uow.audit.before(None, 10, subject=about)) == entries
        assert list(uow.audit.before(None, 2, subject=about)) == entries[:2]
        assert list(uow.audit.before(entries[0].position, 10, subject=about)) == entries[1:]
        assert len(uow.audit.before(entries[0].position, 1)) == 1
