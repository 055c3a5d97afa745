"""Answering 270s at once: what each payer knows of each member on the day of the question.

Reads only. A file that is no 270, or has errors, gets the 999 that says so instead of a 271.
"""

import msgspec
from sqlmodel import Session

from services.clearinghouse.domain.accumulators import PastClaim, used_by
from services.clearinghouse.domain.claim_from_837p import claim_from
from services.clearinghouse.domain.messages.eligibility_response import (
    benefits_of,
    find_member,
    member_not_found,
    payer_not_here,
)
from services.clearinghouse.domain.messages.interchange import MessageHeader, write_271, write_999
from services.clearinghouse.domain.outcomes import ClaimOutcome
from services.clearinghouse.domain.payer_configuration import Member, Payer, PayerTransaction
from services.clearinghouse.domain.received_file import ELIGIBILITY
from services.clearinghouse.flows.dependencies import Dependencies
from services.clearinghouse.flows.members import member_index
from services.clearinghouse.flows.questions import answer_header, questions_of
from services.clearinghouse.store import adjudicated_of
from shared import x12


def answer(deps: Dependencies, partner_id: str, content: bytes) -> str:
    """The 271 (or the 999) of a 270. Raises Malformed, Forbidden for another's ISA06, TooLarge."""
    questions = questions_of(partner_id, content, ELIGIBILITY)
    with deps.database.reading() as session:
        message = answer_header(deps, session, partner_id, questions.interchange)
        if questions.header is None:
            return write_999(message, questions.syntax)
        responses = tuple(_respond(deps, session, inquiry, message) for inquiry in questions.inquiries)
    return write_271(message, questions.header.reference, responses)


def _respond(
    deps: Dependencies, session: Session, inquiry: x12.EligibilityInquiry, message: MessageHeader
) -> x12.BenefitResponse:
    payer = deps.payers.get(inquiry.source.party.id)
    if payer is None or not payer.takes(PayerTransaction.ELIGIBILITY):
        return payer_not_here(inquiry)
    member = find_member(payer, inquiry)
    if isinstance(member, str):
        return member_not_found(inquiry, member)
    used = used_by(payer, member, _history(deps, session, payer, member))
    return benefits_of(payer, member, used, inquiry, message.at.date())


def _history(deps: Dependencies, session: Session, payer: Payer, member: Member) -> tuple[PastClaim, ...]:
    person = member_index(deps, payer.id, member.id, member.birth_date, member.last_name)
    found = []
    for row in adjudicated_of(session, person):
        assert row.outcome is not None, "an adjudicated claim has an outcome"
        claim = claim_from(msgspec.json.decode(row.record, type=x12.Claim837P))
        found.append(PastClaim(claim, msgspec.json.decode(row.outcome, type=ClaimOutcome)))
    return tuple(found)
