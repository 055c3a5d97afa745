"""The ordered list of all rules, and their documents.

The order is the order in which a person would correct a claim: the note, the diagnoses, the lines, who treated, the
people on the wire, the coverage, permission, the program, the claim as a whole, history.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from services.claims.domain.rules import (
    authorization,
    coverage,
    diagnosis,
    diagnosis_detail,
    diagnosis_person,
    editions,
    edits,
    header,
    history,
    identity,
    liability,
    lines,
    modifier_meaning,
    modifiers,
    note,
    people,
    permission,
    places,
    program,
    provider,
    record,
    scope,
    sessions,
    techniques,
)
from services.claims.domain.rules.citations import ALL, Source, text_of
from services.claims.domain.rules.finding import ALWAYS_OVERRIDABLE
from services.claims.domain.rules.program_severities import program_severities
from services.claims.domain.rules.rule import Rule
from shared.codesets.programs import Program

RULES: tuple[Rule, ...] = (
    *note.RULES,
    *techniques.RULES,
    *diagnosis.RULES,
    *diagnosis_detail.RULES,
    *diagnosis_person.RULES,
    *lines.RULES,
    *modifiers.RULES,
    *modifier_meaning.RULES,
    *edits.RULES,
    *provider.RULES,
    *scope.RULES,
    *people.RULES,
    *places.RULES,
    *identity.RULES,
    *coverage.RULES,
    *authorization.RULES,
    *permission.RULES,
    *program.RULES,
    *liability.RULES,
    *header.RULES,
    *history.RULES,
    *sessions.RULES,
    *editions.RULES,
    *record.RULES,
)

RULES_BY_CODE: Mapping[str, Rule] = MappingProxyType({one.code: one for one in RULES})

PROGRAM_NAMES: Mapping[Program, str] = MappingProxyType(
    {
        Program.COMMERCIAL: "Commercial",
        Program.MEDICARE: "Medicare",
        Program.MEDICARE_ADVANTAGE: "Medicare Advantage",
        Program.WORKERS_COMP: "Workers\u2019 compensation",
        Program.AUTO_PIP: "Auto (PIP)",
        Program.VA: "VA community care",
    }
)
"""Programs as a person reads them, in the order of the columns."""


def source_doc(one: Source) -> dict[str, Any]:
    """One source as JSON-ready values; no programs means all, no states every state."""
    return {
        "document": one.document.title,
        "section": one.section,
        "publisher": one.document.publisher,
        "date": one.document.edition,
        "programs": [] if one.programs == ALL else sorted(one.programs),
        "states": sorted(one.states),
        "confirmed": one.confirmed,
    }


def rule_doc(one: Rule) -> dict[str, Any]:
    """One rule as JSON-ready values, for the API and the documentation page."""
    return {
        "code": one.code,
        "severity": one.severity.value,
        "severities": [
            {"program": program.value, "severity": part.severity, "states": list(part.states), "profile": part.profile}
            for program, parts in program_severities(one).items()
            for part in parts
        ],
        "title": one.title,
        "explanation": one.explanation,
        "fix": one.fix,
        "source": text_of(one.sources),
        "sources": [source_doc(source) for source in one.sources],
        "group": one.group,
        "programs": sorted(one.programs),
        "effective_from": one.effective_from.isoformat() if one.effective_from else None,
        "effective_to": one.effective_to.isoformat() if one.effective_to else None,
        "overridable": one.overridable or one.severity in ALWAYS_OVERRIDABLE,
    }


def rule_docs() -> list[dict[str, Any]]:
    """All rules in their order."""
    return [rule_doc(one) for one in RULES]
