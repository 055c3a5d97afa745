"""`handbill doctor`: what to run when something is odd, and before the first start."""

from typing import Annotated

import typer

from services.cli.configuration import load_settings

app = typer.Typer()


@app.command()
def doctor(
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON for a program.")] = False,
    before_start: Annotated[
        bool, typer.Option("--before-start", help="Services and worker do not run yet: do not look for them.")
    ] = False,
) -> None:
    """Look at keys, files, databases, clocks, services, the clearinghouse and work that is stuck; say how to mend what
    is odd. Changes nothing, sends nothing. Ends with status 1 where something fails."""
    import structlog
    from rich.console import Console

    from services.cli.doctor import report
    from services.cli.doctor.checks import examine, worst
    from services.cli.doctor.examination import Examination
    from services.cli.doctor.finding import Level

    # What is wrong is said once, in the table.
    structlog.configure(processors=[], logger_factory=structlog.ReturnLoggerFactory())
    results = examine(Examination(load_settings(), before_start=before_start))
    if as_json:
        print(report.as_json(results))
    else:
        report.print_report(Console(), results)
    if worst(results) is Level.FAIL:
        raise typer.Exit(1)
