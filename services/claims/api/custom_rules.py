"""Routes of a practice's own rules: facts, drafts, revisions, replay, in force and out of it."""

from typing import Annotated

from fastapi import Depends, Path
from fastapi.responses import Response

from services.claims.api.parameters import Deps, Reader, Writer
from services.claims.flows.custom_rules.activate_rule import activate_rule, deactivate_rule
from services.claims.flows.custom_rules.put_rule import put_rule
from services.claims.flows.custom_rules.read_rules import get_rule, list_facts, list_revisions, list_rules
from services.claims.flows.custom_rules.replay_rule import replay_rule
from shared.contracts.custom_rules import (
    CustomRule,
    CustomRuleActivate,
    CustomRuleCode,
    CustomRuleDeactivate,
    CustomRuleFacts,
    CustomRulePage,
    CustomRulePut,
    CustomRuleReplay,
    CustomRuleReplayed,
    CustomRuleRevisionPage,
)
from shared.errors import BadRequest, Conflict, NotFound, responses
from shared.roles import Permission
from shared.web.auth import requires
from shared.web.bodies import limited
from shared.web.etags import WriteCondition, set_etag
from shared.web.idempotency import UnitOfWorkDep
from shared.web.paging import After, Limit
from shared.web.persons import permitted
from shared.web.puts import put_responses, set_put_status
from shared.web.routes import Routes

router = Routes(prefix="/v1/custom-rules", tags=["rules"])
POST = responses(BadRequest, NotFound, Conflict)
Code = Annotated[CustomRuleCode, Path(description="the code of the rule and of its findings; begins with custom_")]


@router.get("", response_model=CustomRulePage)
def list_custom_rules(deps: Deps, caller: Reader, after: After = None, limit: Limit = 50) -> CustomRulePage:
    """The rules that the practice has written, in order of their codes."""
    return list_rules(deps, caller, after=after, limit=limit)


@router.get("/facts", response_model=CustomRuleFacts, dependencies=[Depends(requires("claims:read"))])
def list_custom_rule_facts(deps: Deps) -> CustomRuleFacts:
    """Every fact of a claim that a condition may ask, and every operator."""
    return list_facts(deps)


@router.put("/{custom_rule_code}", response_model=CustomRule, responses=put_responses(CustomRule, Conflict))
@limited(max_body_bytes=32_000, max_values=3_000)
@permitted(Permission.WRITE_RULES)
def put_custom_rule(
    *,
    custom_rule_code: Code,
    body: CustomRulePut,
    response: Response,
    deps: Deps,
    caller: Writer,
    precondition: WriteCondition,
) -> CustomRule:
    """Write a rule. What differs from its newest revision becomes the next one, a draft that counts in no check."""
    result = put_rule(deps, deps.database, caller, custom_rule_code, body, precondition)
    set_put_status(response, result)
    return result.record


@router.get("/{custom_rule_code}", response_model=CustomRule, responses=responses(NotFound))
def get_custom_rule(custom_rule_code: Code, response: Response, deps: Deps, caller: Reader) -> CustomRule:
    """One rule: its newest revision, and the one in force today."""
    view = get_rule(deps, caller, custom_rule_code)
    set_etag(response, view.version)
    return view


@router.get("/{custom_rule_code}/revisions", response_model=CustomRuleRevisionPage, responses=responses(NotFound))
def list_custom_rule_revisions(
    custom_rule_code: Code, deps: Deps, caller: Reader, after: After = None, limit: Limit = 50
) -> CustomRuleRevisionPage:
    """Every revision that the rule ever had, the newest first, with who wrote, replayed, activated and ended it."""
    return list_revisions(deps, caller, custom_rule_code, after=after, limit=limit)


@router.post("/{custom_rule_code}/replay", response_model=CustomRuleReplayed, responses=POST)
@limited(cost=20)
@permitted(Permission.WRITE_RULES)
def replay_custom_rule(
    custom_rule_code: Code, body: CustomRuleReplay, deps: Deps, caller: Writer, unit_of_work: UnitOfWorkDep
) -> CustomRuleReplayed:
    """Try a revision on the newest claims: what it would find, and which claims it would stop. No claim is changed."""
    return replay_rule(deps, unit_of_work, caller, custom_rule_code, body)


@router.post("/{custom_rule_code}/activate", response_model=CustomRule, responses=POST)
@permitted(Permission.WRITE_RULES)
def activate_custom_rule(
    custom_rule_code: Code, body: CustomRuleActivate, deps: Deps, caller: Writer, unit_of_work: UnitOfWorkDep
) -> CustomRule:
    """Put a draft that has been replayed into force from a day on, in place of the revision that is."""
    return activate_rule(deps, unit_of_work, caller, custom_rule_code, body)


@router.post("/{custom_rule_code}/deactivate", response_model=CustomRule, responses=POST)
@permitted(Permission.WRITE_RULES)
def deactivate_custom_rule(
    custom_rule_code: Code, body: CustomRuleDeactivate, deps: Deps, caller: Writer, unit_of_work: UnitOfWorkDep
) -> CustomRule:
    """Take a rule out of force from a day on. It stays to be read, and a new revision can take its place."""
    return deactivate_rule(deps, unit_of_work, caller, custom_rule_code, body)
