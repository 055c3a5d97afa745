"""`handbill keys`: rotate, retire, verify, back up and restore the keys of an installation, while it runs."""

from pathlib import Path
from typing import Annotated

import typer

from services.cli.configuration import load_settings
from services.cli.errors import CommandFailed

app = typer.Typer(help="Keys for PHI at rest: rotate, verify, back up.", no_args_is_help=True)
PassphraseFile = Annotated[
    Path | None, typer.Option(help="A file whose first line is the passphrase; - is standard input. Else it is asked.")
]


@app.command("list")
def list_keys() -> None:
    """The master keys of the keyring by id, the oldest first."""
    from services.cli.keys import open_keyring

    ring = open_keyring(load_settings()).read()
    names = list(ring.keys)
    place = names.index(ring.current)
    for number, name in enumerate(names):
        print(f"{name}  {'current' if number == place else 'earlier' if number < place else 'prepared'}")


@app.command()
def rotate(
    organization: Annotated[
        str | None, typer.Argument(help="With --data: one organization's id; all of them without.")
    ] = None,
    data: Annotated[
        bool, typer.Option("--data", help="New keys of organizations, and everything sealed anew with them.")
    ] = False,
    prepare: Annotated[
        bool, typer.Option("--prepare", help="Only make the next master key, to be copied to other machines first.")
    ] = False,
) -> None:
    """A new master key, under which every organization's key is wrapped; services go on meanwhile."""
    from services.cli import keys

    if (organization is not None or data) and (prepare or not data):
        raise CommandFailed("an organization goes with --data, and --prepare goes alone")
    settings = load_settings()
    if not data:
        master_id, count = keys.rotate(settings, only_prepare=prepare)
        print(f"{master_id} is prepared" if prepare else f"{master_id} is current; {count} keys are wrapped under it")
        return
    broken = 0
    for service, done in keys.reseal(settings, organization):
        print(f"{service}: {done.values} values of {done.organizations} organizations are sealed anew", flush=True)
        broken += len(done.broken)
    if broken:
        raise CommandFailed(f"{broken} values do not open and were left alone; see: handbill keys verify")


@app.command()
def retire(master_key: Annotated[str, typer.Argument(help="Its id, as `handbill keys list` shows it.")]) -> None:
    """Remove an earlier master key, once no database needs it. Backups from before need a backup of the keyring."""
    from services.cli import keys

    keys.retire(load_settings(), master_key)
    print(f"{master_key} is retired")


@app.command()
def verify() -> None:
    """Open every sealed value of every database; name what does not open."""
    from services.cli import keys
    from shared.database.sealed_rows import SealCount

    count = SealCount()
    for broken in keys.verify(load_settings(), count):
        print("does not open: " + " ".join(broken), flush=True)
    print(
        f"{count.values} values opened or tried, {count.earlier} sealed with earlier keys, {count.broken} do not open"
    )
    if count.broken:
        raise CommandFailed("restore what does not open from a backup of its database; see docs/operating.md")


@app.command()
def backup(file: Annotated[Path, typer.Argument(help="A new file.")], passphrase_file: PassphraseFile = None) -> None:
    """Write the keyring to one file, encrypted under a passphrase; keep it apart from database backups."""
    from services.cli import keys

    asked = keys.read_passphrase(
        passphrase_file, lambda: str(typer.prompt("Passphrase", hide_input=True, confirmation_prompt=True, err=True))
    )
    names = keys.backup(load_settings(), file, asked)
    print(f"{file} has master keys {', '.join(names)}")


@app.command()
def restore(
    file: Annotated[Path, typer.Argument(help="What `handbill keys backup` has written.")],
    passphrase_file: PassphraseFile = None,
) -> None:
    """Put the keys of a backup back beside those that are there, and verify every database with them."""
    from services.cli import keys

    asked = keys.read_passphrase(passphrase_file, lambda: str(typer.prompt("Passphrase", hide_input=True, err=True)))
    names = keys.restore(load_settings(), file, asked)
    print(f"the keyring has master keys {', '.join(names)}")
    verify()
