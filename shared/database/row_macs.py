"""Rows whose clear columns cannot be changed behind Handbill's back: each has a MAC over what is not sealed in it.

A table is protected by the `Authenticated` mixin. The MAC is made as a row is flushed, checked as it is loaded, and
covers service, table, organization, every clear column (states, amounts, dates, owners), and which of the sealed ones
are empty; what is sealed is authenticated by its seal. Empty columns are left out, so that a nullable column that is
added later changes no MAC; `outside_mac` marks one that is not covered at all. A row that was taken back to an earlier
state, removed or copied is not seen here but by the chain, which names the MAC that each row has now
(`shared.database.chain`).
"""

from collections.abc import Callable, Collection, Mapping
from datetime import UTC, datetime
from functools import cache
from typing import Any

import msgspec
import structlog
from sqlalchemy import Table, event, inspect
from sqlalchemy.orm import Mapper, ORMExecuteState, Session, object_session
from sqlmodel import Field, SQLModel

from shared.database.columns import TypedJson
from shared.database.keys import Vault
from shared.database.sealing import SealedText
from shared.database.tables import OUTSIDE_MAC, replaced_by
from shared.errors import Problem

PURPOSE = "row"
MAC = "mac"
CHANGES = "changes"
log = structlog.get_logger()
_encode = msgspec.json.Encoder(order="deterministic").encode

Changes = dict[str, dict[tuple[str, str], str | None]]
"""By organization: the MAC that a (table, row) has now, None where it is gone."""


class RecordTampered(Problem):
    """A stored record is not as Handbill wrote it: its MAC does not hold. The log names it."""

    code, title = "record_tampered", "A stored record was changed from outside"


class Authenticated(SQLModel):
    """The mixin of protected tables, which have `organization_id` and `id`."""

    mac: str = Field(default="", max_length=100, sa_column_kwargs={"info": replaced_by("")})


@cache
def _clear(table: Table) -> tuple[tuple[str, Callable[[Any], Any] | None], ...]:
    """The columns that a MAC covers, in order of name, each with how its value becomes JSON (None: as it is)."""
    return tuple(
        (str(column.name), _plain(column.type))
        for column in sorted(table.columns, key=lambda column: column.name)
        if column.name != MAC
        and OUTSIDE_MAC not in column.info
        and (column.nullable or not isinstance(column.type, SealedText))
    )


def _plain(kind: Any) -> Callable[[Any], Any] | None:
    if isinstance(kind, SealedText):
        return lambda _value: True
    if isinstance(kind, TypedJson):
        # Without defaults, so that a member that a later release adds to the contract changes no MAC.
        return lambda value: kind.contract.dump_python(value, mode="json", exclude_defaults=True)
    return None


def canonical_row(service: str, table: Table, values: Mapping[str, Any]) -> bytes:
    """What the MAC of a row is made over, the same on every database. `values` has every clear column by name."""
    members: list[Any] = [service, str(table.name)]
    for name, plain in _clear(table):
        value = values[name]
        if value is not None:
            if isinstance(value, datetime):
                value = value.astimezone(UTC)
            members += (name, plain(value) if plain else value)
    return _encode(members)


def row_mac(vault: Vault, service: str, table: Table, values: Mapping[str, Any]) -> str:
    """The MAC of a row."""
    return vault.mac(values["organization_id"], PURPOSE, canonical_row(service, table, values))


def is_authentic(vault: Vault, service: str, table: Table, values: Mapping[str, Any]) -> bool:
    """Whether a row's MAC holds."""
    mac = values[MAC]
    data = canonical_row(service, table, values)
    return bool(mac) and vault.mac_holds(values["organization_id"], PURPOSE, data, mac)


@cache
def _key_columns(table: Table) -> tuple[str, ...]:
    return tuple(column.name for column in table.primary_key if column.name not in ("organization_id", "id"))


def row_key(table: Table, values: Mapping[str, Any]) -> str:
    """What names the row within its organization and table: its id, and the rest of its primary key after a bar."""
    return "|".join([values["id"], *(str(values[name]) for name in _key_columns(table))])


@cache
def _table(mapper: Mapper[Any]) -> Table | None:
    """The mapper's table, None where it is not protected."""
    table = mapper.local_table
    return table if isinstance(table, Table) and issubclass(mapper.class_, Authenticated) else None


def bind_service(session: Session, service: str) -> None:
    """Let a session's rows be authenticated as those of this service."""
    session.info["service"] = service


def _place(row: Any) -> tuple[Session, Vault, str]:
    session = object_session(row)
    if session is None or "service" not in session.info:
        raise RuntimeError("authenticated rows need a session of shared.database")
    return session, session.info["vault"], session.info["service"]


def _make(mapper: Mapper[Any], _connection: Any, row: Any) -> None:
    table = _table(mapper)
    if table is None:
        return
    session, vault, service = _place(row)
    mac = row_mac(vault, service, table, row.__dict__)
    if mac != row.mac:  # SQLAlchemy also asks for rows of which it then writes nothing
        row.mac = mac
        note_change(session, row.organization_id, table, row_key(table, row.__dict__), mac)


def _forget(mapper: Mapper[Any], _connection: Any, row: Any) -> None:
    table = _table(mapper)
    if table is not None:
        note_change(_place(row)[0], row.organization_id, table, row_key(table, row.__dict__), None)


def note_change(session: Session, organization_id: str, table: Table, key: str, mac: str | None) -> None:
    """Let the transaction's audit entry name this row with its MAC; None where the row is gone."""
    changes: Changes = session.info.setdefault(CHANGES, {})
    changes.setdefault(organization_id, {})[table.name, key] = mac


def _check(row: Any, _context: Any, names: Collection[str] | None = None) -> None:
    table = _table(inspect(type(row)))
    # A column that was deferred is loaded alone; what it joins may be changed already, and was checked before.
    if table is None or (names is not None and MAC not in names):
        return
    _, vault, service = _place(row)
    try:
        authentic = is_authentic(vault, service, table, row.__dict__)
    except KeyError as missing:
        raise RuntimeError(f"load {table.name} with its column {missing}: its MAC covers it") from None
    if not authentic:
        key = row_key(table, row.__dict__)
        log.error("record_tampered", service=service, table=table.name, organization_id=row.organization_id, row_id=key)
        raise RecordTampered(
            f"{table.name} {key} is not as it was written; nothing is done with it until the operator has run "
            "`handbill audit verify` and put it right"
        )


def _refuse_bulk(state: ORMExecuteState) -> None:
    if state.is_insert or state.is_update or state.is_delete:
        table = getattr(state.statement, "table", None)
        if table is not None and MAC in table.columns and state.session.info.get("service") is not None:
            raise RuntimeError(f"{table.name} is written only through its rows, which have MACs")


event.listen(Mapper, "before_insert", _make)
event.listen(Mapper, "before_update", _make)
event.listen(Mapper, "before_delete", _forget)
# Before the seals are opened, so that it is this that is said of a row that belongs elsewhere.
event.listen(Mapper, "load", _check, insert=True)
event.listen(Mapper, "refresh", _check)
event.listen(Session, "do_orm_execute", _refuse_bulk)
