"""Whether a claim can be appealed now, and at which level.

Only what a payer has decided can be appealed, by one appeal at a time. A level that was lost, whole or in part, leads
to the next one; whatever else the payer has decided since by a payment begins with the first again.
"""

from services.claims.domain.appeals.lifecycle import LOST, AppealState
from services.claims.domain.appeals.refusal import Refusal
from services.claims.domain.appeals.standing import AppealStanding
from services.claims.domain.lifecycle import ClaimState

FIRST = 1


def next_level(newest: AppealStanding | None, answers: int) -> int:
    """The level of the next appeal; `answers` counts the payer's payments by now."""
    if newest is None:
        return FIRST
    lost = newest.state in LOST and answers <= newest.answers
    return newest.level + 1 if lost or newest.state is AppealState.PARTLY_OVERTURNED else FIRST


def why_not_open(
    state: ClaimState, *, decided: bool, unprocessable: bool, disputable_cents: int, newest: AppealStanding | None
) -> Refusal | None:
    """None where the claim can be appealed. `decided`: a payment of the payer is in force; `disputable_cents` is what
    the insurer still holds, or allowed too little."""
    if newest is not None and newest.is_open:
        text = f"Appeal {newest.appeal_id} (level {newest.level}) is {newest.state}."
        return Refusal("appeal_open", text, "Send it, record its outcome, or withdraw it first.")
    if unprocessable:
        text = "The payer could not process the claim (MA130), so it has decided nothing that could be appealed."
        return Refusal("not_adjudicated", text, "Correct it and send it as new.")
    if state is not ClaimState.ADJUDICATED or not decided:
        text = f"The claim is {state.wire[0]}: no decision of the payer is in force."
        return Refusal("not_adjudicated", text, "Wait for the payer's remittance, or withdraw the correction.")
    if disputable_cents <= 0:
        return Refusal("nothing_to_appeal", "The payer owes nothing more on this claim.", "Read the claim's `money`.")
    return None


def no_such_level(level: int) -> Refusal:
    """Why there is no appeal at a level that the payer does not have."""
    text = f"This payer has no level {level} of dispute that is known."
    return Refusal("no_further_level", text, "Write the amount off, or put `disputes` in the payer's settings.")
