"""Which lines of a visit a claim bills, where more than one claim bills it.

A visit's lines are made of its whole note, so that minutes become units as if there were one claim. Then each claim
takes its own: one claim what it names (`here`), and one claim all that no other one has named (`elsewhere`), so that
nothing of the note is on no claim or on two. Both are units by procedure; None is all that the visit has.

A line that becomes several keeps its sums: units, minutes, cents.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import count

from services.claims.domain.scrubber_input import ProfessionalServiceLine
from shared.plural import counted

Lines = tuple[ProfessionalServiceLine, ...]
Shares = Mapping[str, int | None]


def lines_here(lines: Sequence[ProfessionalServiceLine], here: Shares, elsewhere: Shares) -> Lines:
    """The lines that this claim bills of a visit's, each with the units that it has here."""
    found = zip(lines, _units_here(lines, here, elsewhere), strict=True)
    return tuple(_of_units(line, 0, units) for line, units in found if units)


def said_of_others(lines: Sequence[ProfessionalServiceLine], here: Shares, elsewhere: Shares) -> str:
    """A sentence about the units that the visit's other claims bill; empty where there are none."""
    own = zip(lines, _units_here(lines, here, elsewhere), strict=True)
    others = ((line, line.units - units) for line, units in own)
    parts = [f"{counted(units, 'unit')} of {line.procedure_code}" for line, units in others if units]
    return f" Another claim of the visit bills {' and '.join(parts)}." if parts else ""


def divided(line: ProfessionalServiceLine, units: Sequence[int]) -> Lines:
    """One line as several, of so many units each, which together are the line's."""
    starts = [sum(units[:place]) for place in range(len(units))]
    return tuple(_of_units(line, start, some) for start, some in zip(starts, units, strict=True))


def units_apart(lines: Sequence[ProfessionalServiceLine]) -> Lines:
    """Each unit as a line of its own, as some payers want it."""
    return tuple(part for line in lines for part in divided(line, [1] * line.units))


def shares_of(lines: Iterable[ProfessionalServiceLine]) -> dict[str, int]:
    """The units of some lines by procedure."""
    found: dict[str, int] = {}
    for line in lines:
        found[line.procedure_code] = found.get(line.procedure_code, 0) + line.units
    return found


def together(some: Iterable[Shares]) -> dict[str, int | None]:
    """What several claims name, as one."""
    found: dict[str, int | None] = {}
    for shares in some:
        for code, units in shares.items():
            before = found.get(code, 0)
            found[code] = None if units is None or before is None else before + units
    return found


def line_names(lines: Sequence[ProfessionalServiceLine]) -> list[str]:
    """What tells the lines of a claim apart from one submission to the next: the procedure, and of a procedure with
    several lines which of them."""
    seen: dict[str, int] = {}
    names = []
    for line in lines:
        place = seen[line.procedure_code] = seen.get(line.procedure_code, 0) + 1
        names.append(line.procedure_code if place == 1 else f"{line.procedure_code}#{place}")
    return names


def numbered(lines: Lines, numbers: Mapping[str, int]) -> Lines:
    """Each line with the number that it had in earlier submissions, by its name, a new one with the next that is free.
    Without earlier submissions a line's number is its place."""
    if not numbers:
        return lines
    free = count(max(numbers.values()) + 1)
    named = zip(lines, line_names(lines), strict=True)
    return tuple(replace(line, number=numbers.get(name) or next(free)) for line, name in named)


def _units_here(lines: Sequence[ProfessionalServiceLine], here: Shares, elsewhere: Shares) -> list[int]:
    """The units of each line that this claim bills. Those that are named are taken from a procedure's first line on,
    where two therapists have one each."""
    named = dict(here or elsewhere)
    found = []
    for line in lines:
        left = named.get(line.procedure_code, 0)
        taken = line.units if left is None else min(left, line.units)
        if left is not None:
            named[line.procedure_code] = left - taken
        found.append(taken if here else line.units - taken)
    return found


def _of_units(line: ProfessionalServiceLine, start: int, units: int) -> ProfessionalServiceLine:
    """Some units of a line, from one on: its minutes and its charge in proportion, so that all parts are the whole."""
    if units == line.units:
        return line

    def share(whole: int) -> int:
        return whole * (start + units) // line.units - whole * start // line.units

    minutes = None if line.minutes is None else share(line.minutes)
    return replace(line, units=units, charge_cents=share(line.charge_cents), minutes=minutes)
