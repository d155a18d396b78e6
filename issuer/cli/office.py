"""Running an office: ``demo``, ``serve``, ``worker``, ``db``, ``recover``, ``selfcheck``."""

from __future__ import annotations

import os
import signal
import sys
import threading
from pathlib import Path

import click

from issuer import demo as demo_office
from issuer.bootstrap import SystemClock, SystemRandom
from issuer.cli import serving
from issuer.cli.exits import ANSWER_IS_NO
from issuer.cli.log_lines import write_log_lines
from issuer.cli.office_of import OfficeOf, json_option, pass_office
from issuer.cli.output import put_json, say
from issuer.config import SETTINGS_FILE
from issuer.founding import upgrade_database
from issuer.jobs.sweeping import start_sweeping

HOST = "127.0.0.1"
port_option = click.option(
    "--port", type=click.IntRange(1, 65535), default=8000, show_default=True, help="TCP port."
)
host_option = click.option("--host", default=HOST, show_default=True, help="Address to listen on.")


@click.command()
@click.option(
    "--data-dir",
    type=click.Path(file_okay=False, path_type=Path),
    help="Where to make the demo; as 'issuer --data-dir'.",
)
@port_option
@click.option("--base-url", help="Address in the QR codes; default: http://localhost:PORT.")
@click.option("--no-serve", is_flag=True, help="Prepare and stop.")
@pass_office
def demo(
    office: OfficeOf, data_dir: Path | None, port: int, base_url: str | None, no_serve: bool
) -> None:
    """Make and run a demo: Bojonegoro with invented people, letters marked CONTOH.

    Example: issuer demo --port 8000
    """
    if data_dir is not None:
        office = OfficeOf(data_dir, office.environ)
        click.get_current_context().call_on_close(office.close)
    if not no_serve:
        serving.require_free(HOST, port)
    if not (office.data_dir / SETTINGS_FILE).exists():
        say(f"Menyiapkan kantor contoh di {office.data_dir} / preparing a demo office")
        url = base_url or f"http://localhost:{port}"
        demo_office.prepare(
            office.data_dir.resolve(), url, office.environ, SystemClock(), SystemRandom(), say
        )
        if not no_serve:
            # The file store's threads would not be there in a worker that is forked now.
            os.execv(sys.executable, sys.orig_argv)  # noqa: S606 - this very command again
    settings, sign_ins = office.settings, demo_office.sign_ins(office.composition)
    if settings.base_url != (base_url or f"http://localhost:{port}"):
        say(f"Note: the QR codes of this demo lead to {settings.base_url}")
    click.echo(f"\nKantor contoh siap / the demo is ready: {settings.base_url}")
    click.echo(f"  Periksa surat / verify a letter:  {settings.base_url}/periksa")
    click.echo(f"  Loket / counter:                  {settings.base_url}/loket")
    click.echo(f"  Pejabat / signing officer:        {settings.base_url}/pejabat")
    click.echo("Masuk / sign in:")
    for sign_in in sign_ins:
        click.echo(f"  {sign_in.username:<14} {sign_in.password}   {sign_in.who}")
    office.composition.close()
    if not no_serve:
        click.echo("Berhenti dengan Ctrl-C / stop with Ctrl-C\n")
        serving.serve(settings, HOST, port, sign_ins=tuple(sign_ins))


@click.command()
@host_option
@port_option
@pass_office
def serve(office: OfficeOf, host: str, port: int) -> None:
    """Serve the office's pages; in production behind a proxy that speaks https.

    Example: issuer serve --host 127.0.0.1 --port 8000
    """
    serving.require_free(host, port)
    serving.serve(office.settings, host, port)


@click.command()
@click.option("--once", is_flag=True, help="Do what is due now, and stop.")
@pass_office
def worker(office: OfficeOf, once: bool) -> None:
    """Tell institutions and residents what they are to be told.

    It also removes what was kept long enough. 'serve' does both too.

    Any number of workers may run, on several machines. Ctrl-C or SIGTERM stops one when
    its present sweep is done; one that is killed loses nothing.

    Example: issuer worker
    """
    write_log_lines()
    public = office.public
    if once:
        tried = public.deliveries.sweep() + public.message_sending.sweep()
        say(f"Tried {tried}, removed {public.retention.sweep()}.")
        return
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    say("Working; stop with Ctrl-C.")
    sweeps = (public.deliveries.sweep, public.message_sending.sweep, public.retention.sweep)
    for thread in start_sweeping(stop, sweeps):
        thread.join()


@click.group()
def db() -> None:
    """The register's database."""


@db.command("upgrade")
@pass_office
def db_upgrade(office: OfficeOf) -> None:
    """Bring the database to this version of the program.

    Example: issuer db upgrade
    """
    upgrade_database(office.settings)
    say("The database is up to date.")


@click.command()
@json_option
@pass_office
def recover(office: OfficeOf, as_json: bool) -> None:
    """Finish or void letters whose process was killed. 'serve' and 'issue' do so too.

    Example: issuer recover
    """
    done = office.composition.recovery.run()
    if as_json:
        put_json({"finished": done.finished, "voided": done.voided})
    else:
        click.echo(f"Finished {len(done.finished)}, voided {len(done.voided)}")


_CLOCK_NOT_WITNESSED = (
    "Nothing is erased and no request lapses: in the fourteen days before this clock, something"
    " was recorded on fewer than three days. Compare it with another clock. If it is wrong, put"
    " it right at once: it is believed after three days of work. If it is right (the office was"
    " closed), nothing is to be done: after three days of work all goes on by itself."
)


@click.command()
@json_option
@click.pass_context
def selfcheck(ctx: click.Context, as_json: bool) -> None:
    """Re-verify every letter, the number series, the audit chain, and the clock.

    Exit code 1 when anything is found.

    Example: issuer selfcheck
    """
    office: OfficeOf = ctx.obj
    office.composition.recovery.run()
    found = 0
    for finding in office.composition.selfcheck.run():
        found += 1
        if as_json:
            put_json({"subject": finding.subject, "code": finding.code})
        else:
            click.echo(f"{finding.subject}: {finding.code}")
        if finding.code == "clock_not_witnessed":
            say(_CLOCK_NOT_WITNESSED)
    say(f"{found} findings." if found else "Everything holds.")
    if found:
        ctx.exit(ANSWER_IS_NO)


COMMANDS: list[click.Command] = [demo, serve, worker, db, recover, selfcheck]
