"""What claims are checked with: the code sets and the ordered list of rules, chosen by the composition root."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from services.claims.domain.rules import RULES
from services.claims.domain.rules.rule import Rule
from shared.codesets import CodeSets, bundled


@dataclass(frozen=True, slots=True)
class RuleSet:
    """By default the packaged code sets and every rule; an operator's imported code sets replace the packaged ones."""

    codes: CodeSets = field(default_factory=bundled)
    rules: Sequence[Rule] = RULES
