"""`handbill signing-keys`: the keys that tokens are signed with, rotated while everything runs."""

from datetime import UTC, datetime, timedelta
from typing import Annotated

import typer

from services.cli.configuration import load_settings

app = typer.Typer(help="The keys that tokens are signed with: rotate them, list them.", no_args_is_help=True)
AFTER_SECONDS = 900
LEAST_SECONDS = 10
"""A service that meets a key that it does not know looks for it at most every five seconds."""


@app.command()
def rotate(
    after: Annotated[
        int, typer.Option(min=LEAST_SECONDS, help="Seconds until the new key signs; services learn of it before.")
    ] = AFTER_SECONDS,
    leaked: Annotated[
        bool, typer.Option("--leaked", help="Sign with it at once, and let no token of before hold any longer.")
    ] = False,
) -> None:
    """Publish a new key, which signs in a while; the one before stays published until its tokens have ended."""
    from services.access.flows.signing_keys import replace_leaked
    from services.access.flows.signing_keys import rotate as rotate_key

    path, now = load_settings().signing_key_file, datetime.now(UTC)
    made = replace_leaked(path, now) if leaked else rotate_key(path, now, timedelta(seconds=after))
    print(f"new key     {made.scheduled.key_id}")
    print(f"signs from  {made.scheduled.signs_from:%Y-%m-%d %H:%M:%S} UTC")


@app.command("list")
def list_signing_keys() -> None:
    """Print every key by its id, which is its RFC 7638 thumbprint, with what it does now."""
    from services.access.flows.signing_keys import list_keys

    for one in list_keys(load_settings().signing_key_file, datetime.now(UTC)):
        until = f", published until {one.ends_at:%Y-%m-%d %H:%M:%S} UTC" if one.ends_at else ""
        since = f", signs from {one.signs_from:%Y-%m-%d %H:%M:%S} UTC" if one.state == "published" else ""
        print(f"{one.key_id}  {one.state}{since}{until}")
