"""What somebody was doing when the session was missing, carried through the sign-in."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from flask import request

_LOCAL_PATH = re.compile(r"/[a-z0-9][A-Za-z0-9/_-]*", re.ASCII)
CARRIED = "carried:"
_NEVER_CARRIED = frozenset({"csrf_token", "password", "new", "again", "code", "pin", "credential"})
"""A secret is typed again: it does not travel through a page."""


@dataclass(frozen=True, slots=True)
class Interrupted:
    """What somebody was doing when the session was missing: where, and what was typed.

    It travels through the sign-in form itself, so that the server keeps nothing of a
    person who is not signed in.
    """

    path: str | None = None
    typed: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of_this_request(cls) -> Interrupted:
        """Return the request that is being refused."""
        typed = {n: value for n, value in request.form.items() if n not in _NEVER_CARRIED}
        return cls(request.path, typed)

    @classmethod
    def carried_by(cls, form: Mapping[str, str]) -> Interrupted:
        """Return what a sign-in form carries. A path that is not ours is dropped."""
        path = form.get("back", "")
        typed = {
            name.removeprefix(CARRIED): value
            for name, value in form.items()
            if name.startswith(CARRIED)
        }
        return cls(path, typed) if _LOCAL_PATH.fullmatch(path) else cls()
