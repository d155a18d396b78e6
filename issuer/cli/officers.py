"""``issuer officers`` and ``issuer mandates``: who signs, for whom, until when."""

from __future__ import annotations

from datetime import date, datetime

import click

from issuer.cli.office_of import OPERATOR, OfficeOf, json_option, pass_office
from issuer.cli.output import put_json, put_table, say
from issuer.domain.mandate import Mandate, MandateKind, Signatory
from issuer.services.mandates import NewMandate

_day = click.DateTime(["%Y-%m-%d"])
_agency = click.option(
    "--agency", required=True, metavar="CODE", help="See 'issuer agencies list'."
)


@click.group()
def officers() -> None:
    """Accounts of those who sign letters at /pejabat, by a PIN or a passkey."""


@officers.command("link")
@click.argument("username")
@click.argument("signatory_id", metavar="SIGNATORY-ID")
@click.option("--pin", help="Asked for when not given; then it stands in no history of commands.")
@click.option("--no-pin", is_flag=True, help="Give none: letters are signed by passkey alone.")
@json_option
@pass_office
def link(
    office: OfficeOf,
    username: str,
    signatory_id: str,
    pin: str | None,
    no_pin: bool,
    as_json: bool,
) -> None:
    """Say which signatory an account is, and give it a first PIN, or a new one.

    Its owner changes the PIN at /pejabat/pin, and sets passkeys up at /akun/passkey.

    Example: issuer officers link kades.ngunut kades-3522062001
    """
    if no_pin and pin is not None:
        raise click.UsageError("either --pin or --no-pin")
    if not no_pin and pin is None:
        pin = click.prompt("PIN (6 to 12 digits)", hide_input=True, confirmation_prompt=True)
    office.composition.services.officers.link(OPERATOR, username, signatory_id, pin)
    if as_json:
        put_json({"username": username, "signatory_id": signatory_id})
    else:
        say(f"{username} signs as {signatory_id}.")


@officers.command("list")
@json_option
@pass_office
def list_officers(office: OfficeOf, as_json: bool) -> None:
    """List the accounts that sign, and as whom.

    Example: issuer officers list
    """
    rows = [("USERNAME", "SIGNATORY", "AGENCY", "STATE")]
    for account, officer in office.composition.services.officers.listed(OPERATOR):
        state = "active" if account.active else "inactive"
        row = (account.username, officer.signatory_id, account.agency_code or "", state)
        rows.append(row)
        if as_json:
            names = ("username", "signatory_id", "agency", "state")
            put_json(dict(zip(names, row, strict=True)))
    if not as_json:
        put_table(rows)


@click.group()
def mandates() -> None:
    """Dated mandates to sign for an agency: definitive, a.n., u.b., Plt., Plh., Pj."""


@mandates.command("list")
@_agency
@json_option
@pass_office
def list_mandates(office: OfficeOf, agency: str, as_json: bool) -> None:
    """List an agency's mandates of any date, the newest first.

    Example: issuer mandates list --agency 35.22.06.2001
    """
    found = office.composition.services.mandates.listed(OPERATOR, agency)
    rows = [("ID", "SIGNATORY", "KIND", "POSITION", "DECREE", "FROM", "UNTIL")]
    for who, mandate in found:
        if as_json:
            put_json(_as_object(who, mandate))
        rows.append(
            (
                mandate.id,
                who.id,
                mandate.kind.value,
                mandate.position,
                mandate.decree_number,
                mandate.starts_on.isoformat(),
                mandate.ends_on.isoformat() if mandate.ends_on else "",
            )
        )
    if not as_json:
        put_table(rows)


@mandates.command("add")
@_agency
@click.option("--signatory", required=True, metavar="ID", help="See 'issuer signatories list'.")
@click.option(
    "--kind", required=True, type=click.Choice([kind.value for kind in MandateKind]), help="Form."
)
@click.option("--position", required=True, help="The signatory's own post, as it is written.")
@click.option("--decree", required=True, help="Number of the decree.")
@click.option("--from", "starts_on", required=True, type=_day, help="First day.")
@click.option("--until", "ends_on", type=_day, help="Last day; Plt. and Plh. must have one.")
@click.option("--principal", default="", help="The post signed for (a.n., u.b.).")
@click.option("--via", default="", help="The post between them (u.b.).")
@click.option("--type", "types", multiple=True, metavar="SLUG", help="Of these types alone.")
@json_option
@pass_office
def add(
    office: OfficeOf,
    agency: str,
    signatory: str,
    kind: str,
    position: str,
    decree: str,
    starts_on: datetime,
    ends_on: datetime | None,
    principal: str,
    via: str,
    types: tuple[str, ...],
    as_json: bool,
) -> None:
    """Add a mandate. It begins today or later.

    Example: issuer mandates add --agency 35.22.06 --signatory sekcam-352206 --kind Plh.
    --position "Camat Dander" --decree 800/12/2026 --from 2026-12-01 --until 2026-12-14
    """
    new = NewMandate(
        signatory_id=signatory,
        agency_code=agency,
        kind=MandateKind(kind),
        position=position,
        decree_number=decree,
        starts_on=starts_on.date(),
        ends_on=_date(ends_on),
        principal=principal,
        via=via,
        letter_types=types,
    )
    added = office.composition.services.mandates.add(OPERATOR, new)
    if as_json:
        put_json({"mandate_id": added.id})
    else:
        say(f"Added {added.id}.")


@mandates.command("end")
@click.argument("mandate_id", metavar="ID")
@click.option("--last-day", type=_day, help="The last day it holds; without it, it ends now.")
@json_option
@pass_office
def end(office: OfficeOf, mandate_id: str, last_day: datetime | None, as_json: bool) -> None:
    """Let a mandate end, now or after a day. What was signed by it stays signed.

    Example: issuer mandates end 1f2e3d4c5b6a7988
    """
    ended = office.composition.services.mandates.end(OPERATOR, mandate_id, _date(last_day))
    day = ended.ends_on.isoformat() if ended.ends_on else None
    if as_json:
        put_json({"mandate_id": ended.id, "until": day})
    else:
        say(f"Its last day is {day}.")


def _date(moment: datetime | None) -> date | None:
    return moment.date() if moment else None


def _as_object(who: Signatory, mandate: Mandate) -> dict[str, object]:
    return {
        "mandate_id": mandate.id,
        "signatory_id": who.id,
        "kind": mandate.kind.value,
        "position": mandate.position,
        "principal": mandate.principal,
        "via": mandate.via,
        "decree": mandate.decree_number,
        "from": mandate.starts_on.isoformat(),
        "until": mandate.ends_on.isoformat() if mandate.ends_on else None,
        "types": None if mandate.letter_types is None else sorted(mandate.letter_types),
    }


COMMANDS: list[click.Command] = [officers, mandates]
