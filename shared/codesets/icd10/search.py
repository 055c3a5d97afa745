"""Finding diagnoses by words, and offering candidates for a code that cannot be sent.

Rules kept here: only codes that are billable on the day are offered, and after the last edition those of its last
day; a therapist's everyday words are understood before the classification's own; an answer is an offer for a person,
and nothing is ever replaced.
"""

from __future__ import annotations

import re
import tomllib
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

from shared.codesets.icd10.table import CODE_WIDTH, DiagnosisTable, without_dot

MAX_QUERY = 100
MAX_RESULTS = 50
MAX_HITS = 4_000
_WORD = re.compile(r"[a-z0-9']+")
_SMALL_WORDS = frozenset({"of", "the", "in", "and", "with", "a", "on", "my", "due", "to", "pain"})
_THERAPY_CHAPTERS = ("M", "G4", "G5", "S", "R51", "R68", "I89")
_STILL_BILLED = "A"
_FILLER = "X"
PHASES = "A while it is actively treated, D while it heals, S for what it left behind"


@dataclass(frozen=True, slots=True)
class Candidate:
    """One diagnosis that may be meant. ``why`` is one of code, synonym, words, spelling, meaning."""

    code: str
    description: str
    why: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Synonyms:
    """Everyday words to code beginnings, and codes that are often written for something else."""

    phrases: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    meant: tuple[tuple[str, str, tuple[str, ...]], ...] = ()
    source: str = ""
    version: str = ""


def read_synonyms(text: str) -> Synonyms:
    """Synonyms of the packaged TOML text."""
    data = tomllib.loads(text)
    phrases = {phrase: tuple(starts) for phrase, starts in data["synonyms"].items()}
    meant = tuple((entry["code"], entry["why"], tuple(entry["offer"])) for entry in data["meant"])
    return Synonyms(phrases, meant, data["source"], data["version"])


class DiagnosisSearch:
    """Search over one table. It keeps no index: descriptions are scanned, about 10 ms a question."""

    def __init__(self, table: DiagnosisTable, synonyms: Synonyms) -> None:
        self._table = table
        self._synonyms = synonyms

    def find(self, query: str, on: date, limit: int = 10) -> list[Candidate]:
        """Billable codes for words or the beginning of a code, best first, ``limit`` (50 at most) of them."""
        limit, on = max(1, min(limit, MAX_RESULTS)), self._table.last_known_day(on)
        words = [_singular(word) for word in _WORD.findall(query[:MAX_QUERY].lower())]
        found: dict[str, Candidate] = {}
        for source in (self._by_code(query, on), self._by_synonym(words, on), self._by_words(words, on)):
            for candidate in source:
                found.setdefault(candidate.code, candidate)
                if len(found) >= limit:
                    return list(found.values())
        return list(found.values())

    def _offer(self, code: str, on: date, why: str, note: str = "") -> Iterator[Candidate]:
        if self._table.is_valid(code, on):
            yield Candidate(code, self._table.description(code), why, note)
        phases = self.seventh_characters(code, on)
        for below in phases or _first_encounters(self._table.below(code, on, 200)):
            yield Candidate(below, self._table.description(below), why, note or _note_of_phase(below))

    def _by_code(self, query: str, on: date) -> Iterator[Candidate]:
        bare = without_dot(query[:MAX_QUERY])
        if len(bare) >= 2 and len(bare) <= CODE_WIDTH and bare[1].isdigit():
            yield from self._offer(bare, on, "code")

    def _by_synonym(self, words: list[str], on: date) -> Iterator[Candidate]:
        said = f" {' '.join(words)} "
        phrases = [phrase for phrase in self._synonyms.phrases if f" {_singulars(phrase)} " in said]
        for phrase in sorted(phrases, key=len, reverse=True):
            rest = [word for word in words if word not in _singulars(phrase).split()]
            offers = [c for start in self._synonyms.phrases[phrase] for c in self._offer(start, on, "synonym")]
            yield from sorted(offers, key=lambda candidate: -_words_in(rest, candidate.description))

    def _by_words(self, words: list[str], on: date) -> Iterator[Candidate]:
        wanted = [word.encode() for word in words if word not in _SMALL_WORDS] or [w.encode() for w in words]
        if not wanted:
            return
        rows = [row for row in self._rows_with(wanted) if self._table.is_valid(self._table.code_at(row), on)]
        for code in sorted(_first_encounters(map(self._table.code_at, rows)), key=lambda c: self._rank(c, words)):
            yield Candidate(code, self._table.description(code), "words", _note_of_phase(code))

    def _rank(self, code: str, words: list[str]) -> tuple[int, bool, bool, int, str]:
        text = self._table.description(code)
        leaves_open = "unspecified" in text.lower() and "unspecified" not in words
        return (-_words_in(words, text), not code.startswith(_THERAPY_CHAPTERS), leaves_open, len(text), code)

    def _rows_with(self, wanted: list[bytes]) -> Iterator[int]:
        texts, starts = self._table.texts.lower(), self._table.text_starts()
        # The longest word is the rarest: it is looked for in the whole text, the others in its lines alone.
        wanted = sorted(wanted, key=len, reverse=True)
        at, hits = texts.find(wanted[0]), 0
        while at >= 0 and hits < MAX_HITS:
            row = bisect_right(starts, at) - 1
            line = texts[starts[row] : starts[row + 1]]
            if all(word in line for word in wanted[1:]):
                hits += 1
                yield row
            at = texts.find(wanted[0], starts[row + 1])

    def instead_of(self, code: str, on: date, limit: int = 8) -> list[Candidate]:
        """Candidates for a code that cannot be sent on the day: what it became, how it is spelt, what it means."""
        bare, on = without_dot(code)[:CODE_WIDTH], self._table.last_known_day(on)
        found: dict[str, Candidate] = {}
        phases = self.seventh_characters(bare, on)
        if phases:
            return [Candidate(one, self._table.description(one), "spelling") for one in phases]
        for meant, why, offers in self._synonyms.meant:
            if bare.startswith(meant):
                for start in offers:
                    self._keep(found, self._like(start, bare, on), "meaning", why)
        for width in range(len(bare), 2, -1):
            near = self._like(bare[:width], bare, on)
            if near:
                self._keep(found, near, "spelling", "")
                break
        half = [c for c in found.values() if c.why == "meaning"][: limit // 2]
        rest = [c for c in found.values() if c.why != "meaning"]
        return (half + rest)[:limit]

    def _keep(self, found: dict[str, Candidate], codes: list[str], why: str, note: str) -> None:
        for code in codes:
            found.setdefault(code, Candidate(code, self._table.description(code), why, note))

    def seventh_characters(self, code: str, on: date) -> list[str]:
        """Every completion of a code that lacks nothing but its seventh character (and X before it); else none."""
        below = self._table.below(without_dot(code), self._table.last_known_day(on), MAX_RESULTS)
        stems = {found[: CODE_WIDTH - 1].rstrip(_FILLER) for found in below if len(found) == CODE_WIDTH}
        return below if stems == {without_dot(code).rstrip(_FILLER)} and len(below) > 1 else []

    def _like(self, start: str, bare: str, on: date) -> list[str]:
        """Billable codes under ``start``, those with the same seventh character first, then first encounters; all
        phases of treatment where that is all they differ in."""
        below = self._table.below(start, on, 400)
        if self._table.is_valid(start, on):
            below.insert(0, start)
        seventh = bare[6:7]
        same = [code for code in below if seventh and code[6:7] == seventh]
        phases = self.seventh_characters(start, on)
        return sorted(same, key=lambda code: -_places_alike(code, bare)) or phases or _first_encounters(below)


def _singular(word: str) -> str:
    """Headaches are a headache; ``fasciitis`` and ``pelvis`` are not of many."""
    return word[:-1] if len(word) > 4 and word.endswith("s") and not word.endswith(("ss", "is", "us", "'s")) else word


def _singulars(phrase: str) -> str:
    return " ".join(map(_singular, phrase.split()))


def _note_of_phase(code: str) -> str:
    """A search offers an injury once, as actively treated: the case decides, so the answer says what else there is."""
    return f"Seventh character: {PHASES}." if len(code) == CODE_WIDTH and code[0] in "ST" else ""


def _places_alike(one: str, other: str) -> int:
    return sum(1 for first, second in zip(one, other, strict=False) if first == second)


def _words_in(words: Iterable[str], text: str) -> int:
    lower = text.lower()
    return sum(1 for word in words if word in lower)


def _first_encounters(codes: Iterable[str]) -> list[str]:
    """Of codes that differ in the seventh character alone, the first encounter: what a new patient comes with."""
    chosen: dict[str, str] = {}
    for code in codes:
        stem = code[:6] if len(code) == CODE_WIDTH else code
        if stem not in chosen or code.endswith(_STILL_BILLED):
            chosen[stem] = code
    return list(chosen.values())
