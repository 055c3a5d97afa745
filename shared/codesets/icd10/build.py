"""Builds the packed ICD-10-CM data files from published editions. Run by hand, once a year; nothing imports it.

    python -m shared.codesets.icd10.build ORDER_2021.txt PACKAGES_2025 PACKAGES_2026

The first argument is the order file of fiscal 2021; the others are folders that hold the package simple_icd_10_cm
(MIT) at 1.4.0 and 1.5.0, whose data are the releases of April 2025 and April 2026 (public domain, CDC/NCHS). The
package costs 190 MB at run time, so it is only read here. Code and descriptions are taken, Excludes1 notes become
code patterns.
"""

from __future__ import annotations

import importlib
import re
import sys
import tomllib
import warnings
from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path
from types import ModuleType

from shared.codesets.icd10.excludes import pack_notes
from shared.codesets.icd10.order_file import Edition, OrderRow, read_order_file, table_of

DATA = Path(__file__).parent.parent / "data"
SOURCE = "ICD-10-CM tabular lists and order files, CDC/NCHS and CMS, public domain"
VERSION = "fiscal 2021, 2025 (April 2025) and 2026 (April 2026)"
_IN_BRACKETS = re.compile(r"\(([^()]*)\)")
_CODE = r"[A-Z][0-9][0-9A-Z](?:\.[0-9A-Z]{1,4})?"
_CODES = re.compile(rf"({_CODE})(?:\.?-?\s*-\s*({_CODE}))?")


def package_in(folder: str) -> ModuleType:
    """The package as it lies in one folder, whatever version was loaded before."""
    for name in [name for name in sys.modules if name.startswith("simple_icd_10_cm")]:
        del sys.modules[name]
    sys.path.insert(0, folder)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return importlib.import_module("simple_icd_10_cm")
    finally:
        sys.path.remove(folder)


def rows_of(package: ModuleType) -> tuple[OrderRow, ...]:
    """Every category and code; chapters and blocks are left out although the package calls some of them leaves."""
    rows: dict[str, OrderRow] = {}
    for code in package.get_all_codes(with_dots=False):
        if package.is_category_or_subcategory(code) and "-" not in code:
            rows[code] = OrderRow(code, package.is_leaf(code), package.get_description(code))
    return tuple(rows[code] for code in sorted(rows))


def patterns_of(notes: Iterable[str]) -> list[str]:
    """Code patterns named in the brackets of Excludes1 notes: ``(M54.4-)`` is M544, ``(F45.0-F45.9)`` a range."""
    found: list[str] = []
    for note in notes:
        for inside in _IN_BRACKETS.findall(note):
            for low, high in _CODES.findall(inside):
                pattern = low.replace(".", "") + (":" + high.replace(".", "") if high else "")
                if pattern not in found:
                    found.append(pattern)
    return found


def notes_of(package: ModuleType) -> dict[str, list[str]]:
    """Excludes1 patterns by the place they stand on: a code, or a range for blocks and chapters."""
    notes: dict[str, list[str]] = {}
    for place in package.get_all_codes(with_dots=False):
        patterns = patterns_of(package.get_excludes1(place))
        if package.is_chapter(place):
            children = package.get_children(place)
            place = f"{children[0].split('-')[0]}-{children[-1].split('-')[-1]}"  # noqa: PLW2901 - a chapter's range
        if patterns:
            notes.setdefault(place.replace(".", ""), []).extend(patterns)
    return notes


def known_dates(rows: Iterable[OrderRow]) -> Mapping[str, tuple[date | None, date | None]]:
    """(first day, last day) of the codes whose true dates are known, from the small hand-kept file.

    A first day is used only for a code that the edition before lacks, a last day only for one that the next lacks.
    """
    data = tomllib.loads((DATA / "icd10_known_dates.toml").read_text("utf-8"))
    begins = {start: entry["on"] for entry in data["began"] for start in entry["starts"]}
    ends = {start: entry["on"] for entry in data["ended"] for start in entry["starts"]}
    known: dict[str, tuple[date | None, date | None]] = {}
    for row in rows:
        starts = [row.code[:width] for width in range(len(row.code), 2, -1)] if row.billable else []
        first = next((begins[start] for start in starts if start in begins), None)
        last = next((ends[start] for start in starts if start in ends), None)
        if first or last:
            known[row.code] = (first, last)
    return known


def main(order_2021: str, packages_2025: str, packages_2026: str) -> None:
    """Write both data files."""
    text = Path(order_2021).read_text("latin-1")
    newest = package_in(packages_2026)
    rows_2026, notes = rows_of(newest), notes_of(newest)
    rows_2025, rows_2021 = rows_of(package_in(packages_2025)), tuple(read_order_file(text.splitlines()))
    editions = [
        Edition(date(2020, 10, 1), date(2021, 9, 30), rows_2021),
        Edition(date(2024, 10, 1), date(2025, 9, 30), rows_2025),
        Edition(date(2025, 10, 1), date(2026, 9, 30), rows_2026),
    ]
    packed = table_of(editions, SOURCE, VERSION, known_dates((*rows_2021, *rows_2025, *rows_2026))).packed()
    (DATA / "icd10.gz").write_bytes(packed)
    (DATA / "icd10_excludes1.json.gz").write_bytes(pack_notes(notes, SOURCE, "April 2026"))


if __name__ == "__main__":
    main(*sys.argv[1:4])
