"""The worklist of an organization: claims with something to do and open tasks, in one order."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import BigInteger, cast, func, literal, true, union_all
from sqlmodel import Session, col, or_, select

from services.claims.store.claims import SUMMARY_COLUMNS
from services.claims.store.tables import TO_DO, ClaimRow, PracticeRow
from services.claims.store.work_tables import TaskRow

CLAIM, TASK = "claim", "task"


class Position(NamedTuple):
    """The place of one thing in the worklist."""

    source: str
    id: str
    due_on: date


class Total(NamedTuple):
    """How much there is of one kind."""

    kind: str
    owner: str
    things: int
    amount_cents: int
    first_due_on: date


@dataclass(frozen=True, slots=True)
class WorklistFilter:
    """What is listed must match every member that is given, and any one value of it."""

    due_from: date | None = None
    due_by: date | None = None
    kinds: tuple[str, ...] = ()
    owners: tuple[str, ...] = ()
    payer_ids: tuple[str, ...] = ()
    rules: tuple[str, ...] = ()
    assignee_ids: tuple[str, ...] = ()
    unassigned: bool = False
    amount_from_cents: int | None = None
    amount_to_cents: int | None = None

    def conditions(self, columns: dict[str, Any]) -> list[Any]:
        """For each member that is given."""
        values = {
            "kind": self.kinds,
            "owner": self.owners,
            "payer_id": self.payer_ids,
            "rule": self.rules,
            "assignee_id": self.assignee_ids,
        }
        found = [columns[name].in_(wanted) for name, wanted in values.items() if wanted]
        if self.unassigned:
            found.append(columns["assignee_id"].is_(None))
        due, amount = columns["due_on"], columns["amount_cents"]
        limits = (
            (self.due_from, due.__ge__),
            (self.due_by, due.__le__),
            (self.amount_from_cents, amount.__ge__),
            (self.amount_to_cents, amount.__le__),
        )
        return [*found, *(compare(limit) for limit, compare in limits if limit is not None)]


EVERYTHING = WorklistFilter()
_OF_CLAIMS = {
    "kind": col(ClaimRow.next_kind),
    "owner": col(ClaimRow.next_owner),
    "due_on": col(ClaimRow.next_due_on),
    "payer_id": col(ClaimRow.payer_id),
    "rule": col(ClaimRow.next_rule),
    "assignee_id": col(ClaimRow.assignee_id),
    "amount_cents": col(ClaimRow.next_amount_cents),
}
_OF_TASKS = {name: col(getattr(TaskRow, name)) for name in _OF_CLAIMS}
_SOURCES: tuple[tuple[str, Any, dict[str, Any], Any], ...] = (
    (CLAIM, ClaimRow, _OF_CLAIMS, TO_DO),
    (TASK, TaskRow, _OF_TASKS, true()),
)


def worklist_page(
    session: Session, organization_id: str, *, only: WorklistFilter, after: tuple[date, str] | None, limit: int
) -> list[Position]:
    """Up to `limit + 1` places, the most urgent first, after a (due date, id)."""
    parts = []
    for source, model, columns, open_ones in _SOURCES:
        due, key = columns["due_on"], col(model.id)
        query: Any = select(literal(source).label("source"), key.label("id"), due.label("due_on"))
        query = query.where(model.organization_id == organization_id, open_ones, *only.conditions(columns))
        if after is not None:
            # As in the list of claims: the first condition is there for the index.
            query = query.where(due >= after[0], or_(due > after[0], key > after[1]))
        # Each source is cut to a page by its own index before both are put in order.
        cut = query.order_by(due, key).limit(limit + 1).subquery()
        parts.append(select(cut.c.source, cut.c.id, cut.c.due_on))
    both = union_all(*parts).subquery()
    ordered = select(both.c.source, both.c.id, both.c.due_on).order_by(both.c.due_on, both.c.id).limit(limit + 1)
    return [Position(*row) for row in session.execute(ordered)]


def worklist_totals(session: Session, organization_id: str, *, only: WorklistFilter) -> list[Total]:
    """By kind."""
    found = []
    for _source, model, columns, open_ones in _SOURCES:
        kind, owner, due, amount = (columns[name] for name in ("kind", "owner", "due_on", "amount_cents"))
        # PostgreSQL adds up bigints to a numeric.
        cents = cast(func.coalesce(func.sum(amount), 0), BigInteger)
        sums: tuple[Any, ...] = (kind, owner, func.count(), cents, func.min(due))
        query: Any = select(*sums)
        query = query.where(model.organization_id == organization_id, open_ones, *only.conditions(columns))
        found += [Total(*row) for row in session.execute(query.group_by(kind, owner))]
    return sorted(found)


def claims_at(session: Session, organization_id: str, claim_ids: Sequence[str]) -> dict[str, ClaimRow]:
    """These claims, their documents not loaded."""
    query = select(ClaimRow).where(ClaimRow.organization_id == organization_id, col(ClaimRow.id).in_(claim_ids))
    return {row.id: row for row in session.exec(query.options(*SUMMARY_COLUMNS))}


def tasks_at(session: Session, organization_id: str, task_ids: Sequence[str]) -> dict[str, TaskRow]:
    """These tasks."""
    query = select(TaskRow).where(TaskRow.organization_id == organization_id, col(TaskRow.id).in_(task_ids))
    return {row.id: row for row in session.exec(query)}


def task_of(session: Session, organization_id: str, kind: str, subject_id: str) -> TaskRow | None:
    """The task of a kind about a subject."""
    query = select(TaskRow).where(
        TaskRow.organization_id == organization_id, TaskRow.subject_id == subject_id, TaskRow.kind == kind
    )
    return session.exec(query).first()


class DueTask(NamedTuple):
    """A task that is due, its subject, and the time zone of its practice."""

    organization_id: str
    subject_id: str
    time_zone: str


def tasks_to_look_at(session: Session, kind: str, today: date, limit: int) -> list[DueTask]:
    """At most `limit` tasks of a kind, of all organizations, that are due and were not looked at today."""
    looked = col(TaskRow.looked_at_on)
    query = select(TaskRow.organization_id, TaskRow.subject_id, PracticeRow.time_zone).join(
        PracticeRow, col(PracticeRow.organization_id) == TaskRow.organization_id
    )
    query = query.where(TaskRow.kind == kind, TaskRow.due_on <= today, or_(looked.is_(None), looked < today))
    rows = session.exec(query.order_by(looked.is_not(None), looked, col(TaskRow.id)).limit(limit))
    return [DueTask(*row) for row in rows]


def tasks_of(session: Session, organization_id: str, subject_type: str, subject_id: str) -> Sequence[TaskRow]:
    """What is to be done about a subject."""
    query = select(TaskRow).where(
        TaskRow.organization_id == organization_id,
        TaskRow.subject_id == subject_id,
        TaskRow.subject_type == subject_type,
    )
    return session.exec(query.order_by(col(TaskRow.kind))).all()
