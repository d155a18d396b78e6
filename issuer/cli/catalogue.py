"""``issuer letters``, ``agencies`` and ``signatories``: what there is to choose from."""

from __future__ import annotations

import json

import click

from issuer import texts
from issuer.bootstrap import SystemClock
from issuer.cli.office_of import OPERATOR, OfficeOf, json_option, pass_office
from issuer.cli.output import put_json, put_table, say
from issuer.cli.samples import letters_samples
from issuer.domain.errors import ConfigurationError
from issuer.domain.mandate import signature_lines
from issuer.domain.presentation import Paper, SecurityPrinting
from issuer.services.proving import prove_type


@click.group()
def letters() -> None:
    """The catalogue of letter types (jenis surat)."""


@letters.command("list")
@json_option
@pass_office
def letters_list(office: OfficeOf, as_json: bool) -> None:
    """List the letter types of this office.

    Example: issuer letters list
    """
    types = office.catalogue.all()
    if as_json:
        for kind in types:
            put_json({"slug": kind.slug, "title": kind.title.id, "version": kind.version})
    else:
        put_table([("SLUG", "TITLE"), *((kind.slug, kind.title.id) for kind in types)])


@letters.command("check")
@pass_office
def letters_check(office: OfficeOf) -> None:
    """Check every template: files, schema, wording, example and hostile answers.

    Example: issuer letters check
    """
    today = SystemClock().now().date()
    problems = list(office.catalogue.problems)
    for kind in office.catalogue.all():
        found = [
            f"{kind.slug}: {one.tried}: {one.problem.where}: {texts.problem_text(one.problem).en}"
            for one in prove_type(office.catalogue, kind, today)
        ]
        problems += found
        if not found:
            say(f"{kind.slug}: good, version {kind.version}")
    if problems:
        raise ConfigurationError(problems)


@letters.command("example")
@click.argument("slug")
@pass_office
def letters_example(office: OfficeOf, slug: str) -> None:
    """Print a valid data file for 'issuer issue'.

    Example: issuer letters example domisili > data.json
    """
    example = office.catalogue.get(slug).example
    click.echo(json.dumps(example, ensure_ascii=False, indent=2))


letters.add_command(letters_samples)


@click.group()
def agencies() -> None:
    """The agencies (perangkat daerah, kecamatan, desa, kelurahan)."""


@agencies.command("list")
@json_option
@pass_office
def agencies_list(office: OfficeOf, as_json: bool) -> None:
    """List the agencies that issue letters.

    Example: issuer agencies list --json
    """
    rows = office.composition.services.letters.agencies()
    if as_json:
        for row in rows:
            put_json({"code": row.code, "name": row.name, "kind": row.kind.value})
    else:
        put_table(
            [("CODE", "KIND", "NAME"), *((row.code, row.kind.value, row.name) for row in rows)]
        )


@agencies.command("set")
@click.argument("code")
@click.option("--paper", type=click.Choice([paper.value for paper in Paper]), help="The sheet.")
@click.option(
    "--security",
    type=click.Choice([policy.value for policy in SecurityPrinting]),
    help="What is drawn against copying; security_paper prints on numbered sheets.",
)
@json_option
@pass_office
def agencies_set(
    office: OfficeOf, code: str, paper: str | None, security: str | None, as_json: bool
) -> None:
    """Set what an agency prints its letters on; letters already issued stay as they are.

    Example: issuer agencies set 35.22.15.1001 --paper F4 --security security_paper
    """
    agency = office.composition.services.agencies.set_printing(
        OPERATOR,
        code,
        paper=Paper(paper) if paper else None,
        security=SecurityPrinting(security) if security else None,
    )
    if as_json:
        put_json(
            {
                "code": agency.code,
                "paper": agency.paper.value,
                "security": agency.security.value,
            }
        )
    else:
        click.echo(f"{agency.code} {agency.name}: {agency.paper}, {agency.security}")


@click.group()
def signatories() -> None:
    """Who may sign (pejabat penandatangan)."""


@signatories.command("list")
@click.option("--agency", metavar="CODE", help="Only this agency.")
@json_option
@pass_office
def signatories_list(office: OfficeOf, agency: str | None, as_json: bool) -> None:
    """List who may sign today, with the mandate.

    Example: issuer signatories list --agency 35.22.06.2001 --json
    """
    rows = office.composition.services.letters.signatories(agency)
    if as_json:
        for person, mandate in rows:
            put_json(
                {
                    "id": person.id,
                    "name": person.name,
                    "position": mandate.position,
                    "mandate": mandate.kind.value,
                    "agency": mandate.agency_code,
                }
            )
        return
    table = [
        (
            person.id,
            mandate.agency_code,
            " ".join(
                signature_lines(mandate.kind, mandate.position, mandate.principal, mandate.via)
            ),
            person.name,
        )
        for person, mandate in rows
    ]
    put_table([("ID", "AGENCY", "SIGNS AS", "NAME"), *table])


COMMANDS: list[click.Command] = [letters, agencies, signatories]
