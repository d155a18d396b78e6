"""Handing a printed letter over: who received it, and a receipt to sign."""

from __future__ import annotations

import re
from collections.abc import Sequence

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from issuer.domain.errors import InvalidInput, NotFound, Problem, StaleVersion
from issuer.domain.letter import Letter
from issuer.domain.letter_request import RequestAction
from issuer.services import Services
from issuer.services.letters import UNCLAIMED_PAGE
from issuer.web.errors import HTTP_STATUS
from issuer.web.guards import desk

_ID = re.compile(r"[0-9a-f]{32}", re.ASCII)


def add_pages(room: Blueprint, services: Services) -> None:
    """Add the handing over of letters to the counter's room."""
    pages = _HandingOver(services)
    room.get("/belum-diserahkan")(pages.unclaimed)
    room.get("/surat/<letter_id>/serah")(pages.receipt)
    room.post("/surat/<letter_id>/serah")(pages.hand_over)


class _HandingOver:
    """The list, and a page for each: a form before it was handed over, its receipt afterwards."""

    def __init__(self, services: Services) -> None:
        self._services = services

    def unclaimed(self) -> ResponseReturnValue:
        """List what still lies here, the oldest first; from there it is handed over."""
        after = request.args.get("setelah", "")
        letters = self._services.letters.unclaimed(
            desk().actor, desk().agency.code, after=after if _ID.fullmatch(after) else None
        )
        return render_template(
            "counter/unclaimed.html",
            desk=desk(),
            letters=letters,
            begins=not after,
            further=letters[-1].id if len(letters) == UNCLAIMED_PAGE else None,
        )

    def receipt(self, letter_id: str) -> ResponseReturnValue:
        return self._page(self._letter(letter_id))

    def hand_over(self, letter_id: str) -> ResponseReturnValue:
        letter = self._letter(letter_id)
        receiver, shown = request.form.get("receiver", ""), request.form.get("version", "")
        version = int(shown) if shown.isascii() and shown.isdigit() and len(shown) < 10 else 0
        try:
            self._services.casework.hand_over(desk().actor, letter.request_id, version, receiver)
        except InvalidInput as invalid:
            return self._page(letter, receiver, invalid.problems, HTTP_STATUS[InvalidInput])
        except StaleVersion:
            # A colleague was first: the receipt says who received it from whom.
            return self._page(letter, receiver, status=HTTP_STATUS[StaleVersion])
        return redirect(url_for("counter.receipt", letter_id=letter.id), 303)

    def _letter(self, letter_id: str) -> Letter:
        letter = self._services.letters.one(desk().actor, letter_id)
        if letter.pdf is None:
            raise NotFound("pdf", letter_id)
        return letter

    def _page(
        self,
        letter: Letter,
        receiver: str = "",
        problems: Sequence[Problem] = (),
        status: int = 200,
    ) -> ResponseReturnValue:
        case = self._services.casework.one(desk().actor, letter.request_id)
        handed = [step for step in case.steps if step.action is RequestAction.HAND_OVER]
        page = render_template(
            "counter/handing_over.html",
            desk=desk(),
            letter=letter,
            case=case,
            handed=handed[0] if handed else None,
            receiver=receiver,
            problems=problems,
            again=url_for("counter.receipt", letter_id=letter.id),
        )
        return page, status
