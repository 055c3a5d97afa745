"""Routes of the rules: every rule with its source and dates, and what other rules or code sets would change."""

from typing import Annotated

from fastapi import Path

from services.claims.api.parameters import Deps, Reader
from services.claims.flows.queries import rules as flows
from services.claims.flows.scrub.replay_rules import replay_rules as replay
from shared.contracts.rules import Rule, RuleCode, RulePage, RulesReplay, RulesReplayed
from shared.errors import NotFound, responses
from shared.web.bodies import limited
from shared.web.paging import After, Limit
from shared.web.routes import Routes

router = Routes(prefix="/v1/rules", tags=["rules"])


@router.get("", response_model=RulePage)
def list_rules(deps: Deps, caller: Reader, after: After = None, limit: Limit = 200) -> RulePage:
    """Every rule in the order in which it is checked, with its source, dates, programs and fix: those that everyone
    has, then the practice's own that are in force today."""
    return flows.list_rules(deps, caller, after=after, limit=limit)


@router.post("/replay", response_model=RulesReplayed)
@limited(cost=20)
def replay_rules(body: RulesReplay, deps: Deps, caller: Reader) -> RulesReplayed:
    """Check stored claims again from their snapshots, and list those that would change. Nothing is stored, so no
    idempotency key is needed."""
    return replay(deps, caller, body)


@router.get("/{rule_code}", response_model=Rule, responses=responses(NotFound))
def get_rule(rule_code: Annotated[RuleCode, Path()], deps: Deps, caller: Reader) -> Rule:
    """One rule."""
    return flows.get_rule(deps, caller, rule_code)
