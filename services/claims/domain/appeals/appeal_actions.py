"""A claim's next action while it is appealed, and after the payer has answered.

A payment that comes while the payer has the appeal may be its answer, which a person then records. Won: the money is
waited for and then asked for. Lost, or won in part: the next level in its window, else a person writes the amount off.
Any other payment after the answer is judged by itself.
"""

from datetime import date, timedelta

from services.claims.domain.appeals.lifecycle import LOST, WAITING, WON, AppealState
from services.claims.domain.appeals.standing import AppealStanding
from services.claims.domain.filing_deadline import no_later
from services.claims.domain.lifecycle import ClaimState, Outcome
from services.claims.domain.next_action import DISPUTE_DAYS, FIX_DAYS, NextAction, Situation, follow_up_days
from shared.money import format_dollars


def as_the_appeal_stands(s: Situation) -> NextAction | None:
    """By the claim's present appeal, if it has one that something is to be done about."""
    found = s.progress.appeal
    if found is None or s.state is not ClaimState.ADJUDICATED or s.void or s.payment_waits_since is not None:
        return None
    if found.state in WAITING:
        return _waiting(s, found)
    if found.state is AppealState.DRAFT:
        return _draft(s, found) if s.money.insurer_cents > 0 or s.underpaid_cents else None
    # Of an underpayment the rules of a dispute say what comes after the payer's answer.
    return _answered(s, found) if s.money.insurer_cents > 0 else None


def window_of_appeal(s: Situation) -> date | None:
    """The last day on which the present appeal, or the one after it, may be sent; None where none is known."""
    found = s.progress.appeal
    if found is None or found.state in WAITING:
        return None
    return found.due_on if found.state is AppealState.DRAFT else found.next_due_on


def _draft(s: Situation, found: AppealStanding) -> NextAction:
    anew = " The payer has decided anew since: withdraw it, and open another." if s.answers > found.answers else ""
    due = no_later(max(s.today, found.on + timedelta(days=FIX_DAYS)), found.due_on, s.today)
    window = f" The window closes on {found.due_on}." if found.due_on else " Its last day is not known: ask the payer."
    return NextAction(
        "send_appeal", due, f"{_named(found)} was opened on {found.on} and not sent.{window}{anew}", "appeal_opened"
    )


def _waiting(s: Situation, found: AppealStanding) -> NextAction | None:
    if s.answers > found.answers and s.outcome is not Outcome.REVERSED:
        reason = f"{_named(found)} may be answered: a payment has come since it was sent. Record what was decided."
        return NextAction("record_appeal_outcome", s.today, reason, "appeal_answered")
    open_cents = format_dollars(s.money.insurer_cents or s.underpaid_cents)
    due_on = found.due_on or found.on
    if due_on < s.today:
        reason = f"{_named(found)} has had no answer by {due_on}: press the payer, or record that it stayed silent."
        return NextAction("escalate_appeal", s.today, f"{reason} {open_cents} is open.", "appeal_silent")
    if s.money.insurer_cents <= 0 < s.money.patient_cents:
        # An underpayment is disputed, and what is the patient's share either way is billed meanwhile.
        return None
    return NextAction(
        "await_appeal", due_on, f"{_named(found)} waits for its answer. {open_cents} is open.", "appeal_sent"
    )


def _answered(s: Situation, found: AppealStanding) -> NextAction | None:
    paid_since = s.answers > found.answers
    if found.state in LOST:
        return None if paid_since else _lost(s, found)
    if paid_since:
        return _lost(s, found) if found.state is AppealState.PARTLY_OVERTURNED else None
    return _won(s, found)


def _won(s: Situation, found: AppealStanding) -> NextAction:
    due = found.on + timedelta(days=max(follow_up_days(s)))
    if due < s.today:
        reason = f"{_named(found)} was won on {found.on} and nothing was paid since; ask for the payment."
        return NextAction("check_claim_status", s.today, reason, "appeal_unpaid")
    return NextAction("await_appeal_payment", due, f"{_named(found)} was won on {found.on}.", "appeal_won")


def _lost(s: Situation, found: AppealStanding) -> NextAction:
    how = "won in part alone" if found.state in WON else "lost"
    lost = f"{_named(found)} was {how} on {found.on}."
    if not found.next_level:
        reason = f"{lost} No further level is known: write the amount off, or transfer it."
        return NextAction("write_off", s.today, reason, "appeal_lost_for_good")
    due = no_later(max(s.today, found.on + timedelta(days=DISPUTE_DAYS)), found.next_due_on, s.today)
    window = f" The window closes on {found.next_due_on}." if found.next_due_on else ""
    reason = f"{lost} There is a level {found.level + 1}: appeal, or write it off.{window}"
    return NextAction("appeal", due, reason, "appeal_lost")


def _named(found: AppealStanding) -> str:
    return f"The {found.kind.replace('_', ' ')} (level {found.level})"
