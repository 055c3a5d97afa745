"""What the notes service does: put, sign, read, list. One flow, one transaction.

Rules kept here: a repeated put of the same content changes nothing, whatever its If-Match says, so that a phone may
repeat after a lost answer; a signed note never changes; the date of service is counted in the practice's zone as it
was at the first put; a signer's therapist is the note's; every change leaves an event without PHI and an audit entry.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlmodel import Session

from services.notes import store
from services.notes.domain import states
from services.notes.domain.checks import MALFORMED, PUT_RULES, SIGN_RULES, NoteInput, faults
from services.notes.domain.content import content_hash
from services.notes.store import Filter, NoteRow
from shared.clocks import Clock
from shared.contracts.common import Actor
from shared.contracts.notes import Note, NotePage, NotePut, NoteSign, NoteSummary
from shared.database import Database, UnitOfWork
from shared.database.operations import add_audit, add_event
from shared.dates import local_date
from shared.errors import Conflict, Fault, Malformed, NotFound, RuleBroken
from shared.ids import Ids
from shared.paging import Cursor, page_of
from shared.security.caller import Caller
from shared.versions import UNCONDITIONAL, Precondition

THERAPIST = "therapist"
"""The role of the person who treated."""


@dataclass(frozen=True, slots=True)
class Dependencies:
    """What the flows work with; the composition root fills it in."""

    database: Database
    clock: Clock
    ids: Ids


@dataclass(frozen=True, slots=True)
class Put:
    """What a put came to: the note, and whether it is new."""

    note: Note
    created: bool


def put_note(
    deps: Dependencies,
    unit_of_work: UnitOfWork,
    caller: Caller,
    note_id: str,
    command: NotePut,
    *,
    precondition: Precondition = UNCONDITIONAL,
) -> Put:
    """Create or replace a draft. Raises Malformed, RuleBroken, PreconditionFailed, Conflict (`note_signed`)."""
    now = deps.clock.now()
    _check(command, now)
    content = command.model_dump(mode="json", exclude={"actor"})

    def write(session: Session) -> Put:
        row = store.note(session, caller.organization_id, note_id)
        if row is not None and NotePut.model_validate(row.content) == command.model_copy(update={"actor": None}):
            return Put(_view(row), created=False)
        if row is not None and states.after(row.status, states.PUT) is None:
            raise Conflict(
                "the note is signed and never changes; write what is to be added as a new note", code="note_signed"
            )
        precondition.check(row.version if row else None)
        written = _written(row, caller, note_id, command, content)
        session.add(written)
        _record(session, deps, caller, written, kind="note.put", at=now, actor=command.actor)
        return Put(_view(written), created=row is None)

    return unit_of_work.run(write)


def sign_note(deps: Dependencies, unit_of_work: UnitOfWork, caller: Caller, note_id: str, command: NoteSign) -> Note:
    """Sign a draft, or countersign as the therapist what somebody else has signed; a second signature of the same
    person is answered with the note as it is.

    Raises NotFound, RuleBroken (`signer_not_the_therapist`, `note_not_ready`), Conflict (`note_signed`,
    `content_changed`).
    """
    now = deps.clock.now()

    def write(session: Session) -> Note:
        row = _found(session, caller, note_id)
        _check_signer(row, command)
        if row.status == states.SIGNED and row.signed_by is not None and row.signed_by["id"] == command.actor.id:
            return _view(row)
        signed = states.after(row.status, states.COUNTERSIGN if _countersigns(row, command) else states.SIGN)
        if signed is None:
            raise Conflict("the note is signed already, by another person", code="note_signed")
        missing = faults(SIGN_RULES, _facts(NotePut.model_validate(row.content)), now)
        if missing:
            raise RuleBroken("the note is not complete enough to be signed", code="note_not_ready", errors=missing)
        row.status = signed
        row.version += 1
        row.signed_at = now
        row.signed_by = command.actor.model_dump()
        session.add(row)
        _record(session, deps, caller, row, kind="note.signed", at=now, actor=command.actor)
        return _view(row)

    return unit_of_work.run(write)


def get_note(deps: Dependencies, caller: Caller, note_id: str) -> Note:
    """Raises NotFound."""
    with deps.database.reading() as session:
        return _view(_found(session, caller, note_id))


def list_notes(deps: Dependencies, caller: Caller, wanted: Filter, after: str | None, limit: int) -> NotePage:
    """Oldest day first. Raises Malformed for a cursor that is not ours."""
    key = Cursor.read(after, (str, str))
    start = (_day(str(key[0])), str(key[1])) if key else None
    with deps.database.reading() as session:
        rows = store.notes(session, caller.organization_id, wanted, start, limit + 1)
        page, following = page_of(rows, limit, lambda row: (row.date_of_service.isoformat(), row.id))
        return NotePage(items=[NoteSummary.model_validate(row, from_attributes=True) for row in page], next=following)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        fault = Fault("/query/after", "cursor_invalid", "This is no cursor.", "Send `next` of a page as it came.")
        raise Malformed("the cursor is not one that this list gave", errors=[fault]) from None


def _check(command: NotePut, now: datetime) -> None:
    facts = _facts(command)
    if malformed := faults(MALFORMED, facts, now):
        raise Malformed("the members of the note contradict one another", errors=malformed)
    if broken := faults(PUT_RULES, facts, now):
        raise RuleBroken("the note says what cannot be", code=broken[0].code, errors=broken)


def _facts(command: NotePut) -> NoteInput:
    return NoteInput(
        started_at=command.started_at,
        ended_at=command.ended_at,
        technique_minutes=tuple(technique.minutes for technique in command.techniques),
        diagnoses=tuple(command.diagnoses),
        complaint=command.subjective.complaint,
    )


def _countersigns(row: NoteRow, command: NoteSign) -> bool:
    """A therapist's signature takes the place of one that somebody else gave; the content stays as it was signed."""
    given = row.signed_by
    return given is not None and given["role"] != THERAPIST and command.actor.role == THERAPIST


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
    row = store.note(session, caller.organization_id, note_id)
    if row is None:
        raise NotFound("no note of this organization has that id", code="note_not_found")
    return row


def _written(row: NoteRow | None, caller: Caller, note_id: str, command: NotePut, content: dict[str, Any]) -> NoteRow:
    """The row with this content: a new one, or the next version of `row` in the zone of its first."""
    zone = row.time_zone if row else caller.time_zone
    columns: dict[str, Any] = {
        "version": row.version + 1 if row else 1,
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
    return NoteRow(organization_id=caller.organization_id, id=note_id, status=states.DRAFT, time_zone=zone, **columns)


def _record(
    session: Session, deps: Dependencies, caller: Caller, row: NoteRow, *, kind: str, at: datetime, actor: Actor | None
) -> None:
    data = {"version": row.version, "patient_id": row.patient_id, "therapist_id": row.therapist_id}
    add_event(session, deps.ids, organization_id=row.organization_id, at=at, kind=kind, subject_id=row.id, data=data)
    add_audit(
        session,
        deps.ids,
        organization_id=row.organization_id,
        at=at,
        client_id=caller.client_id,
        action=kind,
        subject_id=row.id,
        actor=actor,
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
