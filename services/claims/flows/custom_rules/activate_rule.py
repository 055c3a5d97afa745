"""A revision is put into force from a day on, and a rule is taken out of force.

Only a draft that has been replayed comes into force. Both days are today or later: no check of the past is judged anew.
"""

from collections.abc import Sequence
from datetime import date

from sqlmodel import Session

from services.claims.domain.custom_rules import InForce, RevisionStatus, replaced_by, status_of
from services.claims.flows.custom_rules.read_rules import found_revision, found_rule, rule_view, today
from services.claims.flows.dependencies import Dependencies
from services.claims.store import custom_rules as store
from services.claims.store.custom_rule_tables import CustomRuleRevisionRow, CustomRuleRow
from shared.contracts.custom_rules import CustomRule, CustomRuleAct, CustomRuleActivate, CustomRuleDeactivate
from shared.database import UnitOfWork
from shared.database.records import RecordChange, record_change
from shared.dates import add_days
from shared.errors import Conflict, Fault, Malformed
from shared.security.caller import Caller

MAX_IN_FORCE = 100
FURTHEST_DAYS = 366


def activate_rule(
    deps: Dependencies, unit_of_work: UnitOfWork, caller: Caller, code: str, command: CustomRuleActivate
) -> CustomRule:
    """Raises NotFound, Malformed (the day), Conflict (it is no draft, it was not replayed, too many are in force)."""
    day, organization_id = today(deps, caller), caller.organization_id
    first = _first_day(command.from_date, day)
    change = RecordChange(caller, "custom_rule.activate", code, deps.clock.now(), command.actor)

    def write(session: Session) -> CustomRule:
        rule = found_rule(session, organization_id, code)
        row = found_revision(session, organization_id, code, command.revision)
        _refuse_unready(rule, row, day)
        counting = store.revisions_from(session, organization_id, day)
        if len({one.id for one in counting} - {code}) >= MAX_IN_FORCE:
            raise Conflict(
                f"at most {MAX_IN_FORCE} rules are in force at a time",
                code="too_many_rules",
                pointer="/rule_code",
                fix="End a rule that is not needed any more.",
            )
        _end_others(counting, code, first)
        row.active_from, row.active_to = first, None
        act = CustomRuleAct(kind="activated", at=change.at, actor=command.actor, from_date=first)
        row.acts = [*row.acts, act]
        _changed(session, deps, rule, change, {"revision": row.revision, "from_date": first.isoformat()})
        return rule_view(session, rule, day)

    return unit_of_work.run(write)


def deactivate_rule(
    deps: Dependencies, unit_of_work: UnitOfWork, caller: Caller, code: str, command: CustomRuleDeactivate
) -> CustomRule:
    """Raises NotFound, Malformed (the day), Conflict (nothing of it is in force from that day on)."""
    day, organization_id = today(deps, caller), caller.organization_id
    first = _first_day(command.from_date, day)
    change = RecordChange(caller, "custom_rule.deactivate", code, deps.clock.now(), command.actor)
    act = CustomRuleAct(kind="deactivated", at=change.at, actor=command.actor, from_date=first, reason=command.reason)

    def write(session: Session) -> CustomRule:
        rule = found_rule(session, organization_id, code)
        ended = _end_others(store.revisions_from(session, organization_id, first), code, first)
        if not ended:
            raise Conflict(
                "no revision of this rule is in force from that day on",
                code="custom_rule_not_in_force",
                current_version=rule.version,
                pointer="/body",
                fix="Nothing to do, or name an earlier day.",
            )
        for row in ended:
            row.acts = [*row.acts, act]
        _changed(session, deps, rule, change, {"from_date": first.isoformat()})
        return rule_view(session, rule, day)

    return unit_of_work.run(write)


def _first_day(wanted: date | None, today: date) -> date:
    first = wanted or today
    if not today <= first <= add_days(today, FURTHEST_DAYS):
        text = "The day has passed, or is more than a year away."
        fix = f"Name a day from {today} to {add_days(today, FURTHEST_DAYS)}, or leave it out for today."
        raise Malformed("a rule changes from today on or later", errors=[Fault("/body/from_date", "day", text, fix)])
    return first


def _refuse_unready(rule: CustomRuleRow, row: CustomRuleRevisionRow, day: date) -> None:
    status = status_of(InForce(row.active_from, row.active_to), day)
    if status is not RevisionStatus.DRAFT:
        raise Conflict(
            f"the revision is {status} already; put the rule again for a new one",
            code="revision_not_draft",
            current_version=rule.version,
            pointer="/body/revision",
            fix="Put the rule again, and activate that revision.",
        )
    if all(act.kind != "replayed" for act in row.acts):
        fix = f"POST /v1/custom-rules/{rule.id}/replay with this revision, and read what it would stop."
        fault = Fault("/body/revision", "replay_missing", "It has not been replayed on stored claims.", fix)
        detail = "a revision is replayed on stored claims before it comes into force"
        raise Conflict(detail, code="replay_missing", errors=[fault], current_version=rule.version)


def _end_others(counting: Sequence[CustomRuleRevisionRow], code: str, first: date) -> list[CustomRuleRevisionRow]:
    """Let no revision of the rule count from a day on; answers those whose days have changed."""
    ended = []
    for row in counting:
        days = replaced_by(InForce(row.active_from, row.active_to), first)
        if row.id == code and days.last != row.active_to:
            row.active_to = days.last
            ended.append(row)
    return ended


def _changed(
    session: Session, deps: Dependencies, rule: CustomRuleRow, change: RecordChange, data: dict[str, object]
) -> None:
    rule.version += 1
    record_change(session, deps.ids, change, {"version": rule.version, **data})
    session.flush()
