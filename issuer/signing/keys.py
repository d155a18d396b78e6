"""Private keys, on this side of the wall only: opened, checked, and used to sign."""

from __future__ import annotations

import base64
import os
import re
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final, NamedTuple, Protocol

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    PrivateFormat,
    load_pem_private_key,
)

from issuer import whole_files
from issuer.domain.errors import ConfigurationError, InvalidSignature, KeyUnavailable
from issuer.domain.ports import Random
from issuer.signing import algorithms, key_files
from issuer.signing.algorithms import Algorithm, PrivateKey
from issuer.signing.trust import TrustStore, load_certificate

MIN_PASSPHRASE: Final = 20
"""Characters. The PKCS#8 of the library stretches a passphrase little (PBKDF2, 2,048
rounds), so it must be strong by itself."""

KEY_ID: Final = re.compile(r"[a-z0-9][a-z0-9.-]{0,63}")
"""A key id is a file name too."""


class Signer(Protocol):
    """A key that signs, wherever it lives: a file, a token, a service."""

    @property
    def key_id(self) -> str:
        """The name that the register knows the key by."""

    @property
    def certificate_der(self) -> bytes:
        """The certificate of the one who signs."""

    @property
    def issuer_der(self) -> bytes:
        """The certificate of the authority that issued it."""

    @property
    def algorithm(self) -> Algorithm:
        """What ``sign`` returns."""

    def sign(self, message: bytes) -> bytes:
        """Return the signature over the message's SHA-256. Raises ``KeyUnavailable``."""


@dataclass(frozen=True, slots=True, repr=False)
class FileSigner:
    """A ``Signer`` whose private key came from a file."""

    key_id: str
    certificate_der: bytes
    issuer_der: bytes
    algorithm: Algorithm
    _private_key: PrivateKey

    def sign(self, message: bytes) -> bytes:
        """Return the signature over the message's SHA-256."""
        return algorithms.sign(self._private_key, message)


class _Opened(NamedTuple):
    files: tuple[Path, Path]
    stamp: object
    signer: FileSigner


class KeyStore:
    """The folder with certificates and private keys.

    ``certificates/<key_id>.pem`` is public, ``private/<key_id>.key`` is PKCS#8 under
    the passphrase in ``passphrase_file``.
    """

    def __init__(self, folder: Path, passphrase_file: Path, trust: TrustStore) -> None:
        self._folder = folder
        self._passphrase_file = passphrase_file
        self._trust = trust
        self._opened: dict[str, _Opened] = {}

    def signer(self, key_id: str) -> Signer:
        """Return the key with its certificate. Raises ``KeyUnavailable``.

        An opened key is kept until one of its two files changes.
        """
        try:
            opened = self._opened.get(key_id)
            if opened is None or opened.stamp != _stamp(opened.files):
                opened = self._opened[key_id] = self._open(key_id)
        except OSError as error:
            raise KeyUnavailable(key_id, _reason(error)) from error
        return opened.signer

    def check(self, key_id: str, at_utc: datetime) -> x509.Certificate:
        """Return the key's certificate. Raises ``KeyUnavailable`` unless it may sign then."""
        signer = self.signer(key_id)
        try:
            return self._trust.current().require(
                signer.certificate_der, signer.issuer_der, signed_at_utc=at_utc, now_utc=at_utc
            )
        except InvalidSignature as error:
            leaf = x509.load_der_x509_certificate(signer.certificate_der)
            outside = not leaf.not_valid_before_utc <= at_utc <= leaf.not_valid_after_utc
            reason = "outside_its_dates" if outside else error.reason
            raise KeyUnavailable(key_id, reason) from error

    def private_key(self, key_id: str) -> PrivateKey:
        """Return a private key that has no certificate. Raises ``KeyUnavailable``."""
        return open_private_key(self._folder, key_id, self._passphrase_file)

    def _open(self, key_id: str) -> _Opened:
        files = certificate_path(self._folder, key_id), private_path(self._folder, key_id)
        stamp = _stamp(files)
        key = self.private_key(key_id)
        try:
            leaf = load_certificate(key_files.read(files[0]))
            algorithm = algorithms.algorithm_of(key.public_key())
            matches = leaf.public_key() == key.public_key()
        except (ValueError, UnsupportedAlgorithm) as error:
            raise KeyUnavailable(key_id, "unsuitable") from error
        issuer_der = self._trust.current().issuer_of(leaf)
        if not matches:
            raise KeyUnavailable(key_id, "another_certificate")
        if issuer_der is None:
            raise KeyUnavailable(key_id, "issuer_not_trusted")
        encoded = leaf.public_bytes(Encoding.DER)
        return _Opened(files, stamp, FileSigner(key_id, encoded, issuer_der, algorithm, key))


def certificate_path(folder: Path, key_id: str) -> Path:
    """Return where a signatory's certificate lies in the key folder."""
    return folder / "certificates" / f"{_safe(key_id)}.pem"


def private_path(folder: Path, key_id: str) -> Path:
    """Return where a private key lies in the key folder."""
    return folder / "private" / f"{_safe(key_id)}.key"


def open_private_key(folder: Path, key_id: str, passphrase_file: Path) -> PrivateKey:
    """Return a private key. Raises ``KeyUnavailable``, and what ``read_passphrase`` raises."""
    try:
        encrypted = key_files.read_secret(private_path(folder, key_id), folder_too=True)
    except OSError as error:
        raise KeyUnavailable(key_id, _reason(error)) from error
    passphrase = read_passphrase(passphrase_file)
    try:
        key = load_pem_private_key(encrypted, passphrase)
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise KeyUnavailable(key_id, "locked_or_damaged") from error
    if not isinstance(key, ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey):
        raise KeyUnavailable(key_id, "unsuitable")
    return key


def create_private_key(
    folder: Path, key_id: str, algorithm: Algorithm, passphrase_file: Path
) -> PrivateKey:
    """Make a key and store it encrypted. Raises ``FileExistsError``, never overwrites."""
    key = algorithms.generate(algorithm)
    store_private_key(folder, key_id, key, passphrase_file)
    return key


def store_private_key(folder: Path, key_id: str, key: PrivateKey, passphrase_file: Path) -> None:
    """Store a key encrypted and durably. Raises ``FileExistsError``, never overwrites."""
    passphrase = read_passphrase(passphrase_file)
    encrypted = key.private_bytes(
        Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption(passphrase)
    )
    path = private_path(folder, key_id)
    whole_files.make_folder(path.parent, key_files.SECRET_FOLDER)
    whole_files.write_new(path, encrypted, key_files.SECRET_FILE)


def create_passphrase(path: Path, random: Random) -> None:
    """Write a new passphrase of 256 bits. Raises ``FileExistsError``, never overwrites."""
    text = base64.urlsafe_b64encode(random.token_bytes(32)).rstrip(b"=")
    whole_files.write_new(path, text + b"\n", key_files.SECRET_FILE)


def read_passphrase(path: Path) -> bytes:
    """Return the passphrase in a file. Raises ``ConfigurationError``."""
    try:
        passphrase = key_files.read_secret(path, folder_too=False).rstrip(b"\r\n")
    except OSError as error:
        unsafe = isinstance(error, key_files.Unsafe)
        reason = "is open to others" if unsafe else "cannot be read"
        raise ConfigurationError([f"passphrase file {path} {reason}"]) from error
    if len(passphrase) < MIN_PASSPHRASE:
        raise ConfigurationError([f"{path}: a passphrase has at least {MIN_PASSPHRASE} characters"])
    return passphrase


def _stamp(files: tuple[Path, Path]) -> object:
    return [(s.st_ino, s.st_mtime_ns, s.st_mode) for s in map(os.stat, files)]


def _safe(key_id: str) -> str:
    """Return the key id as a file name. Raises ``KeyUnavailable``."""
    if not KEY_ID.fullmatch(key_id):
        raise KeyUnavailable("?", "no_such_key")
    return key_id


def _reason(error: OSError) -> str:
    if isinstance(error, key_files.Unsafe):
        return "open_to_others"
    return "no_such_key" if isinstance(error, FileNotFoundError) else "unreadable"
