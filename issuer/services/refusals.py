"""What was refused for the sake of security, as lines of the log ``issuer.security``.

What was done stands in the audit trail, which no stranger can make grow; here stands what
was not. A line holds names and ids of ours and never what was typed: people type
passwords into the box above, too. Who knocks at one door again and again has one mark.
"""

from __future__ import annotations

import logging

NOBODY = "-"
_log = logging.getLogger("issuer.security")


def note_refusal(what: str, **facts: str) -> None:
    """Write a line: what was refused, and by which of our own names it can be followed."""
    said = "".join(f" {name}={value}" for name, value in facts.items())
    _log.warning("refused %s%s", what, said)
