"""`handbill org` and `handbill token`: what a person needs before the first request."""

from typing import Annotated

import typer

from services.cli.configuration import load_settings

app = typer.Typer(help="Organizations.", no_args_is_help=True)
tokens = typer.Typer()


@app.callback()
def group() -> None:
    """Organizations."""


@app.command("create")
def create(
    name: Annotated[str, typer.Argument(help="The practice's name.")],
    time_zone: Annotated[str, typer.Option(help="Its IANA time zone; dates of service are local dates in it.")],
    store: Annotated[bool, typer.Option("--store", help="Keep the client (0600) for `handbill token`.")] = False,
) -> None:
    """Make an organization and its first API client; the secret is shown this once."""
    from services.cli.organizations import create_organization

    new = create_organization(load_settings(), name, time_zone, store=store)
    print(f"organization   {new.organization.id}")
    print(f"client id      {new.client.id}")
    print(f"client secret  {new.client.secret}")


@tokens.command()
def token(
    client_id: Annotated[str | None, typer.Option(envvar="HANDBILL_CLIENT_ID")] = None,
    client_secret: Annotated[str | None, typer.Option(envvar="HANDBILL_CLIENT_SECRET")] = None,
    scope: Annotated[str | None, typer.Option(help="Fewer scopes, separated by spaces.")] = None,
) -> None:
    """Print a bearer token for a client, or for the stored one."""
    from services.cli.organizations import fetch_token

    print(fetch_token(load_settings(), client_id, client_secret, scope))
