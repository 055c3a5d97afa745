"""A person enters money on a claim: a patient's payment, a refund, a write-off, a transfer; or takes an entry back.

The amount is in the ledger, with the entry's own id as its source; who did it and why is in the claim's timeline and
the audit trail.
"""

from collections.abc import Callable, Sequence
from datetime import datetime

from sqlmodel import Session

from services.claims.domain.hand_entries import (
    PATIENT_PAYMENT,
    REFUND,
    SOURCE_PREFIX,
    TRANSFER,
    EntryRefused,
    HandEntry,
    contractual_cents,
    hand_entries,
    moves_to_patient,
    reaches_patient,
    reversal_of,
)
from services.claims.domain.ledger import Account, Entry, balances_by_line
from services.claims.domain.lifecycle import ClaimState
from services.claims.domain.sending import Frequency
from services.claims.domain.timeline import TimelineKind
from services.claims.flows.claim.act_on_claim import Trace, act_on_claim
from services.claims.flows.claim.transition_claim import transition_claim
from services.claims.flows.dependencies import Dependencies
from services.claims.store import claims as store
from services.claims.store.tables import ClaimRow
from shared.contracts.claim_money import EntryReversal, PatientPayment, Refund, Transfer, WriteOff
from shared.contracts.claims import Claim
from shared.contracts.common import Actor
from shared.database import UnitOfWork
from shared.dates import local_date
from shared.errors import Conflict, Fault
from shared.money import format_dollars
from shared.security.caller import Caller

PAID_BY = {"patient": Account.PATIENT_PAID, "insurer": Account.PAID}
OF_PATIENT = frozenset({Account.PATIENT, Account.PATIENT_PAID})


def record_patient_payment(
    deps: Dependencies, unit_of_work: UnitOfWork, caller: Caller, claim_id: str, command: PatientPayment
) -> Claim:
    """Raises NotFound, Conflict (`payment_in_future`, `share_with_next_payer`, `claim_voided`)."""
    entry = HandEntry(Account.PATIENT, Account.PATIENT_PAID, command.amount_cents, PATIENT_PAYMENT, command.line_number)
    summary = f"The patient paid {format_dollars(command.amount_cents)} by {command.method} on {command.received_on}."

    def check(row: ClaimRow) -> EntryRefused | None:
        today = local_date(deps.clock.now(), row.document.source.time_zone)
        if command.received_on <= today:
            return None
        return EntryRefused("payment_in_future", f"{command.received_on} is after today.", "Correct `received_on`.")

    return _enter(deps, unit_of_work, caller, claim_id, entry, TimelineKind.PATIENT_PAID, summary, command.actor, check)


def refund(deps: Dependencies, unit_of_work: UnitOfWork, caller: Caller, claim_id: str, command: Refund) -> Claim:
    """Raises NotFound, Conflict (`amount_beyond_balance` and what a payment raises)."""
    target = Account(command.payee)
    entry = HandEntry(PAID_BY[command.payee], target, command.amount_cents, REFUND, command.line_number)
    summary = f"{format_dollars(command.amount_cents)} refunded to the {command.payee}: {command.reason}"
    return _enter(deps, unit_of_work, caller, claim_id, entry, TimelineKind.REFUNDED, summary, command.actor)


def write_off(deps: Dependencies, unit_of_work: UnitOfWork, caller: Caller, claim_id: str, command: WriteOff) -> Claim:
    """Raises NotFound, Conflict (`amount_beyond_balance` and what a payment raises)."""
    source = Account(command.account)
    entry = HandEntry(source, Account.WRITTEN_OFF, command.amount_cents, command.kind, command.line_number)
    summary = f"{format_dollars(command.amount_cents)} of the {command.account} written off: {command.reason}"
    return _enter(deps, unit_of_work, caller, claim_id, entry, TimelineKind.WRITTEN_OFF, summary, command.actor)


def transfer(deps: Dependencies, unit_of_work: UnitOfWork, caller: Caller, claim_id: str, command: Transfer) -> Claim:
    """Raises NotFound, Conflict (`patient_never_billed`, `contractual_amount`, and what a write-off raises)."""
    target = Account(command.to_account)
    source = Account.INSURER if target is Account.PATIENT else Account.PATIENT
    entry = HandEntry(source, target, command.amount_cents, TRANSFER, command.line_number)
    summary = f"{format_dollars(command.amount_cents)} transferred from the {source} to the {target}: {command.reason}"
    return _enter(deps, unit_of_work, caller, claim_id, entry, TimelineKind.TRANSFERRED, summary, command.actor)


def reverse_entry(
    deps: Dependencies, unit_of_work: UnitOfWork, caller: Caller, claim_id: str, command: EntryReversal
) -> Claim:
    """Raises NotFound, Conflict (`not_entered_by_hand`, `entry_reversed`, `share_with_next_payer`)."""

    def act(session: Session, row: ClaimRow, now: datetime) -> Trace:
        rows = store.ledger_rows(session, caller.organization_id, claim_id)
        entered = [store.entry_of(one) for one in rows if one.source_id == command.source_id]
        if not entered or not command.source_id.startswith(f"{SOURCE_PREFIX}_"):
            text = "No entry of this claim that a person made has this source."
            fix = "Take `source_id` from the claim's ledger; what a remittance posted is reversed by its payer."
            raise _conflict(row, EntryRefused("not_entered_by_hand", text, fix))
        back = reversal_of(entered)
        if not back:
            text = "It was reversed before."
            raise _conflict(row, EntryRefused("entry_reversed", text, "Nothing to do."))
        _refuse_passed_on(row, back)
        summary = f"What was entered as {command.source_id} was reversed: {command.reason}"
        kind, source_id = TimelineKind.ENTRY_REVERSED, command.source_id
        return _book(session, deps, row, back, kind, summary, now, source_id=source_id)

    return act_on_claim(deps, unit_of_work, caller, claim_id, command.actor, act)


def _enter(
    deps: Dependencies,
    unit_of_work: UnitOfWork,
    caller: Caller,
    claim_id: str,
    entry: HandEntry,
    kind: TimelineKind,
    summary: str,
    actor: Actor,
    check: Callable[[ClaimRow], EntryRefused | None] = lambda _row: None,
) -> Claim:
    source_id = deps.ids(SOURCE_PREFIX)

    def act(session: Session, row: ClaimRow, now: datetime) -> Trace:
        found = store.entries(session, caller.organization_id, [claim_id])[claim_id]
        program, lines = row.document.source.profile.program, balances_by_line(found)
        contractual = contractual_cents(row.document.responses) if moves_to_patient(entry) else {}
        refused = check(row) or _void_under_way(row) or reaches_patient(entry, program, lines, contractual)
        entries = refused or hand_entries(entry, lines, contractual)
        if isinstance(entries, EntryRefused):
            raise _conflict(row, entries)
        _refuse_passed_on(row, entries)
        return _book(session, deps, row, entries, kind, summary, now, source_id=source_id)

    return act_on_claim(deps, unit_of_work, caller, claim_id, actor, act)


def _void_under_way(row: ClaimRow) -> EntryRefused | None:
    """The payer has been asked to take everything back: what is entered now would be on no claim then."""
    if row.document.claim.frequency != Frequency.VOID or row.state in (ClaimState.VOIDED, ClaimState.ADJUDICATED):
        return None
    text = "The payer has been asked to void the claim."
    return EntryRefused("void_under_way", text, "Wait for its reversal, and enter it on the claim that follows.")


def _book(
    session: Session,
    deps: Dependencies,
    row: ClaimRow,
    entries: Sequence[Entry],
    kind: TimelineKind,
    summary: str,
    now: datetime,
    *,
    source_id: str,
) -> Trace:
    if row.state == ClaimState.VOIDED:
        text = "The claim was voided, and has no money."
        raise _conflict(row, EntryRefused("claim_voided", text, "Enter it on the claim that took its place."))
    store.book(session, deps.ids, row, entries, posted_at=now, source_id=source_id)
    transition_claim(session, deps.ids, row, now)
    return Trace(kind, summary, reason=summary, codes=[source_id])


def _refuse_passed_on(row: ClaimRow, entries: Sequence[Entry]) -> None:
    """What the patient owes and pays is on the claim to the last payer."""
    later = row.document.chain.next_claim_id
    paid = any({one.source, one.target} == OF_PATIENT for one in entries)
    if later is not None and paid:
        text = "What the patient owes went to the claim to the next payer."
        raise _conflict(row, EntryRefused("share_with_next_payer", text, f"Enter it on claim {later}."))


def _conflict(row: ClaimRow, refused: EntryRefused) -> Conflict:
    fault = Fault("/body", refused.code, refused.message, refused.fix)
    return Conflict(refused.message, code=refused.code, errors=[fault], current_version=row.version)
