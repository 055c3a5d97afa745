"""Minutes to units, by both methods, with the arithmetic explained in one sentence.

CMS (Medicare Claims Processing Manual ch. 5 §20.2): the timed minutes of one patient, day and discipline are pooled;
8 to 22 minutes are one unit, 23 to 37 two, and so on. Whole quarter hours go to their own code first, the units left
over to the largest remainders. AMA (substantial portion): each code alone, a remainder of 8 minutes or more is a unit.

Ties between equal remainders are the therapist's choice: the order of the note applies unless ``tie_order`` says
otherwise, and every tie is named in the result.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from shared.plural import counted

UNIT_MINUTES = 15
LEAST_MINUTES = 8
METHODS = ("cms", "ama")


@dataclass(frozen=True, slots=True)
class CodeUnits:
    """Units of one timed code: ``rest`` is the remainder of its minutes after whole quarter hours."""

    code: str
    minutes: int
    units: int

    @property
    def whole(self) -> int:
        """Whole quarter hours in the minutes."""
        return self.minutes // UNIT_MINUTES

    @property
    def rest(self) -> int:
        """Minutes beyond whole quarter hours."""
        return self.minutes % UNIT_MINUTES


@dataclass(frozen=True, slots=True)
class Units:
    """The result: units by code in the note's order, the codes that tied for the last unit, the explanation."""

    method: str
    codes: tuple[CodeUnits, ...]
    ties: tuple[str, ...]
    sentence: str

    @property
    def total(self) -> int:
        """All units."""
        return sum(code.units for code in self.codes)

    @property
    def minutes(self) -> int:
        """All timed minutes."""
        return sum(code.minutes for code in self.codes)

    def of(self, code: str) -> int:
        """Units of one code, 0 for a code without units."""
        return next((entry.units for entry in self.codes if entry.code == code), 0)


def units_in_pool(minutes: int) -> int:
    """Units of pooled minutes by the CMS table: 0 under 8, then one more for every 15 from there."""
    # Adding 7 and dividing by 15 is the table: 7 gives 0, 8 and 22 give 1, 23 and 37 give 2.
    return (minutes + UNIT_MINUTES - LEAST_MINUTES) // UNIT_MINUTES


def units_of(minutes: Mapping[str, int], method: str, tie_order: Sequence[str] = ()) -> Units:
    """Units of timed minutes by code, in the mapping's order.

    Raises ``ValueError`` for a method other than ``cms`` and ``ama`` and for negative minutes: both are mistakes of
    the caller. Codes with no minutes get no units.
    """
    if any(value < 0 for value in minutes.values()):
        raise ValueError("minutes are never negative")
    if method == "cms":
        return _cms(minutes, tie_order)
    if method == "ama":
        return _ama(minutes)
    raise ValueError("the method is neither cms nor ama")


def _ama(minutes: Mapping[str, int]) -> Units:
    # The CMS table over one code's minutes is the AMA's rule: a rest of 8 minutes or more counts as a unit.
    codes = tuple(CodeUnits(code, value, units_in_pool(value)) for code, value in minutes.items())
    parts = [f"{code.code} {counted(code.minutes, 'minute')} = {counted(code.units, 'unit')}" for code in codes]
    sentence = f"each code alone: {'; '.join(parts)}" if parts else "no timed minutes"
    return Units("ama", codes, (), sentence)


def _cms(minutes: Mapping[str, int], tie_order: Sequence[str]) -> Units:
    total = sum(minutes.values())
    by_code = {code: CodeUnits(code, value, value // UNIT_MINUTES) for code, value in minutes.items()}
    # Never more than there are codes: the rests are under 15 minutes each, so none can win twice.
    extra = units_in_pool(total) - sum(entry.units for entry in by_code.values())
    choice = [code for code in tie_order if code in by_code] + [code for code in by_code if code not in tie_order]
    # The sort is stable, so codes with equal rests keep the order of `choice`.
    by_rest = sorted(choice, key=lambda code: -by_code[code].rest)
    winners = by_rest[: max(extra, 0)]
    codes = tuple(CodeUnits(code, entry.minutes, entry.units + (code in winners)) for code, entry in by_code.items())
    ties = _ties(by_code, by_rest, extra)
    return Units("cms", codes, ties, _cms_sentence(codes, winners, ties, total))


def _ties(by_code: Mapping[str, CodeUnits], by_rest: Sequence[str], extra: int) -> tuple[str, ...]:
    """Codes with equal remainders of which only some got a unit."""
    if not 0 < extra < len(by_rest):
        return ()
    last, first_out = by_code[by_rest[extra - 1]].rest, by_code[by_rest[extra]].rest
    if last != first_out:
        return ()
    return tuple(code for code, entry in by_code.items() if entry.rest == last)


def _cms_sentence(codes: Sequence[CodeUnits], winners: Sequence[str], ties: Sequence[str], total: int) -> str:
    if not codes:
        return "no timed minutes"
    pooled = units_in_pool(total)
    sums = " + ".join(str(code.minutes) for code in codes)
    parts = [f"{code.whole * UNIT_MINUTES} whole to {code.code}" for code in codes if code.whole]
    parts += [f"1 more to {code.code} for its rest of {code.rest}" for code in codes if code.code in winners]
    head = f"{sums} = {counted(total, 'minute')}" if len(codes) > 1 else f"{codes[0].code} {counted(total, 'minute')}"
    sentence = f"{head} = {counted(pooled, 'unit')}"
    if parts:
        sentence += ": " + ", ".join(parts)
    if ties:
        sentence += f"; {' and '.join(ties)} tied, and the therapist may choose"
    return sentence
