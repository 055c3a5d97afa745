"""A report as CSV: a line of names, one line a group, and last the total; amounts are in the units of their names."""

import csv
from io import StringIO

from services.claims.domain.reports.report import Table

GROUP, TOTAL = "group", "total"


def as_csv(table: Table) -> str:
    """The table as text; empty where JSON has null. The first member says whether a line is a group or the total."""
    names = [one.name for one in table.definition.columns]
    text = StringIO()
    lines = csv.writer(text, lineterminator="\n")
    lines.writerow(["row", *table.members, *names])
    for row in table.rows:
        lines.writerow([GROUP, *row.key, *(row.figures[name] for name in names)])
    lines.writerow([TOTAL, *("" for _ in table.members), *(table.total[name] for name in names)])
    return text.getvalue()
