"""Plain text: what may be printed, and in one form only."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from issuer.domain.text import TextRefused, plain_text

PRINTABLE = st.characters(exclude_categories=("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"))


HIDDEN = st.sampled_from("\u202e\u200b\u2066\x00\x1b\ufeff")


def outcome(value: object, limit: int) -> tuple[str, str]:
    """Return the text or the code of its refusal, each with its kind."""
    try:
        return "text", plain_text(value, limit)
    except TextRefused as refused:
        return "refused", refused.code


@given(st.text(PRINTABLE, max_size=60))
def test_what_is_accepted_stays_as_it_is(text: str) -> None:
    kind, once = outcome(text, 200)
    if not text.split():
        assert (kind, once) == ("refused", "required")
        return
    assert outcome(once, 200) == (kind, once) == ("text", once)
    assert unicodedata.is_normalized("NFC", once)
    assert "  " not in once
    assert once == once.strip()


@given(st.text(max_size=80), st.integers(1, 30))
def test_the_bound_holds_for_anything(text: str, limit: int) -> None:
    kind, value = outcome(text, limit)
    if kind == "text":
        assert 1 <= len(value) <= limit
    else:
        assert value in {"too_long", "required", "unprintable"}


@given(st.text(PRINTABLE, min_size=1, max_size=10), HIDDEN)
def test_one_invisible_character_is_enough_to_refuse(text: str, hidden: str) -> None:
    assert outcome(f"a{text}{hidden}{text}b", 100) == ("refused", "unprintable")


def test_line_breaks_and_tabs_become_spaces() -> None:
    assert plain_text("Jalan\r\n  Raya\t1\u00a0A\u2028B", 100) == "Jalan Raya 1 A B"


def test_decomposed_letters_are_composed() -> None:
    assert plain_text("Rene\u0301", 4) == "René"


@pytest.mark.parametrize("value", [None, 3, 3.5, True, b"text", ["text"], {"a": 1}])
def test_only_text_is_text(value: object) -> None:
    with pytest.raises(TextRefused, match="not_text"):
        plain_text(value, 10)


def test_signs_that_only_look_alike_are_kept() -> None:
    assert plain_text("½ m² ﬁ Å", 20) == "½ m² ﬁ Å"


def test_the_bound_comes_before_any_work_on_the_text() -> None:
    assert outcome("A" + " " * 40, 10) == ("refused", "too_long")
