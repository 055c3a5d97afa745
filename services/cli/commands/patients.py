"""`handbill patient`: what an operator does for one patient."""

from pathlib import Path
from typing import Annotated

import typer

from services.cli.configuration import load_settings

app = typer.Typer(help="What is kept of one patient.", no_args_is_help=True)


@app.callback()
def group() -> None:
    """What is kept of one patient."""


@app.command("export")
def export(
    organization: Annotated[str, typer.Argument(help="The organization's id, `org_...`.")],
    patient: Annotated[str, typer.Argument(help="The patient's id, as the EHR gave it.")],
    target: Annotated[Path, typer.Argument(help="A new file, JSON lines; only this account may read it.")],
    reason: Annotated[str, typer.Option(help="The request that is answered, for the audit trail.")],
    by: Annotated[str | None, typer.Option("--by", help="Who does it, for the audit trail; else this account.")] = None,
) -> None:
    """Write all that is kept of a patient into a file for her, while services serve."""
    from services.cli.patient_records import Request, export_patient

    counts = export_patient(load_settings(), Request(organization, patient, reason), target.absolute(), by)
    for kind, count in counts.items():
        print(f"{count} {kind}")
    print(f"{target} holds her records in the clear: give it to her by a safe way, and remove it")
