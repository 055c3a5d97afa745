"""An organization's rows of one service, written into an archive and made again from one.

Written, they are of one moment, and a few rows are in memory at a time. Made again, all of it is the caller's one
transaction: the audit trail first, each entry with its number and linked anew; then the rows, with an entry after each
batch (`organization.imported`) that names them with their new MACs. So the trail goes on where it was, says from which
entry on it was written here, and is whole for `handbill audit verify`.
"""

import re
from collections.abc import Callable, Iterator
from hashlib import sha256
from typing import Any

import msgspec
from sqlalchemy import ColumnElement
from sqlmodel import Session, SQLModel, select

from shared.archives import Archive, ArchiveRefused
from shared.archives.manifest import (
    ArchiveManifest,
    FileEntry,
    Listing,
    ServiceContent,
    TrailEnd,
    check_file,
    rows_file,
)
from shared.clocks import Clock
from shared.contracts.common import Actor
from shared.database.chain import append_entries
from shared.database.engine import Database
from shared.database.heads import ChainHead, head_of
from shared.database.operations import AUDIT, IMPORTED, AuditEntry, EventEntry, add_audit
from shared.database.organization_rows import (
    ORGANIZATION,
    RowRefused,
    encode_line,
    members_of,
    row_from,
    x12_of,
)
from shared.database.tables import table_of
from shared.ids import Ids

ROWS_AT_ONCE = 200
PART_BYTES = 4_000_000
BATCH_ROWS = 500
COMMAND_LINE = "command_line"
TakeIn = Callable[[Session, str], None]
SEQUENCE = "sequence"


class OrganizationThere(ArchiveRefused):
    """The organization has rows here already, which did not come from this archive."""


def end_of_trail(session: Session, organization_id: str) -> tuple[int, TrailEnd]:
    """(last event, end of the audit trail). Read first, it fixes the moment of the session's snapshot."""
    head = session.exec(select(ChainHead).where(ChainHead.organization_id == organization_id)).first()
    if head is None:
        return 0, TrailEnd(sequence=0, mac="")
    return head.event_sequence, TrailEnd(sequence=head.sequence, mac=head.mac)


def write_rows(
    session: Session, service: str, models: list[type[SQLModel]], owner: str, listing: Listing
) -> dict[str, int]:
    """Every row of the organization, table by table, and the X12 that rows hold beside them. How many rows each table
    has."""
    return {table_of(model).name: _write_table(session, service, model, owner, listing) for model in models}


def _write_table(session: Session, service: str, model: type[Any], owner: str, listing: Listing) -> int:
    name, rows, part, lines, number = table_of(model).name, 0, bytearray(), 0, 1
    for row in _stream(session, model, owner):
        part += encode_line(members_of(row)) + b"\n"
        rows, lines = rows + 1, lines + 1
        for kind, text in x12_of(row):
            file = f"{service}/x12/{row.id}.{re.sub('[^A-Za-z0-9]', '', kind) or 'X12'}.edi"
            listing.add(file, text.encode())
        if len(part) >= PART_BYTES:
            listing.add(rows_file(service, name, number), bytes(part), lines)
            part, lines, number = bytearray(), 0, number + 1
    if lines:
        listing.add(rows_file(service, name, number), bytes(part), lines)
    return rows


def _stream(session: Session, model: type[Any], owner: str) -> Iterator[Any]:
    table = table_of(model)
    keys = [table.c[SEQUENCE]] if SEQUENCE in table.c else list(table.primary_key)
    query = select(model).where(table.c[ORGANIZATION] == owner).order_by(*(_bytewise(session, key) for key in keys))
    yield from session.exec(query.execution_options(yield_per=ROWS_AT_ONCE))


def _bytewise(session: Session, column: Any) -> ColumnElement[Any]:
    """The same order on every database: PostgreSQL's own follows its locale."""
    is_text = session.get_bind().dialect.name == "postgresql" and column.type.python_type is str
    order: ColumnElement[Any] = column.collate("C") if is_text else column
    return order


class Importing:
    """What one import brings, and who does it."""

    def __init__(self, manifest: ArchiveManifest, archive: Archive, clock: Clock, ids: Ids, actor: Actor) -> None:
        self.manifest, self.archive = manifest, archive
        self.clock, self.ids, self.actor = clock, ids, actor

    @property
    def organization_id(self) -> str:
        """Whose rows they are."""
        return self.manifest.organization_id

    def is_done(self, session: Session) -> bool:
        """Whether this database has them from this very export already: an import that was cut off is done again."""
        query = select(AuditEntry.id).where(
            AuditEntry.organization_id == self.organization_id,
            AuditEntry.action == IMPORTED,
            AuditEntry.request_id == self.manifest.export_id,
        )
        return session.exec(query.limit(1)).first() is not None

    def refuse_present(self, session: Session, service: str, models: list[type[SQLModel]]) -> None:
        """Raises OrganizationThere."""
        for table in (*map(table_of, models), table_of(ChainHead)):
            owner: Any = table.c[ORGANIZATION]
            if session.exec(select(owner).where(owner == self.organization_id).limit(1)).first() is not None:
                raise OrganizationThere(
                    f"{self.organization_id} is in the database of {service} already, and an import overwrites nothing"
                )

    def fill(self, session: Session, database: Database, models: list[type[SQLModel]], take_in: TakeIn | None) -> int:
        """Make the rows of one service in the session's transaction, and let it `take_in` the organization. How many.
        Raises ArchiveRefused, and what `take_in` raises."""
        filling = _Filling(self, session, database)
        by_name = {table_of(model).name: model for model in models}
        for name, content in self.archive.members():
            service, _, file = name.partition("/")
            if service != database.service or not name.endswith(".ndjson"):
                continue
            lines = content.removesuffix(b"\n").split(b"\n")
            entry = FileEntry(bytes=len(content), sha256=sha256(content).hexdigest(), rows=content.count(b"\n"))
            # Read once more than when it was checked, so it may be another one now.
            check_file(self.manifest, name, entry)
            filling.take(name, by_name[file.rpartition("-")[0]], lines)
        filling.end(take_in)
        return filling.rows


class _Filling:
    """One service's part of an import, under way."""

    def __init__(self, importing: Importing, session: Session, database: Database) -> None:
        self._importing, self._session, self._database = importing, session, database
        self._content: ServiceContent = importing.manifest.services[database.service]
        self._batch: list[SQLModel] = []
        self._announced = False
        self._left_behind: dict[tuple[str, str], str | None] = {}
        self.rows = 0

    def take(self, name: str, model: type[SQLModel], lines: list[bytes]) -> None:
        """The lines of one file."""
        owner, vault = self._importing.organization_id, self._database.vault
        for number, line in enumerate(lines, 1):
            try:
                row = row_from(model, msgspec.json.decode(line), owner, vault)
                self._add(row)
            except (RowRefused, msgspec.DecodeError, UnicodeError) as refused:
                what = refused if isinstance(refused, RowRefused) else "it is no JSON"
                raise ArchiveRefused(
                    f"{name}, line {number}: {what}; the archive is damaged or of another version"
                ) from None

    def end(self, take_in: TakeIn | None) -> None:
        """What is left of a batch, what follows from the rows, and where the event feed goes on."""
        self._write()
        self._announce()
        if take_in is not None:
            take_in(self._session, self._importing.organization_id)
            self._record(None)
        head = head_of(self._session, self._importing.organization_id)
        head.event_sequence, head.changed = self._content.last_event, True
        self._link()

    def _add(self, row: SQLModel) -> None:
        # A table at a time: what refers to others comes after them in the archive, and not always in a flush.
        if self._batch and type(row) is not type(self._batch[0]):
            self._write()
        if isinstance(row, AuditEntry) and (self._announced or row.sequence != self._next_entry()):
            raise RowRefused("its sequence does not follow the entry before")
        if isinstance(row, EventEntry) and not 0 < row.sequence <= self._content.last_event:
            raise RowRefused("its sequence is after the last event")
        if isinstance(row, AuditEntry):
            self._note_left_behind(row)
        self._batch.append(row)
        self.rows += 1
        if len(self._batch) == BATCH_ROWS:
            self._write()

    def _note_left_behind(self, entry: AuditEntry) -> None:
        """Rows that the trail names and that are made anew here, under other ids."""
        for table, key, mac in entry.changes:
            if table not in self._content.rows:
                self._left_behind[str(table), str(key)] = mac

    def _next_entry(self) -> int:
        return head_of(self._session, self._importing.organization_id).sequence + len(self._batch) + 1

    def _write(self) -> None:
        if not self._batch:
            return
        if isinstance(self._batch[0], AuditEntry):
            self._session.info.setdefault(AUDIT, []).extend(self._batch)
        else:
            self._announce()
            self._session.add_all(self._batch)
            self._record(None)
        self._batch = []
        self._link()

    def _announce(self) -> None:
        """The entry that says where the imported trail ends, and what proves it."""
        if self._announced:
            return
        self._announced = True
        manifest, end = self._importing.manifest, self._content.audit_trail
        if head_of(self._session, manifest.organization_id).sequence != end.sequence:
            raise ArchiveRefused(f"{self._database.service}: the audit trail is not as long as the manifest says")
        entry = self._record(
            f"Export {manifest.export_id} of {manifest.exported_at}; its manifest has the digest {manifest.digest()}. "
            f"Entries to {end.sequence} were written elsewhere; there the last one has the MAC {end.mac or '(none)'}."
        )
        entry.changes = [[table, key, None] for (table, key), mac in self._left_behind.items() if mac is not None]
        self._link()

    def _record(self, reason: str | None) -> AuditEntry:
        importing = self._importing
        return add_audit(
            self._session,
            importing.ids,
            organization_id=importing.organization_id,
            at=importing.clock.now(),
            client_id=COMMAND_LINE,
            action=IMPORTED,
            subject_id=importing.organization_id,
            actor=importing.actor,
            reason=reason,
            request_id=importing.manifest.export_id,
        )

    def _link(self) -> None:
        append_entries(self._session, self._database.vault, self._database.service)
        self._session.expunge_all()
