"""The files of a directory, each read in pieces and let go; what cannot be read is named and stops nothing.

A symbolic link is not followed: it may lead out of the directory, or back into it.
"""

import os
import stat
from collections.abc import Iterator
from pathlib import Path

from services.claims.domain.histories.past_records import FileProblem, PastFile
from services.claims.domain.histories.read_past_file import MAX_FILE_BYTES, read_past_file
from services.cli.errors import CANNOT_START, CommandFailed
from services.cli.progress import PIECE_BYTES, watched

MAX_FILES = 50_000


def past_files(directory: Path) -> Iterator[PastFile]:
    """What each file holds, in the order of their paths, which are shown from the directory on. Raises CommandFailed
    where the directory cannot be read or has too many files."""
    if not directory.is_dir():
        raise CommandFailed(f"{directory} is no directory", status=CANNOT_START)
    found: list[tuple[str, Path | FileProblem]] = []
    for name, path in _paths(directory):
        found.append((name, path))
        if len(found) > MAX_FILES:
            raise CommandFailed(f"{directory} has more than {MAX_FILES} files; give its folders one by one")
    if not found:
        raise CommandFailed(f"{directory} has no files")
    for name, path in sorted(found, key=lambda each: each[0]):
        yield PastFile(name, problems=[path]) if isinstance(path, FileProblem) else _read(name, path)


def _paths(directory: Path) -> Iterator[tuple[str, Path | FileProblem]]:
    """(name, path) of each file, or why it is not read."""
    unreadable: list[OSError] = []
    for folder, folders, files in os.walk(directory, onerror=unreadable.append):
        for name in (*folders, *files):
            path = Path(folder) / name
            shown = str(path.relative_to(directory))
            mode = path.lstat().st_mode
            if stat.S_ISLNK(mode):
                yield shown, FileProblem("symbolic_link", "It is a symbolic link, which is not followed.")
            elif stat.S_ISREG(mode):
                yield shown, path
            elif not stat.S_ISDIR(mode):
                yield shown, FileProblem("no_file", "It is no regular file.")
    for error in unreadable:
        name = os.path.relpath(error.filename, directory)
        yield name, FileProblem("unreadable", f"The folder cannot be read: {error.strerror}.")


def _read(name: str, path: Path) -> PastFile:
    try:
        size = path.stat().st_size
        if size > MAX_FILE_BYTES:
            most = MAX_FILE_BYTES // 1024**2
            problem = FileProblem("too_large", f"It has more than {most} MB; split it between interchanges.")
            return PastFile(name, size_bytes=size, problems=[problem])
        with path.open("rb") as file:
            return read_past_file(name, watched(file, size, name, talks=False) if size > PIECE_BYTES else [file.read()])
    except OSError as error:
        return PastFile(name, problems=[FileProblem("unreadable", f"It cannot be read: {error.strerror}.")])
