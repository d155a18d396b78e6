"""Whatever is done to a file or a QR after issue, the answer is never VALID."""

from __future__ import annotations

import random
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from issuer.bootstrap import Composition
from issuer.domain.verdict import Verdict
from tests.offices import Clock, compose_office, found_office, issue, pdf_of

MUTATIONS = 2000


@pytest.fixture(scope="module")
def shared(founded: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Composition]:
    """One office for the whole module; the letters in it are not changed."""
    folder = shutil.copytree(founded, tmp_path_factory.mktemp("shared") / "office")
    office = compose_office(folder, Clock())
    yield office
    office.close()


def mutated(pdf: bytes, chance: random.Random) -> bytes:
    """Change one byte to another value, cut the end off, or append something."""
    kind = chance.randrange(4)
    if kind == 0:
        return pdf[: chance.randrange(len(pdf))]
    if kind == 1:
        return pdf + chance.randbytes(chance.randint(1, 40))
    place = chance.randrange(len(pdf))
    other = (pdf[place] + chance.randint(1, 255)) % 256
    return pdf[:place] + bytes([other]) + pdf[place + 1 :]


def test_two_thousand_changes_are_never_valid(shared: Composition) -> None:
    pdf = pdf_of(shared, issue(shared))
    verifier = shared.services.verifier
    chance = random.Random(20261124)
    assert verifier.by_file(pdf).verdict is Verdict.VALID
    for _ in range(MUTATIONS):
        answer = verifier.by_file(mutated(pdf, chance))
        assert answer.verdict in (Verdict.ALTERED, Verdict.UNKNOWN, Verdict.INDETERMINATE)
        assert answer.letter is None


def test_a_changed_file_says_that_it_was_changed(shared: Composition) -> None:
    pdf = pdf_of(shared, issue(shared))
    middle = len(pdf) // 2
    changed = pdf[:middle] + bytes([pdf[middle] ^ 1]) + pdf[middle + 1 :]
    assert shared.services.verifier.by_file(changed).verdict is Verdict.ALTERED
    assert shared.services.verifier.by_file(pdf + b"\n").verdict is Verdict.ALTERED


def test_every_changed_digit_of_a_qr_is_refused(shared: Composition) -> None:
    text = issue(shared).qr_text or ""
    verifier = shared.services.verifier
    start = text.index("/v/") + 3
    for place in range(start, len(text)):
        digit = str((int(text[place]) + 1) % 10)
        answer = verifier.by_qr(text[:place] + digit + text[place + 1 :])
        assert answer.verdict in (Verdict.ALTERED, Verdict.UNKNOWN)
    for other in (text + "0", text[:-1], text.replace("surat", "palsu"), "", "9" * 10_000):
        assert verifier.by_qr(other).verdict is Verdict.UNKNOWN


def test_a_letter_of_another_office_is_not_ours(shared: Composition, tmp_path: Path) -> None:
    found_office(tmp_path / "other", Clock())
    other = compose_office(tmp_path / "other", Clock())
    theirs = issue(other)
    verifier = shared.services.verifier
    assert verifier.by_file(pdf_of(other, theirs)).verdict is Verdict.UNKNOWN
    assert verifier.by_qr(theirs.qr_text or "").verdict is Verdict.UNKNOWN
    assert verifier.by_number(theirs.number, theirs.verification_code).verdict is Verdict.UNKNOWN
    other.close()
