"""The rules: nothing wrong leaves the house, and every "no" says why, from where, and how to mend it."""

from services.claims.domain.rules.catalog import RULES, RULES_BY_CODE, rule_doc, rule_docs, rules_markdown
from services.claims.domain.rules.checking import check, left_out_by
from services.claims.domain.rules.context import ClaimContext
from services.claims.domain.rules.finding import Finding, PatchStep, Severity, blocks
from services.claims.domain.rules.patching import PatchError, apply_patch
from services.claims.domain.rules.rule import Rule

__all__ = [
    "RULES",
    "RULES_BY_CODE",
    "ClaimContext",
    "Finding",
    "PatchError",
    "PatchStep",
    "Rule",
    "Severity",
    "apply_patch",
    "blocks",
    "check",
    "left_out_by",
    "rule_doc",
    "rule_docs",
    "rules_markdown",
]
