"""What was found, as a table for people and as JSON for programs."""

import json
from collections.abc import Sequence

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from services.cli.doctor.checks import Result, worst
from services.cli.doctor.finding import Finding, Level
from shared.plural import counted

COLOURS = {Level.OK: "green", Level.WARN: "yellow", Level.FAIL: "bold red"}


def print_report(console: Console, results: Sequence[Result]) -> None:
    """A row for each finding, and one line of how many there are."""
    table = Table(box=SIMPLE_HEAD, pad_edge=False, expand=False)
    table.add_column("check", no_wrap=True)
    table.add_column("", no_wrap=True)
    table.add_column("what was found, and how to mend it", overflow="fold")
    for result in results:
        for place, finding in enumerate(result.findings):
            name = result.check if place == 0 else ""
            table.add_row(name, f"[{COLOURS[finding.level]}]{finding.level}[/]", _text(finding))
    console.print(table)
    levels = [finding.level for result in results for finding in result.findings]
    fails, warns = levels.count(Level.FAIL), levels.count(Level.WARN)
    counts = f"{counted(len(results), 'check')}: {counted(fails, 'failure')}, {counted(warns, 'warning')}"
    console.print(f"{counts}; nothing was changed.", highlight=False)


def as_json(results: Sequence[Result]) -> str:
    """`level` is the worst of all; findings in the order of the checks."""
    findings = [
        {"check": result.check, "level": finding.level, "what": finding.what, "mend": finding.mend}
        for result in results
        for finding in result.findings
    ]
    return json.dumps({"level": worst(results), "findings": findings}, indent=1)


def _text(finding: Finding) -> str:
    mend = f"\n[dim]->[/] {escape(finding.mend)}" if finding.mend else ""
    return f"{escape(finding.what)}{mend}"
