"""A row as a line of an export, and back: which tables and columns of an organization leave, and in which form.

All tables of tenants leave, and all of their columns, unless the table or column itself says otherwise (`LEFT_BEHIND`,
with the reason, or for a column with what stands in its place elsewhere). What is made with the organization's key is
made anew where a row comes in: seals, MACs, and blind indexes, whose column says what they are made of (`BLIND_OF`).
Sealed values are in the clear in a line, and in the newest version of their document.
"""

import json
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import msgspec
from sqlalchemy import JSON, BigInteger, Boolean, Column, Date, Integer, MetaData, Table
from sqlmodel import AutoString, SQLModel

from shared.database.columns import TypedJson, UtcDateTime
from shared.database.keys import Vault
from shared.database.operations import Operations
from shared.database.sealing import SealedDocument, SealedJson, SealedText
from shared.database.tables import BLIND_OF, LEFT_BEHIND, X12_KIND, table_of
from shared.database.tenancy import tenant_classes
from shared.ids import is_id

ORGANIZATION = "organization_id"
LARGEST, LARGEST_BIG = 2**31 - 1, 2**63 - 1
encode_line = msgspec.json.Encoder().encode


class RowRefused(ValueError):
    """A line is no row of its table; the text names the member, never its value."""


def exported_models(metadata: MetaData) -> list[type[SQLModel]]:
    """The classes of a service whose rows leave: the audit trail and the events, then what refers to others after
    them."""
    classes = {table_of(cls): cls for cls in tenant_classes(metadata, Operations.metadata)}
    tables = (*Operations.metadata.sorted_tables, *metadata.sorted_tables)
    return [classes[table] for table in tables if table in classes and LEFT_BEHIND not in table.info]


def exported_columns(table: Table) -> list[Column[Any]]:
    """The columns that are members of a line, the id first."""
    hidden = {LEFT_BEHIND, BLIND_OF}
    found = [one for one in table.columns if one.name != ORGANIZATION and not hidden & one.info.keys()]
    return sorted(found, key=lambda one: (one.name != "id", one.name))


def members_of(row: SQLModel) -> dict[str, Any]:
    """A row as a JSON object."""
    table = table_of(type(row))
    return {column.name: _to_member(column.type, getattr(row, column.name)) for column in exported_columns(table)}


def x12_of(row: SQLModel) -> list[tuple[str, str]]:
    """The X12 that a row holds: (kind, text)."""
    found = []
    for column in table_of(type(row)).columns:
        kind: Callable[[Any], str] | None = column.info.get(X12_KIND)
        text = getattr(row, column.name) if kind is not None else None
        if kind is not None and text:
            found.append((kind(row), str(text)))
    return found


def row_from(model: type[SQLModel], members: object, organization_id: str, vault: Vault) -> SQLModel:
    """The row of a line, to be added to a session. Raises RowRefused."""
    table = table_of(model)
    columns = exported_columns(table)
    if not isinstance(members, dict) or members.keys() != {column.name for column in columns}:
        raise RowRefused("its members are not those of the table")
    values = {column.name: _from_member(column, members[column.name]) for column in columns}
    if not is_id(values["id"]):
        raise RowRefused("id is no id")
    row = model(**{ORGANIZATION: organization_id}, **values)
    for column in table.columns:
        if LEFT_BEHIND in column.info:
            setattr(row, column.name, column.info[LEFT_BEHIND])
        elif BLIND_OF in column.info:
            setattr(row, column.name, _blind(column, row, vault, organization_id))
    return row


def _blind(column: Column[Any], row: SQLModel, vault: Vault, organization_id: str) -> str:
    try:
        field, value = column.info[BLIND_OF](row)
    except (KeyError, TypeError, AttributeError):
        raise RowRefused(f"it has not what {column.name} is made of") from None
    return vault.blind(organization_id, field, value)


def _to_member(kind: Any, value: Any) -> Any:
    if value is None:
        return None
    if isinstance(kind, SealedJson | SealedDocument):
        return json.loads(kind.to_bytes(value))
    if isinstance(kind, TypedJson):
        return kind.contract.dump_python(value, mode="json")
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds")
    return value.isoformat() if isinstance(value, date) else value


def _from_member(column: Column[Any], member: Any) -> Any:
    if member is None:
        if not column.nullable:
            raise RowRefused(f"{column.name} is missing")
        return None
    try:
        value = _value(column.type, member)
    except (ValueError, TypeError, KeyError, AttributeError, msgspec.MsgspecError):
        value = None  # what was raised may quote the value
    if value is None:
        raise RowRefused(f"{column.name} is no value of its column")
    return value


def _value(kind: Any, member: Any) -> Any:
    """None where it is none."""
    for types, read in READERS:
        if isinstance(kind, types):
            return read(kind, member)
    raise TypeError(f"no export has a column of the type {type(kind).__name__}")


def _document(kind: Any, member: Any) -> Any:
    return kind.from_bytes(json.dumps(member).encode())


def _moment(_kind: Any, member: Any) -> datetime | None:
    moment = datetime.fromisoformat(member)
    return moment if moment.tzinfo is not None else None


def _number(kind: Any, member: Any) -> int | None:
    most = LARGEST_BIG if isinstance(kind, BigInteger) else LARGEST
    return member if type(member) is int and abs(member) <= most else None


def _text(kind: Any, member: Any) -> str | None:
    length: int | None = getattr(kind, "length", None)
    fits = isinstance(member, str) and "\0" not in member and (length is None or len(member) <= length)
    return member if fits else None


READERS: tuple[tuple[Any, Callable[[Any, Any], Any]], ...] = (
    ((SealedJson, SealedDocument), _document),
    (TypedJson, lambda kind, member: kind.contract.validate_python(member, extra="ignore")),
    (UtcDateTime, _moment),
    (Date, lambda _kind, member: date.fromisoformat(member)),
    (Boolean, lambda _kind, member: member if type(member) is bool else None),
    (Integer, _number),
    ((AutoString, SealedText), _text),
    (JSON, lambda _kind, member: member),
)
"""How a member becomes the value of a column, by the column's type; the first that fits."""
