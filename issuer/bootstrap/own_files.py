"""What an office keeps in files, opened by the paths of its settings."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path

from issuer.catalogue.desk import ContentDesk
from issuer.catalogue.folders import FolderCatalogue
from issuer.catalogue.live import LiveCatalogue
from issuer.config import Settings
from issuer.domain.errors import ConfigurationError
from issuer.domain.ports import Random, Register
from issuer.rendering.fonts import FontSet
from issuer.rendering.wording_values import own_characters, wording_findings, wording_problems
from issuer.services.published import PublishedState
from issuer.signing.authority import CertificateAuthority
from issuer.signing.ceremony import read_ceremony
from issuer.signing.credential_keys import CredentialKeyFile
from issuer.signing.published_keys import PublishedKeySets
from issuer.signing.status_tokens import StatusListReader
from issuer.storage.published import PublishedFolder


def read_catalogue(templates_dir: Path) -> FolderCatalogue:
    """Read the letter types of a templates folder."""
    return FolderCatalogue(templates_dir / "letters", wording_problems)


def live_catalogue(templates_dir: Path, register: Register) -> LiveCatalogue:
    """Return the letter types of an office: the folder's, and what was released since."""
    return LiveCatalogue(read_catalogue(templates_dir), register, wording_problems, time.monotonic)


def content_desk(
    live: LiveCatalogue, templates_dir: Path, fonts: FontSet, today: Callable[[], date]
) -> ContentDesk:
    """Return the desk at which versions of letter types are checked."""
    return ContentDesk(
        base=read_catalogue(templates_dir),
        live=live,
        wording=wording_findings,
        missing_glyphs=fonts.missing_glyphs,
        characters=own_characters,
        today=today,
    )


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


def read_secret(path: Path, name: str) -> bytes:
    """Return what a file of secrets holds. Raises ``ConfigurationError``."""
    try:
        return path.read_bytes()
    except OSError as error:
        raise ConfigurationError([f"{name}_key_file: cannot read {path}"]) from error
