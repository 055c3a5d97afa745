"""Messages come in: each is kept as it came, once, then applied in a transaction of its own.

Keeping and applying are apart, so that nothing received is ever lost: a message that is out of balance or fits
nothing is quarantined with the segment and the cent, listed, and waits for a person. Applying the same message
again, or messages in another order, ends in the same state.
"""

import hashlib
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from services.claims.clients import Incoming
from services.claims.flows.acknowledgements import apply_999, apply_claim_status, apply_ta1
from services.claims.flows.dependencies import Dependencies
from services.claims.flows.findings import MessageOutcome, reason
from services.claims.flows.remittances import apply_remittance
from services.claims.flows.trail import audit
from services.claims.flows.views import message_view
from services.claims.store import claims as claim_store
from services.claims.store import exchange
from services.claims.store import practice as practice_store
from services.claims.store.outside import plain
from services.claims.store.tables import UNROUTED, MessageRow
from shared import x12
from shared.codesets import bundled
from shared.contracts.claims import Message, MessageRelease
from shared.database import UnitOfWork
from shared.errors import Conflict, NotFound
from shared.security.caller import Caller

CURSOR = "clearinghouse"
PAGES_A_PASS = 20
MESSAGES_A_PASS = 500
REASONS_KEPT = 100
KIND_MAX_LENGTH = 10
APPLY = {"TA1": apply_ta1, "999": apply_999, "277CA": apply_claim_status, "835": apply_remittance}


def receive(deps: Dependencies) -> int:
    """Fetch what is new and keep it, one transaction a page with the cursor. Returns how many. Raises Unavailable."""
    received = 0
    for _page in range(PAGES_A_PASS):
        with deps.database.reading() as session:
            cursor = exchange.cursor(session, CURSOR)
        batch = deps.clearinghouse.fetch(cursor)
        if not batch.messages:
            break
        addressed = [(message, _addressees(message.content)) for message in batch.messages]
        now = deps.clock.now()

        def write(
            session: Session,
            addressed: "list[tuple[Incoming, Addressees]]" = addressed,
            cursor: str = batch.cursor,
            now: datetime = now,
        ) -> None:
            for message, to in addressed:
                _keep(session, message, _organization(session, to), now)
            exchange.move_cursor(session, CURSOR, cursor)

        deps.database.run(write)
        received += len(batch.messages)
    return received


def waiting_messages(deps: Dependencies) -> list[tuple[str, str]]:
    """(organization, message) of what is kept and not yet applied."""
    with deps.database.reading() as session:
        return exchange.messages_to_apply(session, MESSAGES_A_PASS)


def apply_message(deps: Dependencies, organization_id: str, message_id: str) -> str:
    """Apply one message in one transaction; returns its state afterwards."""
    with deps.database.reading() as session:
        row = exchange.message(session, organization_id, message_id)
        content = row.content if row else ""
    file = x12.read_all(content.encode(), strict=True, codes=bundled())
    faults = [reason(one) for one in file.findings if one.severity is x12.Severity.ERROR]
    now = deps.clock.now()

    def write(session: Session) -> str:
        row = exchange.message(session, organization_id, message_id)
        if row is None or row.state not in ("received", "released"):
            return row.state if row else "unknown"
        if faults and row.state == "received":
            row.state, row.reasons = "quarantined", faults[:REASONS_KEPT]
        else:
            applied = _apply(session, deps, row, file, now)
            row.state = "quarantined" if applied.open else "applied"
            row.claims, row.reasons = applied.claims, applied.reasons[:REASONS_KEPT]
        session.add(row)
        return row.state

    return deps.database.run(write)


def release_message(
    deps: Dependencies, unit_of_work: UnitOfWork, caller: Caller, message_id: str, command: MessageRelease
) -> Message:
    """A person lets a quarantined message be applied as it stands. Raises NotFound, Conflict."""
    now = deps.clock.now()

    def write(session: Session) -> Message:
        row = exchange.message(session, caller.organization_id, message_id)
        if row is None:
            raise NotFound("message is not in this organization", code="message_not_found")
        if row.state != "quarantined":
            raise Conflict("only a quarantined message is released", code="message_not_quarantined")
        row.state = "released"
        session.add(row)
        audit(session, deps, caller, at=now, action="message.release", subject_id=row.id, actor=command.actor)
        return message_view(row)

    return unit_of_work.run(write)


def _apply(session: Session, deps: Dependencies, row: MessageRow, file: x12.File, now: datetime) -> MessageOutcome:
    total = MessageOutcome()
    for transaction in file.transactions:
        apply = APPLY.get(transaction.opened.type)
        if apply is None:
            total.leave_unresolved(
                code="message_kind_unknown",
                message=f"Nothing here reads a {transaction.opened.type}.",
                pointer="/ST/1",
                fix="Read it yourself and act on it.",
            )
            continue
        apply(session, deps, row, transaction, now, total)
    if not file.transactions:
        total.leave_unresolved(
            code="message_empty",
            message="It holds no transaction.",
            pointer="/ISA",
            fix="Ask the clearinghouse to send it again.",
        )
    return total


@dataclass(frozen=True, slots=True)
class Addressees:
    """What a message names of ours."""

    interchanges: tuple[str, ...] = ()
    claim_numbers: tuple[str, ...] = ()
    npis: tuple[str, ...] = ()


def _addressees(content: str) -> Addressees:
    interchanges: list[str] = []
    claim_numbers: list[str] = []
    npis: set[str] = set()
    for transaction in x12.read_all(content.encode()).transactions:
        if isinstance(transaction.header, x12.Remittance):
            npis.add(transaction.header.payee.id)
        for record in transaction.records:
            match record:
                case x12.InterchangeAcknowledgement(control_number=number):
                    interchanges.append(number)
                case x12.Acknowledgement(group_control_number=number):
                    interchanges.append(number.zfill(9))
                case x12.ClaimStatus(claim_number=number, provider=level):
                    claim_numbers.append(number)
                    npis.add(level.party.id)
                case x12.LevelStatus(party=party):
                    npis.add(party.id)
                case x12.ClaimPayment(claim_number=number):
                    claim_numbers.append(number)
                case _:
                    pass
    return Addressees(tuple(interchanges), tuple(claim_numbers), tuple(sorted(npis)))


def _organization(session: Session, to: Addressees) -> str:
    """Whose message it is: by our file, else by claim numbers, else by the billing provider; the house's own when it
    names nobody of ours, or several."""
    for number in to.interchanges:
        file = exchange.file_by_control_number(session, number)
        if file is not None:
            return file.organization_id
    owners = claim_store.organizations_of_numbers(session, to.claim_numbers)
    owners = owners or practice_store.organizations_of_npis(session, to.npis)
    return min(owners) if len(owners) == 1 else UNROUTED


def _keep(session: Session, message: Incoming, organization_id: str, now: datetime) -> None:
    """Keep a message once; its id here is made from its id there."""
    message_id = "msg_" + hashlib.sha256(message.source_id.encode()).hexdigest()[:26]
    if exchange.message(session, organization_id, message_id) is None:
        session.add(
            MessageRow(
                organization_id=organization_id,
                id=message_id,
                kind=plain(message.kind, KIND_MAX_LENGTH),
                content=message.content,
                state="received",
                received_at=now,
            )
        )
