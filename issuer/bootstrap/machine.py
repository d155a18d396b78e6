"""The machine's own time and chance."""

from __future__ import annotations

import secrets  # noqa: TID251 - this is where randomness comes from
from datetime import UTC, datetime


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
