"""Questions that are answered at once (270, 276): whose they may be, how many, and the envelope of the answer."""

from typing import TypeVar
from zoneinfo import ZoneInfo

from sqlmodel import Session

from services.clearinghouse.domain.messages.interchange import MessageHeader
from services.clearinghouse.domain.received_file import Questions, ReceivedInquiries, read_inquiries
from services.clearinghouse.flows.clock import reading_of
from services.clearinghouse.flows.dependencies import Dependencies
from shared import x12
from shared.errors import Forbidden, Malformed, TooLarge
from shared.wire.envelope import Usage

Header = TypeVar("Header", bound=x12.Part)
Inquiry = TypeVar("Inquiry", bound=x12.Part)
MAX_INQUIRIES = 100
CLAIM_ROUTE_NEEDED = "this credential may only send interchanges whose ISA06 is its own sender id"


def questions_of(
    partner_id: str, content: bytes, asked: Questions[Header, Inquiry]
) -> ReceivedInquiries[Header, Inquiry]:
    """What a partner asks. Raises Malformed, Forbidden for another's ISA06, TooLarge."""
    questions = read_inquiries(content, asked)
    if questions is None:
        raise Malformed("the body is not one X12 interchange with one transaction", code="not_one_x12_interchange")
    if questions.interchange.sender != partner_id:
        raise Forbidden(CLAIM_ROUTE_NEEDED, code="sender_is_not_the_partner")
    if len(questions.inquiries) > MAX_INQUIRIES:
        raise TooLarge(f"a {asked.kind} takes {MAX_INQUIRIES} patients at most; send several")
    return questions


def answer_header(deps: Dependencies, session: Session, partner_id: str, interchange: x12.Interchange) -> MessageHeader:
    """The envelope of an answer, which carries the question's own control number."""
    text = interchange.control_number
    return MessageHeader(
        sender=deps.interchange_id,
        receiver=partner_id,
        at=reading_of(session).now(deps.wall.now()).astimezone(ZoneInfo(deps.zone)),
        number=int(text) if text.isascii() and text.isdigit() else 1,
        usage=Usage.of_indicator(interchange.usage),
    )
