"""Servers that the office connects to: on this machine, or by TLS that checks whom it meets."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
_ALWAYS_SAFE = frozenset({"sqlite", "unix"})
_UNCHECKED = frozenset({"ssl_cert_reqs", "ssl_check_hostname"})
"""What may follow ``rediss://…?`` to have a certificate believed that does not hold."""


def reached_safely(url: str) -> bool:
    """Say whether nobody on the way to a database or to Redis can read or answer.

    Both drivers would go on in the clear, or believe any certificate, without a word
    (libpq's ``sslmode`` is ``prefer`` where nothing is said).
    """
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
    except ValueError:
        return False
    asked = parse_qs(parts.query, keep_blank_values=True)
    if parts.scheme in _ALWAYS_SAFE:
        return True
    if parts.scheme == "rediss":
        return not _UNCHECKED & asked.keys()
    if parts.scheme == "redis":
        return host in LOOPBACK
    also = ",".join(asked.get("host", []) + asked.get("hostaddr", [])).split(",")
    here = all(not name or name in LOOPBACK or name.startswith("/") for name in (host, *also))
    return (here and "service" not in asked) or asked.get("sslmode") == ["verify-full"]
