"""The dated ICD-10-CM table: is this diagnosis billable on this day?

Rules kept here: the answer depends on the date of service and never on today; a header is never billable; a day
outside the editions at hand, or in a gap between two editions of which we know too little, is said to be so and is
neither valid nor invalid. The table is three flat byte strings searched by bisection, because a dictionary of
75,000 codes would cost ten times the memory.
"""

from __future__ import annotations

import gzip
import json
from array import array
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

CODE_WIDTH = 7
MAX_TERMS = 255
NEVER_BILLABLE = 0
"""Term 0 marks a row that was a header in every edition at hand."""


class Validity(StrEnum):
    """What the table knows of one code on one day."""

    VALID = "valid"
    HEADER = "header"
    ENDED = "ended"
    NOT_YET = "not_yet"
    UNKNOWN = "unknown"
    UNCERTAIN = "uncertain"
    """The code began or ended somewhere between two editions at hand, and the day lies between them."""
    OUTSIDE_EDITION = "outside_edition"


@dataclass(frozen=True, slots=True)
class Term:
    """When a code was billable: surely from ``first_sure`` to ``last_sure``, perhaps from ``first`` to ``last``."""

    first: date
    first_sure: date
    last_sure: date
    last: date

    def as_list(self) -> list[str]:
        """Four ISO dates, as the data file keeps them."""
        return [day.isoformat() for day in (self.first, self.first_sure, self.last_sure, self.last)]


@dataclass(frozen=True, slots=True)
class DiagnosisStatus:
    """One code on one day. ``billable_*`` are the sure dates, None where it never was or is open-ended."""

    code: str
    validity: Validity
    description: str
    billable_from: date | None = None
    billable_to: date | None = None
    edition_from: date | None = None
    edition_to: date | None = None
    last_known: Validity | None = None
    """The same for the last day that the editions at hand know, where the day asked for is later; None otherwise."""

    @property
    def valid(self) -> bool:
        """True only when the code is surely billable on the day."""
        return self.validity is Validity.VALID


def without_dot(code: str) -> str:
    """A diagnosis code without dot and spaces, in upper case, as X12 has it."""
    return code.replace(".", "").strip().upper()


def dotted(code: str) -> str:
    """A diagnosis code as people write it: ``M5450`` is ``M54.50``."""
    bare = without_dot(code)
    return f"{bare[:3]}.{bare[3:]}" if len(bare) > 3 else bare


class DiagnosisTable:
    """All codes of the editions at hand. Immutable after it is made; look-up is a bisection of about 5 µs."""

    def __init__(self, header: dict[str, object], codes: bytes, terms: bytes, texts: bytes) -> None:
        self._codes = codes
        self._terms = terms
        self._texts = texts
        self._starts: array[int] | None = None
        self._term_list = _terms_of(header)
        self._header = header
        self.source = str(header["source"])
        self.version = str(header["version"])
        self.effective_from = date.fromisoformat(str(header["effective_from"]))
        self.effective_to = date.fromisoformat(str(header["effective_to"]))

    def __len__(self) -> int:
        return len(self._terms)

    def row(self, code: str) -> int | None:
        """The row of a code with or without dot, or None."""
        bare = without_dot(code)
        row = self._lower_bound(bare)
        return row if row < len(self) and self.code_at(row) == bare else None

    def _lower_bound(self, bare: str) -> int:
        wanted = bare.encode("ascii", "replace").ljust(CODE_WIDTH)
        codes, low, high = self._codes, 0, len(self._terms)
        while low < high:
            middle = (low + high) // 2
            start = middle * CODE_WIDTH
            if codes[start : start + CODE_WIDTH] < wanted:
                low = middle + 1
            else:
                high = middle
        return low

    def code_at(self, row: int) -> str:
        """The code of a row, without the dot."""
        start = row * CODE_WIDTH
        return self._codes[start : start + CODE_WIDTH].rstrip().decode("ascii")

    def description_at(self, row: int) -> str:
        """The long description of a row."""
        starts = self.text_starts()
        return self._texts[starts[row] : starts[row + 1] - 1].decode("utf-8")

    def term_at(self, row: int) -> Term | None:
        """When the row's code was billable, or None for a header."""
        index = self._terms[row]
        return None if index == NEVER_BILLABLE else self._term_list[index]

    def text_starts(self) -> array[int]:
        """Where each description starts in ``texts``; made at the first use, since most callers only ask validity."""
        if self._starts is None:
            starts, at = array("I", [0]), 0
            for line in self._texts.splitlines(keepends=True):
                at += len(line)
                starts.append(at)
            self._starts = starts
        return self._starts

    @property
    def texts(self) -> bytes:
        """All descriptions, one a line, in the order of the rows."""
        return self._texts

    def description(self, code: str) -> str:
        """The long description of a code, or ""."""
        row = self.row(code)
        return "" if row is None else self.description_at(row)

    def status(self, code: str, on: date) -> DiagnosisStatus:
        """What is known of ``code`` on the day ``on``. Never raises for a code of any shape."""
        bare = without_dot(code)
        row = self.row(bare)
        later = on > self.effective_to
        if row is None:
            inside = self.effective_from <= on <= self.effective_to
            validity = Validity.UNKNOWN if inside else Validity.OUTSIDE_EDITION
            known = Validity.UNKNOWN if later else None
            return DiagnosisStatus(bare, validity, "", None, None, self.effective_from, self.effective_to, known)
        term = self.term_at(row)
        return DiagnosisStatus(
            code=bare,
            validity=self._validity(term, on),
            last_known=self._validity(term, self.effective_to) if later else None,
            description=self.description_at(row),
            billable_from=term.first_sure if term and term.first_sure > self.effective_from else None,
            billable_to=term.last_sure if term and term.last_sure < self.effective_to else None,
            edition_from=self.effective_from,
            edition_to=self.effective_to,
        )

    def last_known_day(self, on: date) -> date:
        """The day as of which a code is judged: ``on``, or the last that the editions at hand know, where it is
        later."""
        return min(on, self.effective_to)

    def packed(self) -> bytes:
        """The data file of this table; ``unpack`` makes the same table of it."""
        rows = [(self.code_at(row), self._terms[row], self.description_at(row)) for row in range(len(self))]
        return pack(self._header, rows)

    def _validity(self, term: Term | None, on: date) -> Validity:
        if not self.effective_from <= on <= self.effective_to:
            return Validity.OUTSIDE_EDITION
        if term is None:
            return Validity.HEADER
        if term.first_sure <= on <= term.last_sure:
            return Validity.VALID
        if on < term.first:
            return Validity.NOT_YET
        return Validity.ENDED if on > term.last else Validity.UNCERTAIN

    def is_valid(self, code: str, on: date) -> bool:
        """True when the code is surely billable on the day; faster than ``status`` by the description."""
        row = self.row(code)
        return row is not None and self._validity(self.term_at(row), on) is Validity.VALID

    def below(self, code: str, on: date, limit: int = 50) -> list[str]:
        """Billable codes under a header on a day, in order, ``limit`` at most."""
        bare = without_dot(code)
        found: list[str] = []
        for row in self.rows_below(bare):
            if len(found) == limit:
                break
            if self._validity(self.term_at(row), on) is Validity.VALID:
                found.append(self.code_at(row))
        return found

    def rows_below(self, bare: str) -> Iterator[int]:
        """Rows whose code starts with ``bare``, itself left out."""
        row = self._lower_bound(bare)
        while row < len(self) and self.code_at(row).startswith(bare):
            if self.code_at(row) != bare:
                yield row
            row += 1

    def billable_on(self, on: date) -> int:
        """How many codes are surely billable on a day."""
        good = {index for index, term in enumerate(self._term_list) if term and term.first_sure <= on <= term.last_sure}
        return sum(1 for index in self._terms if index in good)


def _terms_of(header: dict[str, object]) -> list[Term | None]:
    raw = header["terms"]
    if not isinstance(raw, list):
        raise TypeError("the table's header has no list of terms")
    return [None, *(Term(*(date.fromisoformat(day) for day in days)) for days in raw)]


def pack(header: dict[str, object], rows: list[tuple[str, int, str]]) -> bytes:
    """The gzipped data file of sorted (code, term index, description) rows; the same rows give the same bytes."""
    if len(rows) and max(term for _, term, _ in rows) > MAX_TERMS:
        raise ValueError("the editions at hand give more lives of codes than a table can hold")
    codes = b"".join(code.encode("ascii").ljust(CODE_WIDTH) for code, _, _ in rows)
    terms = bytes(term for _, term, _ in rows)
    texts = b"".join(text.encode("utf-8") + b"\n" for _, _, text in rows)
    head = json.dumps({**header, "rows": len(rows)}, sort_keys=True).encode("ascii") + b"\n"
    return gzip.compress(head + codes + terms + texts, compresslevel=9, mtime=0)


def unpack(data: bytes) -> DiagnosisTable:
    """The table of a packed data file."""
    whole = gzip.decompress(data)
    end = whole.index(b"\n") + 1
    header = json.loads(whole[:end])
    count = int(header["rows"])
    codes_end = end + count * CODE_WIDTH
    return DiagnosisTable(
        header, whole[end:codes_end], whole[codes_end : codes_end + count], whole[codes_end + count :]
    )
