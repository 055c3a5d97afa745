"""A named person takes responsibility for a finding: stored sealed with the claim, and recorded in the audit trail.

Each rule decides whether it allows overrides. An overridden block no longer blocks, and the claim may become ready.
Only findings of a claim that is not yet submitted are overridden; a rejected claim is refreshed first, since it goes
out under a new claim number.
"""

from datetime import datetime

from sqlmodel import Session

from services.claims.document import FindingOverride
from services.claims.domain.lifecycle import NOT_SUBMITTED, REJECTED
from services.claims.domain.rules import Finding, Override, OverrideRefused, override
from services.claims.domain.timeline import TimelineKind
from services.claims.flows.claim.act_on_claim import Trace, act_on_claim
from services.claims.flows.claim.transition_claim import scrubbed_event, transition_claim
from services.claims.flows.dependencies import Dependencies
from services.claims.store.tables import ClaimRow
from shared.contracts.claims import Claim
from shared.contracts.rules import OverrideCreate
from shared.database import UnitOfWork
from shared.database.operations import add_event
from shared.errors import Conflict, Fault, RuleBroken
from shared.security.caller import Caller


def override_finding(
    deps: Dependencies, unit_of_work: UnitOfWork, caller: Caller, claim_id: str, command: OverrideCreate
) -> Claim:
    """Raises NotFound, Conflict (the claim is submitted), RuleBroken with the code of the override rule."""
    override_id = deps.ids("ovr")

    def act(session: Session, row: ClaimRow, now: datetime) -> Trace:
        _refuse_closed(row)
        finding = _named_finding(command, row)
        new = FindingOverride(override_id, _allowed(command, row, finding, now), command.actor.name)
        row.document = row.document.with_override(new)
        transition_claim(session, deps.ids, row, now, scrubbed_event(row.document))
        _add_event(session, deps, row, new, now)
        rule, pointer = new.override.rule, new.override.pointer
        summary, reason = f"The finding of {rule} at {pointer} was overridden.", f"{rule}: {command.reason}"
        return Trace(TimelineKind.FINDING_OVERRIDDEN, summary, reason, [rule])

    return act_on_claim(deps, unit_of_work, caller, claim_id, command.actor, act)


def _refuse_closed(row: ClaimRow) -> None:
    if row.state in REJECTED:
        raise Conflict(
            "a rejected claim must be refreshed before a finding is overridden",
            code="claim_rejected",
            current_version=row.version,
            pointer="/claim_id",
            fix="Refresh the claim first (`refresh`).",
        )
    if row.state not in NOT_SUBMITTED:
        raise Conflict(
            "the claim has been submitted and can no longer be changed",
            code="claim_already_submitted",
            current_version=row.version,
            pointer="/claim_id",
            fix="Wait for its answer, and correct it then (`correct`).",
        )


def _named_finding(command: OverrideCreate, row: ClaimRow) -> Finding:
    """The one finding that the request names and that has no override yet."""
    of_rule = [one for one in row.document.reviewed_findings() if one.finding.code == command.rule_code]
    here = [one for one in of_rule if command.pointer in (None, one.finding.pointer)]
    open_ones = [one.finding for one in here if one.override is None]
    if not open_ones:
        code = "already_overridden" if here else "finding_missing"
        words = "has this finding, but it is overridden" if here else "has no such finding"
        raise _refused(command, row, command.pointer, code, f"The claim {words}.", "Read the claim's findings.")
    places = list(dict.fromkeys(finding.pointer for finding in open_ones))
    if len(places) > 1:
        fix = f"Send one override for each, with its pointer: {', '.join(places[:20])}."
        raise _refused(command, row, None, "pointer_needed", f"The rule found {len(places)} places.", fix)
    return open_ones[0]


def _allowed(command: OverrideCreate, row: ClaimRow, finding: Finding, now: datetime) -> Override:
    try:
        return override(
            finding, actor_id=command.actor.id, actor_role=command.actor.role, reason=command.reason, at=now
        )
    except OverrideRefused as refused:
        raise _refused(
            command, row, finding.pointer, refused.code, f"{str(refused).capitalize()}.", finding.fix
        ) from None


def _refused(
    command: OverrideCreate, row: ClaimRow, pointer: str | None, code: str, message: str, fix: str
) -> RuleBroken:
    fault = Fault(pointer or "/body/pointer", code, message, fix)
    detail = "this finding cannot be overridden"
    return RuleBroken(detail, code=command.rule_code, errors=[fault], current_version=row.version)


def _add_event(session: Session, deps: Dependencies, row: ClaimRow, new: FindingOverride, now: datetime) -> None:
    """The feed names the rule; the reason is stored with the claim and in the audit trail alone."""
    data = {"override_id": new.id, "rule_code": new.override.rule}
    add_event(
        session,
        deps.ids,
        organization_id=row.organization_id,
        at=now,
        kind="claim.overridden",
        subject_id=row.id,
        data=data,
    )
