"""``issuer reports``: what people reported about forged or misused letters."""

from __future__ import annotations

import click

from issuer.cli.office_of import OPERATOR, OfficeOf, json_option, pass_office
from issuer.cli.output import put_json, put_table
from issuer.domain.codes import group_code
from issuer.domain.forgery_report import ForgeryReport

_reference = click.argument("reference")


@click.group()
def reports() -> None:
    """Reports about forged or misused letters, sent in on the page /lapor.

    REFERENCE is the code that the page gave to whoever reported.
    """


@reports.command("list")
@click.option("--all", "everything", is_flag=True, help="Also those that are closed.")
@json_option
@pass_office
def list_reports(office: OfficeOf, everything: bool, as_json: bool) -> None:
    """List open reports, the oldest first, without what was written in them.

    Example: issuer reports list
    """
    found = office.composition.services.reports.listed(OPERATOR, open_only=not everything)
    if as_json:
        for report in found:
            put_json(_heading(report))
        return
    rows = [tuple(str(value) for value in _heading(report).values()) for report in found]
    put_table([("REFERENCE", "RECEIVED", "FINDING", "STATE"), *rows])


@reports.command("show")
@_reference
@json_option
@pass_office
def show(office: OfficeOf, reference: str, as_json: bool) -> None:
    """Show one report with what was written. It may hold personal data.

    Example: issuer reports show ABCD-EFGH-JKMN
    """
    _put(office.composition.services.reports.one(OPERATOR, reference), as_json)


@reports.command("close")
@_reference
@click.option("--outcome", required=True, help="What came of it.")
@json_option
@pass_office
def close(office: OfficeOf, reference: str, outcome: str, as_json: bool) -> None:
    """Close a report with what came of it, for good.

    Example: issuer reports close ABCD-EFGH-JKMN --outcome "Surat palsu, LP/B/7/2026"
    """
    _put(office.composition.services.reports.close(OPERATOR, reference, outcome), as_json)


def _heading(report: ForgeryReport) -> dict[str, object]:
    return {
        "reference": group_code(report.reference),
        "received_at": report.received_at_utc.isoformat(),
        "finding": report.finding.value,
        "state": "closed" if report.outcome else "open",
    }


def _put(report: ForgeryReport, as_json: bool) -> None:
    outcome = report.outcome
    whole: dict[str, object] = {
        **_heading(report),
        "number": report.number,
        "detail": report.detail,
        "contact": report.contact,
        "outcome": outcome.text if outcome else None,
        "closed_at": outcome.at_utc.isoformat() if outcome else None,
        "closed_by": outcome.actor_id if outcome else None,
    }
    if as_json:
        put_json(whole)
    else:
        put_table([(name.replace("_", " "), str(value or "-")) for name, value in whole.items()])


COMMANDS: list[click.Command] = [reports]
