"""Units a day that Medicare calls unlikely (MUE), and the importer for the quarterly file.

Indicator 1 counts a line, 2 blocks whatever is said, 3 warns: it is clinical and can be appealed.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from shared.codesets.imports import MAX_BAD_ROWS, BadRow, ImportRefused
from shared.codesets.published_file import cells_of

MAX_ROWS = 100_000
MAX_LINE = 2_000


@dataclass(frozen=True, slots=True)
class UnitLimit:
    """At most ``units`` of one code a day, by the kind of ``indicator``."""

    code: str
    units: int
    indicator: int


class UnitLimits:
    """All limits of one edition."""

    def __init__(self, limits: Iterable[UnitLimit], source: str, version: str) -> None:
        self.source = source
        self.version = version
        self._limits = {limit.code: limit for limit in limits}

    def __len__(self) -> int:
        return len(self._limits)

    def packed(self) -> bytes:
        """The edition as bytes that ``unpack_limits`` reads; the same limits give the same bytes."""
        rows = [[one.code, one.units, one.indicator] for _, one in sorted(self._limits.items())]
        whole = {"source": self.source, "version": self.version, "rows": rows}
        return gzip.compress(json.dumps(whole, separators=(",", ":")).encode("ascii"), 9, mtime=0)

    def get(self, code: str) -> UnitLimit | None:
        """The limit of a code, or None where the edition has none."""
        return self._limits.get(code)


def unpack_limits(data: bytes) -> UnitLimits:
    """An edition that was imported and packed."""
    whole = json.loads(gzip.decompress(data))
    return UnitLimits([UnitLimit(*row) for row in whole["rows"]], whole["source"], whole["version"])


def read_limits(data: Mapping[str, Any]) -> UnitLimits:
    """The packaged sample."""
    limits = []
    for text in data["values"]:
        code, units, indicator = text.split()
        limits.append(UnitLimit(code, int(units), int(indicator)))
    return UnitLimits(limits, data["source"], data["version"])


def import_limits(lines: Iterable[str], version: str) -> UnitLimits:
    """Limits of CMS's quarterly practitioner file.

    Layout: separated by tabs or commas, Latin-1 (decode before), header rows first, then code, units,
    indicator (a digit and words), reason. Raises ``ImportRefused`` with the bad rows by line and takes nothing then.
    """
    limits: dict[str, UnitLimit] = {}
    bad: list[BadRow] = []
    for number, raw in enumerate(lines, start=1):
        cells = cells_of(raw[:MAX_LINE].rstrip("\r\n"))
        if not any(cells) or (not limits and not bad and not _is_code(cells[0])):
            continue
        limit = _limit(cells)
        if isinstance(limit, str):
            bad.append(BadRow(number, limit))
        elif limit.code in limits:
            bad.append(BadRow(number, "the code stands in the file a second time"))
        else:
            limits[limit.code] = limit
        if len(bad) >= MAX_BAD_ROWS or len(limits) > MAX_ROWS:
            break
    if bad or not limits:
        raise ImportRefused("mue", tuple(bad) or (BadRow(0, "the file has no rows"),))
    return UnitLimits(limits.values(), "Medicare MUE practitioner values", version)


def _limit(cells: list[str]) -> UnitLimit | str:
    if len(cells) < 3:
        return "the row has fewer than three columns"
    code, units, indicator = cells[0], cells[1], cells[2][:1]
    if not _is_code(code):
        return "column 1 is not a procedure code"
    if not units.isdigit() or len(units) > 6:
        return "column 2 is not a number of units"
    if indicator not in {"1", "2", "3"}:
        return "column 3 does not begin with 1, 2 or 3"
    return UnitLimit(code, int(units), int(indicator))


def _is_code(cell: str) -> bool:
    return len(cell) == 5 and cell.isascii() and cell.isalnum() and cell[1:4].isdigit()
