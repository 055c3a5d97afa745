"""The ordered list of the rules of the next action: the first that applies wins, so the order is that of urgency."""

from services.claims.domain.lifecycle import ClaimState
from services.claims.domain.next_action import (
    NextAction,
    NextActionRule,
    Situation,
    await_acknowledgement,
    await_dispute,
    await_payer,
    await_remittance,
    bill_patient,
    dispute_underpayment,
    fix_blocked,
    fix_rejected,
    overpaid,
    print_and_mail,
    pursue,
    refund_patient,
    release_held,
    resolve_payment,
    submit,
    void_unanswered,
    withdraw_duplicate,
)
from services.claims.domain.next_payer_actions import await_forwarded, bill_secondary, correct_next, find_next_payer

NEXT_ACTION_RULES: tuple[NextActionRule, ...] = (
    resolve_payment,
    withdraw_duplicate,
    void_unanswered,
    fix_blocked,
    release_held,
    submit,
    await_forwarded,
    print_and_mail,
    await_acknowledgement,
    await_payer,
    await_remittance,
    fix_rejected,
    overpaid,
    pursue,
    dispute_underpayment,
    correct_next,
    find_next_payer,
    bill_secondary,
    bill_patient,
    refund_patient,
    await_dispute,
)


def asked_for(s: Situation) -> NextAction:
    """The next action of the first rule that applies, or `settled`."""
    return next((found for rule in NEXT_ACTION_RULES if (found := rule(s))), None) or settled(s)


def settled(s: Situation) -> NextAction:
    """The end of the list: no amount is open."""
    day = s.remitted_on or s.today
    reason = "The claim was voided." if s.state == ClaimState.VOIDED else "Every cent is accounted for."
    return NextAction("none", day, reason, "settled")
