"""What waits for an officer, what he ticks of it, and by which mandates he signs."""

from __future__ import annotations

import re
from collections.abc import Sequence

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue

from issuer.domain.errors import InvalidInput, NotFound, Problem
from issuer.domain.letter_types import Bilingual
from issuer.domain.mandate import Mandate, Signatory
from issuer.domain.officers import Officer
from issuer.domain.signing_batches import MAX_BATCH, Chosen
from issuer.services import Services
from issuer.web.errors import HTTP_STATUS
from issuer.web.guards import desk

T = Bilingual
TICK = "surat."
"""Before the id of a request in the name of its check box; the value is what was shown of it."""

ID = re.compile(r"[0-9a-f]{32}", re.ASCII)
_SHOWN = re.compile(r"([0-9]{1,9})\.([0-9a-f]{64}|)", re.ASCII)  # version, type's digest
_DONE = {
    "pin": T("PIN sudah diganti.", "The PIN is changed."),
    "return": T(
        "Permohonan dikembalikan untuk diperbaiki.", "The request is returned for correction."
    ),
    "reject": T("Permohonan ditolak.", "The request is rejected."),
}
"""What the inbox says was done, by the word in its address."""


def inbox_page(
    services: Services, officer: Officer, problems: Sequence[Problem] = ()
) -> ResponseReturnValue:
    """Return what waits, nothing ticked but what was; ``pilih=semua`` ticks all."""
    actor, agency = desk().actor, desk().agency.code
    waiting = services.casework.awaiting(actor, agency, limit=MAX_BATCH)
    page = render_template(
        "officer/inbox.html",
        desk=desk(),
        own=own_mandates(services, officer),
        lines=[
            (one, *known(services, one.letter_type), services.casework.late(one)) for one in waiting
        ],
        all_ticked=request.args.get("pilih") == "semua",
        ticked={one.request_id for one in chosen()},
        tick=TICK,
        at_most=MAX_BATCH,
        recent=services.batches.recent(actor),
        said=_DONE.get(request.args.get("selesai", "")),
        problems=problems,
        again=url_for("officer.inbox"),
    )
    return page, HTTP_STATUS[InvalidInput] if problems else 200


def chosen() -> list[Chosen]:
    """Return what was ticked, in the order of the page."""
    return [
        Chosen(name.removeprefix(TICK), int(shown[1]), shown[2])
        for name, value in request.form.items()
        if name.startswith(TICK)
        and ID.fullmatch(name.removeprefix(TICK))
        and (shown := _SHOWN.fullmatch(value))
    ]


def own_mandates(services: Services, officer: Officer) -> list[tuple[Signatory, Mandate]]:
    """Return the mandates of today by which an officer signs for the agency."""
    able = services.letters.signatories(desk().agency.code)
    return [(who, mandate) for who, mandate in able if who.id == officer.signatory_id]


def known(services: Services, slug: str) -> tuple[Bilingual, str]:
    """Return the title and digest of a letter type; its name where there is no such any more."""
    try:
        letter_type = services.catalogue.get(slug)
    except NotFound:
        return T(slug, slug), ""
    return letter_type.title, letter_type.digest
