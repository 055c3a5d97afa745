"""The operators of a comparison: which types of facts each takes, what it wants for a value, when it is met."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Any

from services.claims.domain.custom_rules.fact import FactType


class Wants(StrEnum):
    """What stands in `value`: one of the fact's own kind, several, two as a range, one text, or true or false."""

    ONE = "one"
    SEVERAL = "several"
    RANGE = "range"
    FLAG = "flag"


@dataclass(frozen=True, slots=True)
class Operator:
    """One operator. `met` gets the fact's value, which is known, and what it is compared with; `words` is how it reads
    in a sentence before that."""

    name: str
    types: frozenset[FactType]
    wants: Wants
    words: str
    met: Callable[[Any, Any], bool]


N, T, D, B, L = FactType.NUMBER, FactType.TEXT, FactType.DATE, FactType.BOOLEAN, FactType.LIST
_ORDERED = frozenset({N, D})
_SINGLE = frozenset({N, D, T, B})
_LISTED = frozenset({N, D, T})
_LIST = frozenset({L})
IS_KNOWN = "is_known"

OPERATORS: Mapping[str, Operator] = MappingProxyType(
    {
        one.name: one
        for one in (
            Operator("equals", _SINGLE, Wants.ONE, "is", lambda a, b: a == b),
            Operator("not_equals", _SINGLE, Wants.ONE, "is not", lambda a, b: a != b),
            Operator("less_than", _ORDERED, Wants.ONE, "is less than", lambda a, b: a < b),
            Operator("at_most", _ORDERED, Wants.ONE, "is at most", lambda a, b: a <= b),
            Operator("greater_than", _ORDERED, Wants.ONE, "is greater than", lambda a, b: a > b),
            Operator("at_least", _ORDERED, Wants.ONE, "is at least", lambda a, b: a >= b),
            Operator("between", _ORDERED, Wants.RANGE, "is between", lambda a, b: b[0] <= a <= b[1]),
            Operator("in", _LISTED, Wants.SEVERAL, "is one of", lambda a, b: a in b),
            Operator("not_in", _LISTED, Wants.SEVERAL, "is none of", lambda a, b: a not in b),
            Operator("starts_with", frozenset({T}), Wants.ONE, "starts with", lambda a, b: a.startswith(b)),
            Operator("contains", _LIST, Wants.ONE, "has", lambda a, b: b in a),
            Operator("contains_any", _LIST, Wants.SEVERAL, "has any of", lambda a, b: any(one in a for one in b)),
            Operator("contains_all", _LIST, Wants.SEVERAL, "has all of", lambda a, b: all(one in a for one in b)),
            Operator("contains_none", _LIST, Wants.SEVERAL, "has none of", lambda a, b: all(one not in a for one in b)),
            Operator(
                "contains_only", _LIST, Wants.SEVERAL, "has nothing but", lambda a, b: bool(a) and set(a) <= set(b)
            ),
            Operator(
                "any_starts_with",
                _LIST,
                Wants.ONE,
                "has one that starts with",
                lambda a, b: any(one.startswith(b) for one in a),
            ),
            Operator("is_empty", _LIST, Wants.FLAG, "is empty:", lambda a, b: (not a) is b),
            Operator(IS_KNOWN, frozenset(FactType), Wants.FLAG, "is known:", lambda a, b: (a is not None) is b),
        )
    }
)
