"""Edits between two procedures of one day (Medicare's NCCI), dated, and the importer for the quarterly file.

Column 2 is not paid beside column 1 while the pair is in force. Indicator 0: no modifier helps. 1: a modifier helps
where the services were truly separate. 9: does not apply. The question is asked for a day, because pairs end.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from shared.codesets.imports import MAX_BAD_ROWS, BadRow, ImportRefused
from shared.codesets.published_file import cells_of
from shared.dates import DateRange

MAX_ROWS = 5_000_000
MAX_LINE = 500
SEPARATING_MODIFIERS = frozenset({"59", "XE", "XS", "XP", "XU"})
COLUMN_ONE_COUNTS_FROM = date(2019, 7, 1)
"""Since this day Medicare takes the separating modifier on either line; source: CMS MLN MM11168."""


@dataclass(frozen=True, slots=True)
class PairEdit:
    """One pair: ``column2`` is not paid beside ``column1`` in ``days``."""

    column1: str
    column2: str
    indicator: int
    days: DateRange


class PairEdits:
    """All pairs of one edition, or a sample of them, which then says of which procedures it has all."""

    def __init__(
        self, edits: Iterable[PairEdit], source: str, version: str, complete_for: frozenset[str] | None = None
    ) -> None:
        self._complete_for = complete_for
        self.source = source
        self.version = version
        pairs: dict[tuple[str, str], tuple[PairEdit, ...]] = {}
        for edit in edits:
            key = (edit.column1, edit.column2)
            pairs[key] = (*pairs.get(key, ()), edit)
        self._pairs = pairs

    def __len__(self) -> int:
        return len(self._pairs)

    def edits(self) -> tuple[PairEdit, ...]:
        """All edits, sorted by their columns."""
        return tuple(edit for key in sorted(self._pairs) for edit in self._pairs[key])

    def with_more(self, more: PairEdits) -> PairEdits:
        """These and those of another part of the same edition; what both have is taken from the other part."""
        both = {**self._pairs, **more._pairs}
        return PairEdits((edit for edits in both.values() for edit in edits), more.source, more.version)

    def packed(self) -> bytes:
        """The edition as bytes that ``unpack_pairs`` reads; the same edits give the same bytes."""
        rows = [
            [edit.column1, edit.column2, edit.indicator, _iso(edit.days.effective_from), _iso(edit.days.effective_to)]
            for edit in self.edits()
        ]
        whole = {"source": self.source, "version": self.version, "rows": rows}
        return gzip.compress(json.dumps(whole, separators=(",", ":")).encode("ascii"), 9, mtime=0)

    def knows_all_of(self, code: str) -> bool:
        """True where a pair of this procedure that is not here does not exist."""
        return self._complete_for is None or code in self._complete_for

    def between(self, first: str, second: str, on: date) -> PairEdit | None:
        """The edit in force on a day between two codes, whichever of them is column 1, or None."""
        for key in ((first, second), (second, first)):
            for edit in self._pairs.get(key, ()):
                # 9: CMS has withdrawn the edit from its first day on, as if it had never been.
                if edit.days.holds(on) and edit.indicator != 9:
                    return edit
        return None


def _iso(day: date | None) -> str:
    return day.isoformat() if day else ""


def unpack_pairs(data: bytes) -> PairEdits:
    """An edition that was imported and packed."""
    whole = json.loads(gzip.decompress(data))
    edits = [
        PairEdit(column1, column2, indicator, DateRange(_read(first), _read(last)))
        for column1, column2, indicator, first, last in whole["rows"]
    ]
    return PairEdits(edits, whole["source"], whole["version"])


def _read(day: str) -> date | None:
    return date.fromisoformat(day) if day else None


def read_pairs(data: Mapping[str, Any]) -> PairEdits:
    """The packaged sample."""
    edits = []
    for group in data["edits"]:
        days = DateRange(group["effective_from"], group.get("effective_to"))
        for text in group["pairs"]:
            pair, indicator = text.split()
            column1, column2 = pair.split("/")
            edits.append(PairEdit(column1, column2, int(indicator), days))
    return PairEdits(edits, data["source"], data["version"], frozenset(data["complete_for"]))


def import_pairs(lines: Iterable[str], version: str, only: frozenset[str] | None = None) -> PairEdits:
    """Pairs of CMS's quarterly practitioner file.

    Layout: separated by tabs or commas, Latin-1 (decode before), header rows first, then column 1, column 2, a
    mark for edits of before 1996, first day, last day or ``*``, indicator, reason. ``only`` keeps pairs whose
    codes are both wanted, since the whole file has millions. Raises ``ImportRefused`` with the bad rows by line and
    takes nothing then.
    """
    edits: list[PairEdit] = []
    bad: list[BadRow] = []
    rows = 0
    for number, raw in enumerate(lines, start=1):
        cells = cells_of(raw[:MAX_LINE].rstrip("\r\n"))
        if not any(cells) or (rows == 0 and not _is_code(cells[0])):
            continue
        rows += 1
        edit = _edit(cells)
        if isinstance(edit, str):
            bad.append(BadRow(number, edit))
        elif only is None or (edit.column1 in only and edit.column2 in only):
            edits.append(edit)
        if len(bad) >= MAX_BAD_ROWS or rows > MAX_ROWS:
            break
    if bad or not rows:
        raise ImportRefused("ncci", tuple(bad) or (BadRow(0, "the file has no rows"),))
    return PairEdits(edits, "Medicare NCCI practitioner procedure-to-procedure edits", version)


def _edit(cells: list[str]) -> PairEdit | str:
    if len(cells) < 6:
        return "the row has fewer than six columns"
    if not _is_code(cells[0]) or not _is_code(cells[1]):
        return "columns 1 and 2 are not both procedure codes"
    first, last = _day(cells[3]), None if cells[4] in {"", "*"} else _day(cells[4])
    if first is None or (last is None and cells[4] not in {"", "*"}):
        return "the first or the last day is not a date of the form YYYYMMDD"
    if cells[5][:1] not in {"0", "1", "9"}:
        return "the modifier indicator is not 0, 1 or 9"
    if last is not None and last < first:
        # CMS publishes pairs that were withdrawn from their first day on; they were never in force.
        return PairEdit(cells[0], cells[1], 9, DateRange(first, first))
    return PairEdit(cells[0], cells[1], int(cells[5][0]), DateRange(first, last))


def _is_code(cell: str) -> bool:
    return len(cell) == 5 and cell.isascii() and cell.isalnum() and cell[1:4].isdigit()


def _day(cell: str) -> date | None:
    try:
        return date(int(cell[:4]), int(cell[4:6]), int(cell[6:8])) if len(cell) == 8 else None
    except ValueError:
        return None
