"""``issuer keys``: the ceremony, the signatories' keys, the revocation lists."""

from __future__ import annotations

import click

from issuer.bootstrap import SystemClock, SystemRandom, published_state
from issuer.cli.office_of import OPERATOR, OfficeOf, json_option, pass_office
from issuer.cli.output import put_json, put_table, say
from issuer.founding import (
    ListedKey,
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

    Key sets and status lists follow with the moments they were published and end.

    Example: issuer keys list --json
    """
    rows = list_keys(office.settings)
    for one in published_state(office.settings).listing():
        ends = "" if one.expires_at_utc is None else one.expires_at_utc.isoformat()
        rows.append(ListedKey(one.name, "published", one.issued_at_utc.isoformat(), ends))
    if as_json:
        for row in rows:
            put_json({"id": row.id, "use": row.use, "from": row.starts, "until": row.ends})
    else:
        put_table(
            [("USE", "FROM", "UNTIL", "ID")] + [(r.use, r.starts, r.ends, r.id) for r in rows]
        )


@keys.command("rotate")
@click.option("--now", is_flag=True, help="Let the new key sign at once, not in an hour.")
@json_option
@pass_office
def keys_rotate(office: OfficeOf, now: bool, as_json: bool) -> None:
    """Make the next QR key. The old one stops signing and verifies for ever.

    It is published first and signs an hour later, when every copy of the key set is
    new. With --now it signs at once: whoever verifies offline may meet it unprepared.

    Example: issuer keys rotate
    """
    made = office.composition.publication.rotate_keys(OPERATOR, at_once=now)
    starts = made.signs_from_utc.isoformat()
    if as_json:
        put_json({"id": made.id, "from": starts, "version": made.version})
    else:
        click.echo(f"Key {made.id} signs from {starts}; key set {made.version} is published.")


@keys.command("publish")
@json_option
@pass_office
def keys_publish(office: OfficeOf, as_json: bool) -> None:
    """Publish what is due: revocation lists, the key set, status lists.

    'serve' does so by itself; a status list is signed anew every half hour.

    Example: issuer keys publish --json
    """
    done = office.composition.publication.publish()
    if as_json:
        for name in done:
            put_json({"published": name})
    else:
        say(f"Published: {', '.join(done)}" if done else "Everything is fresh.")


COMMANDS: list[click.Command] = [keys]
