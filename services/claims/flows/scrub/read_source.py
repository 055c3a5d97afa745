"""The source of a claim, as it is now: note and coverage from their services, the practice's own data from here."""

from collections.abc import Sequence

from sqlmodel import Session

from services.claims.document import ClaimSource, SourceVisit
from services.claims.flows.dependencies import Dependencies
from services.claims.flows.practice.records import practice_view, therapist_view
from services.claims.flows.scrub.resolve_profile import resolve_profile
from services.claims.flows.scrub.same_day_visits import refuse_apart
from services.claims.store import practice as practice_store
from shared.audit import about_patient
from shared.contracts.eligibility import CoverageBundle
from shared.contracts.notes import Note
from shared.errors import Conflict, Fault

Notes = tuple[Note, ...]
"""The notes that a claim bills, that of its own visit first."""


def fetch(
    deps: Dependencies, organization_id: str, note_ids: Sequence[str], coverage_id: str
) -> tuple[Notes, CoverageBundle]:
    """Notes and coverage from their services. Raises NotFound, Unavailable."""
    notes = tuple(deps.notes.note(organization_id, note_id) for note_id in note_ids)
    about_patient(notes[0].patient_id)
    return notes, deps.eligibility.coverage_bundle(organization_id, coverage_id, notes[0].date_of_service)


def read_source(
    session: Session, organization_id: str, notes: Notes, bundle: CoverageBundle, *, priced: bool = True
) -> ClaimSource:
    """Everything for a claim, with the payer's profile resolved; without `priced` its charges are known already. Raises
    Conflict if the practice's data are missing, the coverage is another patient's, visits of several notes cannot be on
    one claim, or the payer names a profile that does not exist."""
    note = notes[0]
    practice = practice_store.practice(session, organization_id)
    treated = [practice_store.therapist(session, organization_id, one.therapist_id) for one in notes]
    therapists = [therapist_view(one) for one in treated if one is not None]
    fees = practice_store.fee_schedule_on(session, organization_id, note.date_of_service)
    missing = [
        Fault(f"/{what}", f"{what}_missing", f"There is no {words} yet.", f"PUT it at {route} first.")
        for what, words, route, row in (
            ("practice", "billing provider", "/v1/practice", practice),
            ("therapist", "therapist with the note's therapist_id", "/v1/therapists/{id}", all(treated) or None),
            ("fees", "fee schedule in force on the date of service", "/v1/fee-schedules/{id}", fees),
        )
        if row is None and (priced or what != "fees")
    ]
    if practice is None or missing:
        raise Conflict("a claim needs the practice's own data", code="practice_incomplete", errors=missing)
    if note.patient_id != bundle.coverage.patient_id:
        fault = Fault("/coverage_id", "patient_differs", "Note and coverage are of different patients.", "Name hers.")
        raise Conflict("the coverage is another patient's", code="patient_differs", errors=[fault])
    profile = resolve_profile(bundle.payer, bundle.coverage)
    charges = fees.charges_cents if fees is not None else {}
    visits = tuple(map(SourceVisit, notes, therapists))
    source = ClaimSource(note, bundle, practice_view(practice), therapists[0], charges, profile, visits[1:])
    refuse_apart(source)
    return source
