"""Files that only their owner may read (mode 0600): keys, credentials, and what an operator has imported.

A file is written whole or not at all, so that nobody ever reads half of it, also after a power cut.
"""

import os
import secrets
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from shared.startup import CannotStart

OTHERS, OWNER = 0o077, 0o600


class ReadableByOthers(CannotStart, PermissionError):
    """The file may be read by others than its owner."""


def refuse_open(path: Path) -> None:
    """Raises ReadableByOthers for a file or folder that anybody but its owner may look into; does nothing where there
    is none."""
    if path.exists() and path.stat().st_mode & OTHERS:
        raise ReadableByOthers(f"{path} may be read by others; run: chmod {'700' if path.is_dir() else '600'} {path}")


def write_private_file(path: Path, content: Callable[[], bytes], *, replace: bool = False) -> None:
    """Write `content()` to a 0600 file. Without `replace`, a file that is there, or that another process makes at
    this moment, stays as it is. Raises OSError, with the path as its file name."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    draft = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    try:
        _write(draft, content())
        if replace:
            draft.replace(path)
        else:
            with suppress(FileExistsError):
                # Unlike a rename this fails where a file is there: the first process wins, and none ever sees half a
                # file.
                os.link(draft, path)
    except OSError as error:
        raise OSError(error.errno, error.strerror, str(path)) from None
    finally:
        draft.unlink(missing_ok=True)


def read_private_file(path: Path, max_bytes: int = -1) -> bytes:
    """The file's content, at most `max_bytes` of it. Raises ReadableByOthers, and OSError."""
    refuse_open(path)
    with path.open("rb") as file:
        return file.read(max_bytes)


def open_private_log(path: Path) -> int:
    """A descriptor that appends to a 0600 file, which is made where it is not there. Raises OSError."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, OWNER)
    os.fchmod(descriptor, OWNER)
    return descriptor


def _write(draft: Path, content: bytes) -> None:
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, OWNER), "wb") as file:
        file.write(content)
        file.flush()
        # Before it gets its name: what is sealed with a key that a power cut took is lost.
        os.fsync(file.fileno())
