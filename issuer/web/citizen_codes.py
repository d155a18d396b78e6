"""At the counter: a code for somebody who is present with the KTP, to begin an account with."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue

from issuer.domain.errors import InvalidInput, Problem
from issuer.services import Services
from issuer.web.citizen_door import read_birth
from issuer.web.errors import HTTP_STATUS
from issuer.web.guards import desk

SEEN = "seen"


def add_pages(room: Blueprint, services: Services) -> None:
    """Add the form and the slip to the counter's room."""

    @room.get("/akun-warga")
    def citizen_code() -> ResponseReturnValue:
        return _form()

    @room.post("/akun-warga")
    def give_citizen_code() -> ResponseReturnValue:
        if request.form.get(SEEN) != "1":
            return _form([Problem(SEEN, "not_seen")]), HTTP_STATUS[InvalidInput]
        try:
            given = services.citizens.give_code(
                desk().actor,
                desk().agency.code,
                request.form.get("nik", ""),
                read_birth(),
                request.form.get("name", ""),
            )
        except InvalidInput as invalid:
            return _form(invalid.problems), HTTP_STATUS[InvalidInput]
        # Shown in the answer itself: there is no address that shows it again.
        return render_template(
            "counter/citizen_code_given.html",
            desk=desk(),
            given=given,
            address=url_for("session.citizen_activation"),
        )


def _form(problems: Sequence[Problem] = ()) -> str:
    return render_template(
        "counter/citizen_code.html",
        desk=desk(),
        problems=problems,
        typed=request.form,
        again=url_for("counter.citizen_code"),
    )
