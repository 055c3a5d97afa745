"""A claim that the payer has is corrected and sent again, with the frequency and the payer's number that it wants.

`domain/sending.py` decides both. The claim goes back to the rules under a new claim number; `submit` sends it. What was
decided before stays in the ledger until the payer takes it back. A correction that is not wanted any more is withdrawn:
the earlier submission is the claim's present one again.
"""

from datetime import datetime

from msgspec.structs import replace
from sqlmodel import Session

from services.claims.document import BillerOptions, ClaimSource, Correction
from services.claims.domain.lifecycle import EDITABLE, ClaimEvent, ClaimState
from services.claims.domain.sending import IllegalMove, Sending, correction
from services.claims.domain.sent_elsewhere import refuse_elsewhere
from services.claims.domain.suggested_patch import Records, suggested_patch
from services.claims.domain.timeline import TimelineKind
from services.claims.domain.visit_lines import line_names
from services.claims.flows.claim.act_on_claim import Trace, act_on_claim
from services.claims.flows.claim.build_claim import (
    biller_options,
    book_charge,
    found_claim,
    keep_document,
    scrub_request,
)
from services.claims.flows.claim.claim_visits import changed_notes, keep_visits, refuse_joining, refuse_taken
from services.claims.flows.claim.rebuild_claim import rebuild_claim
from services.claims.flows.claim.submissions import latest_sent, return_to, standing_of
from services.claims.flows.claim.transition_claim import transition_claim
from services.claims.flows.dependencies import Dependencies
from services.claims.flows.record_timeline import scrubbed_summary
from services.claims.flows.scrub.read_source import fetch, read_source
from services.claims.flows.scrub.scrub_claim import build_input
from services.claims.store import claims as store
from services.claims.store.tables import ClaimRow, ClaimSubmissionRow
from shared.contracts.claims import Claim, ClaimCorrect, ClaimWithdraw
from shared.database import UnitOfWork
from shared.errors import Conflict, Fault
from shared.security.caller import Caller


def correct_claim(
    deps: Dependencies, unit_of_work: UnitOfWork, caller: Caller, claim_id: str, command: ClaimCorrect
) -> Claim:
    """Rebuild a claim that was answered, as another submission. Raises Conflict with the reason where that is not
    legal."""
    with deps.database.reading() as session:
        row = found_claim(store.claim(session, caller.organization_id, claim_id))
        refuse_sent_elsewhere(row)
        note_ids, coverage_id = changed_notes(row.document.source.note_ids, command), row.coverage_id
    notes, file = fetch(deps, caller.organization_id, note_ids, coverage_id)
    new_number = deps.ids.claim_number()

    def act(session: Session, row: ClaimRow, now: datetime) -> Trace:
        standing = standing_of(session, row, command.payer_claim_number)
        try:
            sending = correction(standing, send_as=command.send_as, only_denied_lines=command.only_denied_lines)
        except IllegalMove as illegal:
            raise refused(row, illegal) from None
        source = read_source(session, caller.organization_id, notes, file)
        if command.same_day_note_ids is not None:
            refuse_joining(session, caller.organization_id, source, claim_id)
        options, why = options_of(row, biller_options(command, row.document.options), sending), sending.why
        if command.patch is not None:
            options, done = _patched(session, deps, caller, row, source, options)
            why = " ".join((why, *done))
        rebuild_claim(
            session,
            deps,
            caller,
            row,
            source,
            options,
            now,
            new_number=new_number,
            correction=Correction(command.reason, why),
            actor=command.actor,
        )
        kind, reason = TimelineKind.CLAIM_CORRECTED, command.reason
        summary, codes = scrubbed_summary(row, kind, reason=reason, why=why)
        return Trace(kind, summary, reason, codes)

    return act_on_claim(deps, unit_of_work, caller, claim_id, command.actor, act)


def _patched(
    session: Session, deps: Dependencies, caller: Caller, row: ClaimRow, source: ClaimSource, options: BillerOptions
) -> tuple[BillerOptions, tuple[str, ...]]:
    """The options with what the record answers of the denial, and what that is. Raises Conflict (`no_safe_patch`)."""
    document = row.document
    request = scrub_request(session, deps, caller, source, options, row.id, row.claim_number, row.created_at)
    records = Records(document.claim, build_input(request).input, own_pointers=bool(document.options.pointers))
    denied = [one for payment in document.responses.payments_in_force for one in payment.adjustments]
    try:
        patch = suggested_patch(denied, records)
    except IllegalMove as illegal:
        raise refused(row, illegal) from None
    modifiers = options.modifiers | {
        code: (*options.modifiers.get(code, ()), *added) for code, added in patch.modifiers.items()
    }
    pointers = {} if patch.pointers_of_note else options.pointers
    return replace(options, modifiers=modifiers, pointers=pointers), patch.done


def withdraw_correction(
    deps: Dependencies, unit_of_work: UnitOfWork, caller: Caller, claim_id: str, command: ClaimWithdraw
) -> Claim:
    """Give up a correction that has not been sent, or that was rejected. Raises Conflict."""

    def act(session: Session, row: ClaimRow, now: datetime) -> Trace:
        earlier = latest_sent(session, row)
        if earlier is None or row.state not in EDITABLE:
            fix = "Correct the claim first." if earlier is None else "Wait for the answer to what was sent."
            raise refused(row, IllegalMove("nothing_to_withdraw", "No correction is being prepared.", fix))
        withdraw(session, deps, row, earlier, now)
        summary = f"The correction was withdrawn; {row.claim_number} is its claim number again."
        return Trace(TimelineKind.CORRECTION_WITHDRAWN, f"{summary} Reason: {command.reason}", command.reason)

    return act_on_claim(deps, unit_of_work, caller, claim_id, command.actor, act)


def withdraw(session: Session, deps: Dependencies, row: ClaimRow, earlier: ClaimSubmissionRow, now: datetime) -> None:
    """The claim is again what it was when the payer accepted or decided this earlier submission."""
    accepted, before = earlier.state == ClaimState.ACCEPTED_BY_PAYER, row.document.source
    return_to(session, row, earlier)
    refuse_taken(session, row.organization_id, row.document.source, row.id)
    keep_document(row, row.document)
    keep_visits(session, deps.ids, row, now, before)
    book_charge(session, deps.ids, row, now)
    event = ClaimEvent.WITHDRAWN_TO_ACCEPTED if accepted else ClaimEvent.WITHDRAWN_TO_ADJUDICATED
    transition_claim(session, deps.ids, row, now, event)


def options_of(row: ClaimRow, given: BillerOptions, sending: Sending) -> BillerOptions:
    """The biller's options for the next submission, which keeps the numbers of the lines there were."""
    document = row.document
    numbers = dict(zip(line_names(document.claim.lines), document.claim.numbered_lines, strict=True))
    return replace(
        given,
        frequency=sending.frequency.value,
        payer_claim_number=sending.payer_claim_number,
        sent_lines=sending.lines,
        decided_on=document.responses.remitted_on,
        line_numbers=document.options.line_numbers | numbers,
    )


def refuse_sent_elsewhere(row: ClaimRow) -> None:
    """Raises Conflict for what only the system can do that sent the claim."""
    try:
        refuse_elsewhere(sent_elsewhere=row.document.sent_elsewhere is not None)
    except IllegalMove as illegal:
        raise refused(row, illegal) from None


def refused(row: ClaimRow, illegal: IllegalMove) -> Conflict:
    """Why the claim cannot be sent again so, as callers read it."""
    fault = Fault("/body", illegal.code, illegal.message, illegal.fix)
    detail = illegal.message.rstrip(".")
    return Conflict(detail[0].lower() + detail[1:], code=illegal.code, errors=[fault], current_version=row.version)
