"""Verification codes against a foreign Luhn."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum import luhn

from issuer.domain.codes import ALPHABET, LENGTH, group_code, new_code, read_code

BODIES = st.lists(st.integers(0, 31), min_size=LENGTH - 1, max_size=LENGTH - 1)


def code_of(values: list[int]) -> str:
    drawn = iter(values)
    return new_code(lambda limit: next(drawn) % limit)


@given(BODIES)
def test_the_check_character_is_a_foreign_luhn_s(values: list[int]) -> None:
    code = code_of(values)
    body = "".join(ALPHABET[value] for value in values)
    assert code == body + luhn.calc_check_digit(body, ALPHABET)
    assert luhn.is_valid(code, ALPHABET)
    assert read_code(code) == code


@given(BODIES)
def test_a_code_survives_being_printed_and_typed(values: list[int]) -> None:
    code = code_of(values)
    assert read_code(group_code(code)) == code
    assert read_code(f"  {group_code(code).lower().replace('-', ' ')}\n") == code
    assert read_code(code.replace("0", "O").replace("1", "l")) == code
    assert read_code(code.replace("1", "I")) == code


@given(BODIES, st.integers(0, LENGTH - 1), st.integers(1, 31))
def test_one_wrong_character_is_noticed(values: list[int], place: int, shift: int) -> None:
    code = code_of(values)
    wrong = ALPHABET[(ALPHABET.index(code[place]) + shift) % 32]
    assert read_code(code[:place] + wrong + code[place + 1 :]) is None


@pytest.mark.parametrize(
    "typed", ["", "0" * 11, "0" * 13, "U" * 12, "é" * 12, "ß" * 6, "0" * 10_000_000, "-" * 48]
)
def test_what_cannot_be_a_code_is_none(typed: str) -> None:
    assert read_code(typed) is None


@given(st.text(max_size=60))
def test_anything_typed_is_a_code_or_none(typed: str) -> None:
    code = read_code(typed)
    assert code is None or (len(code) == LENGTH and luhn.is_valid(code, ALPHABET))
