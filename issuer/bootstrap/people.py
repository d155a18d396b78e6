"""Who signs in, and what residents hold: accounts, sessions, second factors, applications."""

from __future__ import annotations

from dataclasses import dataclass

from issuer.bootstrap.identity import identity_provider
from issuer.config import SecondFactorRule, Settings
from issuer.domain.account_ports import PasswordHasher
from issuer.domain.application_ports import SealedFiles
from issuer.domain.ports import Clock, FileStore, LetterCatalogue, Random, Register
from issuer.rendering.document_intake import DocumentIntake
from issuer.rendering.symbols import ScreenSymbols
from issuer.services.accounts import Accounts
from issuer.services.administration import Administration
from issuer.services.applications import Applications
from issuer.services.casework import Casework
from issuer.services.citizens import Citizens
from issuer.services.document_files import DocumentFiles
from issuer.services.documents import Documents
from issuer.services.limits import Limits
from issuer.services.mail_accounts import MailAccounts
from issuer.services.messages import Messages
from issuer.services.own_requests import OwnRequests
from issuer.services.passkeys import Passkeys
from issuer.services.provider_accounts import ProviderAccounts
from issuer.services.reaching import Reaching
from issuer.services.receiving import Receiving
from issuer.services.second_factors import SecondFactors
from issuer.services.sessions import Sessions
from issuer.signing.breached_passwords import BreachedPasswords
from issuer.signing.one_time_codes import TimedCodes
from issuer.signing.passkey_ceremonies import WebAuthnCeremonies
from issuer.signing.password_strength import ZxcvbnJudge
from issuer.storage.sealed_files import SealedFileStore


@dataclass(frozen=True, slots=True)
class SignIns:
    """The use cases of everybody who signs in."""

    sessions: Sessions
    second_factors: SecondFactors
    passkeys: Passkeys
    accounts: Accounts
    administration: Administration
    citizens: Citizens
    mail_accounts: MailAccounts
    provider_accounts: ProviderAccounts


@dataclass(frozen=True, slots=True)
class FromHome:
    """The use cases of whoever asks from home."""

    applications: Applications
    documents: Documents
    sealed_files: SealedFiles
    document_files: DocumentFiles
    receiving: Receiving
    reaching: Reaching
    own_requests: OwnRequests


def sign_ins(
    settings: Settings,
    register: Register,
    hasher: PasswordHasher,
    messages: Messages,
    limits: Limits,
    clock: Clock,
    random: Random,
) -> SignIns:
    """Build what people sign in with."""
    office = settings.office()
    listed = settings.breached_passwords_file
    sessions = Sessions(register=register, clock=clock, random=random)
    second_factors = SecondFactors(
        register=register,
        codes=TimedCodes(office.name),
        symbols=ScreenSymbols(),
        hasher=hasher,
        sessions=sessions,
        limits=limits,
        clock=clock,
        random=random,
        required=settings.second_factor is SecondFactorRule.REQUIRED,
    )
    passkeys = Passkeys(
        register=register,
        ceremonies=WebAuthnCeremonies(settings.base_url, office.name),
        second_factors=second_factors,
        sessions=sessions,
        limits=limits,
        clock=clock,
        random=random,
    )
    accounts = Accounts(
        register=register,
        hasher=hasher,
        judge=ZxcvbnJudge(office.name, BreachedPasswords(listed) if listed else None),
        sessions=sessions,
        second_factors=second_factors,
        limits=limits,
        clock=clock,
        random=random,
    )
    administration = Administration(
        register=register,
        accounts=accounts,
        hasher=hasher,
        limits=limits,
        clock=clock,
        random=random,
    )
    citizens = Citizens(
        register=register,
        accounts=accounts,
        sessions=sessions,
        limits=limits,
        clock=clock,
        random=random,
        office=office,
    )
    mail_accounts = MailAccounts(
        register=register,
        accounts=accounts,
        citizens=citizens,
        sessions=sessions,
        second_factors=second_factors,
        messages=messages,
        limits=limits,
        clock=clock,
        random=random,
    )
    provider_accounts = ProviderAccounts(
        provider=identity_provider(settings, clock),
        register=register,
        accounts=accounts,
        citizens=citizens,
        sessions=sessions,
        second_factors=second_factors,
        limits=limits,
        clock=clock,
        random=random,
    )
    return SignIns(
        sessions,
        second_factors,
        passkeys,
        accounts,
        administration,
        citizens,
        mail_accounts,
        provider_accounts,
    )


def from_home(
    settings: Settings,
    register: Register,
    catalogue: LetterCatalogue,
    casework: Casework,
    messages: Messages,
    letters: FileStore,
    intake: DocumentIntake,
    limits: Limits,
    clock: Clock,
    random: Random,
) -> FromHome:
    """Build what residents ask with, and get their letters by."""
    sealed_files = SealedFileStore(settings.data_dir / "documents", random)
    applications = Applications(
        register=register,
        catalogue=catalogue,
        casework=casework,
        documents=sealed_files,
        limits=limits,
        messages=messages,
        clock=clock,
        random=random,
    )
    documents = Documents(
        register=register,
        catalogue=catalogue,
        reader=intake,
        files=sealed_files,
        limits=limits,
        clock=clock,
        random=random,
    )
    return FromHome(
        applications=applications,
        documents=documents,
        sealed_files=sealed_files,
        document_files=DocumentFiles(register=register, files=sealed_files, clock=clock),
        receiving=Receiving(register=register, letters=letters, clock=clock, random=random),
        reaching=Reaching(register=register, messages=messages, clock=clock),
        own_requests=OwnRequests(
            register=register, applications=applications, letters=letters, clock=clock
        ),
    )
