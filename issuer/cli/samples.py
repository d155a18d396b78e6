"""``issuer letters samples``: what the letters of every type look like."""

from __future__ import annotations

from pathlib import Path

import click

from issuer import whole_files
from issuer.bootstrap import SystemClock, SystemRandom
from issuer.cli.letters import PRIVATE
from issuer.cli.office_of import OfficeOf, json_option, pass_office
from issuer.cli.output import put_json, put_table
from issuer.domain.presentation import Paper
from issuer.sampling import make_samples


@click.command("samples")
@click.option(
    "--out",
    required=True,
    type=click.Path(file_okay=False, path_type=Path),
    help="Folder for the PDFs; made if it is not there.",
)
@click.option("--type", "slugs", metavar="SLUG", multiple=True, help="Only this type; repeatable.")
@click.option(
    "--paper",
    "papers",
    type=click.Choice([paper.value for paper in Paper]),
    multiple=True,
    help="Only this paper; default: both.",
)
@json_option
@pass_office
def letters_samples(
    office: OfficeOf, out: Path, slugs: tuple[str, ...], papers: tuple[str, ...], as_json: bool
) -> None:
    """Issue one sample of each type, marked CONTOH, from an office made only for it.

    A file is named by its type; one on F4 ends in -f4.

    Example: issuer letters samples --out contoh --type domisili --paper A4
    """
    out.mkdir(parents=True, exist_ok=True)
    environ = office.templates_and_fonts()
    table = [("TYPE", "PAPER", "PDF")]
    for paper in [Paper(name) for name in papers] or list(Paper):
        for sample in make_samples(slugs, paper, environ, SystemClock(), SystemRandom()):
            path = out / f"{sample.slug}{'-f4' if paper is Paper.F4 else ''}.pdf"
            whole_files.replace(path, sample.pdf, PRIVATE)
            table.append((sample.slug, paper.value, str(path)))
            if as_json:
                put_json({"type": sample.slug, "paper": paper.value, "pdf": str(path)})
    if not as_json:
        put_table(table)
