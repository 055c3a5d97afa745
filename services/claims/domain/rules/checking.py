"""Running the rules over one claim."""

from __future__ import annotations

from collections.abc import Iterable

from services.claims.domain.rules.catalog import RULES
from services.claims.domain.rules.finding import Finding
from services.claims.domain.rules.rule import Rule
from services.claims.domain.scrubber_input.scrubber_input import ScrubberInput

MAX_FINDINGS = 200
"""More findings than anybody reads; the first hundred block the claim already."""


def check(context: ScrubberInput, rules: Iterable[Rule] = RULES) -> list[Finding]:
    """All findings in the order of the rules, at most 200. The payer's profile may change severities and skip rules."""
    findings: list[Finding] = []
    for one in rules:
        if not one.applies(context):
            continue
        for hit in one.check(context):
            findings.append(one.finding(hit, context.payer))
            if len(findings) >= MAX_FINDINGS:
                return findings
    return findings
