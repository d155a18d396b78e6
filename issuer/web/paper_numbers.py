"""Numbers on paper at the counter: take them, print the list, say what became of each."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from issuer.domain.errors import InvalidInput, Problem
from issuer.domain.letter_types import Bilingual
from issuer.domain.paper_number import MAX_BLOCK, PaperNumber, PaperVoidReason
from issuer.services import Services
from issuer.texts.paper_numbers import VOID_REASONS
from issuer.web.errors import HTTP_STATUS
from issuer.web.guards import desk

T = Bilingual
PAPER = "paper"
"""In an address and in a hidden input: the number on paper that a form's letter is to bear."""

DONE = {"gugur": T("Nomor digugurkan.", "The numbers are voided.")}
"""What the page says was done, by the word in its address."""

_ID = re.compile(r"[0-9a-f]{32}", re.ASCII)
_USUAL_COUNT = "10"


def add_pages(room: Blueprint, services: Services) -> None:
    """Add the numbers on paper to the counter's room."""
    pages = _PaperNumbers(services)
    room.get("/nomor-kertas")(pages.paper_numbers)
    room.post("/nomor-kertas")(pages.reserve_numbers)
    room.post("/nomor-kertas/gugur")(pages.void_numbers)
    room.get("/nomor-kertas/<block_id>")(pages.paper_list)


def carried(services: Services) -> PaperNumber | None:
    """Return the number on paper that the letter of this form is to bear, if any.

    Raises ``NotFound`` or ``NotPermitted``.
    """
    sent = request.form if request.method == "POST" else request.args
    number_id = sent.get(PAPER, "")
    if not _ID.fullmatch(number_id):
        return None
    return services.paper_numbers.one(desk().actor, number_id)


class _PaperNumbers:
    """The pages, one method each."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._numbers = services.paper_numbers

    def paper_numbers(self) -> ResponseReturnValue:
        return self._page()

    def reserve_numbers(self) -> ResponseReturnValue:
        typed = {name: request.form.get(name, "") for name in ("series", "count", "for_date")}
        series = self._numbers.series()
        chosen = series[0] if len(series) == 1 else typed["series"]
        count = typed["count"].strip()
        try:
            day = date.fromisoformat(typed["for_date"])
        except ValueError:
            return self._page(typed, [Problem("for_date", "impossible_date")])
        # No digits, or far too many of them, are as wrong as a count of none.
        many = int(count) if count.isascii() and count.isdigit() and len(count) < 4 else 0
        try:
            block = self._numbers.reserve(desk().actor, desk().agency.code, chosen, many, day)
        except InvalidInput as invalid:
            return self._page(typed, invalid.problems)
        return redirect(url_for("counter.paper_list", block_id=block[0].block_id), 303)

    def void_numbers(self) -> ResponseReturnValue:
        chosen = [one for one in request.form.getlist("number") if _ID.fullmatch(one)]
        reason = request.form.get("reason", "")
        problems: list[Problem] = []
        if not chosen:
            problems.append(Problem("numbers", "paper_no_choice"))
        if reason not in set(PaperVoidReason):
            problems.append(Problem("reason", "paper_no_reason"))
        if problems:
            return self._page({"reason": reason}, problems, chosen)
        self._numbers.void(desk().actor, chosen, PaperVoidReason(reason))
        return redirect(url_for("counter.paper_numbers", selesai="gugur"), 303)

    def paper_list(self, block_id: str) -> ResponseReturnValue:
        """Show the list to print, with gaps to write in by hand."""
        block = self._numbers.block(desk().actor, block_id)
        series = block[0].series.series
        offered = self._services.agencies.offered(desk().agency)
        return render_template(
            "counter/paper_list.html",
            desk=desk(),
            block=block,
            kinds=[kind for kind in offered if kind.series == series],
        )

    def _page(
        self,
        typed: Mapping[str, str] | None = None,
        problems: Sequence[Problem] = (),
        chosen: Sequence[str] = (),
    ) -> ResponseReturnValue:
        services = self._services
        today = services.office.today(services.clock.now())
        begun = {"series": "", "count": _USUAL_COUNT, "for_date": today.isoformat(), "reason": ""}
        waiting = self._numbers.waiting(desk().actor, desk().agency.code)
        page = render_template(
            "counter/paper_numbers.html",
            desk=desk(),
            waiting=waiting,
            late={one.id for one in waiting if one.overdue(today)},
            over={one.id for one in waiting if one.series.year != today.year},
            series=self._numbers.series(),
            reasons=VOID_REASONS,
            typed={**begun, **(typed or {})},
            problems=problems,
            chosen=chosen,
            most=MAX_BLOCK,
            said=DONE.get(request.args.get("selesai", "")),
            again=url_for("counter.paper_numbers"),
        )
        return page, HTTP_STATUS[InvalidInput] if problems else 200
