"""Where an organization's event feed and audit trail end: one row, so that numbers have no gaps and writers of one
organization meet in one place, and those of different organizations do not.

Within a transaction the row is read once, locked, and written once, by `write_heads` before the commit.
"""

from dataclasses import dataclass
from typing import Any, NamedTuple

from sqlalchemy import inspect, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import registry
from sqlmodel import Field, Session, SQLModel, col, select

from shared.database.tables import stays_behind
from shared.database.tenancy import OfTenant

HEAD = "head"
HEADS = "heads"


class Operations(SQLModel, registry=registry()):
    """The base of the tables that every service has; their metadata is part of every service's migrations."""

    organization_id: str = Field(primary_key=True, max_length=64)
    id: str = Field(primary_key=True, max_length=64)


class TenantOperations(OfTenant, Operations):
    """The base of those that hold rows of organizations."""


class ChainHead(TenantOperations, table=True):
    """The last sequence of an organization's events and of its audit entries, and the MAC of the last of these; zero
    and empty before the first. `id` is always the same."""

    __tablename__ = "chain_heads"
    __table_args__ = ({"info": stays_behind("the ends of feed and trail are in the manifest")},)

    event_sequence: int = 0
    sequence: int = 0
    mac: str = Field(default="", max_length=100)


class Anchor(NamedTuple):
    """An entry that the chain of an organization had, by its number and its MAC."""

    sequence: int
    mac: str


@dataclass(slots=True)
class Head:
    """What the present transaction will leave in the row."""

    event_sequence: int
    sequence: int
    mac: str
    changed: bool = False


def head_of(session: Session, organization_id: str) -> Head:
    """The organization's head, to be changed in place (and `changed` be set)."""
    heads: dict[str, Head] = session.info.setdefault(HEADS, {})
    if organization_id not in heads:
        heads[organization_id] = _read(session, organization_id) or _new(session, organization_id)
    return heads[organization_id]


def hold_head(session: Session, organization_id: str | None) -> None:
    """Keep other writers of the organization waiting until the transaction ends. Almost every transaction ends by
    changing the head, so a long one beside many short ones would be refused there each time; one that locks the head
    before it reads anything else is refused at its beginning or not at all."""
    heads: dict[str, Head] = session.info.setdefault(HEADS, {})
    if organization_id and (head := _read(session, organization_id)) is not None:
        heads[organization_id] = head


def _read(session: Session, organization_id: str) -> Head | None:
    columns = (ChainHead.event_sequence, ChainHead.sequence, ChainHead.mac)
    query = select(*columns).where(ChainHead.organization_id == organization_id, ChainHead.id == HEAD)
    # Locked on PostgreSQL, so that of two writers the second waits here and tries again at once, and not at its end.
    row = session.exec(query.with_for_update()).first()
    return Head(*row) if row is not None else None


def _new(session: Session, organization_id: str) -> Head:
    dialect = session.get_bind().dialect.name
    insert: Any = postgresql.insert if dialect == "postgresql" else sqlite.insert
    values = {"organization_id": organization_id, "id": HEAD, "event_sequence": 0, "sequence": 0, "mac": ""}
    # With DO NOTHING a row that another transaction has just made is a serialization failure, which is tried again,
    # and not a duplicate key.
    session.connection().execute(insert(inspect(ChainHead).local_table).values(values).on_conflict_do_nothing())
    return Head(0, 0, "")


def write_heads(session: Session) -> dict[str, Anchor]:
    """Write what has changed, the last thing before the commit; answers where chains end now."""
    ends: dict[str, Anchor] = {}
    for organization_id, head in session.info.pop(HEADS, {}).items():
        if head.changed:
            ends[organization_id] = Anchor(head.sequence, head.mac)
            session.connection().execute(
                update(ChainHead)
                .where(col(ChainHead.organization_id) == organization_id, col(ChainHead.id) == HEAD)
                .values(event_sequence=head.event_sequence, sequence=head.sequence, mac=head.mac)
            )
    return ends
