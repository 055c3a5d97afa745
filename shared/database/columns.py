"""Column types that mean the same on SQLite and PostgreSQL."""

from datetime import UTC, datetime
from typing import Any, ClassVar

from pydantic import TypeAdapter
from sqlalchemy import JSON, DateTime, Dialect
from sqlalchemy.types import TypeDecorator


class UtcDateTime(TypeDecorator[Any]):
    """An aware datetime, kept in UTC. SQLite forgets zones, so a naive value is refused and UTC put back on reading."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, _dialect: Dialect) -> datetime | None:
        if value is not None and value.tzinfo is None:
            raise ValueError("a moment needs its offset")
        return value.astimezone(UTC) if value else None

    def process_result_value(self, value: datetime | None, _dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class TypedJson(TypeDecorator[Any]):
    """A value of a contract type (replace it, never change it in place), kept as JSON in the clear. A subclass names
    its type; members that this release does not know are ignored."""

    impl = JSON
    cache_ok = True
    contract: ClassVar[TypeAdapter[Any]]

    def process_bind_param(self, value: Any, _dialect: Dialect) -> Any:
        return None if value is None else self.contract.dump_python(value, mode="json")

    def process_result_value(self, value: Any, _dialect: Dialect) -> Any:
        return None if value is None else self.contract.validate_python(value, extra="ignore")


class ContractCodec:
    """Contract models to and from the bytes of a sealed column; members that this release does not know are ignored."""

    def __init__(self, contract: type) -> None:
        self._contract: TypeAdapter[Any] = TypeAdapter(contract)

    def encode(self, value: Any) -> bytes:
        return self._contract.dump_json(value)

    def decode(self, data: bytes) -> Any:
        return self._contract.validate_json(data, extra="ignore")
