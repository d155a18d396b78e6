"""The operator is told in time that the key of the QR codes ends."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from issuer.signing.credential_signing import KEY_LIFE
from tests.offices import Clock, compose_office

SECOND = timedelta(seconds=1)


@pytest.mark.parametrize(
    ("left", "told"),
    [(timedelta(days=31), False), (timedelta(days=30), True), (timedelta(days=1), True)],
)
def test_a_key_that_ends_soon_without_a_successor_is_told(
    office_folder: Path, clock: Clock, left: timedelta, told: bool
) -> None:
    first = clock.now()
    clock.advance(KEY_LIFE - left)
    office = compose_office(office_folder, clock)
    try:
        notes = [note for note in office.notes if "key of the QR codes" in note]
        assert bool(notes) is told
        if told:
            assert f"{first + KEY_LIFE:%Y-%m-%d}" in notes[0]
            assert "issuer keys rotate" in notes[0]
        office.key_sets.rotate(clock.now())
    finally:
        office.close()
    clock.advance(SECOND)
    again = compose_office(office_folder, clock)
    assert not [note for note in again.notes if "key of the QR codes" in note]
    again.close()
