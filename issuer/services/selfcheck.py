"""Selfcheck: a second look at everything the office has ever done.

It trusts nothing that issuance computed: every file is read back and validated,
every series is counted, the audit chain is followed from its first entry, the stock of
blanks is played again from its events, and what was published is held against the
register, and files of supporting documents against their rows.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from issuer.domain.audit import first_broken
from issuer.domain.errors import IssuerError
from issuer.domain.letter import UNFINISHED_LETTER, Letter
from issuer.domain.numbers import SeriesKey
from issuer.domain.office import Office
from issuer.domain.paper_number import PaperState
from issuer.domain.ports import (
    Clock,
    CredentialReader,
    DocumentValidator,
    FileStore,
    Register,
    UnitOfWork,
)
from issuer.domain.record import QR_DIGEST_BYTES
from issuer.domain.retention import clock_is_witnessed
from issuer.services.blank_check import blank_faults
from issuer.services.clock_witness import moments
from issuer.services.document_files import DocumentFiles
from issuer.services.publication_check import publication_faults
from issuer.services.published import PublishedState


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is not as it should be. ``subject`` is an id or number."""

    subject: str
    code: str


class Selfcheck:
    """Re-verifies the whole register."""

    def __init__(
        self,
        *,
        register: Register,
        files: FileStore,
        credentials: CredentialReader,
        documents: DocumentValidator,
        published: PublishedState,
        document_files: DocumentFiles,
        clock: Clock,
        office: Office,
    ) -> None:
        self._register = register
        self._files = files
        self._credentials = credentials
        self._documents = documents
        self._published = published
        self._document_files = document_files
        self._clock = clock
        self._office = office

    def run(self) -> Iterator[Finding]:
        """Yield findings as they are met; none at all is the good answer."""
        with self._register.reading() as uow:
            broken = first_broken(uow.audit.entries())
            if broken is not None:
                yield Finding(str(broken), "audit_chain_broken")
            now = self._clock.now()
            if not clock_is_witnessed(moments(uow), now):
                yield Finding(f"{now:%Y-%m-%d %H:%M} UTC", "clock_not_witnessed")
            yield from self._letters_and_series(uow)
            for history in uow.cases.histories():
                if not history.holds:
                    yield Finding(history.request_id, "steps_lead_elsewhere")
            for subject, code in blank_faults(uow, self._clock.now()):
                yield Finding(subject, code)
            for subject, code in publication_faults(self._published, uow, self._clock.now()):
                yield Finding(subject, code)
        for subject, code in self._document_files.faults():
            yield Finding(subject, code)

    def _letters_and_series(self, uow: UnitOfWork) -> Iterator[Finding]:
        seen: dict[SeriesKey, list[int]] = defaultdict(list)
        superseded: list[Letter] = []
        for letter in uow.letters.list():
            seen[letter.series].append(letter.sequence)
            if letter.replaced_by is not None:
                superseded.append(letter)
            yield from self._letter(letter)
        today = self._office.today(self._clock.now())
        for paper in uow.paper_numbers.list():
            if paper.state is not PaperState.ENTERED:
                seen[paper.series].append(paper.sequence)
            if paper.overdue(today):
                yield Finding(paper.shown, "paper_number_waiting")
        for series, highest in uow.numbers.highest().items():
            if sorted(seen.pop(series, [])) != list(range(1, highest + 1)):
                yield Finding(f"{series.agency_code} {series.series} {series.year}", "number_gap")
        for series in seen:
            yield Finding(f"{series.agency_code} {series.series} {series.year}", "no_counter")
        for letter in superseded:
            successor = uow.letters.by_number(letter.replaced_by or "")
            if successor is None or successor.pdf is None:
                yield Finding(letter.number, "superseded_by_nothing")

    def _letter(self, letter: Letter) -> Iterator[Finding]:
        now = self._clock.now()
        if letter.state in UNFINISHED_LETTER:
            if letter.lease is None or letter.lease.until_utc < now:
                yield Finding(letter.number, "unfinished")
            return
        if letter.pdf is None:
            return  # a voided number never had a file
        if letter.issued_at_utc is None or letter.qr_text is None:
            yield Finding(letter.number, "incomplete_row")
            return
        try:
            pdf = self._files.get(letter.pdf.sha256)
            facts = self._documents.validate(pdf, signed_at_utc=letter.issued_at_utc, now_utc=now)
            if facts.certificates != letter.pdf.certificates:
                yield Finding(letter.number, "signed_by_another_certificate")
            if (facts.endorser is None) != (letter.record.endorser is None):
                yield Finding(letter.number, "endorsement_differs")
            claims = self._credentials.read(letter.qr_text).claims
            if claims.record_digest != letter.record.digest()[:QR_DIGEST_BYTES]:
                yield Finding(letter.number, "credential_differs")
        except IssuerError as error:
            yield Finding(letter.number, error.code)
