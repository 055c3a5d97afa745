"""What nobody has done about a claim yet: each rule of the next action is asked, and what it wants is a finding.

So nothing is judged here that is not judged of a claim of today; that a claim waits for its patient is no finding.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from services.claims.domain.adjustment_meaning import adjustment_meaning
from services.claims.domain.asked_action import NEXT_ACTION_RULES
from services.claims.domain.filing_deadline import filing_deadline
from services.claims.domain.histories.finding_kinds import FindingKind as K
from services.claims.domain.histories.findings import (
    HistoryFinding,
    Window,
    dispute_windows,
    filing_windows,
    of_claim,
)
from services.claims.domain.histories.look_at_rules import JudgedClaims
from services.claims.domain.histories.past import Past
from services.claims.domain.histories.payer_terms import payer_terms
from services.claims.domain.histories.rebuilt_claims import RebuiltClaim
from services.claims.domain.histories.situations import next_plan, situation_of
from services.claims.domain.next_action import NextAction, Situation, resolve_payment
from services.claims.domain.payer_responses import OPEN
from services.claims.domain.payer_status import as_the_payer_says
from services.claims.domain.status_question import ASKED_AGAIN
from services.claims.domain.wire_code import wire_code
from shared.money import format_dollars

KIND_OF_RULE: Mapping[str, K] = {
    "claim_rejected": K.REJECTED_NEVER_RESENT,
    "payer_silent": K.NEVER_ANSWERED,
    "payment_overdue": K.NEVER_ANSWERED,
    "remittance_missing": K.NEVER_ANSWERED,
    "claim_not_found": K.NEVER_ANSWERED,
    "question_refused": K.NEVER_ANSWERED,
    ASKED_AGAIN: K.NEVER_ANSWERED,
    "information_wanted": K.NEVER_ANSWERED,
    "forwarded_to_unknown": K.NEVER_ANSWERED,
    "reversal": K.TAKEN_BACK,
    "void_unanswered": K.VOID_NOT_DONE,
    "coordination_of_benefits": K.SECONDARY_NEVER_BILLED,
    "next_payer_misinformed": K.SECONDARY_TOLD_OTHERWISE,
    "patient_credit": K.PATIENT_OVERCHARGED,
    "overpaid": K.OVERPAID,
}
"""By the rule of the next action."""
AWAITED = frozenset({"await_remittance", "await_next_payer"})
"""What is not late yet."""
PURSUED = "adjustment_"
LATE_FILING = "adjustment_appeal_if_proof"


def look_at_claim(past: Past, one: RebuiltClaim, judged: JudgedClaims) -> Iterator[HistoryFinding]:
    """What is still to be done about one claim."""
    following = past.next_of(one)
    s = situation_of(one, past.as_of, following)
    for action in _asked(s):
        kind = _kind_of(action, s)
        if kind is None or _is_explained(kind, one, s, judged):
            continue
        windows, (message, fix) = _windows(past, kind, s, one), _said(kind, one, action, s)
        yield of_claim(one, kind, _cents(kind, s), message, fix=fix, windows=windows, rule=action.rule)


def _is_explained(kind: K, one: RebuiltClaim, s: Situation, judged: JudgedClaims) -> bool:
    """Whether another finding says why: a duplicate's charge is owed by nobody, nor are cents that do not add up."""
    if kind not in (K.NEVER_ANSWERED, K.DENIED_NEVER_WORKED):
        return False
    return judged.is_duplicate(one) or (one.is_out_of_balance and not s.wanted)


def _asked(s: Situation) -> list[NextAction]:
    """Every rule that has something to say, not the first alone: a claim may be half denied and half forgotten."""
    said = resolve_payment(s) or as_the_payer_says(s)
    return [said] if said else [found for rule in NEXT_ACTION_RULES if (found := rule(s)) is not None]


def _kind_of(action: NextAction, s: Situation) -> K | None:
    if action.rule == LATE_FILING and _was_in_time(s):
        return K.DENIED_LATE_WITH_PROOF
    if action.rule.startswith(PURSUED):
        return K.DENIED_NEVER_WORKED
    return KIND_OF_RULE.get(action.rule) if action.kind not in AWAITED else None


def _said(kind: K, one: RebuiltClaim, action: NextAction, s: Situation) -> tuple[str, str]:
    """What is said of it, and what is done: of a denial each reason in the payer's code and our words."""
    if kind not in (K.DENIED_NEVER_WORKED, K.DENIED_LATE_WITH_PROOF):
        return action.reason, ""
    left: dict[tuple[str, str, str, tuple[str, ...]], int] = {}
    for adjustment in one.responses.adjustments:
        if adjustment.meaning == OPEN:
            key = adjustment.group, adjustment.reason_code, adjustment.label, adjustment.remark_codes
            left[key] = left.get(key, 0) + adjustment.amount_cents
    still = {key: cents for key, cents in left.items() if cents > 0}
    reasons = [
        f"{wire_code(group)}-{wire_code(reason)} {label}: {format_dollars(cents)}"
        for (group, reason, label, _), cents in still.items()
    ]
    if kind is K.DENIED_LATE_WITH_PROOF:
        return f"{'; '.join(reasons)}. The payer accepted it on {s.payer_accepted_on} (277CA).", ""
    program = one.terms.profile.program
    fixes = [adjustment_meaning(group, reason, remarks, program).fix for group, reason, _, remarks in still]
    return f"{'; '.join(reasons)}.", " ".join(dict.fromkeys(fixes))


def _was_in_time(s: Situation) -> bool:
    limit = filing_deadline(s.profile, s.date_of_service, primary_remitted_on=s.primary_remitted_on)
    return s.payer_accepted_on is not None and (limit is None or s.payer_accepted_on <= limit)


def _cents(kind: K, s: Situation) -> int:
    if kind is K.NEVER_ANSWERED and s.forwarded_to_unknown:
        return s.money.patient_cents
    if kind in (K.REJECTED_NEVER_RESENT, K.NEVER_ANSWERED):
        return s.money.own_charge_cents
    if kind is K.VOID_NOT_DONE:
        return s.money.paid_cents
    if kind in (K.SECONDARY_NEVER_BILLED, K.SECONDARY_TOLD_OTHERWISE):
        return s.money.patient_cents
    if kind is K.PATIENT_OVERCHARGED:
        return -s.money.patient_cents
    return abs(s.money.insurer_cents)


def _windows(past: Past, kind: K, s: Situation, one: RebuiltClaim) -> tuple[Window, ...]:
    if kind is K.SECONDARY_NEVER_BILLED:
        return _windows_of_next_payer(past, s, one)
    if kind in (K.REJECTED_NEVER_RESENT, K.NEVER_ANSWERED) and not s.forwarded_to_unknown:
        return filing_windows(s)
    if kind in (K.DENIED_NEVER_WORKED, K.DENIED_LATE_WITH_PROOF):
        return dispute_windows(s, one)
    return ()


def _windows_of_next_payer(past: Past, s: Situation, one: RebuiltClaim) -> tuple[Window, ...]:
    """The next payer's own filing limit, which may count from this payer's remittance."""
    plan = next_plan(one)
    if plan is None:
        return ()
    profile = payer_terms(plan.payer, one.sent, past.given_terms).profile
    return filing_windows(replace(s, profile=profile, primary_remitted_on=s.remitted_on))
