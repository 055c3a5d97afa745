"""Folders and files: there, private, writable, and room on the disk."""

import os
from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import make_url

from services.cli.doctor.examination import Examination
from services.cli.doctor.finding import Finding, fail, ok, warn
from shared.private_files import OTHERS

LITTLE_BYTES, NEARLY_NONE_BYTES = 2_000_000_000, 200_000_000
PRIVATE_FOLDERS = ("keys", "credentials", "anchors")
MAX_FILES = 2_000
"""Files that are looked at in a folder; an installation has a few dozen."""


def folder(examination: Examination) -> Iterator[Finding]:
    """The installation's folder is there, for this user alone, and takes files."""
    path = examination.settings.data_dir.resolve()
    if not path.is_dir():
        yield fail(f"{path} is not there.", "Set HANDBILL_DATA_DIR to the installation's folder, or run: handbill init")
        return
    if path.stat().st_mode & OTHERS:
        yield fail(f"{path} may be read by others.", f"chmod 700 {path}")
    if not os.access(path, os.R_OK | os.W_OK | os.X_OK):
        yield fail(f"{path} cannot be read and written by this user.", "Let this user own it, or run as its owner.")
    if (restoring := examination.settings.unfinished_restore).exists():
        yield fail(
            f"{restoring} is there: a restore runs, or was not finished.",
            "Wait for it; else empty the databases, remove that folder, and restore again.",
        )
    yield ok(f"{path} is there, private and writable.")


def private_files(examination: Examination) -> Iterator[Finding]:
    """Whatever holds secrets or PHI may be read by its owner alone."""
    count = 0
    for path in _to_be_private(examination):
        count += 1
        if path.stat().st_mode & OTHERS:
            yield fail(f"{path} may be read by others.", f"chmod {'700' if path.is_dir() else '600'} {path}")
        elif not os.access(path, os.R_OK | os.W_OK):
            yield fail(f"{path} cannot be read and written by this user.", "Let this user own it.")
    yield ok(f"{count} files and folders are their owner's alone.")


def disk(examination: Examination) -> Iterator[Finding]:
    """Room on the disks of the installation and of its SQLite databases."""
    for path in sorted(
        {examination.settings.data_dir.resolve(), *(file.parent for file in _sqlite_files(examination))}
    ):
        if not path.is_dir():
            continue
        free = examination.free_bytes(path)
        said, mend = f"{path} has {free / 1e9:.1f} GB free.", "Free some space, or move the folder to another disk."
        yield fail(said, mend) if free < NEARLY_NONE_BYTES else warn(said, mend) if free < LITTLE_BYTES else ok(said)


def _to_be_private(examination: Examination) -> Iterator[Path]:
    settings = examination.settings
    for name in PRIVATE_FOLDERS:
        path = settings.data_dir.resolve() / name
        if path.is_dir():
            yield path
            yield from sorted(path.iterdir())[:MAX_FILES]
    keys = [settings.tls_file("key", service) for service in examination.services]
    others = [*keys, settings.metrics_token_file, settings.trading_partners_file, *_sqlite_files(examination)]
    yield from sorted({path for path in others if path is not None and path.is_file()})


def _sqlite_files(examination: Examination) -> list[Path]:
    urls = [make_url(examination.settings.database_url_of(service)) for service in examination.services]
    return [Path(url.database or "").resolve() for url in urls if url.get_backend_name() == "sqlite"]
