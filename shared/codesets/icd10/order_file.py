"""Reading the yearly ICD-10-CM order file and laying one edition over what is at hand.

Layout (fixed width, as CMS and CDC publish it): order number 1-5, code 7-13, billable flag 15, short title 17-76,
long title from 78. An import is all or nothing: one bad row and no row is taken, and every bad row is named by its
line. Order numbers count the rows, so a piece that is missing shows. A later edition may be laid over a table whose
editions stop earlier; when it is the very next one, codes begin on its first day; when editions between are missing,
the table remembers that it does not know from when.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from shared.codesets.icd10.table import DiagnosisTable, Term, pack, unpack
from shared.codesets.imports import MAX_BAD_ROWS, BadRow, ImportRefused

MAX_ROWS = 200_000
MAX_LINE = 600
CATEGORY_WIDTH = 3
_CODE = re.compile(r"[A-TV-Z][0-9][0-9A-Z][0-9A-Z]{0,4}|U[0-9][0-9A-Z][0-9A-Z]{0,4}", re.ASCII)


@dataclass(frozen=True, slots=True)
class OrderRow:
    """One row of an order file."""

    code: str
    billable: bool
    description: str


def _row(line: str) -> OrderRow | str:
    """The row of a line, or the sentence that says what is wrong with it."""
    code, flag = line[6:13].strip(), line[14:15]
    text = line[77:].strip() or line[16:76].strip()
    if not line[:5].strip().isdigit():
        return "columns 1-5 are not an order number"
    if not _CODE.fullmatch(code):
        return "columns 7-13 are not an ICD-10-CM code without its dot"
    if flag not in {"0", "1"}:
        return "column 15 is neither 0 (header) nor 1 (billable)"
    return OrderRow(code, flag == "1", text) if text else "the row has no description"


def read_order_file(lines: Iterable[str]) -> list[OrderRow]:
    """All rows, sorted by code. Raises ``ImportRefused`` with every bad row (100 at most) and takes nothing then."""
    rows: dict[str, OrderRow] = {}
    bad: list[BadRow] = []
    order = 0
    for number, raw in enumerate(lines, start=1):
        line = raw.rstrip("\r\n").removeprefix("\ufeff")
        if not line.strip():
            continue
        row, order = _row(line) if len(line) <= MAX_LINE else "the line is longer than any row of this file", order + 1
        if isinstance(row, str):
            bad.append(BadRow(number, row))
        elif row.code in rows:
            bad.append(BadRow(number, "the code stands in the file a second time"))
        elif int(line[:5]) != order:
            bad.append(BadRow(number, f"order number {order} is missing before this row"))
        else:
            rows[row.code] = row
        order = order if isinstance(row, str) else int(line[:5])
        if len(bad) >= MAX_BAD_ROWS or number > MAX_ROWS:
            break
    if bad or not rows:
        raise ImportRefused("icd10", tuple(bad) or (BadRow(0, "the file has no rows"),))
    return [rows[code] for code in sorted(rows)]


@dataclass(frozen=True, slots=True)
class Edition:
    """One published edition: its rows and the days it speaks for."""

    effective_from: date
    effective_to: date
    rows: tuple[OrderRow, ...]


@dataclass(slots=True)
class _Life:
    """A code's life while editions are laid over one another."""

    text: str
    term: Term | None


def table_of(
    editions: list[Edition], source: str, version: str, known: Mapping[str, tuple[date | None, date | None]]
) -> DiagnosisTable:
    """One table of several editions, oldest first.

    ``known`` gives (first day, last day) for codes whose true dates are known although an edition between is
    missing; it narrows what the editions alone leave uncertain and changes nothing else: a day outside the gap is
    not of that change and is not used.
    """
    lives: dict[str, _Life] = {}
    previous: Edition | None = None
    for edition in editions:
        _lay(lives, edition, previous, known)
        previous = edition
    header = {"source": source, "version": version, "effective_from": editions[0].effective_from.isoformat()}
    return _packed(lives, {**header, "effective_to": editions[-1].effective_to.isoformat()})


def _lay(
    lives: dict[str, _Life],
    edition: Edition,
    previous: Edition | None,
    known: Mapping[str, tuple[date | None, date | None]],
) -> None:
    day = timedelta(days=1)
    gap_from = edition.effective_from if previous is None else previous.effective_to + day
    seen: set[str] = set()
    for row in edition.rows:
        life = lives.setdefault(row.code, _Life(row.description, None))
        life.text = row.description
        if not row.billable:
            continue
        seen.add(row.code)
        if life.term is not None and previous is not None and life.term.last == previous.effective_to:
            life.term = Term(life.term.first, life.term.first_sure, edition.effective_to, edition.effective_to)
            continue
        begins = known.get(row.code, (None, None))[0] if previous else None
        inside = begins is not None and gap_from <= begins <= edition.effective_from
        first, sure = (begins, begins) if begins and inside else (gap_from, edition.effective_from)
        life.term = Term(first, sure, edition.effective_to, edition.effective_to)
    if previous is None:
        return
    for code, life in lives.items():
        if life.term is not None and code not in seen and life.term.last == previous.effective_to:
            ends = known.get(code, (None, None))[1]
            inside = ends is not None and previous.effective_to <= ends < edition.effective_from
            sure, last = (ends, ends) if ends and inside else (previous.effective_to, edition.effective_from - day)
            life.term = Term(life.term.first, life.term.first_sure, sure, last)


def _packed(lives: dict[str, _Life], header: dict[str, object]) -> DiagnosisTable:
    terms: dict[Term, int] = {}
    rows = []
    for code in sorted(lives):
        term = lives[code].term
        index = 0 if term is None else terms.setdefault(term, len(terms) + 1)
        rows.append((code, index, lives[code].text))
    return unpack(pack({**header, "terms": [term.as_list() for term in terms]}, rows))


def _refuse_cut_short(table: DiagnosisTable, rows: list[OrderRow]) -> None:
    """Every letter and the last category of the table at hand are in a whole edition; what lacks one was cut short, and
    would end all codes behind the cut."""
    at_hand = {table.code_at(row)[:CATEGORY_WIDTH] for row in range(len(table))}
    given = {row.code[:CATEGORY_WIDTH] for row in rows}
    lacking = sorted({code[0] for code in at_hand} - {code[0] for code in given})
    if lacking:
        words = f"the file has no code that begins with {', '.join(lacking)}"
    elif max(given) < max(at_hand):
        words = f"the file ends at {max(given)}, before {max(at_hand)}"
    else:
        return
    raise ImportRefused("icd10", (BadRow(0, f"{words}; it was cut short"),))


def with_edition(
    table: DiagnosisTable, lines: Iterable[str], effective_from: date, effective_to: date
) -> DiagnosisTable:
    """A new table: the one at hand with one more edition over it. The old one is not touched.

    Raises ``ImportRefused`` for bad rows, for a file that was cut short, and for an edition that does not begin after
    the newest one began. An April update begins within the newest edition and ends it early.
    """
    rows = read_order_file(lines)
    _refuse_cut_short(table, rows)
    if not table.effective_from < effective_from <= effective_to:
        raise ImportRefused("icd10", (BadRow(0, "the edition's days do not follow the editions at hand"),))
    end = min(table.effective_to, effective_from - timedelta(days=1))
    lives = {}
    for row in range(len(table)):
        term = table.term_at(row)
        if term is not None and term.last == table.effective_to:
            term = Term(term.first, term.first_sure, end, end)
        lives[table.code_at(row)] = _Life(table.description_at(row), term)
    _lay(lives, Edition(effective_from, effective_to, tuple(rows)), Edition(table.effective_from, end, ()), {})
    version = f"{table.version} + order file in force from {effective_from}"
    header: dict[str, object] = {"source": table.source, "version": version}
    header |= {"effective_from": table.effective_from.isoformat(), "effective_to": effective_to.isoformat()}
    return _packed(lives, header)
