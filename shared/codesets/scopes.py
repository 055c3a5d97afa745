"""What each discipline may bill: an allow-list by provider taxonomy and state, as data.

A taxonomy of no discipline here is not judged: nothing is said of it. What a payer pays is the payer's own list and is
not kept here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from shared.codesets.procedures import Procedure


class ScopeStanding(StrEnum):
    """What a procedure is to a discipline: its own work, work that some payers pay, or another discipline's."""

    OWN = "own"
    ASKS = "asks"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class StateScope:
    """What the law of one state adds to a discipline's work."""

    state: str
    codes: frozenset[str]
    source: str


@dataclass(frozen=True, slots=True)
class Discipline:
    """One discipline. ``rendering`` is false for those who are never the rendering provider of a claim;
    ``therapy_modifier`` is the modifier of its plan of care (GP, GO, GN), ``assistant_modifier`` that of work which its
    assistant did (CQ, CO; empty for those who have none)."""

    name: str
    taxonomies: tuple[str, ...]
    families: frozenset[str]
    codes: frozenset[str]
    but: frozenset[str]
    asks: frozenset[str]
    otherwise: ScopeStanding
    therapy_modifier: str
    assistant_modifier: str
    rendering: bool
    states: tuple[StateScope, ...]
    source: str

    def standing(self, procedure: Procedure, state: str) -> ScopeStanding:
        """What this procedure is to the discipline in a state of the United States (two letters, or empty)."""
        listed = procedure.code in self.codes or any(procedure.code in one.codes for one in self._of(state))
        if listed or (procedure.family in self.families and procedure.code not in self.but):
            return ScopeStanding.OWN
        return ScopeStanding.ASKS if procedure.code in self.asks else self.otherwise

    def source_in(self, state: str) -> str:
        """Who says so, the state's law among them."""
        return "; ".join([self.source, *(one.source for one in self._of(state))])

    def _of(self, state: str) -> Iterator[StateScope]:
        return (one for one in self.states if one.state == state)


class Scopes:
    """All disciplines."""

    def __init__(self, disciplines: tuple[Discipline, ...], source: str, version: str) -> None:
        self.source = source
        self.version = version
        self._disciplines = disciplines

    def __iter__(self) -> Iterator[Discipline]:
        return iter(self._disciplines)

    def discipline(self, taxonomy: str) -> Discipline | None:
        """The discipline of a provider taxonomy, or None for one that is not in the list."""
        return next((one for one in self._disciplines if taxonomy.startswith(one.taxonomies)), None)

    def therapy_modifier(self, taxonomy: str, procedure: Procedure | None) -> str:
        """The modifier of the plan of care under which a procedure is done: an evaluation has its own discipline's,
        everything else that of the therapist (Medicare Claims Processing Manual ch. 5 §20.1)."""
        if procedure is not None and procedure.plan_modifier:
            return procedure.plan_modifier
        discipline = self.discipline(taxonomy)
        return discipline.therapy_modifier if discipline else "GP"


def read_scopes(data: Mapping[str, Any]) -> Scopes:
    """Scopes of the packaged TOML."""
    return Scopes(tuple(_discipline(one) for one in data["discipline"]), data["source"], data["version"])


def _discipline(given: Mapping[str, Any]) -> Discipline:
    states = tuple(StateScope(one["state"], frozenset(one["codes"]), one["source"]) for one in given.get("state", ()))
    return Discipline(
        name=given["name"],
        taxonomies=tuple(given["taxonomies"]),
        families=frozenset(given.get("families", ())),
        codes=frozenset(given.get("codes", ())),
        but=frozenset(given.get("but", ())),
        asks=frozenset(given.get("asks", ())),
        otherwise=ScopeStanding(given["otherwise"]),
        therapy_modifier=given["therapy_modifier"],
        assistant_modifier=given.get("assistant_modifier", ""),
        rendering=given.get("rendering", True),
        states=states,
        source=given["source"],
    )
