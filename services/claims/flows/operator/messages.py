"""The operator sees what belongs to no organization and what failed, and routes it, closes it or has it tried again.

A part is routed to an organization that the operator names; one that names claims of an organization goes to that one
or to none. It is routed as it is, but for the data of a provider that is confirmed for another organization.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from services.claims.domain.message_lifecycle import (
    MESSAGE_LIFECYCLE,
    RECEIVED_LIFECYCLE,
    UNROUTED_LIFECYCLE,
    MessageEvent,
    MessageState,
    ReceivedEvent,
    ReceivedState,
    UnroutedEvent,
    UnroutedState,
)
from services.claims.domain.message_parts import Part, View, outline_of, write_part
from services.claims.flows.messages.message_ids import routed_id
from services.claims.flows.messages.split_message import notes_of
from services.claims.store import exchange
from services.claims.store import practice as practice_store
from services.claims.store import received as store
from services.claims.store.tables import MessageRow, ReceivedMessageRow, UnroutedPartRow
from shared.contracts.common import Finding
from shared.database.operator import Operator
from shared.errors import Conflict, NotFound
from shared.transition_table import NotAllowed

LISTED = 1_000


@dataclass(frozen=True, slots=True)
class OperatorMessage:
    """What waits for the operator. `organization_id`: whose message it is, or to whom the part was routed; empty where
    it is nobody's. `npi` and `claims_of` as in `UnroutedPartRow`."""

    id: str
    kind: str
    state: str
    received_at: datetime
    organization_id: str = ""
    npi: str = ""
    claims_of: str = ""
    claims: int = 0
    reasons: tuple[Finding, ...] = ()


def list_messages(operator: Operator, *, everything: bool = False) -> list[OperatorMessage]:
    """Unrouted parts, received messages that could not be split, and messages of organizations that could not be
    applied; with `everything` also parts that were routed or closed. At most `LISTED` of each, without content."""
    states = tuple(UnroutedState) if everything else (UnroutedState.UNROUTED,)
    with operator.database.reading() as session:
        return [
            *(_part_view(row) for row in store.unrouted_parts(session, states, LISTED)),
            *(_received_view(row) for row in store.failed_received(session, LISTED)),
            *(_message_view(row) for row in store.failed_messages(session, LISTED)),
        ]


def show_message(operator: Operator, message_id: str) -> tuple[OperatorMessage, str]:
    """An unrouted part, or a received message whole, with its content. Raises NotFound."""
    now = operator.clock.now()

    def write(session: Session) -> tuple[OperatorMessage, str]:
        content = read_content(session, message_id)
        operator.audit(session, at=now, action="message.read", subject_id=message_id)
        part, received = store.unrouted_part(session, message_id), store.received_message(session, message_id)
        if part is not None:
            return _part_view(part), content
        assert received is not None, "its content was read"
        return _received_view(received), content

    return operator.database.run(write)


def read_content(session: Session, message_id: str) -> str:
    """The X12 of an unrouted part, or of a received message whole. Raises NotFound."""
    found = store.unrouted_part(session, message_id) or store.received_message(session, message_id)
    if found is None:
        raise _not_found(message_id)
    return found.content


def route_part(operator: Operator, part_id: str, organization_id: str, reason: str) -> OperatorMessage:
    """Give an unrouted part to an organization, where it is applied like any other message.

    Raises NotFound, Conflict."""
    now = operator.clock.now()

    def write(session: Session) -> OperatorMessage:
        part = _part(session, part_id)
        if part.claims_of not in ("", organization_id):
            raise Conflict(
                f"{part_id} names claims of {part.claims_of} and goes to no other organization",
                code="message_of_another_organization",
                pointer="/organization_id",
                fix="Route it to the organization that has the claims.",
            )
        _step_part(part, UnroutedEvent.ROUTE)
        part.routed_to = organization_id
        session.add(part)
        shown = _shown_to(session, part, organization_id)
        message = exchange.keep_message(
            session, organization_id, routed_id(part_id), part.kind, shown.content, part.received_at
        )
        message.reasons = notes_of(shown)
        operator.audit(session, at=now, action="message.route", subject_id=part_id, reason=reason)
        operator.audit(
            session,
            at=now,
            action="message.route",
            subject_id=message.id,
            organization_id=organization_id,
            reason=reason,
        )
        return _part_view(part)

    return operator.database.run(write)


def close_part(operator: Operator, part_id: str, reason: str) -> OperatorMessage:
    """Find that a part is nobody's: it is kept, and listed only with everything. Raises NotFound, Conflict."""
    now = operator.clock.now()

    def write(session: Session) -> OperatorMessage:
        part = _part(session, part_id)
        _step_part(part, UnroutedEvent.CLOSE)
        session.add(part)
        operator.audit(session, at=now, action="message.close", subject_id=part_id, reason=reason)
        return _part_view(part)

    return operator.database.run(write)


def retry_failed(operator: Operator, message_id: str, organization_id: str = "") -> OperatorMessage:
    """Have a received message split again, or a message of the named organization applied again, with as many tries as
    before. Raises NotFound, Conflict."""
    now = operator.clock.now()

    def write(session: Session) -> OperatorMessage:
        row: ReceivedMessageRow | MessageRow | None
        if organization_id:
            row = exchange.message(session, organization_id, message_id)
        else:
            row = store.received_message(session, message_id)
        if row is None:
            raise _not_found(message_id)
        try:
            if isinstance(row, MessageRow):
                row.state = MESSAGE_LIFECYCLE.step(MessageState(row.state), MessageEvent.RETRY)
            else:
                row.state = RECEIVED_LIFECYCLE.step(ReceivedState(row.state), ReceivedEvent.RETRY)
        except NotAllowed:
            raise Conflict(
                f"{message_id} is {row.state}; only a failed message is tried again",
                pointer="/message_id",
                fix="List what has failed: handbill messages.",
            ) from None
        row.tries, row.retry_at = 0, None
        session.add(row)
        operator.audit(
            session, at=now, action="message.retry", subject_id=message_id, organization_id=row.organization_id
        )
        return _message_view(row) if isinstance(row, MessageRow) else _received_view(row)

    return operator.database.run(write)


def _part(session: Session, part_id: str) -> UnroutedPartRow:
    part = store.unrouted_part(session, part_id)
    if part is None:
        raise _not_found(part_id)
    return part


def _shown_to(session: Session, part: UnroutedPartRow, organization_id: str) -> Part:
    """The part with everything, or without the payees' own data (bank account, NPI) where they are another's payees."""
    outline = outline_of(part.content)
    received = store.received_message(session, part.received_id)
    named = {npi for unit in outline.units for npi in (unit.npi, unit.own_npi)} if outline is not None else set()
    holders = practice_store.confirmed_holders(session, named)
    others = frozenset(npi for npi, holder in holders.items() if holder != organization_id)
    if outline is None or received is None or not others:
        return Part(part.content, part.claims, shared=False, hidden=False)
    return write_part(outline, View(lambda _unit: True, lambda npi: npi not in others, received.account, others))


def _step_part(part: UnroutedPartRow, event: UnroutedEvent) -> None:
    try:
        part.state = UNROUTED_LIFECYCLE.step(UnroutedState(part.state), event)
    except NotAllowed:
        raise Conflict(
            f"{part.id} is {part.state} already",
            code="message_not_unrouted",
            pointer="/message_id",
            fix="List what waits: handbill messages.",
        ) from None


def _not_found(message_id: str) -> NotFound:
    return NotFound(f"there is no message {message_id} here; handbill messages list", code="message_not_found")


def _part_view(row: UnroutedPartRow) -> OperatorMessage:
    return OperatorMessage(
        row.id,
        row.kind,
        row.state,
        row.received_at,
        row.routed_to,
        row.npi,
        row.claims_of,
        row.claims,
        tuple(row.reasons),
    )


def _received_view(row: ReceivedMessageRow) -> OperatorMessage:
    return OperatorMessage(row.id, row.kind, row.state, row.received_at)


def _message_view(row: MessageRow) -> OperatorMessage:
    return OperatorMessage(
        row.id,
        row.kind,
        row.state,
        row.received_at,
        row.organization_id,
        claims=row.claims,
        reasons=tuple(row.reasons),
    )
