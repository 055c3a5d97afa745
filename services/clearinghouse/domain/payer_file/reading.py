"""Typed reading of one TOML table, collecting problems instead of stopping at the first.

Rules kept here: every key is asked for once by name and type, a missing or wrong value leaves a problem and a neutral
value behind so that reading goes on, and `finish` turns keys that nobody asked for into problems with the nearest
spelling as the fix. A problem names the key, never the value of a member's data.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from difflib import get_close_matches
from typing import Any

from shared.startup import CannotStart

MAX_CENTS = 100_000_000
MAX_TEXT = 80
_MISSING = object()


@dataclass(frozen=True, slots=True)
class Problem:
    """One mistake in a payer file."""

    file: str
    key: str
    what: str
    fix: str

    def __str__(self) -> str:
        return f"{self.file}: {self.key}: {self.what} {self.fix}"


class PayerFileError(CannotStart):
    """A payer file that cannot be used; `problems` holds every mistake that was found in it."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))


@dataclass(slots=True)
class Table:
    """One TOML table with the name of its file and the dotted key that leads to it."""

    file: str
    key: str
    values: dict[str, Any]
    problems: list[Problem]
    asked: set[str] = field(default_factory=set)

    def problem(self, name: str, what: str, fix: str) -> None:
        """Note a mistake at a key of this table."""
        self.problems.append(Problem(self.file, f"{self.key}.{name}".strip("."), what, fix))

    def _take(self, name: str, required: bool, fix: str) -> Any:
        self.asked.add(name)
        if name not in self.values:
            if required:
                self.problem(name, "This key is missing.", fix)
            return _MISSING
        return self.values[name]

    def text(self, name: str, default: str | None = None, *, longest: int = MAX_TEXT) -> str:
        """A non-empty text; `default` None makes the key required."""
        fix = f"Write a text of 1 to {longest} characters."
        value = self._take(name, default is None, fix)
        if value is _MISSING:
            return default or ""
        if not isinstance(value, str) or not 1 <= len(value) <= longest or value != value.strip():
            self.problem(name, "This is not a usable text.", fix)
            return default or ""
        return value

    def number(self, name: str, default: int | None, lowest: int, highest: int) -> int:
        """A whole number within a range; `default` None makes the key required."""
        fix = f"Write a whole number from {lowest} to {highest}."
        value = self._take(name, default is None, fix)
        if value is _MISSING:
            return default or 0
        if not isinstance(value, int) or isinstance(value, bool) or not lowest <= value <= highest:
            self.problem(name, "This is not a whole number in range.", fix)
            return default or 0
        return value

    def maybe_number(self, name: str, lowest: int, highest: int) -> int | None:
        """A whole number within a range, or None when the key is absent."""
        if name in self.values:
            return self.number(name, 0, lowest, highest)
        self.asked.add(name)
        return None

    def cents(self, name: str, default: int = 0) -> int:
        """An amount in cents, zero or more."""
        return self.number(name, default, 0, MAX_CENTS)

    def basis_points(self, name: str, default: int = 0) -> int:
        """A share of something in basis points: 2000 is 20 %, and 10000 all of it."""
        return self.number(name, default, 0, 10_000)

    def flag(self, name: str, default: bool) -> bool:
        """true or false."""
        value = self._take(name, False, "")
        if value is _MISSING:
            return default
        if not isinstance(value, bool):
            self.problem(name, "This is neither true nor false.", "Write true or false without quotes.")
            return default
        return value

    def day(self, name: str, required: bool = True) -> date | None:
        """A local date, written as TOML writes dates: 2026-05-04, without quotes."""
        fix = "Write a date like 2026-05-04, without quotes."
        value = self._take(name, required, fix)
        if value is _MISSING:
            return None
        if not isinstance(value, date) or isinstance(value, datetime):
            self.problem(name, "This is not a date.", fix)
            return None
        return value

    def required_day(self, name: str) -> date:
        """A date that must be there; an impossible one stands in while problems are collected."""
        return self.day(name) or date.min

    def one_of(self, name: str, choices: Iterable[str], default: str | None = None) -> str:
        """One of a closed list of words."""
        allowed = tuple(choices)
        fix = f"Choose one of {', '.join(allowed)}."
        value = self._take(name, default is None, fix)
        if value is _MISSING:
            return default or allowed[0]
        if value not in allowed:
            self.problem(name, "This word is not known.", fix)
            return allowed[0]
        return str(value)

    def texts(self, name: str, default: tuple[str, ...] = (), choices: Iterable[str] = ()) -> tuple[str, ...]:
        """A list of texts, of a closed list when `choices` are given; no text twice."""
        allowed = tuple(choices)
        fix = f"Write a list of {', '.join(allowed)}." if allowed else 'Write a list of texts, such as ["M54", "S13"].'
        value = self._take(name, False, fix)
        if value is _MISSING:
            return default
        good = isinstance(value, list) and all(isinstance(item, str) and item for item in value)
        if not good or len(set(value)) != len(value) or (allowed and not set(value) <= set(allowed)):
            self.problem(name, "This is not such a list, or it names something twice.", fix)
            return default
        return tuple(value)

    def amounts(self, name: str, lowest: int, highest: int, unit: str) -> tuple[tuple[str, int], ...]:
        """A table of procedure code to whole number, sorted by code."""
        table = self.child(name)
        if table is None:
            return ()
        pairs = []
        for code in table.values:
            if len(code) != 5 or not code.isalnum():
                table.problem(code, "This is not a procedure code.", "Use the five characters of the code as the key.")
            pairs.append((code, table.number(code, None, lowest, highest)))
        if not pairs:
            self.problem(name, "This table is empty.", f'Give at least one code its {unit}, such as "97124" = 25.')
        return tuple(sorted(pairs))

    def child(self, name: str, required: bool = False) -> "Table | None":
        """A table below this one, or None when it is absent."""
        fix = f"Add a [{self.key}.{name}] table." if self.key else f"Add a [{name}] table."
        value = self._take(name, required, fix)
        if value is _MISSING:
            return None
        if not isinstance(value, dict):
            self.problem(name, "This is not a table.", fix)
            return None
        return Table(self.file, f"{self.key}.{name}".lstrip("."), value, self.problems)

    def children(self, name: str, most: int) -> list["Table"]:
        """A list of tables below this one ([[name]] in TOML)."""
        fix = f"Write each as its own [[{f'{self.key}.{name}'.lstrip('.')}]] table, {most} at most."
        value = self._take(name, False, fix)
        if value is _MISSING:
            return []
        if not isinstance(value, list) or len(value) > most or not all(isinstance(item, dict) for item in value):
            self.problem(name, "This is not a list of tables.", fix)
            return []
        prefix = f"{self.key}.{name}".lstrip(".")
        return [Table(self.file, f"{prefix}[{place}]", item, self.problems) for place, item in enumerate(value)]

    def finish(self) -> None:
        """Report every key that nobody asked for."""
        for name in self.values:
            if name in self.asked:
                continue
            near = get_close_matches(name, sorted(self.asked), n=1)
            hint = f"Did you mean {near[0]}?" if near else f"Known keys: {', '.join(sorted(self.asked))}."
            self.problem(name, "Nobody knows this key.", hint)
