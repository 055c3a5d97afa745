"""What is to be done next as callers read it, with the operation that does it and what of its body is known."""

from collections.abc import Collection, Mapping

from sqlmodel import Session

from services.claims.domain.next_action_kinds import KINDS
from services.claims.store import remittances
from services.claims.store.tables import ClaimRow
from services.claims.store.work_tables import TaskRow
from shared.contracts.claims import NextAction, NextActionOperation


def next_action_view(row: ClaimRow) -> NextAction:
    """The next action that a claim has now."""
    return NextAction(
        kind=row.next_kind,
        owner=row.next_owner,
        due_on=row.next_due_on,
        reason=row.next_reason,
        rule=row.next_rule,
        amount_cents=row.next_amount_cents,
        assignee_id=row.assignee_id,
        operation=_of_claim(row),
    )


def task_action_views(session: Session, organization_id: str, rows: Collection[TaskRow]) -> dict[str, NextAction]:
    """What is to be done about what is no claim, by the task's id."""
    messages = [row.subject_id for row in rows if row.kind == "match_payment"]
    payments = remittances.first_waiting_payments(session, organization_id, messages)
    return {row.id: _of_task(row, payments.get(row.subject_id)) for row in rows}


def _of_task(row: TaskRow, payment: tuple[str, int] | None) -> NextAction:
    facts = {"subject_id": row.subject_id, "renewal_id": f"{row.subject_id}-next"[-64:]}
    if payment is not None:
        facts |= {"remittance_id": payment[0], "payment_number": str(payment[1])}
    return NextAction(
        kind=row.kind,
        owner=row.owner,
        due_on=row.due_on,
        reason=row.reason,
        rule=row.rule,
        amount_cents=row.amount_cents,
        assignee_id=row.assignee_id,
        operation=_operation(row.kind, facts),
    )


def _of_claim(row: ClaimRow) -> NextActionOperation | None:
    facts = {
        "claim_id": row.id,
        "note_id": row.note_id,
        "kind": row.next_kind,
        "rule": row.next_rule,
        "therapist_id": row.therapist_id,
    }
    if row.progress is not None and row.progress.appeal is not None:
        facts["appeal_id"] = row.progress.appeal.appeal_id
    operation = KINDS[row.next_kind].operation
    if operation is not None and "pointer" in operation.body.values():
        # Read from the document, which most operations need nothing of.
        stopping = row.document.stopping_findings()
        facts["pointer"] = next((one.pointer for one in stopping if one.code == row.next_rule), "")
    return _operation(row.next_kind, facts)


def _operation(kind: str, facts: Mapping[str, str]) -> NextActionOperation | None:
    operation = KINDS[kind].operation
    if operation is None:
        return None
    return NextActionOperation(
        service=operation.service,
        operation_id=operation.operation_id,
        method=operation.method,
        path=operation.path.format_map(facts),
        body={member: found for member, fact in operation.body.items() if (found := facts[fact])},
        needs=list(operation.needs),
    )
