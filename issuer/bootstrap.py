"""The composition root: settings in, an office out. The only module that names every adapter."""

from __future__ import annotations

import secrets  # noqa: TID251 - this is where randomness comes from
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import Engine

from issuer.catalogue.folders import FolderCatalogue
from issuer.config import Profile, Settings
from issuer.domain.errors import ConfigurationError, KeyUnavailable
from issuer.domain.limits import Limiter, counting_secret
from issuer.domain.ports import Clock, Random
from issuer.jobs.courier import HttpsCourier
from issuer.rendering.decoding import ZxingDecoder
from issuer.rendering.emblem_files import load_emblems
from issuer.rendering.fonts import load_fonts
from issuer.rendering.letter import PdfRenderer
from issuer.rendering.security.printing import PatternPrinter
from issuer.rendering.security.redrawing import PatternRedrawer
from issuer.rendering.wording_values import own_characters, wording_problems
from issuer.services import Services
from issuer.services.accounts import Accounts
from issuer.services.agencies import Agencies
from issuer.services.blanks import Blanks
from issuer.services.deliveries import Deliveries
from issuer.services.disclosure import Disclosure
from issuer.services.inquiries import Inquiries
from issuer.services.institutions import Institutions
from issuer.services.intake import Intake
from issuer.services.issuance import Issuance
from issuer.services.letters import Letters
from issuer.services.limits import Limits
from issuer.services.naming import Naming
from issuer.services.publication import Publication
from issuer.services.published import PublishedState
from issuer.services.recovery import Recovery
from issuer.services.reports import Reports
from issuer.services.reserving import Reserving
from issuer.services.selfcheck import Selfcheck
from issuer.services.signing_room import SigningRoom
from issuer.services.verification import Verifier
from issuer.signing.authority import CertificateAuthority
from issuer.signing.ceremony import read_ceremony
from issuer.signing.credential import CoseCredentialReader
from issuer.signing.credential_keys import CredentialKeyFile
from issuer.signing.credential_signing import CredentialKeyring, KeyringCredentialSealer
from issuer.signing.key_publishing import KeySetOffice
from issuer.signing.keys import KeyStore
from issuer.signing.pades import PadesSigner
from issuer.signing.passwords import Argon2Hasher
from issuer.signing.published_keys import PublishedKeySets
from issuer.signing.status_tokens import StatusListReader, StatusListSealer
from issuer.signing.trust import TrustStore
from issuer.signing.validation import PadesValidator
from issuer.storage.counting import SqlLimiter
from issuer.storage.database import open_engine
from issuer.storage.files import ObjectFileStore
from issuer.storage.migrations import is_current
from issuer.storage.published import PublishedFolder
from issuer.storage.redis_counting import FirstAnswering, RedisLimiter
from issuer.storage.register import SqlRegister
from issuer.storage.sealing import RowCipher
from issuer.storage.workers import LockedFileWorkers


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        """Return the present moment, aware UTC."""
        return datetime.now(UTC)  # noqa: TID251 - this is where time comes from


class SystemRandom:
    """The operating system's randomness."""

    def token_bytes(self, count: int) -> bytes:
        """Return that many random bytes."""
        return secrets.token_bytes(count)

    def below(self, limit: int) -> int:
        """Return a uniform integer from 0 to ``limit - 1``."""
        return secrets.randbelow(limit)


@dataclass(frozen=True, slots=True)
class Composition:
    """A whole office. ``notes`` are things an operator should know, in English."""

    settings: Settings
    services: Services
    register: SqlRegister
    engine: Engine
    recovery: Recovery
    publication: Publication
    key_sets: KeySetOffice
    selfcheck: Selfcheck
    limiter: Limiter
    decoder: ZxingDecoder
    notes: tuple[str, ...]

    def close(self) -> None:
        """Let go of the database, and end what reads pictures."""
        self.decoder.close()
        self.engine.dispose()


@dataclass(frozen=True, slots=True)
class PublicSide:
    """What verification needs; made without any private key."""

    engine: Engine
    register: SqlRegister
    catalogue: FolderCatalogue
    credential_keys: CredentialKeyFile
    credentials: CoseCredentialReader
    documents: PadesValidator
    decoder: ZxingDecoder
    verifier: Verifier
    deliveries: Deliveries
    published_files: PublishedFolder
    published: PublishedState

    def close(self) -> None:
        """Let go of the database, and end what reads pictures."""
        self.decoder.close()
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
    public = _public_side(settings, clock, random)
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
    keyring = _keyring(settings, public.credential_keys, clock)
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
    workers = LockedFileWorkers(settings.data_dir / "workers", random)
    reserving = Reserving(random=random, office=office, worker=workers.name)
    issuance = Issuance(
        register=public.register,
        catalogue=public.catalogue,
        reserving=reserving,
        room=room,
        files=files,
        clock=clock,
        office=office,
    )
    limiter = _limiter(settings, public.engine, clock)
    limits = Limits(
        limiter=limiter, secret=counting_secret(_secret(settings.session_key_file, "session"))
    )
    services = Services(
        office=office,
        catalogue=public.catalogue,
        accounts=Accounts(
            register=public.register,
            hasher=Argon2Hasher(random),
            limits=limits,
            clock=clock,
            random=random,
        ),
        agencies=Agencies(register=public.register, clock=clock),
        intake=intake,
        issuance=issuance,
        letters=Letters(
            register=public.register,
            files=files,
            intake=intake,
            issuance=issuance,
            clock=clock,
            office=office,
        ),
        blanks=Blanks(
            register=public.register, catalogue=public.catalogue, clock=clock, office=office
        ),
        verifier=public.verifier,
        limits=limits,
        inquiries=Inquiries(verifier=public.verifier, limits=limits, clock=clock),
        reports=Reports(register=public.register, limits=limits, clock=clock, random=random),
        disclosure=Disclosure(
            verifier=public.verifier, register=public.register, limits=limits, clock=clock
        ),
        patterns=PatternRedrawer(),
        naming=Naming(register=public.register, catalogue=public.catalogue),
        institutions=Institutions(
            register=public.register, clock=clock, random=random, office=office
        ),
        deliveries=public.deliveries,
        clock=clock,
    )
    return Composition(
        settings=settings,
        services=services,
        register=public.register,
        engine=public.engine,
        recovery=Recovery(
            issuance=issuance,
            register=public.register,
            catalogue=public.catalogue,
            reserving=reserving,
            room=room,
            workers=workers,
            clock=clock,
            office=office,
        ),
        publication=publication,
        key_sets=key_sets,
        selfcheck=Selfcheck(
            register=public.register,
            files=files,
            credentials=public.credentials,
            documents=public.documents,
            published=public.published,
            clock=clock,
        ),
        limiter=limiter,
        decoder=public.decoder,
        notes=tuple(notes),
    )


def compose_public(settings: Settings, clock: Clock | None = None) -> PublicSide:
    """Build the public side alone: no private key is opened."""
    return _public_side(settings, clock or SystemClock(), SystemRandom())


def read_catalogue(templates_dir: Path) -> FolderCatalogue:
    """Read the letter types of a templates folder."""
    return FolderCatalogue(templates_dir / "letters", wording_problems)


def certificate_authority(settings: Settings, random: Random) -> CertificateAuthority:
    """Return the office's certificate authority, by the ceremony of its profile."""
    name = "demo.toml" if settings.office().specimen else "office.toml"
    ceremony = read_ceremony(settings.templates_dir / "ceremonies" / name, settings.regency_name)
    return CertificateAuthority(
        settings.keys_dir, settings.keys_passphrase_file, ceremony, settings.base_url, random
    )


def public_files(settings: Settings) -> Mapping[str, Callable[[], bytes]]:
    """Return what the office publishes, by path: read again at every request."""
    trust = settings.keys_dir / "trust"
    names = {
        "/crl/root.crl": "root.crl",
        "/crl/issuing.crl": "issuing.crl",
        "/.well-known/jwks.json": "credential-keys.json",
        "/ca/root.pem": "root.pem",
        "/ca/issuing.pem": "issuing.pem",
    }
    return {path: (trust / name).read_bytes for path, name in names.items()}


def published_folder(settings: Settings) -> PublishedFolder:
    """Return the folder of status lists and key sets."""
    return PublishedFolder(settings.data_dir / "published")


def published_state(settings: Settings) -> PublishedState:
    """Return what the office has published; neither database nor private key is needed."""
    files, keys = published_folder(settings), CredentialKeyFile(settings.keys_dir)
    return PublishedState(
        files=files,
        status_lists=StatusListReader(keys, settings.base_url),
        key_sets=PublishedKeySets(files, keys),
    )


def _public_side(settings: Settings, clock: Clock, random: Random) -> PublicSide:
    engine = open_engine(settings.database_url)
    if not is_current(engine):
        raise ConfigurationError(["the database is of another version; run 'issuer db upgrade'"])
    register = SqlRegister(engine, RowCipher(_secret(settings.data_key_file, "data"), random))
    catalogue = read_catalogue(settings.templates_dir)
    keys = CredentialKeyFile(settings.keys_dir)
    keys.current()  # so that a missing file is found at the start
    credentials = CoseCredentialReader(keys, settings.base_url)
    documents = PadesValidator(TrustStore(settings.keys_dir / "trust"))
    decoder = ZxingDecoder()
    verifier = Verifier(
        register=register,
        catalogue=catalogue,
        credentials=credentials,
        documents=documents,
        decoder=decoder,
        patterns=PatternRedrawer(),
        clock=clock,
        office=settings.office(),
    )
    return PublicSide(
        engine=engine,
        register=register,
        catalogue=catalogue,
        credential_keys=keys,
        credentials=credentials,
        documents=documents,
        decoder=decoder,
        verifier=verifier,
        deliveries=Deliveries(
            register=register, courier=HttpsCourier(), clock=clock, random=random
        ),
        published_files=published_folder(settings),
        published=published_state(settings),
    )


def _keyring(settings: Settings, public: CredentialKeyFile, clock: Clock) -> CredentialKeyring:
    keyring = CredentialKeyring(settings.keys_dir, settings.keys_passphrase_file, public)
    try:
        keyring.signer_at(clock.now())
    except KeyUnavailable as error:
        if error.reason != "outside_its_dates":
            raise
        raise ConfigurationError(
            ["no key for QR credentials can sign now; run 'issuer keys init'"]
        ) from error
    return keyring


def _limiter(settings: Settings, engine: Engine, clock: Clock) -> Limiter:
    sure = SqlLimiter(engine, clock)
    if settings.redis_url is None:
        return sure
    return FirstAnswering(RedisLimiter(settings.redis_url), sure)


def _secret(path: Path, name: str) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise ConfigurationError([f"{name}_key_file: cannot read {path}"]) from error
