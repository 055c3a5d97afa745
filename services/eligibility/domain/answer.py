"""Reading what came back for a 270: the 271 that belongs to it, or why there is none.

Rules: an answer is taken only whole and only with our own trace, since an answer for somebody else is somebody else's
record; a TA1 or 999 in place of the 271 means that our question was refused; anything else is unreadable.
"""

from dataclasses import dataclass

from shared import x12

ANSWERED, REFUSED, UNREADABLE, NOT_OURS = "answered", "refused", "unreadable", "not_ours"
REFERENCED = "2"
"""TRN01 of a trace that is given back to whoever asked."""


@dataclass(frozen=True, slots=True)
class Answer:
    """`kind` is one of the four words above; `response` is there when it is `answered`."""

    kind: str
    response: x12.BenefitResponse | None = None


def read_answer(data: bytes, inquiry_id: str) -> Answer:
    """Never raises: bad data is `unreadable`."""
    file = x12.read_all(data)
    if not _is_whole(file):
        return Answer(UNREADABLE)
    answers = [t for t in file.transactions if t.opened.type == "271"]
    if not answers:
        types = {transaction.opened.type for transaction in file.transactions}
        return Answer(REFUSED if types & {"TA1", "999"} else UNREADABLE)
    records = [
        record for transaction in answers for record in transaction.records if isinstance(record, x12.BenefitResponse)
    ]
    if not records:
        return Answer(UNREADABLE)
    ours = [record for record in records if _is_ours(record, inquiry_id)]
    return Answer(ANSWERED, ours[0]) if ours else Answer(NOT_OURS)


def _is_whole(file: x12.File) -> bool:
    """Envelope, ends and counts are right, so nothing was cut off. An element that a payer filled oddly is another
    matter: it is read as far as it goes."""
    oddities = {id(finding) for t in file.transactions for item in t.items for finding in item.findings}
    errors = [finding for finding in file.findings if finding.severity is x12.Severity.ERROR]
    return all(id(finding) in oddities for finding in errors)


def _is_ours(response: x12.BenefitResponse, inquiry_id: str) -> bool:
    """A rejection of source or receiver has no member and so no trace; it came on our connection and is taken."""
    members = [member for member in (response.subscriber, response.dependent) if member is not None]
    traces = {trace.value for member in members for trace in member.traces if trace.type == REFERENCED}
    return inquiry_id in traces if traces else (not members or not response.benefits)
