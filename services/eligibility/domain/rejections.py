"""What a rejection (AAA) asks for: AAA04 first, since it says whether and how to send again; then AAA03.

Source: X12 005010X279A1, AAA segments. The words are our own. No AAA is lost: a code that nobody here knows goes to a
person.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from shared.x12 import BenefitResponse, RequestValidation

RETRY, PATIENT, DATES, PROVIDER, ENROLLMENT, REQUEST, PERSON = (
    "later",
    "patient",
    "dates",
    "provider",
    "enrollment",
    "request",
    "person",
)

RESPONSIBLE_PARTIES: dict[str, str] = {
    **dict.fromkeys(("42", "80"), RETRY),
    **dict.fromkeys(("58", "64", "65", "66", "67", "68", "71", "72", "73", "75"), PATIENT),
    **dict.fromkeys(("57", "60", "61", "62", "63"), DATES),
    **dict.fromkeys(("43", "44", "45", "46", "47", "48", "49", "50", "51", "97"), PROVIDER),
    **dict.fromkeys(("04", "41", "79"), ENROLLMENT),
    **dict.fromkeys(("15", "33"), REQUEST),
}

MESSAGES: dict[str, str] = {
    "04": "The payer does not let us ask this much.",
    "15": "The payer misses something in our question.",
    "33": "The payer could not read our question.",
    "41": "The payer does not let us ask here.",
    "42": "The payer's system cannot answer now.",
    "43": "The payer does not take the provider's NPI.",
    "44": "The payer does not take the provider's name.",
    "45": "The payer does not take the provider's specialty.",
    "46": "The payer does not take the provider's telephone number.",
    "47": "The payer does not take the provider's state.",
    "48": "The payer does not take the referring provider's number.",
    "49": "The payer takes this question only from the primary care provider.",
    "50": "The payer does not let this provider ask.",
    "51": "The payer does not know this provider.",
    "57": "The payer does not take the date of service.",
    "58": "The payer does not take the birth date.",
    "60": "The birth date is after the date of service.",
    "61": "The payer has a death before the date of service.",
    "62": "The date of service is outside the time that the payer answers for.",
    "63": "The payer does not answer for a date in the future.",
    "64": "The payer does not take the patient's number.",
    "65": "The payer does not take the patient's name.",
    "66": "The payer does not take the patient's sex.",
    "67": "The payer does not find the patient.",
    "68": "The payer has the patient's number twice.",
    "71": "The birth date is not the one that the payer has.",
    "72": "The payer does not take the member id.",
    "73": "The payer does not take the subscriber's name.",
    "75": "The payer does not find the subscriber.",
    "76": "The payer has the member id twice.",
    "77": "The payer finds the subscriber, but not the patient.",
    "78": "The subscriber is not in this group or plan.",
    "79": "The payer does not know us as a sender.",
    "80": "The payer did not answer in time.",
    "97": "The payer does not take the provider's address.",
}
OTHER_MESSAGE = "The payer rejected the question for a reason that needs a person."

FIXES: dict[str, str] = {
    RETRY: "Ask again later; nothing needs to be changed.",
    PATIENT: "Compare name, birth date and member id with the patient's card, correct them and ask again.",
    DATES: "Correct the date of service or the birth date and ask again.",
    PROVIDER: "Correct the provider's NPI and name, or have the payer enter this provider, and ask again.",
    ENROLLMENT: "Have the clearinghouse enroll the practice for eligibility with this payer, or ask by telephone.",
    REQUEST: "Report this to Handbill's operator: our question was not of the form that the payer takes.",
    PERSON: "Call the payer.",
}

FOLLOW_UPS: dict[str, str] = {
    "N": "Do not send this again; call the payer.",
    "P": "Send the same question again.",
    "S": "Do not send this again: the payer is asking somebody else.",
    "W": "Wait 30 days, then ask again.",
    "X": "Wait 10 days, then ask again.",
    "Y": "Do not send this again: the payer keeps the question and will answer.",
}
"""AAA04 codes that say by themselves what to do. C (correct and send again) and R (may be sent again) leave it to
AAA03."""


@dataclass(frozen=True, slots=True)
class InquiryRejection:
    """One AAA: `reject_code` AAA03, `follow_up_code` AAA04, `responsible_party` is who has to act (our own code)."""

    reject_code: str
    follow_up_code: str | None
    loop: str
    responsible_party: str
    message: str
    fix: str


def rejections(answer: BenefitResponse) -> tuple[InquiryRejection, ...]:
    """All AAA of an answer, from the outside in, each with the loop it stood in."""
    return tuple(_rejection(rejection, loop) for loop, rejection in _with_loops(answer))


def _rejection(rejection: RequestValidation, loop: str) -> InquiryRejection:
    responsible_party = RESPONSIBLE_PARTIES.get(rejection.reason, PERSON)
    return InquiryRejection(
        reject_code=rejection.reason,
        follow_up_code=rejection.followup or None,
        loop=loop,
        responsible_party=responsible_party,
        message=MESSAGES.get(rejection.reason, OTHER_MESSAGE),
        fix=FOLLOW_UPS.get(rejection.followup, FIXES[responsible_party]),
    )


def _with_loops(answer: BenefitResponse) -> Iterator[tuple[str, RequestValidation]]:
    yield from (("2000A", rejection) for rejection in answer.source.rejections)
    yield from (("2100A", rejection) for rejection in answer.source.party.rejections)
    if answer.receiver is not None:
        yield from (("2100B", rejection) for rejection in answer.receiver.party.rejections)
    if answer.subscriber is not None:
        yield from (("2100C", rejection) for rejection in answer.subscriber.party.rejections)
    if answer.dependent is not None:
        yield from (("2100D", rejection) for rejection in answer.dependent.party.rejections)
    loop = "2110D" if answer.dependent is not None else "2110C"
    for row in answer.benefits:
        yield from ((loop, rejection) for rejection in row.rejections)
