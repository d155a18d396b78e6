"""``issuer institutions``: who checks letters by machine, and what they are told."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

import click

from issuer.cli.office_of import OPERATOR, OfficeOf, json_option, pass_office
from issuer.cli.output import put_json, put_table, say
from issuer.domain.institution import Scope
from issuer.domain.outbox import DeliveryState
from issuer.domain.webhook import Delivery, Outcome

OUTCOMES: Mapping[Outcome, str] = {
    Outcome.RECEIVED: "received",
    Outcome.REFUSED: "answered, but not with success",
    Outcome.GONE: "answered that it wants no more (410)",
    Outcome.REDIRECTED: "sent us elsewhere, which is not followed",
    Outcome.ADDRESS_FORBIDDEN: "its name does not lead to a public address",
    Outcome.NAME_UNKNOWN: "its name is unknown",
    Outcome.NO_CONNECTION: "no connection",
    Outcome.TLS_FAILED: "its certificate does not hold",
    Outcome.TIMED_OUT: "no answer in time",
    Outcome.NO_WEBHOOK: "it has no webhook any more",
    Outcome.RECORD_DAMAGED: "our own record of it cannot be read; run 'issuer selfcheck'",
}
_id = click.argument("institution_id", metavar="ID")


@click.group()
def institutions() -> None:
    """Institutions (banks, schools, courts) that check letters by machine.

    Each has keys, scopes, a daily quota and perhaps a webhook. ID is what 'list' shows.
    """


@institutions.command("add")
@click.argument("name")
@click.option(
    "--scope",
    "scopes",
    multiple=True,
    required=True,
    type=click.Choice([scope.value for scope in Scope]),
    help="What it may do; may be given several times.",
)
@click.option(
    "--quota", type=click.IntRange(1), default=1000, show_default=True, help="Letters a day."
)
@json_option
@pass_office
def add(office: OfficeOf, name: str, scopes: tuple[str, ...], quota: int, as_json: bool) -> None:
    """Add an institution and print its first key, which is not shown again.

    Example: issuer institutions add "Bank Contoh" --scope verify --scope webhooks
    """
    store = office.composition.services.institutions
    added, key = store.add(OPERATOR, name, [Scope(scope) for scope in scopes], quota)
    if as_json:
        put_json({"institution_id": added.id, "name": added.name, "key": key})
        return
    say(f"{added.name}: {added.id}. The key is not shown again:")
    click.echo(key)


@institutions.command("list")
@json_option
@pass_office
def list_all(office: OfficeOf, as_json: bool) -> None:
    """List institutions with their keys, and how much of today's quota is used.

    Example: issuer institutions list
    """
    rows = [["ID", "NAME", "SCOPES", "TODAY", "KEYS", "STATE"]]
    for one, keys, used in office.composition.services.institutions.listed(OPERATOR):
        good = [key.id for key in keys if key.revoked_at_utc is None]
        if as_json:
            put_json(
                {
                    "institution_id": one.id,
                    "name": one.name,
                    "scopes": sorted(one.scopes),
                    "daily_quota": one.daily_quota,
                    "used_today": used,
                    "keys": good,
                    "active": one.active,
                    "webhook": one.webhook_url,
                }
            )
        state = "active" if one.active else "disabled"
        quota = f"{used}/{one.daily_quota}"
        rows.append([one.id, one.name, ",".join(sorted(one.scopes)), quota, ",".join(good), state])
    if not as_json:
        put_table(rows)


@institutions.command("new-key")
@_id
@json_option
@pass_office
def new_key(office: OfficeOf, institution_id: str, as_json: bool) -> None:
    """Print a further key; the old one stays good until it is revoked.

    Example: issuer institutions new-key 1f2e3d4c5b6a7988
    """
    key, text = office.composition.services.institutions.new_key(OPERATOR, institution_id)
    if as_json:
        put_json({"institution_id": institution_id, "key_id": key.id, "key": text})
        return
    say(f"Key {key.id}; it is not shown again:")
    click.echo(text)


@institutions.command("revoke-key")
@click.argument("key_id", metavar="KEY-ID")
@json_option
@pass_office
def revoke_key(office: OfficeOf, key_id: str, as_json: bool) -> None:
    """End a key at once. KEY-ID is what 'list' shows, not the key itself.

    Example: issuer institutions revoke-key 9a8b7c6d
    """
    key = office.composition.services.institutions.revoke_key(OPERATOR, key_id)
    _done({"institution_id": key.institution_id, "key_id": key.id}, "Revoked.", as_json)


@institutions.command("disable")
@_id
@json_option
@pass_office
def disable(office: OfficeOf, institution_id: str, as_json: bool) -> None:
    """Shut an institution out with all its keys, and tell it nothing more.

    Example: issuer institutions disable 1f2e3d4c5b6a7988
    """
    office.composition.services.institutions.set_active(OPERATOR, institution_id, False)
    _done({"institution_id": institution_id, "active": False}, "Disabled.", as_json)


@institutions.command("enable")
@_id
@json_option
@pass_office
def enable(office: OfficeOf, institution_id: str, as_json: bool) -> None:
    """Let an institution in again.

    Example: issuer institutions enable 1f2e3d4c5b6a7988
    """
    office.composition.services.institutions.set_active(OPERATOR, institution_id, True)
    _done({"institution_id": institution_id, "active": True}, "Enabled.", as_json)


@institutions.command("webhook")
@_id
@click.argument("url", required=False)
@click.option("--remove", is_flag=True, help="Tell it nothing any more.")
@json_option
@pass_office
def webhook(
    office: OfficeOf, institution_id: str, url: str | None, remove: bool, as_json: bool
) -> None:
    """Set where an institution is told, and print its new signing secret, once.

    An https address on port 443 or 8443. It is told when a letter that it found
    genuine is revoked or replaced.

    Example: issuer institutions webhook 1f2e3d4c5b6a7988 https://hooks.bank.example/surat
    """
    if remove is (url is not None):
        raise click.UsageError("give a URL or --remove")
    secret = office.composition.services.institutions.set_webhook(OPERATOR, institution_id, url)
    if secret is None:
        _done({"institution_id": institution_id, "webhook": None}, "Removed.", as_json)
    elif as_json:
        put_json({"institution_id": institution_id, "webhook": url, "secret": secret})
    else:
        say("Set. The signing secret is not shown again:")
        click.echo(secret)


@institutions.command("deliveries")
@click.option("--institution", metavar="ID", help="Of this institution alone.")
@click.option(
    "--state",
    type=click.Choice([state.value for state in DeliveryState]),
    help="In this state alone; 'dead' are those given up.",
)
@json_option
@pass_office
def deliveries(office: OfficeOf, institution: str | None, state: str | None, as_json: bool) -> None:
    """List what institutions were or are to be told, the newest first.

    Example: issuer institutions deliveries --state dead
    """
    found = office.composition.services.deliveries.listed(
        OPERATOR, institution_id=institution, state=DeliveryState(state) if state else None
    )
    rows = [["ID", "INSTITUTION", "EVENT", "STATE", "TRIES", "LAST"]]
    for one in found:
        if as_json:
            put_json(_as_object(one))
        last = OUTCOMES[one.outcome] if one.outcome else ""
        rows.append([one.id, one.institution_id, one.event, one.state, str(one.tries), last])
    if not as_json:
        put_table(rows)


@institutions.command("resend")
@click.argument("delivery_id", metavar="DELIVERY-ID")
@json_option
@pass_office
def resend(office: OfficeOf, delivery_id: str, as_json: bool) -> None:
    """Send a delivery again, under its old id; a running office does it within seconds.

    Example: issuer institutions resend msg_0123456789abcdef0123456789abcdef
    """
    again = office.composition.services.deliveries.resend(OPERATOR, delivery_id)
    _done(_as_object(again), "It will be sent again.", as_json)


def _as_object(one: Delivery) -> dict[str, object]:
    return {
        "delivery_id": one.id,
        "institution_id": one.institution_id,
        "letter_id": one.letter_id,
        "event": one.event.value,
        "state": one.state.value,
        "tries": one.tries,
        "outcome": one.outcome.value if one.outcome else None,
        "created_at": one.created_at_utc.isoformat(),
        "next_at": _iso(one.next_at_utc),
    }


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None


def _done(result: Mapping[str, object], words: str, as_json: bool) -> None:
    if as_json:
        put_json(result)
    else:
        say(words)


COMMANDS: list[click.Command] = [institutions]
