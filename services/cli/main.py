"""The `handbill` command: its groups put together. Every command imports what it needs when it runs, so that
`handbill x12` starts at once.

Failures that a person can fix are one sentence on standard error, with the exit status of `services.cli.errors`.
"""

import os
from pathlib import Path
from typing import Annotated

import typer

from services.cli.commands import (
    audit,
    backup,
    codes,
    doctor,
    documents,
    files,
    history,
    issuers,
    keys,
    messages,
    migrations,
    npi,
    organizations,
    patients,
    processes,
    retention,
    rules,
    settings,
    signing_keys,
    tls,
    x12,
)
from services.cli.errors import run_to_exit

app = typer.Typer(
    name="handbill",
    help="Insurance billing for hands-on therapy: from a signed note to a paid claim.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
for group in (processes.app, backup.app, organizations.tokens, documents.app, doctor.app, history.app, migrations.run):
    app.add_typer(group)
app.add_typer(organizations.app, name="org")
app.add_typer(issuers.app, name="issuers")
app.add_typer(npi.app, name="npi")
app.add_typer(files.app, name="files")
app.add_typer(messages.app, name="messages")
app.add_typer(x12.app, name="x12")
app.add_typer(codes.app, name="codes")
app.add_typer(rules.app, name="rules")
app.add_typer(settings.app, name="settings")
app.add_typer(signing_keys.app, name="signing-keys")
app.add_typer(migrations.app, name="migration")
app.add_typer(audit.app, name="audit")
app.add_typer(tls.app, name="tls")
app.add_typer(keys.app, name="keys")
app.add_typer(retention.app, name="retention")
app.add_typer(patients.app, name="patient")


def show_version(wanted: bool) -> None:
    """Print the version and end, when asked for."""
    if wanted:
        from importlib.metadata import version

        print(f"handbill {version('handbill')}")
        raise typer.Exit


@app.callback()
def everywhere(
    data_dir: Annotated[
        Path | None, typer.Option(help="Databases, keys, credentials and logs; HANDBILL_DATA_DIR, or .handbill.")
    ] = None,
    _version: Annotated[
        bool, typer.Option("--version", callback=show_version, is_eager=True, help="Print the version and end.")
    ] = False,
) -> None:
    """Insurance billing for hands-on therapy: from a signed note to a paid claim."""
    if data_dir is not None:
        os.environ["HANDBILL_DATA_DIR"] = str(data_dir.resolve())


def main(arguments: list[str] | None = None) -> None:
    """The entry point; ends by SystemExit."""
    run_to_exit(lambda: app(arguments))


if __name__ == "__main__":
    main()
