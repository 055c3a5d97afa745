"""A report drawn as SVG, readable without its colours: every bar and line has its figures beside it in words.

It has a title and a description for who hears it. Of many groups the first are drawn, and how many are not is said.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from xml.sax.saxutils import escape

from services.claims.domain.reports.report import Chart, Column, Measure, ReportGroup, Table
from shared.dates import add_months
from shared.money import format_dollars

WIDTH, MARGIN, LABEL, FIGURE, AXIS = 860, 24, 170, 110, 60
BAR, GAP, LEGEND_LINE, HEAD = 16, 12, 20, 74
PLOT_HEIGHT, FULL = 260, 0.9
MAX_BARS, MAX_LINES, LABEL_LENGTH = 25, 6, 24
COLOURS = ("#1b4965", "#5fa8d3", "#e9b44c", "#d1603d", "#7b2d26", "#4f7942")
INK, FAINT = "#1f2933", "#9aa5b1"
ENTITIES = {'"': "&quot;"}


@dataclass(frozen=True, slots=True)
class Series:
    """One procedure at one payer along the months: (month, value)."""

    label: str
    points: tuple[tuple[str, int], ...]


def as_svg(table: Table) -> str:
    """The drawing, as a whole document."""
    drawn = [one for one in table.definition.columns if one.name in table.definition.drawn]
    marks, bottom = _lines(table, drawn[0]) if table.definition.chart is Chart.LINES else _bars(table, drawn)
    height = bottom + MARGIN
    title, period = table.definition.title, _period(table)
    return "\n".join(
        (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" height="{height}" '
            'role="img" aria-labelledby="title desc" font-family="sans-serif" font-size="12">',
            f'<title id="title">{escape(title)}, {escape(period)}</title>',
            f'<desc id="desc">{escape(_description(table, drawn))}</desc>',
            f'<rect width="{WIDTH}" height="{height}" fill="#ffffff"/>',
            _text(MARGIN, 32, title, size=18),
            _text(MARGIN, 52, period, colour="#52606d"),
            *marks,
            "</svg>\n",
        )
    )


def spoken(value: int | None, unit: Measure) -> str:
    """A figure in words: dollars, per cent, days."""
    if value is None:
        return "none"
    if unit is Measure.CENTS:
        return format_dollars(value)
    if unit is Measure.BASIS_POINTS:
        return f"{value / 100:.1f} %"
    if unit is Measure.TENTHS_OF_DAYS:
        return f"{value / 10:.1f} days"
    return f"{value} days" if unit is Measure.DAYS else f"{value}"


def _period(table: Table) -> str:
    question = table.question
    if not table.definition.period:
        return f"as of {question.as_of}"
    return f"{question.first} to {question.last}, as of {question.as_of}"


def _description(table: Table, drawn: Sequence[Column]) -> str:
    groups = "; ".join(f"{_label(row)}: {_said(row, drawn)}" for row in table.rows[:MAX_BARS])
    more = _more(table)
    return f"{table.definition.definition} {groups or 'There is nothing to show'}.{f' {more}' if more else ''}"


def _said(row: ReportGroup, drawn: Sequence[Column]) -> str:
    return ", ".join(f"{_name(one)} {spoken(row.figures[one.name], one.unit)}" for one in drawn)


def _more(table: Table) -> str:
    count = table.left_out + max(0, len(table.rows) - MAX_BARS)
    return f"{count} more groups are not drawn." if count else ""


def _label(row: ReportGroup) -> str:
    return " ".join(row.key)


def _name(column: Column) -> str:
    """A figure's name without its unit."""
    return column.name.removesuffix(f"_{column.unit.value}").replace("_", " ")


def _bars(table: Table, drawn: Sequence[Column]) -> tuple[list[str], int]:
    """A bar a group, or one for each figure of it, and where they end."""
    stacked = table.definition.chart is Chart.STACKED
    marks, top = _legend([_name(one) for one in drawn])
    rows, first = table.rows[:MAX_BARS], top - 4
    least, most = _reach(rows, drawn, stacked=stacked)
    start, width = MARGIN + LABEL, WIDTH - 2 * MARGIN - LABEL - FIGURE
    zero = start + round(width * -least / (most - least))
    for row in rows:
        marks.append(_text(start - 8, top + BAR - 4, _short(_label(row)), anchor="end"))
        ends = {1: zero, -1: zero}
        for place, column in enumerate(drawn):
            value = row.figures[column.name] or 0
            sign, length = (1 if value >= 0 else -1), round(width * abs(value) / (most - least))
            begin = ends[sign] if stacked else zero
            marks.append(_rect(begin if sign > 0 else begin - length, top, length, COLOURS[place % len(COLOURS)]))
            ends[sign] = begin + sign * length
            if not stacked:
                marks.append(_text(WIDTH - MARGIN, top + BAR - 4, spoken(row.figures[column.name], column.unit), "end"))
                top += BAR + 2
        if stacked:
            total = row.figures[table.definition.rank]
            marks.append(_text(WIDTH - MARGIN, top + BAR - 4, spoken(total, drawn[0].unit), "end"))
            top += BAR + 2
        top += GAP
    marks.append(f'<line x1="{zero}" y1="{first}" x2="{zero}" y2="{top}" stroke="{INK}"/>')
    marks += [_text(MARGIN, top + 16, words) for words in (_closing(table),) if words]
    return marks, top + 20


def _closing(table: Table) -> str:
    return _more(table) if table.rows else "There is nothing to show."


def _reach(rows: Sequence[ReportGroup], drawn: Sequence[Column], *, stacked: bool) -> tuple[int, int]:
    """The least and the most that a bar reaches, never the same."""
    values = [[row.figures[one.name] or 0 for one in drawn] for row in rows]
    if stacked:
        ends = [sum(value for value in of_row if value * sign > 0) for of_row in values for sign in (1, -1)]
    else:
        ends = [value for of_row in values for value in of_row]
    return min([0, *ends]), max([0, *ends]) or 1


def _lines(table: Table, column: Column) -> tuple[list[str], int]:
    """A line for each procedure and payer along the months, and where it ends."""
    series = list(_series(table, column))
    shown = series[:MAX_LINES]
    months = _months([month for one in shown for month, _ in one.points])
    marks, top = _legend([_from_first_to_last(one, column) for one in shown], columns=2)
    most = max((value for one in shown for _, value in one.points), default=0) or 1
    start, floor = MARGIN + AXIS, top + PLOT_HEIGHT
    width = WIDTH - MARGIN - 40 - start
    across = {month: start + round(width * place / max(1, len(months) - 1)) for place, month in enumerate(months)}
    for share in (0, 1):
        height = floor - round(PLOT_HEIGHT * share * FULL)
        marks.append(f'<line x1="{start}" y1="{height}" x2="{start + width}" y2="{height}" stroke="{FAINT}"/>')
        marks.append(_text(start - 8, height + 4, spoken(most * share, column.unit), "end"))
    marks += [_text(across[month], floor + 18, month, "middle") for month in months[:: len(months) // 9 + 1]]
    for place, one in enumerate(shown):
        colour = COLOURS[place]
        points = [(across[month], floor - round(PLOT_HEIGHT * FULL * value / most)) for month, value in one.points]
        path = " ".join(f"{x},{y}" for x, y in points)
        marks.append(f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2"/>')
        marks += [f'<circle cx="{x}" cy="{y}" r="3.5" fill="{colour}"/>' for x, y in points]
    hidden = len(series) - len(shown)
    words = f"{hidden} more lines are not drawn." if hidden else _closing(table)
    if words:
        marks.append(_text(MARGIN, floor + 38, words))
    return marks, floor + 42


def _months(seen: Sequence[str]) -> list[str]:
    """Every month from the first to the last, also those without a point."""
    if not seen:
        return []
    first, last = (date.fromisoformat(f"{month}-01") for month in (min(seen), max(seen)))
    count = (last.year - first.year) * 12 + last.month - first.month + 1
    return [add_months(first, step).isoformat()[: len("2026-03")] for step in range(count)]


def _from_first_to_last(series: Series, column: Column) -> str:
    first, last = (spoken(series.points[place][1], column.unit) for place in (0, -1))
    return f"{series.label}: {first}" if len(series.points) == 1 else f"{series.label}: {first} to {last}"


def _series(table: Table, column: Column) -> Iterator[Series]:
    points: dict[tuple[str, ...], list[tuple[str, int]]] = {}
    for row in table.rows:
        value = row.figures[column.name]
        if value is not None:
            points.setdefault(row.key[:-1], []).append((row.key[-1], value))
    for key, found in points.items():
        yield Series(" ".join(key), tuple(found))


def _legend(names: Sequence[str], *, columns: int = 3) -> tuple[list[str], int]:
    """What each colour is, and where the drawing begins below."""
    marks = []
    for place, name in enumerate(names):
        x = MARGIN + place % columns * ((WIDTH - 2 * MARGIN) // columns)
        y = HEAD + place // columns * LEGEND_LINE
        marks.append(_rect(x, y - 10, 12, COLOURS[place % len(COLOURS)], 12))
        marks.append(_text(x + 18, y, name))
    return marks, HEAD + -(-len(names) // columns) * LEGEND_LINE + 8


def _rect(x: int, y: int, width: int, colour: str, height: int = BAR) -> str:
    return f'<rect x="{x}" y="{y}" width="{width}" height="{height}" fill="{colour}"/>'


def _text(x: int, y: int, words: str, anchor: str = "start", *, size: int = 12, colour: str = INK) -> str:
    return (
        f'<text x="{x}" y="{y}" text-anchor="{anchor}" font-size="{size}" fill="{colour}">{escape(words, ENTITIES)}'
        "</text>"
    )


def _short(label: str) -> str:
    return label if len(label) <= LABEL_LENGTH else f"{label[: LABEL_LENGTH - 1]}…"
