"""The rules as callers read them: each with its source, dates and fix, in the order in which they are checked.

The practice's own rules that are in force today come after those that everyone has.
"""

from collections.abc import Sequence

from services.claims.domain.custom_rules import CODE_PREFIX
from services.claims.domain.rules import RULES, RULES_BY_CODE, rule_doc
from services.claims.domain.rules import Rule as DomainRule
from services.claims.flows.custom_rules.compile_rule import rules_on
from services.claims.flows.custom_rules.read_rules import today
from services.claims.flows.dependencies import Dependencies
from shared.contracts.rules import Rule, RulePage
from shared.errors import NotFound
from shared.paging import Cursor, page_of
from shared.security.caller import Caller


def list_rules(deps: Dependencies, caller: Caller, *, after: str | None, limit: int) -> RulePage:
    """Rules in their order; the cursor is a rule's code, so that a new rule moves no other rule to another page."""
    key = Cursor.read(after, (str,))
    rules: Sequence[DomainRule] = (*RULES, *_own(deps, caller))
    codes = [one.code for one in rules]
    start = codes.index(str(key[0])) + 1 if key and key[0] in codes else 0
    page, following = page_of(rules[start : start + limit + 1], limit, lambda one: (one.code,))
    return RulePage(items=[Rule.model_validate(rule_doc(one)) for one in page], next=following)


def get_rule(deps: Dependencies, caller: Caller, code: str) -> Rule:
    """Raises NotFound."""
    one = RULES_BY_CODE.get(code)
    if one is None and code.startswith(CODE_PREFIX):
        one = next((own for own in _own(deps, caller) if own.code == code), None)
    if one is None:
        raise NotFound("there is no rule of that code; GET /v1/rules lists them", code="rule_not_found")
    return Rule.model_validate(rule_doc(one))


def _own(deps: Dependencies, caller: Caller) -> list[DomainRule]:
    with deps.database.reading() as session:
        return rules_on(session, caller.organization_id, today(deps, caller))
