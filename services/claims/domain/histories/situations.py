"""The situation of a claim of the past on the day of the report, so that it is asked what a claim of today is asked.

Most practices keep their claims and remittances and not their acknowledgements. So a claim that nobody has rejected
counts as accepted on the day on which it was sent; that is no proof of filing, and none is made of it.
"""

from dataclasses import replace
from datetime import date

from services.claims.domain.histories.past_records import OtherPlan
from services.claims.domain.histories.rebuilt_claims import RebuiltClaim
from services.claims.domain.lifecycle import ClaimState
from services.claims.domain.next_action import Situation
from services.claims.domain.payer_responses import CLEARINGHOUSE, PAYER
from services.claims.domain.sending import Frequency, changed_by_reopening

PAYERS_IN_ORDER = "PSTABCDEFGH"
"""SBR01 from the first payer to the last."""
REJECTED_BY = {ClaimState.REJECTED_BY_CLEARINGHOUSE: CLEARINGHOUSE, ClaimState.REJECTED_BY_PAYER: PAYER}
UNANSWERED = frozenset({ClaimState.SUBMITTED, ClaimState.ACCEPTED_BY_CLEARINGHOUSE})


def situation_of(one: RebuiltClaim, today: date, following: RebuiltClaim | None) -> Situation:
    """All that its next action depends on; `following` is the claim to the next payer, if there is one."""
    claim, responses, profile = one.claim, one.responses, one.terms.profile
    found = Situation(
        today=today,
        state=one.state,
        outcome=one.outcome,
        profile=profile,
        date_of_service=claim.date_of_service,
        money=one.money,
        wanted=responses.wanted,
        rejection=responses.rejection(REJECTED_BY.get(one.state, "")),
        secondary_payer_waits=following is None and next_plan(one) is not None,
        next_payer_billed=following is not None,
        forwarded_to_unknown=responses.forwarded and following is None and not one.sent.other_plans,
        sent_by_earlier_payer=one.forwarded,
        submitted_on=one.sent.sent_on,
        in_file=True,
        accepted_on=responses.accepted_on,
        remitted_on=responses.remitted_on,
        replaced_decision_on=claim.replaced_decision_on,
        void=claim.frequency == Frequency.VOID,
        changed_by_reopening=changed_by_reopening(profile, responses),
        payer_accepted_on=dict(responses.accepted_on_by).get(PAYER),
        primary_remitted_on=claim.primary_remitted_on,
        payment_waits_since=min((paid.remittance.header.payment_date for paid, _ in one.unmatched), default=None),
        answers=len(responses.payments),
        progress=one.progress,
    )
    if one.state in UNANSWERED and one.progress.status is None and not one.forwarded:
        return replace(found, state=ClaimState.ACCEPTED_BY_PAYER, accepted_on=responses.accepted_on or one.sent.sent_on)
    return found


def next_plan(one: RebuiltClaim) -> OtherPlan | None:
    """The plan after the claim's own that the claim names, if its payer has not sent it on by itself."""
    own = PAYERS_IN_ORDER.find(one.sent.claim.sequence)
    later = [plan for plan in one.sent.other_plans if PAYERS_IN_ORDER.find(plan.sequence) > own]
    return later[0] if later and not one.responses.forwarded else None
