"""A claim is queued for the next file, or is to be printed: what sending one and voiding one at the payer share.

Its 837P is written as it would be sent and read back strictly first, so that no file has an error.
"""

from datetime import datetime

from sqlmodel import Session

from services.claims.domain.lifecycle import ClaimEvent
from services.claims.flows.claim.transition_claim import transition_claim
from services.claims.flows.dependencies import Dependencies
from services.claims.flows.disclosures import disclose_on_paper
from services.claims.flows.submission.interchange import claims_interchange
from services.claims.store.tables import ClaimRow
from shared import x12
from shared.codesets import CodeSets
from shared.errors import Conflict, Fault, RuleBroken
from shared.transition_table import NotAllowed
from shared.wire.trading_partner import TradingPartner


def queue_claim(
    session: Session, deps: Dependencies, row: ClaimRow, event: ClaimEvent, *, now: datetime, queued_at: datetime
) -> bool:
    """Queue the claim for the next file by this event; True if its payer accepts only paper, so that it is printed.
    Two clocks: deadlines count business days from `now`, the batch window waits in real time from `queued_at`. Raises
    RuleBroken, Conflict."""
    partner = deps.trading_partners.of(row.organization_id)
    _refuse_unwritable(row, partner, deps.rule_set.codes, now)
    printed = row.document.claim.printed
    try:
        transition_claim(session, deps.ids, row, now, event)
    except NotAllowed:
        raise Conflict(
            f"a claim that is {row.state} cannot be submitted",
            code="claim_not_ready",
            current_version=row.version,
            pointer="/claim_id",
            fix="Read the claim, and do the `operation` of its `next_action`.",
        ) from None
    row.submitted_at, row.queued_at = now, None if printed else queued_at
    if printed:
        disclose_on_paper(session, deps.ids, row, now)
    return printed


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
