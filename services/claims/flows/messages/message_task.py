"""A message that waits for a person is something to do in the worklist, until it is applied or to be tried again."""

from datetime import datetime

from sqlmodel import Session

from services.claims.domain.message_lifecycle import MessageState
from services.claims.domain.remittances.payment_states import DECIDED_BY_PAYMENT
from services.claims.domain.wire_code import message_kind
from services.claims.flows.tasks import Found, close_tasks, open_task
from services.claims.store import practice as practice_store
from services.claims.store import remittances
from services.claims.store.tables import MessageRow
from shared.dates import local_date
from shared.ids import Ids

MESSAGE = "message"
KIND_OF_STATE = {MessageState.QUARANTINED: "release_message", MessageState.FAILED: "retry_message"}


def task_of_message(session: Session, ids: Ids, row: MessageRow, now: datetime) -> None:
    """Within the transaction that moves a message to another state: open its task, due today, or close it."""
    kind = _kind_of(session, row)
    if kind is None:
        close_tasks(session, row.organization_id, MESSAGE, row.id)
        return
    practice = practice_store.practice(session, row.organization_id)
    today = local_date(now, practice.time_zone) if practice is not None else now.date()
    why = next((one for one in row.reasons if one.severity == "block"), None)
    told = f": {why.message}" if why is not None else "."
    found = Found(
        kind=kind,
        subject_type=MESSAGE,
        subject_id=row.id,
        due_on=today,
        reason=f"A message ({message_kind(row.kind)}) was not applied{told}",
        rule=why.code if why is not None else f"message_{row.state}",
    )
    open_task(session, ids, row.organization_id, found, now)


def _kind_of(session: Session, row: MessageRow) -> str | None:
    """To release a remittance would not help where only the claims of its payments are not known: each is matched."""
    if row.state == MessageState.QUARANTINED:
        stops = {one.code for one in row.reasons if one.severity == "block"}
        if stops <= DECIDED_BY_PAYMENT and remittances.first_waiting_payments(session, row.organization_id, [row.id]):
            return "match_payment"
    return KIND_OF_STATE.get(MessageState(row.state))
