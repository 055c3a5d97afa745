"""A practice's own rules as callers read them, and what a condition may ask."""

from collections.abc import Mapping
from datetime import date

from sqlmodel import Session

from services.claims.domain.custom_rules import OPERATORS, Fact, InForce, facts_with, status_of
from services.claims.domain.custom_rules.condition import MAX_COMPARISONS, MAX_DEPTH, MAX_VALUES
from services.claims.flows.dependencies import Dependencies
from services.claims.store import custom_rules as store
from services.claims.store.custom_rule_tables import CustomRuleRevisionRow, CustomRuleRow
from shared.contracts.custom_rules import (
    CustomRule,
    CustomRuleFact,
    CustomRuleFacts,
    CustomRuleOperator,
    CustomRulePage,
    CustomRuleRevision,
    CustomRuleRevisionPage,
)
from shared.dates import local_date
from shared.errors import NotFound
from shared.paging import Cursor, page_of
from shared.security.caller import Caller


def list_facts(deps: Dependencies) -> CustomRuleFacts:
    """Every fact and operator."""
    facts: Mapping[str, Fact] = facts_with(deps.rule_set.codes)
    return CustomRuleFacts(
        items=[_fact_view(one) for one in facts.values()],
        operators=[
            CustomRuleOperator(name=one.name, value=one.wants, types=sorted(one.types), words=one.words)
            for one in OPERATORS.values()
        ],
        max_depth=MAX_DEPTH,
        max_comparisons=MAX_COMPARISONS,
        max_values=MAX_VALUES,
    )


def list_rules(deps: Dependencies, caller: Caller, *, after: str | None, limit: int) -> CustomRulePage:
    """The organization's rules in order of their codes."""
    key = Cursor.read(after, (str,))
    with deps.database.reading() as session:
        rows = store.rules_page(session, caller.organization_id, after=str(key[0]) if key else None, limit=limit)
        page, following = page_of(rows, limit, lambda row: (row.id,))
        return CustomRulePage(items=[rule_view(session, row, today(deps, caller)) for row in page], next=following)


def get_rule(deps: Dependencies, caller: Caller, code: str) -> CustomRule:
    """Raises NotFound."""
    with deps.database.reading() as session:
        return rule_view(session, found_rule(session, caller.organization_id, code), today(deps, caller))


def list_revisions(
    deps: Dependencies, caller: Caller, code: str, *, after: str | None, limit: int
) -> CustomRuleRevisionPage:
    """Every revision that a rule ever had. Raises NotFound."""
    key = Cursor.read(after, (int,))
    before = int(key[0]) if key else None
    with deps.database.reading() as session:
        row = found_rule(session, caller.organization_id, code)
        rows = store.revisions_page(session, row.organization_id, code, before=before, limit=limit)
        page, following = page_of(rows, limit, lambda one: (one.revision,))
        day = today(deps, caller)
        return CustomRuleRevisionPage(items=[revision_view(one, day) for one in page], next=following)


def today(deps: Dependencies, caller: Caller) -> date:
    """The organization's local date."""
    return local_date(deps.clock.now(), caller.time_zone)


def found_rule(session: Session, organization_id: str, code: str) -> CustomRuleRow:
    """Raises NotFound."""
    row = store.rule(session, organization_id, code)
    if row is None:
        raise NotFound("this rule is not in this organization", code="custom_rule_not_found")
    return row


def found_revision(session: Session, organization_id: str, code: str, number: int) -> CustomRuleRevisionRow:
    """Raises NotFound."""
    row = store.revision(session, organization_id, code, number)
    if row is None:
        raise NotFound("the rule has no such revision", code="custom_rule_revision_not_found")
    return row


def rule_view(session: Session, row: CustomRuleRow, day: date) -> CustomRule:
    """A rule with its newest revision and the one that counts on a day."""
    latest = found_revision(session, row.organization_id, row.id, row.latest)
    counting = [
        one
        for one in store.revisions_from(session, row.organization_id, day, code=row.id)
        if InForce(one.active_from, one.active_to).on(day)
    ]
    return CustomRule(
        code=row.id,
        version=row.version,
        latest=revision_view(latest, day),
        in_force=next((revision_view(one, day) for one in counting), None),
    )


def revision_view(row: CustomRuleRevisionRow, day: date) -> CustomRuleRevision:
    """A revision as it stands on a day."""
    return CustomRuleRevision(
        code=row.id,
        revision=row.revision,
        status=status_of(InForce(row.active_from, row.active_to), day),
        definition=row.definition,
        active_from=row.active_from,
        active_to=row.active_to,
        acts=row.acts,
    )


def _fact_view(one: Fact) -> CustomRuleFact:
    example = one.example.isoformat() if isinstance(one.example, date) else one.example
    return CustomRuleFact(
        name=one.name,
        type=one.type,
        applies_to="line" if one.of_line else "claim",
        meaning=one.meaning,
        example=list(example) if isinstance(example, tuple) else example,
        operators=[operator.name for operator in OPERATORS.values() if one.type in operator.types],
        values=list(one.values),
        shown=one.shown,
    )
