"""A payer's answer to the claims of one transaction: the payer's edits, and one 277CA."""

from collections.abc import Sequence
from datetime import datetime, timedelta

import msgspec
from sqlmodel import Session

from services.clearinghouse.domain.claim_from_837p import claim_from
from services.clearinghouse.domain.edits import PAYER_EDITS, Arrival, Rejection, first_rejection
from services.clearinghouse.domain.lifecycle import CLAIM_LIFECYCLE, Event, State
from services.clearinghouse.domain.messages.claim_acknowledgement import payer_party, verdict
from services.clearinghouse.domain.messages.interchange import write_277ca
from services.clearinghouse.domain.scenarios import LATE_835
from services.clearinghouse.domain.submitted_claim import ORIGINAL
from services.clearinghouse.flows.dependencies import Dependencies
from services.clearinghouse.flows.send_messages import post
from services.clearinghouse.store import ClaimRow, FileRow, original_of
from shared import x12
from shared.dates import local_date

LATE_BY = timedelta(days=45)


def clearinghouse_number(row: ClaimRow) -> str:
    """REF*D9: the clearinghouse's own number of a claim."""
    return f"CH{row.sequence:09d}"


def submission_of(session: Session, partner_id: str, file_id: str, place: int) -> x12.Submission:
    """The header of the transaction that a claim came in."""
    file = session.get(FileRow, (partner_id, file_id))
    assert file is not None, "a claim's file is kept"
    return msgspec.json.decode(file.headers, type=list[x12.Submission])[place]


def acknowledge(deps: Dependencies, session: Session, rows: Sequence[ClaimRow]) -> None:
    """Judge claims of one file, transaction and payer at the moment they are due, and say so in one 277CA."""
    first = rows[0]
    at = first.acknowledge_at
    verdicts = tuple(_judge(deps, session, row, at) for row in rows)
    payer = deps.payers[first.payer_id]
    submission = submission_of(session, first.organization_id, first.file_id, first.transaction_place)
    post(
        deps,
        session,
        first.organization_id,
        kind="277CA",
        at=at,
        content_of=lambda message: write_277ca(
            message,
            x12.claim_statuses(
                verdicts,
                submission=submission,
                acknowledger=payer_party(payer.name, payer.id),
                trace=f"{payer.id}{message.number:09d}",
                received=local_date(first.received_at, deps.zone),
                created=message.at.date(),
            ),
        ),
    )


def _judge(deps: Dependencies, session: Session, row: ClaimRow, at: datetime) -> x12.ClaimVerdict:
    record = msgspec.json.decode(row.record, type=x12.Claim837P)
    rejection = _rejection(deps, session, row, record, at)
    row.state = CLAIM_LIFECYCLE.step(State(row.state), Event.TURN_BACK if rejection else Event.ACCEPT)
    if LATE_835.name in row.scenarios.split("+"):
        row.pay_at += LATE_BY
    row.due_at = None if rejection else row.pay_at
    session.add(row)
    return verdict(
        record,
        rejection,
        clearinghouse_number=clearinghouse_number(row),
        payer_number="" if rejection else row.payer_control_number,
    )


def _rejection(
    deps: Dependencies, session: Session, row: ClaimRow, record: x12.Claim837P, at: datetime
) -> Rejection | None:
    claim = claim_from(record)
    known = claim.frequency != ORIGINAL and bool(
        original_of(session, row.organization_id, row.payer_id, claim.payer_control_number)
    )
    arrival = Arrival(claim, deps.payers[row.payer_id], local_date(at, deps.zone), original_known=known)
    return first_rejection(PAYER_EDITS, arrival)
