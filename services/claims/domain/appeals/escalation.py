"""Whom a silent payer is reported to, and when.

A supervisor of the payer once the answer is late. The state's insurance department once the days have passed that the
payer has to pay a clean claim, and only for plans that a state regulates: not Medicare, not the VA, not a plan that an
employer carries itself. Of an injury at work its agency: the State Fund or L&I's Self-Insurance Section in Washington.
"""

from datetime import date
from enum import StrEnum

from services.claims.domain.appeals.refusal import Refusal
from shared.codesets.programs import Program
from shared.dates import add_days
from shared.payer_profiles import PayerProfile

STATE_REGULATED = frozenset({Program.COMMERCIAL, Program.AUTO_PIP})


class EscalateTo(StrEnum):
    """Who is asked to move the payer."""

    SUPERVISOR = "supervisor"
    INSURANCE_DEPARTMENT = "insurance_department"
    WORKERS_COMP_AGENCY = "workers_comp_agency"


def why_not(
    to: EscalateTo,
    profile: PayerProfile,
    *,
    self_insured: bool,
    answer_due_on: date,
    received_on: date | None,
    today: date,
) -> Refusal | None:
    """None where it may be done. `received_on` is when the payer had the claim."""
    if today <= answer_due_on:
        text = f"The payer has until {answer_due_on} to answer."
        return Refusal("answer_not_due", text, "Wait for it, or record the answer if it has come.")
    if to is EscalateTo.WORKERS_COMP_AGENCY and profile.program is not Program.WORKERS_COMP:
        return Refusal("not_its_agency", "This is no injury at work.", "Press the payer's supervisor.")
    if to is not EscalateTo.INSURANCE_DEPARTMENT:
        return None
    if self_insured or profile.program not in STATE_REGULATED:
        text = "No state insurance department regulates this plan."
        return Refusal("not_state_regulated", text, "Press the payer's supervisor, or appeal at the next level.")
    return _prompt_pay(profile, received_on, today)


def _prompt_pay(profile: PayerProfile, received_on: date | None, today: date) -> Refusal | None:
    days = profile.payment_overdue_days
    if days is None:
        text = "No document at hand says how many days this payer has to pay a clean claim."
        return Refusal(
            "prompt_pay_unknown", text, "Read the law, and put `payment_overdue_days` in the payer's settings."
        )
    if received_on is None:
        text = "Nothing on file says when the payer had the claim."
        return Refusal("receipt_unknown", text, "Ask for the claim's status first.")
    last = add_days(received_on, days)
    if today <= last:
        return Refusal("prompt_pay_not_over", f"The payer's {days} days to pay end on {last}.", "Wait until then.")
    return None
