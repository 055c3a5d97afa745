"""Enter what is open of a claim that was sent before the practice moved in, or take such an entry back.

It becomes a claim: with its lines, its ledger and its next action, submitted or answered, and with a number that its
payer knows it by. What it lacks is a note of ours, so its source has one that says nothing.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlmodel import Session

from services.claims.domain.hand_entries import reversal_of
from services.claims.domain.ledger import Entry
from services.claims.domain.lifecycle import ClaimEvent, ClaimState
from services.claims.domain.opening_balances import opening_answer, opening_entries, opening_faults
from services.claims.domain.timeline import TimelineKind
from services.claims.flows.audit import audit
from services.claims.flows.claim.add_claim import add_claim
from services.claims.flows.claim.transition_claim import transition_claim
from services.claims.flows.dependencies import Dependencies
from services.claims.flows.opening.named_claim import named_claim_id
from services.claims.flows.opening.opening_claim import OpeningEntry, document_of, read_entry
from services.claims.flows.queries.views import claim_view
from services.claims.flows.record_timeline import record_act
from services.claims.store import claims as store
from services.claims.store import opening_balances as opening_store
from services.claims.store.opening_tables import EARLIER_NUMBER_FIELD, REFERENCE_FIELD, OpeningBalanceRow
from services.claims.store.tables import ClaimRow
from shared.audit import about_patient
from shared.contracts.claims import Claim
from shared.contracts.eligibility import CoverageBundle
from shared.contracts.opening_balances import OpeningBalanceCreate, OpeningBalanceWithdraw
from shared.database import UnitOfWork
from shared.dates import local_date, midnight
from shared.errors import Conflict, Fault, NotFound
from shared.money import format_dollars
from shared.security.caller import Caller


def create_opening_balance(
    deps: Dependencies, unit_of_work: UnitOfWork, caller: Caller, command: OpeningBalanceCreate
) -> Claim:
    """Enter one. Raises NotFound (coverage), Conflict with every fault, Unavailable."""
    bundle = deps.eligibility.coverage_bundle(caller.organization_id, command.coverage_id, command.date_of_service)
    now = deps.clock.now()

    def write(session: Session) -> Claim:
        known = entered_before(session, deps, caller.organization_id, [command.reference])
        if known:
            claim_id = known[command.reference].claim_id
            text, fix = f"It is claim {claim_id}.", "Read that claim; withdraw the entry if it is wrong."
            fault = Fault("/body/reference", "opening_balance_exists", text, fix)
            raise Conflict("this reference is entered already", code=fault.code, errors=[fault])
        return claim_view(session, enter_balance(session, deps, caller, command, bundle, now))

    return unit_of_work.run(write)


def entered_before(
    session: Session, deps: Dependencies, organization_id: str, references: Sequence[str]
) -> Mapping[str, OpeningBalanceRow]:
    """Those of some references that are entered and stand."""
    blinds = {deps.database.vault.blind(organization_id, REFERENCE_FIELD, one): one for one in references}
    found = opening_store.standing_by_reference(session, organization_id, blinds)
    return {blinds[blind]: row for blind, row in found.items()}


def enter_balance(
    session: Session,
    deps: Dependencies,
    caller: Caller,
    command: OpeningBalanceCreate,
    bundle: CoverageBundle,
    now: datetime,
) -> ClaimRow:
    """Within the caller's transaction. Raises Conflict with every fault."""
    about_patient(bundle.patient.id)
    entry = read_entry(session, deps, caller, command, bundle)
    _refuse(session, deps, caller, command, entry, now)
    row, _ = add_claim(session, deps.ids, caller.organization_id, document_of(entry, now), now)
    row.state = ClaimState.SUBMITTED
    row.submitted_at = midnight(entry.claim.submitted_on, entry.source.time_zone)
    store.book(session, deps.ids, row, opening_entries(entry.claim), posted_at=now, source_id=row.id)
    answer = opening_answer(entry.claim, entry.judge, entry.opening_id)
    if answer is not None:
        row.document = row.document.with_responses(row.document.responses.with_payment(answer))
    session.add(_row(deps, caller.organization_id, row.id, entry, command, now))
    event = ClaimEvent.REMITTED if answer is not None else None
    transition_claim(session, deps.ids, row, now, event, new=True)
    action, actor = "create_opening_balance", command.actor
    audit(session, deps, caller, at=now, action=action, subject_id=row.id, actor=actor, patient_id=row.patient_id)
    charged = format_dollars(row.document.claim.charge_cents)
    summary = (
        f"Entered as sent elsewhere on {command.submitted_on}: {charged} as of {command.as_of}, by {command.source}."
    )
    record_act(session, deps, caller, row, TimelineKind.OPENING_BALANCE_ENTERED, summary, at=now, actor=actor)
    return row


def withdraw_opening_balance(
    deps: Dependencies, unit_of_work: UnitOfWork, caller: Caller, opening_id: str, command: OpeningBalanceWithdraw
) -> Claim:
    """Take an entry back, whole. Raises NotFound, Conflict (`opening_balance_withdrawn`, `money_followed`)."""
    now = deps.clock.now()

    def write(session: Session) -> Claim:
        opening = opening_store.opening_balance(session, caller.organization_id, opening_id)
        row = store.claim(session, caller.organization_id, opening.claim_id) if opening is not None else None
        if opening is None or row is None:
            raise NotFound("opening balance is not in this organization", code="opening_balance_not_found")
        about_patient(row.patient_id)
        back = _taken_back(session, opening, row)
        store.book(session, deps.ids, row, back, posted_at=now, source_id=row.id)
        opening.withdrawn_at = now
        session.add(opening)
        transition_claim(session, deps.ids, row, now, ClaimEvent.OPENING_WITHDRAWN)
        action, reason = "withdraw_opening_balance", command.reason
        audit(session, deps, caller, at=now, action=action, subject_id=row.id, actor=command.actor, reason=reason)
        summary = f"The opening balance was withdrawn: {reason}"
        kind = TimelineKind.OPENING_BALANCE_WITHDRAWN
        record_act(session, deps, caller, row, kind, summary, at=now, actor=command.actor)
        return claim_view(session, row)

    return unit_of_work.run(write)


def _refuse(
    session: Session,
    deps: Dependencies,
    caller: Caller,
    command: OpeningBalanceCreate,
    entry: OpeningEntry,
    now: datetime,
) -> None:
    """Raises Conflict with all that keeps the balance from being entered."""
    owner, zone = caller.organization_id, entry.source.time_zone
    faults = opening_faults(entry.claim, entry.judge, local_date(now, zone))
    known = {one.id for one in entry.source.coverage_bundle.authorizations}
    if command.authorization_id is not None and command.authorization_id not in known:
        text, fix = "The coverage has no such authorization.", "Record it in eligibility first, or leave it out."
        faults.append(Fault("/authorization_id", "authorization_unknown", text, fix))
    if command.claim_number and named_claim_id(session, deps, owner, command.claim_number) is not None:
        text, fix = "Another claim here has this number.", "Enter each claim once, under its own number."
        faults.append(Fault("/claim_number", "claim_number_taken", text, fix))
    patient_id, day = entry.source.coverage_bundle.patient.id, command.date_of_service
    for row in store.patient_claims(session, owner, patient_id, exclude_id=""):
        if row.date_of_service == day and row.payer_id == entry.billed.payer_id and row.state != ClaimState.VOIDED:
            text = f"Claim {row.id} bills this payer for a visit of that day."
            fix = "Enter each visit once; void that claim, or withdraw its balance, if it is the one that is wrong."
            faults.append(Fault("/date_of_service", "visit_is_here", text, fix))
            break
    if faults:
        errors = [fault.under("/body") for fault in faults]
        raise Conflict("the opening balance cannot be entered as it is", code=faults[0].code, errors=errors)


def _row(
    deps: Dependencies,
    organization_id: str,
    claim_id: str,
    entry: OpeningEntry,
    command: OpeningBalanceCreate,
    now: datetime,
) -> OpeningBalanceRow:
    blind, number = deps.database.vault.blind, command.claim_number or ""
    return OpeningBalanceRow(
        organization_id=organization_id,
        id=entry.opening_id,
        claim_id=claim_id,
        reference=command.reference,
        reference_blind=blind(organization_id, REFERENCE_FIELD, command.reference),
        claim_number=number,
        claim_number_blind=blind(organization_id, EARLIER_NUMBER_FIELD, number),
        figures_from=command.source,
        as_of=command.as_of,
        entered_at=now,
    )


def _taken_back(session: Session, opening: OpeningBalanceRow, row: ClaimRow) -> tuple[Entry, ...]:
    """The entries that undo the balance. Raises Conflict where it was undone, or money has moved since."""
    if opening.withdrawn_at is not None:
        text = f"It was withdrawn on {opening.withdrawn_at.date()}."
        raise _conflict(row, Fault("/opening_id", "opening_balance_withdrawn", text, "Nothing to do."))
    rows = store.ledger_rows(session, row.organization_id, row.id)
    later = [store.entry_of(one) for one in rows if one.source_id != row.id]
    if reversal_of(later):
        text = "Money was entered or posted on it since."
        fix = "Reverse what was entered by hand first; a payer's payment is taken back by the payer's reversal."
        raise _conflict(row, Fault("/opening_id", "money_followed", text, fix))
    return reversal_of([store.entry_of(one) for one in rows if one.source_id == row.id])


def _conflict(row: ClaimRow, fault: Fault) -> Conflict:
    detail = fault.message.rstrip(".")
    return Conflict(detail[0].lower() + detail[1:], code=fault.code, errors=[fault], current_version=row.version)
