"""The payer decides appeals on the virtual clock; what it pays anew takes the first decision back in the same 835."""

from collections.abc import Sequence

import msgspec
from sqlmodel import Session

from services.clearinghouse.domain.adjudication import adjudicate
from services.clearinghouse.domain.appeal_decisions import decide_appeal
from services.clearinghouse.domain.claim_from_837p import claim_from
from services.clearinghouse.domain.edits import Arrival, member_of
from services.clearinghouse.domain.lifecycle import CLAIM_LIFECYCLE, Event, State
from services.clearinghouse.domain.messages.remittance import PaidClaim
from services.clearinghouse.domain.outcomes import ClaimOutcome, reversal_of
from services.clearinghouse.flows.dependencies import Dependencies
from services.clearinghouse.flows.pay_claims import by_service_date, history_of, outcome_of, record_of, remit
from services.clearinghouse.store import ClaimRow
from shared.dates import local_date


def decide_appeals(deps: Dependencies, session: Session, rows: Sequence[ClaimRow]) -> None:
    """Decide the appeals of one payer and payee that are due at one moment; what is paid anew comes in one 835."""
    entries: list[PaidClaim] = []
    at = rows[0].due_at
    assert at is not None, "what is due has a moment"
    for row in sorted(rows, key=by_service_date):
        entries += _decide(deps, session, row)
    if entries:
        remit(deps, session, rows, entries, at)


def _decide(deps: Dependencies, session: Session, row: ClaimRow) -> list[PaidClaim]:
    record, before, received_on = record_of(row), outcome_of(row), local_date(row.received_at, deps.zone)
    payer, claim = deps.payers[row.payer_id], claim_from(record)
    member = member_of(Arrival(claim, payer, received_on))

    def anew(overturned: frozenset[int]) -> ClaimOutcome:
        assert member is not None, "asked for a member alone"
        return adjudicate(
            payer,
            member,
            claim,
            history_of(session, row),
            received_on=received_on,
            payer_control_number=row.payer_control_number,
            overturned=overturned,
        )

    after = decide_appeal(before, row.scenarios.split("+"), anew) if member is not None else None
    row.state = CLAIM_LIFECYCLE.step(State(row.state), Event.DECIDE_APPEAL)
    row.due_at = None
    session.add(row)
    if after is None:
        return []
    row.outcome = msgspec.json.encode(after).decode()
    session.flush()
    return [PaidClaim(record, reversal_of(before), received_on), PaidClaim(record, after, received_on)]
