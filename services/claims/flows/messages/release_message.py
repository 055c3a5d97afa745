"""A person lets a quarantined message be applied as it is."""

from sqlmodel import Session

from services.claims.domain.message_lifecycle import MESSAGE_LIFECYCLE, MessageEvent, MessageState
from services.claims.domain.timeline import TimelineKind
from services.claims.flows.audit import audit
from services.claims.flows.dependencies import Dependencies
from services.claims.flows.messages.message_task import task_of_message
from services.claims.flows.messages.route_message import subjects_of
from services.claims.flows.queries.views import message_view
from services.claims.flows.record_timeline import record_message
from services.claims.store import exchange
from shared import x12
from shared.contracts.exchange import Message, MessageRelease
from shared.database import UnitOfWork
from shared.errors import Conflict, NotFound
from shared.security.caller import Caller
from shared.transition_table import NotAllowed


def release_message(
    deps: Dependencies, unit_of_work: UnitOfWork, caller: Caller, message_id: str, command: MessageRelease
) -> Message:
    """Let a quarantined message be applied as it is; the audit trail keeps the person and the reason.

    Raises NotFound, Conflict.
    """
    now = deps.clock.now()
    with deps.database.reading() as session:
        stored = exchange.message(session, caller.organization_id, message_id)
        # Read before the write begins, as when it is applied: what a message says never changes.
        content = stored.content if stored is not None and stored.state == MessageState.QUARANTINED else ""
    file = x12.read_all(content.encode())

    def write(session: Session) -> Message:
        row = exchange.message(session, caller.organization_id, message_id)
        if row is None:
            raise NotFound("message is not in this organization", code="message_not_found")
        try:
            row.state = MESSAGE_LIFECYCLE.step(MessageState(row.state), MessageEvent.RELEASE)
        except NotAllowed:
            raise Conflict(
                "only a quarantined message is released",
                code="message_not_quarantined",
                pointer="/message_id",
                fix="Read the message; it was released or applied before.",
            ) from None
        session.add(row)
        task_of_message(session, deps.ids, row, now)
        audit(
            session,
            deps,
            caller,
            at=now,
            action="release_message",
            subject_id=row.id,
            actor=command.actor,
            reason=command.reason,
        )
        kind, summary = TimelineKind.MESSAGE_RELEASED, f"The message is to be applied as it is: {command.reason}"
        subjects = subjects_of(session, row.organization_id, file)
        record_message(session, deps.ids, row, subjects, kind, summary, at=now, actor=command.actor)
        return message_view(row)

    return unit_of_work.run(write)
