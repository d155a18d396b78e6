"""``issuer accounts``: who signs in, from the server itself."""

from __future__ import annotations

import click

from issuer.cli.office_of import OPERATOR, OfficeOf, json_option, pass_office
from issuer.cli.output import put_json, put_table
from issuer.domain.access import Role
from issuer.services.administration import Invitation


@click.group()
def accounts() -> None:
    """Accounts of staff. The first admin of an office is invited here.

    Nobody is told a password: an account begins with a code, shown once.
    """


@accounts.command("list")
@json_option
@pass_office
def list_accounts(office: OfficeOf, as_json: bool) -> None:
    """List every account.

    Example: issuer accounts list
    """
    found = office.composition.services.administration.listed(OPERATOR)
    rows = [
        {
            "username": account.username,
            "role": account.role.value,
            "agency": account.agency_code or "",
            "active": account.active,
        }
        for account in found
    ]
    if as_json:
        for row in rows:
            put_json(row)
        return
    put_table(
        [("USERNAME", "ROLE", "AGENCY", "ACTIVE")]
        + [tuple(str(value) for value in row.values()) for row in rows]
    )


@accounts.command("invite")
@click.argument("username")
@click.option("--name", required=True, help="Full name.")
@click.option(
    "--role",
    required=True,
    type=click.Choice([role.value for role in Role if role not in (Role.APPLICANT, Role.OPERATOR)]),
    help="What the account is for.",
)
@click.option("--agency", metavar="CODE", help="For roles that are held in one agency.")
@json_option
@pass_office
def invite(
    office: OfficeOf, username: str, name: str, role: str, agency: str | None, as_json: bool
) -> None:
    """Add an account and print the code that it begins with.

    Example: issuer accounts invite siti.aminah --name "Siti Aminah" --role admin_kabupaten
    """
    invitation = office.composition.services.administration.invite(
        OPERATOR, username=username, full_name=name, role=role, agency_code=agency
    )
    _put(office, invitation, as_json)


@accounts.command("reset")
@click.argument("username")
@json_option
@pass_office
def reset(office: OfficeOf, username: str, as_json: bool) -> None:
    """End an account's password, second factor and sessions; print a new code.

    Example: issuer accounts reset siti.aminah
    """
    services = office.composition.services
    account_id = services.accounts.actor(username).id
    _put(office, services.administration.invite_again(OPERATOR, account_id), as_json)


def _put(office: OfficeOf, invitation: Invitation, as_json: bool) -> None:
    told = {
        "address": f"{office.settings.base_url}/aktifkan",
        "username": invitation.account.username,
        "code": invitation.code,
        "until": invitation.until_utc.isoformat(),
    }
    if as_json:
        put_json(told)
        return
    click.echo("Serahkan langsung kepada orangnya; tampil sekali ini saja.")
    click.echo("Hand this to the person directly; it is shown this once.")
    for label, value in told.items():
        click.echo(f"  {label:<9} {value}")


COMMANDS: list[click.Command] = [accounts]
