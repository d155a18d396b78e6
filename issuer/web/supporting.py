"""Supporting documents on the pages of staff: each with what it is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from issuer.domain.application import Document
from issuer.domain.errors import NotFound
from issuer.domain.letter_request import LetterRequest
from issuer.domain.letter_types import Bilingual
from issuer.services import Services
from issuer.web.guards import desk

_A_DOCUMENT = Bilingual("Berkas", "Document")


@dataclass(frozen=True, slots=True)
class Supporting:
    """Files with what each is, and what a clerk has seen in original."""

    files: Sequence[tuple[Bilingual, Document]]
    originals: Sequence[Bilingual]


def wanted(services: Services, slug: str) -> Sequence[Bilingual]:
    """Return what a type asks for; nothing for one that was taken away."""
    try:
        return services.catalogue.get(slug).documents
    except NotFound:
        return ()


def of_request(services: Services, request: LetterRequest) -> Supporting:
    """Return the documents of a request. Raises ``NotPermitted``."""
    names = wanted(services, request.letter_type)
    return Supporting(
        files=[
            (_name(names, one.place), one)
            for one in services.documents.list(desk().actor, request.id)
        ],
        originals=[_name(names, place) for place in request.seen],
    )


def _name(names: Sequence[Bilingual], place: int) -> Bilingual:
    return names[place] if place < len(names) else _A_DOCUMENT
