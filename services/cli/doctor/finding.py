"""What a check finds: how bad it is, one sentence, and how to mend it."""

from dataclasses import dataclass
from enum import StrEnum


class Level(StrEnum):
    """`warn`: it works, or could not be looked at; `fail`: something does not work, or will not."""

    OK = "ok"
    WARN = "warn"
    FAIL = "fail"


@dataclass(frozen=True, slots=True)
class Finding:
    """Neither sentence holds a secret or tells of a person."""

    level: Level
    what: str
    mend: str = ""


def ok(what: str) -> Finding:
    """All is well, and this is what was looked at."""
    return Finding(Level.OK, what)


def warn(what: str, mend: str) -> Finding:
    """It works, and somebody should look at it."""
    return Finding(Level.WARN, what, mend)


def fail(what: str, mend: str) -> Finding:
    """It does not work."""
    return Finding(Level.FAIL, what, mend)


def failed_by(fault: Exception) -> Finding:
    """A fault whose text is a sentence for the operator, the mend behind its first semicolon (`CannotStart`)."""
    what, _, mend = str(fault).partition("; ")
    return fail(what, mend or "see the log of the process that meets it")
