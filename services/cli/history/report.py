"""The report of `handbill history` on a terminal, from 80 columns on, and its findings as CSV."""

import csv
import io
from collections.abc import Iterator
from itertools import groupby

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.markup import escape
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from shared.contracts.histories import HistoryFinding, HistoryReport, HistoryWindow
from shared.money import format_dollars
from shared.plural import counted

PLAIN_WIDTH = 120
SHOWN_OF_KIND, SHOWN_OF_FILES = 10, 10
CSV_COLUMNS = (
    *("kind", "claim_number", "patient_name", "payer_name", "date_of_service", "cents", "open", "windows"),
    *("message", "fix", "rule", "file", "offset"),
)
FORMULA = ("=", "+", "-", "@", "\t")
"""With what a spreadsheet takes a text for a formula."""


def print_report(report: HistoryReport, *, everything: bool) -> None:
    """Totals by kind, then the findings of each kind, then the files with problems, then how far rules could judge."""
    console = Console()
    if not console.is_terminal:
        console = Console(width=PLAIN_WIDTH)
    console.print(_summary(report), highlight=False)
    if report.totals:
        console.print(_totals(report))
    for kind, group in groupby(report.findings, key=lambda one: one.kind):
        _print_kind(console, kind, list(group), everything=everything)
    _print_files(console, report, everything=everything)
    for line in _limits(report):
        console.print(line, highlight=False)


def _summary(report: HistoryReport) -> str:
    kinds: dict[str, int] = {}
    for file in report.files:
        for kind, count in file.kinds.items():
            kinds[kind] = kinds.get(kind, 0) + count
    read = ", ".join(f"{count} {escape(kind)}" for kind, count in sorted(kinds.items())) or "no X12"
    charged = sum(one.money.charge_cents for one in report.claims)
    paid = sum(one.money.paid_cents for one in report.claims)
    found = counted(len(report.findings), "finding") if report.findings else "nothing to find"
    return (
        f"{counted(len(report.files), 'file')} ({read}): {counted(len(report.claims), 'claim')}, "
        f"{format_dollars(charged)} charged, {format_dollars(paid)} paid; "
        f"[bold]{found}[/] as of {report.as_of}."
    )


def _totals(report: HistoryReport) -> Table:
    table = Table(box=SIMPLE_HEAD, pad_edge=False, padding=(0, 1, 0, 0))
    table.add_column("what was found", overflow="fold")
    for name in ("times", "amount", "still open"):
        table.add_column(name, justify="right", no_wrap=True)
    for one in report.totals:
        table.add_row(one.title, str(one.findings), format_dollars(one.cents), format_dollars(one.open_cents))
    return table


def _print_kind(console: Console, kind: str, findings: list[HistoryFinding], *, everything: bool) -> None:
    shown = findings if everything else findings[:SHOWN_OF_KIND]
    console.print(f"[bold]{findings[0].title}[/] ({kind})", highlight=False)
    for one in shown:
        first = [escape(one.claim_number)] if one.claim_number else []
        first += [str(one.date_of_service)] if one.date_of_service else []
        first += [escape(one.patient_name)] if one.patient_name else []
        first += [escape(one.payer_name), f"[bold]{format_dollars(one.cents)}[/]"]
        console.print(Padding("  ".join(first), (0, 0, 0, 2)), highlight=False)
        said = f"{one.message} {_windows(one.windows)}".strip()
        where = f"{one.file}, byte {one.offset}" + (f"; rule {one.rule}" if one.rule else "")
        console.print(Padding(Text(said), (0, 0, 0, 6)))
        console.print(Padding(Text(where, style="dim"), (0, 0, 0, 6)))
    if len(findings) > len(shown):
        console.print(f"  and {len(findings) - len(shown)} more: --all shows them", highlight=False)
    for fix in dict.fromkeys(one.fix for one in shown):
        console.print(Padding(Text(f"-> {fix}"), (0, 0, 0, 2)))
    console.print()


def _windows(windows: list[HistoryWindow]) -> str:
    """`Appeal until 2026-11-10; filing closed on 2026-01-02 (presumed).`"""
    said = [
        f"{one.kind.replace('_', ' ')} {'open until' if one.open else 'closed on'} {one.closes_on}"
        f"{' (presumed)' if one.presumed else ''}"
        for one in windows
    ]
    text = "; ".join(said)
    return f"{text[:1].upper()}{text[1:]}." if text else ""


def _print_files(console: Console, report: HistoryReport, *, everything: bool) -> None:
    troubled = [file for file in report.files if file.problems]
    if not troubled:
        return
    console.print("[bold]Files with problems[/]")
    for file in troubled if everything else troubled[:SHOWN_OF_FILES]:
        console.print(Padding(Text(file.name), (0, 0, 0, 2)))
        for one in file.problems:
            where = f" (byte {one.offset})" if one.offset is not None else ""
            console.print(Padding(Text(f"{one.message}{where}"), (0, 0, 0, 6)))
    if not everything and len(troubled) > SHOWN_OF_FILES:
        console.print(f"  and {len(troubled) - SHOWN_OF_FILES} more: --all shows them", highlight=False)
    console.print()


def _limits(report: HistoryReport) -> Iterator[str]:
    """What this report could not see."""
    whole = sum(not rule.lacking for rule in report.rules)
    lacking = len(report.rules) - whole
    if report.rules:
        yield (
            f"Rules: {whole} judged every claim that they are for; {lacking} lacked facts that no such file has "
            "(notes, coverage, authorizations). --json has each."
        )
    if report.claims_of_several_days:
        yield f"{counted(report.claims_of_several_days, 'claim')} of several days: judged by no rule."
    presumed = [payer for payer in report.payers if not payer.named]
    if presumed:
        named = ", ".join(f"{escape(payer.identifier)} as {payer.profile}" for payer in presumed[:SHOWN_OF_KIND])
        more = f" and {len(presumed) - SHOWN_OF_KIND} more" if len(presumed) > SHOWN_OF_KIND else ""
        yield f"Profiles presumed of payers: {named}{more}. --payers names the right ones, and their fees."


def findings_csv(report: HistoryReport) -> str:
    """One row a finding, with a heading."""
    out = io.StringIO()
    rows = csv.writer(out, lineterminator="\n")
    rows.writerow(CSV_COLUMNS)
    for one in report.findings:
        values = one.model_dump(mode="json") | {"windows": _windows(one.windows), "open": str(one.open).lower()}
        rows.writerow([_cell(values[name]) for name in CSV_COLUMNS])
    return out.getvalue()


def _cell(value: object) -> object:
    """A text that a spreadsheet would take for a formula is quoted; numbers stay numbers."""
    if isinstance(value, str) and value.startswith(FORMULA):
        return f"'{value}"
    return "" if value is None else value
