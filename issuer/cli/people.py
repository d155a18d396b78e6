"""``issuer people``: the rights of people whose data the office holds."""

from __future__ import annotations

import json
from pathlib import Path

import click

from issuer import whole_files
from issuer.cli.letters import PRIVATE, require_writable
from issuer.cli.office_of import OPERATOR, OfficeOf, pass_office
from issuer.cli.output import say
from issuer.domain.people import Nik


@click.group()
def people() -> None:
    """Answer people who ask what the office holds about them (UU 27/2022)."""


@people.command("export")
@click.option(
    "--out",
    required=True,
    type=click.Path(dir_okay=False, path_type=Path),
    help="Where the copy goes; readable by you alone.",
)
@pass_office
def export(office: OfficeOf, out: Path) -> None:
    """Write all that the office holds about one person into a file for that person.

    The NIK is asked for and never stands on the command line, which others can read.
    Compare the KTP of whoever asks before you hand the file over.

    Example: issuer people export --out salinan.json
    """
    require_writable(out)
    try:
        nik = Nik.parse(click.prompt("NIK", hide_input=True, err=True))
    except ValueError as error:
        raise click.ClickException("no such NIK can exist; look at the KTP again") from error
    held = office.composition.services.personal_data.about(OPERATOR, nik)
    plain = [holding.as_plain() for holding in held]
    text = json.dumps(plain, ensure_ascii=False, indent=2) + "\n"
    whole_files.replace(out, text.encode(), PRIVATE)
    say(f"{len(held)} entries in {out}" if held else f"Nothing is held; {out} says so.")


COMMANDS = (people,)
