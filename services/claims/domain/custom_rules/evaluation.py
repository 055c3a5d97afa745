"""Whether a condition is met, and by which facts.

An unknown fact meets nothing and fails nothing: what is compared with it is unknown, `not` of the unknown is unknown,
and a rule finds something only where its condition is certainly met. `is_known` is how a rule asks for what is missing.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from services.claims.domain.custom_rules.condition import AllOf, AnyLine, AnyOf, Comparison, Condition
from services.claims.domain.custom_rules.fact import Fact, LineInput, Value
from services.claims.domain.custom_rules.operators import IS_KNOWN
from services.claims.domain.rules.finding import FactMet
from services.claims.domain.scrubber_input.scrubber_input import ScrubberInput

MAX_SHOWN = 12
"""Values of a list that a finding shows."""


@dataclass(frozen=True, slots=True)
class Evaluated:
    """`is_met` is None where a fact is unknown. `because` has the comparisons that decided it."""

    is_met: bool | None
    because: tuple[FactMet, ...] = ()


def evaluate(condition: Condition, context: ScrubberInput, line: LineInput | None = None) -> Evaluated:
    """A condition on a claim, or on one line of it."""
    if isinstance(condition, Comparison):
        return _compare(condition, context, line)
    if isinstance(condition, AllOf):
        return _all(evaluate(part, context, line) for part in condition.parts)
    if isinstance(condition, AnyOf):
        return _any(evaluate(part, context, line) for part in condition.parts)
    if isinstance(condition, AnyLine):
        return _any(evaluate(condition.part, context, one) for one in lines_of(context))
    inner = evaluate(condition.part, context, line)
    return Evaluated(None if inner.is_met is None else not inner.is_met, inner.because)


def lines_of(context: ScrubberInput) -> list[LineInput]:
    """The lines of the claim, numbered from 1."""
    return [LineInput(number, line) for number, line in enumerate(context.claim.lines, 1)]


def _all(parts: Iterable[Evaluated]) -> Evaluated:
    """Failed by one that fails; else unknown by one that is; else met by all together."""
    because: tuple[FactMet, ...] = ()
    is_met: bool | None = True
    for part in parts:
        if part.is_met is False:
            return part
        if part.is_met is None:
            is_met = None
        because = (*because, *part.because)
    return Evaluated(is_met, because)


def _any(parts: Iterable[Evaluated]) -> Evaluated:
    """Met by one that is met; else unknown by one that is; else failed by all together."""
    because: tuple[FactMet, ...] = ()
    is_met: bool | None = False
    for part in parts:
        if part.is_met:
            return part
        if part.is_met is None:
            is_met = None
        because = (*because, *part.because)
    return Evaluated(is_met, because)


def _compare(one: Comparison, context: ScrubberInput, line: LineInput | None) -> Evaluated:
    fact, operator = one.fact, one.operator
    value = fact.read(context, line)
    if value is None and operator.name != IS_KNOWN:
        return Evaluated(None)
    is_met = operator.met(folded(fact, value), one.value)
    met = FactMet(
        fact=fact.name,
        line_number=line.number if line is not None and fact.of_line else None,
        operator=operator.name,
        compared_with=_plain(one.value),
        is_met=is_met,
        value=_plain(value) if fact.shown else None,
        withheld=not fact.shown,
    )
    return Evaluated(is_met, (met,))


def folded(fact: Fact, value: Value) -> Value:
    """A value as it is compared."""
    if isinstance(value, str):
        return fact.fold(value)
    return tuple(map(fact.fold, value)) if isinstance(value, tuple) else value


def _plain(value: Any) -> Any:
    """A value as a finding keeps it."""
    if isinstance(value, tuple):
        return tuple(str(one) for one in value[:MAX_SHOWN])
    return value.isoformat() if isinstance(value, date) else value
