"""How hard a rule is in each program: by whom its sources speak for, and by what the packaged profiles say of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache

from services.claims.domain.rules.rule import Rule
from shared.codesets.programs import Program
from shared.payer_profiles import PayerProfile, profile_named, profile_names

OFF = "off"


@dataclass(frozen=True, slots=True)
class ProgramSeverity:
    """How hard a rule is in a program; `off` where it is not checked. No states and no profile means usually, else it
    is so under the law of these states, or for the payers of this packaged profile."""

    severity: str
    states: tuple[str, ...] = ()
    profile: str = ""

    @property
    def words(self) -> str:
        """As a person reads it: `warn in FL, TX`."""
        where = ", ".join(self.states) or self.profile
        return f"{self.severity} in {where}" if where else self.severity


@cache
def program_severities(one: Rule) -> Mapping[Program, tuple[ProgramSeverity, ...]]:
    """The severities of a rule by program, the usual one first."""
    return {program: tuple(_severities(one, program)) for program in Program}


def _severities(one: Rule, program: Program) -> Iterator[ProgramSeverity]:
    if one.programs and program not in one.programs:
        yield ProgramSeverity(OFF)
        return
    usual = one.severity_for(PayerProfile(program=program)).value
    yield ProgramSeverity(usual)
    elsewhere: dict[str, list[str]] = {}
    for state in sorted({state for source in one.sources if program in source.programs for state in source.states}):
        severity = one.severity_for(PayerProfile(program=program, state=state)).value
        if severity != usual:
            elsewhere.setdefault(severity, []).append(state)
    yield from (ProgramSeverity(severity, tuple(states)) for severity, states in elsewhere.items())
    for name, profile in _profiles():
        if profile.program is not program:
            continue
        without = one.severity_for(PayerProfile(program=program, state=profile.state)).value
        said = OFF if one.code in profile.rules_off else one.severity_for(profile).value
        if said != without:
            yield ProgramSeverity(said, profile=name)


@cache
def _profiles() -> tuple[tuple[str, PayerProfile], ...]:
    return tuple((name, profile_named(name)) for name in profile_names())
