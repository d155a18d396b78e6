"""``issuer residents``: the register that the counters fill their forms from."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import click

from issuer import texts
from issuer.cli.exits import ANSWER_IS_NO
from issuer.cli.office_of import OPERATOR, OfficeOf, json_option
from issuer.cli.output import put_json, say
from issuer.services.resident_tables import RowOutcome, RowResult
from issuer.spreadsheets import read_table


@click.group()
def residents() -> None:
    """Residents, so that a counter finds them by NIK or name instead of typing."""


@residents.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--agency", metavar="CODE", help="The village or ward where everybody lives.")
@click.option(
    "--complete",
    is_flag=True,
    help="The file names everybody there: who is missing in it is removed.",
)
@click.option("--dry-run", is_flag=True, help="Only say what would become of every row.")
@json_option
@click.pass_context
def import_file(
    ctx: click.Context, file: Path, agency: str | None, complete: bool, dry_run: bool, as_json: bool
) -> None:
    """Import residents from a CSV or XLSX file; a NIK that is there is brought up to date.

    The first row has the headings: nik, nama, tempat lahir, tanggal lahir, jenis kelamin,
    agama, status perkawinan, pekerjaan, alamat; if wanted kewarganegaraan, dusun, rt, rw,
    kode desa. Other columns are left out. The results name rows by their number and show
    nobody. Exit code 1 when a row was refused; the others are stored all the same.

    Example: issuer residents import penduduk.xlsx --agency 35.22.06.2001 --dry-run
    """
    office: OfficeOf = ctx.obj
    left_out, results = office.composition.services.residents.imported(
        OPERATOR, read_table(file), agency, complete=complete, dry_run=dry_run
    )
    if left_out:
        say(f"Left out: {', '.join(left_out)}")
    counts: Counter[RowOutcome] = Counter()
    for result in results:
        counts[result.outcome] += 1
        if as_json:
            put_json(_as_object(result))
        else:
            for problem in result.problems:
                said = texts.problem_text(problem).en
                click.echo(f"row {result.number}: {problem.where}: {said}")
    done = ", ".join(f"{counts[outcome]} {outcome}" for outcome in RowOutcome)
    say(f"{'Nothing is stored yet. Would be: ' if dry_run else ''}{done}.")
    if counts[RowOutcome.REFUSED]:
        if complete:
            say("Nobody is removed, because rows were refused.")
        ctx.exit(ANSWER_IS_NO)


def _as_object(result: RowResult) -> dict[str, object]:
    return {
        "row": result.number,
        "result": result.outcome.value,
        "problems": [
            {"where": p.where, "code": p.code, "message": texts.problem_text(p).en}
            for p in result.problems
        ],
    }


COMMANDS: list[click.Command] = [residents]
