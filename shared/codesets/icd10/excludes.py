"""Excludes1 notes: two diagnoses that cannot be true at once.

A note stands on a code, a category, a block or a chapter and holds for everything below, so the question walks up.
A pattern is a code (which means everything under it too) or a range of codes. Some notes need the place in the body
or the patient's history to be judged, so a hit is a reason to ask, and rules decide how hard.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from shared.codesets.icd10.table import without_dot


@dataclass(frozen=True, slots=True)
class Exclusion:
    """``code`` may not stand beside ``other``: the note stands at ``noted_at`` and names ``pattern``."""

    code: str
    other: str
    noted_at: str
    pattern: str


def _matches(code: str, pattern: str) -> bool:
    low, _, high = pattern.partition(":")
    if not high:
        return code.startswith(low)
    return low <= code[: len(low)] and code[: len(high)] <= high


class Excludes1:
    """All Excludes1 notes of one edition."""

    def __init__(self, notes: Mapping[str, tuple[str, ...]], source: str, version: str) -> None:
        self.source = source
        self.version = version
        self._by_code = {place: patterns for place, patterns in notes.items() if "-" not in place}
        self._by_range: list[tuple[str, str, tuple[str, ...]]] = []
        for place, patterns in notes.items():
            low, _, high = place.partition("-")
            if high:
                self._by_range.append((low, high, patterns))

    def _patterns_above(self, code: str) -> Iterator[tuple[str, str]]:
        for width in range(len(code), 2, -1):
            place = code[:width]
            for pattern in self._by_code.get(place, ()):
                yield place, pattern
        category = code[:3]
        for low, high, patterns in self._by_range:
            if low <= category <= high:
                for pattern in patterns:
                    yield f"{low}-{high}", pattern

    def _one_way(self, code: str, other: str) -> Exclusion | None:
        for place, pattern in self._patterns_above(code):
            # A note may name its own relatives ("other parts of this category"); a code never excludes itself.
            if _matches(other, pattern) and not _matches(code, pattern):
                return Exclusion(code, other, place, pattern)
        return None

    def between(self, first: str, second: str) -> Exclusion | None:
        """The note that keeps the two codes apart, whichever of them carries it, or None."""
        one, two = without_dot(first), without_dot(second)
        if one == two:
            return None
        return self._one_way(one, two) or self._one_way(two, one)


def pack_notes(notes: Mapping[str, list[str]], source: str, version: str) -> bytes:
    """The gzipped data file of the notes, the same for the same notes."""
    whole = {"source": source, "version": version, "notes": dict(sorted(notes.items()))}
    return gzip.compress(json.dumps(whole, separators=(",", ":")).encode("ascii"), 9, mtime=0)


def unpack_notes(data: bytes) -> Excludes1:
    """The notes of a packed data file."""
    whole = json.loads(gzip.decompress(data))
    notes = {place: tuple(patterns) for place, patterns in whole["notes"].items()}
    return Excludes1(notes, whole["source"], whole["version"])
