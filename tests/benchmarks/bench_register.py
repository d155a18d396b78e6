"""Fills a register on SQLite with issued letters, faster than they could be issued.

Every row is a copy of one issued letter under another id, number, salt and hash, its
record sealed as the office's own. Some, spread evenly, have a true QR besides; the QR
of the others is only as long as one. What no verification by QR or number reads is
left out: files, and what the requests say.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from issuer.bootstrap import Composition, SystemRandom
from issuer.domain.credential import claims_of
from issuer.domain.letter import Letter
from issuer.domain.ports import CredentialSigner
from issuer.storage.schema import letters, requests
from issuer.storage.sealing import RowCipher

_A_YEAR: Final = 200_000
_LIST: Final = 2**20
_STEP: Final = 611_953
"""Odd, so that its multiples visit every place of a status list once, in no order."""

_WHILE_FILLING: Final = (
    "query_only=0",
    "journal_mode=MEMORY",
    "synchronous=OFF",
    "cache_size=-800000",
)


@dataclass(frozen=True, slots=True)
class Asked:
    """What verifies one letter: the text of its QR, or its number and code."""

    qr_text: str
    number: str
    code: str


def fill(office: Composition, model: Letter, count: int, asked: int) -> list[Asked]:
    """Add ``count`` letters like ``model``; return what verifies ``asked`` of them."""
    with office.register.reading() as uow:
        request = uow.requests.find(model.request_id)
    assert request is not None
    filling = _Filling(office, model)
    raw = office.engine.raw_connection()
    connection = raw.driver_connection
    assert connection is not None
    for pragma in _WHILE_FILLING:
        connection.execute(f"PRAGMA {pragma}")
    connection.execute("BEGIN")
    names = tuple(requests.c.keys())
    row = _row(connection, names, "requests", model.request_id)
    new = ({**row, "id": filling.request_id(i)} for i in range(1, count + 1))
    connection.executemany(_insert("requests", names), (tuple(r.values()) for r in new))
    names = tuple(letters.c.keys())
    row = _row(connection, names, "letters", model.id)
    true_every = count // asked
    rows = filling.rows(row, range(1, count + 1), true_every)
    connection.executemany(_insert("letters", names), (tuple(r[n] for n in names) for r in rows))
    connection.execute("COMMIT")
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("ANALYZE")
    raw.invalidate()  # the settings above end with the connection
    return filling.asked


class _Filling:
    def __init__(self, office: Composition, model: Letter) -> None:
        self._office = office
        self._model = model
        self._random = SystemRandom()
        key = office.settings.data_key_file.read_bytes()
        self._cipher = RowCipher(key, self._random)
        self._signer: CredentialSigner = office.services.issuance._room.credentials
        # Asked now: while the table is filled nobody else may read it.
        self._type_code = office.services.catalogue.get(model.record.type_slug).code
        self.asked: list[Asked] = []

    def request_id(self, i: int) -> str:
        return f"{i:032x}"

    def rows(
        self, row: dict[str, object], numbers: range, true_every: int
    ) -> Iterator[dict[str, object]]:
        model = self._model
        first, _, *rest = model.number.split("/")
        canonical = model.record.canonical()
        fixed = model.id.encode(), model.number.encode(), model.record.salt.encode()
        digits = b"x" * len(model.qr_text or "")
        for i in numbers:
            year = model.series.year + i // _A_YEAR
            number = "/".join((first, str(i + 1), *rest[:-1], str(year)))
            letter_id, salt = (self._random.token_bytes(16).hex() for _ in range(2))
            record = canonical
            for old, new in zip(fixed, (letter_id, number, salt), strict=True):
                record = record.replace(old, new.encode())
            index = (model.status_index + i * _STEP) % _LIST
            qr_text = digits
            if i % true_every == 0:
                qr_text = self._true(letter_id, number, salt, index).encode()
            yield {
                **row,
                "id": letter_id,
                "request_id": self.request_id(i),
                "year": year,
                "sequence": i + 1,
                "number": number,
                "status_index": index,
                "record": self._cipher.seal("letters.record", letter_id, record),
                "qr_text": self._cipher.seal("letters.qr_text", letter_id, qr_text),
                "pdf_sha256": self._random.token_bytes(32).hex(),
            }

    def _true(self, letter_id: str, number: str, salt: str, index: int) -> str:
        model, office = self._model, self._office.services.office
        claims = claims_of(
            replace(model.record, letter_id=letter_id, number=number, salt=salt),
            office,
            type_code=self._type_code,
            agency_number=int(model.record.agency_code.replace(".", "")),
            signatory_number=1,
            status_index=index,
            issued_at_utc=model.reserved_at_utc,
        )
        text = self._signer.seal(claims, self._office.services.clock.now())
        self.asked.append(Asked(text, number, model.verification_code))
        return text


def _row(connection: object, names: Sequence[str], table: str, key: str) -> dict[str, object]:
    columns = ", ".join(f'"{name}"' for name in names)
    found = connection.execute(f"SELECT {columns} FROM {table} WHERE id = ?", (key,)).fetchone()  # type: ignore[attr-defined]  # noqa: S608 - our own names
    return dict(zip(names, found, strict=True))


def _insert(table: str, names: Sequence[str]) -> str:
    columns = ", ".join(f'"{name}"' for name in names)
    return f"INSERT INTO {table} ({columns}) VALUES ({', '.join('?' * len(names))})"  # noqa: S608 - our own names
