"""How often a process looks whether a letter type was replaced, also while nobody answers."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from issuer.bootstrap import Composition
from issuer.bootstrap.own_files import read_catalogue
from issuer.catalogue.live import AWAY_SECONDS, RECHECK_SECONDS, LiveCatalogue
from issuer.domain.errors import DependencyUnavailable
from issuer.domain.ports import UnitOfWork
from issuer.storage.register import SqlRegister


class Watched:
    """The office's register, which counts who reads and can be away, each time for a while."""

    def __init__(self, register: SqlRegister) -> None:
        self._register = register
        self.looks = 0
        self.away_for = 0.0
        self.seconds = 1000.0

    @contextmanager
    def reading(self) -> Iterator[UnitOfWork]:
        self.looks += 1
        if self.away_for:
            self.seconds += self.away_for
            raise DependencyUnavailable("database")
        with self._register.reading() as uow:
            yield uow

    def writing(self) -> object:
        raise AssertionError

    def monotonic(self) -> float:
        return self.seconds


def test_a_page_looks_once_a_second_and_hardly_ever_at_a_database_that_is_away(
    office: Composition,
) -> None:
    watched = Watched(office.register)
    base = read_catalogue(office.settings.templates_dir)
    live = LiveCatalogue(base, watched, lambda _type: (), watched.monotonic)  # type: ignore[arg-type]  # writes nothing
    assert watched.looks == 1
    for _ in range(5):
        live.get("domisili")
    assert watched.looks == 1
    watched.seconds += RECHECK_SECONDS
    for _ in range(5):
        live.get("domisili")
    assert watched.looks == 2
    watched.away_for = 30.0  # what a database that says nothing costs
    watched.seconds += RECHECK_SECONDS
    for _ in range(5):
        live.get("domisili")
        watched.seconds += RECHECK_SECONDS
    assert watched.looks == 3, "one waits, and nobody again at once"
    watched.away_for = 0.0
    watched.seconds += AWAY_SECONDS
    live.get("domisili")
    assert watched.looks == 4
