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
from services.claims.domain.rules.finding import ALWAYS_OVERRIDABLE
from services.claims.domain.rules.rule import Rule

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

_SEVERITIES = {"block": "stops submission", "warn": "can be acknowledged", "info": "for information only"}


def rule_doc(one: Rule) -> dict[str, Any]:
    """One rule as JSON-ready values, for the API and the documentation page."""
    return {
        "code": one.code,
        "severity": one.severity.value,
        "title": one.title,
        "explanation": one.explanation,
        "fix": one.fix,
        "source": one.source,
        "group": one.group,
        "programs": sorted(one.programs),
        "effective_from": one.effective_from.isoformat() if one.effective_from else None,
        "effective_to": one.effective_to.isoformat() if one.effective_to else None,
        "overridable": one.overridable or one.severity in ALWAYS_OVERRIDABLE,
    }


def rule_docs() -> list[dict[str, Any]]:
    """All rules in their order."""
    return [rule_doc(one) for one in RULES]


def rules_markdown() -> str:
    """The documentation page of all rules, generated, so that it is always up to date."""
    parts = ["# Claim rules\n", f"{len(RULES)} rules, in the order in which they are checked.\n"]
    group = ""
    for one in RULES:
        if one.group != group:
            group = one.group
            parts.append(f"\n## {group.capitalize()}\n")
        dates = f" In force from {one.effective_from or 'always'} to {one.effective_to or 'today'}."
        override = " A named person may override it." if one.overridable else ""
        parts.append(
            f"\n### `{one.code}`: {one.title}\n\n{one.explanation}\n\n"
            f"- severity: {one.severity.value} ({_SEVERITIES[one.severity.value]}).{override}\n"
            f"- fix: {one.fix}\n- source: {one.source}.{dates}\n"
        )
    return "".join(parts)
