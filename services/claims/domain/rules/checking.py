"""Running the rules over one claim."""

from __future__ import annotations

from collections.abc import Iterable

from services.claims.domain.rules.catalog import RULES
from services.claims.domain.rules.context import ScrubberInput
from services.claims.domain.rules.finding import Finding, Severity
from services.claims.domain.rules.rule import Rule

MAX_FINDINGS = 200
"""More findings than anybody reads; the claim is blocked by the first hundred already."""


def check(context: ScrubberInput, rules: Iterable[Rule] = RULES) -> list[Finding]:
    """All findings in the order of the rules, 200 at most. The payer's profile may change severities and skip rules."""
    changed = dict(context.payer.severities)
    findings: list[Finding] = []
    for one in rules:
        if not one.applies(context):
            continue
        for hit in one.check(context):
            finding = one.finding(hit)
            if one.code in changed:
                finding = finding.with_severity(Severity(changed[one.code]))
            findings.append(finding)
            if len(findings) >= MAX_FINDINGS:
                return findings
    return findings


def left_out_by(findings: Iterable[Finding], context: ScrubberInput) -> dict[str, str]:
    """Procedures whose line an edit blocks, with the reason: what ``build_lines`` takes as ``left_out``.

    Only edits between procedures are taken: there the answer is always to leave the second one off.
    """
    out: dict[str, str] = {}
    for finding in findings:
        if finding.code != "pair_never_together" or finding.severity is not Severity.BLOCK:
            continue
        place = int(finding.pointer.split("/")[3])
        out[context.claim.lines[place].procedure] = finding.message.rstrip(".")
    return out
