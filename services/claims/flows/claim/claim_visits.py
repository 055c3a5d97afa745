"""Which notes a claim bills: one, or all of a patient's day where its payer wants one claim for them.

A note is on live claims of one set of notes at most: what bills one visit of a set bills, or bills parts of, all of
them. So no visit is billed twice, and each of the visit's claims has the lines of the same notes.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import Session

from services.claims.document import ClaimSource
from services.claims.domain.lifecycle import EDITABLE, ClaimState
from services.claims.flows.scrub.same_day_visits import ON_ONE_CLAIM, may_share_claim, refuse_unwanted
from services.claims.flows.tasks import NOTE, close_tasks, open_task
from services.claims.flows.unbilled_notes import unbilled_note
from services.claims.store import visits as store
from services.claims.store.tables import ClaimRow
from services.claims.store.visit_tables import ClaimVisitRow
from shared.contracts.claims import ClaimChange
from shared.dates import local_date
from shared.errors import Conflict, Fault, Malformed
from shared.ids import Ids


def named_notes(note_id: str, others: Sequence[str]) -> tuple[str, ...]:
    """The notes that a caller puts on one claim. Raises Malformed for one that is named twice."""
    given = (note_id, *others)
    twice = [place for place, one in enumerate(others, 1) if one in given[:place]]
    if twice:
        pointer = f"/body/same_day_note_ids/{twice[0] - 1}"
        fault = Fault(pointer, "note_named_twice", "The claim bills this note already.", "Name each note once.")
        raise Malformed("a note is on a claim once", errors=[fault])
    return given


def changed_notes(note_ids: Sequence[str], command: ClaimChange) -> tuple[str, ...]:
    """The notes that a claim bills from now on: those that it has, its own first, or what the caller names beside its
    own. Raises Malformed."""
    if command.same_day_note_ids is None:
        return tuple(note_ids)
    return named_notes(note_ids[0], command.same_day_note_ids)


def refuse_taken(session: Session, organization_id: str, source: ClaimSource, claim_id: str) -> None:
    """Raises Conflict where a visit is on a live claim of other notes."""
    wanted = set(source.note_ids)
    faults = [
        Fault(
            f"/body/same_day_note_ids/{place - 1}" if place else "/note_id",
            "note_billed",
            f"Claim {one.id} bills note {note_id} with other visits." if place == 0 else f"Claim {one.id} bills it.",
            "Void that claim first, or take the note off it (`same_day_note_ids` of its `refresh`).",
        )
        for place, note_id in enumerate(source.note_ids)
        for one in store.claims_of_note(session, organization_id, note_id)
        if one.id != claim_id and set(one.document.source.note_ids) != wanted
    ]
    if faults:
        raise Conflict("a visit is billed once", code="note_billed", errors=faults)


def refuse_second_of_day(session: Session, organization_id: str, source: ClaimSource, claim_id: str) -> None:
    """Raises Conflict where the payer wants one claim for all visits of a day, and there is one already."""
    if source.profile.same_day_visits != ON_ONE_CLAIM:
        return
    day = store.claims_of_day(session, organization_id, source.note.patient_id, source.note.date_of_service)
    for one in day:
        document = one.document
        is_other = one.id != claim_id and not set(document.source.note_ids) & set(source.note_ids)
        if is_other and document.sent_elsewhere is None and may_share_claim(source, document.source):
            act = "refresh" if one.state in EDITABLE else "correct"
            wait = "" if one.state in EDITABLE or one.state == ClaimState.ADJUDICATED else "Wait for its answer. "
            fault = Fault(
                "/note_id",
                "same_day_claim",
                f"Claim {one.id} bills another visit of this day, and this payer wants all on one claim.",
                f"{wait}Name the note in `same_day_note_ids` of that claim's `{act}`.",
            )
            raise Conflict("the day has a claim", code="same_day_claim", errors=[fault], current_version=one.version)


def refuse_joining(session: Session, organization_id: str, source: ClaimSource, claim_id: str) -> None:
    """Raises Conflict where the visits that a caller has named are not to be, or cannot be, on one claim."""
    refuse_unwanted(source)
    refuse_taken(session, organization_id, source, claim_id)


def keep_visits(session: Session, ids: Ids, row: ClaimRow, now: datetime, before: ClaimSource | None = None) -> None:
    """Keep which visits the claim bills beside its own, as its document has them. Nothing is left to do about a note
    that has come onto it; one that has left it since it was made of `before` has no claim."""
    kept = {one.note_id: one for one in store.other_visits(session, row.organization_id, row.id)}
    for place, visit in enumerate(row.document.source.other_visits, 1):
        note = visit.note
        on_it = kept.pop(note.id, None) or ClaimVisitRow(
            organization_id=row.organization_id,
            id=ids("vis"),
            claim_id=row.id,
            note_id=note.id,
            therapist_id=note.therapist_id,
            date_of_service=note.date_of_service,
            place=place,
        )
        # A note may have been written anew, and may be in another place.
        on_it.therapist_id, on_it.date_of_service, on_it.place = note.therapist_id, note.date_of_service, place
        session.add(on_it)
        close_tasks(session, row.organization_id, NOTE, note.id)
    for gone in kept.values():
        session.delete(gone)
    session.flush()
    if before is not None and kept:
        _reopen_tasks(session, ids, row, before, now)


def _reopen_tasks(session: Session, ids: Ids, row: ClaimRow, before: ClaimSource, now: datetime) -> None:
    left = {one.note.id: one.note for one in before.other_visits if one.note.id not in row.document.source.note_ids}
    for note_id in left.keys() - store.billed_notes(session, row.organization_id, list(left)):
        signed_on = local_date(left[note_id].signed_at or now, before.time_zone)
        open_task(session, ids, row.organization_id, unbilled_note(note_id, signed_on), now)
