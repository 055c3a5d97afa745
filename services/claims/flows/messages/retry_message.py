"""A person has a message tried again that failed because of an error of Handbill's own."""

from sqlmodel import Session

from services.claims.domain.message_lifecycle import MESSAGE_LIFECYCLE, MessageEvent, MessageState
from services.claims.flows.audit import audit
from services.claims.flows.dependencies import Dependencies
from services.claims.flows.messages.message_task import task_of_message
from services.claims.flows.queries.views import message_view
from services.claims.store import exchange
from shared.contracts.exchange import Message, MessageRetry
from shared.database import UnitOfWork
from shared.errors import Conflict, NotFound
from shared.security.caller import Caller
from shared.transition_table import NotAllowed


def retry_message(
    deps: Dependencies, unit_of_work: UnitOfWork, caller: Caller, message_id: str, command: MessageRetry
) -> Message:
    """Let a failed message be applied again, with as many tries as before. Raises NotFound, Conflict."""
    now = deps.clock.now()

    def write(session: Session) -> Message:
        row = exchange.message(session, caller.organization_id, message_id)
        if row is None:
            raise NotFound("message is not in this organization", code="message_not_found")
        try:
            row.state = MESSAGE_LIFECYCLE.step(MessageState(row.state), MessageEvent.RETRY)
        except NotAllowed:
            raise Conflict(
                "only a failed message is tried again",
                code="message_not_failed",
                pointer="/message_id",
                fix="Read the message; it was tried again before.",
            ) from None
        row.tries, row.retry_at = 0, None
        session.add(row)
        task_of_message(session, deps.ids, row, now)
        action, actor = "message.retry", command.actor
        audit(session, deps, caller, at=now, action=action, subject_id=row.id, actor=actor)
        return message_view(row)

    return unit_of_work.run(write)
