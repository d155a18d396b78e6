"""``issuer people``: the rights of people whose data the office holds."""

from __future__ import annotations

import json
from pathlib import Path

import click

from issuer import texts, whole_files
from issuer.cli.exits import ANSWER_IS_NO
from issuer.cli.letters import PRIVATE, require_writable
from issuer.cli.office_of import OPERATOR, OfficeOf, json_option, pass_office
from issuer.cli.output import put_json, say
from issuer.domain.erasure import Erasure
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
    nik = _asked_nik()
    held = office.composition.services.personal_data.about(OPERATOR, nik)
    plain = [holding.as_plain() for holding in held]
    text = json.dumps(plain, ensure_ascii=False, indent=2) + "\n"
    whole_files.replace(out, text.encode(), PRIVATE)
    say(f"{len(held)} entries in {out}" if held else f"Nothing is held; {out} says so.")


@people.command("erase")
@click.option("--dry-run", is_flag=True, help="Only say what would go, and what stays and why.")
@click.option("--yes", is_flag=True, help="Erase without asking once more.")
@json_option
@click.pass_context
def erase(ctx: click.Context, dry_run: bool, yes: bool, as_json: bool) -> None:
    """Erase what the office need not keep of one person, who asked for that.

    Says first what would go, and what stays and why; then asks, unless told not to. The NIK
    is asked for and never stands on the command line. Requests that are open have to be
    cancelled first: exit code 1. What was interrupted is finished by erasing again.

    Example: issuer people erase --dry-run
    """
    office: OfficeOf = ctx.obj
    erasing = office.composition.services.erasing
    nik = _asked_nik()
    planned = erasing.plan(OPERATOR, nik)
    if planned.open or dry_run or not planned.any:
        _tell(planned, erased=False, as_json=as_json)
        say(_NEXT_STEP if planned.open else "Nothing was erased.")
        ctx.exit(ANSWER_IS_NO if planned.open else 0)
    if not yes:
        _tell(planned, erased=False, as_json=False, err=True)
        click.confirm("Erase this for good?", abort=True, err=True)
    erased = erasing.erase(OPERATOR, nik)
    _tell(erased, erased=True, as_json=as_json)
    say(f"Erased. The audit trail names the person {erased.person}.")


_NEXT_STEP = "Nothing was erased: cancel the open requests first."


def _asked_nik() -> Nik:
    try:
        return Nik.parse(click.prompt("NIK", hide_input=True, err=True))
    except ValueError as error:
        raise click.ClickException("no such NIK can exist; look at the KTP again") from error


def _tell(what: Erasure, *, erased: bool, as_json: bool, err: bool = False) -> None:
    if as_json:
        put_json(
            {
                "person": what.person,
                "nik": what.nik,
                "erased": erased,
                "goes": {kind.value: count for kind, count in what.goes.items()},
                "stays": {kind.value: count for kind, count in what.stays.items()},
                "open": [
                    {"id": one.id, "agency": one.agency_code, "state": one.state.value}
                    for one in what.open
                ],
            }
        )
        return
    click.echo(f"NIK {what.nik}", err=err)
    for goes, count in what.goes.items():
        if count:
            click.echo(f"  goes   {count} × {texts.erasure.GOES[goes].en}", err=err)
    for stays, count in what.stays.items():
        if count:
            click.echo(f"  stays  {count} × {texts.erasure.STAYS[stays].en}", err=err)
    for also in texts.erasure.ALSO_STAYS:
        click.echo(f"  stays  {also.en}", err=err)
    for one in what.open:
        click.echo(f"  open   {one.id} ({one.state}) at {one.agency_code}", err=err)


COMMANDS = (people,)
