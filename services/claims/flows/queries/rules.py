"""The rules as callers read them: each with its source, dates and fix, in the order in which they are checked."""

from services.claims.domain.rules import RULES, RULES_BY_CODE, rule_doc
from shared.contracts.rules import Rule, RulePage
from shared.errors import NotFound
from shared.paging import Cursor, page_of


def list_rules(*, after: str | None, limit: int) -> RulePage:
    """Rules in their order; the cursor is a rule's code, so that a new rule moves no other rule to another page."""
    key = Cursor.read(after, (str,))
    codes = [one.code for one in RULES]
    start = codes.index(str(key[0])) + 1 if key and key[0] in RULES_BY_CODE else 0
    page, following = page_of(RULES[start : start + limit + 1], limit, lambda one: (one.code,))
    return RulePage(items=[Rule.model_validate(rule_doc(one)) for one in page], next=following)


def get_rule(code: str) -> Rule:
    """Raises NotFound."""
    one = RULES_BY_CODE.get(code)
    if one is None:
        raise NotFound("there is no rule of that code; GET /v1/rules lists them", code="rule_not_found")
    return Rule.model_validate(rule_doc(one))
