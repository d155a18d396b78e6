"""The log of a serving office: one line for each event, on standard error.

Whoever runs the office keeps the lines (journald, syslog). A line begins with the moment in
UTC and says how grave it is, of what part and in which process; whatever stands in it, it is
one line, and nothing in it moves a cursor or starts another.
"""

from __future__ import annotations

import logging
from datetime import UTC, datetime
from typing import TextIO


class OneLine(logging.Formatter):
    """``2026-11-24T02:15:30.123Z WARNING issuer.web[4711] text``."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line; the place of an exception goes with it, its message does not."""
        moment = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        text = record.getMessage()
        if record.exc_info and record.exc_info[0]:
            text += f" ({record.exc_info[0].__name__})"
        head = f"{moment.replace('+00:00', 'Z')} {record.levelname} {record.name}[{record.process}]"
        return f"{head} {''.join(map(_shown, text))}"


def write_log_lines(stream: TextIO | None = None) -> None:
    """Write what is a warning or worse, of this program and of its libraries, to standard error."""
    handler = logging.StreamHandler(stream)
    handler.setFormatter(OneLine())
    logging.basicConfig(level=logging.WARNING, handlers=[handler])


def _shown(character: str) -> str:
    return character if character.isprintable() else ascii(character)[1:-1]
