"""A rule is put under its code: what differs from the newest revision becomes the next one, a draft.

A draft counts in no check. Revisions are never changed and never removed.
"""

from datetime import date

from sqlmodel import Session

from services.claims.domain.custom_rules import InForce, RevisionStatus, facts_with, read_condition, status_of
from services.claims.flows.custom_rules.read_rules import found_revision, rule_view, today
from services.claims.flows.dependencies import Dependencies
from services.claims.store import custom_rules as store
from services.claims.store.custom_rule_tables import CustomRuleRevisionRow, CustomRuleRow
from shared.contracts.custom_rules import CustomRule, CustomRuleAct, CustomRuleDefinition, CustomRulePut
from shared.database import UnitOfWork
from shared.database.records import PutResult, RecordChange, put_record, refuse
from shared.errors import Conflict, Fault
from shared.security.caller import Caller
from shared.versions import UNCONDITIONAL, Precondition

MAX_RULES = 200
MAX_REVISIONS = 1_000


def put_rule(
    deps: Dependencies,
    unit_of_work: UnitOfWork,
    caller: Caller,
    code: str,
    command: CustomRulePut,
    precondition: Precondition = UNCONDITIONAL,
) -> PutResult[CustomRule]:
    """Write a rule, or its next revision. Raises Malformed (its condition, its dates), Conflict (too many of them),
    PreconditionFailed."""
    refuse("rule", malformed=_faults(deps, command))
    organization_id, day = caller.organization_id, today(deps, caller)
    definition = CustomRuleDefinition.model_validate(command.model_dump(exclude={"actor"}))
    change = RecordChange(caller, "custom_rule.put", code, deps.clock.now(), command.actor)
    written = CustomRuleAct(kind="written", at=change.at, actor=command.actor)

    def put(session: Session) -> PutResult[CustomRule]:
        def write(row: CustomRuleRow | None) -> CustomRuleRow:
            _refuse_too_many(session, organization_id, row)
            row = row or CustomRuleRow(organization_id=organization_id, id=code)
            row.latest += 1
            session.add(
                CustomRuleRevisionRow(
                    organization_id=organization_id,
                    id=code,
                    revision=row.latest,
                    definition=definition,
                    acts=[written],
                )
            )
            return row

        result = put_record(
            session,
            deps.ids,
            change,
            store.rule(session, organization_id, code),
            precondition=precondition,
            is_equal=lambda row: _says_the_same(session, row, definition, day),
            write=write,
            event_data=lambda row: {"revision": row.latest},
        )
        session.flush()
        return PutResult(rule_view(session, result.record, day), result.version, result.created)

    return unit_of_work.run(put)


def _says_the_same(session: Session, row: CustomRuleRow, definition: CustomRuleDefinition, day: date) -> bool:
    newest = found_revision(session, row.organization_id, row.id, row.latest)
    ended = status_of(InForce(newest.active_from, newest.active_to), day) is RevisionStatus.ENDED
    # What has ended comes back as a new revision only, so that its days stay what they were.
    return newest.definition == definition and not ended


def _faults(deps: Dependencies, command: CustomRulePut) -> list[Fault]:
    facts = facts_with(deps.rule_set.codes)
    _, faults = read_condition(command.condition, per_line=command.applies_to == "line", facts=facts)
    found = [fault.under("/condition") for fault in faults]
    first, last = command.effective_from, command.effective_to
    if first is not None and last is not None and last < first:
        fix = "Write the first date of service in effective_from and the last in effective_to."
        found.append(Fault("/effective_to", "dates_reversed", "It ends before it begins.", fix))
    return found


def _refuse_too_many(session: Session, organization_id: str, row: CustomRuleRow | None) -> None:
    if row is None and store.count_rules(session, organization_id) >= MAX_RULES:
        raise Conflict(
            f"an organization has at most {MAX_RULES} rules; put one that it has",
            code="too_many_rules",
            pointer="/rule_code",
            fix="Put one of the rules that there are.",
        )
    if row is not None and row.latest >= MAX_REVISIONS:
        detail = f"a rule has at most {MAX_REVISIONS} revisions; write a new rule"
        raise Conflict(
            detail,
            code="too_many_revisions",
            current_version=row.version,
            pointer="/rule_code",
            fix="Write a rule with another code.",
        )
