"""The practice-expense share of each procedure, from Medicare's yearly relative value file (PPRRVU).

The reduction for multiple procedures halves the practice-expense part of a fee, so an expectation needs that part.
The share here is before the adjustment for a locality, which moves it by a few percent; a payer's own file is better
where there is one.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from shared.codesets.imports import MAX_BAD_ROWS, BadRow, ImportRefused
from shared.money import AmountError, parse_cents, percent_of

MAX_ROWS = 50_000
MAX_LINE = 2_000
LEAST_COLUMNS = 19
THERAPY_REDUCTION = "5"
"""MULT PROC 5 marks the always-therapy codes that the reduction applies to."""


@dataclass(frozen=True, slots=True)
class RelativeValue:
    """One procedure: practice expense in basis points of the fee outside a facility, and whether it is reduced."""

    code: str
    practice_expense_bp: int
    reduced: bool


class RelativeValues:
    """All procedures of one edition."""

    def __init__(self, values: Mapping[str, RelativeValue], source: str, version: str) -> None:
        self.source = source
        self.version = version
        self._values = values

    def __len__(self) -> int:
        return len(self._values)

    def get(self, code: str) -> RelativeValue | None:
        """The values of a code, or None."""
        return self._values.get(code)

    def practice_expense_cents(self, unit_cents: Mapping[str, int]) -> dict[str, int]:
        """The practice-expense part of each fee, for the codes that this edition knows and the reduction touches."""
        known = {code: self._values[code] for code in unit_cents if code in self._values}
        return {
            code: percent_of(unit_cents[code], value.practice_expense_bp)
            for code, value in known.items()
            if value.reduced
        }


def import_relative_values(lines: Iterable[str], version: str) -> RelativeValues:
    """Values of CMS's PPRRVU file: comma-separated, header rows first, one row a procedure and modifier.

    Columns used: 1 code, 2 modifier (rows with one are left out), 7 practice expense and 12 total outside a facility,
    19 kind of reduction. Raises ``ImportRefused`` with the bad rows by line and takes nothing then.
    """
    values: dict[str, RelativeValue] = {}
    bad: list[BadRow] = []
    for number, raw in enumerate(lines, start=1):
        cells = [cell.strip() for cell in next(csv.reader([raw[:MAX_LINE].rstrip("\r\n")]), [])]
        if not cells or not _is_code(cells[0]) or (len(cells) > 1 and cells[1]):
            continue
        value = _value(cells)
        if isinstance(value, str):
            bad.append(BadRow(number, value))
        elif value.code in values:
            bad.append(BadRow(number, "the code stands in the file a second time"))
        else:
            values[value.code] = value
        if len(bad) >= MAX_BAD_ROWS or len(values) > MAX_ROWS:
            break
    if bad or not values:
        raise ImportRefused("relative values", tuple(bad) or (BadRow(0, "the file has no rows"),))
    return RelativeValues(values, "Medicare physician fee schedule relative value file", version)


def _value(cells: list[str]) -> RelativeValue | str:
    if len(cells) < LEAST_COLUMNS:
        return f"the row has fewer than {LEAST_COLUMNS} columns"
    try:
        expense, total = parse_cents(cells[6]), parse_cents(cells[11])
    except AmountError:
        return "column 7 or 12 is not a relative value of two decimals"
    if not 0 <= expense <= total:
        return "the practice expense is more than the whole"
    share = (expense * 20_000 + total) // (2 * total) if total else 0
    return RelativeValue(cells[0], share, cells[18] == THERAPY_REDUCTION)


def _is_code(cell: str) -> bool:
    return len(cell) == 5 and cell.isascii() and cell.isalnum() and cell[1:4].isdigit()
