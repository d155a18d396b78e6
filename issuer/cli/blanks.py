"""``issuer blanks``: the store of numbered security paper (blangko)."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime

import click

from issuer.cli.exits import ANSWER_IS_NO
from issuer.cli.office_of import OPERATOR, OfficeOf, json_option, pass_office
from issuer.cli.output import put_json, put_table, say
from issuer.domain.access import Actor
from issuer.domain.blank import BlankState, SerialRange, runs
from issuer.domain.blank_stock import StockReport
from issuer.services.blanks import read_range

_first = click.argument("first")
_last = click.argument("last", required=False)


@click.group()
def blanks() -> None:
    """Numbered security paper (blangko): from the delivery to the shredder.

    FIRST and LAST are serials as printed, with their check character; without LAST it
    is one sheet.
    """


@blanks.command("receive")
@_first
@_last
@click.option("--note", required=True, help="Number of the delivery note (BAST).")
@json_option
@pass_office
def receive(office: OfficeOf, first: str, last: str | None, note: str, as_json: bool) -> None:
    """Enter a delivery into the store, once it was counted by two.

    Example: issuer blanks receive BJN000001-T BJN000500-S --note BAST/12/2026
    """
    serials = read_range(first, last)
    _moved("received", office.composition.services.blanks.receive(OPERATOR, serials, note), as_json)


@blanks.command("hand-over")
@_first
@_last
@click.option("--agency", required=True, metavar="CODE", help="See 'issuer agencies list'.")
@json_option
@pass_office
def hand_over(office: OfficeOf, first: str, last: str | None, agency: str, as_json: bool) -> None:
    """Give sheets of the store to the counter of an agency.

    Example: issuer blanks hand-over BJN000001-T BJN000100-N --agency 35.22.15.1001
    """
    store = office.composition.services.blanks
    given = store.hand_over(OPERATOR, read_range(first, last), agency)
    _moved("handed over", given, as_json)


@blanks.command("return")
@_first
@_last
@json_option
@pass_office
def take_back(office: OfficeOf, first: str, last: str | None, as_json: bool) -> None:
    """Take unused sheets back from a counter.

    Example: issuer blanks return BJN000090-W BJN000100-N
    """
    store = office.composition.services.blanks
    _moved("returned", store.take_back(OPERATOR, read_range(first, last)), as_json)


@blanks.command("lost")
@_first
@_last
@click.option("--reason", required=True, help="What happened; the number of the police report.")
@json_option
@pass_office
def lost(office: OfficeOf, first: str, last: str | None, reason: str, as_json: bool) -> None:
    """Declare sheets lost or stolen, for good, wherever they were.

    A letter on such a sheet says so when it is verified.

    Example: issuer blanks lost BJN000040-F BJN000049-Y --reason "Dicuri, LP/B/1/2026"
    """
    store = office.composition.services.blanks
    _moved("lost", store.report_lost(OPERATOR, read_range(first, last), reason), as_json)


@blanks.command("destroy")
@_first
@_last
@click.option("--minutes", required=True, help="Number of the minutes (berita acara).")
@click.option("--by", "first_person", required=True, metavar="USERNAME", help="Who destroys.")
@click.option("--witness", required=True, metavar="USERNAME", help="Who watches.")
@json_option
@pass_office
def destroy(
    office: OfficeOf,
    first: str,
    last: str | None,
    minutes: str,
    first_person: str,
    witness: str,
    as_json: bool,
) -> None:
    """Record that spoiled sheets were destroyed; asks both people for their password.

    Neither may have handed these sheets over or printed on them.

    Example: issuer blanks destroy BJN000007-H --minutes BA/3/2026 --by admin-jetak
    --witness inspektorat
    """
    serials = read_range(first, last)
    people = [_ask(office, username) for username in (first_person, witness)]
    store = office.composition.services.blanks
    _moved("destroyed", store.destroy(people[0], people[1], serials, minutes), as_json)


@blanks.command("list")
@click.option("--agency", metavar="CODE", help="Only this agency's counter.")
@click.option("--state", type=click.Choice([state.value for state in BlankState]))
@json_option
@pass_office
def list_blanks(office: OfficeOf, agency: str | None, state: str | None, as_json: bool) -> None:
    """List sheets by serial: ranges for people, a sheet a line with --json.

    Example: issuer blanks list --state spoiled
    """
    found = office.composition.services.blanks.listed(
        OPERATOR, agency_code=agency, state=BlankState(state) if state else None
    )
    if as_json:
        for sheet in found:
            put_json(
                {
                    "serial": str(sheet.serial),
                    "state": sheet.state.value,
                    "agency": sheet.agency_code,
                    "letter_id": sheet.printed.letter_id if sheet.printed else None,
                }
            )
        return
    rows = [
        (str(serials), str(len(serials)), sheet.state.value, sheet.agency_code or "-")
        for serials, _, sheet in runs((sheet.state, sheet) for sheet in found)
    ]
    put_table([("SHEETS", "COUNT", "STATE", "AGENCY"), *rows])


@blanks.command("report")
@click.option("--agency", required=True, metavar="CODE", help="See 'issuer agencies list'.")
@click.option(
    "--since", type=click.DateTime(["%Y-%m-%d"]), help="First day of the account; default: today."
)
@click.option("--counted", type=click.IntRange(0), help="Sheets counted by hand, to compare.")
@json_option
@click.pass_context
def report(
    ctx: click.Context, agency: str, since: datetime | None, counted: int | None, as_json: bool
) -> None:
    """Account for a counter's sheets. Exit code 1 when they do not add up.

    Count the sheets before you look, and give the count with --counted.

    Example: issuer blanks report --agency 35.22.15.1001 --since 2026-11-01 --counted 87
    """
    office: OfficeOf = ctx.obj
    day = since.date() if since else None
    found = office.composition.services.blanks.report(OPERATOR, agency, day)
    account = _account(found, counted)
    if as_json:
        put_json(account)
    else:
        put_table([(name.replace("_", " "), str(value)) for name, value in account.items()])
    if found.closing != found.on_hand or counted not in (None, found.closing):
        say("The sheets do not add up; 'issuer selfcheck' names what is missing.")
        ctx.exit(ANSWER_IS_NO)


def _account(found: StockReport, counted: int | None) -> dict[str, object]:
    account: dict[str, object] = asdict(found)
    account |= {"since": found.since.isoformat(), "closing": found.closing}
    return account if counted is None else {**account, "counted": counted}


def _ask(office: OfficeOf, username: str) -> Actor:
    """Return the person behind a name and the password they type."""
    password = click.prompt(f"Password of {username}", hide_input=True, err=True)
    return office.composition.services.accounts.authenticate(username, password).actor()


def _moved(what: str, serials: SerialRange, as_json: bool) -> None:
    if as_json:
        put_json({"first": str(serials.first), "last": str(serials.last), "sheets": len(serials)})
    else:
        click.echo(f"{len(serials)} {what}: {serials}")


COMMANDS: list[click.Command] = [blanks]
