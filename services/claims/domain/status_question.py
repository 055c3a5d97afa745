"""Whether the payer of a claim can be asked for its status (276), and when Handbill asks by itself.

Of a claim that nobody was sent, or that was turned back, no payer can say anything. Handbill asks when a silence has
ended; where the payer has said that it does not find the claim, or that the question is wrong, a person does.
"""

from services.claims.domain.lifecycle import NOT_SUBMITTED, REJECTED, ClaimState
from services.claims.domain.sending import IllegalMove

ASKED_AGAIN = "status_unavailable"
ASKED_BY_HANDBILL = (
    "payer_silent",
    "payer_acceptance_overdue",
    "payment_overdue",
    "remittance_missing",
    "void_unanswered",
    "check_claim_status_done",
    ASKED_AGAIN,
)
"""Rules of the next action `check_claim_status` under which Handbill asks the payer on the day that it is due."""


def refuse_question(state: ClaimState, *, sent: bool, on_paper: bool) -> None:
    """`sent` is whether it has left for the payer, in a file, on paper or by the payer before. Raises IllegalMove."""
    if state is ClaimState.VOIDED:
        raise IllegalMove("claim_voided", "The claim is voided: no payer has anything to say of it.", "Nothing to do.")
    if state in REJECTED:
        message = "The claim was rejected and never adjudicated, so the payer does not have it."
        raise IllegalMove("claim_rejected", message, "Correct it and submit it again.")
    if state in NOT_SUBMITTED or not sent:
        message = "The claim has not been sent, so the payer does not have it."
        raise IllegalMove("claim_not_sent", message, "Submit it, and wait until its file is sent.")
    if on_paper:
        message = "The payer takes only paper, so no clearinghouse reaches it."
        raise IllegalMove("claim_on_paper", message, "Call the payer, and report it (`next-action/done`).")
