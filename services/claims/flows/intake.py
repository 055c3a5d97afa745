"""A signed note and a coverage become a claim: dry run, create, refresh, void.

The note and the coverage are fetched before the transaction begins; what was read is kept whole as the claim's
snapshot. A claim is made whatever its findings: it is blocked or ready. A refresh reads everything again, and after a
rejection gives the claim a new number; it is refused while the claim is in somebody else's hands.
"""

import hashlib
import json
from datetime import datetime
from typing import Any

from sqlmodel import Session

from services.claims.domain.ledger import balances_by_line, charge
from services.claims.domain.lifecycle import EDITABLE, Event, NotAllowed, State
from services.claims.flows.dependencies import Dependencies
from services.claims.flows.drafting import BillerOptions, ScrubbedClaim, code
from services.claims.flows.facts import Snapshot, authorization_on
from services.claims.flows.judging import overrides_of, reviewed, still_standing
from services.claims.flows.practice import practice_view, therapist_view
from services.claims.flows.standing import transition_claim
from services.claims.flows.trail import audit
from services.claims.flows.views import claim_view
from services.claims.flows.visits import Visit
from services.claims.store import claims as store
from services.claims.store import practice as practice_store
from services.claims.store.tables import ClaimNumberRow, ClaimRow
from shared.contracts.claims import Claim, ClaimAction, ClaimCheck, ClaimCreate
from shared.contracts.eligibility import CoverageBundle
from shared.contracts.notes import Note
from shared.database import UnitOfWork
from shared.dates import local_date
from shared.errors import Conflict, Fault, NotFound
from shared.security.caller import Caller


def create_claim(deps: Dependencies, unit_of_work: UnitOfWork, caller: Caller, command: ClaimCreate) -> Claim:
    """Make a claim. Raises NotFound (note, coverage, therapist, practice), Conflict (there is one), Unavailable."""
    note, file = fetch(deps, caller.organization_id, command.note_id, command.coverage_id)
    claim_id, claim_number = command.id or deps.ids("clm"), deps.ids.claim_number()
    now, options = deps.clock.now(), biller_options(command)

    def write(session: Session) -> Claim:
        _refuse_second(session, caller.organization_id, command, claim_id)
        snapshot = snapshot_now(session, caller.organization_id, note, file)
        coded = scrub_now(session, deps, caller, snapshot, options, claim_id, claim_number)
        row = _new_row(caller.organization_id, claim_id, claim_number, snapshot, coded, now)
        _keep(row, snapshot, coded, options, now, [])
        session.add(row)
        session.add(ClaimNumberRow(organization_id=row.organization_id, id=claim_number, claim_id=claim_id))
        session.flush()
        _book_charge(session, deps, row, coded, now)
        transition_claim(session, deps.ids, row, now, new=True)
        audit(session, deps, caller, at=now, action="claim.create", subject_id=row.id, actor=command.actor)
        return claim_view(session, row)

    return unit_of_work.run(write)


def refresh_claim(
    deps: Dependencies, unit_of_work: UnitOfWork, caller: Caller, claim_id: str, command: ClaimAction
) -> Claim:
    """Read note and coverage again and code anew. Raises Conflict (`claim_in_hands`) once it was sent."""
    with deps.database.reading() as session:
        kept = _found(store.claim(session, caller.organization_id, claim_id))
        note_id, coverage_id = kept.note_id, kept.coverage_id
    note, file = fetch(deps, caller.organization_id, note_id, coverage_id)
    now, new_number = deps.clock.now(), deps.ids.claim_number()

    def write(session: Session) -> Claim:
        row = _found(store.claim(session, caller.organization_id, claim_id))
        if row.state not in EDITABLE:
            raise Conflict("the claim is in the payer's hands; it is not changed any more", code="claim_in_hands")
        snapshot = snapshot_now(session, caller.organization_id, note, file)
        if row.state.startswith("rejected"):
            _give_new_number(session, row, new_number)
        options = BillerOptions.load(row.coded["wishes"])
        coded = scrub_now(session, deps, caller, snapshot, options, row.id, row.claim_number)
        overrides = still_standing(coded.findings, overrides_of(row.coded), now)
        _keep(row, snapshot, coded, options, now, [one.dump() for one in overrides])
        _book_charge(session, deps, row, coded, now)
        stops = any(one.stops for one in reviewed(coded.findings, overrides))
        transition_claim(session, deps.ids, row, now, Event.FOUND_BLOCKED if stops else Event.FOUND_CLEAN)
        audit(session, deps, caller, at=now, action="claim.refresh", subject_id=row.id, actor=command.actor)
        return claim_view(session, row)

    return unit_of_work.run(write)


def void_claim(
    deps: Dependencies, unit_of_work: UnitOfWork, caller: Caller, claim_id: str, command: ClaimAction
) -> Claim:
    """Take a claim back that is in nobody's hands; its charge leaves the books. Raises Conflict."""
    now = deps.clock.now()

    def write(session: Session) -> Claim:
        row = _found(store.claim(session, caller.organization_id, claim_id))
        booked = _booked(session, row)
        store.book(session, deps.ids, row, charge({}, booked), posted_at=now, source_id=row.id)
        try:
            transition_claim(session, deps.ids, row, now, Event.VOID)
        except NotAllowed:
            raise Conflict("the payer has the claim; it cannot be taken back here", code="claim_in_hands") from None
        audit(session, deps, caller, at=now, action="claim.void", subject_id=row.id, actor=command.actor)
        return claim_view(session, row)

    return unit_of_work.run(write)


def fetch(deps: Dependencies, organization_id: str, note_id: str, coverage_id: str) -> tuple[Note, CoverageBundle]:
    """Note and coverage from their services. Raises NotFound, Unavailable."""
    return deps.notes.note(organization_id, note_id), deps.eligibility.coverage_bundle(organization_id, coverage_id)


def biller_options(command: ClaimCreate | ClaimCheck) -> BillerOptions:
    return BillerOptions(tuple(command.tie_order), command.modifiers)


def snapshot_now(session: Session, organization_id: str, note: Note, file: CoverageBundle) -> Snapshot:
    practice = practice_store.practice(session, organization_id)
    therapist = practice_store.therapist(session, organization_id, note.therapist_id)
    fees = practice_store.fee_schedule_on(session, organization_id, note.date_of_service)
    missing = [
        Fault(f"/{what}", f"{what}_missing", f"There is no {words} yet.", f"PUT it at {route} first.")
        for what, words, route, row in (
            ("practice", "billing provider", "/v1/practice", practice),
            ("therapist", "therapist with the note's therapist_id", "/v1/therapists/{id}", therapist),
            ("fees", "fee schedule in force on the date of service", "/v1/fee-schedules/{id}", fees),
        )
        if row is None
    ]
    if practice is None or therapist is None or fees is None:
        raise Conflict("a claim needs the practice's own data", code="practice_incomplete", errors=missing)
    if note.patient_id != file.coverage.patient_id:
        fault = Fault("/coverage_id", "patient_differs", "Note and coverage are of two patients.", "Name hers.")
        raise Conflict("the coverage is another patient's", code="patient_differs", errors=[fault])
    return Snapshot(note, file, practice_view(practice), therapist_view(therapist), fees.charges_cents)


def scrub_now(
    session: Session,
    deps: Dependencies,
    caller: Caller,
    snapshot: Snapshot,
    options: BillerOptions,
    claim_id: str,
    claim_number: str,
) -> ScrubbedClaim:
    """ScrubbedClaim and judged as of the practice's today, beside all other claims there are now."""
    return code(
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


def _new_row(
    organization_id: str, claim_id: str, claim_number: str, snapshot: Snapshot, coded: ScrubbedClaim, now: datetime
) -> ClaimRow:
    note = snapshot.note
    return ClaimRow(
        organization_id=organization_id,
        id=claim_id,
        note_id=note.id,
        coverage_id=snapshot.file.coverage.id,
        patient_id=note.patient_id,
        therapist_id=note.therapist_id,
        payer_id=snapshot.file.payer.id,
        claim_number=claim_number,
        date_of_service=note.date_of_service,
        state=State.BLOCKED if coded.blocked else State.READY,
        snapshot={},
        snapshot_hash="",
        coded={},
        next_kind="review",
        next_owner="handbill",
        next_due_on=note.date_of_service,
        next_reason="",
        next_rule="",
        created_at=now,
    )


def _keep(
    row: ClaimRow,
    snapshot: Snapshot,
    coded: ScrubbedClaim,
    options: BillerOptions,
    now: datetime,
    overrides: list[dict[str, Any]],
) -> None:
    kept = snapshot.dump()
    authorization = authorization_on(snapshot.file, snapshot.note.date_of_service)
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
    row.authorization_id = authorization.id if authorization else None


def _give_new_number(session: Session, row: ClaimRow, claim_number: str) -> None:
    """A mended claim goes out as new: what still arrives for the old number is history."""
    session.add(ClaimNumberRow(organization_id=row.organization_id, id=claim_number, claim_id=row.id))
    row.claim_number, row.file_id = claim_number, None
    row.submitted_at, row.queued_at, row.told = None, None, {}


def _booked(session: Session, row: ClaimRow) -> dict[int, int]:
    entries = store.entries(session, row.organization_id, [row.id])[row.id]
    return {number: money.charge_cents for number, money in balances_by_line(entries).items()}


def _book_charge(session: Session, deps: Dependencies, row: ClaimRow, coded: ScrubbedClaim, now: datetime) -> None:
    charges = {number: line.charge_cents for number, line in enumerate(coded.draft.lines, 1)}
    store.book(session, deps.ids, row, charge(charges, _booked(session, row)), posted_at=now, source_id=row.id)


def _refuse_second(session: Session, organization_id: str, command: ClaimCreate, claim_id: str) -> None:
    there = store.claim_of(session, organization_id, command.note_id, command.coverage_id)
    if there is None and store.claim(session, organization_id, claim_id) is None:
        return
    fault = Fault(
        "/note_id" if there else "/id",
        "claim_exists",
        f"The claim {there.id if there else claim_id} stands for it already.",
        "Read that claim; refresh it when note or coverage have changed.",
    )
    raise Conflict("this note and coverage have a claim", code="claim_exists", errors=[fault])


def _found(row: ClaimRow | None) -> ClaimRow:
    if row is None:
        raise NotFound("claim is not in this organization", code="claim_not_found")
    return row
