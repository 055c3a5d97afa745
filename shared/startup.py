"""What keeps a process from starting, and a person can fix: one sentence instead of a traceback."""

import errno

FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
"""EFBIG is a limit on the size of files, which is how a full disk looks to a process with `ulimit -f`."""
NOT_ALLOWED = frozenset({errno.EACCES, errno.EPERM, errno.EROFS})
NOT_A_FOLDER = frozenset({errno.ENOTDIR, errno.EEXIST})


DISK_FULL = "cannot be written: the disk is full; free some space, or choose a folder on another disk"


class CannotStart(Exception):
    """The text is a sentence for whoever runs the process: what is wrong, and how to fix it."""


def file_fault(error: OSError) -> str | None:
    """The sentence for a file or folder that cannot be used; None where the error is of another kind."""
    name = error.filename or "a file"
    if error.errno in FULL:
        return f"{name} {DISK_FULL}"
    if error.errno in NOT_ALLOWED and error.filename:
        return f"{name} cannot be used: {_lower(error)}; let this user read and write there, or choose another folder"
    if error.errno in NOT_A_FOLDER and error.filename:
        return f"{name} cannot be made: a file is where a folder should be; remove the file, or choose another folder"
    if error.errno == errno.EISDIR and error.filename:
        return f"{name} is a folder where a file should be; move it away"
    if error.errno == errno.ENOENT and error.filename:
        return f"{name} is not there, or cannot be made; run: handbill init"
    return None


def _lower(error: OSError) -> str:
    return (error.strerror or "it is refused").lower()
