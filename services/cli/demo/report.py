"""What happened to every visit and every cent, as tables for a terminal; and the proof that no cent is unexplained."""

from textwrap import fill

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table

from services.cli.demo.day import VisitEnd
from services.cli.demo.practice import SamplePractice
from shared.money import format_dollars
from shared.plural import counted

AMOUNTS = {
    "charge": "charge_cents",
    "paid": "paid_cents",
    "written off": "written_off_cents",
    "patient": "patient_balance_cents",
    "insurer": "insurer_balance_cents",
}
MONEY = tuple(AMOUNTS.values())
MIDDLE, WIDE = 100, 160
"""Columns of the terminal from which the next action, and from which lines and all amounts, are shown."""
ROOMY, STATE_WIDTH = 110, 13
"""A terminal narrower than that folds long states, between words, and not the payer's name of every row."""
COLOURS = {"paid": "green", "zero_paid": "cyan", "denied": "red", "partly_paid": "yellow"}


def unexplained(ends: list[VisitEnd]) -> list[str]:
    """A sentence for every cent that is not accounted for; empty when all are."""
    found: list[str] = []
    for end in ends:
        claim, money = end.claims[0], end.money
        charge, placed = money["charge_cents"], sum(money[name] for name in MONEY[1:])
        if charge != placed:
            found.append(f"{end.visit.note_id}: charged {counted(charge, 'cent')}, {placed} accounted for")
        lines = sum(line["charge_cents"] for line in claim["lines"])
        if charge != lines and claim["state"] != "voided":
            found.append(f"{end.visit.note_id}: its lines come to {lines} and its charge to {counted(charge, 'cent')}")
        adjustments = [one for of_payer in end.claims for one in of_payer["adjustments"]]
        patient_by_contract = [one for one in adjustments if one["group"] == "CO" and one["meaning"] == "patient"]
        if patient_by_contract:
            found.append(f"{end.visit.note_id}: a contractual amount was put on the patient")
        if not end.claim["next_action"]["due_on"]:
            found.append(f"{end.visit.note_id}: no next action with a date")
    return found


def print_report(console: Console, practice: SamplePractice, ends: list[VisitEnd]) -> None:
    """The table of visits, the totals, and what to do next in words; as many columns as the terminal has room for."""
    console.print(_visits(practice, ends, console.width))
    console.print(_totals(ends, console.width))
    console.print("[bold]What to do next[/bold]")
    for end in ends:
        action = end.claim["next_action"]
        if action["kind"] != "none":
            due = f"{end.visit.note_id} by {action['due_on']} {action['kind']} ({action['owner']}): {action['reason']}"
            told = _wrapped(due, console.width) if console.is_terminal else f"  {due}"
            bold = told.replace(action["kind"], f"[bold]{action['kind']}[/bold]", 1)
            console.print(bold, soft_wrap=True, highlight=False)


def _wrapped(text: str, width: int) -> str:
    """Broken between words, and set in from the second line on; a log or a pipe gets one line instead."""
    return fill(
        text, width, initial_indent="  ", subsequent_indent=" " * 6, break_long_words=False, break_on_hyphens=False
    )


def _amounts(width: int) -> dict[str, str]:
    """Heading and member of the amounts that a table of this width shows."""
    wide = width >= WIDE
    return {name: member for name, member in AMOUNTS.items() if wide or name in ("charge", "paid", "patient")}


def _visits(practice: SamplePractice, ends: list[VisitEnd], width: int) -> Table:
    table = Table(
        title=f"{practice.name}: what became of every visit",
        title_justify="left",
        box=SIMPLE_HEAD,
        pad_edge=False,
        padding=(0, 0, 0, 1) if width < ROOMY else (0, 1),
    )
    table.add_column("visit", no_wrap=True)
    table.add_column("payer", overflow="fold")
    table.add_column("state", overflow="fold", max_width=STATE_WIDTH if width < ROOMY else None)
    if width >= WIDE:
        table.add_column("lines", overflow="fold")
    for name in _amounts(width):
        table.add_column(name, justify="right", no_wrap=True)
    if width >= MIDDLE:
        table.add_column("next action", no_wrap=True)
    for end in ends:
        claim, money = end.claim, end.money
        lines = [" ".join(_line(line) for line in claim["lines"])] if width >= WIDE else []
        action = [claim["next_action"]["kind"]] if width >= MIDDLE else []
        table.add_row(
            f"{end.visit.note_id.removeprefix('note_')} {claim['date_of_service'][5:]}",
            ", then ".join(one["payer_name"] for one in end.claims),
            f"[{COLOURS.get(claim['outcome'], 'white')}]{_state(claim)}[/]",
            *lines,
            *(_amount(money[member]) for member in _amounts(width).values()),
            *action,
        )
    return table


def _totals(ends: list[VisitEnd], width: int) -> Table:
    amounts = _amounts(width)
    table = Table(title="Totals", title_justify="left", box=SIMPLE_HEAD, pad_edge=False)
    table.add_column("what became of it", overflow="fold")
    for name in ("visits", *amounts):
        table.add_column(name, justify="right", no_wrap=True)
    groups: dict[str, list[VisitEnd]] = {}
    for end in ends:
        groups.setdefault(_state(end.claim), []).append(end)
    for name, of_group in [*sorted(groups.items()), ("all visits", ends)]:
        sums = [sum(end.money[member] for end in of_group) for member in amounts.values()]
        table.add_row(name, str(len(of_group)), *(format_dollars(cents) for cents in sums))
    return table


def _state(claim: dict[str, object]) -> str:
    outcome, by = claim["outcome"], claim["state_by"]
    if outcome != "none":
        return str(outcome).replace("_", " ")
    return f"{claim['state']} by {by}" if by else str(claim["state"])


def _line(line: dict[str, object]) -> str:
    modifiers = line["modifiers"]
    suffix = "".join(f"-{m}" for m in modifiers) if isinstance(modifiers, list) else ""
    return f"{line['procedure_code']}{suffix}x{line['units']}"


def _amount(cents: int) -> str:
    return format_dollars(cents) if cents else "-"
