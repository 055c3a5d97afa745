"""What every importer of an outside file answers when it refuses: the bad rows by line, and nothing half taken."""

from __future__ import annotations

from dataclasses import dataclass

MAX_BAD_ROWS = 100
"""Reading stops after so many bad rows: by then the file is of another kind."""


@dataclass(frozen=True, slots=True)
class BadRow:
    """One row that could not be read: its line (from 1; 0 is the file as a whole) and a sentence. Never its content."""

    line: int
    message: str


class ImportRefused(ValueError):
    """A file was refused as a whole. ``rows`` says why; what was at hand before is still in force."""

    def __init__(self, kind: str, rows: tuple[BadRow, ...]) -> None:
        self.kind = kind
        self.rows = rows
        where = ", ".join(f"line {row.line}: {row.message}" for row in rows[:3])
        more = f" and {len(rows) - 3} more" if len(rows) > 3 else ""
        super().__init__(f"the {kind} file was refused and nothing of it was taken ({where}{more})")
