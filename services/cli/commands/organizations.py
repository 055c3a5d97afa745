"""`handbill org` and `handbill token`: what a person needs before the first request, and when a secret has leaked."""

from pathlib import Path
from typing import Annotated

import typer

from services.cli.commands.keys import PassphraseFile
from services.cli.configuration import load_settings
from services.cli.errors import CommandFailed

app = typer.Typer(help="Organizations and their API clients.", no_args_is_help=True)
tokens = typer.Typer()
By = Annotated[str | None, typer.Option(help="Who does it, for the audit trail; else the name of this account.")]


@app.callback()
def group() -> None:
    """Organizations and their API clients."""


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


@app.command("list")
def list_organizations() -> None:
    """Print every organization with its API clients, revoked ones too."""
    from services.cli.organizations import listed

    for line in listed(load_settings()):
        print(line)


@app.command()
def client(
    organization: Annotated[str, typer.Argument(help="The organization's id, `org_...`.")],
    name: Annotated[str, typer.Option(help="What the client is called.")] = "from the command line",
    scopes: Annotated[str, typer.Option(help="Its scopes, separated by spaces; all of them by default.")] = "",
    store: Annotated[bool, typer.Option("--store", help="Keep the client (0600) for `handbill token`.")] = False,
) -> None:
    """Make an API client for an organization, also where none is left that could; the secret is shown this once."""
    from services.cli.organizations import create_client

    made = create_client(load_settings(), organization, name, scopes.split(), store=store)
    print(f"client id      {made.id}")
    print(f"client secret  {made.secret}")


@app.command()
def revoke(
    target: Annotated[str, typer.Argument(metavar="ORG|CLIENT", help="`org_...` for all its clients, or `cli_...`.")],
) -> None:
    """Revoke an API client, or all of an organization's; their tokens hold no longer within a minute."""
    from services.cli.organizations import revoke as revoke_target

    revoked = revoke_target(load_settings(), target)
    for client_id in revoked:
        print(f"revoked  {client_id}")
    if not revoked:
        print("nothing to revoke: it is revoked already")


@app.command("export")
def export(
    organization: Annotated[str, typer.Argument(help="The organization's id, `org_...`.")],
    target: Annotated[Path, typer.Argument(help="A new file; with --clear a new folder, or a tar file, FILE.tar.")],
    clear: Annotated[
        bool, typer.Option("--clear", help="Not sealed: whoever gets it reads every name, diagnosis and note in it.")
    ] = False,
    passphrase_file: PassphraseFile = None,
    by: By = None,
) -> None:
    """Write everything of an organization into one archive, sealed under a passphrase, while services serve."""
    from services.cli import keys, moving
    from shared.clocks import WallClock
    from shared.ids import random_ids

    if clear and passphrase_file is not None:
        raise CommandFailed("an archive is in the clear, or has a passphrase")
    passphrase = None
    if not clear:
        passphrase = keys.read_passphrase(
            passphrase_file,
            lambda: str(typer.prompt("Passphrase", hide_input=True, confirmation_prompt=True, err=True)),
        )
    who = moving.person(by, WallClock(), random_ids)
    manifest = moving.export_organization(load_settings(), organization, target.absolute(), passphrase, who, _say)
    how = "in the clear: it holds names, diagnoses and notes, so keep it private" if clear else "sealed"
    print(f"{target} has {len(manifest.files)} files, {how}")
    print(f"its digest is {manifest.digest()}; `handbill org import` prints the same")


@app.command("import")
def import_(
    source: Annotated[Path, typer.Argument(help="What `handbill org export` has written.")],
    passphrase_file: PassphraseFile = None,
    by: By = None,
) -> None:
    """Make an organization from an archive, with all its ids and versions, where it is not; all of it or nothing."""
    from services.cli import keys, moving
    from shared.archives import Archive
    from shared.clocks import WallClock
    from shared.ids import random_ids

    def passphrase() -> str:
        return keys.read_passphrase(passphrase_file, lambda: str(typer.prompt("Passphrase", hide_input=True, err=True)))

    who = moving.person(by, WallClock(), random_ids)
    manifest = moving.import_organization(load_settings(), Archive(source.absolute(), passphrase), who, _say)
    owner = manifest.organization_id
    print(f"{owner} is here as it was exported; the archive's digest is {manifest.digest()}")
    print(f"secrets are not in an archive, and its NPI is not confirmed here: handbill org client {owner}")
    print(f"handbill npi confirm {owner} NPI; see docs/moving.md")


def _say(line: str) -> None:
    print(line, flush=True)


@tokens.command()
def token(
    client_id: Annotated[str | None, typer.Option(envvar="HANDBILL_CLIENT_ID")] = None,
    client_secret: Annotated[str | None, typer.Option(envvar="HANDBILL_CLIENT_SECRET")] = None,
    scope: Annotated[str | None, typer.Option(help="Fewer scopes, separated by spaces.")] = None,
) -> None:
    """Print a bearer token for a client, or for the stored one."""
    from services.cli.organizations import fetch_token

    print(fetch_token(load_settings(), client_id, client_secret, scope))
