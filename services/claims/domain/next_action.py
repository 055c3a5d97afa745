"""Every claim has one next action, with an owner, a due date and the rule that produced it.

An ordered list (`asked_action.py`) of small rule functions examines the claim's situation; the first that applies wins,
so the order is the order of urgency: fix what blocks, wait for an answer that is due, pursue what the insurer still
owes, bill the next payer, bill the patient, and only then nothing. Sources: 42 CFR 424.44 and payers' manuals through
the payer's profile; CAQH CORE for acknowledgements; the days are the profile's data.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from services.claims.domain.appeals.levels import follow_up_days_of, level_of
from services.claims.domain.filing_deadline import filing_deadline, no_later
from services.claims.domain.ledger import Balances
from services.claims.domain.lifecycle import NOT_SUBMITTED, ClaimState, Outcome
from services.claims.domain.next_action_kinds import KINDS
from services.claims.domain.next_action_progress import NO_PROGRESS, Progress
from services.claims.domain.what_payer_takes import as_payer_takes, proof_of_filing
from shared.money import format_dollars
from shared.payer_profiles import PayerProfile

ACKNOWLEDGEMENT_DAYS = 1
PAYER_ACCEPTANCE_DAYS = 3
FIX_DAYS = 3
PATIENT_BILL_DAYS = 5
STATEMENT_DAYS = 30
"""How long the patient has to pay a statement."""
MAX_STATEMENTS = 3
REFUND_DAYS = 30
DISPUTE_DAYS = 14
"""How soon a denied amount is worked on; the appeal window can only make that sooner."""
LONGEST_WAIT_DAYS = 400
"""No action is due later: what is was put there by a clock that was wrong."""


@dataclass(frozen=True, slots=True)
class NextAction:
    """`kind` what (one of `KINDS`), `due_on` when, `rule` why."""

    kind: str
    due_on: date
    reason: str
    rule: str

    @property
    def owner(self) -> str:
        """Who does it: handbill, therapist, biller, payer or patient."""
        return KINDS[self.kind].owner


@dataclass(frozen=True, slots=True)
class Situation:
    """What the rules of the next action depend on. Dates are local dates of the practice."""

    today: date
    state: ClaimState
    outcome: Outcome
    profile: PayerProfile
    date_of_service: date
    money: Balances
    stopping: tuple[str, ...] = ()
    """Codes of the rules that block or hold the claim, blocks first."""
    wanted: tuple[str, ...] = ()
    """What the open adjustments require (`appeal`, `correct_claim`, `person`, ...), most urgent first."""
    rejection: str = ""
    secondary_payer_waits: bool = False
    next_payer_billed: bool = False
    """There is a claim to the payer after this one."""
    forwarded_to_unknown: bool = False
    """The payer has forwarded the claim to a payer that is on no coverage of the patient."""
    sent_by_earlier_payer: bool = False
    """The payer before has forwarded the claim to this one, so it is in no file of ours."""
    sent_elsewhere: bool = False  # before the practice moved in, so that it is in no file of ours
    submitted_on: date | None = None
    on_paper: bool = False
    """The payer accepts only paper claims, so a person prints and mails them."""
    in_file: bool = False
    accepted_on: date | None = None
    remitted_on: date | None = None
    underpaid_cents: int = 0
    """How much less than its fees say the payer allowed."""
    underpayment_decided: bool = False
    """A person has disputed or accepted that."""
    disputed_on: date | None = None
    statements: tuple[date, ...] = ()
    """The days on which the patient was billed, oldest first."""
    replaced_decision_on: date | None = None
    """The day of the decision that the present submission replaces."""
    void: bool = False
    """The present submission is a void (frequency 8)."""
    decided_meanwhile: bool = False
    """The payer has decided an earlier submission while this one, which goes out as new, was being prepared."""
    changed_by_reopening: bool = False
    payer_accepted_on: date | None = None
    """The day on which the payer itself accepted the present submission (277CA A2)."""
    primary_remitted_on: date | None = None
    """The day of an earlier payer's remittance, from which a later payer may count its filing limit."""
    payment_waits_since: date | None = None
    """Since when a payment of this claim could not be posted and waits for a person."""
    answers: int = 0
    """How many payments of the payer there are: what a person did before the newest does not answer it."""
    progress: Progress = NO_PROGRESS


NextActionRule = Callable[[Situation], NextAction | None]


def last_filing_day(s: Situation) -> date | None:
    """The last day on which the payer takes the claim; None where its profile sets none."""
    return filing_deadline(
        s.profile,
        s.date_of_service,
        primary_remitted_on=s.primary_remitted_on,
        replaced_decision_on=s.replaced_decision_on,
    )


def follow_up_days(s: Situation) -> tuple[int, ...]:
    """After how many days of silence the payer is asked."""
    return follow_up_days_of(s.profile)


def resolve_payment(s: Situation) -> NextAction | None:
    """A payment of this claim waits: whatever else there is to do, it has come, and nobody is to wait for it."""
    if s.payment_waits_since is None:
        return None
    reason = "A payment of this claim could not be posted and waits for a person."
    return NextAction("resolve_payment", s.payment_waits_since, reason, "payment_waits")


def withdraw_duplicate(s: Situation) -> NextAction | None:
    """A new submission is being prepared and the payer has decided the one before after all."""
    if s.state not in NOT_SUBMITTED or not s.decided_meanwhile:
        return None
    reason = "The payer has decided the earlier submission after all: withdraw this one, or it is a duplicate."
    return NextAction("review", s.today, reason, "decided_meanwhile")


def void_unanswered(s: Situation) -> NextAction | None:
    """The payer has answered a void and taken nothing back; its reversal may follow."""
    if s.state is not ClaimState.ADJUDICATED or not s.void:
        return None
    due = (s.remitted_on or s.today) + timedelta(days=min(follow_up_days(s)))
    reason = "The payer has answered the void and has not taken its decision back; ask for its reversal."
    return NextAction("check_claim_status", max(due, s.today), reason, "void_unanswered")


def fix_blocked(s: Situation) -> NextAction | None:
    """Blocked: the therapist signs, or the biller fixes within FIX_DAYS, in no case later than the last filing day."""
    if s.state is not ClaimState.BLOCKED:
        return None
    due = no_later(s.today + timedelta(days=FIX_DAYS), last_filing_day(s), s.today)
    if "note_unsigned" in s.stopping:
        return NextAction("sign_note", s.today, "The note must be signed before it is billed.", "note_unsigned")
    first, more = _first_and_more(s, "claim_blocked")
    return NextAction("fix_claim", due, f"A rule blocks the claim: {first}{more}.", first)


def release_held(s: Situation) -> NextAction | None:
    """Held: a person looks and lets it go within FIX_DAYS, in no case later than the last filing day."""
    if s.state is not ClaimState.HELD:
        return None
    due = no_later(s.today + timedelta(days=FIX_DAYS), last_filing_day(s), s.today)
    first, more = _first_and_more(s, "claim_held")
    reason = f"A rule holds the claim until a person lets it go: {first}{more}."
    return NextAction("release_hold", due, reason, first)


def _first_and_more(s: Situation, unnamed: str) -> tuple[str, str]:
    """The rule that stops the claim first, and how many more there are, in words."""
    more = f" and {len(s.stopping) - 1} more" if len(s.stopping) > 1 else ""
    return (s.stopping[0] if s.stopping else unnamed), more


def submit(s: Situation) -> NextAction | None:
    """Ready: the biller sends it today."""
    if s.state is not ClaimState.READY:
        return None
    due = no_later(s.today, last_filing_day(s), s.today)
    return NextAction("submit", due, "No rule blocks the claim; send it.", "claim_ready")


def print_and_mail(s: Situation) -> NextAction | None:
    """A paper claim is in no file and gets no acknowledgement; after the first waiting period its status is checked."""
    if s.state is not ClaimState.SUBMITTED or not s.on_paper:
        return None
    wait, done = timedelta(days=min(follow_up_days(s))), s.progress.done
    mailed_on = done.on if done is not None and done.kind == "print_and_mail" else None
    if (mailed_on or s.submitted_on or s.today) + wait < s.today:
        reason = "The payer has not answered the mailed claim; ask for its status."
        return NextAction("check_claim_status", s.today, reason, "payer_silent")
    reason = "This payer accepts only paper claims: print the CMS-1500 and mail it."
    return NextAction("print_and_mail", s.today, reason, "claim_on_paper")


def await_acknowledgement(s: Situation) -> NextAction | None:
    """Submitted: it waits for a file, then for the clearinghouse (CAQH CORE), which is asked once it is late."""
    if s.state is not ClaimState.SUBMITTED:
        return None
    if not s.in_file:
        return NextAction("send", s.today, "It waits for the next file.", "claim_queued")
    due = (s.submitted_on or s.today) + timedelta(days=ACKNOWLEDGEMENT_DAYS)
    if due < s.today:
        reason = "The clearinghouse has not answered; ask whether it has the claim."
        return NextAction("check_file_status", s.today, reason, "clearinghouse_silent")
    reason = "The clearinghouse has not acknowledged it yet."
    return NextAction("await_acknowledgement", due, reason, "core_acknowledgement")


def await_payer(s: Situation) -> NextAction | None:
    """Accepted by the clearinghouse: the payer confirms within its days, or its status is asked for."""
    if s.state is not ClaimState.ACCEPTED_BY_CLEARINGHOUSE:
        return None
    due = (s.accepted_on or s.today) + timedelta(days=PAYER_ACCEPTANCE_DAYS)
    if due < s.today:
        reason = "The payer has not confirmed that it has the claim; ask for its status."
        return NextAction("check_claim_status", s.today, reason, "payer_acceptance_overdue")
    return NextAction("await_payer", due, "The payer has not accepted it yet.", "payer_acknowledgement")


def await_remittance(s: Situation) -> NextAction | None:
    """Accepted by the payer: looked at on each follow-up day of the payer's profile, then when payment is overdue."""
    if s.state is not ClaimState.ACCEPTED_BY_PAYER:
        return None
    waits, overdue_days = follow_up_days(s), s.profile.payment_overdue_days
    accepted = s.accepted_on or s.today
    # The payer's last day to pay is one more day to check: from the day after it the payment is overdue.
    dues = sorted(accepted + timedelta(days=days) for days in (*waits, *filter(None, (overdue_days,))))
    due = next((day for day in dues if day >= s.today), None)
    if overdue_days is not None and accepted + timedelta(days=overdue_days) < s.today:
        reason = f"The {overdue_days} days that the payer has to pay have passed; ask for the payment and its interest."
        return NextAction("check_claim_status", s.today, reason, "payment_overdue")
    if due is None:
        reason = "The payer has not answered; ask for the status."
        return NextAction("check_claim_status", s.today, reason, "payer_silent")
    return NextAction("await_remittance", due, "Accepted by the payer; its answer is due.", "payer_follow_up")


def fix_rejected(s: Situation) -> NextAction | None:
    """Rejected before adjudication: to fix and send as new, in no case later than the last filing day."""
    if s.state not in (ClaimState.REJECTED_BY_CLEARINGHOUSE, ClaimState.REJECTED_BY_PAYER):
        return None
    due = no_later(s.today + timedelta(days=FIX_DAYS), last_filing_day(s), s.today)
    reason = s.rejection or "It was rejected before adjudication; fix it and send it as new."
    return NextAction("fix_and_resubmit", due, reason, "claim_rejected")


def pursue(s: Situation) -> NextAction | None:
    """What the insurer still owes after adjudication is corrected, appealed or reviewed by a person."""
    if s.state is not ClaimState.ADJUDICATED or s.money.insurer_cents <= 0:
        return None
    if s.outcome is Outcome.REVERSED:
        return NextAction("review", s.today, "The payer reversed its decision; wait, or ask.", "reversal")
    wanted = as_payer_takes(
        s.wanted[0] if s.wanted else "review",
        by_reopening_alone=s.changed_by_reopening,
        sent_elsewhere=s.sent_elsewhere,
    )
    window = dispute_window(s)
    due = no_later((s.remitted_on or s.today) + timedelta(days=DISPUTE_DAYS), window, s.today)
    reason = f"The payer left {format_dollars(s.money.insurer_cents)} unpaid; the claim's `adjustments` say why."
    if window is not None:
        reason = f"{reason} The window closes on {window}."
    if wanted == "appeal_if_proof":
        reason = f"{reason} {proof_of_filing(s.payer_accepted_on)}"
    return NextAction(wanted, due, reason, f"adjustment_{wanted}")


def dispute_underpayment(s: Situation) -> NextAction | None:
    """The payer allowed less than its fees say: a person disputes it or accepts it, in the payer's window."""
    if s.state is not ClaimState.ADJUDICATED or not s.underpaid_cents or s.underpayment_decided:
        return None
    due = no_later((s.remitted_on or s.today) + timedelta(days=DISPUTE_DAYS), dispute_window(s), s.today)
    reason = f"The payer allowed {format_dollars(s.underpaid_cents)} less than its fees say."
    return NextAction("dispute_underpayment", due, reason, "underpayment")


def await_dispute(s: Situation) -> NextAction | None:
    """An underpayment is disputed and nothing else is left: the payer's answer is looked for after its days."""
    if s.state is not ClaimState.ADJUDICATED or not s.underpaid_cents or s.disputed_on is None:
        return None
    due = s.disputed_on + timedelta(days=max(follow_up_days(s)))
    if due < s.today:
        reason = f"The payer has not answered the dispute of {s.disputed_on}: dispute it again, or accept it."
        return NextAction("dispute_underpayment", s.today, reason, "dispute_unanswered")
    reason = f"{format_dollars(s.underpaid_cents)} is disputed since {s.disputed_on}."
    return NextAction("await_dispute", due, reason, "underpayment_disputed")


def bill_patient(s: Situation) -> NextAction | None:
    """Adjudicated and the patient owes something: she is billed, and again when a statement was not paid in time."""
    if s.state is not ClaimState.ADJUDICATED or s.money.patient_cents <= 0:
        return None
    owed, sent = f"{format_dollars(s.money.patient_cents)} is the patient's", len(s.statements)
    if not sent:
        return NextAction("bill_patient", s.today + timedelta(days=PATIENT_BILL_DAYS), f"{owed}.", "patient_share")
    due = s.statements[-1] + timedelta(days=STATEMENT_DAYS)
    if due >= s.today:
        reason = f"{owed}; statement {sent} went out on {s.statements[-1]}."
        return NextAction("await_patient_payment", due, reason, "statement_sent")
    if sent < MAX_STATEMENTS:
        reason = f"{owed}; statement {sent} of {s.statements[-1]} was not paid in full."
        return NextAction("bill_patient", s.today, reason, "statement_unpaid")
    reason = f"{owed} after {sent} statements: write it off, or hand it to collections."
    return NextAction("write_off_or_collect", s.today, reason, "statements_unpaid")


def refund_patient(s: Situation) -> NextAction | None:
    """Adjudicated, and the patient has paid more than her share: it goes back to her."""
    if s.state is not ClaimState.ADJUDICATED or s.money.patient_cents >= 0:
        return None
    reason = f"The patient has paid {format_dollars(-s.money.patient_cents)} more than she owes."
    return NextAction("refund_patient", s.today + timedelta(days=REFUND_DAYS), reason, "patient_credit")


def overpaid(s: Situation) -> NextAction | None:
    """Adjudicated with a negative balance of the insurer: payments and write-offs exceed the charge; a person looks."""
    if s.state is not ClaimState.ADJUDICATED or s.money.insurer_cents >= 0:
        return None
    reason = f"{format_dollars(-s.money.insurer_cents)} more was posted than was charged."
    return NextAction("review", s.today, reason, "overpaid")


def dispute_window(s: Situation) -> date | None:
    """The last day of the first level of dispute; None where the profile sets none."""
    notice_on = s.remitted_on or s.today
    first = level_of(s.profile, 1, notice_on=notice_on, date_of_service=s.date_of_service)
    return first.last_day if first is not None else None
