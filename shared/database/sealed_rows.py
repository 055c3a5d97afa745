"""The sealed values of a whole database, read in pieces of bounded size: to verify that each opens, and to seal each
anew while the service goes on writing.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import groupby
from typing import Any, NamedTuple

from sqlalchemy import Connection, LargeBinary, MetaData, Row, Table, func, literal, or_, select, tuple_

from shared.database.engine import Database
from shared.database.keys import SealBroken
from shared.database.operations import Operations, OrganizationKey
from shared.database.sealing import VERSION, place_of, sealed_columns
from shared.database.tenancy import of_every_organization
from shared.errors import Unavailable

KEYS_A_PAGE = 500
ROWS_AT_ONCE = 50
BYTES_AT_ONCE = 2_000_000
KEYS_UNAVAILABLE = "keys_unavailable"
ORGANIZATION_KEYS = OrganizationKey.__table__  # type: ignore[attr-defined]


class BrokenSeal(NamedTuple):
    """Where something does not open; ids alone, no content."""

    service: str
    table: str
    column: str
    organization_id: str
    row_id: str


@dataclass(slots=True)
class SealCount:
    """What has been opened so far: values, and how many of them are sealed with an earlier generation."""

    values: int = 0
    earlier: int = 0
    broken: int = 0


def sealed_tables(metadata: MetaData) -> list[Table]:
    """Every table with sealed columns: a service's own, and those that every service has."""
    tables = {**metadata.tables, **Operations.metadata.tables}
    return [tables[name] for name in sorted(tables) if sealed_columns(tables[name])]


def organizations(database: Database) -> list[str]:
    """Everyone who has keys here, in order of id."""
    with database.short_transaction(writes=False) as connection:
        query = select(ORGANIZATION_KEYS.c.organization_id).distinct()
        return sorted(connection.execute(query).scalars())


def verify(database: Database, metadata: MetaData, count: SealCount) -> Iterator[BrokenSeal]:
    """Open every wrapped key and every sealed value, and count them in `count`; yields what does not open."""
    newest: dict[str, int] = {}
    for organization_id, generation in _generations(database):
        newest[organization_id] = max(generation, newest.get(organization_id, 0))
        try:
            database.organization_keys.of(organization_id, generation)
        except (LookupError, Unavailable) as error:
            _pass_on(error)
            count.broken += 1
            place = (ORGANIZATION_KEYS.name, "wrapped", organization_id, str(generation))
            yield BrokenSeal(database.service, *place)
    for table in sealed_tables(metadata):
        for rows in pieces(database, table):
            for row in rows:
                yield from _open_row(database, table, row, newest, count)


def _generations(database: Database) -> list[tuple[str, int]]:
    with database.short_transaction(writes=False) as connection:
        columns = (ORGANIZATION_KEYS.c.organization_id, ORGANIZATION_KEYS.c.generation)
        return [(row[0], row[1]) for row in connection.execute(select(*columns).order_by(*columns))]


def _open_row(
    database: Database, table: Table, row: Row[Any], newest: dict[str, int], count: SealCount
) -> Iterator[BrokenSeal]:
    for column, sealed in values_of(table, row).items():
        count.values += 1
        try:
            open_value(database, table, row, column)
        except SealBroken:
            count.broken += 1
            yield BrokenSeal(database.service, table.name, column, row.organization_id, row.id)
        else:
            count.earlier += int.from_bytes(sealed[1:5], "big") < newest.get(row.organization_id, 0)


def values_of(table: Table, row: Row[Any]) -> dict[str, bytes]:
    """The sealed bytes of a row by column; empty columns are left out."""
    found = {column: getattr(row, column) for column in sealed_columns(table)}
    return {column: bytes(value) for column, value in found.items() if value is not None}


def open_value(database: Database, table: Table, row: Row[Any], column: str) -> bytes:
    """Raises SealBroken, also where the master key is not in the keyring."""
    place = place_of(table, column, row.organization_id, row.id, getattr(row, VERSION, None))
    try:
        return database.vault.open(place, bytes(getattr(row, column)))
    except Unavailable as error:
        _pass_on(error)
        raise SealBroken(f"{table.name}.{column}: its master key is not in the keyring") from None


def _pass_on(error: Exception) -> None:
    """A database that does not answer is no broken seal."""
    if isinstance(error, Unavailable) and error.problem_code != KEYS_UNAVAILABLE:
        raise error


@contextmanager
def all_rows(database: Database, *, writes: bool) -> Iterator[Connection]:
    """A short transaction over the rows of every organization."""
    with database.short_transaction(writes) as connection:
        of_every_organization(connection)
        yield connection


def pieces(
    database: Database, table: Table, organization_id: str | None = None, without: bytes | None = None
) -> Iterator[Sequence[Row[Any]]]:
    """The rows of a table in order of organization and id, few at a time; of one organization, and those alone in which
    a sealed value does not begin with `without`. What is written meanwhile may be in it or not."""
    after = ("", "")
    while True:
        keys = _keys_after(database, table, after, organization_id, without)
        if not keys:
            return
        after = (keys[-1].organization_id, keys[-1].id)
        for owner, owned in groupby(keys, key=lambda key: str(key.organization_id)):
            for ids in _portions(list(owned)):
                yield _rows(database, table, owner, ids)


def _keys_after(
    database: Database, table: Table, after: tuple[str, str], organization_id: str | None, without: bytes | None
) -> Sequence[Row[Any]]:
    columns = [table.c[name] for name in sealed_columns(table)]
    key = (table.c.organization_id, table.c.id)
    size = sum(
        (func.coalesce(func.length(column), 0) for column in columns[1:]), func.coalesce(func.length(columns[0]), 0)
    )
    query = select(*key, size.label("size")).where(tuple_(*key) > tuple_(*(literal(part) for part in after)))
    if organization_id is not None:
        query = query.where(table.c.organization_id == organization_id)
    if without is not None:
        begins = [func.substr(column, 1, len(without), type_=LargeBinary) for column in columns]
        query = query.where(or_(*(begin != literal(without, LargeBinary) for begin in begins)))
    with all_rows(database, writes=False) as connection:
        return list(connection.execute(query.order_by(*key).limit(KEYS_A_PAGE)))


def _portions(keys: Sequence[Row[Any]]) -> Iterator[list[str]]:
    portion: list[str] = []
    size = 0
    for key in keys:
        if portion and (len(portion) == ROWS_AT_ONCE or size + key.size > BYTES_AT_ONCE):
            yield portion
            portion, size = [], 0
        portion.append(key.id)
        size += key.size
    yield portion


def _rows(database: Database, table: Table, organization_id: str, ids: list[str]) -> Sequence[Row[Any]]:
    names = ["organization_id", "id", *([VERSION] if VERSION in table.c else []), *sealed_columns(table)]
    query = select(*(table.c[name] for name in names)).where(
        table.c.organization_id == organization_id, table.c.id.in_(ids)
    )
    with all_rows(database, writes=False) as connection:
        return list(connection.execute(query.order_by(table.c.id)))
