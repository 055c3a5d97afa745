"""`handbill init`, `up`, `demo`, `serve` and `worker`: an installation made ready, and its processes."""

from pathlib import Path
from typing import Annotated

import typer

from services.cli.configuration import load_settings

app = typer.Typer()


@app.command()
def init() -> None:
    """Make keys, databases and the services' own credentials; what is there stays."""
    from services.cli.composition import prepare

    settings = load_settings()
    made = prepare(settings)
    print(f"ready in {settings.data_dir.resolve()}" + (f"; new credentials: {', '.join(made)}" if made else ""))


@app.command()
def up() -> None:
    """Start all services and the worker, print where they are, and stop them all on Ctrl-C."""
    from services.cli import sandbox

    sandbox.run(load_settings())


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
    behind_tls: Annotated[
        bool, typer.Option("--behind-tls", help="Plain HTTP beyond this machine: a TLS front in the same pod ends TLS.")
    ] = False,
) -> None:
    """Run one service in this process."""
    from services.cli import serving

    serving.serve(load_settings(), service, host, port, behind_tls=behind_tls)


@app.command()
def worker(service: Annotated[str, typer.Argument(help="claims")]) -> None:
    """Run a service's background work in this process."""
    from services.cli import serving

    serving.work(load_settings(), service)
