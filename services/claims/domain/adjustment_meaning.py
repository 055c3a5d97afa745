"""What a payer's adjustment means and requires, by group first, reason second and remark third.

Rules applied here: CO is never the patient's; PR is the patient's unless the program forbids it or a signed notice is
missing; OA is neither the patient's nor a write-off by itself; PI can be appealed; an unlisted reason needs a
person.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from services.claims.domain import adjustment_decisions as decisions
from services.claims.domain.adjustment_decisions import PATIENT, WRITE_OFF, Decision, ReasonDecision, RemarkDecision
from shared.codesets.adjustments import GROUPS, normal_reason_code, reason_label
from shared.codesets.programs import NEVER_PATIENT

MAX_REMARKS = 20
UNLISTED_LABEL = "Not in our list"
REASONS: Mapping[str, ReasonDecision] = {code: row for row in decisions.REASONS for code in row.reasons}
REMARKS: Mapping[str, RemarkDecision] = {row.remark: row for row in decisions.REMARKS}


@dataclass(frozen=True, slots=True)
class AdjustmentMeaning:
    """One adjustment's meaning: who owes its amount, the next action, an explanation and what a biller does.

    `who_owes` is patient, write_off, insurer (the insurer still owes it), information or person (somebody
    decides). `next_action` is `none` where nothing is to be done.
    """

    who_owes: str
    next_action: str
    label: str
    fix: str


def adjustment_meaning(
    group: str,
    reason_code: str,
    remark_codes: Iterable[str] = (),
    program: str = "commercial",
    *,
    notice_on_file: bool = False,
) -> AdjustmentMeaning:
    """What one adjustment means. Unknown groups, reasons and remarks have a meaning too: a person must review them."""
    reason = REASONS.get(normal_reason_code(reason_code))
    if group not in GROUPS:
        return _meaning(decisions.UNKNOWN_GROUP, UNLISTED_LABEL, decisions.UNLISTED_FIX)
    if reason is None:
        decision = decisions.UNLISTED.get(group, decisions.UNKNOWN_GROUP)
        return _meaning(decision, UNLISTED_LABEL, decisions.UNLISTED_FIX)
    decision = reason.by_group.get(group, decisions.GROUPS[group])
    found = _meaning(decision, reason_label(reason_code), reason.fix)
    if decision.who_owes != PATIENT:
        return _with_remarks(found, tuple(remark_codes)[:MAX_REMARKS])
    if program in NEVER_PATIENT:
        return _meaning(decisions.NEVER_PATIENT_DECISION, found.label, decisions.NEVER_PATIENT_FIX)
    if reason.needs_notice and not notice_on_file:
        return _meaning(decisions.NO_NOTICE, found.label, found.fix)
    return found


def _meaning(decision: Decision, label: str, fix: str) -> AdjustmentMeaning:
    return AdjustmentMeaning(decision.who_owes, decision.next_action, label, fix)


def _with_remarks(meaning: AdjustmentMeaning, remark_codes: tuple[str, ...]) -> AdjustmentMeaning:
    """The first known remark that asks for an action decides it, and the first of the others says what to fix; a
    write-off stays a write-off unless a remark has an action."""
    known = [remark for code in remark_codes if (remark := REMARKS.get(code.strip().upper()))]
    hint = next((f" {remark.fix}" for remark in known if remark.next_action is None), "")
    for remark in known:
        if remark.next_action is not None:
            return replace(meaning, next_action=remark.next_action, fix=f"{remark.fix}{hint}")
    return meaning if meaning.who_owes == WRITE_OFF else replace(meaning, fix=f"{meaning.fix}{hint}")
