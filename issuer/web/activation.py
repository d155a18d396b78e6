"""Where an account begins: its code and its first password."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from issuer.domain.errors import InvalidInput, NotAuthenticated, Problem
from issuer.services import Services
from issuer.services.accounts import MIN_PASSWORD
from issuer.web.asking import asker
from issuer.web.errors import HTTP_STATUS


def add_pages(room: Blueprint, services: Services) -> None:
    """Add the pages of a beginning account to the room where people sign in."""

    @room.get("/aktifkan")
    def activation() -> ResponseReturnValue:
        return _page()

    @room.post("/aktifkan")
    def activate() -> ResponseReturnValue:
        form = request.form
        try:
            services.administration.activate(
                form.get("username", "").strip(),
                form.get("code", ""),
                form.get("new", ""),
                form.get("again", ""),
                asker(),
            )
        except NotAuthenticated:
            # One answer for an unknown name, a wrong code and one that has ended.
            return _page([Problem("code", "wrong_activation")]), HTTP_STATUS[InvalidInput]
        except InvalidInput as invalid:
            return _page(invalid.problems), HTTP_STATUS[InvalidInput]
        return redirect(url_for("session.door", selesai="aktif"), 303)


def _page(problems: Sequence[Problem] = ()) -> str:
    return render_template(
        "session/activation.html",
        problems=problems,
        username=request.form.get("username", ""),
        code=request.form.get("code", ""),
        least=MIN_PASSWORD,
    )
