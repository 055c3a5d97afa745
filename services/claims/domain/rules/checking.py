"""Running the rules over one claim."""

from __future__ import annotations

import re
from collections.abc import Iterable

from services.claims.domain.rules.by_visit import matches
from services.claims.domain.rules.catalog import RULES
from services.claims.domain.rules.finding import Finding
from services.claims.domain.rules.rule import Rule
from services.claims.domain.scrubber_input.scrubber_input import ScrubberInput

LINE = re.compile(r"/claim/lines/(\d{1,3})(/.*)")
MAX_FINDINGS = 200
"""More findings than anybody reads; the first hundred block the claim already."""


def check(context: ScrubberInput, rules: Iterable[Rule] = RULES) -> list[Finding]:
    """All findings in the order of the rules, at most 200. The payer's profile may change severities and skip rules.
    What a rule says of a procedure is said once, on its first line, on however many lines its units stand."""
    findings: list[Finding] = []
    said: set[tuple[str, ...]] = set()
    for one in rules:
        if not one.applies(context):
            continue
        for hit in matches(one, context):
            words = (one.code, hit.message, *_of_procedure(context, hit.pointer))
            if words in said:
                continue
            said.add(words)
            findings.append(one.finding(hit, context.payer))
            if len(findings) >= MAX_FINDINGS:
                return findings
    return findings


def _of_procedure(context: ScrubberInput, pointer: str) -> tuple[str, ...]:
    """A pointer into a line, with the procedure in place of the line's position; any other as it is."""
    found = LINE.fullmatch(pointer)
    if found is None or int(found[1]) >= len(context.claim.lines):
        return (pointer,)
    return context.claim.lines[int(found[1])].procedure_code, found[2]
