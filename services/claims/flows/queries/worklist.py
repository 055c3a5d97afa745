"""The worklist as callers read it: a page of what is to be done, and the totals by kind."""

from datetime import date

from sqlmodel import Session

from services.claims.flows.dependencies import Dependencies
from services.claims.flows.queries.cursors import last_pair
from services.claims.flows.queries.next_actions import next_action_view, task_action_views
from services.claims.store import worklist as store
from services.claims.store.tables import ClaimRow
from services.claims.store.work_tables import TaskRow
from services.claims.store.worklist import CLAIM, Position, WorklistFilter
from shared.audit import about_patient
from shared.contracts.claims import NextAction
from shared.contracts.worklist import WorklistItem, WorklistPage, WorklistTotal, WorklistTotals
from shared.paging import page_of
from shared.security.caller import Caller


def list_worklist(
    deps: Dependencies, caller: Caller, *, only: WorklistFilter, after: str | None, limit: int
) -> WorklistPage:
    """One page, in four queries whatever its length. Raises Malformed."""
    last = last_pair(after, date.fromisoformat)
    with deps.database.reading() as session:
        found = store.worklist_page(session, caller.organization_id, only=only, after=last, limit=limit)
        page, following = page_of(found, limit, lambda place: (place.due_on.isoformat(), place.id))
        return WorklistPage(items=_items(session, caller.organization_id, list(page)), next=following)


def count_worklist(deps: Dependencies, caller: Caller, *, only: WorklistFilter) -> WorklistTotals:
    """How much there is to do, by kind."""
    with deps.database.reading() as session:
        totals = store.worklist_totals(session, caller.organization_id, only=only)
    return WorklistTotals(
        items=[
            WorklistTotal(
                kind=one.kind,
                owner=one.owner,
                count=one.things,
                amount_cents=one.amount_cents,
                first_due_on=one.first_due_on,
            )
            for one in totals
        ],
        count=sum(one.things for one in totals),
        amount_cents=sum(one.amount_cents for one in totals),
    )


def _items(session: Session, organization_id: str, places: list[Position]) -> list[WorklistItem]:
    claims = store.claims_at(session, organization_id, [one.id for one in places if one.source == CLAIM])
    tasks = store.tasks_at(session, organization_id, [one.id for one in places if one.source != CLAIM])
    actions = task_action_views(session, organization_id, tasks.values())
    return [
        _of_claim(claims[one.id]) if one.source == CLAIM else _of_task(tasks[one.id], actions[one.id]) for one in places
    ]


def _of_claim(row: ClaimRow) -> WorklistItem:
    about_patient(row.patient_id)
    return WorklistItem(
        subject_type=CLAIM,
        subject_id=row.id,
        payer_id=row.payer_id,
        patient_id=row.patient_id,
        next_action=next_action_view(row),
    )


def _of_task(row: TaskRow, action: NextAction) -> WorklistItem:
    return WorklistItem(
        subject_type=row.subject_type,
        subject_id=row.subject_id,
        payer_id=row.payer_id,
        next_action=action,
    )
