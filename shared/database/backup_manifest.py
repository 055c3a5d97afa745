"""What a backup says of itself: which databases are in it, at which revision, with how many rows, the sum of every
file, and which master keys open it. Neither keys nor credentials are in a backup.

The manifest is authenticated: its digest is wrapped under a master key, as a key of an organization is, so whoever has
no key of the installation cannot change a file together with its sum.
"""

import json
from base64 import b64decode, b64encode
from collections.abc import Iterator
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from shared.database.keyring import PUT_BACK, KeyPort, MasterKeyMissing, WrapBroken, WrappedKey
from shared.private_files import write_private_file
from shared.startup import CannotStart

MANIFEST = "manifest.json"
CONTEXT = b"backup\0manifest"
MAX_BYTES = 10_000_000
CHUNK_BYTES = 1 << 20
Name = Annotated[str, StringConstraints(pattern=r"^[a-z_][a-z0-9_]{0,62}$")]
FileName = Annotated[str, StringConstraints(pattern=r"^[a-z_]+(/[a-z0-9_]+)?\.(sqlite|copy|json)$")]
Sum = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
Kind = Literal["sqlite", "postgresql"]


class BackupRefused(CannotStart):
    """It is no backup, is not whole, was changed, or does not fit this installation."""


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, strict=True, extra="forbid")


class TableCopy(_Part):
    """A table as it was: how many rows, and its columns in the order of the copy."""

    rows: int = Field(ge=0)
    columns: list[Name]


class DatabaseCopy(_Part):
    """One service's database. `files` are SHA-256 sums by path below the backup's folder."""

    service: Name
    kind: Kind
    revision: str
    master_keys: list[str]
    tables: dict[Name, TableCopy]
    files: dict[FileName, Sum]

    @property
    def rows(self) -> int:
        """Of all tables."""
        return sum(table.rows for table in self.tables.values())


class Manifest(_Part):
    """A whole backup; `made_at` is wall time (ISO 8601), `anchors` are further files with their sums."""

    format: Literal["handbill-backup-1"] = "handbill-backup-1"
    handbill: str
    made_at: str
    databases: list[DatabaseCopy]
    anchors: dict[FileName, Sum]

    @property
    def files(self) -> dict[str, str]:
        """Every file's sum."""
        return {**self.anchors, **{name: value for one in self.databases for name, value in one.files.items()}}

    @property
    def master_keys(self) -> set[str]:
        """The ids of the master keys that open what is in it."""
        return {name for one in self.databases for name in one.master_keys}

    def digest(self) -> bytes:
        """32 bytes that stand for all of it."""
        return sha256(json.dumps(self.model_dump(), sort_keys=True, separators=(",", ":")).encode()).digest()


def write_manifest(folder: Path, manifest: Manifest, master: KeyPort) -> None:
    """The last file of a backup; without it there is none."""
    seal = master.wrap(manifest.digest(), CONTEXT)
    content = {"manifest": manifest.model_dump(), "seal": {"key": seal.key_id, "value": b64encode(seal.blob).decode()}}
    write_private_file(folder / MANIFEST, lambda: json.dumps(content, indent=1).encode())


def read_manifest(folder: Path, master: KeyPort) -> Manifest:
    """Raises BackupRefused where it is none, was changed, or where the keys that it needs are not here."""
    file = folder / MANIFEST
    try:
        with file.open("rb") as opened:
            found = json.loads(opened.read(MAX_BYTES))
        manifest = Manifest.model_validate_json(json.dumps(found["manifest"]))
        datetime.fromisoformat(manifest.made_at)
        seal = WrappedKey(str(found["seal"]["key"]), b64decode(found["seal"]["value"], validate=True))
    except (FileNotFoundError, NotADirectoryError):
        raise BackupRefused(f"{folder} has no {MANIFEST}: it is no backup, or one that was not finished") from None
    except (ValidationError, ValueError, KeyError, TypeError):
        raise BackupRefused(f"{file} is damaged, or is of another Handbill; take another backup") from None
    try:
        holds = master.unwrap(seal, CONTEXT) == manifest.digest()
    except MasterKeyMissing:
        raise BackupRefused(f"the backup needs master key {seal.key_id}, which is not here; {PUT_BACK}") from None
    except WrapBroken:
        holds = False
    if not holds:
        raise BackupRefused(f"{file} was changed after the backup was made; take another backup")
    return manifest


def check_files(folder: Path, manifest: Manifest) -> None:
    """Raises BackupRefused for the first file that is not there, or is not as it was written."""
    for name, expected in sorted(manifest.files.items()):
        file = folder / name
        if not file.is_file():
            raise BackupRefused(f"{file} is missing; take another backup")
        for _chunk in checked(file, expected):
            pass


def checked(file: Path, expected: str) -> Iterator[bytes]:
    """The file in pieces; its sum is that of these very bytes. Raises BackupRefused after the last where it is another
    one: whoever has used them throws away what came of it."""
    digest = sha256()
    with file.open("rb") as opened:
        while chunk := opened.read(CHUNK_BYTES):
            digest.update(chunk)
            yield chunk
    if digest.hexdigest() != expected:
        raise BackupRefused(f"{file} was changed after the backup was made, or is damaged; take another backup")


def sum_of(file: Path) -> str:
    """SHA-256 in hex."""
    digest = sha256()
    with file.open("rb") as opened:
        while chunk := opened.read(CHUNK_BYTES):
            digest.update(chunk)
    return digest.hexdigest()
