"""The whole office: both sides and every use case."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Engine

from issuer.bootstrap.machine import SystemClock, SystemRandom
from issuer.bootstrap.messaging import FOLLOW_PATH
from issuer.bootstrap.officers import officers_signing
from issuer.bootstrap.own_files import certificate_authority, content_desk, read_secret
from issuer.bootstrap.own_keys import end_of_keys, open_keyring
from issuer.bootstrap.people import from_home, sign_ins
from issuer.bootstrap.public_side import public_side
from issuer.config import Profile, Settings
from issuer.domain.errors import ConfigurationError
from issuer.domain.limits import Limiter, counting_secret
from issuer.domain.officer_ports import Background
from issuer.domain.ports import Clock, Random
from issuer.jobs.background import Threads
from issuer.rendering.decoding import ZxingDecoder
from issuer.rendering.document_intake import DocumentIntake
from issuer.rendering.emblem_files import load_emblems
from issuer.rendering.fonts import load_fonts
from issuer.rendering.letter import PdfRenderer
from issuer.rendering.security.printing import PatternPrinter
from issuer.rendering.security.redrawing import PatternRedrawer
from issuer.rendering.virus_scanner import ClamdScanner
from issuer.rendering.wording_values import own_characters
from issuer.services import Services
from issuer.services.agencies import Agencies
from issuer.services.blanks import Blanks
from issuer.services.casework import Casework
from issuer.services.disclosure import Disclosure
from issuer.services.document_files import DocumentFiles
from issuer.services.drafting import Drafts
from issuer.services.erasing import Erasing
from issuer.services.inquiries import Inquiries
from issuer.services.institutions import Institutions
from issuer.services.intake import Intake
from issuer.services.issuance import Issuance
from issuer.services.letters import Letters
from issuer.services.limits import Limits
from issuer.services.mandates import Mandates
from issuer.services.message_texts import MessageTexts
from issuer.services.messages import Messages
from issuer.services.naming import Naming
from issuer.services.paper_numbers import PaperNumbers
from issuer.services.personal_data import PersonalData
from issuer.services.publication import Publication
from issuer.services.recovery import Recovery
from issuer.services.reports import Reports
from issuer.services.reserving import Reserving
from issuer.services.resident_imports import ResidentImports
from issuer.services.residents import Residents
from issuer.services.retention import Retention
from issuer.services.selfcheck import Selfcheck
from issuer.services.signing_room import SigningRoom
from issuer.services.trail import Trail
from issuer.services.type_editing import TypeEditing
from issuer.services.type_preview import TypePreview
from issuer.signing.credential_signing import KeyringCredentialSealer
from issuer.signing.key_publishing import KeySetOffice
from issuer.signing.keys import KeyStore
from issuer.signing.pades import PadesSigner
from issuer.signing.passwords import Argon2Hasher
from issuer.signing.status_tokens import StatusListSealer
from issuer.signing.trust import TrustStore
from issuer.spreadsheets import read_upload, write_sheet
from issuer.storage.counting import SqlLimiter
from issuer.storage.files import ObjectFileStore
from issuer.storage.redis_counting import FirstAnswering, RedisLimiter
from issuer.storage.register import SqlRegister
from issuer.storage.workers import LockedFileWorkers
from issuer.texts.messages import WORDINGS


@dataclass(frozen=True, slots=True)
class Composition:
    """A whole office. ``notes`` are things an operator should know, in English."""

    settings: Settings
    services: Services
    register: SqlRegister
    engine: Engine
    recovery: Recovery
    retention: Retention
    document_files: DocumentFiles
    publication: Publication
    key_sets: KeySetOffice
    selfcheck: Selfcheck
    limiter: Limiter
    background: Background
    decoder: ZxingDecoder
    document_intake: DocumentIntake
    notes: tuple[str, ...]

    def close(self) -> None:
        """Finish what was begun, let go of the database, and end what reads pictures."""
        self.background.finish()
        self.decoder.close()
        self.document_intake.close()
        self.engine.dispose()


def compose(
    settings: Settings, clock: Clock | None = None, random: Random | None = None
) -> Composition:
    """Build the office that the settings describe.

    To be called in the process that will use it, after any fork. Raises
    ``ConfigurationError`` for an office that must not run as it is.
    """
    clock, random = clock or SystemClock(), random or SystemRandom()
    office = settings.office()
    public = public_side(settings, clock, random)
    fonts = load_fonts(settings.fonts_dir, settings.templates_dir / "fonts")
    notes = [f"letter type left out: {problem}" for problem in public.catalogue.problems]
    for kind in public.catalogue.all():
        if missing := fonts.missing_glyphs(own_characters(kind)):
            notes.append(f"letter type {kind.slug}: the typeface lacks {' '.join(sorted(missing))}")
    if fonts.fallback:
        notes.append(
            "the letter's typeface Arimo is not installed; Vera stands in. See 'make fonts'"
        )
    if notes and settings.profile is Profile.PRODUCTION:
        raise ConfigurationError(notes)
    renderer = PdfRenderer(
        fonts, PatternPrinter(), load_emblems(settings.templates_dir / "emblems")
    )
    files = ObjectFileStore(settings.files_dir)
    trust = TrustStore(settings.keys_dir / "trust")
    keyring = open_keyring(settings, public.credential_keys, clock)
    if ends_soon := end_of_keys(keyring, clock.now()):
        notes.append(ends_soon)
    key_sets = KeySetOffice(
        keys_dir=settings.keys_dir,
        passphrase_file=settings.keys_passphrase_file,
        public=public.credential_keys,
        keyring=keyring,
        files=public.published_files,
        region_code=office.region_digits,
    )
    publication = Publication(
        register=public.register,
        files=public.published_files,
        published=public.published,
        signer=StatusListSealer(keyring, settings.base_url),
        key_sets=key_sets,
        revocation_lists=certificate_authority(settings, random),
        clock=clock,
        office=office,
    )
    room = SigningRoom(
        renderer=renderer,
        decoder=public.decoder,
        letters=PadesSigner(KeyStore(settings.keys_dir, settings.keys_passphrase_file, trust)),
        credentials=KeyringCredentialSealer(keyring, settings.base_url),
        credential_reader=public.credentials,
        validator=public.documents,
        clock=clock,
        office=office,
    )
    intake = Intake(
        register=public.register,
        catalogue=public.catalogue,
        renderer=renderer,
        clock=clock,
        random=random,
        office=office,
    )
    messages = Messages(
        catalogue=public.catalogue,
        wordings=WORDINGS,
        ways=public.message_sending.ways,
        office=office,
        clock=clock,
        follow_path=FOLLOW_PATH,
    )
    workers = LockedFileWorkers(settings.data_dir / "workers", random)
    reserving = Reserving(random=random, office=office, worker=workers.name)
    issuance = Issuance(
        register=public.register,
        catalogue=public.catalogue,
        reserving=reserving,
        room=room,
        messages=messages,
        files=files,
        clock=clock,
        office=office,
    )
    recovery = Recovery(
        issuance=issuance,
        register=public.register,
        catalogue=public.catalogue,
        reserving=reserving,
        room=room,
        workers=workers,
        clock=clock,
        office=office,
    )
    limiter = _limiter(settings, public.engine, clock)
    limits = Limits(
        limiter=limiter,
        secret=counting_secret(read_secret(settings.session_key_file, "session")),
    )
    hasher = Argon2Hasher(random)
    people = sign_ins(settings, public.register, hasher, messages, limits, clock, random)
    background = Threads()
    signing = officers_signing(
        public.register,
        public.catalogue,
        hasher,
        people.passkeys,
        issuance,
        recovery,
        room,
        workers,
        background,
        limits,
        clock,
        office,
    )
    casework = Casework(
        register=public.register, catalogue=public.catalogue, messages=messages, clock=clock
    )
    scanner = ClamdScanner(settings.clamd_socket) if settings.clamd_socket else None
    document_intake = DocumentIntake(scanner=scanner)
    home = from_home(
        settings,
        public.register,
        public.catalogue,
        casework,
        messages,
        files,
        document_intake,
        limits,
        clock,
        random,
    )
    desk = content_desk(
        public.catalogue, settings.templates_dir, fonts, lambda: office.today(clock.now())
    )
    services = Services(
        office=office,
        catalogue=public.catalogue,
        sessions=people.sessions,
        second_factors=people.second_factors,
        passkeys=people.passkeys,
        accounts=people.accounts,
        administration=people.administration,
        citizens=people.citizens,
        mail_accounts=people.mail_accounts,
        provider_accounts=people.provider_accounts,
        trail=Trail(register=public.register),
        type_editing=TypeEditing(register=public.register, desk=desk, clock=clock, random=random),
        type_preview=TypePreview(
            register=public.register, desk=desk, renderer=renderer, clock=clock, office=office
        ),
        agencies=Agencies(
            register=public.register,
            catalogue=public.catalogue,
            renderer=renderer,
            clock=clock,
        ),
        applications=home.applications,
        documents=home.documents,
        receiving=home.receiving,
        own_requests=home.own_requests,
        intake=intake,
        casework=casework,
        issuance=issuance,
        drafts=Drafts(
            register=public.register,
            catalogue=public.catalogue,
            issuance=issuance,
            renderer=renderer,
            clock=clock,
            office=office,
        ),
        letters=Letters(
            register=public.register,
            files=files,
            intake=intake,
            issuance=issuance,
            messages=messages,
            clock=clock,
            office=office,
        ),
        paper_numbers=PaperNumbers(
            register=public.register,
            catalogue=public.catalogue,
            clock=clock,
            random=random,
            office=office,
        ),
        officers=signing.officers,
        proposals=signing.proposals,
        batches=signing.batches,
        mandates=Mandates(
            register=public.register,
            catalogue=public.catalogue,
            clock=clock,
            random=random,
            office=office,
        ),
        blanks=Blanks(
            register=public.register, catalogue=public.catalogue, clock=clock, office=office
        ),
        verifier=public.verifier,
        limits=limits,
        inquiries=Inquiries(verifier=public.verifier, limits=limits, clock=clock),
        reports=Reports(register=public.register, limits=limits, clock=clock, random=random),
        residents=Residents(
            register=public.register, limits=limits, clock=clock, random=random, office=office
        ),
        resident_imports=ResidentImports(
            register=public.register,
            limits=limits,
            clock=clock,
            random=random,
            office=office,
            read=read_upload,
            write=write_sheet,
        ),
        personal_data=PersonalData(register=public.register, clock=clock, office=office),
        erasing=Erasing(
            register=public.register,
            accounts=people.accounts,
            documents=home.sealed_files,
            limits=limits,
            clock=clock,
        ),
        disclosure=Disclosure(
            verifier=public.verifier, register=public.register, limits=limits, clock=clock
        ),
        patterns=PatternRedrawer(),
        naming=Naming(register=public.register, catalogue=public.catalogue),
        institutions=Institutions(
            register=public.register, clock=clock, random=random, office=office
        ),
        deliveries=public.deliveries,
        messages=messages,
        message_sending=public.message_sending,
        reaching=home.reaching,
        message_texts=MessageTexts(register=public.register, wordings=WORDINGS, clock=clock),
        clock=clock,
    )
    return Composition(
        settings=settings,
        services=services,
        register=public.register,
        engine=public.engine,
        retention=public.retention,
        document_files=home.document_files,
        recovery=recovery,
        publication=publication,
        key_sets=key_sets,
        selfcheck=Selfcheck(
            register=public.register,
            files=files,
            credentials=public.credentials,
            documents=public.documents,
            published=public.published,
            document_files=home.document_files,
            clock=clock,
            office=office,
        ),
        limiter=limiter,
        background=background,
        decoder=public.decoder,
        document_intake=document_intake,
        notes=tuple(notes),
    )


def _limiter(settings: Settings, engine: Engine, clock: Clock) -> Limiter:
    sure = SqlLimiter(engine, clock)
    if settings.redis_url is None:
        return sure
    return FirstAnswering(RedisLimiter(settings.redis_url), sure)
