"""Small dated lists: modifiers, places of service, taxonomies, states, claim filing and related-cause codes.

One entry is a code, our own short label, and the days in which it may be used. A list says its source and version.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from shared.dates import DateRange


@dataclass(frozen=True, slots=True)
class DatedEntry:
    """One code of a list."""

    code: str
    label: str
    days: DateRange


class DatedList:
    """One list. ``holds`` asks for a day; without one it asks for any day."""

    def __init__(self, name: str, entries: Mapping[str, DatedEntry], source: str, version: str) -> None:
        self.name = name
        self.source = source
        self.version = version
        self._entries = entries

    def __len__(self) -> int:
        return len(self._entries)

    def __iter__(self) -> Iterator[DatedEntry]:
        return iter(self._entries.values())

    def __contains__(self, code: object) -> bool:
        return code in self._entries

    def entry(self, code: str) -> DatedEntry | None:
        """The entry of a code, or None."""
        return self._entries.get(code)

    def label(self, code: str) -> str:
        """Our short label of a code, or ""."""
        entry = self._entries.get(code)
        return entry.label if entry else ""

    def holds(self, code: str, on: date | None = None) -> bool:
        """True when the code is in the list and may be used on the day."""
        entry = self._entries.get(code)
        return entry is not None and (on is None or entry.days.holds(on))


def read_list(name: str, data: Mapping[str, Any]) -> DatedList:
    """A list of its parsed TOML: ``source``, ``version`` and ``[[code]]`` entries."""
    entries = {
        entry["code"]: DatedEntry(
            entry["code"], entry["label"], DateRange(entry.get("effective_from"), entry.get("effective_to"))
        )
        for entry in data["code"]
    }
    return DatedList(name, entries, data["source"], data["version"])
