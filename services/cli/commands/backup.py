"""`handbill backup` and `handbill restore`: all databases, copied while services serve, and made again elsewhere."""

from pathlib import Path
from typing import Annotated

import typer

from services.cli.configuration import load_settings

app = typer.Typer()


@app.command("backup")
def back_up(folder: Annotated[Path, typer.Argument(help="A new folder.")]) -> None:
    """Copy all databases as they are at this moment, while services serve. Keys are not in it: handbill keys backup."""
    from datetime import UTC, datetime

    from services.cli.backup import backup

    manifest = backup(load_settings(), folder.absolute(), datetime.now(UTC))
    for copy in manifest.databases:
        print(f"{copy.service}: {copy.rows} rows in {len(copy.tables)} tables, at {copy.revision}")
    keys = ", ".join(sorted(manifest.master_keys)) or "none yet"
    print(f"{folder} is whole; it opens with master keys {keys}, which are not in it (handbill keys backup)")


@app.command()
def restore(folder: Annotated[Path, typer.Argument(help="What `handbill backup` has written.")]) -> None:
    """Make the databases from a backup where there are none, and verify all of it by reading it back. Keys come first:
    handbill keys restore."""
    from datetime import UTC, datetime

    from services.cli.backup import restore

    restore(load_settings(), folder.absolute(), datetime.now(UTC), lambda line: print(line, flush=True))
    print("restored; make the services' credentials with: handbill init")
