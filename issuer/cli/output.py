"""What commands print: one JSON object a line, or plain lines for people.

Results go to standard output, progress and errors to standard error.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

import click

from issuer import texts
from issuer.domain.errors import (
    ConfigurationError,
    InvalidInput,
    IssuerError,
    KeyUnavailable,
    NotFitToSign,
)


def say(text: str) -> None:
    """Print a line of progress."""
    click.echo(text, err=True)


def put_json(value: Mapping[str, object]) -> None:
    """Print one object on a line of its own."""
    click.echo(json.dumps(value, ensure_ascii=False))


def put_table(rows: Sequence[Sequence[str]]) -> None:
    """Print rows with their columns aligned."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        cells = (cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        click.echo("  ".join(cells).rstrip())


def explain(error: IssuerError) -> list[str]:
    """Return the lines that tell an operator what is wrong and what to do."""
    lines = [texts.ERRORS[type(error)].en]
    match error:
        case InvalidInput(problems=problems):
            lines += [f"  {p.where}: {texts.problem_text(p).en}" for p in problems]
        case ConfigurationError(problems=problems):
            lines = [f"Configuration: {problem}" for problem in problems]
        case KeyUnavailable(key_id=key_id, reason=reason):
            lines.append(f"  {key_id}: {texts.KEY_REASONS[reason].en}")
        case NotFitToSign(findings=findings):
            lines += [f"  {finding}" for finding in findings]
        case _ if str(error):
            lines.append(f"  {error}")
    return lines


def error_object(error: IssuerError) -> dict[str, object]:
    """Return the error as ``--json`` prints it."""
    found: dict[str, object] = {"error": error.code, "message": texts.ERRORS[type(error)].en}
    if isinstance(error, InvalidInput):
        found["problems"] = [
            {"where": p.where, "code": p.code, "message": texts.problem_text(p).en}
            for p in error.problems
        ]
    return found
