"""Tasks about what is no claim: opened by whoever finds something to do, closed by whoever sees that it is done.

There is one task of a kind for each subject, as long as it is to be done: found again, it is the same task, with its
day and whoever works on it. What was done is in the audit trail. A task names no person: its reason is a sentence of
ours.
"""

from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import Session

from services.claims.domain.next_action_kinds import KINDS
from services.claims.domain.sanitize import sanitize
from services.claims.store import worklist as store
from services.claims.store.work_tables import TaskRow
from shared.ids import Ids

REASON_MAX_LENGTH = 300
NOTE = "note"


@dataclass(frozen=True, slots=True)
class Found:
    """What is to be done, of which subject, by when and why; `rule` is the code of what found it."""

    kind: str
    subject_type: str
    subject_id: str
    due_on: date
    reason: str
    rule: str
    amount_cents: int | None = None
    payer_id: str | None = None


def open_task(session: Session, ids: Ids, organization_id: str, found: Found, at: datetime) -> TaskRow:
    """Within a transaction: the task, new or as it was found before."""
    row = store.task_of(session, organization_id, found.kind, found.subject_id)
    if row is None:
        row = TaskRow(
            organization_id=organization_id,
            id=ids("tsk"),
            kind=found.kind,
            subject_type=found.subject_type,
            subject_id=found.subject_id,
            owner=KINDS[found.kind].owner,
            due_on=found.due_on,
            reason=sanitize(found.reason, REASON_MAX_LENGTH),
            rule=found.rule,
            amount_cents=found.amount_cents,
            payer_id=found.payer_id,
            opened_at=at,
        )
        session.add(row)
    return row


def close_tasks(session: Session, organization_id: str, subject_type: str, subject_id: str) -> None:
    """Within a transaction: nothing is left to do about a subject."""
    for row in store.tasks_of(session, organization_id, subject_type, subject_id):
        session.delete(row)
