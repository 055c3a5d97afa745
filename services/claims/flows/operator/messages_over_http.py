"""What the operator sees of messages over HTTP; he acts on them with `handbill messages`."""

from sqlmodel import Session

from services.claims.flows.audit import audit
from services.claims.flows.dependencies import Dependencies
from services.claims.flows.operator.messages import OperatorMessage, list_messages, read_content
from shared.contracts.exchange import OperatorEventPage, OperatorMessagePage, UnownedMessage
from shared.database.operations import add_audit, events_after
from shared.database.operator import Operator
from shared.security.caller import Caller
from shared.tenancy import INSTALLATION, INSTALLATION_ID, acting_for


def list_unowned_messages(deps: Dependencies, caller: Caller, *, everything: bool) -> OperatorMessagePage:
    """Of all mailboxes and organizations."""
    with acting_for(INSTALLATION):
        found = list_messages(_operator(deps, caller), everything=everything)
    return OperatorMessagePage(items=[_view(one) for one in found])


def get_unowned_message_content(deps: Dependencies, caller: Caller, unowned_id: str) -> str:
    """Whole. Raises NotFound."""
    now = deps.clock.now()

    def write(session: Session) -> str:
        content = read_content(session, unowned_id)
        audit(session, deps, caller, at=now, action="message.read", subject_id=unowned_id, actor=None)
        add_audit(
            session,
            deps.ids,
            organization_id=INSTALLATION_ID,
            at=now,
            client_id=caller.client_id,
            action="message.read",
            subject_id=unowned_id,
        )
        return content

    with acting_for(INSTALLATION):
        return deps.database.run(write)


def list_operator_events(deps: Dependencies, *, after: int, limit: int) -> OperatorEventPage:
    """The feed of the installation, which no organization sees."""
    with acting_for(INSTALLATION), deps.database.reading() as session:
        items = events_after(session, INSTALLATION_ID, after, limit)
    return OperatorEventPage(items=items, next=items[-1].sequence if items else after)


def _operator(deps: Dependencies, caller: Caller) -> Operator:
    return Operator(deps.database, deps.ids, deps.wall_clock, caller.client_id)


def _view(one: OperatorMessage) -> UnownedMessage:
    return UnownedMessage(
        id=one.id,
        kind=one.kind,
        state=one.state,
        received_at=one.received_at,
        organization_id=one.organization_id or None,
        npi=one.npi or None,
        claims_of=one.claims_of or None,
        claims=one.claims,
        reasons=list(one.reasons),
    )
