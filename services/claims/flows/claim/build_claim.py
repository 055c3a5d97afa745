"""Build a claim: scrub its source together with the existing other claims, and store the result."""

from datetime import datetime
from typing import Any, TypeVar

from msgspec.structs import replace
from sqlmodel import Session

from services.claims.document import BillerOptions, ClaimDocument, ClaimSource, ScrubbedClaim, visit_of
from services.claims.domain.ledger import balances_by_line, charge, paid_at_visit, spread, without_charge
from services.claims.domain.lifecycle import ClaimState
from services.claims.domain.next_payer import answered_before, answered_by_earlier_payers, take_over
from services.claims.flows.custom_rules.compile_rule import with_own_rules
from services.claims.flows.dependencies import Dependencies
from services.claims.flows.opening.used_before import used_before
from services.claims.flows.scrub.scrub_claim import scrub
from services.claims.flows.scrub.scrub_request import ScrubRequest
from services.claims.store import claims as store
from services.claims.store.tables import ClaimRow
from services.claims.store.visits import therapist_claims
from shared.audit import about_patient
from shared.codesets.icd10 import without_dot
from shared.contracts.claims import ClaimCheck, ClaimCorrect, ClaimCreate, ClaimRefresh
from shared.dates import local_date
from shared.errors import Fault, Malformed, NotFound
from shared.ids import Ids
from shared.security.caller import Caller

T = TypeVar("T")
NOTHING_GIVEN = BillerOptions()
OPTIONS = frozenset(BillerOptions.__struct_fields__)
"""Members of a command by which the biller says how the claim is made."""


def biller_options(
    command: ClaimCreate | ClaimCheck | ClaimRefresh | ClaimCorrect, before: BillerOptions = NOTHING_GIVEN
) -> BillerOptions:
    """What the biller gave for a claim, in place of what there was `before`; what is absent or null stays."""
    given = {name: getattr(command, name) for name in OPTIONS & command.model_fields_set}
    return replace(before, **{name: _frozen(value) for name, value in given.items() if value is not None})


def first_submission(options: BillerOptions) -> BillerOptions:
    """The options without what they say of a corrected claim: another payer has no version of it yet."""
    return replace(options, frequency="1", payer_claim_number="", sent_lines=(), decided_on=None, line_numbers={})


def _frozen(value: Any) -> Any:
    """Lists of a command as tuples."""
    if isinstance(value, dict):
        return {code: tuple(modifiers) for code, modifiers in value.items()}
    return tuple(value) if isinstance(value, list) else value


def scrub_source(
    session: Session,
    deps: Dependencies,
    caller: Caller,
    source: ClaimSource,
    options: BillerOptions,
    claim_id: str,
    claim_number: str,
    made_at: datetime | None = None,
) -> ScrubbedClaim:
    """Scrubbed as of now by everyone's rules and the organization's own, together with all existing other claims.
    `made_at` is when a stored claim was made."""
    return scrub(scrub_request(session, deps, caller, source, options, claim_id, claim_number, made_at))


def scrub_request(
    session: Session,
    deps: Dependencies,
    caller: Caller,
    source: ClaimSource,
    options: BillerOptions,
    claim_id: str,
    claim_number: str,
    made_at: datetime | None = None,
) -> ScrubRequest:
    """All that a claim is built and checked from. Raises Malformed for pointers to what the note does not assign."""
    now = deps.clock.now()
    today = local_date(now, source.time_zone)
    _refuse_unknown_diagnoses(source, options)
    return ScrubRequest(
        source=source,
        options=options,
        claim_id=claim_id,
        claim_number=claim_number,
        now=now,
        history=history_of(session, caller.organization_id, source, claim_id),
        rule_set=with_own_rules(session, caller.organization_id, deps.rule_set, today),
        used_before=used_before(session, caller.organization_id, source.note.patient_id),
        made_at=made_at,
    )


def _refuse_unknown_diagnoses(source: ClaimSource, options: BillerOptions) -> None:
    """A line points to diagnoses of the claim's notes and to no others. Raises Malformed."""
    known = {without_dot(one) for one in source.diagnoses}
    faults = [
        Fault(
            f"/body/pointers/{code}",
            "diagnosis_not_on_note",
            f"{diagnosis} is not a diagnosis of the note.",
            "Name diagnoses of the note; another one wants a new signed note.",
        )
        for code, diagnoses in options.pointers.items()
        for diagnosis in diagnoses
        if without_dot(diagnosis) not in known
    ]
    if faults:
        raise Malformed("pointers name a diagnosis that is not on the note", errors=faults)


def history_of(session: Session, organization_id: str, source: ClaimSource, claim_id: str) -> list[ClaimRow]:
    """The patient's and the therapists' other claims that the rules read, without voided ones."""
    note, therapists = source.note, sorted({one.note.therapist_id for one in source.visits})
    of_patient = store.patient_claims(session, organization_id, note.patient_id, claim_id)
    of_therapist = therapist_claims(session, organization_id, therapists, note.date_of_service, claim_id)
    # By id, since a claim may be the patient's and the therapist's as well.
    rows = {row.id: row for row in (*of_patient, *of_therapist)}.values()
    return [row for row in rows if row.state != ClaimState.VOIDED]


def keep_document(row: ClaimRow, document: ClaimDocument) -> None:
    """Put a newly built document in the row, and the facts of the visit that later claims need."""
    row.document, row.past_visit = document, visit_of(document)
    row.date_of_service, row.payer_id = document.source.note.date_of_service, document.claim.payer_id


def booked_charges(session: Session, row: ClaimRow) -> dict[int, int]:
    """The charge of each line for the ledger, in cents by line number."""
    entries = store.entries(session, row.organization_id, [row.id])[row.id]
    return {number: money.charge_cents for number, money in balances_by_line(entries).items()}


def book_charge(session: Session, ids: Ids, row: ClaimRow, now: datetime) -> None:
    """Adjust the ledger to the claim's lines and to what the biller gives with it: the charges, what the patient paid
    at the visit, and what earlier payers answered for. A claim that follows another one has the last two from there."""
    claim = row.document.claim
    charges = {number: line.charge_cents for number, line in claim.numbered_lines.items()}
    entries = store.entries(session, row.organization_id, [row.id])[row.id]
    moved = [*charge(charges, booked_charges(session, row))]
    if row.document.chain.previous_claim_id is None:
        moved += paid_at_visit(spread(claim.patient_paid_cents, charges), entries)
        moved += take_over(answered_by_earlier_payers(claim), answered_before(entries))
    store.book(session, ids, row, moved, posted_at=now, source_id=row.id)


def unbook_charge(session: Session, ids: Ids, row: ClaimRow, now: datetime) -> None:
    """Take the claim's charges off the ledger's balance: it bills nothing any more."""
    lines = balances_by_line(store.entries(session, row.organization_id, [row.id])[row.id])
    store.book(session, ids, row, without_charge(lines), posted_at=now, source_id=row.id)


def found_claim(found: T | None) -> T:
    """The value, if any, whose patient the audit trail is told; raises NotFound if the claim does not exist."""
    if found is None:
        raise NotFound("claim is not in this organization", code="claim_not_found")
    if isinstance(found, ClaimRow):
        about_patient(found.patient_id)
    return found
