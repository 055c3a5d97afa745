"""Reading a condition from JSON: what is wrong with it is said with a pointer, a reason and a fix.

    {"all": [...]}  {"any": [...]}  {"not": {...}}  {"any_line": {...}}
    {"fact": "line.units", "operator": "greater_than", "value": 4}

Every size has a limit, so that a check stays quick whatever somebody writes.
"""

from __future__ import annotations

import difflib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from services.claims.domain.custom_rules.fact import Fact, FactType, Value
from services.claims.domain.custom_rules.facts import FACTS
from services.claims.domain.custom_rules.operators import OPERATORS, Operator, Wants
from shared.errors import Fault
from shared.money import MAX_AMOUNT_CENTS

MAX_DEPTH = 6
MAX_COMPARISONS = 40
MAX_BRANCHES = 20
MAX_VALUES = 100
MAX_TEXT_LENGTH = 60
MAX_FAULTS = 20
MIN_NUMBER = -MAX_AMOUNT_CENTS
COMPARISON = frozenset({"fact", "operator", "value"})


@dataclass(frozen=True, slots=True)
class Comparison:
    """One fact and what it is compared with. Texts of `value` are folded as the fact's are."""

    fact: Fact
    operator: Operator
    value: Any


@dataclass(frozen=True, slots=True)
class AllOf:
    """Met when each part is."""

    parts: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class AnyOf:
    """Met when a part is."""

    parts: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class Not:
    """Met when its part is not; what is unknown stays unknown."""

    part: Condition


@dataclass(frozen=True, slots=True)
class AnyLine:
    """Met when one line of the claim meets its part."""

    part: Condition


Condition = Comparison | AllOf | AnyOf | Not | AnyLine


def read_condition(
    data: Any, *, per_line: bool, facts: Mapping[str, Fact] = FACTS
) -> tuple[Condition | None, list[Fault]]:
    """The condition, and what is wrong with it; None where it cannot be read. With `per_line` it is asked of each line
    by itself. Pointers are relative to the condition."""
    reader = _Reader(facts)
    condition = reader.read(data, "", 1, on_line=per_line)
    if reader.comparisons > MAX_COMPARISONS:
        text = f"It has {reader.comparisons} comparisons."
        fix = f"Write at most {MAX_COMPARISONS}, or several rules; `in` compares with a whole list at once."
        reader.refuse("", "condition_too_large", text, fix)
    return condition, reader.faults


@dataclass
class _Reader:
    """One condition being read, the faults found so far, and how many comparisons it has."""

    facts: Mapping[str, Fact]
    faults: list[Fault] = field(default_factory=list)
    comparisons: int = 0

    def refuse(self, pointer: str, code: str, message: str, fix: str) -> None:
        if len(self.faults) < MAX_FAULTS:
            self.faults.append(Fault(pointer, code, message, fix))

    def read(self, data: Any, pointer: str, depth: int, *, on_line: bool) -> Condition | None:
        if depth > MAX_DEPTH:
            fix = "Take out `all` and `any` with one part, or write several rules."
            self.refuse(pointer, "condition_too_deep", f"It is nested deeper than {MAX_DEPTH}.", fix)
            return None
        if not isinstance(data, dict):
            self.refuse(pointer, "condition_not_object", "A condition is a JSON object.", _FORMS)
            return None
        if "fact" in data:
            return self._comparison(data, pointer, on_line=on_line)
        if len(data) != 1 or next(iter(data)) not in _NODES:
            self.refuse(pointer, "condition_form_unknown", "It is no condition of a known form.", _FORMS)
            return None
        name, inner = next(iter(data.items()))
        return _NODES[name](self, inner, f"{pointer}/{name}", depth, on_line)

    def several(
        self, make: Callable[[tuple[Condition, ...]], Condition], data: Any, pointer: str, depth: int, on_line: bool
    ) -> Condition | None:
        """The parts of `all` or `any`."""
        if not isinstance(data, list) or not 1 <= len(data) <= MAX_BRANCHES:
            fix = f"Write a list of 1 to {MAX_BRANCHES} conditions."
            self.refuse(pointer, "condition_list_size", "It is no list of that many conditions.", fix)
            return None
        read = [self.read(one, f"{pointer}/{place}", depth + 1, on_line=on_line) for place, one in enumerate(data)]
        parts = tuple(one for one in read if one is not None)
        return make(parts) if len(parts) == len(data) else None

    def one(self, make: Callable[[Condition], Condition], data: Any, pointer: str, depth: int, on_line: bool) -> Any:
        """The part of `not` or `any_line`."""
        part = self.read(data, pointer, depth + 1, on_line=on_line)
        return make(part) if part is not None else None

    def _comparison(self, data: dict[str, Any], pointer: str, *, on_line: bool) -> Comparison | None:
        self.comparisons += 1
        if set(data) != COMPARISON:
            wanted = "It has `fact`, `operator` and `value`, each once, and nothing else."
            self.refuse(pointer, "comparison_members", "The members of this comparison are not those.", wanted)
            return None
        fact = self._known(self.facts, data["fact"], f"{pointer}/fact", "fact")
        operator = self._known(OPERATORS, data["operator"], f"{pointer}/operator", "operator")
        if fact is not None and fact.of_line and not on_line:
            fix = 'Put it below `any_line`, or ask each line by itself (`"applies_to": "line"`).'
            self.refuse(f"{pointer}/fact", "fact_of_line", "This is a fact of a line, and no line is named.", fix)
        if fact is None or operator is None:
            return None
        if fact.type not in operator.types:
            takes = ", ".join(one.name for one in OPERATORS.values() if fact.type in one.types)
            text = f"A {fact.type} is not compared like this."
            self.refuse(f"{pointer}/operator", "operator_of_other_type", text, f"It takes {takes}.")
            return None
        return self._with_value(fact, operator, data["value"], f"{pointer}/value")

    def _known(self, known: Mapping[str, Any], name: Any, pointer: str, what: str) -> Any:
        found = known.get(name) if isinstance(name, str) else None
        if found is None:
            near = difflib.get_close_matches(name[:MAX_TEXT_LENGTH], known, n=1) if isinstance(name, str) else []
            fix = f"Did you mean {near[0]}?" if near else f"GET /v1/custom-rules/facts lists each {what}."
            self.refuse(pointer, f"{what}_unknown", f"There is no such {what}.", fix)
        return found

    def _with_value(self, fact: Fact, operator: Operator, value: Any, pointer: str) -> Comparison | None:
        before = len(self.faults)
        read: Any = None
        if operator.wants is Wants.FLAG:
            if isinstance(value, bool):
                read = value
            else:
                self.refuse(
                    pointer, "value_of_other_type", "This operator wants true or false.", "Write true or false."
                )
        elif operator.wants is Wants.ONE:
            read = self._single(fact, operator, value, pointer)
        else:
            read = self._values(fact, operator, value, pointer)
        return Comparison(fact, operator, read) if len(self.faults) == before else None

    def _values(self, fact: Fact, operator: Operator, value: Any, pointer: str) -> tuple[Value, ...]:
        low, high = (2, 2) if operator.wants is Wants.RANGE else (1, MAX_VALUES)
        if not isinstance(value, list) or not low <= len(value) <= high:
            count = "two values, the lower first" if operator.wants is Wants.RANGE else f"1 to {MAX_VALUES} values"
            self.refuse(pointer, "value_list_size", "This operator wants a list.", f"Write a list of {count}.")
            return ()
        before = len(self.faults)
        read: list[Any] = [self._single(fact, operator, one, f"{pointer}/{at}") for at, one in enumerate(value)]
        if operator.wants is Wants.RANGE and len(self.faults) == before and read[0] > read[1]:
            self.refuse(pointer, "range_reversed", "Nothing lies in this range.", "Write the lower value first.")
        return tuple(read)

    def _single(self, fact: Fact, operator: Operator, value: Any, pointer: str) -> Value:
        if fact.type is FactType.NUMBER:
            if not isinstance(value, bool) and isinstance(value, int) and MIN_NUMBER <= value <= MAX_AMOUNT_CENTS:
                return value
            wanted = "a whole number; an amount is in cents"
        elif fact.type is FactType.BOOLEAN:
            if isinstance(value, bool):
                return value
            wanted = "true or false"
        elif fact.type is FactType.DATE:
            if (read := _date(value)) is not None:
                return read
            wanted = "a date as YYYY-MM-DD"
        else:
            if isinstance(value, str) and value.isprintable() and 1 <= len(value.strip()) <= MAX_TEXT_LENGTH:
                return self._text(fact, operator, value, pointer)
            wanted = f"a text of 1 to {MAX_TEXT_LENGTH} characters"
        self.refuse(pointer, "value_of_other_type", "The fact is never a value like this.", f"Write {wanted}.")
        return None

    def _text(self, fact: Fact, operator: Operator, value: str, pointer: str) -> str:
        folded = fact.fold(value)
        whole = not operator.name.endswith("starts_with")
        if whole and fact.values and folded not in fact.values:
            near = difflib.get_close_matches(folded, fact.values, n=1)
            fix = f"Did you mean {near[0]}?" if near else f"It is one of: {', '.join(fact.values)}."
            self.refuse(pointer, "value_unknown", "The fact never has this value.", fix)
        return folded


def _date(value: Any) -> date | None:
    try:
        read = date.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None
    return read if read is not None and read.isoformat() == value else None


_FORMS = (
    'Write {"fact": ..., "operator": ..., "value": ...}, or one of "all", "any", "not", "any_line" around conditions.'
)
_NODES: dict[str, Callable[[_Reader, Any, str, int, bool], Condition | None]] = {
    "all": lambda reader, data, at, depth, on_line: reader.several(AllOf, data, at, depth, on_line),
    "any": lambda reader, data, at, depth, on_line: reader.several(AnyOf, data, at, depth, on_line),
    "not": lambda reader, data, at, depth, on_line: reader.one(Not, data, at, depth, on_line),
    "any_line": lambda reader, data, at, depth, _on_line: reader.one(AnyLine, data, at, depth, True),
}
