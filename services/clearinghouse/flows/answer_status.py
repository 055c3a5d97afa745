"""Answering 276s at once: where each payer has each claim at the moment of the question.

Reads only. A file that is no 276, or has errors, gets the 999 that says so instead of a 277.
"""

import msgspec
from sqlmodel import Session

from services.clearinghouse.domain.claim_from_837p import claim_from
from services.clearinghouse.domain.lifecycle import State
from services.clearinghouse.domain.messages.interchange import MessageHeader, write_277, write_999
from services.clearinghouse.domain.messages.status_response import WRONG_PAYER, KnownClaim, response, status_of
from services.clearinghouse.domain.outcomes import ClaimOutcome
from services.clearinghouse.domain.payer_configuration import PayerTransaction
from services.clearinghouse.domain.received_file import STATUS
from services.clearinghouse.domain.scenarios import Scenario
from services.clearinghouse.flows.dependencies import Dependencies
from services.clearinghouse.flows.questions import answer_header, questions_of
from services.clearinghouse.store import ClaimRow, newest_of_number
from shared import x12
from shared.dates import local_date

CLAIM_NUMBER = "EJ"


def answer(deps: Dependencies, partner_id: str, content: bytes, asked: tuple[Scenario, ...]) -> str:
    """The 277 (or the 999) of a 276. Raises Malformed, Forbidden for another's ISA06, TooLarge."""
    questions = questions_of(partner_id, content, STATUS)
    with deps.database.reading() as session:
        message = answer_header(deps, session, partner_id, questions.interchange)
        if questions.header is None:
            return write_999(message, questions.syntax)
        statuses = tuple(_status(deps, session, partner_id, inquiry, asked, message) for inquiry in questions.inquiries)
    return write_277(message, questions.header.reference, statuses)


def _status(
    deps: Dependencies,
    session: Session,
    partner_id: str,
    inquiry: x12.StatusInquiry,
    asked: tuple[Scenario, ...],
    message: MessageHeader,
) -> x12.ClaimStatus:
    payer, today = deps.payers.get(inquiry.source.party.id), message.at.date()
    if payer is None or not payer.takes(PayerTransaction.STATUS):
        return response(inquiry, WRONG_PAYER, None, today)
    numbers = [one.value for one in inquiry.references if one.qualifier == CLAIM_NUMBER]
    row = newest_of_number(session, partner_id, payer.id, numbers[0]) if numbers else None
    return status_of(inquiry, _known(deps, row) if row else None, asked, today)


def _known(deps: Dependencies, row: ClaimRow) -> KnownClaim:
    record = msgspec.json.decode(row.record, type=x12.Claim837P)
    return KnownClaim(
        state=State(row.state),
        member_id=record.subscriber.party.id,
        charge_cents=claim_from(record).charge_cents,
        payer_number=row.payer_control_number,
        outcome=msgspec.json.decode(row.outcome, type=ClaimOutcome) if row.outcome else None,
        decided_on=local_date(row.pay_at, deps.zone) if row.outcome else None,
        scenarios=frozenset(filter(None, row.scenarios.split("+"))),
    )
