"""Founding: the secrets, keys, certificates and tables of a new office.

Nothing that exists is overwritten; every step can be repeated after an
interruption.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from cryptography import x509

from issuer import whole_files
from issuer.bootstrap import certificate_authority
from issuer.config import Settings
from issuer.domain.errors import ConfigurationError
from issuer.domain.ports import Clock, Random, UnitOfWork
from issuer.signing import key_files
from issuer.signing.authority import Subject
from issuer.signing.credential_keys import (
    CredentialKeySet,
    key_id,
    read_credential_keys,
    write_credential_keys,
)
from issuer.signing.credential_signing import create_credential_key
from issuer.signing.keys import (
    certificate_path,
    create_passphrase,
)
from issuer.storage.database import open_engine
from issuer.storage.migrations import upgrade

_SECRET_BYTES = 32
Say = Callable[[str], None]


def create_secrets(settings: Settings, random: Random) -> None:
    """Make the passphrase, the data key and the session key that are not there yet."""
    for path in (
        settings.keys_passphrase_file,
        settings.data_key_file,
        settings.session_key_file,
    ):
        whole_files.make_folder(path.parent, key_files.SECRET_FOLDER)
        if path.exists():
            continue
        if path == settings.keys_passphrase_file:
            create_passphrase(path, random)
        else:
            whole_files.write_new(path, random.token_bytes(_SECRET_BYTES), key_files.SECRET_FILE)


def upgrade_database(settings: Settings) -> None:
    """Create the tables, or bring them to this version."""
    engine = open_engine(settings.database_url)
    try:
        upgrade(engine)
    finally:
        engine.dispose()


def create_keys(settings: Settings, clock: Clock, random: Random) -> None:
    """Hold the ceremony: the key of the QR credentials, then root and issuing authority.

    The root's certificate is the last thing made: while it is missing, an
    interrupted ceremony can be repeated. Raises ``ConfigurationError`` when it is there.
    """
    authority = certificate_authority(settings, random)
    if not (settings.keys_dir / "trust" / "credential-keys.json").exists():
        _create_credential_key(settings, clock)
    authority.found(clock.now())


def certify_signatories(
    settings: Settings, uow: UnitOfWork, clock: Clock, random: Random, say: Say
) -> int:
    """Give every signatory of the register who has none a key and a certificate."""
    authority = certificate_authority(settings, random)
    agencies = {agency.code: agency.name for agency in uow.agencies.list()}
    home = {m.signatory_id: m.agency_code for m in uow.signatories.mandates()}
    made = 0
    for signatory in uow.signatories.list():
        if certificate_path(settings.keys_dir, signatory.key_id).exists():
            continue
        subject = Subject(signatory.name, agencies.get(home.get(signatory.id, ""), ""))
        authority.certify(signatory.key_id, subject, clock.now())
        made += 1
        if made % 100 == 0:
            say(f"  {made} keys")
    return made


def _create_credential_key(settings: Settings, clock: Clock) -> None:
    # The private half is stored before the public half is known to anybody.
    key = create_credential_key(settings.keys_dir, settings.keys_passphrase_file, clock.now())
    write_credential_keys(settings.keys_dir, CredentialKeySet((key,)))


@dataclass(frozen=True, slots=True)
class ListedKey:
    """A key for the operator's eyes; the dates are ISO 8601."""

    id: str
    use: str
    starts: str
    ends: str


def list_keys(settings: Settings) -> list[ListedKey]:
    """Return authorities, QR keys and signatories. Raises ``ConfigurationError``."""
    trust, leaves = settings.keys_dir / "trust", settings.keys_dir / "certificates"
    found = [_listed(path, "authority") for path in sorted(trust.glob("*.pem"))]
    found += [
        ListedKey(
            key_id(key.public_key).hex(),
            "qr",
            key.from_utc.date().isoformat(),
            min(key.until_utc, key.retired_utc or key.until_utc).date().isoformat(),
        )
        for key in read_credential_keys(settings.keys_dir).keys
    ]
    return found + [_listed(path, "signatory") for path in sorted(leaves.glob("*.pem"))]


def _listed(path: Path, use: str) -> ListedKey:
    try:
        certificate = x509.load_pem_x509_certificate(key_files.read(path))
    except (OSError, ValueError) as error:
        raise ConfigurationError([f"{path} cannot be read as a certificate"]) from error
    starts, ends = certificate.not_valid_before_utc, certificate.not_valid_after_utc
    return ListedKey(path.stem, use, starts.date().isoformat(), ends.date().isoformat())
