"""How hard a rule is in each program: what the packaged profiles switch off or make softer counts."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from services.claims.domain.rules.rule import Rule
from shared.codesets.programs import Program
from shared.payer_profiles import PayerProfile, profile_named, profile_names

OFF = "off"


@cache
def program_severities(one: Rule) -> Mapping[Program, tuple[str, ...]]:
    """The severities of a rule by program, the usual one first; `off` where it is not checked."""
    return {program: _severities(one, program) for program in Program}


def _severities(one: Rule, program: Program) -> tuple[str, ...]:
    if one.programs and program not in one.programs:
        return (OFF,)
    usual = one.severity.value
    found = {_under(one, profile) for profile in _profiles() if profile.program is program} or {usual}
    return tuple(sorted(found, key=lambda severity: (severity != usual, severity)))


def _under(one: Rule, profile: PayerProfile) -> str:
    return OFF if one.code in profile.rules_off else dict(profile.severities).get(one.code, one.severity.value)


@cache
def _profiles() -> tuple[PayerProfile, ...]:
    return tuple(profile_named(name) for name in profile_names())
