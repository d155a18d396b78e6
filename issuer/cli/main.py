"""``issuer``: the command and its groups."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from issuer import __version__
from issuer.cli import (
    accounts,
    blanks,
    catalogue,
    endings,
    institutions,
    keys,
    letters,
    messages,
    office,
    officers,
    paper_numbers,
    people,
    reports,
    requests,
    residents,
    verify,
)
from issuer.cli.exits import EXIT_CODES
from issuer.cli.office_of import OfficeOf
from issuer.cli.output import error_object, explain, put_json, say
from issuer.domain.errors import IssuerError

DEFAULT_DATA_DIR = "issuer-data"


class IssuerGroup(click.Group):
    """Turns the errors of the office into lines on standard error and an exit code."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; an ``IssuerError`` ends it with its exit code."""
        try:
            return super().invoke(ctx)
        except IssuerError as error:
            if "--json" in sys.argv[1:] or ctx.meta.get("json"):
                put_json(error_object(error))
            for line in explain(error):
                say(line)
            ctx.exit(EXIT_CODES[type(error)])


@click.group(cls=IssuerGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="issuer")
@click.option(
    "--data-dir",
    type=click.Path(file_okay=False, path_type=Path),
    envvar="ISSUER_DATA_DIR",
    default=DEFAULT_DATA_DIR,
    show_default=True,
    help="Where the office keeps its register, letters and keys.",
)
@click.pass_context
def main(ctx: click.Context, data_dir: Path) -> None:
    """A letter office: issue signed letters, and let anyone verify them.

    Example: issuer demo
    """
    ctx.obj = OfficeOf(data_dir, os.environ)
    ctx.call_on_close(ctx.obj.close)


def _add(commands: Sequence[click.Command]) -> None:
    for command in commands:
        main.add_command(command)


_add(office.COMMANDS)
_add(letters.COMMANDS)
_add(endings.COMMANDS)
_add(verify.COMMANDS)
_add(catalogue.COMMANDS)
_add(keys.COMMANDS)
_add(blanks.COMMANDS)
_add(institutions.COMMANDS)
_add(messages.COMMANDS)
_add(accounts.COMMANDS)
_add(reports.COMMANDS)
_add(requests.COMMANDS)
_add(officers.COMMANDS)
_add(paper_numbers.COMMANDS)
_add(people.COMMANDS)
_add(residents.COMMANDS)
