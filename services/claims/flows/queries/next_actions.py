"""A claim's next action as callers read it, with the operation that does it and what of its body is known."""

from services.claims.domain.next_action_kinds import KINDS
from services.claims.store.tables import ClaimRow
from shared.contracts.claims import NextAction, NextActionOperation


def next_action_view(row: ClaimRow) -> NextAction:
    """The next action that a claim has now."""
    return NextAction(
        kind=row.next_kind,
        owner=row.next_owner,
        due_on=row.next_due_on,
        reason=row.next_reason,
        rule=row.next_rule,
        operation=_operation(row),
    )


def _operation(row: ClaimRow) -> NextActionOperation | None:
    operation = KINDS[row.next_kind].operation
    if operation is None:
        return None
    facts = {"kind": row.next_kind, "rule": row.next_rule, "therapist_id": row.therapist_id}
    if "pointer" in operation.body.values():
        # Read from the document, which most operations need nothing of.
        stopping = row.document.stopping_findings()
        facts["pointer"] = next((one.pointer for one in stopping if one.code == row.next_rule), "")
    body = {member: found for member, fact in operation.body.items() if (found := facts[fact])}
    return NextActionOperation(
        service=operation.service,
        operation_id=operation.operation_id,
        method=operation.method,
        path=operation.path.format(claim_id=row.id, note_id=row.note_id),
        body=body,
        needs=list(operation.needs),
    )
