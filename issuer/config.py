"""Settings of one office: read once, checked whole, then only handed on.

They come from ``<data-dir>/issuer.toml``; an ``ISSUER_…`` variable of the same name
in capitals goes before it. Nothing but ``issuer.cli`` looks at the environment.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from enum import StrEnum
from pathlib import Path
from urllib.parse import SplitResult, urlsplit
from zoneinfo import ZoneInfo

from issuer.domain.errors import ConfigurationError
from issuer.domain.messages import is_email
from issuer.domain.office import ZONE_NAMES, Office
from issuer.domain.servers import LOOPBACK, reached_safely
from issuer.domain.webhook import is_webhook_url

SETTINGS_FILE = "issuer.toml"
_PREFIX = "ISSUER_"
_NOT_SETTINGS = frozenset({"ISSUER_TEST_POSTGRES_URL", "ISSUER_TEST_REDIS_URL"})
_PACKAGE = Path(__file__).resolve().parent
_REGENCY_CODE = re.compile(r"\d{2}\.\d{2}", re.ASCII)
_DIGITS = re.compile(r"\d{1,3}", re.ASCII)
MAX_PROXIES = 10
MAX_ADDRESS = 500
# Printable ASCII: security.txt and the drivers get the address as it is.
_ADDRESS = re.compile(rf"[\x21-\x7e]{{1,{MAX_ADDRESS}}}")
_MAILBOX = re.compile(r"[^@]+@[^@]+")
_LINE_OF_TOML = re.compile(r"at line (\d+)", re.ASCII)
_KEY_OF_TOML = re.compile(r"\s*([A-Za-z0-9_-]{1,40})\s*=", re.ASCII)


class Profile(StrEnum):
    """What an office is for. Only a demo may have made-up keys, http and CONTOH."""

    DEMO = "demo"
    PRODUCTION = "production"


class SecondFactorRule(StrEnum):
    """Whether staff may work without a second factor. Only a demo may leave it open."""

    REQUIRED = "required"
    OPTIONAL = "optional"


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Every setting. Paths are absolute; the files they name hold the secrets."""

    data_dir: Path
    """Where the register, the letters and the keys are, unless said otherwise."""
    profile: Profile
    """``demo`` or ``production``."""
    base_url: str
    """Public address, without a slash at the end; printed on letters and in every QR."""
    regency_name: str
    """Name of the regency, such as ``Kabupaten Bojonegoro``."""
    region_code: str
    """Kemendagri code of the regency, such as ``35.22``."""
    time_zone: str
    """``Asia/Jakarta`` (WIB), ``Asia/Makassar`` (WITA) or ``Asia/Jayapura`` (WIT)."""
    database_url: str
    """SQLAlchemy URL; the default is SQLite in the data folder."""
    files_dir: Path
    """Folder of the finished letters."""
    keys_dir: Path
    """Folder of keys and certificates; ``private`` in it is nobody else's."""
    keys_passphrase_file: Path
    """File whose first line opens the private keys."""
    data_key_file: Path
    """File with the 32 bytes that personal data in the register is encrypted with."""
    session_key_file: Path
    """File with the secret that signs forms and cookies."""
    templates_dir: Path
    """Folder of letter types, pages and texts; a regency may bring its own."""
    fonts_dir: Path | None
    """Folder with Arimo-Regular, -Bold and -Italic as TTF; default: those installed."""
    redis_url: str | None
    """Redis that counts attempts; default: the database does."""
    trusted_proxies: int
    """How many reverse proxies stand in front and add to X-Forwarded-For."""
    security_contact: str | None
    """Where to report a weakness: ``mailto:…`` or ``https://…``, for security.txt."""
    smtp_url: str | None
    """Mail server, ``smtps://user@host:465`` or ``smtp://user@host:587``; default: no mail."""
    smtp_password_file: Path | None
    """File whose first line is the password of the user in ``smtp_url``."""
    mail_from: str | None
    """Address that mail comes from."""
    gateway_url: str | None
    """Where messages for SMS or WhatsApp are posted, ``https://…``; default: none are."""
    gateway_secret_file: Path | None
    """File with the secret that signs what is posted to ``gateway_url``."""
    clamd_socket: Path | None
    """Socket file of ClamAV's clamd, asked about every supporting document; default: none."""
    breached_passwords_file: Path | None
    """File of Have I Been Pwned: SHA-1 of breached passwords, in order; default: none."""
    second_factor: SecondFactorRule
    """``required`` of staff, or ``optional``, which only a demo may be."""
    oidc_issuer: str | None
    """OpenID provider that residents may sign in by, ``https://…``; default: none."""
    oidc_client_id: str | None
    """What that provider calls this office."""
    oidc_client_secret_file: Path | None
    """File whose first line is the secret agreed on with that provider."""
    oidc_label: str | None
    """What people know that provider by; default: its host."""

    @classmethod
    def load(cls, data_dir: Path, environ: Mapping[str, str]) -> Settings:
        """Return the settings of the office in ``data_dir``.

        Raises ``ConfigurationError`` with every problem at once.
        """
        data_dir = data_dir.resolve()
        path = data_dir / SETTINGS_FILE
        text = ""
        try:
            text = path.read_text(encoding="utf-8")
            from_file = tomllib.loads(text)
        except FileNotFoundError:
            raise ConfigurationError(
                [f"no office here: {path} is missing. Run 'issuer demo' or 'issuer init' first."]
            ) from None
        except (OSError, ValueError) as error:
            place = _place_in_toml(text, str(error))
            raise ConfigurationError([f"{path} cannot be read as TOML{place}"]) from error
        from_environ: dict[str, str] = {}
        for name, value in environ.items():
            if name.startswith(_PREFIX) and name not in _NOT_SETTINGS:
                setting = name.removeprefix(_PREFIX).lower()
                if setting in from_environ:
                    raise ConfigurationError([f"{setting}: set twice in the environment"])
                from_environ[setting] = value
        from_environ.pop("data_dir", None)
        return cls.from_mapping({**from_file, **from_environ}, data_dir)

    @classmethod
    def from_mapping(cls, values: Mapping[str, object], data_dir: Path) -> Settings:
        """Return checked settings. Raises ``ConfigurationError`` with all problems."""
        reader = _Reader(values, {f.name for f in fields(cls)} - {"data_dir"})
        keys_dir = reader.path("keys_dir", data_dir / "keys", data_dir)
        fonts = reader.text("fonts_dir", "")
        profile = reader.profile()
        settings = cls(
            data_dir=data_dir,
            profile=profile,
            base_url=reader.base_url(),
            regency_name=reader.text("regency_name", None),
            region_code=reader.region_code(),
            time_zone=reader.time_zone(),
            database_url=reader.text("database_url", f"sqlite:///{data_dir / 'register.db'}"),
            files_dir=reader.path("files_dir", data_dir / "letters", data_dir),
            keys_dir=keys_dir,
            keys_passphrase_file=reader.path(
                "keys_passphrase_file", keys_dir / "private" / "passphrase", data_dir
            ),
            data_key_file=reader.path("data_key_file", keys_dir / "private" / "data.key", data_dir),
            session_key_file=reader.path(
                "session_key_file", keys_dir / "private" / "session.key", data_dir
            ),
            templates_dir=reader.path("templates_dir", locate_templates(), data_dir),
            fonts_dir=data_dir / fonts if fonts else None,
            redis_url=reader.one_of_schemes("redis_url", ("redis", "rediss", "unix")),
            trusted_proxies=reader.count("trusted_proxies", 0, MAX_PROXIES),
            security_contact=reader.one_of_schemes("security_contact", ("mailto", "https")),
            smtp_url=reader.one_of_schemes("smtp_url", ("smtp", "smtps")),
            smtp_password_file=reader.path_if_any("smtp_password_file", data_dir),
            mail_from=reader.text("mail_from", "") or None,
            gateway_url=reader.text("gateway_url", "") or None,
            gateway_secret_file=reader.path_if_any("gateway_secret_file", data_dir),
            clamd_socket=reader.path_if_any("clamd_socket", data_dir),
            breached_passwords_file=reader.path_if_any("breached_passwords_file", data_dir),
            second_factor=reader.second_factor(profile),
            oidc_issuer=reader.one_of_schemes("oidc_issuer", ("https", "http")),
            oidc_client_id=reader.text("oidc_client_id", "") or None,
            oidc_client_secret_file=reader.path_if_any("oidc_client_secret_file", data_dir),
            oidc_label=reader.text("oidc_label", "") or None,
        )
        reader.problems.extend(settings._message_problems())
        reader.problems.extend(settings._provider_problems())
        if profile is Profile.PRODUCTION:
            reader.problems.extend(settings._production_problems())
        if reader.problems:
            raise ConfigurationError(reader.problems)
        return settings

    def _message_problems(self) -> Iterator[str]:
        if self.smtp_url is not None:
            yield from _smtp_problems(self.smtp_url, self.smtp_password_file)
            if self.mail_from is None:
                yield "mail_from: needed with smtp_url, such as surat@example.go.id"
        if self.mail_from is not None and not is_email(self.mail_from):
            yield "mail_from: an e-mail address, such as surat@example.go.id"
        if self.gateway_url is not None:
            if not is_webhook_url(self.gateway_url):
                yield "gateway_url: an https address with a name, on port 443 or 8443"
            if self.gateway_secret_file is None:
                yield "gateway_secret_file: needed with gateway_url"

    def _production_problems(self) -> Iterator[str]:
        if not self.base_url.startswith("https://"):
            yield "base_url: a production office is reached by https only"
        if not reached_safely(self.database_url):
            yield "database_url: a server elsewhere is reached by TLS alone, ?sslmode=verify-full"
        if self.redis_url and not reached_safely(self.redis_url):
            yield "redis_url: a server elsewhere is reached by rediss://, its certificate checked"

    def _provider_problems(self) -> Iterator[str]:
        if self.oidc_issuer is None:
            if self.oidc_client_id or self.oidc_client_secret_file or self.oidc_label:
                yield "oidc_issuer: needed with the other settings of oidc"
            return
        parts = _address(self.oidc_issuer, ("https", "http"))
        if parts is None:
            return  # told already
        here = parts.scheme == "http" and parts.hostname in LOOPBACK
        if parts.scheme != "https" and not (here and self.profile is Profile.DEMO):
            yield "oidc_issuer: https; a demo's may be http on this machine"
        if parts.query or parts.fragment or parts.username is not None:
            yield "oidc_issuer: an address without user, '?' or '#'"
        if self.oidc_client_id is None:
            yield "oidc_client_id: needed with oidc_issuer"
        if self.oidc_client_secret_file is None:
            yield "oidc_client_secret_file: needed with oidc_issuer"

    def office(self) -> Office:
        """Return the office these settings describe."""
        return Office(
            name=self.regency_name,
            region_code=self.region_code,
            zone=ZoneInfo(self.time_zone),
            base_url=self.base_url,
            specimen=self.profile is Profile.DEMO,
        )


class _Reader:
    """Reads one setting after another and collects what is wrong."""

    def __init__(self, values: Mapping[str, object], known: set[str]) -> None:
        self._values = values
        self.problems = [f"{name}: no such setting" for name in values if name not in known]

    def text(self, name: str, default: str | None) -> str:
        value = self._values.get(name, default)
        if not isinstance(value, str):
            self.problems.append(f"{name}: a text is needed")
            return ""
        return value

    def path(self, name: str, default: Path, base: Path) -> Path:
        return base / self.text(name, str(default))

    def profile(self) -> Profile:
        value = self.text("profile", Profile.PRODUCTION)
        if value not in set(Profile):
            self.problems.append("profile: 'demo' or 'production'")
            return Profile.PRODUCTION
        return Profile(value)

    def second_factor(self, profile: Profile) -> SecondFactorRule:
        demo = profile is Profile.DEMO
        usual = SecondFactorRule.OPTIONAL if demo else SecondFactorRule.REQUIRED
        value = self.text("second_factor", usual)
        if value not in set(SecondFactorRule):
            self.problems.append("second_factor: 'required' or 'optional'")
        elif value == SecondFactorRule.OPTIONAL and not demo:
            self.problems.append("second_factor: only a demo may leave it optional")
        else:
            return SecondFactorRule(value)
        return SecondFactorRule.REQUIRED

    def base_url(self) -> str:
        value = self.text("base_url", None)
        parts = _address(value, ("http", "https"))
        if parts is None or value.endswith("/"):
            self.problems.append(
                "base_url: the public address, such as https://surat.example.go.id, no slash last"
            )
        elif value != value.lower() or parts.query or parts.fragment:
            self.problems.append("base_url: lower case, without '?' or '#'")
        return value

    def region_code(self) -> str:
        value = self.text("region_code", None)
        if not _REGENCY_CODE.fullmatch(value):
            self.problems.append("region_code: the regency's Kemendagri code, such as 35.22")
        return value

    def one_of_schemes(self, name: str, schemes: tuple[str, ...]) -> str | None:
        value = self.text(name, "")
        if value and _address(value, schemes) is None:
            begins = " or ".join(f"{scheme}:" for scheme in schemes)
            self.problems.append(
                f"{name}: a whole address that begins with {begins}, without spaces, "
                f"at most {MAX_ADDRESS} characters"
            )
        return value or None

    def path_if_any(self, name: str, base: Path) -> Path | None:
        value = self.text(name, "")
        return base / value if value else None

    def count(self, name: str, default: int, most: int) -> int:
        value = str(self._values.get(name, default))
        if not _DIGITS.fullmatch(value) or int(value) > most:
            self.problems.append(f"{name}: a number from 0 to {most}")
            return default
        return int(value)

    def time_zone(self) -> str:
        value = self.text("time_zone", "Asia/Jakarta")
        if value not in ZONE_NAMES:
            self.problems.append(f"time_zone: one of {', '.join(ZONE_NAMES)}")
        return value


def _address(value: str, schemes: tuple[str, ...]) -> SplitResult | None:
    """Return the parts of a whole address of one of these schemes, or None."""
    if not _ADDRESS.fullmatch(value):
        return None
    try:
        parts = urlsplit(value)
        _ = parts.port
    except ValueError:
        return None
    if parts.scheme not in schemes:
        return None
    if parts.scheme == "mailto":
        return parts if _MAILBOX.fullmatch(parts.path) else None
    named = parts.path if parts.scheme == "unix" else parts.hostname
    return parts if named else None


def _place_in_toml(text: str, complaint: str) -> str:
    """Return where the file is wrong, by line and setting; never what stands there."""
    found = _LINE_OF_TOML.search(complaint)
    if found is None:
        return ""
    line = int(found[1])
    key = _KEY_OF_TOML.match(text.splitlines()[line - 1]) if line <= text.count("\n") + 1 else None
    return f": line {line}" + (f", {key[1]}" if key else "")


def _smtp_problems(url: str, password_file: Path | None) -> Iterator[str]:
    parts = _address(url, ("smtp", "smtps"))
    if parts is None:
        return  # told already
    if parts.password is not None:
        yield "smtp_url: no password in it; smtp_password_file names the file that holds it"
    if parts.path or parts.query or parts.fragment:
        yield "smtp_url: smtps://host:465 or smtp://host:587, nothing behind it"
    if (parts.username is None) is (password_file is not None):
        yield "smtp_password_file: goes with a user in smtp_url, smtp://user@host:587"


def locate_templates() -> Path:
    """Return the templates folder of an installed wheel or of a checkout."""
    for candidate in (_PACKAGE / "_templates", _PACKAGE.parent / "templates"):
        if (candidate / "letters").is_dir():
            return candidate
    raise ConfigurationError(["the templates folder is neither installed nor beside issuer"])
