"""What the use cases need from the world outside, as protocols.

Adapters in ``storage``, ``signing``, ``rendering`` and ``bootstrap`` implement
them; the same contract tests run on every implementation.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import date, datetime
from typing import Protocol

from issuer.domain.account_ports import AccountRepository, SecondFactorRepository
from issuer.domain.application_ports import ApplicationRepository
from issuer.domain.audit import AuditEntry, AuditEvent
from issuer.domain.blank import Blank, BlankEvent, BlankState, Serial, SerialRange
from issuer.domain.blank_stock import Moves
from issuer.domain.casework_ports import CaseRepository
from issuer.domain.citizen_ports import CitizenRepository
from issuer.domain.credential import CredentialClaims, ReadCredential
from issuer.domain.foreign_file import ForeignFile
from issuer.domain.forgery_report import ReportRepository
from issuer.domain.institution_ports import DeliveryRepository, InstitutionRepository
from issuer.domain.letter_ports import LetterRepository, NumberRepository
from issuer.domain.letter_request import LetterRequest
from issuer.domain.letter_types import FieldValue, LetterType
from issuer.domain.message_ports import (
    ContactRepository,
    MessageRepository,
    MessageTextRepository,
)
from issuer.domain.office import Agency
from issuer.domain.officer_ports import BatchRepository, OfficerRepository
from issuer.domain.paper_number import PaperNumberRepository
from issuer.domain.passkey_ports import PasskeyRepository
from issuer.domain.people import Nik
from issuer.domain.record import LetterRecord
from issuer.domain.resident import ResidentRepository
from issuer.domain.resident_imports import ResidentImportRepository
from issuer.domain.sealing import (
    DocumentFacts,
    ReadyToSign,
    RenderedLetter,
    SignatureSlot,
    SignedLetter,
)
from issuer.domain.signatory_ports import SignatoryRepository
from issuer.domain.type_versions import TypeVersionRepository


class Clock(Protocol):
    """Time, so that a test can set it."""

    def now(self) -> datetime:
        """Return the present moment, aware UTC."""


class Random(Protocol):
    """Unpredictable numbers."""

    def token_bytes(self, count: int) -> bytes:
        """Return that many random bytes."""

    def below(self, limit: int) -> int:
        """Return a uniform integer from 0 to ``limit - 1``."""


class Workers(Protocol):
    """The processes of this office."""

    name: str
    """Names this process in leases."""

    def gone(self, worker: str) -> bool:
        """Say whether that process has surely ended; False when it cannot be known."""


# --- what the office issues ---------------------------------------------------


class LetterCatalogue(Protocol):
    """The letter types of this office."""

    def all(self) -> Sequence[LetterType]:
        """Return every type, by slug."""

    def get(self, slug: str) -> LetterType:
        """Return one type. Raises ``NotFound``."""

    def current(self, uow: UnitOfWork, slug: str) -> LetterType:
        """Return one type as it is in force in this transaction; ``get`` may lag a second."""

    def check_fields(
        self, letter_type: LetterType, values: Mapping[str, object], today: date
    ) -> dict[str, FieldValue]:
        """Return the type's fields, cleaned. Raises ``InvalidInput`` with all problems."""


class LetterRenderer(Protocol):
    """Makes the page from the record; the same input gives the same bytes."""

    def missing_glyphs(self, text: str) -> frozenset[str]:
        """Return the characters of ``text`` that no font of the letter has."""

    def render(
        self,
        letter_type: LetterType,
        record: LetterRecord,
        *,
        qr_text: str,
        verification_code: str,
        host: str,
        slot: SignatureSlot,
    ) -> RenderedLetter:
        """Return the letter with its QR and one empty signature slot."""

    def draft(self, letter_type: LetterType, record: LetterRecord) -> bytes:
        """Return a PDF marked KONSEP, without number, QR and signature slot."""


class SecurityPatterns(Protocol):
    """Draws what is printed on a letter anew, so that a page can show it beside the paper."""

    def rosette_svg(self, digest: bytes) -> str:
        """Return the rosette of a record's digest as an SVG document."""

    def microtext(self, number: str, name: str, code: str) -> str:
        """Return the microtext once, as it is printed; ``code`` is ungrouped."""


class QrDecoder(Protocol):
    """Reads QR symbols; a second opinion on what was drawn, and for photos."""

    def decode_modules(self, modules: Sequence[Sequence[bool]]) -> str | None:
        """Return the text of a symbol, or None when it cannot be read."""

    def decode_image(self, data: bytes) -> str | None:
        """Return the text of the QR in a PNG or JPEG, or None.

        Raises ``TooLarge`` for an image beyond the limits, ``InvalidDocument`` for bytes
        that are no image (``file_not_pdf``) or took too long (``file_unreadable``), and
        ``DependencyUnavailable``.
        """

    def decode_pdf(self, pdf: bytes) -> str | None:
        """Return the text of the QR on a page of a scan, or None. Raises as above."""


# --- signing (private side) ---------------------------------------------------


class LetterSigner(Protocol):
    """The room with the keys; one door for each signature, one to sign."""

    def check(self, key_id: str, at_utc: datetime) -> str:
        """Return the SHA-256 (hex) of the certificate that would sign at that moment.

        Raises ``KeyUnavailable`` when none would.
        """

    def prepare(self, rendered: RenderedLetter, key_id: str, at_utc: datetime) -> ReadyToSign:
        """Lint the file and return the right to sign it. Raises ``NotFitToSign``."""

    def prepare_endorsement(
        self, signed: SignedLetter, slot: SignatureSlot, key_id: str, at_utc: datetime
    ) -> ReadyToSign:
        """Append an empty second signature and return the right to it.

        Raises ``NotFitToSign``.
        """

    def sign(self, ready: ReadyToSign, key_id: str) -> SignedLetter:
        """Redeem the right. Raises ``KeyUnavailable`` or ``NotFitToSign``."""


class CredentialSigner(Protocol):
    """Makes the text of the QR."""

    def seal(self, claims: CredentialClaims, at_utc: datetime) -> str:
        """Return the URL for the QR. Raises ``KeyUnavailable``."""


# --- verifying (public side; no private key) ----------------------------------


class CredentialReader(Protocol):
    """Reads and verifies the text of a QR."""

    def read(self, text: str) -> ReadCredential:
        """Return the claims. Raises ``MalformedCredential`` or ``InvalidSignature``."""


class DocumentValidator(Protocol):
    """Decides whether a file is, byte for byte, a letter as this office signs them."""

    def validate(self, pdf: bytes, *, signed_at_utc: datetime, now_utc: datetime) -> DocumentFacts:
        """Return the signature's facts. Raises ``InvalidDocument`` or ``InvalidSignature``.

        Certificates must have been good at ``signed_at_utc``, which the register
        knows; the revocation lists must be fresh at ``now_utc``.
        """

    def look_at(self, pdf: bytes) -> ForeignFile:
        """Return what a file that was refused says of itself, unverified; never raises."""

    def letter_id_claimed(self, pdf: bytes) -> str | None:
        """Return the letter id a file claims to be, unverified, or None."""


# --- the register -------------------------------------------------------------


class AgencyRepository(Protocol):
    """Agencies by code."""

    def add(self, agency: Agency) -> None: ...
    def set_printing(self, agency: Agency) -> None:
        """Write what an agency prints on: ``paper`` and ``security``."""

    def set_words(self, agency: Agency) -> None:
        """Write an agency's letterhead, seat, number code and number pattern."""

    def switched_off(self, code: str) -> frozenset[str]:
        """Return the slugs of the letter types that an agency does not issue now."""

    def off_at(self, slug: str) -> frozenset[str]: ...
    def switch_off(self, code: str, slugs: Iterable[str]) -> None:
        """Put these in the place of those that were off."""

    def get(self, code: str) -> Agency:
        """Raises ``NotFound``."""

    def list(self) -> Sequence[Agency]: ...


class RequestRepository(Protocol):
    """Letter requests by id."""

    def add(self, request: LetterRequest) -> None: ...
    def find(self, request_id: str) -> LetterRequest | None: ...
    def each(self) -> Iterator[LetterRequest]:
        """Yield every request, the oldest first, few in memory at a time."""

    def save(self, request: LetterRequest) -> None:
        """Write a changed request. Raises ``StaleVersion`` if its version is not next."""

    def of_holder(self, nik: Nik, most: int) -> Sequence[LetterRequest]:
        """Return the requests about this person, the newest first, at most so many."""

    def index_holders(self, most: int) -> int:
        """Let requests of older versions be found by their holder; return how many."""

    def erase(self, request: LetterRequest) -> None:
        """Write ``erasure.NOBODY`` in place of whom a request was about, and of what it says.

        No step: state and version stay.
        """

    def pseudonym(self, nik: Nik) -> str:
        """Return a keyed hash by which the audit trail names this person."""


class AuditRepository(Protocol):
    """The audit trail; there is no way to change or remove an entry."""

    def append(self, event: AuditEvent) -> AuditEntry: ...
    def entries(self, subject: str | None = None) -> Iterator[AuditEntry]: ...
    def before(
        self, position: int | None, limit: int, *, subject: str | None = None
    ) -> Sequence[AuditEntry]:
        """Return the last entries before a position (None: the end), the newest first."""


class BlankRepository(Protocol):
    """Numbered sheets of security paper, and what happened to them."""

    def add(self, blanks: Sequence[Blank]) -> None:
        """Insert new sheets. Raises ``StaleVersion`` when one is there already."""

    def save(self, blanks: Sequence[Blank]) -> None:
        """Write changed sheets, read in this same transaction."""

    def within(self, serials: SerialRange) -> Sequence[Blank]:
        """Return the registered sheets of a range, in order."""

    def lowest(self, agency_code: str) -> Serial | None:
        """Return the first unused sheet of a counter."""

    def unconfirmed(self, officer_id: str) -> Blank | None:
        """Return the sheet whose print this officer has not yet confirmed."""

    def of_letter(self, letter_id: str) -> Sequence[Blank]:
        """Return every sheet a letter was printed on, the oldest print first."""

    def list(
        self, *, agency_code: str | None = None, state: BlankState | None = None
    ) -> Iterator[Blank]:
        """Yield sheets by serial."""

    def record(self, event: BlankEvent) -> None: ...
    def events(self, *, letter_id: str | None = None) -> Iterator[BlankEvent]:
        """Yield events in the order of the audit trail."""

    def moves(self, agency_code: str, *, since_utc: datetime, earlier: bool = False) -> Moves:
        """Count a counter's sheets by how they moved since a moment, or ``earlier``."""

    def on_hand(self, agency_code: str) -> int:
        """Return how many sheets the counter has by the rows."""


class UnitOfWork(Protocol):
    """One transaction over the register. Leaving without ``commit`` undoes it."""

    agencies: AgencyRepository
    signatories: SignatoryRepository
    requests: RequestRepository
    cases: CaseRepository
    letters: LetterRepository
    numbers: NumberRepository
    audit: AuditRepository
    accounts: AccountRepository
    second_factors: SecondFactorRepository
    passkeys: PasskeyRepository
    blanks: BlankRepository
    institutions: InstitutionRepository
    deliveries: DeliveryRepository
    reports: ReportRepository
    officers: OfficerRepository
    batches: BatchRepository
    residents: ResidentRepository
    resident_imports: ResidentImportRepository
    applications: ApplicationRepository
    citizens: CitizenRepository
    contacts: ContactRepository
    messages: MessageRepository
    message_texts: MessageTextRepository
    paper_numbers: PaperNumberRepository
    type_versions: TypeVersionRepository

    def commit(self) -> None: ...


class Register(Protocol):
    """Opens transactions. Raises ``DependencyUnavailable`` when the database is away."""

    def reading(self) -> AbstractContextManager[UnitOfWork]:
        """A transaction that only reads."""

    def writing(self) -> AbstractContextManager[UnitOfWork]:
        """A transaction that holds the write lock from its start."""


class FileStore(Protocol):
    """Finished files by the SHA-256 of their bytes; write once, verified on read."""

    def put(self, data: bytes) -> str:
        """Store the bytes durably and return their SHA-256 (hex). Twice is once."""

    def get(self, sha256: str) -> bytes:
        """Return the bytes. Raises ``NotFound`` or ``CorruptStore``."""
