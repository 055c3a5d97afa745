"""`handbill audit`: is everything in the databases as Handbill wrote it, and how far the audit chains went."""

from pathlib import Path
from typing import Annotated

import typer

from services.cli.configuration import load_settings
from services.cli.errors import CommandFailed

app = typer.Typer(help="The audit trail: verify it and what it speaks of.", no_args_is_help=True)
Service = Annotated[str | None, typer.Option(help="access, eligibility, notes, claims or clearinghouse; else all.")]


@app.callback()
def group() -> None:
    """The audit trail: verify it and what it speaks of."""


@app.command()
def verify(
    organization: Annotated[str | None, typer.Option(help="One organization; else all.")] = None,
    service: Service = None,
    anchor: Annotated[Path | None, typer.Option(help="What `audit anchor --print` printed, kept elsewhere.")] = None,
) -> None:
    """Name every row that was changed, taken back, deleted or inserted behind Handbill's back. Services may serve
    meanwhile. Ends with status 1 when something is wrong."""
    from services.cli.audit import chosen, verify_services

    settings, found = load_settings(), 0
    services = chosen(settings, service)
    for tampering in verify_services(settings, services, organization, anchor):
        found += 1
        print(tampering)
    if found:
        raise CommandFailed(f"{found} findings; docs/operating.md says what to do")
    print(f"everything is as Handbill wrote it: {', '.join(services)}")


@app.command()
def anchor(
    _print: Annotated[bool, typer.Option("--print", help="Print a line for every chain.")] = True,
    service: Service = None,
) -> None:
    """Print where every chain ends now, to be kept on another machine: organization, service, number, MAC."""
    from services.cli.audit import ends_of_chains

    for line in ends_of_chains(load_settings(), service):
        print(line)
