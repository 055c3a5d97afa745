"""What an archive of an organization says of itself: whose it is, at which revisions, how many rows of what, where the
audit trail and the event feed ended, and size and sum of every file.

The sums show damage. Who changes a file together with its sum is not seen by them: a sealed archive is authenticated
by its passphrase, and of one in the clear the digest of the manifest is compared, which both ends print.
"""

import json
import re
from collections import Counter
from datetime import datetime
from hashlib import sha256
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from shared.archives.archive import MANIFEST, Archive, ArchiveRefused, ArchiveWriter
from shared.ids import ID_PATTERN

ROWS = ".ndjson"
Name = Annotated[str, StringConstraints(pattern=r"^[a-z_][a-z0-9_]{0,62}$")]
Sum = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
Id = Annotated[str, StringConstraints(pattern=ID_PATTERN)]
Count = Annotated[int, Field(ge=0, le=2**31 - 1)]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, strict=True, extra="forbid")


class FileEntry(_Part):
    """`rows` is how many lines a file of rows has; null for an X12 file."""

    bytes: Count
    sha256: Sum
    rows: Count | None = None


class TrailEnd(_Part):
    """The number of the last entry of an audit trail, and the MAC that it has where it was written."""

    sequence: Count
    mac: Annotated[str, StringConstraints(max_length=100)]


class ServiceContent(_Part):
    """One service: the revision of its tables, the number of the last event of its feed, the end of its audit trail,
    and how many rows each table has."""

    revision: str
    last_event: Count
    audit_trail: TrailEnd
    rows: dict[Name, Count]


class ArchiveManifest(_Part):
    """A whole archive; `exported_at` is wall time (ISO 8601)."""

    format: Literal["handbill-organization-1"] = "handbill-organization-1"
    export_id: Id
    handbill: str
    exported_at: str
    organization_id: Id
    services: dict[Name, ServiceContent]
    files: dict[str, FileEntry]

    def digest(self) -> str:
        """64 hex digits that stand for all of it."""
        return sha256(json.dumps(self.model_dump(), sort_keys=True, separators=(",", ":")).encode()).hexdigest()


class Listing:
    """Writes members and keeps what the manifest says of each."""

    def __init__(self, writer: ArchiveWriter) -> None:
        self._writer = writer
        self.files: dict[str, FileEntry] = {}

    def add(self, name: str, content: bytes, rows: int | None = None) -> None:
        """The next member."""
        self._writer.add(name, content)
        self.files[name] = FileEntry(bytes=len(content), sha256=sha256(content).hexdigest(), rows=rows)

    def close(self, manifest: ArchiveManifest) -> None:
        """The manifest, which is last."""
        self._writer.add(MANIFEST, manifest.model_dump_json(indent=1).encode())


def rows_file(service: str, table: str, number: int) -> str:
    """The name of a file of rows; `number` counts from 1."""
    return f"{service}/{table}-{number:04}{ROWS}"


def read_manifest(archive: Archive) -> ArchiveManifest:
    """The manifest, after the whole archive was read and held against it. Raises ArchiveRefused."""
    found: dict[str, FileEntry] = {}
    manifest: ArchiveManifest | None = None
    for name, content in archive.members():
        if name == MANIFEST:
            manifest = _parse(content)
        else:
            rows = content.count(b"\n") if name.endswith(ROWS) else None
            found[name] = FileEntry(bytes=len(content), sha256=sha256(content).hexdigest(), rows=rows)
    assert manifest is not None  # an archive without one has been refused
    for name in sorted(found.keys() | manifest.files.keys()):
        check_file(manifest, name, found.get(name))
    _check_counts(manifest)
    return manifest


def check_file(manifest: ArchiveManifest, name: str, found: FileEntry | None) -> None:
    """Raises ArchiveRefused for a file that is not there, is not listed, or is not as it was written."""
    listed = manifest.files.get(name)
    if listed is None:
        raise ArchiveRefused(f"{name} is not in the archive's list of files; take another copy")
    if found is None:
        raise ArchiveRefused(f"{name} is in the archive's list of files and is missing; take another copy")
    if listed != found:
        raise ArchiveRefused(f"{name} was changed after the export, or is damaged; take another copy")


def _parse(content: bytes) -> ArchiveManifest:
    try:
        manifest = ArchiveManifest.model_validate_json(content)
        datetime.fromisoformat(manifest.exported_at)
    except (ValidationError, ValueError):
        raise ArchiveRefused(f"{MANIFEST} is damaged, or is of another version of Handbill's exports") from None
    return manifest


def _check_counts(manifest: ArchiveManifest) -> None:
    listed: Counter[tuple[str, str]] = Counter()
    for name, entry in manifest.files.items():
        service, _, file = name.partition("/")
        if entry.rows is not None:
            listed[service, re.sub(r"-\d+\.ndjson$", "", file)] += entry.rows
    counted = {(service, table): rows for service, one in manifest.services.items() for table, rows in one.rows.items()}
    for service, table in sorted(listed.keys() | counted.keys()):
        rows, expected = listed[service, table], counted.get((service, table))
        if rows != expected:
            raise ArchiveRefused(
                f"{service}/{table} has {rows} rows, and {expected} in the manifest; take another copy"
            )
