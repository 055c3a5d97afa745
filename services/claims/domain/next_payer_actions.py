"""What is to be done about the payer after a claim's own: wait for it, find it, bill it, tell it what has changed."""

from datetime import date, timedelta

from services.claims.domain.lifecycle import ClaimState
from services.claims.domain.next_action import PATIENT_BILL_DAYS, NextAction, Situation, follow_up_days
from shared.money import format_dollars


def await_forwarded(s: Situation) -> NextAction | None:
    """Forwarded by the payer before: its answer is looked for on each follow-up day, then its status is asked for."""
    if s.state is not ClaimState.SUBMITTED or not s.sent_by_earlier_payer:
        return None
    due = _next_look(s, s.submitted_on)
    if due is None:
        reason = "The payer has not answered the claim that was forwarded to it; ask for its status."
        return NextAction("check_claim_status", s.today, reason, "payer_silent")
    reason = "The payer before has forwarded the claim; this payer's answer is due."
    return NextAction("await_remittance", due, reason, "claim_forwarded")


def correct_next(s: Situation) -> NextAction | None:
    """The payer changed its decision after the next payer was billed: that payer was told another share."""
    if s.state is not ClaimState.ADJUDICATED or not s.next_payer_billed or not s.money.patient_cents:
        return None
    changed = format_dollars(s.money.patient_cents)
    reason = f"The patient's share has changed by {changed} since the next payer was billed: tell that payer."
    return NextAction("correct_next_payer", s.today, reason, "next_payer_misinformed")


def find_next_payer(s: Situation) -> NextAction | None:
    """Forwarded to a payer that is not on file: waited for on each follow-up day, then a person looks for the coverage;
    the patient is not asked before it is known that there is none."""
    if s.state is not ClaimState.ADJUDICATED or not s.forwarded_to_unknown or s.money.patient_cents <= 0:
        return None
    if s.progress.did("find_next_payer", s.answers):
        return None
    reason = "The payer has forwarded the claim to a payer that is not on file: verify the patient's other coverage."
    due = _next_look(s, s.remitted_on)
    kind = "find_next_payer" if due is None else "await_next_payer"
    return NextAction(kind, due or s.today, reason, "forwarded_to_unknown")


def bill_secondary(s: Situation) -> NextAction | None:
    """Adjudicated, the patient owes something and another payer waits: that payer is billed before the patient."""
    if s.state is not ClaimState.ADJUDICATED or not s.secondary_payer_waits or s.money.patient_cents <= 0:
        return None
    due = s.today + timedelta(days=PATIENT_BILL_DAYS)
    reason = f"{format_dollars(s.money.patient_cents)} is left for the next payer."
    return NextAction("bill_secondary", due, reason, "coordination_of_benefits")


def _next_look(s: Situation, since: date | None) -> date | None:
    dues = ((since or s.today) + timedelta(days=days) for days in follow_up_days(s))
    return next((day for day in dues if day >= s.today), None)
