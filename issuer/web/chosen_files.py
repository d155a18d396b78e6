"""Files chosen for the documents on a list: all of one form, each judged by itself."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from flask import request

from issuer.domain.application import MAX_DOCUMENTS
from issuer.domain.errors import InvalidInput, Problem

_ENTRY = "file-"
_MAX_NAME = 60


@dataclass(frozen=True, slots=True, repr=False)
class Refused:
    """A file that was not kept: for which place of the list, its own name, and why."""

    place: int
    name: str
    problem: Problem


def keep_each(places: int, keep: Callable[[int, bytes], object]) -> tuple[int, list[Refused]]:
    """Hand every file of this form to ``keep`` with its place; return how many it kept.

    One that is refused does not keep the others away. The entry of a place may hold
    several files; one of no place on the list is not looked at. Only one file at a time
    is in memory: a form's files lie on disk until then. A form with more files than there may
    be documents is not read to its end: each costs a process seconds.
    """
    kept = 0
    refused: list[Refused] = []
    for place in range(places):
        for sent in request.files.getlist(f"{_ENTRY}{place}"):
            if not sent.filename:
                continue  # what a browser sends for an entry in which nothing was chosen
            try:
                if kept + len(refused) >= MAX_DOCUMENTS:
                    facts: dict[str, str | int] = {"limit": MAX_DOCUMENTS}
                    raise InvalidInput([Problem("file", "too_many_documents", facts)])
                keep(place, sent.read())
            except InvalidInput as invalid:
                name = sent.filename[:_MAX_NAME]
                refused.append(Refused(place, name, invalid.problems[0]))
            else:
                kept += 1
    return kept, refused
