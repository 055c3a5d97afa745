"""Column types for PHI: the attribute holds plain text, the database only ever sees sealed bytes.

A column's value can be sealed only when its row is known (the row is part of the associated data), so sealing is
done per row as it is flushed and opened as it is loaded. A value that reaches a sealed column by another way, say
a bulk statement, is refused rather than written in the clear. A table with sealed columns has the primary key
(`organization_id`, `id`); load whole rows, since a single sealed column in a select stays sealed. Where the table has a
`version`, that is part of the associated data too, so when it moves all sealed columns of the row are sealed anew; it
moves through its row alone, never by a bulk statement.
"""

import json
from functools import cache
from typing import Any, ClassVar, Protocol

from sqlalchemy import Connection, Dialect, LargeBinary, Table, event, inspect, select
from sqlalchemy.orm import Mapper, Session, object_session
from sqlalchemy.orm.attributes import flag_modified, set_committed_value
from sqlalchemy.types import TypeDecorator

from shared.database.keys import Place, Vault

KEPT = "_handbill_plain"
VERSION = "version"


class Sealed(bytes):
    """Bytes that the vault has sealed; a sealed column takes nothing else."""


class SealedText(TypeDecorator[Any]):
    """A `str` in Python, sealed bytes in the database."""

    impl = LargeBinary
    cache_ok = True

    def process_bind_param(self, value: Any, _dialect: Dialect) -> bytes | None:
        if value is not None and not isinstance(value, Sealed):
            raise TypeError("a sealed column is written only through its row")
        return bytes(value) if value is not None else None

    def to_bytes(self, value: Any) -> bytes:
        return str(value).encode()

    def from_bytes(self, plain: bytes) -> Any:
        return plain.decode()


class SealedJson(SealedText):
    """A JSON value in Python (replace it, never change it in place), sealed bytes in the database."""

    cache_ok = True

    def to_bytes(self, value: Any) -> bytes:
        return json.dumps(value, separators=(",", ":"), ensure_ascii=False).encode()

    def from_bytes(self, plain: bytes) -> Any:
        return json.loads(plain)


class DocumentCodec(Protocol):
    """How a typed value becomes bytes and comes back; `decode` reads every version that was ever written."""

    def encode(self, value: Any) -> bytes: ...

    def decode(self, data: bytes) -> Any: ...


class SealedDocument(SealedText):
    """A typed, frozen value in Python (replace it, never change it in place), sealed bytes in the database.

    It is decoded once, when its row is loaded, so whoever has the row has the value. A subclass names its codec."""

    cache_ok = True
    codec: ClassVar[DocumentCodec]

    def __init_subclass__(cls) -> None:
        # SQLAlchemy looks for it on the class itself, and otherwise compiles a statement with the type anew each time.
        cls.cache_ok = True

    def to_bytes(self, value: Any) -> bytes:
        return self.codec.encode(value)

    def from_bytes(self, plain: bytes) -> Any:
        return self.codec.decode(plain)


@cache
def sealed_columns(table: Table) -> tuple[str, ...]:
    """The names of a table's sealed columns."""
    return tuple(column.name for column in table.columns if isinstance(column.type, SealedText))


def place_of(table: Table, column: str, organization_id: str, row_id: str, version: int | None) -> Place:
    """Where a value of a row is; `version` is left out where the table has none."""
    return Place(organization_id, table.name, column, row_id, version if VERSION in table.columns else None)


def open_column(session: Session, table: Table, column: str, organization_id: str, row_id: str, sealed: bytes) -> bytes:
    """The plain bytes of one sealed column that was selected without its row; of a table without versions. For sums
    over many rows, of which nothing else is needed. Raises SealBroken."""
    vault: Vault = session.info["vault"]
    return vault.open(place_of(table, column, organization_id, row_id, None), sealed)


@cache
def _sealed_attributes(mapper: Mapper[Any]) -> dict[str, SealedText]:
    return {p.key: p.columns[0].type for p in mapper.column_attrs if isinstance(p.columns[0].type, SealedText)}


def _vault(row: Any) -> Vault:
    session = object_session(row)
    if session is None or "vault" not in session.info:
        raise RuntimeError("rows with sealed columns need a session of shared.database")
    vault: Vault = session.info["vault"]
    return vault


def _seal_new(mapper: Mapper[Any], connection: Connection, row: Any) -> None:
    _restore(mapper, connection, row)  # what a flush that failed half-way has left sealed
    _seal(mapper, row, list(_sealed_attributes(mapper)))


def _seal_changed(mapper: Mapper[Any], connection: Connection, row: Any) -> None:
    names = list(_sealed_attributes(mapper))
    if not names:
        return
    _restore(mapper, connection, row)
    if _moves_version(mapper, row):
        _load_missing(mapper, connection, row)
        for name in names:
            # Their plain value is as before, and SQLAlchemy would leave them out of the UPDATE.
            flag_modified(row, name)
    else:
        # Only what this UPDATE writes. A seal has a new nonce each time, so sealing the rest would change bytes for
        # nothing.
        names = [name for name in names if inspect(row).attrs[name].history.has_changes()]
    _seal(mapper, row, names)


def _moves_version(mapper: Mapper[Any], row: Any) -> bool:
    return VERSION in mapper.local_table.c and inspect(row).attrs[VERSION].history.has_changes()


def _load_missing(mapper: Mapper[Any], connection: Connection, row: Any) -> None:
    """Sealed columns whose loading was deferred are opened in the version that is stored, to be sealed in the next."""
    attributes = {name: kind for name, kind in _sealed_attributes(mapper).items() if name not in row.__dict__}
    if not attributes:
        return
    table = mapper.local_table
    assert isinstance(table, Table)
    columns = [table.c[name] for name in attributes]
    own = (table.c.organization_id == row.organization_id, table.c.id == row.id)
    stored = connection.execute(select(table.c[VERSION], *columns).where(*own)).one()
    for name, kind in attributes.items():
        sealed = getattr(stored, name)
        place = place_of(table, name, row.organization_id, row.id, stored.version)
        plain = None if sealed is None else kind.from_bytes(_vault(row).open(place, bytes(sealed)))
        set_committed_value(row, name, plain)


def _seal(mapper: Mapper[Any], row: Any, names: list[str]) -> None:
    attributes = _sealed_attributes(mapper)
    table = mapper.local_table
    assert isinstance(table, Table)
    kept: dict[str, Any] = {}
    for name in names:
        value = getattr(row, name)
        if value is None:
            continue
        kept[name] = value
        place = place_of(table, name, row.organization_id, row.id, getattr(row, VERSION, None))
        # Past SQLAlchemy's attribute, so that the sealed bytes are written and no change is recorded: `_restore` puts
        # the plain value back as if nothing had been.
        row.__dict__[name] = Sealed(_vault(row).seal(place, attributes[name].to_bytes(value)))
    row.__dict__[KEPT] = kept


def _restore(_mapper: Mapper[Any], _connection: Connection, row: Any) -> None:
    for name, value in row.__dict__.pop(KEPT, {}).items():
        set_committed_value(row, name, value)


def _open(row: Any, _context: Any, *_names: Any) -> None:
    mapper = inspect(type(row))
    attributes = _sealed_attributes(mapper)
    if not attributes:
        return
    for name, kind in attributes.items():
        sealed = row.__dict__.get(name)
        # Neither an empty column nor one whose loading was deferred; that one comes here when it is loaded.
        if isinstance(sealed, bytes):
            place = place_of(mapper.local_table, name, row.organization_id, row.id, _stored_version(mapper, row))
            # As committed, since an attribute that was merely set would count as changed, and each row that was read
            # would be written back.
            set_committed_value(row, name, kind.from_bytes(_vault(row).open(place, sealed)))


def _stored_version(mapper: Mapper[Any], row: Any) -> int | None:
    """The version of the row in the database, also where the next one is set already and not yet written."""
    if VERSION not in mapper.local_table.c:
        return None
    state = inspect(row)
    version: int = state.committed_state.get(VERSION, row.__dict__.get(VERSION))
    return version


event.listen(Mapper, "before_insert", _seal_new)
event.listen(Mapper, "before_update", _seal_changed)
event.listen(Mapper, "after_insert", _restore)
event.listen(Mapper, "after_update", _restore)
event.listen(Mapper, "load", _open)
event.listen(Mapper, "refresh", _open)


def bind_vault(session: Session, vault: Vault) -> None:
    """Let a session's rows be sealed and opened."""
    session.info["vault"] = vault
