"""`handbill messages`: what the clearinghouse sent and no organization could be given, and what failed."""

import json
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from services.cli.configuration import load_settings

if TYPE_CHECKING:
    from services.claims.flows.operator.messages import OperatorMessage

app = typer.Typer(help="Messages that belong to no organization, or that failed.", no_args_is_help=True)
Id = Annotated[str, typer.Argument(help="The id that `handbill messages list` prints.")]
Reason = Annotated[str, typer.Option(help="Why, for the audit trail.")]
By = Annotated[str | None, typer.Option("--by", help="Who does it, for the audit trail; else this account's name.")]


@app.command("list")
def list_messages(
    everything: Annotated[bool, typer.Option("--all", help="Also what was routed or closed.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a line.")] = False,
) -> None:
    """What waits for the operator, without its content."""
    from services.claims.flows.operator import messages
    from services.cli.operating import operator

    with operator(load_settings()) as person:
        for message in messages.list_messages(person, everything=everything):
            print(_json(message) if as_json else _line(message))


@app.command()
def show(message_id: Id, by: By = None) -> None:
    """Print a message's reasons and its X12, which names patients; the audit trail keeps who read it."""
    from services.claims.flows.operator import messages
    from services.cli.operating import operator

    with operator(load_settings(), by) as person:
        message, content = messages.show_message(person, message_id)
    print(_line(message))
    print(content)


@app.command()
def route(
    message_id: Id,
    organization: Annotated[str, typer.Argument(help="The organization's id.")],
    reason: Reason,
    by: By = None,
) -> None:
    """Give a message to an organization, which applies it like any other."""
    from services.claims.flows.operator import messages
    from services.cli.operating import known_organization, operator

    settings = load_settings()
    with operator(settings, by) as person:
        print(_line(messages.route_part(person, message_id, known_organization(settings, organization), reason)))


@app.command()
def close(message_id: Id, reason: Reason, by: By = None) -> None:
    """Find that a message is nobody's: it is kept, and listed only with --all."""
    from services.claims.flows.operator import messages
    from services.cli.operating import operator

    with operator(load_settings(), by) as person:
        print(_line(messages.close_part(person, message_id, reason)))


@app.command()
def retry(
    message_id: Id,
    organization: Annotated[str, typer.Option(help="Of whom it is, where it is a message of an organization.")] = "",
    by: By = None,
) -> None:
    """Try a failed message again."""
    from services.claims.flows.operator import messages
    from services.cli.operating import operator

    with operator(load_settings(), by) as person:
        print(_line(messages.retry_failed(person, message_id, organization)))


def _line(message: "OperatorMessage") -> str:
    about = [message.organization_id, f"NPI {message.npi}" if message.npi else ""]
    about.append(f"claims of {message.claims_of}" if message.claims_of else "")
    words = ", ".join(word for word in about if word) or "nobody's"
    first = f"{message.id}  {message.received_at:%Y-%m-%d %H:%M}  {message.kind}  {message.state}  {words}"
    return "\n".join([first, *(f"    {one.message} {one.fix}" for one in message.reasons)])


def _json(message: "OperatorMessage") -> str:
    fields = asdict(message) | {"reasons": [one.model_dump() for one in message.reasons]}
    return json.dumps(fields | {"received_at": message.received_at.isoformat()})
