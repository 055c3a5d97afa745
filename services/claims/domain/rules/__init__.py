"""The rules: nothing wrong leaves the house, and every "no" says why, from where, and how to mend it."""

from services.claims.domain.rules.catalog import RULES, RULES_BY_CODE, rule_doc, rule_docs, rules_markdown
from services.claims.domain.rules.checking import check, left_out_by
from services.claims.domain.rules.context import ClaimContext
from services.claims.domain.rules.finding import Finding, PatchStep, Severity, blocks
from services.claims.domain.rules.overrides import Judged, Override, OverrideRefused, judge, override
from services.claims.domain.rules.patching import PatchError, apply_patch
from services.claims.domain.rules.replay import Replayed, kept, replayed
from services.claims.domain.rules.rule import Rule

__all__ = [
    "RULES",
    "RULES_BY_CODE",
    "ClaimContext",
    "Finding",
    "Judged",
    "Override",
    "OverrideRefused",
    "PatchError",
    "PatchStep",
    "Replayed",
    "Rule",
    "Severity",
    "apply_patch",
    "blocks",
    "check",
    "judge",
    "kept",
    "left_out_by",
    "override",
    "replayed",
    "rule_doc",
    "rule_docs",
    "rules_markdown",
]
