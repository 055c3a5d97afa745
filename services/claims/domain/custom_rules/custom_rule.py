"""A practice's own rule as a rule of the list: checked, overridden and replayed like any other."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from services.claims.domain.custom_rules.condition import Condition
from services.claims.domain.custom_rules.evaluation import Evaluated, evaluate, lines_of
from services.claims.domain.custom_rules.operators import OPERATORS
from services.claims.domain.rules.citations import Document, Source
from services.claims.domain.rules.finding import FactMet, Severity
from services.claims.domain.rules.rule import Rule, RuleMatch
from services.claims.domain.scrubber_input.scrubber_input import ScrubberInput

CODE_PREFIX = "custom_"
"""The code of every rule of a practice begins so, and no other rule's does."""
GROUP = "custom"
MAX_REASONS = 4
"""How many comparisons the sentence of a finding names; all of them are in its `because`."""


@dataclass(frozen=True, slots=True)
class CustomRule:
    """One revision of a rule. `payer_id` None means every payer; `effective_from` and `effective_to` are dates of
    service. With `per_line` the condition is asked of each line, and each line that meets it is a finding."""

    code: str
    severity: Severity
    title: str
    message: str
    fix: str
    source: str
    condition: Condition
    per_line: bool = False
    payer_id: str | None = None
    effective_from: date | None = None
    effective_to: date | None = None
    overridable: bool = False

    def check(self, context: ScrubberInput) -> Iterator[RuleMatch]:
        """One match for the claim, or one for each line that meets the condition."""
        if self.payer_id not in (None, context.claim.payer_id):
            return
        if not self.per_line:
            found = evaluate(self.condition, context)
            if found.is_met:
                yield self._match(found, "/claim")
            return
        for line in lines_of(context):
            found = evaluate(self.condition, context, line)
            if found.is_met:
                yield self._match(found, f"/claim/lines/{line.number - 1}")

    def _match(self, found: Evaluated, pointer: str) -> RuleMatch:
        # The values are part of the sentence, since an override holds for as long as the sentence stays the same.
        return RuleMatch(f"{self.message} {reasons(found.because)}", pointer, because=found.because)


def said_by_practice(source: str) -> Source:
    """What the practice names as the source of a rule of its own."""
    return Source(Document(source, "The practice", ""), "")


def rule_of(one: CustomRule) -> Rule:
    """The rule that the engine runs."""
    return Rule(
        code=one.code,
        severity=one.severity,
        title=one.title,
        explanation=one.message,
        fix=one.fix,
        sources=(said_by_practice(one.source),),
        check=one.check,
        group=GROUP,
        effective_from=one.effective_from,
        effective_to=one.effective_to,
        overridable=one.overridable,
    )


def reasons(because: Sequence[FactMet]) -> str:
    """What decided it, in a sentence: `Because visit.number is 13 (is greater than 12).`"""
    named = [_reason(one) for one in because[:MAX_REASONS]]
    more = f" and {len(because) - MAX_REASONS} more" if len(because) > MAX_REASONS else ""
    return f"Because {'; '.join(named)}{more}."


def _reason(one: FactMet) -> str:
    compared = f"{'' if one.is_met else 'not: '}{OPERATORS[one.operator].words} {_words(one.compared_with)}"
    return f"{one.fact} {compared}" if one.withheld else f"{one.fact} is {_words(one.value)} ({compared})"


def _words(value: object) -> str:
    if isinstance(value, tuple):
        return ", ".join(map(str, value)) or "empty"
    if isinstance(value, bool):
        return "true" if value else "false"
    return "unknown" if value is None else str(value)
