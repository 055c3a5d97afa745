"""Messages are fetched from the clearinghouse, and each is stored once, whole, as it was received.

Nothing is read of them here: whose they are is found when they are split, so that no message can keep its mailbox from
being fetched. What is received belongs to the installation, and nobody but the operator sees it.
"""

from datetime import datetime

from sqlmodel import Session

from services.claims.clients import Incoming
from services.claims.domain.message_lifecycle import ReceivedState
from services.claims.domain.wire_code import message_kind
from services.claims.flows.audit import audit_work
from services.claims.flows.dependencies import Dependencies
from services.claims.flows.messages.message_ids import received_id
from services.claims.store import exchange
from services.claims.store import received as store
from services.claims.store.tables import (
    ReceivedMessageRow,
)
from shared.errors import Unavailable
from shared.ids import Ids
from shared.tenancy import INSTALLATION_ID
from shared.wire.trading_partner import TradingPartner

PAGES_A_PASS = 20


def receive(deps: Dependencies) -> int:
    """Fetch and store new messages from the mailbox of every account. Returns how many.

    Raises Unavailable for one that did not answer, after all were tried."""
    received, silent = 0, None
    for partner in deps.trading_partners.accounts():
        try:
            received += _receive_for(deps, partner)
        except Unavailable as error:
            silent = error
    if silent is not None:
        raise silent
    return received


def _receive_for(deps: Dependencies, partner: TradingPartner) -> int:
    """One mailbox: one transaction a page, with the cursor."""
    received = 0
    for _page in range(PAGES_A_PASS):
        with deps.database.reading() as session:
            cursor = exchange.cursor(session, partner.sender_id)
        batch = deps.clearinghouse.fetch(partner, cursor)
        deps.polls.note(partner.sender_id)
        if not batch.messages:
            break
        now = deps.clock.now()

        def write(
            session: Session,
            # Bound to this page; a closure would follow the variables of the loop.
            messages: "tuple[Incoming, ...]" = batch.messages,
            cursor: str = batch.cursor,
            now: datetime = now,
        ) -> None:
            for message in messages:
                _keep(session, deps.ids, partner.sender_id, message, now)
            # With the messages or not at all: a cursor that ran ahead of them would lose them.
            exchange.move_cursor(session, partner.sender_id, cursor)

        deps.database.run(write)
        received += len(batch.messages)
    return received


def _keep(session: Session, ids: Ids, account: str, message: Incoming, now: datetime) -> None:
    """Store a message once."""
    message_id = received_id(account, message.source_id)
    # A page comes again when the process died before its cursor was moved.
    if store.received_message(session, message_id) is None:
        session.add(
            ReceivedMessageRow(
                organization_id=INSTALLATION_ID,
                id=message_id,
                arrival=exchange.next_number(session, "message"),
                account=account,
                kind=message_kind(message.kind),
                content=message.content,
                state=ReceivedState.RECEIVED,
                received_at=now,
            )
        )
        audit_work(session, ids, INSTALLATION_ID, at=now, action="message_fetched", subject_id=message_id)
