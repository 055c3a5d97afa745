"""What the notes service does: put, sign, read, list, destroy. One flow, one transaction.

Rules kept here: a signed note never changes; the date of service is counted in the practice's zone as it was at the
first put; a signer's therapist is the note's, with a license in force on that date, and the person, the therapist and
the license are kept as who signed. How a put
is answered is the same for all records: `shared.database.records`.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlmodel import Session

from services.notes import store
from services.notes.domain.checks import MALFORMED, PUT_RULES, SIGN_RULES, NoteInput, TechniqueInput, faults
from services.notes.domain.content import content_hash
from services.notes.domain.licenses import in_force
from services.notes.domain.note_lifecycle import NOTE_LIFECYCLE, NoteEvent, NoteStatus
from services.notes.store import NoteFilter, NoteKey, NoteRow, Row
from shared.audit import about_patient
from shared.clocks import Clock
from shared.codesets import bundled
from shared.codesets.procedures import UNATTENDED
from shared.contracts.common import License
from shared.contracts.notes import Note, NoteContent, NotePage, NotePut, NoteSign, NoteSummary, Technique
from shared.contracts.retention import DESTROYED, PURPOSE, Destruction
from shared.database import Database, UnitOfWork
from shared.database.operator import Operator
from shared.database.patient_records import PatientRecords
from shared.database.records import PutResult, RecordChange, put_record, record_change, refuse
from shared.dates import local_date, local_time
from shared.errors import Conflict, Fault, Forbidden, Malformed, NotFound, RuleBroken
from shared.ids import Ids
from shared.paging import Cursor, page_of
from shared.security.caller import Caller
from shared.tenancy import acting_for
from shared.versions import UNCONDITIONAL, Precondition

NOTES_AT_ONCE = 50
THERAPIST = "therapist"
"""The role of the person who treated."""
PATIENT_RECORDS = PatientRecords(Row.metadata)
"""What notes have of one patient, for the patient."""


@dataclass(frozen=True, slots=True)
class Dependencies:
    """What the flows work with; the composition root fills it in."""

    database: Database
    clock: Clock
    ids: Ids


def put_note(
    deps: Dependencies,
    unit_of_work: UnitOfWork,
    caller: Caller,
    note_id: str,
    command: NotePut,
    *,
    precondition: Precondition = UNCONDITIONAL,
) -> PutResult[Note]:
    """Create or replace a draft. Raises Malformed, RuleBroken, PreconditionFailed, Conflict (`note_signed`)."""
    now = deps.clock.now()
    about_patient(command.patient_id)
    checked = _note_input(command)
    refuse("note", malformed=faults(MALFORMED, checked, now), broken=faults(PUT_RULES, checked, now))
    content = command.model_dump(mode="json", exclude={"actor"})
    without_actor = NoteContent.model_validate(content)
    change = RecordChange(caller, "note.put", note_id, now, command.actor)

    def write(row: NoteRow | None) -> NoteRow:
        if row is not None and not NOTE_LIFECYCLE.allows(NoteStatus(row.status), NoteEvent.PUT):
            raise Conflict(
                "the note is signed and never changes; write what is to be added as a new note",
                code="note_signed",
                current_version=row.version,
                pointer="/note_id",
                fix="Put a new note with what is to be added.",
            )
        return _with_content(row, caller, note_id, command, content)

    def put(session: Session) -> PutResult[Note]:
        put = put_record(
            session,
            deps.ids,
            change,
            store.find_note(session, caller.organization_id, note_id),
            precondition=precondition,
            # As models and not as JSON: what an earlier release has stored lacks members that have a default now. Who
            # puts it is no content.
            is_equal=lambda row: NoteContent.model_validate(row.content) == without_actor,
            write=write,
            event_data=_event_data,
        )
        return PutResult(_view(put.record), put.version, put.created)

    return unit_of_work.run(put)


def sign_note(deps: Dependencies, unit_of_work: UnitOfWork, caller: Caller, note_id: str, command: NoteSign) -> Note:
    """Sign a draft; a second signature of the same person is answered with the note as it is.

    Raises NotFound, Malformed (`license_on_file`), Forbidden (`not_this_therapist`, `license_missing`,
    `license_not_in_force`), RuleBroken (`signer_not_the_therapist`, `note_not_ready`), Conflict (`note_signed`,
    `content_changed`).
    """
    now = deps.clock.now()
    licenses = _licenses_of(caller, command)

    def write(session: Session) -> Note:
        row = _found(session, caller, note_id)
        _check_signer(row, command)
        if row.status == NoteStatus.SIGNED and row.signed_by is not None and row.signed_by["id"] == command.actor.id:
            return _view(row)
        if not NOTE_LIFECYCLE.allows(NoteStatus(row.status), NoteEvent.SIGN):
            raise Conflict(
                "the note is signed already, by another person",
                code="note_signed",
                current_version=row.version,
                pointer="/note_id",
                fix="Nothing to do: the note is signed.",
            )
        missing = faults(SIGN_RULES, _note_input(NoteContent.model_validate(row.content)), now)
        if missing:
            raise RuleBroken("the note is not complete enough to be signed", code="note_not_ready", errors=missing)
        row.status = NOTE_LIFECYCLE.step(NoteStatus(row.status), NoteEvent.SIGN)
        row.version += 1
        row.signed_at = now
        row.signed_by = {
            "therapist_id": command.therapist_id,
            **command.actor.model_dump(),
            "license": _license_in_force(licenses, row).model_dump(mode="json"),
        }
        session.add(row)
        change = RecordChange(caller, "note.signed", row.id, now, command.actor)
        record_change(session, deps.ids, change, {"version": row.version, **_event_data(row)})
        return _view(row)

    return unit_of_work.run(write)


def get_note(deps: Dependencies, caller: Caller, note_id: str) -> Note:
    """Raises NotFound."""
    with deps.database.reading() as session:
        return _view(_found(session, caller, note_id))


def list_notes(deps: Dependencies, caller: Caller, wanted: NoteFilter, after: str | None, limit: int) -> NotePage:
    """By date of service, start and id. Raises Malformed for a cursor that is not ours."""
    key = _note_key(after)
    with deps.database.reading() as session:
        rows = store.list_notes(session, caller.organization_id, wanted, key, limit + 1)
        page, following = page_of(
            rows, limit, lambda row: (row.date_of_service.isoformat(), row.started_at.isoformat(), row.id)
        )
        for row in page:
            about_patient(row.patient_id)
        return NotePage(items=[_summary(row) for row in page], next=following)


def _note_key(after: str | None) -> NoteKey | None:
    key = Cursor.read(after, (str, str, str))
    if key is None:
        return None
    try:
        started_at = datetime.fromisoformat(str(key[1]))
        if started_at.tzinfo is None:
            raise ValueError("a cursor's moment has its offset")
        return date.fromisoformat(str(key[0])), started_at, str(key[2])
    except ValueError:
        fault = Fault("/query/after", "cursor_invalid", "This is no cursor.", "Send `next` of a page as it came.")
        raise Malformed("the cursor is not one that this list gave", errors=[fault]) from None


def _note_input(command: NoteContent) -> NoteInput:
    return NoteInput(
        started_at=command.started_at,
        ended_at=command.ended_at,
        techniques=tuple(_technique_input(technique) for technique in command.techniques),
        diagnoses=tuple(command.diagnoses),
        complaint=command.subjective.complaint,
    )


def _technique_input(technique: Technique) -> TechniqueInput:
    place = bundled().body_regions.read(technique.region)
    return TechniqueInput(
        minutes=technique.minutes,
        start_minute=technique.start_minute,
        started_at=technique.started_at,
        side_in_words=place.side or None if place else None,
        side=technique.side,
        unattended=bundled().procedures.contact(technique.procedure_code) == UNATTENDED,
    )


def _licenses_of(caller: Caller, command: NoteSign) -> tuple[License, ...]:
    """Those on file of a person with her own token, else the one that the API client vouches for."""
    if caller.person is None:
        return (command.license,) if command.license else ()
    if command.license is not None:
        fault = Fault(
            "/body/license", "license_on_file", "A person signs with the license that is on file.", "Leave it out."
        )
        raise Malformed("with a person's own token no license is vouched for", errors=[fault])
    if caller.person.therapist_id != command.therapist_id:
        raise Forbidden(
            "this person is on file as another therapist, or as none; let the therapist sign herself, or put "
            "therapist_id to /v1/users/{user_id} of access",
            code="not_this_therapist",
        )
    return caller.person.licenses


def _license_in_force(licenses: tuple[License, ...], row: NoteRow) -> License:
    on_file = "put the license to /v1/users/{user_id} of access, or send `license` with an API client's token"
    if not licenses:
        raise Forbidden(f"a therapist without a license signs nothing; {on_file}", code="license_missing")
    found = in_force(licenses, row.date_of_service)
    if found is None:
        raise Forbidden(
            f"no license of this therapist was in force on the day of service; if one was, {on_file}",
            code="license_not_in_force",
        )
    return found


def _check_signer(row: NoteRow, command: NoteSign) -> None:
    if command.therapist_id != row.therapist_id:
        fault = Fault(
            "/body/therapist_id",
            "signer_not_the_therapist",
            "The signer is not the therapist of this note.",
            "Let the therapist who gave the treatment sign, or put the note with the right therapist first.",
        )
        raise RuleBroken("a note is signed by its own therapist", code="signer_not_the_therapist", errors=[fault])
    if command.content_hash is not None and command.content_hash != row.content_hash:
        fault = Fault(
            "/body/content_hash",
            "content_changed",
            "The note is not what the signer read.",
            "Read the note again and sign with its content_hash.",
        )
        raise Conflict("the note has changed since it was read", code="content_changed", errors=[fault])


def _found(session: Session, caller: Caller, note_id: str) -> NoteRow:
    row = store.find_note(session, caller.organization_id, note_id)
    if row is None:
        raise NotFound("no note of this organization has that id", code="note_not_found")
    about_patient(row.patient_id)
    return row


def _with_content(
    row: NoteRow | None, caller: Caller, note_id: str, command: NotePut, content: dict[str, Any]
) -> NoteRow:
    """The row with this content: a new draft, or `row` changed, in the zone of its first put."""
    zone = row.time_zone if row else caller.time_zone
    columns: dict[str, Any] = {
        "patient_id": command.patient_id,
        "therapist_id": command.therapist_id,
        "started_at": command.started_at,
        "ended_at": command.ended_at,
        "date_of_service": local_date(command.started_at, zone),
        "content": content,
        "content_hash": content_hash(note_id, content),
    }
    if row is not None:
        return row.sqlmodel_update(columns)
    status = NoteStatus.DRAFT
    return NoteRow(organization_id=caller.organization_id, id=note_id, status=status, time_zone=zone, **columns)


def _event_data(row: NoteRow) -> dict[str, Any]:
    return {"patient_id": row.patient_id, "therapist_id": row.therapist_id}


def _summary(row: NoteRow) -> NoteSummary:
    return NoteSummary(
        id=row.id,
        version=row.version,
        status=row.status,
        patient_id=row.patient_id,
        therapist_id=row.therapist_id,
        date_of_service=row.date_of_service,
        started_at=local_time(row.started_at, row.time_zone),
        ended_at=local_time(row.ended_at, row.time_zone),
        signed_at=row.signed_at,
    )


def _view(row: NoteRow) -> Note:
    return Note(
        id=row.id,
        version=row.version,
        status=row.status,
        date_of_service=row.date_of_service,
        content_hash=row.content_hash,
        signed_at=row.signed_at,
        signed_by=row.signed_by,
        **row.content,
    )


def last_services(database: Database, organization_id: str, patient_ids: Collection[str]) -> dict[str, date]:
    """The last date of service of some patients; who has no note is left out."""
    with database.reading() as session:
        return store.service_dates(session, organization_id, patient_ids)


def patients(database: Database, organization_id: str) -> set[str]:
    """Everyone who has a note."""
    with database.reading() as session:
        return store.patients(session, organization_id)


def destroy_notes(operator: Operator, destruction: Destruction) -> int:
    """Destroy at most `NOTES_AT_ONCE` of a patient's notes; answers how many went. Raises Conflict (`patient_treated`)
    where there is a newer one than the decision knew of."""

    def write(session: Session) -> int:
        rows = store.list_notes(
            session, destruction.organization_id, NoteFilter(destruction.patient_id), None, NOTES_AT_ONCE
        )
        last = store.service_dates(session, destruction.organization_id, [destruction.patient_id])
        if last.get(destruction.patient_id, date.min) > destruction.last_service_on:
            detail = f"{destruction.patient_id} has a newer note"
            fix = "Count anew who is due: handbill retention due."
            raise Conflict(detail, code="patient_treated", pointer="/patient_id", fix=fix)
        for row in rows:
            session.delete(row)
        if rows:
            session.flush()
            operator.audit(
                session,
                at=operator.clock.now(),
                action=DESTROYED,
                subject_id=destruction.patient_id,
                organization_id=destruction.organization_id,
                patient_id=destruction.patient_id,
                purpose=PURPOSE,
                reason=destruction.certificate,
            )
        return len(rows)

    with acting_for(destruction.organization_id):
        return operator.database.run(write)
