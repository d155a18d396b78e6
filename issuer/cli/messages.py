"""``issuer messages``: what residents are told, by which way, and in which words."""

from __future__ import annotations

from collections.abc import Mapping

import click

from issuer.bootstrap.messaging import mail_sender
from issuer.cli.exits import ANSWER_IS_NO
from issuer.cli.office_of import OPERATOR, OfficeOf, json_option, pass_office
from issuer.cli.output import put_json, put_table, say
from issuer.domain.messages import Language, Message, MessageKind, Sent
from issuer.domain.outbox import DeliveryState

OUTCOMES: Mapping[Sent, str] = {
    Sent.HANDED_OVER: "handed over",
    Sent.REFUSED: "refused for now",
    Sent.ADDRESS_REFUSED: "the address was refused",
    Sent.NOT_LET_IN: "user or password refused; see smtp_url and smtp_password_file",
    Sent.ADDRESS_FORBIDDEN: "the gateway's name does not lead to a public address",
    Sent.NAME_UNKNOWN: "the server's name is unknown",
    Sent.NO_CONNECTION: "no connection",
    Sent.TLS_FAILED: "no encryption, or the server's certificate does not hold",
    Sent.TIMED_OUT: "no answer in time",
    Sent.NOT_SET_UP: "this way is not set up any more",
    Sent.RECORD_DAMAGED: "our own record cannot be read; run 'issuer selfcheck'",
}
_agency = click.argument("agency", metavar="AGENCY")
_kind = click.argument("kind", type=click.Choice([kind.value for kind in MessageKind]))
_language = click.argument("language", type=click.Choice([value.value for value in Language]))


@click.group()
def messages() -> None:
    """E-mail, SMS and WhatsApp to residents about their requests.

    See the settings smtp_url and gateway_url in the README.
    """


@messages.command("list")
@click.option("--agency", metavar="CODE", help="Of this agency alone.")
@click.option(
    "--state",
    type=click.Choice([state.value for state in DeliveryState]),
    help="In this state alone; 'dead' are those given up.",
)
@json_option
@pass_office
def list_all(office: OfficeOf, agency: str | None, state: str | None, as_json: bool) -> None:
    """List the newest 500 messages, without whom they are for.

    Example: issuer messages list --state dead
    """
    found = office.composition.services.message_sending.listed(
        OPERATOR, agency_code=agency, state=DeliveryState(state) if state else None
    )
    rows = [["ID", "AGENCY", "KIND", "BY", "STATE", "TRIES", "LAST"]]
    for one in found:
        if as_json:
            put_json(_as_object(one))
        last = OUTCOMES[one.outcome] if one.outcome else ""
        whose = one.agency_code or "-"
        rows.append([one.id, whose, one.kind, one.way, one.state, str(one.tries), last])
    if not as_json:
        put_table(rows)


@messages.command("resend")
@click.argument("message_id", metavar="MESSAGE-ID")
@json_option
@pass_office
def resend(office: OfficeOf, message_id: str, as_json: bool) -> None:
    """Send a message that was given up again; a running office does it within seconds.

    Example: issuer messages resend msg_0123456789abcdef0123456789abcdef
    """
    again = office.composition.services.message_sending.resend(OPERATOR, message_id)
    if as_json:
        put_json(_as_object(again))
    else:
        say("It will be sent again.")


@messages.command("test")
@json_option
@click.pass_context
def test(ctx: click.Context, as_json: bool) -> None:
    """Connect to the mail server and sign in, and send nothing.

    Exit code 1 when that fails, or no mail server is set up.

    Example: issuer messages test
    """
    office: OfficeOf = ctx.obj
    sender = mail_sender(office.settings)
    outcome = sender.try_connection() if sender else Sent.NOT_SET_UP
    well = outcome is Sent.HANDED_OVER
    if as_json:
        put_json({"mail": "ok" if well else outcome.value})
    else:
        say("The mail server takes mail." if well else f"Mail: {OUTCOMES[outcome]}.")
    if not well:
        ctx.exit(ANSWER_IS_NO)


@messages.command("texts")
@_agency
@json_option
@pass_office
def texts(office: OfficeOf, agency: str, as_json: bool) -> None:
    """Show the texts that an agency sends, and which of them are its own.

    Example: issuer messages texts 35.22.06.2001
    """
    for (kind, language), (text, own) in office.composition.services.message_texts.of(
        OPERATOR, agency
    ).items():
        if as_json:
            named = {"kind": kind.value, "language": language.value, "own": own}
            put_json({**named, "subject": text.subject, "body": text.body})
        else:
            click.echo(f"{kind} {language}{' (own)' if own else ''}: {text.subject}")
            click.echo(f"    {text.body}")


@messages.command("set-text")
@_agency
@_kind
@_language
@click.option("--subject", required=True, help="At most 80 characters.")
@click.option("--body", required=True, help="At most 400 characters; {service}, {agency}, {link}.")
@pass_office
def set_text(
    office: OfficeOf, agency: str, kind: str, language: str, subject: str, body: str
) -> None:
    """Let an agency say it in its own words, from the next message on.

    Example: issuer messages set-text 35.22.06.2001 issued id --subject "Surat jadi"
    --body "{service} sudah jadi: {link}"
    """
    key = (MessageKind(kind), Language(language))
    office.composition.services.message_texts.set(OPERATOR, agency, key, subject, body)
    say("Set.")


@messages.command("reset-text")
@_agency
@_kind
@_language
@pass_office
def reset_text(office: OfficeOf, agency: str, kind: str, language: str) -> None:
    """Go back to the office's own text.

    Example: issuer messages reset-text 35.22.06.2001 issued id
    """
    key = (MessageKind(kind), Language(language))
    office.composition.services.message_texts.reset(OPERATOR, agency, key)
    say("Reset.")


def _as_object(one: Message) -> dict[str, object]:
    return {
        "message_id": one.id,
        "request_id": one.request_id,
        "agency": one.agency_code,
        "kind": one.kind.value,
        "way": one.way.value,
        "state": one.state.value,
        "tries": one.tries,
        "outcome": one.outcome.value if one.outcome else None,
        "created_at": one.created_at_utc.isoformat(),
        "next_at": one.next_at_utc.isoformat() if one.next_at_utc else None,
    }


COMMANDS: list[click.Command] = [messages]
