"""A published edition laid over the code sets in force: whole, or refused whole with the lines that are wrong."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from shared.codesets.bundle import CodeSets
from shared.codesets.icd10 import with_edition
from shared.codesets.imports import BadRow, ImportRefused
from shared.codesets.pair_edits import import_pairs
from shared.codesets.published_file import lines_of
from shared.codesets.quarters import quarter_of
from shared.codesets.unit_limits import import_limits


@dataclass(frozen=True, slots=True)
class ReadEdition:
    """``content`` is what ``CodeSets.of_files`` reads; ``entries`` counts the codes, pairs or values."""

    kind: str
    version: str
    effective_from: date
    effective_to: date
    entries: int
    content: bytes


def read_edition(
    codes: CodeSets, kind: str, file: bytes, effective_from: date, effective_to: date | None = None
) -> ReadEdition:
    """The edition that begins on ``effective_from``, as it will be in force over ``codes``.

    ``effective_to`` is for an ICD-10-CM edition that ends otherwise than on the next 30 September. Raises
    ``ImportRefused``, also for an edition that is older than the one in force.
    """
    return READERS[kind](codes, file, effective_from, effective_to)


def _diagnoses(codes: CodeSets, file: bytes, first: date, last: date | None) -> ReadEdition:
    last = last or _end_of_fiscal_year(first)
    if last < codes.diagnoses.effective_to:
        raise _refused(
            "icd10", f"the edition is older than the one in force, which ends {codes.diagnoses.effective_to}"
        )
    table = with_edition(codes.diagnoses, lines_of("icd10", file), first, last)
    return ReadEdition("icd10", _version(first), first, last, table.billable_on(first), table.packed())


def _pairs(codes: CodeSets, file: bytes, first: date, last: date | None) -> ReadEdition:
    version, end = _quarter("ncci", codes.pairs.version, first, last)
    at_hand = {code for edit in codes.pairs.edits() for code in (edit.column1, edit.column2)}
    wanted = frozenset({one.code for one in codes.procedures} | at_hand)
    pairs = import_pairs(lines_of("ncci", file), version, only=wanted)
    if not len(pairs):
        raise _refused("ncci", "no pair is of two procedures that are known here; it is another part of the edition")
    if codes.pairs.version == version:
        pairs = codes.pairs.with_more(pairs)
    return ReadEdition("ncci", version, first, end, len(pairs), pairs.packed())


def _limits(codes: CodeSets, file: bytes, first: date, last: date | None) -> ReadEdition:
    version, end = _quarter("mue", codes.limits.version, first, last)
    limits = import_limits(lines_of("mue", file), version)
    return ReadEdition("mue", version, first, end, len(limits), limits.packed())


READERS: dict[str, Callable[[CodeSets, bytes, date, date | None], ReadEdition]] = {
    "icd10": _diagnoses,
    "ncci": _pairs,
    "mue": _limits,
}
"""By kind."""


def _version(first: date) -> str:
    return f"{first:%Y-%m}"


def _end_of_fiscal_year(first: date) -> date:
    return date(first.year + (first.month >= 10), 9, 30)


def _quarter(kind: str, in_force: str, first: date, last: date | None) -> tuple[str, date]:
    """The version and the last day of a quarterly edition that is not older than the one in force."""
    days = quarter_of(first.isoformat())
    if days is None or days.effective_to is None or last not in {None, days.effective_to}:
        raise _refused(kind, f"{first} is not the first day of a quarter, as 2026-10-01")
    newest = quarter_of(in_force)
    if newest and newest.effective_from and first < newest.effective_from:
        raise _refused(kind, f"the edition is older than the one in force, of {in_force}")
    return _version(first), days.effective_to


def _refused(kind: str, words: str) -> ImportRefused:
    return ImportRefused(kind, (BadRow(0, words),))
