"""`handbill migrate`: databases brought to what this version wants, while the version before serves. `handbill
migration`: the next step of a service's database, written from its tables."""

from typing import Annotated

import typer

from services.cli.configuration import load_settings
from services.cli.errors import CommandFailed

run = typer.Typer()
app = typer.Typer(help="Migrations: write the next one.", no_args_is_help=True)


@run.command()
def migrate(
    contract: Annotated[
        bool,
        typer.Option("--contract", help="Also what processes of an earlier version would not survive: they are gone."),
    ] = False,
) -> None:
    """Add to the databases what this version needs; processes of the version before go on serving."""
    from services.cli.migrating import migrate_all

    for line in migrate_all(load_settings(), contract=contract):
        print(line, flush=True)


@app.callback()
def group() -> None:
    """Migrations."""


@app.command()
def new(
    service: Annotated[str, typer.Argument(help="access, eligibility, notes, claims or clearinghouse.")],
    message: Annotated[str, typer.Argument(help="What changes, in a few words; the file is named by it.")],
    contract: Annotated[
        bool, typer.Option("--contract", help="An empty contract, for what tables do not show: see derived columns.")
    ] = False,
) -> None:
    """Compare a service's tables with its migrations, and write what is missing, to be read and kept: what may be added
    while the version before serves, each index, and what waits until that version is gone, in files of their own."""
    from importlib.resources import as_file, files

    from services.cli.composition import build_of
    from shared.database.revisions import new_revisions

    build_of(service)
    with as_file(files(f"services.{service}") / "migrations") as folder:
        made = new_revisions(folder, message, empty_contract=contract)
    if not made:
        raise CommandFailed(f"the tables of {service} are as its migrations make them; change a table first")
    for file in made:
        print(f"wrote {file}")
