"""``issuer revoke`` and ``replace``: how a letter ends."""

from __future__ import annotations

from pathlib import Path

import click

from issuer.cli.letters import (
    data_option,
    endorser_option,
    hand_out,
    out_option,
    read_data,
    require_writable,
    signatory_option,
    usual_endorser,
)
from issuer.cli.office_of import OPERATOR, OfficeOf, json_option, pass_office
from issuer.cli.output import put_json, say
from issuer.domain.access import Actor
from issuer.services import Services

_number = click.option("--number", required=True, help="The letter's number as printed.")
_reason = click.option("--reason", required=True, help="Why; the public will read it.")
_actor = click.option(
    "--actor",
    metavar="USERNAME",
    help="The account of whoever decided it and may; default: the operator.",
)


@click.command()
@_number
@_reason
@_actor
@click.confirmation_option(prompt="Revoking cannot be undone. Go on?")
@json_option
@pass_office
def revoke(office: OfficeOf, number: str, reason: str, actor: str | None, as_json: bool) -> None:
    """Withdraw an issued letter for good.

    Example: issuer revoke --number 400.12.2.1/1/412.406.01/2026 --reason "Salah alamat"
    """
    services = office.composition.services
    decider = _decider(services, actor)
    letter_id = services.letters.by_number(OPERATOR, number).id
    letter = services.letters.revoke(decider, letter_id, reason)
    _publish(office)
    if as_json:
        put_json({"letter_id": letter.id, "number": letter.number, "state": letter.state})
    else:
        click.echo(f"Revoked {letter.number}")


@click.command()
@_number
@_reason
@_actor
@signatory_option
@endorser_option
@data_option
@out_option
@click.confirmation_option(prompt="The old letter will be out of force for good. Go on?")
@json_option
@pass_office
def replace(
    office: OfficeOf,
    number: str,
    reason: str,
    actor: str | None,
    signatory: str,
    endorser: str | None,
    data: Path,
    out: Path | None,
    as_json: bool,
) -> None:
    """Issue a corrected letter in the place of one that is in force.

    It has the type and the agency of the old letter and a number of its own. Whoever
    verifies the old letter is told the new number.

    Example: issuer replace --number 400.12.2.1/1/412.406.01/2026 --reason "Salah nama"
    --signatory kades-3522062001 --data data.json --out surat.pdf
    """
    composition = office.composition
    services = composition.services
    require_writable(out)
    decider = _decider(services, actor)
    old = services.letters.by_number(OPERATOR, number)
    order = services.intake.check(old.record.type_slug, old.record.agency_code, read_data(data))
    if order.nik_disagrees:
        say("Warning: NIK, birth date and sex do not fit together; compare with the KTP.")
    composition.publication.publish_if_possible()
    composition.recovery.run()
    letter = services.letters.replace(
        OPERATOR,
        old.id,
        order,
        reason,
        signatory,
        endorser or usual_endorser(services, order),
        origin="command",
        decided_by=decider,
    )
    _publish(office)
    hand_out(services, letter, out, as_json=as_json, replaces=old.number)


def _publish(office: OfficeOf) -> None:
    """Let the status list say at once what the register says."""
    if not office.composition.publication.publish_if_possible():
        say("Note: the status list could not be published now; 'issuer serve' tries again.")


def _decider(services: Services, username: str | None) -> Actor:
    return OPERATOR if username is None else services.accounts.actor(username)


COMMANDS: list[click.Command] = [revoke, replace]
