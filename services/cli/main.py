"""The `handbill` command. Every command imports what it needs when it runs, so that `handbill x12` starts at once.

Failures that a person can mend are one sentence on standard error and exit status 1.
"""

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from services.cli import codes, rules, x12
from services.cli.errors import CommandFailed

if TYPE_CHECKING:
    from shared.settings import Settings

app = typer.Typer(
    name="handbill",
    help="Insurance billing for hands-on therapy: from a signed note to a paid claim.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
org = typer.Typer(help="Organizations.", no_args_is_help=True)
app.add_typer(org, name="org")
app.add_typer(x12.app, name="x12")
app.add_typer(codes.app, name="codes")
app.add_typer(rules.app, name="rules")


@app.callback()
def everywhere(
    data_dir: Annotated[
        Path | None, typer.Option(help="Databases, keys, credentials and logs; HANDBILL_DATA_DIR, or .handbill.")
    ] = None,
) -> None:
    """Insurance billing for hands-on therapy: from a signed note to a paid claim."""
    if data_dir is not None:
        os.environ["HANDBILL_DATA_DIR"] = str(data_dir.resolve())


def _settings() -> "Settings":
    from pydantic import ValidationError

    from shared.settings import Settings

    try:
        return Settings()
    except ValidationError as error:
        faults = [f"HANDBILL_{str(found['loc'][0]).upper()}: {found['msg']}" for found in error.errors()]
        raise CommandFailed("; ".join(faults)) from None


@app.command()
def init() -> None:
    """Make keys, databases and the services' own credentials; what is there stays."""
    from services.cli.composition import prepare

    settings = _settings()
    made = prepare(settings)
    print(f"ready in {settings.data_dir.resolve()}" + (f"; new credentials: {', '.join(made)}" if made else ""))


@org.command("create")
def org_create(
    name: Annotated[str, typer.Argument(help="The practice's name.")],
    time_zone: Annotated[str, typer.Option(help="Its IANA time zone; dates of service are local dates in it.")],
    store: Annotated[bool, typer.Option("--store", help="Keep the client (0600) for `handbill token`.")] = False,
) -> None:
    """Make an organization and its first API client; the secret is shown this once."""
    from services.cli.organizations import create_organization

    new = create_organization(_settings(), name, time_zone, store=store)
    print(f"organization   {new.organization.id}")
    print(f"client id      {new.client.id}")
    print(f"client secret  {new.client.secret}")


@app.command()
def token(
    client_id: Annotated[str | None, typer.Option(envvar="HANDBILL_CLIENT_ID")] = None,
    client_secret: Annotated[str | None, typer.Option(envvar="HANDBILL_CLIENT_SECRET")] = None,
    scope: Annotated[str | None, typer.Option(help="Fewer scopes, separated by spaces.")] = None,
) -> None:
    """Print a bearer token for a client, or for the stored one."""
    from services.cli.organizations import fetch_token

    print(fetch_token(_settings(), client_id, client_secret, scope))


@app.command()
def up() -> None:
    """Start all services and the worker, print where they are, and stop them all on Ctrl-C."""
    from services.cli import sandbox

    sandbox.run(_settings())


@app.command()
def demo(
    keep: Annotated[Path | None, typer.Option(help="Keep data, logs and X12 files in this new folder.")] = None,
) -> None:
    """Run a practice's day against the simulator and explain every cent."""
    from services.cli.demo.run import run

    run(keep)


@app.command()
def serve(
    service: Annotated[str, typer.Argument(help="access, eligibility, notes, claims or clearinghouse.")],
    host: Annotated[str, typer.Option(help="The address to listen on.")] = "127.0.0.1",
    port: Annotated[int | None, typer.Option(min=1, max=65535, help="Default: the one in the service's URL.")] = None,
) -> None:
    """Run one service in this process."""
    from services.cli import serving

    serving.serve(_settings(), service, host, port)


@app.command()
def openapi() -> None:
    """Write the services' OpenAPI documents to deploy/openapi/."""
    from services.cli.openapi import write

    changed = write()
    print("\n".join(f"wrote {file.name}" for file in changed) or "all documents are up to date")


@app.command()
def worker(service: Annotated[str, typer.Argument(help="claims")]) -> None:
    """Run a service's background work in this process."""
    from services.cli import serving

    serving.work(_settings(), service)


def main(arguments: list[str] | None = None) -> None:
    """The entry point; ends by SystemExit."""
    try:
        app(arguments)
    except CommandFailed as failed:
        _fail(str(failed), failed.status)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # the reader has seen enough
        raise SystemExit(0) from None
    except Exception as error:
        from shared.errors import Problem

        if not isinstance(error, Problem):
            raise
        _fail("\n".join([error.detail, *(f"{fault.message} {fault.fix}" for fault in error.errors)]))


def _fail(text: str, status: int = 1) -> None:
    print(f"handbill: {text}", file=sys.stderr)
    raise SystemExit(status)


if __name__ == "__main__":
    main()
