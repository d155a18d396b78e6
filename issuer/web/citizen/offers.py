"""What there is to ask for: every letter type with its service standard (UU 25/2009)."""

from __future__ import annotations

from collections.abc import Mapping

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from issuer.domain.letter_types import Bilingual, Channel
from issuer.domain.office import AgencyKind
from issuer.services import Services
from issuer.texts.letter_types import STANDARD_COMPONENTS

T = Bilingual

KINDS: Mapping[AgencyKind, Bilingual] = {
    AgencyKind.REGENCY: T("kabupaten", "regency"),
    AgencyKind.DEPARTMENT: T("dinas", "department"),
    AgencyKind.DISTRICT: T("kecamatan", "district"),
    AgencyKind.WARD: T("kelurahan", "urban ward"),
    AgencyKind.VILLAGE: T("desa", "village"),
}


def add_pages(room: Blueprint, services: Services) -> None:
    """Add the list of services and a page for each."""

    @room.get("/layanan")
    def offers() -> ResponseReturnValue:
        return render_template("citizen/offers.html", letter_types=services.catalogue.all())

    @room.get("/layanan/<slug>")
    def offer(slug: str) -> ResponseReturnValue:
        letter_type = services.catalogue.get(slug)
        return render_template(
            "citizen/offer.html",
            letter_type=letter_type,
            components=STANDARD_COMPONENTS,
            issuers=[text for kind, text in KINDS.items() if kind in letter_type.issued_by],
            from_home=letter_type.channel is Channel.FROM_HOME,
        )
