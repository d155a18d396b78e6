"""Printing a letter on numbered paper: take the next sheet, print, say how it came out."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from issuer.domain.errors import InvalidInput, Problem
from issuer.domain.letter import Letter
from issuer.services import Services
from issuer.web.errors import HTTP_STATUS
from issuer.web.guards import desk

_ANSWERS = ("serial", "skip_reason", "reprint_reason", "spoil_reason")


def add_pages(room: Blueprint, services: Services) -> None:
    """Add what a counter does with sheets to its room."""
    pages = _Sheets(services)
    room.post("/surat/<letter_id>/lembar")(pages.take_sheet)
    room.post("/surat/<letter_id>/lembar/baik")(pages.confirm_sheet)
    room.post("/surat/<letter_id>/lembar/rusak")(pages.spoil_sheet)


def letter_page(
    services: Services,
    letter: Letter,
    typed: Mapping[str, str] | None = None,
    problems: Sequence[Problem] = (),
) -> ResponseReturnValue:
    """Return a letter's page with its sheets, and what was wrong with the last step."""
    page = render_template(
        "counter/letter.html",
        desk=desk(),
        letter=letter,
        sheets=services.blanks.of_letter(desk().actor, letter),
        typed=typed or {},
        problems=problems,
        first_problems={problem.where: problem for problem in reversed(problems)},
    )
    return page, HTTP_STATUS[InvalidInput] if problems else 200


class _Sheets:
    """The steps of one print, each a form that leads back to the letter's page."""

    def __init__(self, services: Services) -> None:
        self._services = services

    def take_sheet(self, letter_id: str) -> ResponseReturnValue:
        return self._step(letter_id, self._take)

    def confirm_sheet(self, letter_id: str) -> ResponseReturnValue:
        return self._step(letter_id, self._confirm)

    def spoil_sheet(self, letter_id: str) -> ResponseReturnValue:
        return self._step(letter_id, self._spoil)

    def _take(self, letter: Letter, typed: Mapping[str, str]) -> None:
        self._services.blanks.print_on(
            desk().actor,
            letter.id,
            typed["serial"],
            skip_reason=typed["skip_reason"],
            reprint_reason=typed["reprint_reason"],
        )

    def _confirm(self, _letter: Letter, typed: Mapping[str, str]) -> None:
        self._services.blanks.confirm(desk().actor, typed["serial"])

    def _spoil(self, _letter: Letter, typed: Mapping[str, str]) -> None:
        self._services.blanks.spoil(desk().actor, typed["serial"], typed["spoil_reason"])

    def _step(
        self, letter_id: str, do: Callable[[Letter, Mapping[str, str]], None]
    ) -> ResponseReturnValue:
        letter = self._services.letters.one(desk().actor, letter_id)
        typed = {name: request.form.get(name, "") for name in _ANSWERS}
        try:
            do(letter, typed)
        except InvalidInput as invalid:
            return letter_page(self._services, letter, typed, invalid.problems)
        return redirect(url_for("counter.letter", letter_id=letter.id), 303)
