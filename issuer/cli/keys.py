"""``issuer keys``: the ceremony, the signatories' keys, the revocation lists."""

from __future__ import annotations

import click

from issuer.bootstrap import SystemClock, SystemRandom
from issuer.cli.office_of import OfficeOf, json_option, pass_office
from issuer.cli.output import put_json, put_table, say
from issuer.founding import (
    authority_of,
    certify_signatories,
    create_keys,
    create_secrets,
    list_keys,
    upgrade_database,
)


@click.group()
def keys() -> None:
    """Keys and certificates. keys/README.md says who holds what."""


@keys.command("init")
@pass_office
def keys_init(office: OfficeOf) -> None:
    """Make root, issuing authority and QR key, then a key for every signatory.

    Nothing that exists is overwritten.

    Example: issuer keys init
    """
    settings, clock, random = office.settings, SystemClock(), SystemRandom()
    create_secrets(settings, random)
    create_keys(settings, clock, random)
    upgrade_database(settings)
    with office.composition.register.reading() as uow:
        made = certify_signatories(settings, uow, clock, random, say)
    say(f"Keys are in {settings.keys_dir}; {made} signatories have new certificates.")


@keys.command("list")
@json_option
@pass_office
def keys_list(office: OfficeOf, as_json: bool) -> None:
    """List every certificate and QR key with the dates between which it signs.

    Example: issuer keys list --json
    """
    rows = list_keys(office.settings)
    if as_json:
        for row in rows:
            put_json({"id": row.id, "use": row.use, "from": row.starts, "until": row.ends})
    else:
        put_table(
            [("USE", "FROM", "UNTIL", "ID")] + [(r.use, r.starts, r.ends, r.id) for r in rows]
        )


@keys.command("publish")
@pass_office
def keys_publish(office: OfficeOf) -> None:
    """Sign revocation lists anew when they are past half their life.

    Example: issuer keys publish
    """
    renewed = authority_of(office.settings, SystemRandom()).refresh_crls(SystemClock().now())
    say(f"Renewed: {', '.join(renewed)}" if renewed else "All revocation lists are fresh.")


COMMANDS: list[click.Command] = [keys]
