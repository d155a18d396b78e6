"""Founding: the secrets, keys, certificates and tables of a new office.

Nothing that exists is overwritten; every step can be repeated after an
interruption.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec

from issuer.config import Settings
from issuer.domain.errors import ConfigurationError
from issuer.domain.ports import Clock, Random, UnitOfWork
from issuer.signing import key_files
from issuer.signing.algorithms import Algorithm
from issuer.signing.authority import CertificateAuthority, Subject
from issuer.signing.ceremony import read_ceremony
from issuer.signing.credential_keys import (
    CredentialKey,
    CredentialKeySet,
    key_id,
    read_credential_keys,
    write_credential_keys,
)
from issuer.signing.keys import (
    certificate_path,
    create_passphrase,
    create_private_key,
    private_path,
)
from issuer.storage.database import open_engine
from issuer.storage.migrations import upgrade

CREDENTIAL_KEY_LIFE = timedelta(days=3 * 365)
_UNNAMED = "credential-unnamed"
_SECRET_BYTES = 32
Say = Callable[[str], None]


def create_secrets(settings: Settings, random: Random) -> None:
    """Make the passphrase, the data key and the session key that are not there yet."""
    for path in (
        settings.keys_passphrase_file,
        settings.data_key_file,
        settings.session_key_file,
    ):
        key_files.make_folder(path.parent, key_files.SECRET_FOLDER)
        if path.exists():
            continue
        if path == settings.keys_passphrase_file:
            create_passphrase(path, random)
        else:
            key_files.write_new(path, random.token_bytes(_SECRET_BYTES), key_files.SECRET_FILE)


def upgrade_database(settings: Settings) -> None:
    """Create the tables, or bring them to this version."""
    engine = open_engine(settings.database_url)
    try:
        upgrade(engine)
    finally:
        engine.dispose()


def authority_of(settings: Settings, random: Random) -> CertificateAuthority:
    """Return the office's certificate authority, by the ceremony of its profile."""
    name = "demo.toml" if settings.office().specimen else "office.toml"
    ceremony = read_ceremony(settings.templates_dir / "ceremonies" / name, settings.regency_name)
    return CertificateAuthority(
        settings.keys_dir, settings.keys_passphrase_file, ceremony, settings.base_url, random
    )


def create_keys(settings: Settings, clock: Clock, random: Random) -> None:
    """Hold the ceremony: the key of the QR credentials, then root and issuing authority.

    The root's certificate is the last thing made: while it is missing, an
    interrupted ceremony can be repeated. Raises ``ConfigurationError`` when it is there.
    """
    authority = authority_of(settings, random)
    if not (settings.keys_dir / "trust" / "credential-keys.json").exists():
        _create_credential_key(settings, clock)
    authority.found(clock.now())


def certify_signatories(
    settings: Settings, uow: UnitOfWork, clock: Clock, random: Random, say: Say
) -> int:
    """Give every signatory of the register who has none a key and a certificate."""
    authority = authority_of(settings, random)
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
    keys_dir, passphrase = settings.keys_dir, settings.keys_passphrase_file
    private_path(keys_dir, _UNNAMED).unlink(missing_ok=True)
    private = create_private_key(keys_dir, _UNNAMED, Algorithm.ES256, passphrase)
    if not isinstance(private, ec.EllipticCurvePrivateKey):
        raise ConfigurationError(["a QR credential is signed with ES256"])
    now = clock.now().replace(microsecond=0)
    key = CredentialKey(private.public_key(), now, now + CREDENTIAL_KEY_LIFE)
    # The private half has its name before the public half is published.
    name = f"credential-{key_id(key.public_key).hex()}"
    private_path(keys_dir, _UNNAMED).rename(private_path(keys_dir, name))
    write_credential_keys(keys_dir, CredentialKeySet((key,)))


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
            key.until_utc.date().isoformat(),
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
