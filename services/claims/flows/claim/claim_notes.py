"""Notes on a claim: about the work on it, with author and time, sealed; they are never changed."""

from datetime import datetime

from sqlmodel import Session

from services.claims.domain.timeline import TimelineKind
from services.claims.flows.audit import audit
from services.claims.flows.claim.build_claim import found_claim
from services.claims.flows.dependencies import Dependencies
from services.claims.flows.queries.cursors import last_id
from services.claims.flows.record_timeline import record_act
from services.claims.store import claim_notes as notes
from services.claims.store import claims as store
from services.claims.store.tables import ClaimRow
from services.claims.store.work_tables import ClaimNoteRow
from shared.contracts.claim_work import ClaimNoteBody, ClaimNoteCreate, ClaimNoteEntry, ClaimNotePage
from shared.database import UnitOfWork
from shared.paging import page_of
from shared.plural import counted
from shared.security.caller import Caller


def add_claim_note(
    deps: Dependencies, unit_of_work: UnitOfWork, caller: Caller, claim_id: str, command: ClaimNoteCreate
) -> ClaimNoteEntry:
    """Keep what a person notes. Raises NotFound."""
    now = deps.clock.now()

    def write(session: Session) -> ClaimNoteEntry:
        row = found_claim(store.claim(session, caller.organization_id, claim_id))
        body = ClaimNoteBody(text=command.text, attachments=command.attachments, author=command.actor)
        noted = note_claim(session, deps, row, body, now)
        kind = TimelineKind.CLAIM_NOTE_ADDED
        audit(session, deps, caller, at=now, action=kind.value, subject_id=row.id, actor=command.actor)
        attached = f" with {counted(len(command.attachments), 'attachment')}" if command.attachments else ""
        record_act(session, deps, caller, row, kind, f"A note was added{attached}.", at=now, actor=command.actor)
        return _view(noted)

    return unit_of_work.run(write)


def note_claim(session: Session, deps: Dependencies, row: ClaimRow, body: ClaimNoteBody, now: datetime) -> ClaimNoteRow:
    """Within a transaction: the note of a claim."""
    noted = ClaimNoteRow(organization_id=row.organization_id, id=deps.ids("cno"), claim_id=row.id, at=now, body=body)
    session.add(noted)
    return noted


def list_claim_notes(
    deps: Dependencies, caller: Caller, claim_id: str, *, after: str | None, limit: int
) -> ClaimNotePage:
    """The notes of a claim, oldest first. Raises NotFound."""
    last = last_id(after)
    with deps.database.reading() as session:
        found_claim(store.claim(session, caller.organization_id, claim_id))
        rows = notes.notes_of_claim(session, caller.organization_id, claim_id, after=last, limit=limit)
        page, following = page_of(rows, limit, lambda row: (row.id,))
        return ClaimNotePage(items=[_view(row) for row in page], next=following)


def _view(row: ClaimNoteRow) -> ClaimNoteEntry:
    return ClaimNoteEntry(id=row.id, claim_id=row.claim_id, at=row.at, **dict(row.body))
