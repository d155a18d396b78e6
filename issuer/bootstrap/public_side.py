"""The side that verifies: everything a stranger may cause, and no private key."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Engine

from issuer.bootstrap.machine import SystemClock, SystemRandom
from issuer.bootstrap.messaging import message_senders
from issuer.bootstrap.own_files import (
    live_catalogue,
    published_folder,
    published_state,
    read_secret,
)
from issuer.catalogue.live import LiveCatalogue
from issuer.config import Settings
from issuer.domain.errors import ConfigurationError
from issuer.domain.ports import Clock, Random
from issuer.jobs.courier import HttpsCourier
from issuer.rendering.decoding import ZxingDecoder
from issuer.rendering.security.redrawing import PatternRedrawer
from issuer.services.deliveries import Deliveries
from issuer.services.message_sending import MessageSending
from issuer.services.published import PublishedState
from issuer.services.retention import Retention
from issuer.services.verification import Verifier
from issuer.signing.credential import CoseCredentialReader
from issuer.signing.credential_keys import CredentialKeyFile
from issuer.signing.trust import TrustStore
from issuer.signing.validation import PadesValidator
from issuer.storage.database import open_engine
from issuer.storage.lookup import SqlLookup
from issuer.storage.migrations import is_current
from issuer.storage.published import PublishedFolder
from issuer.storage.register import SqlRegister
from issuer.storage.sealing import RowCipher


@dataclass(frozen=True, slots=True)
class PublicSide:
    """What verification needs; made without any private key."""

    engine: Engine
    register: SqlRegister
    catalogue: LiveCatalogue
    credential_keys: CredentialKeyFile
    credentials: CoseCredentialReader
    documents: PadesValidator
    decoder: ZxingDecoder
    verifier: Verifier
    deliveries: Deliveries
    message_sending: MessageSending
    retention: Retention
    published_files: PublishedFolder
    published: PublishedState

    def close(self) -> None:
        """Let go of the database, and end what reads pictures."""
        self.decoder.close()
        self.engine.dispose()


def compose_public(settings: Settings, clock: Clock | None = None) -> PublicSide:
    """Build the public side alone: no private key is opened."""
    return public_side(settings, clock or SystemClock(), SystemRandom())


def public_side(settings: Settings, clock: Clock, random: Random) -> PublicSide:
    """Build the public side with this clock. Raises ``ConfigurationError``."""
    engine = open_engine(settings.database_url)
    if not is_current(engine):
        raise ConfigurationError(["the database is of another version; run 'issuer db upgrade'"])
    cipher = RowCipher(read_secret(settings.data_key_file, "data"), random)
    register = SqlRegister(engine, cipher)
    catalogue = live_catalogue(settings.templates_dir, register)
    keys = CredentialKeyFile(settings.keys_dir)
    keys.current()  # so that a missing file is found at the start
    credentials = CoseCredentialReader(keys, settings.base_url)
    documents = PadesValidator(TrustStore(settings.keys_dir / "trust"))
    decoder = ZxingDecoder()
    verifier = Verifier(
        letters=SqlLookup(engine, cipher),
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
        message_sending=MessageSending(
            register=register, senders=message_senders(settings, clock), clock=clock, random=random
        ),
        retention=Retention(register=register, clock=clock),
        published_files=published_folder(settings),
        published=published_state(settings),
    )
