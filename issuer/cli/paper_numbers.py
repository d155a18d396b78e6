"""``issuer paper``: numbers for letters written by hand while the network is down."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import click

from issuer.cli.office_of import OPERATOR, OfficeOf, json_option, pass_office
from issuer.cli.output import put_json, put_table, say
from issuer.domain.paper_number import MAX_BLOCK, PaperNumber, PaperVoidReason

_REASONS = {reason.value.removeprefix("paper_"): reason for reason in PaperVoidReason}


@click.group()
def paper() -> None:
    """Numbers on paper (nomor kertas), for a day without network.

    A letter that is written by hand has neither QR nor code and cannot be verified. At the
    counter each number is entered afterwards, which issues its letter, or it is voided.
    """


@paper.command("reserve")
@click.option("--agency", required=True, metavar="CODE", help="See 'issuer agencies list'.")
@click.option("--series", default="keterangan", show_default=True, help="The number series.")
@click.option("--count", required=True, type=click.IntRange(1, MAX_BLOCK), help="How many.")
@click.option(
    "--date",
    "for_date",
    required=True,
    type=click.DateTime(["%Y-%m-%d"]),
    help="The day they are for, today or up to a month ahead.",
)
@json_option
@pass_office
def reserve(
    office: OfficeOf, agency: str, series: str, count: int, for_date: datetime, as_json: bool
) -> None:
    """Take numbers in advance.

    Example: issuer paper reserve --agency 35.22.15.1001 --count 10 --date 2026-11-30
    """
    numbers = office.composition.services.paper_numbers
    _put(numbers.reserve(OPERATOR, agency, series, count, for_date.date()), as_json)


@paper.command("list")
@click.option("--agency", required=True, metavar="CODE", help="See 'issuer agencies list'.")
@json_option
@pass_office
def list_numbers(office: OfficeOf, agency: str, as_json: bool) -> None:
    """List the numbers of which nobody has said yet what became of them.

    Example: issuer paper list --agency 35.22.15.1001
    """
    composition = office.composition
    waiting = composition.services.paper_numbers.waiting(OPERATOR, agency)
    if not waiting and not as_json:
        say("No number on paper waits.")
        return
    _put(waiting, as_json)
    today = composition.services.office.today(composition.services.clock.now())
    if late := sum(one.overdue(today) for one in waiting):
        say(f"{late} of them are of a day that is over: enter or void them.")


@paper.command("void")
@click.argument("number_ids", nargs=-1, required=True, metavar="ID...")
@click.option("--reason", required=True, type=click.Choice(sorted(_REASONS)))
@json_option
@pass_office
def void(office: OfficeOf, number_ids: tuple[str, ...], reason: str, as_json: bool) -> None:
    """Give numbers up for good; they stay in the register as voided.

    Example: issuer paper void 0f3c… --reason unused
    """
    numbers = office.composition.services.paper_numbers
    _put(numbers.void(OPERATOR, number_ids, _REASONS[reason]), as_json)


def _put(numbers: Sequence[PaperNumber], as_json: bool) -> None:
    if as_json:
        for one in numbers:
            put_json(
                {
                    "id": one.id,
                    "number": one.shown,
                    "sequence": one.sequence,
                    "state": one.state.value,
                    "date": one.for_date.isoformat(),
                }
            )
        return
    rows = [(one.shown, one.for_date.isoformat(), one.state.value, one.id) for one in numbers]
    put_table([("NUMBER", "FOR", "STATE", "ID"), *rows])


COMMANDS: list[click.Command] = [paper]
