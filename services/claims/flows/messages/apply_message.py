"""A stored message is applied once, in its own transaction.

Storing and applying are separate, so that nothing received is ever lost: a message that is out of balance or matches
nothing is quarantined with the segment and the amount, listed, and waits for a person. Applying the same message
again, or messages in another order, leads to the same state.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import Session

from services.claims.domain.message_lifecycle import MESSAGE_LIFECYCLE, TO_APPLY, MessageEvent, MessageState
from services.claims.domain.timeline import TimelineKind
from services.claims.domain.wire_code import message_kind
from services.claims.flows.audit import audit_work
from services.claims.flows.dependencies import Dependencies
from services.claims.flows.messages.acknowledge import apply_999, apply_claim_status, apply_ta1
from services.claims.flows.messages.message_outcome import MessageOutcome, reason
from services.claims.flows.messages.message_task import task_of_message
from services.claims.flows.messages.post_remittance import apply_remittance, quarantine_remittances
from services.claims.flows.messages.route_message import subjects_of
from services.claims.flows.messages.split_message import PART_NOTES
from services.claims.flows.record_timeline import record_message
from services.claims.store import exchange
from services.claims.store.tables import MessageRow
from shared import x12
from shared.contracts.common import Finding
from shared.database.operations import add_event
from shared.plural import counted

MESSAGES_A_PASS = 500
REASONS_KEPT = 100
APPLY = {
    "TA1": apply_ta1,
    "999": apply_999,
    "277CA": apply_claim_status,
    "277": apply_claim_status,
    "835": apply_remittance,
}


def waiting_messages(deps: Dependencies) -> list[tuple[str, str]]:
    """(organization, message) of the messages that are to be applied now."""
    with deps.database.reading() as session:
        return exchange.messages_to_apply(session, deps.wall_clock.now(), MESSAGES_A_PASS)


def apply_message(deps: Dependencies, organization_id: str, message_id: str) -> str:
    """Apply one message in one transaction; returns its state afterwards."""
    with deps.database.reading() as session:
        row = exchange.message(session, organization_id, message_id)
        # Read and parsed before the write begins, since a large 835 takes seconds and SQLite has one writer. What a
        # message says never changes, so this content is still right then.
        content = row.content if row else ""
    file = x12.read_all(content.encode(), strict=True, codes=deps.rule_set.codes)
    faults = [reason(one) for one in file.findings if one.severity is x12.Severity.ERROR]
    now = deps.clock.now()

    def write(session: Session) -> str:
        row = exchange.message(session, organization_id, message_id)
        # Another worker may have applied it since it was listed.
        if row is None or row.state not in TO_APPLY:
            return row.state if row else "unknown"
        # A message that a person has released is applied in spite of its faults: she has seen them.
        if faults and row.state == MessageState.RECEIVED:
            event, reasons = MessageEvent.QUARANTINE, faults[:REASONS_KEPT]
            _record_quarantine(session, deps, row, file, now, faults)
            quarantine_remittances(session, deps, row, file, now)
        else:
            outcome = _apply(session, deps, row, file, now)
            event = MessageEvent.QUARANTINE if outcome.open else MessageEvent.APPLY
            row.claims, reasons = outcome.claims, outcome.most_important(REASONS_KEPT)
        row.reasons = [*(one for one in row.reasons if one.code in PART_NOTES), *reasons]
        row.state, row.tries, row.retry_at = MESSAGE_LIFECYCLE.step(MessageState(row.state), event), 0, None
        session.add(row)
        task_of_message(session, deps.ids, row, now)
        if event is MessageEvent.QUARANTINE:
            tell_that_it_waits(session, deps, row, now)
        audit_work(
            session, deps.ids, organization_id, at=now, action="message_applied", subject_id=row.id, reason=row.state
        )
        return row.state

    return deps.database.run(write)


def tell_that_it_waits(session: Session, deps: Dependencies, row: MessageRow, now: datetime) -> None:
    """The organization's feed says that a message waits for a person: it is quarantined, or failed."""
    add_event(
        session,
        deps.ids,
        organization_id=row.organization_id,
        at=now,
        kind=f"message.{row.state}",
        subject_id=row.id,
        data={"kind": row.kind, "reasons": sorted({one.code for one in row.reasons})},
    )


def _record_quarantine(
    session: Session, deps: Dependencies, row: MessageRow, file: x12.File, now: datetime, faults: Sequence[Finding]
) -> None:
    """Nothing of the message was applied: the claims and files that it names get a timeline entry."""
    faults = faults[:REASONS_KEPT]
    count = counted(len(faults), "error")
    summary = f"The message was not applied, since it has {count}; it waits for a person."
    codes = list(dict.fromkeys(one.code for one in faults))
    kind, subjects = TimelineKind.MESSAGE_QUARANTINED, subjects_of(session, row.organization_id, file)
    record_message(session, deps.ids, row, subjects, kind, summary, at=now, codes=codes)


def _apply(session: Session, deps: Dependencies, row: MessageRow, file: x12.File, now: datetime) -> MessageOutcome:
    total = MessageOutcome()
    for transaction in file.transactions:
        apply = APPLY.get(transaction.opened.type)
        if apply is None:
            total.leave_unresolved(
                code="message_kind_unknown",
                message=f"Handbill does not process a {message_kind(transaction.opened.type)}.",
                pointer="/ST/1",
                fix="Read it yourself and act on it.",
            )
            continue
        apply(session, deps, row, transaction, now, total)
    if not file.transactions:
        total.leave_unresolved(
            code="message_empty",
            message="It contains no.",
            pointer="/ISA",
            fix="Ask the clearinghouse to send it again.",
        )
    return total
