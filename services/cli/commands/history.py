"""`handbill history`: what became of a practice's old claims, by its old files alone, without any service.

The files are read where they are and nothing of them is kept. Claim numbers are shown, patients only with `--names`.
"""

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from services.cli.errors import CANNOT_START, CommandFailed

app = typer.Typer()
Directory = Annotated[
    Path, typer.Argument(help="Old 837P, 835, 277CA, 277, 999 and TA1 files, in any folders below it.")
]
AsOf = Annotated[
    datetime | None,
    typer.Option(help="The day of the report, for what is late and what is open; today.", formats=["%Y-%m-%d"]),
]
Npis = Annotated[
    list[str] | None, typer.Option("--npi", help="A billing NPI of the practice; by default most claims say.")
]
Payers = Annotated[Path | None, typer.Option(help="TOML: profile, settings and fees of payers (docs/history.md).")]
Balances = Annotated[
    Path | None, typer.Option(help="CSV of the old books: claim_number, billed_to_patient, written_off, in dollars.")
]


@app.command("history")
def history(
    directory: Directory,
    as_of: AsOf = None,
    npis: Npis = None,
    payers: Payers = None,
    balances: Balances = None,
    names: Annotated[bool, typer.Option("--names", help="Show the patients' names.")] = False,
    everything: Annotated[bool, typer.Option("--all", help="Every finding and every problem of a file.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="The whole report as JSON.")] = False,
    as_csv: Annotated[bool, typer.Option("--csv", help="The findings as CSV.")] = False,
) -> None:
    """Rebuild claims from old files, and say what was lost and what can still be had."""
    from services.claims.domain.histories.history_report import HistoryQuestion, history_report
    from services.claims.domain.histories.report_view import report_view
    from services.cli.history.files import past_files
    from services.cli.history.given import own_balances, terms_of_payers
    from services.cli.history.report import findings_csv, print_report
    from shared.codesets import bundled

    if as_json and as_csv:
        raise CommandFailed("--json or --csv, not both", status=CANNOT_START)
    asked = HistoryQuestion(
        as_of=(as_of or datetime.now().astimezone()).date(),
        codes=bundled(),
        npis=tuple(npis or ()),
        terms=terms_of_payers(payers) if payers else {},
        own_balances=own_balances(balances) if balances else {},
    )
    report = report_view(history_report(past_files(directory), asked), names=names)
    if as_json:
        print(report.model_dump_json(indent=1))
    elif as_csv:
        print(findings_csv(report), end="")
    else:
        print_report(report, everything=everything)
