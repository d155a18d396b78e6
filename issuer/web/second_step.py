"""What follows the password: the second factor, and the way on to where somebody was going."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Sequence

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from issuer.domain.accounts import Account
from issuer.domain.errors import Problem
from issuer.domain.second_factor import Owed
from issuer.services import Services
from issuer.services.second_factors import Proven
from issuer.services.sessions import Held
from issuer.web.homes import HOMES
from issuer.web.interrupted import CARRIED, Interrupted


def next_step(
    services: Services, begun: Held, interrupted: Interrupted, wrong: Sequence[Problem] = ()
) -> str:
    """Return the page that asks for the second factor, or has it set up first."""
    factors = services.second_factors
    values = {
        "interrupted": interrupted,
        "carried": CARRIED,
        "problems": wrong,
        "standing": factors.standing(begun),
    }
    if factors.owed_by(begun) is Owed.CODE:
        return render_template("session/code.html", **values)
    shown = factors.set_up(begun)
    return render_template(
        "session/set_up.html",
        **values,
        typed=shown.typed,
        symbol=b64encode(shown.symbol.encode()).decode(),
        device=begun.sign_in.device,
    )


def set_up_done(account: Account, proven: Proven, interrupted: Interrupted) -> ResponseReturnValue:
    """Show the recovery codes that came with a second factor, or lead on."""
    if not proven.recovery:
        return go_on(account, interrupted)
    return render_template(
        "session/recovery.html",
        codes=proven.recovery,
        interrupted=interrupted,
        home=HOMES.get(account.role, "session.door"),
    )


def go_on(account: Account, interrupted: Interrupted) -> ResponseReturnValue:
    """Lead whoever has come in to where he was going, with what he had typed."""
    if interrupted.typed:
        return render_template("session/go_on.html", interrupted=interrupted)
    home = HOMES.get(account.role, "session.door")
    return redirect(interrupted.path or url_for(home), 303)
