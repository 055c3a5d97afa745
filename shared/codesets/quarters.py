"""The quarterly editions of Medicare's edits, by the first month of their quarter: ``2026-10``."""

from __future__ import annotations

import re
from datetime import date, timedelta

from shared.dates import DateRange, add_months

_QUARTER = re.compile(r"(20\d\d)-(01|04|07|10)(?:-01)?", re.ASCII)


def quarter_of(version: str) -> DateRange | None:
    """The days of the quarter that an edition is published for, or None for a version that names no quarter."""
    found = _QUARTER.fullmatch(version)
    if found is None:
        return None
    first = date(int(found[1]), int(found[2]), 1)
    return DateRange(first, add_months(first, 3) - timedelta(days=1))
