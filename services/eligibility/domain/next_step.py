"""What to do where an answer does not settle the question: an ordered list, the first that applies is the step.

The order is that of what could cost most: no cover at all, massage not covered, not knowing, an authorization, a limit.
What is on file already (an authorization for that day, the other payer's coverage) is nobody's next step.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from services.eligibility.domain import massage_benefit
from services.eligibility.domain.massage_benefit import MassageBenefit
from services.eligibility.domain.reading.rows import THERAPY
from services.eligibility.domain.rejections import InquiryRejection


@dataclass(frozen=True, slots=True)
class OnFile:
    """What the practice has: an authorization that holds on the day, coverages by other payers."""

    authorization: bool
    other_coverage: bool


NOT_AVAILABLE = "Call the payer: it takes no eligibility questions over the wire."
REFUSED = "Call the payer: the clearinghouse could not pass our question on."

STEPS: tuple[tuple[Callable[[MassageBenefit, OnFile], bool], str], ...] = (
    (
        lambda b, _has: b.active == massage_benefit.INACTIVE,
        "Ask the patient for the card of the present plan: this coverage is not active on that day.",
    ),
    (
        lambda b, _has: b.massage == massage_benefit.NOT_COVERED,
        "Tell the patient before the visit: the plan does not cover massage. Have a notice signed before treating.",
    ),
    (
        lambda b, has: massage_benefit.OTHER_PAYER in b.doubts and not has.other_coverage,
        "Ask the patient and the payer who pays first: the payer names another payer.",
    ),
    (
        lambda b, _has: massage_benefit.NETWORK_DECIDES in b.doubts,
        "Find out whether the practice is in this plan's network and set it on the coverage: the answer hangs on it.",
    ),
    (
        lambda b, _has: bool({massage_benefit.CONTRADICTION, massage_benefit.OUT_OF_RANGE} & b.doubts),
        "Call the payer: the answer contradicts itself.",
    ),
    (
        lambda b, _has: b.active == massage_benefit.UNKNOWN,
        "Call the payer: the answer does not say whether the coverage is active.",
    ),
    (
        lambda b, _has: b.massage == massage_benefit.UNKNOWN,
        "Call the payer and ask whether massage therapy is covered: the answer does not say.",
    ),
    (
        lambda b, _has: b.visits.remaining == 0,
        "Tell the patient before the visit: the visits of this period are used up.",
    ),
    (
        lambda b, has: b.authorization == massage_benefit.REQUIRED and not has.authorization,
        "Get an authorization before the visit and keep its number with the coverage.",
    ),
    (
        lambda b, _has: b.authorization == massage_benefit.UNKNOWN or massage_benefit.ASK_THE_PAYER in b.doubts,
        "Call the payer and ask whether massage needs an authorization.",
    ),
    (
        lambda b, _has: massage_benefit.LIMIT_IN_TEXT in b.doubts,
        "Read the payer's messages: they speak of a limit. Ask the payer how many visits are left.",
    ),
    (
        lambda b, _has: b.visits.limit is not None and b.visits.remaining is None,
        "Ask the payer how many of the visits are left: the answer gives only the limit.",
    ),
    (
        lambda b, _has: b.service_type in THERAPY,
        "Ask the payer whether massage counts as physical therapy: the answer speaks of that, not of massage.",
    ),
)


def after_answer(benefit: MassageBenefit, has: OnFile) -> str | None:
    """The next step after an answer, or None where nothing is left to do."""
    return next((sentence for applies, sentence in STEPS if applies(benefit, has)), None)


def after_rejection(rejections: Sequence[InquiryRejection]) -> str:
    """The fix of the innermost rejection: it is the most exact. Without any, a person is asked."""
    return rejections[-1].fix if rejections else REFUSED
