"""``issuer issue`` and the register."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

import click

from issuer import whole_files
from issuer.cli.office_of import OPERATOR, OfficeOf, json_option, pass_office
from issuer.cli.output import put_json, put_table, say
from issuer.domain.codes import group_code
from issuer.domain.errors import InvalidInput, Problem, TooLarge
from issuer.domain.letter import Letter
from issuer.domain.paper_number import PaperNumber
from issuer.domain.plain_json import read_json
from issuer.services import Services
from issuer.services.freezing import endorsing_district
from issuer.services.intake import LetterOrder

MAX_DATA_BYTES = 1_000_000
PRIVATE = 0o600
"""A letter is its holder's business: no other account of the machine reads it."""


signatory_option = click.option(
    "--signatory", required=True, metavar="ID", help="See 'issuer signatories list'."
)
endorser_option = click.option(
    "--endorser",
    metavar="ID",
    help="Who signs for the district, on a type that it endorses; default: its head.",
)
data_option = click.option(
    "--data",
    required=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="The letter's data file; see 'issuer letters example SLUG'.",
)
out_option = click.option(
    "--out",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Where to write the PDF; default: named by its number, in this folder.",
)


@click.command()
@click.option("--type", "slug", required=True, metavar="SLUG", help="See 'issuer letters list'.")
@click.option("--agency", required=True, metavar="CODE", help="See 'issuer agencies list'.")
@signatory_option
@endorser_option
@data_option
@out_option
@json_option
@pass_office
def issue(
    office: OfficeOf,
    slug: str,
    agency: str,
    signatory: str,
    endorser: str | None,
    data: Path,
    out: Path | None,
    as_json: bool,
) -> None:
    """Issue one letter.

    Example: issuer issue --type domisili --agency 35.22.06.2001
    --signatory kades-3522062001 --data data.json --out surat.pdf
    """
    composition = office.composition
    services = composition.services
    require_writable(out)
    order = services.intake.check(slug, agency, read_data(data))
    if order.nik_disagrees:
        say("Warning: NIK, birth date and sex do not fit together; compare with the KTP.")
    composition.publication.publish_if_possible()
    endorser = endorser or usual_endorser(services, order)
    services.issuance.check(OPERATOR, order, signatory, endorser)
    composition.recovery.run()
    request = services.intake.open_at_counter(
        OPERATOR, order, request_id=services.intake.new_request_id(), origin="command"
    )
    letter = services.issuance.issue(OPERATOR, request.id, signatory, endorser)
    hand_out(services, letter, out, as_json=as_json)


def usual_endorser(services: Services, order: LetterOrder) -> str | None:
    """Return the head of the district that endorses the letter; None when it needs nobody."""
    district = endorsing_district(order.letter_type, order.agency)
    if district is None:
        return None
    head = services.letters.usual_endorser(order.letter_type, order.agency)
    if head is None:
        raise click.UsageError(
            f"this type is endorsed by the district: give --endorser,"
            f" see 'issuer signatories list --agency {district}'"
        )
    say(f"Endorsed by {head}.")
    return head


def hand_out(
    services: Services, letter: Letter, out: Path | None, *, as_json: bool, **more: str
) -> None:
    """Write an issued letter's file, and say how it is verified."""
    path = out or Path(letter.number.replace("/", "-") + ".pdf")
    whole_files.replace(path, services.letters.pdf(OPERATOR, letter.id), PRIVATE)
    code = group_code(letter.verification_code)
    if not as_json:
        put_table([("Number", letter.number), ("Verification code", code), ("PDF", str(path))])
        return
    put_json(
        {
            "letter_id": letter.id,
            "number": letter.number,
            "verification_code": code,
            "url": letter.qr_text,
            "pdf": str(path),
            "sha256": letter.pdf.sha256 if letter.pdf else None,
            **more,
        }
    )


def require_writable(out: Path | None) -> None:
    """Raise ``BadParameter`` before a number is taken for a file that cannot be written."""
    folder = out.parent if out else Path()
    if not os.access(folder, os.W_OK):
        raise click.BadParameter(f"cannot write into {folder}", param_hint="--out")


def read_data(path: Path) -> Mapping[str, object]:
    """Return the data file's object. Raises ``TooLarge`` or ``InvalidInput``."""
    with path.open("rb") as file:
        raw = file.read(MAX_DATA_BYTES + 1)
    if len(raw) > MAX_DATA_BYTES:
        raise TooLarge(MAX_DATA_BYTES)
    try:
        data = read_json(raw)
    except ValueError as error:
        raise InvalidInput([Problem("data", "not_json")]) from error
    if not isinstance(data, dict):
        raise InvalidInput([Problem("data", "not_an_object")])
    return data


@click.group()
def register() -> None:
    """The register of letters (register surat)."""


@register.command("list")
@click.option("--agency", metavar="CODE", help="Only this agency.")
@click.option("--year", type=int, help="Only this year.")
@json_option
@pass_office
def register_list(office: OfficeOf, agency: str | None, year: int | None, as_json: bool) -> None:
    """List every number that was ever taken, with its state.

    Example: issuer register list --agency 35.22.06.2001 --year 2026 --json
    """
    services = office.composition.services
    rows = services.letters.numbers(OPERATOR, agency_code=agency, year=year)
    if as_json:
        for row in rows:
            put_json(_listed(row) if isinstance(row, Letter) else _on_paper(row))
        return
    names = {one.code: one.name for one in services.letters.agencies()}
    table = [
        (
            row.number if isinstance(row, Letter) else f"{row.shown} (on paper, {row.for_date})",
            row.state.value,
            names[row.series.agency_code],
        )
        for row in rows
    ]
    if table:
        put_table([("NUMBER", "STATE", "AGENCY"), *table])
    else:
        say("The register is empty.")


def _listed(letter: Letter) -> dict[str, object]:
    return {
        "letter_id": letter.id,
        "number": letter.number,
        "sequence": letter.sequence,
        "series": f"{letter.series.agency_code}/{letter.series.series}/{letter.series.year}",
        "state": letter.state.value,
        "sha256": letter.pdf.sha256 if letter.pdf else None,
        "reason": letter.ending.reason if letter.ending else None,
    }


def _on_paper(number: PaperNumber) -> dict[str, object]:
    """Return the row of a number that has no letter: nobody can verify a letter with it."""
    return {
        "letter_id": None,
        "number": number.shown,
        "sequence": number.sequence,
        "series": f"{number.series.agency_code}/{number.series.series}/{number.series.year}",
        "state": number.state.value,
        "sha256": None,
        "reason": number.ending.reason if number.ending else None,
        "on_paper_for": number.for_date.isoformat(),
    }


COMMANDS: list[click.Command] = [issue, register]
