"""The register of letters as rows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, Select, bindparam, exists, null, select, tuple_, update

from issuer.domain.errors import CorruptStore, NotFound, NumberConflict, StaleVersion
from issuer.domain.letter import DOWNLOADED, Ending, Lease, Letter, LetterState, StoredPdf
from issuer.domain.letter_request import RequestState
from issuer.domain.numbers import SeriesKey
from issuer.domain.record import LetterRecord
from issuer.domain.status_list import EndedPlace
from issuer.storage.schema import ENDED, NOT_VOIDED, UNFINISHED, audit_trail, letters, requests
from issuer.storage.sealing import RowCipher
from issuer.storage.statements import Upsert, changed, rows, stream

_RECORD = "letters.record"
_QR_TEXT = "letters.qr_text"

_COLUMN = letters.c
_ADD = Upsert(
    letters,
    lambda insert: insert.on_conflict_do_nothing(index_elements=[_COLUMN.number]).returning(
        _COLUMN.id
    ),
)
_SAVE = update(letters).where(
    _COLUMN.id == bindparam("letter_id"), _COLUMN.version == bindparam("stored_version")
)
_BY_ID = select(letters).where(_COLUMN.id == bindparam("key"))
_BY_NUMBER = select(letters).where(_COLUMN.number == bindparam("key"))
CODE_OF = select(_COLUMN.verification_code).where(_COLUMN.number == bindparam("key"))
_BY_PDF = select(letters).where(_COLUMN.pdf_sha256 == bindparam("key"))
_BY_REQUEST = select(letters).where(_COLUMN.request_id == bindparam("key"), NOT_VOIDED)
_INDEX_TAKEN = select(
    exists().where(_COLUMN.year == bindparam("of_year"), _COLUMN.status_index == bindparam("place"))
)
_ENDED = (
    select(_COLUMN.status_index, _COLUMN.state, _COLUMN.ending_at_utc)
    .where(_COLUMN.year == bindparam("of_year"), ENDED)
    .order_by(_COLUMN.status_index)
)
_UNFINISHED = select(letters).where(UNFINISHED).order_by(_COLUMN.reserved_at_utc, _COLUMN.id)


_DOWNLOADED = exists().where(
    audit_trail.c.subject == _COLUMN.id, audit_trail.c.action == DOWNLOADED
)
_UNCLAIMED = (
    select(letters)
    .join(requests, requests.c.id == _COLUMN.request_id)
    .where(
        _COLUMN.state == LetterState.ISSUED.value,
        requests.c.state == RequestState.ISSUED.value,
        ~_DOWNLOADED,
    )
    .order_by(_COLUMN.reserved_at_utc, _COLUMN.id)
)
_PLACE_OF = select(_COLUMN.reserved_at_utc, _COLUMN.id).where(_COLUMN.id == bindparam("key"))

_OF_ITS_MAKING = {"qr_text", "lease_worker", "lease_until_utc", "to_sign_sha256"}
_WITHOUT_ITS_MAKING = select(
    *(null().label(c.name) if c.name in _OF_ITS_MAKING else c for c in letters.c)
)
LOOKED_UP_BY_ID = _WITHOUT_ITS_MAKING.where(_COLUMN.id == bindparam("key"))
LOOKED_UP_BY_NUMBER = _WITHOUT_ITS_MAKING.where(_COLUMN.number == bindparam("key"))
LOOKED_UP_BY_PDF = _WITHOUT_ITS_MAKING.where(_COLUMN.pdf_sha256 == bindparam("key"))


class SqlLetters:
    """``LetterRepository`` over one transaction."""

    def __init__(self, connection: Connection, cipher: RowCipher) -> None:
        self._connection = connection
        self._cipher = cipher

    def add(self, letter: Letter) -> None:
        """Insert a reserved letter; its request must be there already.

        Raises ``NumberConflict`` when another letter bears the number, and
        ``StaleVersion`` when the request has a letter, or the place in the series
        or in the status list is taken.
        """
        added = rows(
            self._connection,
            _ADD.on(self._connection),
            {
                "id": letter.id,
                "request_id": letter.request_id,
                "agency_code": letter.series.agency_code,
                "series": letter.series.series,
                "year": letter.series.year,
                "sequence": letter.sequence,
                "number": letter.number,
                "verification_code": letter.verification_code,
                "status_index": letter.status_index,
                "record": self._cipher.seal(_RECORD, letter.id, letter.record.canonical()),
                "reserved_at_utc": letter.reserved_at_utc,
                **self._changing(letter),
            },
        )
        if not added:
            raise NumberConflict

    def save(self, letter: Letter) -> None:
        """Write what may change of a letter; its number and record are never touched.

        Raises ``StaleVersion`` unless the version is the one after the stored one.
        """
        stored = {"letter_id": letter.id, "stored_version": letter.version - 1}
        if changed(self._connection, _SAVE, {**stored, **self._changing(letter)}) != 1:
            raise StaleVersion

    def get(self, letter_id: str) -> Letter:
        """Return one letter. Raises ``NotFound`` or ``CorruptStore``."""
        letter = self.find(letter_id)
        if letter is None:
            raise NotFound("letter", letter_id)
        return letter

    def find(self, letter_id: str) -> Letter | None:
        """Return one letter, or None. Raises ``CorruptStore``."""
        return self._one(_BY_ID, letter_id)

    def by_number(self, number: str) -> Letter | None:
        """Return the letter that bears the number, or None. Raises ``CorruptStore``."""
        return self._one(_BY_NUMBER, number)

    def code_of(self, number: str) -> str | None:
        """Return the verification code of the letter that bears the number, or None."""
        return self._connection.execute(CODE_OF, {"key": number}).scalar_one_or_none()

    def by_pdf(self, sha256: str) -> Letter | None:
        """Return the letter whose file has this SHA-256 (hex), or None."""
        return self._one(_BY_PDF, sha256)

    def by_request(self, request_id: str) -> Letter | None:
        """Return the letter of a request that is not voided, or None."""
        return self._one(_BY_REQUEST, request_id)

    def status_index_taken(self, year: int, index: int) -> bool:
        """Say whether a letter of the year has this place in the status list."""
        (taken,) = rows(self._connection, _INDEX_TAKEN, {"of_year": year, "place": index})
        return bool(taken[0])

    def ended(self, year: int) -> Iterator[EndedPlace]:
        """Yield the places of a year that are not valid, from an index alone."""
        for row in self._connection.execute(_ENDED, {"of_year": year}):
            yield EndedPlace(row.status_index, LetterState(row.state), row.ending_at_utc)

    def unfinished(self) -> Sequence[Letter]:
        """Return every reserved and signing letter, the oldest first."""
        return [letter_of(row, self._cipher) for row in self._connection.execute(_UNFINISHED)]

    def unclaimed(
        self, agency_code: str, *, limit: int, after: str | None = None
    ) -> Sequence[Letter]:
        """Return letters in force that nobody fetched or was handed, the oldest first."""
        query = _UNCLAIMED.where(_COLUMN.agency_code == agency_code)
        if after is not None:
            last = self._connection.execute(_PLACE_OF, {"key": after}).first()
            if last is None:
                return []
            query = query.where(tuple_(_COLUMN.reserved_at_utc, _COLUMN.id) > tuple_(*last))
        return [
            letter_of(row, self._cipher) for row in self._connection.execute(query.limit(limit))
        ]

    def list(
        self,
        *,
        agency_code: str | None = None,
        year: int | None = None,
        since_utc: datetime | None = None,
    ) -> Iterator[Letter]:
        """Yield letters by agency, series, year and sequence, a few hundred at a time."""
        query = select(letters).order_by(
            _COLUMN.agency_code, _COLUMN.series, _COLUMN.year, _COLUMN.sequence
        )
        if agency_code is not None:
            query = query.where(_COLUMN.agency_code == agency_code)
        if year is not None:
            query = query.where(_COLUMN.year == year)
        if since_utc is not None:
            query = query.where(_COLUMN.reserved_at_utc >= since_utc)
        for row in stream(self._connection, query):
            yield letter_of(row, self._cipher)

    def _one(self, query: Select[Any], key: str) -> Letter | None:
        found = rows(self._connection, query, {"key": key})
        return letter_of(found[0], self._cipher) if found else None

    def _changing(self, letter: Letter) -> dict[str, object]:
        """Return the columns that a change of state may write."""
        lease, pdf, ending = letter.lease, letter.pdf, letter.ending
        qr_text = letter.qr_text
        return {
            "state": letter.state.value,
            "lease_worker": lease.worker if lease else None,
            "lease_until_utc": lease.until_utc if lease else None,
            "qr_text": None
            if qr_text is None
            else self._cipher.seal(_QR_TEXT, letter.id, qr_text.encode()),
            "to_sign_sha256": letter.to_sign_sha256,
            "pdf_sha256": pdf.sha256 if pdf else None,
            "pdf_size_bytes": pdf.size_bytes if pdf else None,
            "certificate_sha256": pdf.certificate_sha256 if pdf else None,
            "endorser_certificate_sha256": pdf.endorser_certificate_sha256 if pdf else None,
            "issued_at_utc": letter.issued_at_utc,
            "ending_reason": ending.reason if ending else None,
            "ending_actor_id": ending.actor_id if ending else None,
            "ending_at_utc": ending.at_utc if ending else None,
            "replaced_by": letter.replaced_by,
            "version": letter.version,
        }


def letter_of(row: Row[Any], cipher: RowCipher) -> Letter:
    """Return a row of the register as a letter. Raises ``CorruptStore``."""
    qr_text = None
    if row.qr_text is not None:
        qr_text = cipher.open(_QR_TEXT, row.id, row.qr_text).decode()
    return Letter(
        id=row.id,
        request_id=row.request_id,
        series=SeriesKey(row.agency_code, row.series, row.year),
        sequence=row.sequence,
        number=row.number,
        verification_code=row.verification_code,
        status_index=row.status_index,
        record=_record(row, cipher),
        state=LetterState(row.state),
        reserved_at_utc=row.reserved_at_utc,
        lease=None if row.lease_worker is None else Lease(row.lease_worker, row.lease_until_utc),
        qr_text=qr_text,
        to_sign_sha256=row.to_sign_sha256,
        pdf=None
        if row.pdf_sha256 is None
        else StoredPdf(
            row.pdf_sha256,
            row.pdf_size_bytes,
            row.certificate_sha256,
            row.endorser_certificate_sha256,
        ),
        issued_at_utc=row.issued_at_utc,
        ending=None
        if row.ending_reason is None
        else Ending(row.ending_reason, row.ending_actor_id, row.ending_at_utc),
        replaced_by=row.replaced_by,
        version=row.version,
    )


def _record(row: Row[Any], cipher: RowCipher) -> LetterRecord:
    plain = cipher.open(_RECORD, row.id, row.record)
    try:
        return LetterRecord.from_sealed(plain)
    except ValueError as error:
        raise CorruptStore(f"{_RECORD} of {row.id}") from error
