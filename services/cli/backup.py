"""What `handbill backup` and `handbill restore` do: all databases of an installation, copied at one moment while
services serve, and made again from that copy elsewhere.

A restore is made in a folder of its own, `restoring` in the data folder, and verified there by reading everything back.
While that folder is there, no process opens a database of the installation, so half a restore is never taken for one.
"""

import json
import os
import secrets
import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime
from importlib.metadata import version
from pathlib import Path

from sqlalchemy import make_url
from sqlmodel import select

from services.cli.audit import chosen, opened, verify_services
from services.cli.composition import SERVICES, check_writable
from services.cli.errors import CommandFailed
from services.cli.keys import metadata_of, open_keyring
from shared.database import LocalKeyring
from shared.database.anchors import AnchorDamaged, Anchors
from shared.database.backup_manifest import (
    BackupRefused,
    DatabaseCopy,
    Manifest,
    check_files,
    read_manifest,
    sum_of,
    write_manifest,
)
from shared.database.heads import ChainHead
from shared.database.migrating import is_known
from shared.database.opening import database_faults, open_database
from shared.database.restoring import (
    drop_tables,
    refuse_file,
    refuse_processes,
    refuse_tables,
    restore_file,
    restore_tables,
    restoring,
)
from shared.database.sealed_rows import BrokenSeal, SealCount
from shared.database.sealed_rows import verify as verify_seals
from shared.database.snapshots import snapshot
from shared.private_files import read_private_file, write_private_file
from shared.settings import Settings

ORDER = ("claims", "notes", "eligibility", "clearinghouse", "access")
"""Who refers to others is copied before them: what it refers to is then there."""
WORKFLOWS = "claims-workflows"
NOTE = "last-backup.json"
MAX_NOTE_BYTES = 10_000
Say = Callable[[str], object]


@dataclass(frozen=True, slots=True)
class LastBackup:
    """When and where this installation was last backed up."""

    made_at: datetime
    folder: str


def last_backup(settings: Settings) -> LastBackup | None:
    """None where no backup was made, or nothing is known of one."""
    try:
        noted = json.loads(read_private_file(settings.data_dir / NOTE, MAX_NOTE_BYTES))
        return LastBackup(datetime.fromisoformat(noted["made_at"]), str(noted["folder"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None


def backup(settings: Settings, folder: Path, now: datetime) -> Manifest:
    """Copy the databases that are there into a new folder (0700). It gets its name when it is whole."""
    master = open_keyring(settings)
    services = sorted(chosen(settings, None), key=ORDER.index)
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise CommandFailed(f"{folder} is there already; a backup is written to a new folder")
    draft = folder.with_name(f".{folder.name}.{secrets.token_hex(4)}")
    draft.mkdir(parents=True, mode=0o700)
    try:
        # Before the databases: an anchor must not know more than the chain that it is held against.
        anchors = _copy_anchors(settings.anchors_dir, draft / "anchors", services)
        copies = _copy_databases(settings, services, draft)
        manifest = Manifest(
            handbill=version("handbill"),
            made_at=now.isoformat(),
            databases=copies,
            anchors={f"anchors/{name}": value for name, value in anchors.items()},
        )
        for copy in copies:
            missing = set(copy.master_keys) - set(master.read().keys)
            if missing:
                raise BackupRefused(f"the database of {copy.service} needs master key {', '.join(sorted(missing))}")
        write_manifest(draft, manifest, master)
        if folder.exists():
            folder.rmdir()
        draft.rename(folder)
        noted = json.dumps({"made_at": manifest.made_at, "folder": str(folder)}).encode()
        write_private_file(settings.data_dir / NOTE, lambda: noted, replace=True)
    except BaseException:
        shutil.rmtree(draft, ignore_errors=True)
        raise
    return manifest


def restore(settings: Settings, folder: Path, now: datetime, say: Say) -> None:
    """Make the databases of an installation that has none from a backup. Raises BackupRefused where it is not whole,
    was changed, is newer than this Handbill, or does not fit; then nothing is left behind."""
    check_writable(settings.data_dir)
    master = open_keyring(settings)
    manifest = read_manifest(folder, master)
    _refuse_unfit(settings, manifest, master)
    check_files(folder, manifest)
    say(f"{len(manifest.files)} files are as they were written at {manifest.made_at} by Handbill {manifest.handbill}")
    staging = settings.unfinished_restore
    staging.mkdir(mode=0o700)
    staged = _staged(settings, staging)
    with ExitStack() as undo:
        undo.callback(shutil.rmtree, staging, ignore_errors=True)
        (staging / "keys").symlink_to(settings.keyring_file.parent.resolve())
        if manifest.anchors:
            services = [one.service for one in manifest.databases]
            found = _copy_anchors(folder / "anchors", staged.anchors_dir, services)
            if {f"anchors/{name}": value for name, value in found.items()} != manifest.anchors:
                raise BackupRefused(f"{folder / 'anchors'} was changed while it was read; take another backup")
        _fill(staged, folder, manifest, undo)
        for copy in manifest.databases:
            say(f"{copy.service}: {copy.rows} rows in {len(copy.tables)} tables, as many as were backed up")
        for copy in manifest.databases:
            open_database(staged, copy.service, contract=True).close()
        _verify(staged, manifest, say)
        _put_in_place(settings, staged, manifest, now, say, undo)
        undo.pop_all()
    shutil.rmtree(staging)


def _copy_databases(settings: Settings, services: list[str], folder: Path) -> list[DatabaseCopy]:
    urls = {service: settings.database_url_of(service) for service in services}
    with ExitStack() as stack:
        snapshots = []
        for service in services:
            stack.enter_context(database_faults(urls[service], service))
            snapshots.append(stack.enter_context(snapshot(urls[service], service)))
        return [one.copy_to(folder) for one in snapshots]


def _copy_anchors(source: Path, target: Path, services: list[str]) -> dict[str, str]:
    """The files of anchors, by name, with their sums."""
    found = {}
    for file in [source / f"{service}.json" for service in services]:
        if file.is_file():
            write_private_file(target / file.name, file.read_bytes)
            found[file.name] = sum_of(target / file.name)
    return found


def _refuse_unfit(settings: Settings, manifest: Manifest, master: LocalKeyring) -> None:
    missing = sorted(manifest.master_keys - set(master.read().keys))
    if missing:
        raise BackupRefused(
            f"the backup needs master key {', '.join(missing)}, which is not here; run: handbill keys restore FILE"
        )
    for copy in manifest.databases:
        url = settings.database_url_of(copy.service)
        if copy.service not in SERVICES or not is_known(copy.service, copy.revision):
            raise BackupRefused(
                f"the backup was made by a newer Handbill ({manifest.handbill}; {copy.service} is at {copy.revision}); "
                "restore it with that one"
            )
        if make_url(url).get_backend_name() != copy.kind:
            raise BackupRefused(f"the backup is of {copy.kind}; set HANDBILL_DATABASE_URL to databases of that kind")
        if copy.kind == "postgresql":
            with database_faults(url, copy.service), restoring(url) as connection:
                refuse_tables(connection, copy.service)
        else:
            refuse_file(url, copy.service)
        with database_faults(url, copy.service):
            refuse_processes(url, copy.service)
    if settings.database_url.startswith("sqlite"):
        # What is left of workflows would name work of rows that are not those of the backup.
        refuse_file(settings.database_url_of(WORKFLOWS), "the worker")
    if settings.unfinished_restore.exists():
        raise BackupRefused(
            f"{settings.unfinished_restore} is left of a restore that was not finished; see that the databases are "
            "empty, remove that folder, and restore again"
        )


def _staged(settings: Settings, staging: Path) -> Settings:
    """The same installation, with everything that a restore makes in a folder of its own; PostgreSQL's databases
    are where they are."""
    changes: dict[str, object] = {"data_dir": staging}
    if settings.database_url.startswith("sqlite"):
        changes["database_url"] = "sqlite:///{data_dir}/{service}.sqlite"
    return settings.model_copy(update=changes)


def _fill(staged: Settings, folder: Path, manifest: Manifest, undo: ExitStack) -> None:
    with ExitStack() as stack:
        connections = []
        for copy in manifest.databases:
            url = staged.database_url_of(copy.service)
            stack.enter_context(database_faults(url, copy.service))
            if copy.kind == "sqlite":
                restore_file(folder, copy, Path(make_url(url).database or ""))
                continue
            connection = stack.enter_context(restoring(url))
            restore_tables(folder, copy, connection)
            connections.append((url, connection))
        # All are made before the first one is there for others.
        for url, connection in connections:
            connection.commit()
            undo.callback(_drop, url)


def _drop(url: str) -> None:
    with restoring(url) as connection:
        drop_tables(connection)


def _verify(staged: Settings, manifest: Manifest, say: Say) -> None:
    """Read everything back: open what is sealed, and hold rows and chains against their MACs."""
    services = [one.service for one in manifest.databases]
    count = SealCount()
    broken: list[BrokenSeal] = []
    for service in services:
        with opened(staged, service) as database:
            broken += verify_seals(database, metadata_of(service), count)
    if broken:
        raise BackupRefused(f"{len(broken)} sealed values do not open, the first is {' '.join(broken[0])}")
    say(f"{count.values} sealed values open")
    found = list(verify_services(staged, services, None, None))
    if found:
        raise BackupRefused(f"{len(found)} rows are not as Handbill wrote them; the first is {found[0]}")
    say(f"audit trails and rows are as Handbill wrote them: {', '.join(services)}")


def _lost(settings: Settings, staged: Settings, manifest: Manifest) -> Iterator[str]:
    """What the anchors of before know and the backup does not have, a line for each trail."""
    for copy in manifest.databases:
        with opened(staged, copy.service) as database, database.reading() as session:
            try:
                before = Anchors(settings.anchors_dir, database.vault, copy.service, 0).read()
            except AnchorDamaged as damaged:
                yield str(damaged)
                continue
            ends = {head.organization_id: head.sequence for head in session.exec(select(ChainHead))}
            for owner, anchor in sorted(before.items()):
                end = ends.get(owner, 0)
                if anchor.sequence > end:
                    yield f"{copy.service} {owner}: entries {end + 1} to {anchor.sequence} of the audit trail are lost"


def _put_in_place(
    settings: Settings, staged: Settings, manifest: Manifest, now: datetime, say: Say, undo: ExitStack
) -> None:
    if settings.anchors_dir.exists():
        for line in _lost(settings, staged, manifest):
            say(line)
        aside = settings.data_dir / f"anchors.before-{now:%Y%m%dT%H%M%S}"
        settings.anchors_dir.rename(aside)
        say(f"anchors of before are in {aside}; held against them, `audit verify` says that tails are cut")
    if staged.anchors_dir.exists():
        staged.anchors_dir.rename(settings.anchors_dir)
    if settings.database_url.startswith("sqlite"):
        for copy in manifest.databases:
            target = Path(make_url(settings.database_url_of(copy.service)).database or "")
            target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            undo.callback(target.unlink, missing_ok=True)
            shutil.move(staged.database_url_of(copy.service).removeprefix("sqlite:///"), target)
    os.sync()
