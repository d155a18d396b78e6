"""Whatever two counters do, in any order: every sheet is accounted for."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Callable

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from issuer.domain.access import Actor, Role
from issuer.domain.blank import BEARS_LETTER, ON_HAND, BlankState, Serial, SerialRange
from issuer.domain.errors import InvalidInput
from issuer.services.blank_check import blank_faults
from tests.blanks.blank_office import INSPECTOR, KEEPER, Stock, add_counter, open_stock
from tests.storage.conftest import Databases
from tests.storage.storage_builders import opened

SHEETS = 12
numbers = st.integers(1, SHEETS)
spans = st.tuples(numbers, st.integers(0, 4)).map(lambda r: (r[0], min(SHEETS, r[0] + r[1])))
S = BlankState
_example = itertools.count(1)


@pytest.mark.parametrize("kind", ["own sqlite", "own postgresql"])
def test_the_account_always_adds_up(databases: Databases, kind: str) -> None:
    with opened(databases[kind]()) as register:

        class Office(TwoCounters):
            stock = open_stock(register)

        run_state_machine_as_test(Office, settings=settings(max_examples=15))


class TwoCounters(RuleBasedStateMachine):
    """The model keeps a state for each of twelve sheets; the register must agree.

    Nothing is ever deleted, so each example has counters, people and a prefix of its own.
    """

    stock: Stock

    def __init__(self) -> None:
        super().__init__()
        example, stock = next(_example), self.stock
        self.blanks = stock.blanks
        self.prefix = "".join("ABCDEFGHIJ"[int(digit)] for digit in str(example))
        self.counters = [f"35.22.2{i}.{example:04}" for i in range(2)]
        for code in self.counters:
            add_counter(stock.register, code)
        self.officers = [
            Actor(f"officer-{example}-{i}", Role.COUNTER, code)
            for i, code in enumerate([self.counters[0], *self.counters])
        ]
        self.letters = {code: [stock.letter(code) for _ in range(2)] for code in self.counters}
        self.states: dict[int, tuple[BlankState, str | None]] = {}
        self.printed: dict[int, tuple[str, str]] = {}

    def sheets(self, first: int, last: int) -> SerialRange:
        return SerialRange(Serial(self.prefix, first), Serial(self.prefix, last))

    def typed(self, number: int) -> str:
        return str(Serial(self.prefix, number))

    def expect(self, allowed: bool, act: Callable[[], object]) -> bool:
        """Do it; it must go through exactly when the model allows it."""
        if allowed:
            act()
        else:
            with pytest.raises(InvalidInput):
                act()
        return allowed

    def are(self, span: tuple[int, int], *states: BlankState) -> bool:
        return all(
            number in self.states and self.states[number][0] in states
            for number in range(span[0], span[1] + 1)
        )

    def put(self, span: tuple[int, int], state: BlankState) -> None:
        for number in range(span[0], span[1] + 1):
            self.states[number] = (state, self.states[number][1])

    @rule(span=spans)
    def receive(self, span: tuple[int, int]) -> None:
        new = range(span[0], span[1] + 1)
        act = lambda: self.blanks.receive(KEEPER, self.sheets(*span), "BAST")  # noqa: E731 - the act of this rule
        if self.expect(not set(new) & set(self.states), act):
            self.states |= dict.fromkeys(new, (S.IN_STORE, None))

    @rule(span=spans, to=st.integers(0, 1))
    def hand_over(self, span: tuple[int, int], to: int) -> None:
        code = self.counters[to]
        act = lambda: self.blanks.hand_over(KEEPER, self.sheets(*span), code)  # noqa: E731 - the act of this rule
        if self.expect(self.are(span, S.IN_STORE, S.RETURNED), act):
            self.states |= dict.fromkeys(range(span[0], span[1] + 1), (S.AT_COUNTER, code))

    @rule(span=spans)
    def take_back(self, span: tuple[int, int]) -> None:
        act = lambda: self.blanks.take_back(KEEPER, self.sheets(*span))  # noqa: E731 - the act of this rule
        if self.expect(self.are(span, S.AT_COUNTER), act):
            self.put(span, S.RETURNED)

    @rule(who=st.integers(0, 2), which=st.integers(0, 1), number=numbers, why=st.booleans())
    def print(self, who: int, which: int, number: int, why: bool) -> None:
        officer = self.officers[who]
        letter_id = self.letters[str(officer.agency_code)][which].id
        printing = {n for n, (state, _) in self.states.items() if state is S.PRINTING}
        mine = [n for n in printing if self.printed[n][1] == officer.id]
        again = mine == [number] and self.printed[number][0] == letter_id
        here = [n for n, at in self.states.items() if at == (S.AT_COUNTER, officer.agency_code)]
        bearing = {
            n
            for n, (of, _) in self.printed.items()
            if of == letter_id and self.states[n][0] in BEARS_LETTER
        }
        in_order = number in here and (why or (number == min(here) and not bearing))
        reason = "alasan" if why else ""

        def act() -> None:
            serial = self.typed(number)
            self.blanks.print_on(
                officer, letter_id, serial, skip_reason=reason, reprint_reason=reason
            )

        allowed = again or (in_order and not mine and not bearing & printing)
        if self.expect(allowed, act) and not again:
            for old in bearing:
                self.put((old, old), S.SPOILED)
            self.put((number, number), S.PRINTING)
            self.printed[number] = (letter_id, officer.id)

    @rule(number=numbers, good=st.booleans())
    def close(self, number: int, good: bool) -> None:
        code = self.states.get(number, (None, None))[1]
        if code is None:
            return
        officer, serial = self.officers[1 + self.counters.index(code)], self.typed(number)
        if good:
            allowed = self.are((number, number), S.PRINTING)
            act: Callable[[], object] = lambda: self.blanks.confirm(officer, serial)  # noqa: E731 - the act of this rule
        else:
            allowed = self.are((number, number), S.AT_COUNTER, S.PRINTING, S.USED)
            act = lambda: self.blanks.spoil(officer, serial, "sobek")  # noqa: E731 - the act of this rule
        if self.expect(allowed, act):
            self.put((number, number), S.USED if good else S.SPOILED)

    @rule(span=spans)
    def lose(self, span: tuple[int, int]) -> None:
        act = lambda: self.blanks.report_lost(KEEPER, self.sheets(*span), "hilang")  # noqa: E731 - the act of this rule
        if self.expect(self.are(span, *set(S) - {S.LOST, S.DESTROYED}), act):
            self.put(span, S.LOST)

    @rule(number=numbers)
    def destroy(self, number: int) -> None:
        code = self.states.get(number, (None, None))[1]
        if code is None:
            return
        head = Actor(f"head-{code}", Role.AGENCY_ADMIN, code)
        one = self.sheets(number, number)
        act = lambda: self.blanks.destroy(head, INSPECTOR, one, "BAP")  # noqa: E731 - the act of this rule
        if self.expect(self.are((number, number), S.SPOILED), act):
            self.put((number, number), S.DESTROYED)

    @invariant()
    def every_sheet_is_where_the_model_has_it(self) -> None:
        found = [s for s in self.blanks.listed(KEEPER) if s.serial.prefix == self.prefix]
        assert {s.serial.number: (s.state, s.agency_code) for s in found} == self.states

    @invariant()
    def the_accounts_add_up(self) -> None:
        for code in self.counters:
            report = self.blanks.report(KEEPER, code)
            here = [n for n, (state, at) in self.states.items() if at == code and state in ON_HAND]
            assert report.closing == report.on_hand == len(here)

    def teardown(self) -> None:
        """Selfcheck finds nothing but gaps."""
        with self.stock.register.reading() as uow:
            codes = {code for _, code in blank_faults(uow, self.stock.clock.now())}
        assert codes <= {"blank_gap"}

    @invariant()
    def a_letter_is_on_one_sheet_at_most(self) -> None:
        live = Counter(
            letter_id
            for number, (letter_id, _) in self.printed.items()
            if self.states[number][0] in BEARS_LETTER
        )
        assert all(count == 1 for count in live.values())
