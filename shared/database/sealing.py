"""Column types for PHI: the attribute holds plain text, the database only ever sees sealed bytes.

A column's value can be sealed only when its row is known (the row is part of the associated data), so sealing is
done per row as it is flushed and opened as it is loaded. A value that reaches a sealed column by another way, say
a bulk statement, is refused rather than written in the clear. A table with sealed columns has `organization_id`
and `id`; load whole rows, since a single sealed column in a select stays sealed.
"""

import json
from functools import cache
from typing import Any, ClassVar, Protocol

from sqlalchemy import Dialect, LargeBinary, event, inspect
from sqlalchemy.orm import Mapper, Session, object_session
from sqlalchemy.orm.attributes import set_committed_value
from sqlalchemy.types import TypeDecorator

from shared.database.keys import Vault

KEPT = "_handbill_plain"


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

    def to_bytes(self, value: Any) -> bytes:
        return self.codec.encode(value)

    def from_bytes(self, plain: bytes) -> Any:
        return self.codec.decode(plain)


@cache
def _sealed_columns(mapper: Mapper[Any]) -> dict[str, SealedText]:
    return {p.key: p.columns[0].type for p in mapper.column_attrs if isinstance(p.columns[0].type, SealedText)}


def _vault(row: Any) -> Vault:
    session = object_session(row)
    if session is None or "vault" not in session.info:
        raise RuntimeError("rows with sealed columns need a session of shared.database")
    vault: Vault = session.info["vault"]
    return vault


def _seal_new(mapper: Mapper[Any], connection: Any, row: Any) -> None:
    _restore(mapper, connection, row)  # what a flush that failed half-way has left sealed
    _seal(mapper, row, list(_sealed_columns(mapper)))


def _seal_changed(mapper: Mapper[Any], connection: Any, row: Any) -> None:
    _restore(mapper, connection, row)
    # Only what this UPDATE writes. A seal has a new nonce each time, so sealing the rest would change bytes for
    # nothing.
    _seal(mapper, row, [name for name in _sealed_columns(mapper) if inspect(row).attrs[name].history.has_changes()])


def _seal(mapper: Mapper[Any], row: Any, names: list[str]) -> None:
    columns = _sealed_columns(mapper)
    kept: dict[str, Any] = {}
    for name in names:
        value = getattr(row, name)
        if value is None:
            continue
        kept[name] = value
        place = (row.organization_id, mapper.local_table.name, name, row.id)  # type: ignore[attr-defined]
        # Past SQLAlchemy's attribute, so that the sealed bytes are written and no change is recorded: `_restore` puts
        # the plain value back as if nothing had been.
        row.__dict__[name] = Sealed(_vault(row).seal(*place, columns[name].to_bytes(value)))
    row.__dict__[KEPT] = kept


def _restore(_mapper: Mapper[Any], _connection: Any, row: Any) -> None:
    for name, value in row.__dict__.pop(KEPT, {}).items():
        set_committed_value(row, name, value)


def _open(row: Any, _context: Any, *_names: Any) -> None:
    mapper = inspect(type(row))
    for name, kind in _sealed_columns(mapper).items():
        sealed = row.__dict__.get(name)
        # Neither an empty column nor one whose loading was deferred; that one comes here when it is loaded.
        if isinstance(sealed, bytes):
            place = (row.organization_id, mapper.local_table.name, name, row.id)
            # As committed, since an attribute that was merely set would count as changed, and each row that was read
            # would be written back.
            set_committed_value(row, name, kind.from_bytes(_vault(row).open(*place, sealed)))


event.listen(Mapper, "before_insert", _seal_new)
event.listen(Mapper, "before_update", _seal_changed)
event.listen(Mapper, "after_insert", _restore)
event.listen(Mapper, "after_update", _restore)
event.listen(Mapper, "load", _open)
event.listen(Mapper, "refresh", _open)


def bind_vault(session: Session, vault: Vault) -> None:
    """Let a session's rows be sealed and opened."""
    session.info["vault"] = vault
