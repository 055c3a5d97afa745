"""The scrubber's rules; every finding gives its reason, its source and its fix."""

from services.claims.domain.rules.catalog import RULES, RULES_BY_CODE, rule_doc, rule_docs, rules_markdown
from services.claims.domain.rules.checking import check
from services.claims.domain.rules.finding import Finding, PatchStep, Severity
from services.claims.domain.rules.overrides import (
    Override,
    OverrideRefused,
    ReviewedFinding,
    blocking,
    override,
    review_findings,
)
from services.claims.domain.rules.replay import ReplayDifference, compare_findings, kept
from services.claims.domain.rules.rule import Rule
from services.claims.domain.scrubber_input.scrubber_input import ScrubberInput

__all__ = [
    "RULES",
    "RULES_BY_CODE",
    "Finding",
    "Override",
    "OverrideRefused",
    "PatchStep",
    "ReplayDifference",
    "ReviewedFinding",
    "Rule",
    "ScrubberInput",
    "Severity",
    "blocking",
    "check",
    "compare_findings",
    "kept",
    "override",
    "review_findings",
    "rule_doc",
    "rule_docs",
    "rules_markdown",
]
