"""Submit a ready claim: its 837P is checked as it would be sent, and the claim is queued for the next file.

A claim to a payer that accepts only paper is checked in the same way and never queued: a person prints it.
"""

from datetime import datetime

from sqlmodel import Session

from services.claims.domain.lifecycle import ClaimEvent, ClaimState
from services.claims.domain.timeline import TimelineKind
from services.claims.flows.audit import audit
from services.claims.flows.claim.build_claim import found_claim
from services.claims.flows.claim.transition_claim import transition_claim
from services.claims.flows.dependencies import Dependencies
from services.claims.flows.disclosures import disclose_on_paper
from services.claims.flows.queries.views import claim_view
from services.claims.flows.record_timeline import record_act
from services.claims.flows.submission.interchange import claims_interchange
from services.claims.store import claims as store
from services.claims.store.tables import ClaimRow
from shared import x12
from shared.codesets import CodeSets
from shared.contracts.claims import Claim, ClaimAction
from shared.database import UnitOfWork
from shared.errors import Conflict, Fault, RuleBroken
from shared.plural import counted
from shared.security.caller import Caller
from shared.transition_table import NotAllowed
from shared.wire.trading_partner import TradingPartner


def submit_claim(
    deps: Dependencies, unit_of_work: UnitOfWork, caller: Caller, claim_id: str, command: ClaimAction
) -> Claim:
    """Queue a ready claim for the next file, unless its payer accepts only paper.

    Raises RuleBroken while it is blocked or held, Conflict in any other state.
    """
    # Two clocks: deadlines count business days, the batch window waits in real time.
    now, queued_at = deps.clock.now(), deps.wall_clock.now()

    def write(session: Session) -> Claim:
        row = found_claim(store.claim(session, caller.organization_id, claim_id))
        _refuse_stopped(row)
        partner = deps.trading_partners.of(caller.organization_id)
        _refuse_unwritable(row, partner, deps.rule_set.codes, now)
        try:
            transition_claim(session, deps.ids, row, now, ClaimEvent.SUBMIT)
        except NotAllowed:
            raise Conflict(
                f"a claim that is {row.state} cannot be submitted",
                code="claim_not_ready",
                current_version=row.version,
            ) from None
        printed = row.document.claim.printed
        row.submitted_at, row.queued_at = now, None if printed else queued_at
        audit(session, deps, caller, at=now, action="submit_claim", subject_id=row.id, actor=command.actor)
        if printed:
            disclose_on_paper(session, deps.ids, row, now)
        summary = "Submitted; it is printed and mailed." if printed else "Submitted; it waits for the next file."
        record_act(session, deps, caller, row, TimelineKind.CLAIM_SUBMITTED, summary, at=now, actor=command.actor)
        return claim_view(session, row)

    return unit_of_work.run(write)


def _refuse_stopped(row: ClaimRow) -> None:
    if row.state not in (ClaimState.BLOCKED, ClaimState.HELD):
        return
    stopping = row.document.stopping_findings()
    faults = [Fault(one.pointer, one.code, one.message, one.fix) for one in stopping]
    if row.state == ClaimState.BLOCKED:
        detail = f"{counted(len(stopping), 'rule stops', 'rules stop')} this claim; fix what they name and refresh it"
    else:
        holds = counted(len(stopping), "rule holds", "rules hold")
        detail = f"{holds} this claim until a person lets it go: override each with a reason"
    raise RuleBroken(detail, code=stopping[0].code, errors=faults, current_version=row.version)


def _refuse_unwritable(row: ClaimRow, partner: TradingPartner, codes: CodeSets, now: datetime) -> None:
    """Write the claim as it would be sent and read it back strictly, so that no file has an error."""
    try:
        content = claims_interchange([row], partner, now, interchange_number=1)
    except x12.WriteError as error:
        faults = [Fault(f"/{error.pointer}", "claim_not_writable", error.message, "Fix the named data and refresh.")]
        detail = "the claim cannot be written as an 837P"
        raise RuleBroken(detail, code="claim_not_writable", errors=faults, current_version=row.version) from None
    found = x12.read_all(content, strict=True, codes=codes).findings
    faults = [
        Fault(f"/{one.loop}/{one.segment}/{one.element}", one.code, one.message, one.fix)
        for one in found
        if one.severity is x12.Severity.ERROR
    ]
    if faults:
        detail = "the 837P of this claim would be refused"
        raise RuleBroken(detail, code=faults[0].code, errors=faults, current_version=row.version)
