"""Deposits as a practice has them from its bank, and how they agree with what remittances say was paid, by trace."""

import csv
import hashlib
import io
import re
from collections import Counter
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from shared.money import parse_dollars

COLUMNS = ("trace", "amount", "deposited_on")
PAYER_COLUMN = "payer"
MAX_ROWS = 5_000
TRACE = re.compile(r"[A-Za-z0-9-]{1,50}")
PAYER_MAX_LENGTH = 60


class DepositDifference(StrEnum):
    """`missing`: paid by a remittance and not deposited; `amount_differs`: both, of different amounts; `unexpected`:
    deposited, and no remittance says so."""

    MISSING = "missing"
    AMOUNT_DIFFERS = "amount_differs"
    UNEXPECTED = "unexpected"


@dataclass(frozen=True, slots=True)
class Deposit:
    """A check or transfer as the bank has it."""

    trace: str
    amount_cents: int
    deposited_on: date
    payer_name: str = ""
    number: int = 1
    """Which it is of several of one trace, amount and day, as where a payer pays one remittance in equal parts."""


@dataclass(frozen=True, slots=True)
class UnreadableRow:
    """A row of a file that is no deposit: its number (the header is 1), the column, and what is wrong."""

    row: int
    column: str
    message: str


def deposit_id(deposit: Deposit) -> str:
    """The same for the same deposit, so that it is entered once."""
    content = f"{deposit.trace}|{deposit.amount_cents}|{deposit.deposited_on.isoformat()}"
    content += f"|{deposit.number}" if deposit.number > 1 else ""
    return "dep_" + hashlib.sha256(content.encode()).hexdigest()[:26]


def difference_of(expected_cents: int, deposited_cents: int) -> DepositDifference | None:
    """What is between what was to come and what came; None where they agree."""
    if expected_cents == deposited_cents:
        return None
    if deposited_cents == 0:
        return DepositDifference.MISSING
    return DepositDifference.UNEXPECTED if expected_cents == 0 else DepositDifference.AMOUNT_DIFFERS


def read_deposits(text: str) -> tuple[list[Deposit], list[UnreadableRow]]:
    """The deposits of a CSV file with a header; each row is a deposit or is said to be none."""
    rows = csv.DictReader(io.StringIO(text), strict=True)
    try:
        names = [name.strip().lower() for name in rows.fieldnames or ()]
        missing = [name for name in COLUMNS if name not in names]
        if missing:
            return [], [UnreadableRow(1, missing[0], "The file has no such column.")]
        rows.fieldnames = names
        return _deposits(rows)
    except csv.Error:
        return [], [UnreadableRow(rows.line_num, "trace", "The row is no CSV.")]


def _deposits(rows: "csv.DictReader[str]") -> tuple[list[Deposit], list[UnreadableRow]]:
    found: list[Deposit] = []
    equal: Counter[Deposit] = Counter()
    unreadable: list[UnreadableRow] = []
    for number, row in enumerate(rows, 2):
        if number > MAX_ROWS + 1:
            unreadable.append(UnreadableRow(number, "trace", f"A file has at most {MAX_ROWS} deposits."))
            break
        read = _deposit(
            number,
            {
                name: (value or "").strip()
                for name, value in row.items()
                if isinstance(name, str) and not isinstance(value, list)
            },
        )
        if isinstance(read, Deposit):
            alike = replace(read, payer_name="")
            equal[alike] += 1
            found.append(replace(read, number=equal[alike]))
        else:
            unreadable.append(read)
    return found, unreadable


def _deposit(number: int, row: dict[str, str]) -> Deposit | UnreadableRow:
    if not TRACE.fullmatch(row["trace"]):
        return UnreadableRow(number, "trace", "It is no number of a check or transfer.")
    cents = parse_dollars(row["amount"])
    if not cents:
        return UnreadableRow(number, "amount", "It is no amount above zero such as 1,234.56.")
    try:
        day = date.fromisoformat(row["deposited_on"])
    except ValueError:
        return UnreadableRow(number, "deposited_on", "It is no date of the form YYYY-MM-DD.")
    payer = "".join(sign for sign in row.get(PAYER_COLUMN, "") if sign.isprintable())
    return Deposit(row["trace"], cents, day, payer[:PAYER_MAX_LENGTH])
