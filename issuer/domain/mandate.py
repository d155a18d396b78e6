"""Who may sign for whom, since when, until when, and how that is written.

Sources for the written forms: see ``SIGNATURE_FORMS``; the regency's own rule on
tata naskah dinas goes first wherever it differs.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class MandateKind(StrEnum):
    """The six forms of signing: the head, for the head, acting."""

    DEFINITIVE = "definitif"
    ON_BEHALF = "a.n."
    FOR_ON_BEHALF = "u.b."
    ACTING_VACANT = "Plt."
    ACTING_ABSENT = "Plh."
    CARETAKER = "Pj."


@dataclass(frozen=True, slots=True)
class Signatory:
    """A person who signs. ``number`` is the short code the QR carries.

    ``nip`` and ``rank`` are None for a village head who is no civil servant.
    """

    id: str
    number: int
    name: str
    nip: str | None
    rank: str | None
    key_id: str


@dataclass(frozen=True, slots=True)
class Mandate:
    """A dated right to sign for one agency.

    ``position`` is the signatory's own post (``Sekretaris Camat``), ``principal``
    the post signed for (``Camat Dander``) and ``via`` the post between them in the
    form u.b.; both are None where the form has none. ``letter_types`` is None when
    the mandate covers every type. Both dates are included; ``ends_on`` may be open.
    """

    id: str
    signatory_id: str
    agency_code: str
    kind: MandateKind
    position: str
    principal: str | None
    via: str | None
    decree_number: str
    starts_on: date
    ends_on: date | None
    letter_types: frozenset[str] | None = None

    def __post_init__(self) -> None:
        form = SIGNATURE_FORMS[self.kind]
        if (self.principal is not None) != form.has_principal:
            raise ValueError("principal does not go with this kind of mandate")
        if (self.via is not None) != form.has_via:
            raise ValueError("via does not go with this kind of mandate")

    def covers(self, letter_type: str, on: date) -> bool:
        """Say whether this mandate allows signing that type on that day."""
        begun = self.starts_on <= on
        ended = self.ends_on is not None and self.ends_on < on
        permitted = self.letter_types is None or letter_type in self.letter_types
        return begun and not ended and permitted


@dataclass(frozen=True, slots=True)
class SignatureForm:
    """The lines above the name, as patterns over a mandate's posts."""

    lines: tuple[str, ...]
    has_principal: bool = False
    has_via: bool = False


SIGNATURE_FORMS: dict[MandateKind, SignatureForm] = {
    MandateKind.DEFINITIVE: SignatureForm(("{POSITION},",)),
    MandateKind.ON_BEHALF: SignatureForm(("a.n. {PRINCIPAL}", "{POSITION},"), has_principal=True),
    MandateKind.FOR_ON_BEHALF: SignatureForm(
        ("a.n. {PRINCIPAL}", "{VIA}", "u.b.", "{POSITION},"), has_principal=True, has_via=True
    ),
    MandateKind.ACTING_VACANT: SignatureForm(("Plt. {POSITION},",)),
    MandateKind.ACTING_ABSENT: SignatureForm(("Plh. {POSITION},",)),
    MandateKind.CARETAKER: SignatureForm(("Pj. {POSITION},",)),
}


def signature_lines(
    kind: MandateKind, position: str, principal: str | None, via: str | None
) -> tuple[str, ...]:
    """Return the lines above the signature; posts in capitals, a.n. and u.b. not."""
    posts = {
        "POSITION": position.upper(),
        "PRINCIPAL": (principal or "").upper(),
        "VIA": (via or "").upper(),
    }
    return tuple(line.format_map(posts) for line in SIGNATURE_FORMS[kind].lines)
