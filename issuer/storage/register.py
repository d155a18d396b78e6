"""The register as transactions over a database."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import TimeoutError as NoConnectionLeft

from issuer.domain.account_ports import AccountRepository, SecondFactorRepository
from issuer.domain.application_ports import ApplicationRepository
from issuer.domain.casework_ports import CaseRepository
from issuer.domain.citizen_ports import CitizenRepository
from issuer.domain.errors import DependencyUnavailable
from issuer.domain.forgery_report import ReportRepository
from issuer.domain.institution_ports import DeliveryRepository, InstitutionRepository
from issuer.domain.letter_ports import LetterRepository, NumberRepository
from issuer.domain.message_ports import (
    ContactRepository,
    MessageRepository,
    MessageTextRepository,
)
from issuer.domain.officer_ports import BatchRepository, OfficerRepository
from issuer.domain.paper_number import PaperNumberRepository
from issuer.domain.passkey_ports import PasskeyRepository
from issuer.domain.ports import (
    AgencyRepository,
    AuditRepository,
    BlankRepository,
    RequestRepository,
)
from issuer.domain.resident import ResidentRepository
from issuer.domain.resident_imports import ResidentImportRepository
from issuer.domain.signatory_ports import SignatoryRepository
from issuer.domain.type_versions import TypeVersionRepository
from issuer.storage.accounts import SqlAccounts
from issuer.storage.agencies import SqlAgencies, SqlSignatories
from issuer.storage.applications import SqlApplications
from issuer.storage.audit_trail import SqlAudit
from issuer.storage.blanks import SqlBlanks
from issuer.storage.cases import SqlCases
from issuer.storage.citizens import SqlCitizens
from issuer.storage.database import reads_only
from issuer.storage.deliveries import SqlDeliveries
from issuer.storage.institutions import SqlInstitutions
from issuer.storage.letters import SqlLetters
from issuer.storage.messages import SqlContacts, SqlMessages, SqlMessageTexts
from issuer.storage.number_series import SqlNumbers
from issuer.storage.officers import SqlBatches, SqlOfficers
from issuer.storage.paper_numbers import SqlPaperNumbers
from issuer.storage.passkeys import SqlPasskeys
from issuer.storage.reports import SqlReports
from issuer.storage.requests import SqlRequests
from issuer.storage.resident_imports import SqlResidentImports
from issuer.storage.residents import SqlResidents
from issuer.storage.sealing import RowCipher
from issuer.storage.second_factors import SqlSecondFactors
from issuer.storage.type_versions import SqlTypeVersions


class SqlUnitOfWork:
    """``UnitOfWork``: the repositories over one transaction, which ``commit`` ends."""

    def __init__(self, connection: Connection, cipher: RowCipher) -> None:
        self._connection = connection
        self.agencies: AgencyRepository = SqlAgencies(connection)
        self.signatories: SignatoryRepository = SqlSignatories(connection)
        self.requests: RequestRepository = SqlRequests(connection, cipher)
        self.cases: CaseRepository = SqlCases(connection, cipher)
        self.letters: LetterRepository = SqlLetters(connection, cipher)
        self.numbers: NumberRepository = SqlNumbers(connection)
        self.paper_numbers: PaperNumberRepository = SqlPaperNumbers(connection)
        self.audit: AuditRepository = SqlAudit(connection)
        self.accounts: AccountRepository = SqlAccounts(connection)
        self.second_factors: SecondFactorRepository = SqlSecondFactors(connection, cipher)
        self.passkeys: PasskeyRepository = SqlPasskeys(connection)
        self.blanks: BlankRepository = SqlBlanks(connection)
        self.institutions: InstitutionRepository = SqlInstitutions(connection, cipher)
        self.deliveries: DeliveryRepository = SqlDeliveries(connection)
        self.reports: ReportRepository = SqlReports(connection, cipher)
        self.officers: OfficerRepository = SqlOfficers(connection)
        self.batches: BatchRepository = SqlBatches(connection)
        self.residents: ResidentRepository = SqlResidents(connection, cipher)
        self.resident_imports: ResidentImportRepository = SqlResidentImports(connection, cipher)
        self.applications: ApplicationRepository = SqlApplications(connection, cipher)
        self.citizens: CitizenRepository = SqlCitizens(connection, cipher)
        self.contacts: ContactRepository = SqlContacts(connection, cipher)
        self.messages: MessageRepository = SqlMessages(connection, cipher)
        self.message_texts: MessageTextRepository = SqlMessageTexts(connection)
        self.type_versions: TypeVersionRepository = SqlTypeVersions(connection)

    def commit(self) -> None:
        """Make the changes durable. The repositories cannot be used afterwards."""
        self._connection.commit()
        # A statement after this would begin a transaction that nobody commits.
        self._connection.close()


class SqlRegister:
    """``Register`` over an engine of ``database.open_engine``."""

    def __init__(self, engine: Engine, cipher: RowCipher) -> None:
        self._writing = engine
        self._reading = reads_only(engine)
        self._cipher = cipher

    def reading(self) -> AbstractContextManager[SqlUnitOfWork]:
        """Open a transaction that reads one snapshot."""
        return self._transaction(self._reading)

    def writing(self) -> AbstractContextManager[SqlUnitOfWork]:
        """Open a transaction that holds the write lock from its start."""
        return self._transaction(self._writing)

    @contextmanager
    def _transaction(self, engine: Engine) -> Iterator[SqlUnitOfWork]:
        try:
            connection = engine.connect()
        except NoConnectionLeft as error:
            raise DependencyUnavailable("database") from error
        # Closing undoes what was not committed.
        with connection:
            connection.begin()
            yield SqlUnitOfWork(connection, self._cipher)
