"""What is different about a claim that was sent before the practice moved in: its next action, and what is not done.

Everything else about it is as with every claim. Nobody has judged it by our rules, and there is no note of it here, so
that it is neither corrected nor voided nor billed on from here; where it was sent, it can be.
"""

from datetime import timedelta

from services.claims.domain.lifecycle import ClaimState
from services.claims.domain.next_action import NextAction, Situation, follow_up_days
from services.claims.domain.sending import IllegalMove
from shared.money import format_dollars


def before_the_move(s: Situation) -> NextAction | None:
    """Its next action where no rule of a claim of ours says it; None where one does."""
    if not s.sent_elsewhere or s.payment_waits_since is not None:
        return None
    if s.state is ClaimState.SUBMITTED:
        return _await_answer(s)
    owed, settled = s.money.patient_cents, s.money.insurer_cents == 0
    if s.state is ClaimState.ADJUDICATED and s.secondary_payer_waits and settled and owed > 0:
        reason = (
            f"{format_dollars(owed)} is left for the next payer: bill it where this claim was sent, or withdraw the "
            "opening balance and bill the visit from a note with `prior_payments`."
        )
        return NextAction("review", s.today, reason, "next_payer_elsewhere")
    return None


def _await_answer(s: Situation) -> NextAction:
    """No payer has answered: it is looked for on each follow-up day, then the status is asked for."""
    dues = ((s.submitted_on or s.today) + timedelta(days=days) for days in follow_up_days(s))
    due = next((day for day in dues if day >= s.today), None)
    if due is None:
        reason = "The payer has not answered the claim that was sent before the practice moved in; ask for its status."
        return NextAction("check_claim_status", s.today, reason, "payer_silent")
    reason = "The claim was sent before the practice moved in; the payer's answer is due."
    return NextAction("await_remittance", due, reason, "claim_sent_elsewhere")


def refuse_elsewhere(*, sent_elsewhere: bool) -> None:
    """Raises IllegalMove for what only the system can do that sent the claim."""
    if sent_elsewhere:
        raise IllegalMove(
            "claim_sent_elsewhere",
            "The claim was sent before the practice moved in, and no note of it is here.",
            "Do it where it was sent and enter what comes of it, or withdraw the opening balance.",
        )
