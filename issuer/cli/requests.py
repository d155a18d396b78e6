"""``issuer requests``: what waits, what is late, and mending what is stuck."""

from __future__ import annotations

import click

from issuer.cli.office_of import OPERATOR, OfficeOf, json_option, pass_office
from issuer.cli.output import put_json, put_table, say
from issuer.domain.casework import MAX_PAGE, CaseSummary
from issuer.domain.handling import MAX_REVIEWS, Stricter

_request = click.argument("request_id", metavar="ID")


@click.group()
def requests() -> None:
    """Requests for letters: what waits, what is late, and mending what is stuck."""


@requests.command("list")
@click.option("--agency", help="Code of the agency; needed unless --late.")
@click.option("--late", is_flag=True, help="What waits longer than its service promises.")
@click.option("--after", metavar="ID", help="Go on after this request.")
@json_option
@pass_office
def list_requests(
    office: OfficeOf, agency: str | None, late: bool, after: str | None, as_json: bool
) -> None:
    """List requests under way, the oldest first, 200 at most, without names.

    Example: issuer requests list --late
    """
    casework = office.composition.services.casework
    if late:
        found = casework.overdue(OPERATOR, agency, limit=MAX_PAGE)
    elif agency is None:
        raise click.UsageError("Name an --agency, or ask for those that are --late.")
    else:
        found = casework.queue(OPERATOR, agency, limit=MAX_PAGE, after=after)
    if as_json:
        for summary in found:
            put_json(_heading(summary))
        return
    rows = [tuple(str(value) for value in _heading(summary).values()) for summary in found]
    put_table([("ID", "AGENCY", "TYPE", "STATE", "SINCE", "VERSION"), *rows])


@requests.command("show")
@_request
@json_option
@pass_office
def show(office: OfficeOf, request_id: str, as_json: bool) -> None:
    """Show who did what with a request. Reasons may hold personal data.

    Example: issuer requests show 0123456789abcdef0123456789abcdef
    """
    case = office.composition.services.casework.one(OPERATOR, request_id)
    steps = [
        {
            "at": step.at_utc.isoformat(),
            "action": step.action.value,
            "actor": step.actor_id,
            "note": step.note,
        }
        for step in case.steps
    ]
    if as_json:
        put_json(
            {
                "id": case.request.id,
                "agency": case.request.agency_code,
                "type": case.request.letter_type,
                "state": case.request.state.value,
                "version": case.request.version,
                "reviews_done": case.reviews_done,
                "reviews_needed": case.reviews_needed,
                "four_eyes": case.handling.four_eyes,
                "letter_id": case.letter_id,
                "steps": steps,
            }
        )
        return
    say(f"{case.request.letter_type} at {case.request.agency_code}: {case.request.state.value}")
    put_table([("AT", "STEP", "BY", "NOTE"), *(tuple(step.values()) for step in steps)])


@requests.command("reopen")
@_request
@click.option("--reason", required=True, help="Why; kept with the request.")
@pass_office
def reopen(office: OfficeOf, request_id: str, reason: str) -> None:
    """Bring a stuck request back to the beginning of its review.

    For one that was reviewed or waits for a signature that will not come. A letter that
    a killed process left half-made is finished or given up first.

    Example: issuer requests reopen 0123456789abcdef0123456789abcdef --reason "Pejabat pindah"
    """
    office.composition.recovery.run()
    casework = office.composition.services.casework
    case = casework.one(OPERATOR, request_id)
    moved = casework.reopen(OPERATOR, request_id, case.request.version, reason)
    say(f"It is {moved.state.value} again.")


@requests.command("lapse")
@pass_office
def lapse(office: OfficeOf) -> None:
    """End returned requests whose applicants did not answer. 'serve' does so too.

    Example: issuer requests lapse
    """
    say(f"Ended {office.composition.services.casework.lapse()}.")


@requests.command("handling")
@click.option("--agency", required=True, help="Code of the agency.")
@click.option("--type", "slug", required=True, help="Letter type.")
@click.option("--reviews", type=click.IntRange(1, MAX_REVIEWS), default=1, show_default=True)
@click.option("--four-eyes", is_flag=True, help="Another person forwards than reviewed.")
@pass_office
def handling(office: OfficeOf, agency: str, slug: str, reviews: int, four_eyes: bool) -> None:
    """Ask more parafs or four eyes at one agency than the letter type does.

    Without --reviews and --four-eyes what the type asks holds again.

    Example: issuer requests handling --agency 35.22.15.1001 --type tidak-mampu --four-eyes
    """
    services = office.composition.services
    more = Stricter(reviews, four_eyes) if reviews > 1 or four_eyes else None
    services.casework.set_stricter(OPERATOR, agency, slug, more)
    holds = services.casework.asked(services.catalogue.get(slug), agency)
    say(f"{holds.reviews} paraf, {'with' if holds.four_eyes else 'without'} four eyes.")


def _heading(summary: CaseSummary) -> dict[str, object]:
    return {
        "id": summary.id,
        "agency": summary.agency_code,
        "type": summary.letter_type,
        "state": summary.state.value,
        "since": summary.since_utc.isoformat(),
        "version": summary.version,
    }


COMMANDS: list[click.Command] = [requests]
