"""What a claim's next action is while the payer has it and has said where: from the category of the last 277.

Pending: its answer is due after the days of silence, counted from that day. Information wanted: it is sent. Final: the
835 is due soon, and is asked for once it is late; whether the claim was paid or denied is read from it and from nothing
else. Not found: the acceptance is looked for before the filing limit ends. No answer possible (E): it is asked again,
or by a person where the question is at fault. Source: X12 code list 507 by number.
"""

from datetime import timedelta

from services.claims.domain.acknowledgement import NOT_FOUND
from services.claims.domain.filing_deadline import no_later
from services.claims.domain.lifecycle import ClaimState
from services.claims.domain.next_action import NextAction, Situation, follow_up_days, last_filing_day
from services.claims.domain.next_action_progress import PayerStatus
from services.claims.domain.status_question import ASKED_AGAIN

SENT = frozenset({ClaimState.SUBMITTED, ClaimState.ACCEPTED_BY_CLEARINGHOUSE, ClaimState.ACCEPTED_BY_PAYER})
SILENT = frozenset({"E1", "E2"})
"""The payer's own systems do not answer; every other E is about the question."""
ASK_AGAIN_DAYS = 1
INFORMATION_DAYS = 7
REMITTANCE_DAYS = 14


def as_the_payer_says(s: Situation) -> NextAction | None:
    """By the payer's last status, until its 835 has come."""
    status = s.progress.status
    if status is None or s.state not in SENT or s.payment_waits_since is not None:
        return None
    if status.category in NOT_FOUND:
        return _not_found(s, status)
    if status.category.startswith("E"):
        return _no_answer(s, status)
    if status.category.startswith("R") or status.category in ("P3", "P4"):
        return _information(s, status)
    return _in_work(s, status)


def _not_found(s: Situation, status: PayerStatus) -> NextAction:
    limit = last_filing_day(s)
    until = f" before the filing limit ends on {limit}" if limit is not None else ""
    reason = f"The payer does not find the claim ({_named(status)}); show its acceptance{until}."
    return NextAction("check_claim_status", no_later(s.today, limit, s.today), reason, "claim_not_found")


def _no_answer(s: Situation, status: PayerStatus) -> NextAction:
    if status.category in SILENT:
        due = max(s.today, status.on + timedelta(days=ASK_AGAIN_DAYS))
        reason = f"The payer could not answer on {status.on} ({_named(status)}); ask again."
        return NextAction("check_claim_status", due, reason, ASKED_AGAIN)
    reason = f"The payer refuses the question for the status ({_named(status)}); ask by telephone or portal."
    return NextAction("check_claim_status", s.today, reason, "question_refused")


def _information(s: Situation, status: PayerStatus) -> NextAction:
    due = max(s.today, status.on + timedelta(days=INFORMATION_DAYS))
    reason = f"The payer wants more information since {status.on} ({_named(status)})."
    return NextAction("send_records", due, reason, "information_wanted")


def _in_work(s: Situation, status: PayerStatus) -> NextAction:
    final = status.category.startswith("F")
    due = status.on + timedelta(days=REMITTANCE_DAYS if final else min(follow_up_days(s)))
    says = "has decided the claim" if final else "has the claim in work"
    if due >= s.today:
        reason = f"The payer {says} as of {status.on} ({_named(status)}); its remittance is due."
        return NextAction("await_remittance", due, reason, "payer_status")
    reason = f"The payer {says} as of {status.on} ({_named(status)}), and nothing has come since; ask for it."
    return NextAction("check_claim_status", s.today, reason, "remittance_missing" if final else "payer_silent")


def _named(status: PayerStatus) -> str:
    return f"{status.category}-{status.code}"
