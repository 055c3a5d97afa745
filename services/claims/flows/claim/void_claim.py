"""Void a claim: by itself where no payer has it, else by a void that is sent (frequency 8).

A void at the payer is done when the payer has taken its decision back; until then the claim waits like any other
submission, and its money stays as the payer has decided it. A payer that had decided nothing may only say that it has
voided the claim: then a person confirms it.
"""

import dataclasses
from datetime import datetime

from msgspec.structs import replace
from sqlmodel import Session

from services.claims.document import Correction
from services.claims.domain.hand_entries import PATIENT_PAYMENT, REFUND
from services.claims.domain.ledger import balances
from services.claims.domain.lifecycle import EDITABLE, ClaimEvent, ClaimState
from services.claims.domain.sending import Frequency, IllegalMove, Sending, void
from services.claims.domain.timeline import TimelineKind
from services.claims.flows.claim.act_on_claim import Trace, act_on_claim
from services.claims.flows.claim.build_claim import keep_document, unbook_charge
from services.claims.flows.claim.correct_claim import options_of, refuse_sent_elsewhere, refused, withdraw
from services.claims.flows.claim.payer_chain import leave_chain
from services.claims.flows.claim.submissions import begin_submission, latest_sent, standing_of
from services.claims.flows.claim.transition_claim import transition_claim
from services.claims.flows.dependencies import Dependencies
from services.claims.flows.submission.queue_claim import queue_claim
from services.claims.store import claims as store
from services.claims.store.tables import ClaimRow
from shared.contracts.claims import Claim, ClaimVoid
from shared.database import UnitOfWork
from shared.errors import Conflict, Fault
from shared.money import format_dollars
from shared.security.caller import Caller


def void_claim(
    deps: Dependencies, unit_of_work: UnitOfWork, caller: Caller, claim_id: str, command: ClaimVoid
) -> Claim:
    """Void a claim, or ask its payer to. Raises Conflict with the reason where that is not legal."""
    queued_at, new_number = deps.wall_clock.now(), deps.ids.claim_number()

    def act(session: Session, row: ClaimRow, now: datetime) -> Trace:
        refuse_sent_elsewhere(row)
        _refuse_paid(session, row)
        _refuse_followed(row)
        try:
            sending = None if command.payer_confirmed else void(standing_of(session, row, command.payer_claim_number))
            if command.payer_confirmed:
                _refuse_unconfirmable(row)
        except IllegalMove as illegal:
            raise refused(row, illegal) from None
        if sending is None:
            kind, summary = TimelineKind.CLAIM_VOIDED, "Voided; its charge was reversed in the ledger."
            event = ClaimEvent.VOID if row.state in EDITABLE else ClaimEvent.TAKEN_BACK
            leave_chain(session, deps.ids, row, now)
            unbook_charge(session, deps.ids, row, now)
            transition_claim(session, deps.ids, row, now, event)
        else:
            kind = TimelineKind.VOID_SUBMITTED
            _send_void(session, deps, row, sending, command, new_number, now, queued_at)
            summary = f"{sending.why} Reason: {command.reason or 'none given'}"
        return Trace(kind, summary, command.reason)

    return act_on_claim(deps, unit_of_work, caller, claim_id, command.actor, act)


def _refuse_paid(session: Session, row: ClaimRow) -> None:
    entries = store.entries(session, row.organization_id, [row.id])[row.id]
    paid = balances(one for one in entries if one.reason in (PATIENT_PAYMENT, REFUND)).patient_paid_cents
    if paid:
        fault = Fault(
            "/claim/money/patient_paid_cents",
            "patient_payment_on_claim",
            f"The patient has paid {format_dollars(paid)} on it.",
            "Refund it, or reverse its entry, first.",
        )
        raise Conflict(
            "a claim with a patient's payment is not voided",
            code="patient_payment_on_claim",
            errors=[fault],
            current_version=row.version,
        )


def _refuse_followed(row: ClaimRow) -> None:
    """The share that this claim left is on the claim to the next payer, and would be left of nothing."""
    later = row.document.chain.next_claim_id
    if later is not None:
        text = f"Claim {later} bills the next payer what this one left."
        fault = Fault("/claim_id", "next_payer_billed", text, "Void that claim first.")
        detail = "a claim that another one follows is not voided"
        raise Conflict(detail, code=fault.code, errors=[fault], current_version=row.version)


def _send_void(
    session: Session,
    deps: Dependencies,
    row: ClaimRow,
    sending: Sending,
    command: ClaimVoid,
    new_number: str,
    now: datetime,
    queued_at: datetime,
) -> None:
    """Queue the claim as the payer has it, as a void of it."""
    earlier = latest_sent(session, row)
    if row.state in EDITABLE and earlier is not None:
        withdraw(session, deps, row, earlier, now)
    options = options_of(row, row.document.options, sending)
    begin_submission(session, row, new_number)
    document = row.document
    claim = dataclasses.replace(
        document.claim,
        claim_number=new_number,
        frequency=sending.frequency.value,
        payer_claim_number=sending.payer_claim_number,
        decided_on=options.decided_on,
    )
    keep_document(
        row,
        replace(
            document,
            options=options,
            scrubbed=replace(document.scrubbed, claim=claim),
            responses=document.responses.of_next_submission(),
            correction=Correction(command.reason or "", sending.why),
        ),
    )
    queue_claim(session, deps, row, ClaimEvent.VOID_SENT, now=now, queued_at=queued_at)


def _refuse_unconfirmable(row: ClaimRow) -> None:
    """A person's word ends a void under which the payer has no money to take back, and no other claim."""
    if row.document.claim.frequency != Frequency.VOID or row.state in EDITABLE | {ClaimState.VOIDED}:
        message = "No void of this claim waits at the payer."
        raise IllegalMove("no_void_waits", message, "Void it without `payer_confirmed` first.")
    if row.document.responses.payments_in_force:
        message = "The payer has decided this claim, and that decision is taken back by its reversal."
        raise IllegalMove("reversal_awaited", message, "Wait for the reversal, or ask for the status.")
