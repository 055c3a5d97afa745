"""`handbill migration`: the next step of a service's database, written from its tables."""

from typing import Annotated

import typer

from services.cli.errors import CommandFailed

app = typer.Typer(help="Migrations: write the next one.", no_args_is_help=True)


@app.callback()
def group() -> None:
    """Migrations."""


@app.command()
def new(
    service: Annotated[str, typer.Argument(help="access, eligibility, notes, claims or clearinghouse.")],
    message: Annotated[str, typer.Argument(help="What changes, in a few words; the file is named by it.")],
) -> None:
    """Compare a service's tables with its migrations, and write what is missing as a new one, to be read and kept."""
    from importlib.resources import as_file, files

    from services.cli.composition import build_of
    from shared.database.history import new_revision

    build_of(service)
    with as_file(files(f"services.{service}") / "migrations") as folder:
        made = new_revision(folder, message)
    if made is None:
        raise CommandFailed(f"the tables of {service} are as its migrations make them; change a table first")
    print(f"wrote {made}")
