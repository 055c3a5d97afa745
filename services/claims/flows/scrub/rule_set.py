"""What claims are checked with: the code sets and the ordered list of rules, chosen by the composition root."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from services.claims.domain.rules import RULES
from services.claims.domain.rules.rule import Rule
from shared.codesets import CodeSets, bundled


@dataclass(frozen=True, slots=True)
class RuleSet:
    """By default the packaged code sets and every rule; `codes_in_force` answers those in force when it is called."""

    codes_in_force: Callable[[], CodeSets] = bundled
    rules: Sequence[Rule] = RULES

    @property
    def codes(self) -> CodeSets:
        """The code sets in force."""
        return self.codes_in_force()
