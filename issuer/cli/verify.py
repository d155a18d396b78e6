"""``issuer verify``: what anyone may ask, without a private key."""

from __future__ import annotations

from pathlib import Path

import click

from issuer import texts
from issuer.cli.exits import ANSWER_IS_NO, UNREACHABLE
from issuer.cli.office_of import OfficeOf, json_option, pass_office
from issuer.cli.output import put_json
from issuer.domain.answer import as_object
from issuer.domain.verdict import Reason, Verdict, Verification
from issuer.services.verification import MAX_FILE_BYTES


@click.command()
@click.argument("paths", nargs=-1, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--qr", metavar="TEXT", help="The text of a QR code.")
@click.option("--number", help="The number as printed, together with --code.")
@click.option("--code", help="The verification code under the QR.")
@json_option
@pass_office
@click.pass_context
def verify(
    ctx: click.Context,
    office: OfficeOf,
    paths: tuple[Path, ...],
    qr: str | None,
    number: str | None,
    code: str | None,
    as_json: bool,
) -> None:
    """Verify letters: PDF files, pictures with a QR, a QR's text, or number and code.

    Exit code 0 when every answer is VALID, 1 when one is not, 4 when the register
    cannot be read.

    Example: issuer verify surat.pdf foto.jpg --json
    """
    if (number is None) != (code is None):
        raise click.UsageError("--number and --code go together")
    if not paths and qr is None and number is None:
        raise click.UsageError("give files, or --qr, or --number with --code")
    answers: list[Verification] = []

    def answer(asked: str, found: Verification) -> None:
        answers.append(found)
        if as_json:
            put_json({"input": asked, **as_object(found)})
        else:
            _print(asked, found)

    for path in paths:
        with path.open("rb") as file:
            # One byte more than the limit is enough to know that it is too large.
            answer(str(path), office.public.verifier.by_file(file.read(MAX_FILE_BYTES + 1)))
    if qr is not None:
        answer("qr", office.public.verifier.by_qr(qr))
    if number is not None and code is not None:
        answer(number, office.public.verifier.by_number(number, code))
    if any(Reason.REGISTER_UNAVAILABLE in found.reasons for found in answers):
        ctx.exit(UNREACHABLE)
    if any(found.verdict is not Verdict.VALID for found in answers):
        ctx.exit(ANSWER_IS_NO)


def _print(asked: str, found: Verification) -> None:
    click.echo(f"{asked}: {found.verdict.value}: {texts.MEANINGS[found.verdict].en}")
    for name in ("integrity", "status", "issuer"):
        click.echo(f"  {name}: {texts.CHECKS[getattr(found.checks, name)].en}")
    for reason in found.reasons:
        click.echo(f"  - {texts.REASONS[reason].en}")
    if found.letter:
        letter = found.letter
        click.echo(f"  {letter.title}, {letter.number}, {letter.holder}, {letter.agency}")


COMMANDS: list[click.Command] = [verify]
