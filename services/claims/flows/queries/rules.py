"""The rules as callers read them: each with its source, dates and fix, in the order in which they are checked.

The practice's own rules that are in force today come after those that everyone has.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain

from services.claims.domain.custom_rules import CODE_PREFIX
from services.claims.domain.rules import RULES, RULES_BY_CODE, Severity, rule_doc
from services.claims.domain.rules import Rule as DomainRule
from services.claims.domain.rules.citations import text_of
from services.claims.domain.rules.program_severities import OFF, program_severities
from services.claims.flows.custom_rules.compile_rule import rules_on
from services.claims.flows.custom_rules.read_rules import today
from services.claims.flows.dependencies import Dependencies
from shared.codesets.programs import Program
from shared.contracts.rules import Rule, RulePage
from shared.errors import NotFound
from shared.paging import Cursor, page_of
from shared.security.caller import Caller


@dataclass(frozen=True, slots=True)
class RuleSearch:
    """What a person looks for among the rules that everyone has; what is empty or None narrows nothing."""

    words: str = ""
    severity: Severity | None = None
    program: Program | None = None

    @property
    def narrows(self) -> bool:
        """Whether anything is asked."""
        return bool(self.words.strip() or self.severity or self.program)


def search_rules(asked: RuleSearch) -> list[DomainRule]:
    """The rules with every word somewhere in their texts, in their order. A severity is that of the program, if one is
    asked for, or else of any program."""
    words = asked.words.lower().split()
    return [one for one in RULES if _is_meant(one, asked) and all(word in _searched(one) for word in words)]


def _is_meant(one: DomainRule, asked: RuleSearch) -> bool:
    by_program = program_severities(one)
    parts = by_program[asked.program] if asked.program else tuple(chain.from_iterable(by_program.values()))
    severities = {part.severity for part in parts}
    return severities != {OFF} if asked.severity is None else asked.severity.value in severities


def _searched(one: DomainRule) -> str:
    parts = (one.code, one.title, one.explanation, one.fix, text_of(one.sources), one.group)
    return " ".join(parts).replace("`", "").lower()


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
