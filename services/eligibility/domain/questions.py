"""What to ask next: massage (BE) first, then physical therapy and physical medicine (PT, AE), then the plan (30).

One question at a time, since a payer that does not know BE answers with 30, and what it says of PT or AE is better
than that. Nothing more is asked once a question is settled, the plan is known to be inactive, or the payer rejects us.
"""

from collections.abc import Sequence

from services.eligibility.domain.massage_benefit import INACTIVE
from services.eligibility.domain.reading.coverage import plan_state
from services.eligibility.domain.reading.rows import MASSAGE, PLAN, THERAPY, answering_service_type
from shared.x12 import BenefitResponse

QUESTIONS: tuple[tuple[str, ...], ...] = ((MASSAGE,), THERAPY, (PLAN,))


def next_question(answers: Sequence[BenefitResponse]) -> tuple[str, ...] | None:
    """The service types to ask about after these answers, each to one question in order; None when that is all."""
    if len(answers) >= len(QUESTIONS) or any(answer.rejections for answer in answers):
        return None
    if not answers:
        return QUESTIONS[0]
    rows = [row for answer in answers for row in answer.benefits]
    best = answering_service_type(rows)
    if plan_state(rows, best)[0] == INACTIVE:
        return None
    if best in (MASSAGE, *THERAPY) or (best == PLAN and len(answers) == len(QUESTIONS) - 1):
        return None
    return QUESTIONS[len(answers)]
