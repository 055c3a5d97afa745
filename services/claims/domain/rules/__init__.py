"""The scrubber's rules; every finding gives its reason, its source and its fix."""

from services.claims.domain.rules.catalog import RULES, RULES_BY_CODE, rule_doc, rule_docs, source_doc
from services.claims.domain.rules.checking import check
from services.claims.domain.rules.finding import Finding, PatchStep, Severity
from services.claims.domain.rules.overrides import (
    Override,
    OverrideRefused,
    ReviewedFinding,
    ScrubResult,
    blocking,
    holding,
    override,
    review_findings,
    scrub_result,
)
from services.claims.domain.rules.replay import ReplayDifference, compare_findings, kept
from services.claims.domain.rules.rule import Rule
from services.claims.domain.rules.rules_document import rules_markdown
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
    "ScrubResult",
    "ScrubberInput",
    "Severity",
    "blocking",
    "check",
    "compare_findings",
    "holding",
    "kept",
    "override",
    "review_findings",
    "rule_doc",
    "rule_docs",
    "rules_markdown",
    "scrub_result",
    "source_doc",
]
