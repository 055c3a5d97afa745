"""The routes of the notes service: parse, call one flow, answer a contract model.

Ids in URLs are the caller's own and opaque; a note's text is only ever in bodies.
"""

from typing import Annotated

from fastapi import Depends, Path, Query
from fastapi.responses import Response

from services.notes import flows
from services.notes.domain.note_lifecycle import NoteStatus
from services.notes.flows import PATIENT_RECORDS, Dependencies
from services.notes.store import NoteFilter
from shared.contracts.common import Id, IsoDate
from shared.contracts.notes import Note, NotePage, NotePut, NoteSign
from shared.errors import BadRequest, Conflict, Fault, Malformed, NotFound, RuleBroken, responses
from shared.roles import Permission
from shared.security.caller import Caller
from shared.web.auth import requires
from shared.web.bodies import limited
from shared.web.etags import WriteCondition, set_etag
from shared.web.idempotency import UnitOfWorkDep
from shared.web.paging import After, Limit
from shared.web.patient_records import patient_records_routes
from shared.web.persons import permitted
from shared.web.puts import put_responses, set_put_status
from shared.web.routes import Routes
from shared.web.service import dependency

router = Routes(prefix="/v1/notes", tags=["notes"])
ROUTERS = (router, patient_records_routes(PATIENT_RECORDS))

Deps = Annotated[Dependencies, Depends(dependency(Dependencies))]
Reader = Annotated[Caller, Depends(requires("notes:read"))]
Writer = Annotated[Caller, Depends(requires("notes:write"))]
NoteId = Annotated[Id, Path(description="made by the caller; never anything about a person")]


@router.put(
    "/{note_id}",
    response_model=Note,
    responses=put_responses(Note, RuleBroken, Conflict),
)
@limited(max_body_bytes=1_000_000, max_values=50_000)  # 320,000 characters of prose, with its commas
@permitted(Permission.WRITE_NOTES)
def put_note(
    *, note_id: NoteId, body: NotePut, response: Response, deps: Deps, caller: Writer, precondition: WriteCondition
) -> Note:
    """Create a note, or replace it until it is signed. The same content again changes nothing."""
    result = flows.put_note(deps, deps.database, caller, note_id, body, precondition=precondition)
    set_put_status(response, result)
    return result.record


@router.get("/{note_id}", response_model=Note, responses=responses(NotFound))
def get_note(note_id: NoteId, response: Response, deps: Deps, caller: Reader) -> Note:
    """One note whole, with the hash of its content."""
    note = flows.get_note(deps, caller, note_id)
    set_etag(response, note.version)
    return note


@router.post("/{note_id}/sign", response_model=Note, responses=responses(BadRequest, NotFound, RuleBroken, Conflict))
@permitted(Permission.SIGN_NOTES)
def sign_note(note_id: NoteId, body: NoteSign, deps: Deps, caller: Writer, unit_of_work: UnitOfWorkDep) -> Note:
    """Sign a note as its therapist. From then on it never changes."""
    return flows.sign_note(deps, unit_of_work, caller, note_id, body)


@router.get("", response_model=NotePage)
def list_notes(
    *,
    deps: Deps,
    caller: Reader,
    patient_id: Annotated[Id | None, Query(description="of this patient only")] = None,
    therapist_id: Annotated[Id | None, Query(description="of this therapist only")] = None,
    status: Annotated[NoteStatus | None, Query(description="drafts or signed notes only")] = None,
    day: Annotated[IsoDate | None, Query(alias="date", description="of this date of service only")] = None,
    date_from: Annotated[IsoDate | None, Query(description="the first date of service, included")] = None,
    date_to: Annotated[IsoDate | None, Query(description="the last date of service, included")] = None,
    after: After = None,
    limit: Limit = 50,
) -> NotePage:
    """Notes by date of service and start, oldest first: a therapist's day, a patient's history, the drafts."""
    if day is not None and (date_from is not None or date_to is not None):
        fault = Fault("/query/date", "date_and_range", "One date and a range are given.", "Give one or the other.")
        raise Malformed("date excludes date_from and date_to", errors=[fault])
    if date_from is not None and date_to is not None and date_to < date_from:
        fault = Fault("/query/date_to", "range_empty", "The range ends before it starts.", "Swap the two dates.")
        raise Malformed("date_to is before date_from", errors=[fault])
    wanted = NoteFilter(patient_id, therapist_id, status, day or date_from, day or date_to)
    return flows.list_notes(deps, caller, wanted, after, limit)
