"""A received message is split: each organization gets its own part, and what is nobody's waits for the operator.

The message is read before the transaction begins; one transaction stores all parts, so that no part is without the
others. A message that cannot be read is one part, whole, and the operator's.
"""

from datetime import datetime

from sqlmodel import Session

from services.claims.domain.message_lifecycle import (
    RECEIVED_LIFECYCLE,
    MessageState,
    ReceivedEvent,
    ReceivedState,
    UnroutedState,
)
from services.claims.domain.message_parts import Outline, Part, outline_of, write_part
from services.claims.flows.audit import audit_work
from services.claims.flows.dependencies import Dependencies
from services.claims.flows.messages.message_ids import part_id
from services.claims.flows.messages.message_outcome import finding
from services.claims.flows.messages.route_message import Owner, ownership
from services.claims.store import exchange
from services.claims.store import received as store
from services.claims.store.tables import (
    MessageRow,
    ReceivedMessageRow,
    UnroutedPartRow,
)
from shared.contracts.common import Finding
from shared.database.operations import add_event
from shared.money import format_dollars
from shared.tenancy import INSTALLATION_ID

MESSAGES_A_PASS = 500
MESSAGE_PART = "message_part"
PROVIDER_NOT_SHOWN = "provider_not_shown"
PART_NOTES = frozenset({MESSAGE_PART, PROVIDER_NOT_SHOWN})
"""Notes that a message has from the beginning, and keeps whatever becomes of it."""


def unsplit_messages(deps: Dependencies) -> list[str]:
    """The received messages that are to be split now."""
    with deps.database.reading() as session:
        return store.messages_to_split(session, deps.wall_clock.now(), MESSAGES_A_PASS)


def split_message(deps: Dependencies, received_id: str) -> str:
    """Give every organization its part of one message; returns the message's state afterwards."""
    with deps.database.reading() as session:
        row = store.received_message(session, received_id)
        if row is None or row.state != ReceivedState.RECEIVED:
            return row.state if row else "unknown"
        outline = outline_of(row.content)
        parts = _unreadable(row) if outline is None else _parts(session, deps, row, outline)

    now = deps.clock.now()

    def write(session: Session) -> str:
        row = store.received_message(session, received_id)
        if row is None or row.state != ReceivedState.RECEIVED:
            return row.state if row else "unknown"
        row.state = RECEIVED_LIFECYCLE.step(ReceivedState(row.state), ReceivedEvent.SPLIT)
        row.retry_at = None
        session.add(row)
        # First of all, so that of two workers the second meets the first here, and then sees that the work is done.
        session.flush()
        for owner, part in parts:
            if owner.organization_id and exchange.message(session, owner.organization_id, row.id) is not None:
                # An organization that was moved here has brought it, and its mailbox is read from the beginning.
                continue
            kept = _row(row, owner, part)
            session.add(kept)
            if owner.organization_id:
                act = {"action": "message_received", "subject_id": row.id}
                audit_work(session, deps.ids, owner.organization_id, at=row.received_at, **act)
            else:
                _tell_operator(session, deps, kept, now)
        return row.state

    return deps.database.run(write)


def _parts(
    session: Session, deps: Dependencies, row: ReceivedMessageRow, outline: Outline
) -> list[tuple[Owner, tuple[Part, list[Finding]]]]:
    found = ownership(session, deps.trading_partners, outline, row.account)
    # In the order of the file, each owner once.
    owners = dict.fromkeys(found.owners[unit] for unit in outline.units)
    parts = ((owner, write_part(outline, found.view(owner))) for owner in owners)
    return [(owner, (part, notes_of(part) if owner.organization_id else _why_unrouted(owner))) for owner, part in parts]


def _unreadable(row: ReceivedMessageRow) -> list[tuple[Owner, tuple[Part, list[Finding]]]]:
    note = finding(
        code="message_unreadable",
        severity="block",
        message="Its interchanges, groups and transactions cannot be followed, so nobody can say whose it is.",
        pointer="/ISA",
        fix="Read it, ask the clearinghouse to send it again, or route it to its organization.",
    )
    return [(Owner(), (Part(row.content, 0, shared=False, hidden=False), [note]))]


def _row(row: ReceivedMessageRow, owner: Owner, found: tuple[Part, list[Finding]]) -> MessageRow | UnroutedPartRow:
    part, reasons = found
    if owner.organization_id:
        return MessageRow(
            organization_id=owner.organization_id,
            id=row.id,
            arrival=row.arrival,
            kind=row.kind,
            content=part.content,
            state=MessageState.RECEIVED,
            received_at=row.received_at,
            reasons=reasons,
        )
    return UnroutedPartRow(
        organization_id=INSTALLATION_ID,
        id=part_id(row.id, owner.npi, owner.claims_of),
        received_id=row.id,
        kind=row.kind,
        content=part.content,
        state=UnroutedState.UNROUTED,
        received_at=row.received_at,
        claims=part.claims,
        npi=owner.npi,
        claims_of=owner.claims_of,
        reasons=reasons,
    )


def _tell_operator(session: Session, deps: Dependencies, part: MessageRow | UnroutedPartRow, now: datetime) -> None:
    """The installation's feed says that something waits for the operator."""
    add_event(
        session,
        deps.ids,
        organization_id=INSTALLATION_ID,
        at=now,
        kind="message.unrouted",
        subject_id=part.id,
        data={"kind": part.kind, "reason": part.reasons[0].code},
    )


def notes_of(part: Part) -> list[Finding]:
    """What an organization is told of a part that is not the whole message."""
    notes: list[Finding] = []
    if part.hidden:
        notes.append(
            finding(
                code=PROVIDER_NOT_SHOWN,
                severity="info",
                message="The provider that it names is not shown: its NPI is not confirmed for this organization.",
                pointer="/N1*PE",
                fix="Ask the operator to confirm the practice's NPI; later messages then name it.",
            )
        )
    if part.shared:
        paid = "" if part.paid_cents is None else f" Its payments and adjustments are {format_dollars(part.paid_cents)}"
        more = "; the check or transfer with the same trace number can be of another amount." if paid else ""
        notes.append(
            finding(
                code=MESSAGE_PART,
                severity="info",
                message=f"It is this organization's part of a message.{paid}{more}",
                pointer="/BPR/2" if paid else "/ISA",
                fix="Nothing to do; ask the operator for the total of the check where a deposit does not match.",
            )
        )
    return notes


def _why_unrouted(owner: Owner) -> list[Finding]:
    if owner.claims_of:
        message = f"It names claims of {owner.claims_of}, which does not send through the account that it came to."
        fix = "Ask the clearinghouse why it came there; route it to that organization if it is right."
    elif owner.npi:
        message = "It names no claim number and no file of this installation, and its NPI is not confirmed."
        fix = "Find out whose it is, confirm the NPI for that organization, and route it there."
    else:
        message = "It names no claim number, no file and no NPI of this installation."
        fix = "Find out whose it is and route it there, or close it as nobody's."
    return [finding(code="message_unrouted", severity="block", message=message, pointer="/ISA", fix=fix)]
