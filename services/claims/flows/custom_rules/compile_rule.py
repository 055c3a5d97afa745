"""From the rows of a practice's own rules to rules that are checked."""

from collections.abc import Sequence
from datetime import date

from sqlmodel import Session

from services.claims.domain.custom_rules import CustomRule, read_condition, rule_of
from services.claims.domain.rules import Rule, Severity
from services.claims.flows.scrub.rule_set import RuleSet
from services.claims.store import custom_rules as store
from shared.contracts.custom_rules import CustomRuleDefinition


def rules_on(session: Session, organization_id: str, day: date) -> list[Rule]:
    """The organization's own rules that count in a check of a day, in order of their codes."""
    return [compile_rule(row.id, row.definition) for row in store.revisions_on(session, organization_id, day)]


def with_own_rules(session: Session, organization_id: str, rule_set: RuleSet, day: date) -> RuleSet:
    """A rule set with the organization's own rules after those that everyone has."""
    own: Sequence[Rule] = rules_on(session, organization_id, day)
    return RuleSet(rule_set.codes_in_force, (*rule_set.rules, *own)) if own else rule_set


def compile_rule(code: str, definition: CustomRuleDefinition) -> Rule:
    """One revision as a rule. Raises ValueError for a condition that was never accepted."""
    condition, _ = read_condition(definition.condition, per_line=definition.applies_to == "line")
    if condition is None:
        raise ValueError(f"the condition of the rule {code} cannot be read")
    return rule_of(
        CustomRule(
            code=code,
            severity=Severity(definition.severity),
            title=definition.title,
            message=definition.message,
            fix=definition.fix,
            source=definition.source,
            condition=condition,
            per_line=definition.applies_to == "line",
            payer_id=definition.payer_id,
            effective_from=definition.effective_from,
            effective_to=definition.effective_to,
            overridable=definition.overridable,
        )
    )
