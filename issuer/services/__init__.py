"""Use cases: a class per subject, collaborators in the constructor, a method per action."""

from __future__ import annotations

from dataclasses import dataclass

from issuer.domain.office import Office
from issuer.domain.ports import Clock, LetterCatalogue, SecurityPatterns
from issuer.services.accounts import Accounts
from issuer.services.administration import Administration
from issuer.services.agencies import Agencies
from issuer.services.applications import Applications
from issuer.services.batches import Batches
from issuer.services.blanks import Blanks
from issuer.services.casework import Casework
from issuer.services.citizens import Citizens
from issuer.services.deliveries import Deliveries
from issuer.services.disclosure import Disclosure
from issuer.services.documents import Documents
from issuer.services.drafting import Drafts
from issuer.services.erasing import Erasing
from issuer.services.inquiries import Inquiries
from issuer.services.institutions import Institutions
from issuer.services.intake import Intake
from issuer.services.issuance import Issuance
from issuer.services.letters import Letters
from issuer.services.limits import Limits
from issuer.services.mail_accounts import MailAccounts
from issuer.services.mandates import Mandates
from issuer.services.message_sending import MessageSending
from issuer.services.message_texts import MessageTexts
from issuer.services.messages import Messages
from issuer.services.naming import Naming
from issuer.services.officers import Officers
from issuer.services.own_requests import OwnRequests
from issuer.services.paper_numbers import PaperNumbers
from issuer.services.passkeys import Passkeys
from issuer.services.personal_data import PersonalData
from issuer.services.proposals import Proposals
from issuer.services.provider_accounts import ProviderAccounts
from issuer.services.reaching import Reaching
from issuer.services.receiving import Receiving
from issuer.services.reports import Reports
from issuer.services.resident_imports import ResidentImports
from issuer.services.residents import Residents
from issuer.services.second_factors import SecondFactors
from issuer.services.sessions import Sessions
from issuer.services.trail import Trail
from issuer.services.type_editing import TypeEditing
from issuer.services.type_preview import TypePreview
from issuer.services.verification import Verifier


@dataclass(frozen=True, slots=True)
class Services:
    """What the web layer receives: no adapter, no key, no database."""

    office: Office
    catalogue: LetterCatalogue
    accounts: Accounts
    sessions: Sessions
    second_factors: SecondFactors
    passkeys: Passkeys
    administration: Administration
    trail: Trail
    agencies: Agencies
    type_editing: TypeEditing
    type_preview: TypePreview
    applications: Applications
    citizens: Citizens
    mail_accounts: MailAccounts
    provider_accounts: ProviderAccounts
    own_requests: OwnRequests
    receiving: Receiving
    documents: Documents
    intake: Intake
    casework: Casework
    issuance: Issuance
    drafts: Drafts
    letters: Letters
    paper_numbers: PaperNumbers
    officers: Officers
    proposals: Proposals
    batches: Batches
    mandates: Mandates
    blanks: Blanks
    verifier: Verifier
    limits: Limits
    inquiries: Inquiries
    disclosure: Disclosure
    reports: Reports
    personal_data: PersonalData
    erasing: Erasing
    residents: Residents
    resident_imports: ResidentImports
    patterns: SecurityPatterns
    naming: Naming
    institutions: Institutions
    deliveries: Deliveries
    messages: Messages
    message_sending: MessageSending
    message_texts: MessageTexts
    reaching: Reaching
    clock: Clock
