"""The QR stays readable with everything printed around it: 98 of 100 letters."""

from __future__ import annotations

import pytest

from issuer.domain.presentation import Variant
from tests.secprint.secprint_figures import qr_missed

LETTERS = 100
MISSED = 2


@pytest.mark.parametrize("variant", [Variant.OFF, Variant.HOME, Variant.COUNTER])
def test_98_of_100_are_read_from_a_phone_picture_and_from_a_copy_of_a_copy(
    variant: Variant,
) -> None:
    missed = qr_missed(variant, LETTERS)
    assert len(missed.from_phone) <= MISSED, missed.from_phone
    assert len(missed.from_copy) <= MISSED, missed.from_copy
