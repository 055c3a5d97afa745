"""Messages are fetched from the clearinghouse, and each is stored once as it was received."""

import hashlib
from datetime import datetime

from sqlmodel import Session

from services.claims.clients import Incoming
from services.claims.domain.message_lifecycle import MessageState
from services.claims.flows.dependencies import Dependencies
from services.claims.flows.messages.route_message import Addressees, addressees_of, organization_of
from services.claims.store import exchange
from services.claims.store.sanitize import sanitize
from services.claims.store.tables import MessageRow
from shared.errors import Unavailable
from shared.wire.trading_partner import TradingPartner

PAGES_A_PASS = 20
KIND_MAX_LENGTH = 10


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
        if not batch.messages:
            break
        addressed = [(message, addressees_of(message.content)) for message in batch.messages]
        now = deps.clock.now()

        def write(
            session: Session,
            # Bound to this page; a closure would follow the variables of the loop.
            addressed: "list[tuple[Incoming, Addressees]]" = addressed,
            cursor: str = batch.cursor,
            now: datetime = now,
        ) -> None:
            for message, to in addressed:
                _keep(session, message, organization_of(session, to), now)
            # With the messages or not at all: a cursor that ran ahead of them would lose them.
            exchange.move_cursor(session, partner.sender_id, cursor)

        deps.database.run(write)
        received += len(batch.messages)
    return received


def _keep(session: Session, message: Incoming, organization_id: str, now: datetime) -> None:
    """Store a message once; our id is derived from the clearinghouse's id."""
    message_id = "msg_" + hashlib.sha256(message.source_id.encode()).hexdigest()[:26]
    # A page comes again when the process died before its cursor was moved.
    if exchange.message(session, organization_id, message_id) is None:
        session.add(
            MessageRow(
                organization_id=organization_id,
                id=message_id,
                arrival=exchange.next_number(session, "message"),
                kind=sanitize(message.kind, KIND_MAX_LENGTH),
                content=message.content,
                state=MessageState.RECEIVED,
                received_at=now,
            )
        )
