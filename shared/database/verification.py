"""Is everything in a service's database as Handbill wrote it? Every chain is computed anew, every protected row is held
against its MAC and against the last MAC that its organization's chain names for it, every seal is opened.

It reads one snapshot, so services may serve meanwhile, and holds one page of rows and entries; what the chain names is
kept in a temporary SQLite file (ids and MACs only).
"""

import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any, cast

from sqlalchemy import Table, select, union
from sqlmodel import Session

from shared.database.chain import PURPOSE, canonical_entry
from shared.database.engine import Database
from shared.database.heads import Anchor, ChainHead
from shared.database.keys import SealBroken, Vault
from shared.database.operations import AuditEntry, EventEntry
from shared.database.row_macs import MAC, is_authentic, row_key
from shared.database.sealing import SealedText, place_of, sealed_columns
from shared.database.tables import table_of

ROWS_AT_ONCE = 500
ENTRIES = "audit_entries"


@dataclass(frozen=True, slots=True)
class Tampering:
    """Something that Handbill did not do. `row` is a row's id, of an audit entry its number and id."""

    service: str
    table: str
    organization_id: str
    row: str
    what: str

    def __str__(self) -> str:
        return f"{self.service} {self.table} {self.organization_id} {self.row}: {self.what}"


def verify(
    database: Database,
    tables: Iterable[Table],
    *,
    organization_id: str | None = None,
    anchors: Mapping[str, Anchor],
) -> Iterator[Tampering]:
    """What is wrong, organization by organization. `tables` are the service's own; `anchors` were read before, so that
    the chains cannot be shorter."""
    tables = list(tables)
    protected = _protected(tables)
    with database.reading() as session:
        for owner in _organizations(session, protected, anchors) if organization_id is None else [organization_id]:
            yield from verify_organization(session, database, tables, owner, anchors.get(owner))


def verify_organization(
    session: Session, database: Database, tables: Iterable[Table], organization_id: str, anchor: Anchor | None
) -> Iterator[Tampering]:
    """What is wrong with one organization, as a session sees it."""
    check = _Check(session, database.vault, database.service, organization_id)
    yield from check.chain(anchor)
    for table in _protected(tables):
        yield from check.rows(table)
    yield from check.gone()


def _protected(tables: Iterable[Table]) -> list[Table]:
    return [table for table in (*tables, table_of(EventEntry)) if MAC in table.columns]


def _organizations(session: Session, protected: Iterable[Table], anchors: Mapping[str, Anchor]) -> list[str]:
    tables = (*protected, table_of(AuditEntry), table_of(ChainHead))
    every = union(*(select(table.c.organization_id) for table in tables))
    return sorted({*session.connection().execute(every).scalars(), *anchors})


class _Named:
    """The MAC that the chain names for each row, None where it says that the row was deleted."""

    def __init__(self) -> None:
        # The empty name is a private file on disk, which goes with the connection.
        self._file = sqlite3.connect("", isolation_level=None)
        self._file.execute("PRAGMA journal_mode = OFF")
        self._file.execute(
            "CREATE TABLE named (place TEXT, key TEXT, mac TEXT, PRIMARY KEY (place, key)) WITHOUT ROWID"
        )

    def add(self, changes: Iterable[list[str | None]]) -> None:
        self._file.executemany("INSERT OR REPLACE INTO named VALUES (?, ?, ?)", changes)

    def take(self, table: str, key: str) -> tuple[str | None] | None:
        """None where the chain never named the row."""
        found: tuple[str | None] | None = self._file.execute(
            "SELECT mac FROM named WHERE place = ? AND key = ?", (table, key)
        ).fetchone()
        self._file.execute("DELETE FROM named WHERE place = ? AND key = ?", (table, key))
        return found

    def left(self) -> Iterator[tuple[str, str]]:
        yield from self._file.execute("SELECT place, key FROM named WHERE mac IS NOT NULL ORDER BY place, key")
        self._file.close()


class _Check:
    """One organization of one service."""

    def __init__(self, session: Session, vault: Vault, service: str, organization_id: str) -> None:
        self._session, self._vault = session, vault
        self._service, self._organization_id = service, organization_id
        self._named = _Named()
        self._end = Anchor(0, "")

    def chain(self, anchor: Anchor | None) -> Iterator[Tampering]:
        """Every entry, its link to the one before, and where the chain ends."""
        chained = False
        for entry in self._stream(table_of(AuditEntry), "sequence"):
            before = self._end
            self._end = Anchor(entry["sequence"], entry[MAC])
            row = f"{entry['sequence']} {entry['id']}"
            if entry["sequence"] != before.sequence + 1:
                missing = f"{before.sequence + 1} to {entry['sequence'] - 1}"
                yield self._found(ENTRIES, missing, "deleted: the chain is broken here")
            elif not chained and not entry[MAC]:
                continue  # from before there was a chain; none can be added, since the first link has its number
            elif chained and entry["previous_mac"] != before.mac:
                yield self._found(ENTRIES, row, "the chain is broken before it")
            chained = True
            if not self._holds(entry):
                yield self._found(ENTRIES, row, "changed or inserted: its MAC does not hold")
            if anchor is not None and anchor.sequence == self._end.sequence and anchor.mac != self._end.mac:
                yield self._found(ENTRIES, row, "another entry than the one that the anchor names")
            self._named.add(entry["changes"])
        yield from self._end_of_chain(anchor)

    def _holds(self, entry: dict[str, Any]) -> bool:
        table = table_of(AuditEntry)
        try:
            for name in sealed_columns(table):
                if entry[name] is not None:
                    kind = cast(SealedText, table.c[name].type)
                    entry[name] = kind.from_bytes(self._open(table, name, entry))
        except SealBroken:
            return False
        data = canonical_entry(self._service, cast(AuditEntry, SimpleNamespace(**entry)))
        return self._vault.mac_holds(self._organization_id, PURPOSE, data, entry[MAC])

    def _end_of_chain(self, anchor: Anchor | None) -> Iterator[Tampering]:
        heads = table_of(ChainHead)
        query = select(heads.c.sequence, heads.c.mac).where(heads.c.organization_id == self._organization_id)
        head = self._session.connection().execute(query).first()
        end = self._end.sequence
        known = max(head.sequence if head else 0, anchor.sequence if anchor else 0)
        if known > end:
            by = "the anchor" if anchor is not None and anchor.sequence == known else "the head of the chain"
            what = f"tail cut, or the database rolled back: {by} knows entry {known}, and the chain ends at {end}"
            yield self._found(ENTRIES, f"{end + 1} to {known}", what)
        if head is None or (head.sequence, head.mac) != self._end:
            yield self._found("chain_heads", "head", f"is not the end of the chain, which is entry {end}")

    def rows(self, table: Table) -> Iterator[Tampering]:
        """Every row of a protected table."""
        for row in self._stream(table, *(column.name for column in table.primary_key)):
            key = row_key(table, row)
            named = self._named.take(table.name, key)
            what = self._wrong(table, row, named)
            if what is not None:
                yield self._found(table.name, key, what)

    def _wrong(self, table: Table, row: dict[str, Any], named: tuple[str | None] | None) -> str | None:
        if named is None:
            return "inserted: the chain never named it"
        if not is_authentic(self._vault, self._service, table, row):
            return "changed: its MAC does not hold"
        if named[0] is None:
            return "inserted again: the chain says that it was deleted"
        if named[0] != row[MAC]:
            return "rolled back: the chain names a newer state"
        for name in sealed_columns(table):
            try:
                if row[name] is not None:
                    self._open(table, name, row)
            except SealBroken:
                return f"changed: its {name} does not open"
        return None

    def gone(self) -> Iterator[Tampering]:
        """What the chain names and no table has."""
        for table, key in self._named.left():
            yield self._found(table, key, "deleted: the chain names it and it is not there")

    def _open(self, table: Table, name: str, row: Mapping[str, Any]) -> bytes:
        place = place_of(table, name, self._organization_id, row["id"], row.get("version"))
        return self._vault.open(place, bytes(row[name]))

    def _stream(self, table: Table, *order: str) -> Iterator[dict[str, Any]]:
        query = select(table).where(table.c.organization_id == self._organization_id)
        query = query.order_by(*(table.c[name] for name in order))
        options = {"stream_results": True, "yield_per": ROWS_AT_ONCE}
        for row in self._session.connection().execute(query, execution_options=options).mappings():
            yield dict(row)

    def _found(self, table: str, row: str, what: str) -> Tampering:
        return Tampering(self._service, table, self._organization_id, row, what)
