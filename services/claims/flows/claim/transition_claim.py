"""The state of a claim: every state transition is made here, so that state, outcome and next action agree.

The next action is recalculated from the whole situation after each change and whenever a waiting period ends.
"""

from collections.abc import Sequence
from datetime import date, datetime

from sqlmodel import Session

from services.claims.document import ClaimDocument
from services.claims.domain.ledger import Balances, balances
from services.claims.domain.lifecycle import CLAIM_LIFECYCLE, ClaimEvent, ClaimState, Outcome
from services.claims.domain.next_action import Situation
from services.claims.domain.next_action_progress import NO_PROGRESS
from services.claims.domain.payer_responses import PAYER
from services.claims.domain.remittance import outcome_of
from services.claims.domain.rules import ScrubResult
from services.claims.domain.sanitize import sanitize
from services.claims.domain.sending import Frequency, changed_by_reopening, decided_meanwhile
from services.claims.domain.underpayment import UnderpaymentDecision
from services.claims.domain.worked_action import amount_at_stake, next_action
from services.claims.flows.claim.next_coverage import next_coverage
from services.claims.store import claims as store
from services.claims.store import remittances
from services.claims.store.tables import ClaimRow
from shared.database.operations import add_event
from shared.dates import local_date
from shared.ids import Ids

REASON_MAX_LENGTH, RULE_MAX_LENGTH = 300, 80
SCRUBBED_EVENTS = {
    ScrubResult.BLOCKED: ClaimEvent.FOUND_BLOCKED,
    ScrubResult.HELD: ClaimEvent.FOUND_HELD,
    ScrubResult.READY: ClaimEvent.FOUND_CLEAN,
}


def transition_claim(
    session: Session,
    ids: Ids,
    row: ClaimRow,
    now: datetime,
    event: ClaimEvent | None = None,
    *,
    then: Sequence[ClaimEvent] = (),
    new: bool = False,
) -> None:
    """Apply an event and what comes `then`, derive outcome and next action, increment the version, and add an event to
    the feed where the state or the outcome changed or the claim is new. Raises NotAllowed."""
    before = None if new else (row.state, row.outcome)
    for one in (event, *then):
        if one is not None:
            row.state = CLAIM_LIFECYCLE.step(ClaimState(row.state), one)
    # Entries that were booked in this transaction count: the balances below are read from the database.
    session.flush()
    money = balances(store.entries(session, row.organization_id, [row.id])[row.id])
    waits = remittances.waits_since(session, row.organization_id, [row.id])
    row.outcome = _outcome(row, money)
    refresh_next_action(row, money, now, payment_waits_since=waits.get(row.id))
    row.version += not new
    session.add(row)
    if (row.state, row.outcome) != before:
        state, by = ClaimState(row.state).wire
        data = {"state": state, "by": by, "outcome": row.outcome, "next_action": row.next_kind}
        add_event(
            session,
            ids,
            organization_id=row.organization_id,
            at=now,
            kind=f"claim.{state}",
            subject_id=row.id,
            data=data,
        )


def scrubbed_event(document: ClaimDocument) -> ClaimEvent:
    """The lifecycle event of a newly scrubbed or overridden claim: blocked, held or ready."""
    return SCRUBBED_EVENTS[document.scrub_result()]


def refresh_next_action(row: ClaimRow, money: Balances, now: datetime, *, payment_waits_since: date | None) -> None:
    """Derive the one next action from the claim's whole situation."""
    facts = situation(row, money, now, payment_waits_since)
    found = next_action(facts)
    row.next_amount_cents = amount_at_stake(facts)
    row.next_kind, row.next_owner, row.next_due_on = found.kind, found.owner, found.due_on
    row.next_reason, row.next_rule = sanitize(found.reason, REASON_MAX_LENGTH), sanitize(found.rule, RULE_MAX_LENGTH)


def local_today(row: ClaimRow, now: datetime) -> date:
    """The practice's local date at a moment."""
    return local_date(now, row.document.source.time_zone)


def _outcome(row: ClaimRow, money: Balances) -> Outcome:
    return outcome_of(
        money,
        adjudicated=row.state == ClaimState.ADJUDICATED,
        all_reversed=row.document.responses.reversed,
    )


def situation(row: ClaimRow, money: Balances, now: datetime, payment_waits_since: date | None) -> Situation:
    """All that a claim's next action depends on."""
    document, submitted = row.document, row.submitted_at
    source, responses, chain, short = document.source, document.responses, document.chain, document.underpayment
    _, by = ClaimState(row.state).wire
    # What a patient owed when the practice moved in is after every payer; a later answer may leave more.
    moved_in, last = document.sent_elsewhere, responses.remitted_on
    settled_before = moved_in is not None and last is not None and last <= moved_in.as_of
    return Situation(
        today=local_today(row, now),
        state=ClaimState(row.state),
        outcome=Outcome(row.outcome),
        profile=source.profile,
        date_of_service=row.date_of_service,
        money=money,
        stopping=tuple(dict.fromkeys(finding.code for finding in document.stopping_findings())),
        wanted=responses.wanted,
        rejection=responses.rejection(by or ""),
        secondary_payer_waits=chain.next_claim_id is None and next_coverage(source) is not None and not settled_before,
        next_payer_billed=chain.next_claim_id is not None,
        forwarded_to_unknown=responses.forwarded and chain.next_claim_id is None and next_coverage(source) is None,
        sent_by_earlier_payer=chain.sent_by_earlier_payer,
        sent_elsewhere=document.sent_elsewhere is not None,
        submitted_on=local_date(submitted, source.time_zone) if submitted else None,
        on_paper=document.claim.printed,
        in_file=row.file_id is not None,
        accepted_on=responses.accepted_on,
        remitted_on=responses.remitted_on,
        underpaid_cents=sum(line.short_cents for line in short.lines),
        underpayment_decided=short.decision is not None,
        disputed_on=short.decided_on if short.decision is UnderpaymentDecision.DISPUTED else None,
        statements=document.statements,
        replaced_decision_on=document.claim.replaced_decision_on,
        void=document.claim.frequency == Frequency.VOID,
        decided_meanwhile=decided_meanwhile(document.claim, responses),
        changed_by_reopening=changed_by_reopening(source.profile, responses),
        payer_accepted_on=dict(responses.accepted_on_by).get(PAYER),
        primary_remitted_on=document.claim.primary_remitted_on,
        payment_waits_since=payment_waits_since,
        answers=len(responses.payments),
        progress=row.progress or NO_PROGRESS,
    )
