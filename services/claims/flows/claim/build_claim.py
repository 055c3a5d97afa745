"""Build a claim: scrub its source beside the other claims there are, and keep what came of it."""

import hashlib
import json
from datetime import datetime
from typing import Any

from sqlmodel import Session

from services.claims.domain.ledger import balances_by_line, charge
from services.claims.domain.lifecycle import State
from services.claims.flows.dependencies import Dependencies
from services.claims.flows.scrub.scrub_claim import ScrubbedClaim, scrub
from services.claims.flows.scrub.snapshot import BillerOptions, Snapshot, Visit
from services.claims.store import claims as store
from services.claims.store.tables import ClaimRow
from shared.contracts.claims import ClaimCheck, ClaimCreate, ClaimRefresh
from shared.contracts.notes import Note
from shared.dates import local_date
from shared.errors import NotFound
from shared.security.caller import Caller


def biller_options(command: ClaimCreate | ClaimCheck) -> BillerOptions:
    return BillerOptions(
        tuple(command.tie_order),
        command.modifiers,
        command.patient_paid_cents,
        tuple(command.attachments),
        tuple(command.prior_payments),
    )


def changed_options(options: BillerOptions, command: ClaimRefresh) -> BillerOptions:
    """The options with what a refresh gives in their place."""
    return BillerOptions(
        options.tie_order if command.tie_order is None else tuple(command.tie_order),
        options.modifiers if command.modifiers is None else command.modifiers,
        options.patient_paid_cents if command.patient_paid_cents is None else command.patient_paid_cents,
        options.attachments if command.attachments is None else tuple(command.attachments),
        options.prior_payments if command.prior_payments is None else tuple(command.prior_payments),
    )


def scrub_source(
    session: Session,
    deps: Dependencies,
    caller: Caller,
    snapshot: Snapshot,
    options: BillerOptions,
    claim_id: str,
    claim_number: str,
) -> ScrubbedClaim:
    """ScrubbedClaim and judged as of the practice's today, beside all other claims there are now."""
    return scrub(
        snapshot,
        options,
        claim_id=claim_id,
        claim_number=claim_number,
        as_of=local_date(deps.clock.now(), snapshot.practice.time_zone),
        history=history_of(session, caller.organization_id, snapshot.note, claim_id),
        edition=deps.edition,
    )


def history_of(session: Session, organization_id: str, note: Note, claim_id: str) -> list[ClaimRow]:
    """The patient's and the therapist's other claims that the rules look at, but for voided ones."""
    of_patient = store.patient_claims(session, organization_id, note.patient_id, claim_id)
    of_therapist = store.therapist_claims(session, organization_id, note.therapist_id, note.date_of_service, claim_id)
    rows = {row.id: row for row in (*of_patient, *of_therapist)}.values()
    return [row for row in rows if row.state != State.VOIDED]


def keep_build(
    row: ClaimRow,
    snapshot: Snapshot,
    coded: ScrubbedClaim,
    options: BillerOptions,
    now: datetime,
    overrides: list[dict[str, Any]],
) -> None:
    kept = snapshot.dump()
    row.snapshot = kept
    row.snapshot_hash = hashlib.sha256(json.dumps(kept, sort_keys=True, separators=(",", ":")).encode()).hexdigest()
    row.coded = {
        **coded.dump(),
        "wishes": options.dump(),
        "overrides": overrides,
        "judged_at": now.isoformat(),
        "visit": Visit.of(snapshot.note).dump(),
    }
    row.date_of_service = snapshot.note.date_of_service
    row.authorization_id = coded.draft.authorization_id or None


def booked_charges(session: Session, row: ClaimRow) -> dict[int, int]:
    entries = store.entries(session, row.organization_id, [row.id])[row.id]
    return {number: money.charge_cents for number, money in balances_by_line(entries).items()}


def book_charge(session: Session, deps: Dependencies, row: ClaimRow, coded: ScrubbedClaim, now: datetime) -> None:
    charges = {number: line.charge_cents for number, line in enumerate(coded.draft.lines, 1)}
    store.book(session, deps.ids, row, charge(charges, booked_charges(session, row)), posted_at=now, source_id=row.id)


def found_claim(row: ClaimRow | None) -> ClaimRow:
    if row is None:
        raise NotFound("claim is not in this organization", code="claim_not_found")
    return row
