"""Breached passwords, found in files that a plain set would hold."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from issuer.domain.errors import ConfigurationError, DependencyUnavailable
from issuer.signing.breached_passwords import BreachedPasswords
from issuer.signing.password_strength import ZxcvbnJudge

NOT_GUESSED = "kemarau-gerobak-7-lampion"


def sha1(password: str) -> str:
    return hashlib.sha1(password.encode(), usedforsecurity=False).hexdigest().upper()


def listing(path: Path, passwords: set[str], *, counts: bool = True, end: str = "\r\n") -> Path:
    lines = (
        f"{digest}:{int(digest[:4], 16)}" if counts else digest for digest in map(sha1, passwords)
    )
    path.write_text(end.join(sorted(lines)), encoding="ascii", newline="")
    return path


@settings(max_examples=60, deadline=None)
@given(
    listed=st.sets(st.text("abc", max_size=4), min_size=1, max_size=40),
    others=st.sets(st.text("abcd", max_size=4), max_size=40),
    counts=st.booleans(),
    end=st.sampled_from(["\n", "\r\n"]),
)
def test_a_password_is_found_where_a_set_has_it_and_nowhere_else(
    tmp_path_factory: pytest.TempPathFactory,
    listed: set[str],
    others: set[str],
    counts: bool,
    end: str,
) -> None:
    path = listing(tmp_path_factory.getbasetemp() / "breached", listed, counts=counts, end=end)
    breached = BreachedPasswords(path)
    for password in listed | others:
        assert breached.holds(password) is (password in listed)


def test_a_breached_password_is_not_taken(tmp_path: Path) -> None:
    breached = BreachedPasswords(listing(tmp_path / "breached", {NOT_GUESSED, "x"}))
    assert not ZxcvbnJudge("Kabupaten Bojonegoro").easily_guessed(NOT_GUESSED, [])
    assert ZxcvbnJudge("Kabupaten Bojonegoro", breached).easily_guessed(NOT_GUESSED, [])
    assert not ZxcvbnJudge("Kabupaten Bojonegoro", breached).easily_guessed(NOT_GUESSED + "!", [])


def test_a_file_that_is_none_is_refused_and_one_that_goes_is_missed(tmp_path: Path) -> None:
    for content in (b"", b"rahasia\n", sha1("x").lower().encode(), b"\x00" * 100):
        (tmp_path / "other").write_bytes(content)
        with pytest.raises(ConfigurationError):
            BreachedPasswords(tmp_path / "other")
    with pytest.raises(ConfigurationError):
        BreachedPasswords(tmp_path / "nothing")
    path = listing(tmp_path / "breached", {"x"})
    breached = BreachedPasswords(path)
    path.unlink()
    with pytest.raises(DependencyUnavailable):
        breached.holds("x")
