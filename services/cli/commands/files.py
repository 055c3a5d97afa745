"""`handbill files`: 837P files whose account the clearinghouse refuses."""

from typing import Annotated

import typer

from services.cli.configuration import load_settings

app = typer.Typer(help="Files that the clearinghouse turns away because of their account.", no_args_is_help=True)
By = Annotated[str | None, typer.Option("--by", help="Who does it, for the audit trail; else this account's name.")]


@app.command("list")
def list_files() -> None:
    """Files whose account was refused (HTTP 401, 403, 404) again and again; each is tried once an hour."""
    from services.claims.flows.operator import files
    from services.cli.operating import operator

    with operator(load_settings()) as person:
        for one in files.list_turned_away(person):
            tried = f"{one.tried_at:%Y-%m-%d %H:%M}" if one.tried_at else "never"
            print(f"{one.id}  {one.organization_id}  account {one.sender_id}  {one.tries} tries, the last {tried}")


@app.command()
def retry(by: By = None) -> None:
    """Send all of them with the worker's next pass, once the account is mended."""
    from services.claims.flows.operator import files
    from services.cli.operating import operator

    with operator(load_settings(), by) as person:
        print(f"{files.retry_turned_away(person)} files are sent again")
