"""The office's certificate authority: the ceremony, signatories, revocation."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

from issuer import whole_files
from issuer.domain.errors import ConfigurationError, KeyUnavailable, NotFound
from issuer.domain.ports import Random
from issuer.signing import certificates, key_files
from issuer.signing.algorithms import Algorithm, PrivateKey
from issuer.signing.ceremony import MAX_NAME, AuthorityPlan, Ceremony
from issuer.signing.certificates import IssuingKey, Lifetime, Profile, RevocationReason
from issuer.signing.keys import certificate_path, create_private_key, open_private_key
from issuer.signing.trust import load_certificate

ROOT: Final = "root"
ISSUING: Final = "issuing"
_SERIAL_BYTES: Final = 16


@dataclass(frozen=True, slots=True)
class Subject:
    """Who signs, and for which agency; in a certificate each is cut at 64 characters."""

    name: str
    agency: str


class CertificateAuthority:
    """Makes keys, certificates and revocation lists in one key folder.

    ``base_url`` is where verifiers fetch the lists, as ``<base_url>/crl/<name>.crl``.
    Methods raise ``KeyUnavailable`` when an authority's own key is not at hand: the
    root's should lie in a safe once the ceremony is over.
    """

    def __init__(
        self, folder: Path, passphrase_file: Path, ceremony: Ceremony, base_url: str, random: Random
    ) -> None:
        self._folder = folder
        self._passphrase_file = passphrase_file
        self._ceremony = ceremony
        self._base_url = base_url
        self._random = random
        self._at_work: dict[str, IssuingKey] = {}

    def found(self, at_utc: datetime) -> None:
        """Make root and issuing authority with their first, empty lists.

        Raises ``ConfigurationError`` when there is a root already. The root's
        certificate is written last: without it nothing else is believed, and an
        interrupted ceremony can be repeated.
        """
        for name in ("trust", "certificates"):
            whole_files.make_folder(self._folder / name, key_files.PUBLIC_FOLDER)
        with whole_files.locked(self._folder / "trust"):
            if self._trust_file(ROOT).exists():
                raise ConfigurationError([f"{self._trust_file(ROOT)} exists already"])
            root = self._key_or_new(ROOT, self._ceremony.root.algorithm)
            issuing = self._key_or_new(ISSUING, self._ceremony.issuing.algorithm)
            at_root = IssuingKey(self._authority_name(ROOT), root, None)
            root_pem = certificates.issue(
                Profile.ROOT,
                at_root.name,
                root.public_key(),
                at_root,
                self._new_serial(),
                _lifetime(at_utc, self._ceremony.root.days),
            ).public_bytes(Encoding.PEM)
            issuing_pem = certificates.issue(
                Profile.ISSUING,
                self._authority_name(ISSUING),
                issuing.public_key(),
                self._issuing_key(ROOT),
                self._new_serial(),
                _lifetime(at_utc, self._ceremony.issuing.days),
            ).public_bytes(Encoding.PEM)
            for name in (ROOT, ISSUING):
                self._write_list(name, 1, at_utc, ())
            whole_files.replace(self._trust_file(ISSUING), issuing_pem, key_files.PUBLIC_FILE)
            whole_files.write_new(self._trust_file(ROOT), root_pem, key_files.PUBLIC_FILE)

    def certify(self, key_id: str, subject: Subject, at_utc: datetime) -> None:
        """Make a signatory's key and certificate.

        Raises ``ConfigurationError`` when there is a certificate already; a key that
        was left without one is used.
        """
        path = certificate_path(self._folder, key_id)
        if path.exists() or key_id in (ROOT, ISSUING):
            raise ConfigurationError([f"{path} exists already"])
        name = self._name(subject.agency, subject.name)
        issuer = self._issuing_key(ISSUING)
        plan = self._ceremony.signatory
        key = self._key_or_new(key_id, plan.algorithm)
        issuer_ends = self._read_certificate(self._trust_file(ISSUING)).not_valid_after_utc
        lifetime = _lifetime(at_utc, plan.days)
        certificate = certificates.issue(
            Profile.SIGNATORY,
            name,
            key.public_key(),
            issuer,
            self._new_serial(),
            Lifetime(lifetime.start_utc, min(lifetime.end_utc, issuer_ends)),
        )
        whole_files.write_new(path, certificate.public_bytes(Encoding.PEM), key_files.PUBLIC_FILE)

    def revoke(self, key_id: str, reason: RevocationReason, at_utc: datetime) -> None:
        """Put a signatory's certificate on the list, for good. Raises ``NotFound``."""
        certificate = self._read_certificate(certificate_path(self._folder, key_id))
        with whole_files.locked(self._folder / "trust"):
            current = self._read_list(ISSUING)
            if current.get_revoked_certificate_by_serial_number(certificate.serial_number):
                return
            entry = certificates.revoked(certificate, reason, at_utc)
            self._write_list(ISSUING, _number(current) + 1, at_utc, (*current, entry))

    def refresh_crls(self, at_utc: datetime) -> list[str]:
        """Sign anew every list past half its life; return the names of those.

        An authority whose key is not at hand is left alone.
        """
        renewed = []
        with whole_files.locked(self._folder / "trust"):
            for name in (ROOT, ISSUING):
                current = self._read_list(name)
                half = timedelta(days=self._plan(name).crl_days) / 2
                if at_utc < current.last_update_utc + half:
                    continue
                try:
                    self._write_list(name, _number(current) + 1, at_utc, current)
                except KeyUnavailable as error:
                    if error.reason != "no_such_key":
                        raise
                else:
                    renewed.append(name)
        return renewed

    def _issuing_key(self, name: str) -> IssuingKey:
        if name not in self._at_work:
            self._at_work[name] = IssuingKey(
                self._authority_name(name),
                open_private_key(self._folder, name, self._passphrase_file),
                f"{self._base_url}/crl/{name}.crl",
            )
        return self._at_work[name]

    def _key_or_new(self, key_id: str, algorithm: Algorithm) -> PrivateKey:
        try:
            return open_private_key(self._folder, key_id, self._passphrase_file)
        except KeyUnavailable as error:
            if error.reason != "no_such_key":
                raise
        return create_private_key(self._folder, key_id, algorithm, self._passphrase_file)

    def _plan(self, name: str) -> AuthorityPlan:
        return self._ceremony.root if name == ROOT else self._ceremony.issuing

    def _authority_name(self, name: str) -> x509.Name:
        return self._name(self._ceremony.organization, self._plan(name).name)

    def _name(self, organization: str, common_name: str) -> x509.Name:
        if not all(name and name.isprintable() for name in (organization, common_name)):
            raise ConfigurationError(["a certificate names a person and an agency"])
        return x509.Name(
            [
                x509.NameAttribute(NameOID.COUNTRY_NAME, self._ceremony.country),
                x509.NameAttribute(NameOID.ORGANIZATION_NAME, organization[:MAX_NAME]),
                x509.NameAttribute(NameOID.COMMON_NAME, common_name[:MAX_NAME]),
            ]
        )

    def _new_serial(self) -> int:
        """Return a positive number of 127 bits (RFC 5280, 4.1.2.2: at most 20 octets)."""
        return (int.from_bytes(self._random.token_bytes(_SERIAL_BYTES)) >> 1) + 1

    def _trust_file(self, name: str) -> Path:
        return self._folder / "trust" / f"{name}.pem"

    def _read_certificate(self, path: Path) -> x509.Certificate:
        try:
            return load_certificate(key_files.read(path))
        except FileNotFoundError as error:
            raise NotFound("certificate", path.stem) from error
        except (OSError, ValueError) as error:
            raise ConfigurationError([f"{path}: no certificate"]) from error

    def _read_list(self, name: str) -> x509.CertificateRevocationList:
        path = self._trust_file(name).with_suffix(".crl")
        try:
            return x509.load_der_x509_crl(key_files.read(path, key_files.MAX_LIST_BYTES))
        except (OSError, ValueError) as error:
            raise ConfigurationError([f"{path}: no revocation list"]) from error

    def _write_list(
        self, name: str, number: int, at_utc: datetime, entries: Iterable[x509.RevokedCertificate]
    ) -> None:
        lifetime = _lifetime(at_utc, self._plan(name).crl_days)
        crl = certificates.list_revoked(self._issuing_key(name), number, lifetime, entries)
        path = self._trust_file(name).with_suffix(".crl")
        whole_files.replace(path, crl.public_bytes(Encoding.DER), key_files.PUBLIC_FILE)


def _lifetime(at_utc: datetime, days: int) -> Lifetime:
    start = at_utc.replace(microsecond=0)
    return Lifetime(start, start + timedelta(days=days))


def _number(crl: x509.CertificateRevocationList) -> int:
    return crl.extensions.get_extension_for_class(x509.CRLNumber).value.crl_number
