"""Settings that are wrong: each is named, all at once, and none is quoted."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from issuer.bootstrap import compose
from issuer.config import MAX_ADDRESS, SETTINGS_FILE, Settings
from issuer.domain.errors import ConfigurationError
from issuer.storage.redis_counting import RedisLimiter
from tests.offices import BASE_URL, write_settings

SECRET = "rahasia-99"

BAD: dict[str, tuple[object, ...]] = {
    "redis_url": (
        "localhost:6379",
        "http://localhost",
        "redis:",
        "redis://",
        "rediss://:6379",
        "unix:",
        "redis://localhost:port",
        "redis://localhost:99999",
        "redis://[::1",
        f"redis://:{SECRET}@local host",
        f"redis://:{SECRET}@localhost\n",
        "redis://localhost\x00",
        "redis://localhost/\x7f",
        "redis://" + "a" * MAX_ADDRESS,
        " redis://localhost",
        6379,
        ["redis://localhost", "redis://localhost"],
        True,
    ),
    "trusted_proxies": ("", "-1", "11", "1 ", "1\n", "٢", "1e1", "0x1", "9" * 5000, 1.0, True, [1]),
    "security_contact": (
        "keamanan@bojonegoro.example",
        "http://bojonegoro.example",
        "mailto:",
        "mailto:nobody",
        "mailto:@bojonegoro.example",
        "mailto:a@b@c",
        "https:",
        "https://",
        "https://[",
        "javascript:alert(1)",
        "mailto:a@b.example\r\nExpires: 1970-01-01T00:00:00Z",
        "mailto:a b@c.example",
        "mailto:á@c.example",
        "mailto:" + "a" * MAX_ADDRESS + "@c.example",
        {"mail": "mailto:a@b.example"},
    ),
    "base_url": ("", "https://", "https://[", "ftp://a.example", "https://a b.example"),
    "oidc_issuer": ("masuk.example", "https://[", "ftp://a.example", "https://"),
}
GOOD: dict[str, tuple[object, ...]] = {
    "redis_url": ("redis://localhost", "rediss://r.example:6380/1", "unix:///run/redis.sock", ""),
    "trusted_proxies": (0, 10, "2"),
    "security_contact": ("mailto:keamanan@bojonegoro.example", "https://bojonegoro.example/a", ""),
    "base_url": (BASE_URL, "http://localhost:8000", "http://[::1]:8000"),
}
ENOUGH: dict[str, object] = {
    "profile": "demo",
    "base_url": BASE_URL,
    "regency_name": "Kabupaten Bojonegoro",
    "region_code": "35.22",
}


@pytest.mark.parametrize(
    ("name", "value"), [(name, value) for name, values in BAD.items() for value in values]
)
def test_a_bad_value_is_named_and_not_quoted(tmp_path: Path, name: str, value: object) -> None:
    with pytest.raises(ConfigurationError) as refused:
        Settings.from_mapping({**ENOUGH, name: value}, tmp_path)
    (problem,) = refused.value.problems
    assert problem.startswith(f"{name}: ")
    assert SECRET not in problem
    assert len(problem) < 160


@pytest.mark.parametrize(
    ("name", "value"), [(name, value) for name, values in GOOD.items() for value in values]
)
def test_a_good_value_is_taken(tmp_path: Path, name: str, value: object) -> None:
    settings = Settings.from_mapping({**ENOUGH, name: value}, tmp_path)
    assert str(getattr(settings, name) or "") == ("" if value == 0 else str(value))


OIDC: dict[str, object] = {
    "oidc_issuer": "https://masuk.example/realms/kabupaten",
    "oidc_client_id": "kantor-surat",
    "oidc_client_secret_file": "oidc.secret",
}


@pytest.mark.parametrize(
    ("profile", "changes", "wrong"),
    [
        ("production", {}, ""),
        ("demo", {"oidc_issuer": "http://localhost:9400"}, ""),
        ("demo", {"oidc_label": "Akun Contoh"}, ""),
        ("production", {"oidc_issuer": "http://localhost:9400"}, "oidc_issuer"),
        ("demo", {"oidc_issuer": "http://masuk.example"}, "oidc_issuer"),
        ("demo", {"oidc_issuer": f"https://u:{SECRET}@masuk.example"}, "oidc_issuer"),
        ("demo", {"oidc_issuer": "https://masuk.example?a=1"}, "oidc_issuer"),
        ("demo", {"oidc_issuer": ""}, "oidc_issuer"),
        ("demo", {"oidc_client_id": ""}, "oidc_client_id"),
        ("demo", {"oidc_client_secret_file": ""}, "oidc_client_secret_file"),
    ],
)
def test_a_provider_is_whole_and_reached_by_https(
    tmp_path: Path, profile: str, changes: dict[str, object], wrong: str
) -> None:
    values = {**ENOUGH, "profile": profile, **OIDC, **changes}
    if not wrong:
        assert Settings.from_mapping(values, tmp_path).oidc_issuer == values["oidc_issuer"]
        return
    with pytest.raises(ConfigurationError) as refused:
        Settings.from_mapping(values, tmp_path)
    (problem,) = refused.value.problems
    assert problem.startswith(f"{wrong}: ")
    assert SECRET not in problem


@pytest.mark.parametrize("option", ["no_such=1", "socket_keepalive_options=x&db=x", "db=x"])
def test_an_option_that_redis_has_not_names_the_setting(option: str) -> None:
    with pytest.raises(ConfigurationError) as refused:
        RedisLimiter(f"redis://:{SECRET}@localhost/0?{option}")
    assert refused.value.problems == ("redis_url: an option after '?' that Redis has not",)


def test_everything_wrong_is_told_at_once(tmp_path: Path) -> None:
    wrong = {name: values[0] for name, values in BAD.items()}
    with pytest.raises(ConfigurationError) as refused:
        Settings.from_mapping({**ENOUGH, **wrong, "redis": "redis://localhost"}, tmp_path)
    named = {problem.partition(":")[0] for problem in refused.value.problems}
    assert named == {*BAD, "redis"}


@pytest.mark.parametrize(
    "line", [f'redis_url = "redis://:{SECRET}@b"', f"redis_url = redis://:{SECRET}@b"]
)
def test_a_file_that_is_no_toml_is_told_by_line_and_setting(tmp_path: Path, line: str) -> None:
    """A setting given twice, and a text without its quotes."""
    write_settings(tmp_path)
    path = tmp_path / SETTINGS_FILE
    path.write_text(f'redis_url = "redis://a"\n{path.read_text("utf-8")}{line}\n', "utf-8")
    with pytest.raises(ConfigurationError) as refused:
        Settings.load(tmp_path, {})
    assert refused.value.problems == (f"{path} cannot be read as TOML: line 6, redis_url",)


def test_the_environment_may_not_say_two_things(tmp_path: Path) -> None:
    write_settings(tmp_path)
    twice = {"ISSUER_REDIS_URL": "redis://a", "ISSUER_redis_url": "redis://b"}
    with pytest.raises(ConfigurationError) as refused:
        Settings.load(tmp_path, twice)
    assert refused.value.problems == ("redis_url: set twice in the environment",)


SAFE: dict[str, tuple[str, ...]] = {
    "database_url": (
        "sqlite:////srv/surat/register.db",
        "postgresql+psycopg:///surat",
        "postgresql+psycopg://surat@localhost:5432/surat",
        "postgresql+psycopg://surat@/surat?host=/run/postgresql",
        "postgresql+psycopg://surat@db.example/surat?sslmode=verify-full&sslrootcert=system",
    ),
    "redis_url": (
        "redis://127.0.0.1",
        "unix:///run/redis.sock",
        "rediss://r.example?ssl_ca_certs=/etc/ca.pem",
    ),
}
UNSAFE: dict[str, tuple[str, ...]] = {
    "base_url": ("http://surat.example.go.id", "http://localhost:8000"),
    "database_url": (
        "postgresql+psycopg://surat@db.example/surat",
        "postgresql+psycopg://surat@db.example/surat?sslmode=require",
        "postgresql+psycopg://surat@db.example/surat?sslmode=verify-full&sslmode=disable",
        "postgresql+psycopg://surat@/surat?host=db.example",
        "postgresql+psycopg://surat@localhost/surat?hostaddr=10.0.0.1",
        "postgresql+psycopg://surat@/surat?host=/run/postgresql,db.example",
        "postgresql+psycopg://surat@/surat?service=elsewhere",
        "postgresql+psycopg://[surat",
    ),
    "redis_url": (
        "redis://r.example",
        "redis://r.example?sslmode=verify-full",
        "rediss://r.example?ssl_cert_reqs=none",
        "rediss://r.example?ssl_check_hostname=false",
    ),
}


@pytest.mark.parametrize(
    ("name", "url"), [(name, url) for name, urls in SAFE.items() for url in urls]
)
def test_a_server_here_or_by_checked_tls_is_taken(tmp_path: Path, name: str, url: str) -> None:
    Settings.from_mapping({**ENOUGH, "profile": "production", name: url}, tmp_path)


@pytest.mark.parametrize(
    ("name", "url"), [(name, url) for name, urls in UNSAFE.items() for url in urls]
)
def test_no_production_office_speaks_to_a_server_elsewhere_in_the_clear(
    tmp_path: Path, name: str, url: str
) -> None:
    with pytest.raises(ConfigurationError) as refused:
        Settings.from_mapping({**ENOUGH, "profile": "production", name: url}, tmp_path)
    (problem,) = refused.value.problems
    assert problem.startswith(f"{name}: ")
    assert "example" not in problem
    Settings.from_mapping({**ENOUGH, name: url}, tmp_path)


def test_an_office_reads_its_list_of_breached_passwords_before_it_works(founded: Path) -> None:
    settings = replace(Settings.load(founded, {}), breached_passwords_file=founded / "breached")
    with pytest.raises(ConfigurationError) as refused:
        compose(settings)
    assert refused.value.problems == (f"cannot read {founded / 'breached'}",)
