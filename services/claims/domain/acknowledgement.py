"""What the status of a 277CA or 277 means for a claim, by its category and by who sent it.

A1 means only "received": neither acceptance nor proof of timely filing. A4 and the E and D categories do not change
the claim's state and need a person. P (pending), R (information wanted) and F (final) say where a payer has the claim,
so it has accepted it; money comes with the 835 alone. Source: X12 external code list 507 by number; the sentences are
ours.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from services.claims.domain.lifecycle import ClaimEvent
from services.claims.domain.payer_responses import CLEARINGHOUSE, PAYER, PayerResponses
from services.claims.domain.wire_code import wire_code
from shared import x12

ACCEPTED = frozenset({"A2", "A5"})
REJECTED = frozenset({"A3", "A6", "A7", "A8"})
NO_NEWS = frozenset({"A0", "A1"})
PAYER_ENTITY = "PR"
IN_WORK = ("P", "R", "F")
"""First letters of the categories of a claim that the payer has."""
NOT_FOUND = frozenset({"A4", "D0"})
NO_ANSWER = "E"
"""First letter of the categories that say that a question could not be answered."""
ENVELOPE_REFUSED, SEEN_BEFORE = "R", "025"
"""TA104 of a rejected interchange; TA105 of one whose control number the clearinghouse already has."""
SYNTAX_REFUSED = frozenset({"R", "M", "W", "X"})
"""AK901 of a rejected group."""
ACCEPTANCES = frozenset({ClaimEvent.ACCEPTED_BY_CLEARINGHOUSE, ClaimEvent.ACCEPTED_BY_PAYER})
BY_PAYER = frozenset({ClaimEvent.ACCEPTED_BY_PAYER, ClaimEvent.REJECTED_BY_PAYER})

FIELDS = {
    "21": "the named data",
    "24": "the insured's entity",
    "33": "the subscriber and the member id",
    "116": "the payer that it was sent to",
    "122": "the date of service or the time it took to file",
    "124": "the patient's name, address or phone",
    "158": "the date of birth",
    "164": "the member id",
    "178": "the amount charged",
    "187": "the dates of service",
    "217": "the injury's claim number",
    "218": "the date of the accident",
    "247": "the line's data",
    "453": "a modifier",
    "454": "a procedure code",
    "477": "the diagnosis pointer",
    "562": "an NPI",
    "54": "an exact duplicate",
    "97": "the patient, who is not covered by this payer",
    "88": "the coverage on the date of service",
    "488": "a diagnosis",
    "507": "the place of service",
    "535": "the claim's frequency",
    "153": "the identifier of a provider",
    "732": "the state of the accident",
}


@dataclass(frozen=True, slots=True)
class Verdict:
    """`event` changes the claim's state (None: no change); `sentence` says what was rejected; `ask` means a person is
    needed; `where` that it says where the payer has the claim, that it has not, or that it cannot say."""

    event: ClaimEvent | None
    sentence: str = ""
    ask: bool = False
    where: bool = False


def verdict(source_entity: str, status: x12.Status) -> Verdict:
    """What one STC of a claim means; `source_entity` is NM101 of the 277CA's source (PR payer, AY clearinghouse)."""
    by_payer = source_entity == PAYER_ENTITY
    category = status.category
    if category in ACCEPTED:
        return Verdict(ClaimEvent.ACCEPTED_BY_PAYER if by_payer else ClaimEvent.ACCEPTED_BY_CLEARINGHOUSE)
    if category in REJECTED:
        event = ClaimEvent.REJECTED_BY_PAYER if by_payer else ClaimEvent.REFUSED_BY_CLEARINGHOUSE
        return Verdict(event, _sentence("payer" if by_payer else "clearinghouse", status))
    if by_payer and category.startswith(IN_WORK):
        return Verdict(ClaimEvent.ACCEPTED_BY_PAYER, where=True)
    return Verdict(
        None, ask=category not in NO_NEWS, where=by_payer and (category in NOT_FOUND or category.startswith(NO_ANSWER))
    )


def events_of(responses: PayerResponses) -> tuple[ClaimEvent, ...]:
    """What clearinghouse and payer have answered about a submission, as the events that lead to where it is by them."""
    accepted = {by for by, _day in responses.accepted_on_by}
    rejected = {by for by, _sentence in responses.rejections_by}
    found = (
        (CLEARINGHOUSE in rejected, ClaimEvent.REFUSED_BY_CLEARINGHOUSE),
        (CLEARINGHOUSE in accepted, ClaimEvent.ACCEPTED_BY_CLEARINGHOUSE),
        (PAYER in accepted, ClaimEvent.ACCEPTED_BY_PAYER),
        (PAYER in rejected, ClaimEvent.REJECTED_BY_PAYER),
    )
    return tuple(event for answered, event in found if answered)


def event_of(verdicts: Sequence[Verdict]) -> ClaimEvent | None:
    """What an answer of several statuses means for the claim: a rejection, else the last of its other verdicts."""
    events = [found.event for found in verdicts if found.event is not None]
    rejections = [found.event for found in verdicts if found.sentence]
    return rejections[0] if rejections else events[-1] if events else None


def answered(
    responses: PayerResponses, verdicts: Sequence[Verdict], payer_claim_number: str, on: date
) -> PayerResponses:
    """The answers about a claim with one more, of this day."""
    event = event_of(verdicts)
    by = PAYER if event in BY_PAYER else CLEARINGHOUSE
    responses = responses.with_number(payer_claim_number)
    for found in verdicts:
        if found.sentence:
            responses = responses.with_rejection(by, found.sentence)
    return responses.with_acceptance(by, on) if event in ACCEPTANCES else responses


def envelope_refusal(answer: x12.InterchangeAcknowledgement) -> str:
    """Why a TA1 says that the whole file was rejected; empty where it was not, or was there before."""
    if answer.code != ENVELOPE_REFUSED or answer.note == SEEN_BEFORE:
        return ""
    return f"The clearinghouse rejected the file's envelope (TA1 {answer.note})."


def syntax_refusal(answer: x12.Acknowledgement) -> str:
    """Why a 999 says that the file was rejected; empty where it was not."""
    return "The clearinghouse rejected the file's syntax (999)." if answer.result in SYNTAX_REFUSED else ""


def _sentence(by: str, status: x12.Status) -> str:
    code = status.codes[0].code
    field = FIELDS.get(code)
    about = f"; look at {field}" if field else ""
    meaning = x12.status_category_meaning(status.category)
    return f"The {by}'s answer: {meaning}{about} ({status.category}-{wire_code(code)})."
