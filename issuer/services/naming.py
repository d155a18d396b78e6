"""The names behind the numbers of a QR, as anyone may have them."""

from __future__ import annotations

from issuer.domain.ports import LetterCatalogue, Register
from issuer.domain.public_names import PublicNames


class Naming:
    """Lists letter types, agencies and signatories for the offline verifier."""

    def __init__(self, *, register: Register, catalogue: LetterCatalogue) -> None:
        self._register = register
        self._catalogue = catalogue

    def all(self) -> PublicNames:
        """Return every name; a signatory without any mandate has never signed."""
        with self._register.reading() as uow:
            agencies = uow.agencies.list()
            people = {signatory.id: signatory for signatory in uow.signatories.list()}
            mandates = uow.signatories.mandates()
        posts = {mandate.signatory_id: mandate.position for mandate in mandates}
        return PublicNames(
            types={
                kind.code: kind.public_title if kind.sensitive else kind.title
                for kind in self._catalogue.all()
            },
            agencies={agency.code_digits: agency.name for agency in agencies},
            signatories={
                people[who].number: f"{people[who].name}, {post}" for who, post in posts.items()
            },
        )
