"""What can go wrong with a database while a service runs, told apart by the codes that SQLite and PostgreSQL give.

A caller gets 503 with one of these codes and may send the same request again; the operator finds one sentence in the
log when a fault begins and one when it is over. An error that is none of these is a mistake of ours, and stays a 500.
"""

from dataclasses import dataclass

import structlog
from sqlalchemy.exc import DBAPIError, IntegrityError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from shared.errors import Unavailable
from shared.telemetry.tally import Tally

log = structlog.get_logger()
RETRY_SECONDS = 2
NOT_WRITTEN = "nothing was written, and the same request may be sent again"
NOT_KNOWN = (
    "it is not known whether this was written: send the same request again, a POST with the same Idempotency-Key, and "
    "it has its effect once"
)
CHANGED = "40001"
"""PostgreSQL: serialization failure."""
DEADLOCK = "40P01"
DUPLICATE = "23505"
INTEGRITY = "23"
PRIMARY = 0xFF
"""SQLite's extended codes hold the primary one in their lowest byte."""


@dataclass(frozen=True, slots=True)
class DatabaseFault:
    """`said` is for the caller, `advice` for whoever runs the database."""

    code: str
    said: str
    advice: str


UNAVAILABLE = DatabaseFault(
    "database_unavailable",
    "the database does not answer",
    "See that the database runs and can be reached; the service goes on by itself when it can.",
)
FULL = DatabaseFault(
    "database_full",
    "the disk of the database is full",
    "Free some space on the disk of the database; the service goes on by itself.",
)
LOCKED = DatabaseFault(
    "database_locked",
    "the database is locked by another program",
    "End the program that holds its lock, such as a shell that is in a transaction; the service goes on by itself.",
)
READ_ONLY = DatabaseFault(
    "database_read_only",
    "the database cannot be written",
    "Let this user write the database file, those beside it (-wal, -shm) and the folder; or name the PostgreSQL server "
    "that takes writes.",
)
DAMAGED = DatabaseFault(
    "database_damaged",
    "the database is damaged",
    "Stop the service, look at the disk, and restore the database from its backup.",
)
BROKEN_DISK = DatabaseFault(
    "database_unavailable",
    "the database cannot be read or written",
    "Look at the disk of the database, which reports errors; the service goes on by itself when it works again.",
)
BUSY = DatabaseFault(
    "database_busy",
    "the database has more to do at once than it can",
    "More requests come at once than the database can take; spread them, or give it more connections or a faster disk.",
)
SQLITE_FAULTS = {
    3: READ_ONLY,  # PERM
    5: LOCKED,  # BUSY
    6: LOCKED,
    8: READ_ONLY,
    10: BROKEN_DISK,  # IOERR
    11: DAMAGED,  # CORRUPT
    13: FULL,
    14: UNAVAILABLE,  # CANTOPEN
    26: DAMAGED,  # NOTADB
}
SQLITE_WRITE_FAILED = frozenset({778, 1034, 4874})
"""IOERR_WRITE, IOERR_FSYNC, IOERR_SHMSIZE: how a limit on the size of files, and a network disk that is full, look."""
POSTGRESQL_FAULTS = {
    "08": UNAVAILABLE,
    "25006": READ_ONLY,
    "53": UNAVAILABLE,
    "53100": FULL,
    "55P03": LOCKED,
    "57": UNAVAILABLE,
    "58": BROKEN_DISK,
    "XX001": DAMAGED,
    "XX002": DAMAGED,
}
"""By SQLSTATE, or by its class, the first two characters."""


def fault_of(error: BaseException) -> DatabaseFault | None:
    """The fault behind a database error; None for an error of another kind."""
    if isinstance(error, PoolTimeout):
        return BUSY
    if not isinstance(error, DBAPIError) or isinstance(error, IntegrityError):
        return None
    number = getattr(error.orig, "sqlite_errorcode", None)
    if number is not None:
        return FULL if number in SQLITE_WRITE_FAILED else SQLITE_FAULTS.get(number & PRIMARY)
    state = getattr(error.orig, "sqlstate", None)
    if state in (CHANGED, DEADLOCK, DUPLICATE):
        return BUSY
    if state is not None:
        return POSTGRESQL_FAULTS.get(state) or POSTGRESQL_FAULTS.get(state[:2])
    # Without a code: the connection broke, or was never made.
    return UNAVAILABLE if isinstance(error, (OperationalError, InterfaceError)) else None


def met_another_write(error: BaseException) -> bool:
    """Whether PostgreSQL refused a transaction because of another one, so that it may be run again. SQLite never does:
    there a write waits for its turn when it begins."""
    return isinstance(error, DBAPIError) and getattr(error.orig, "sqlstate", None) in (CHANGED, DEADLOCK)


def is_refused(error: BaseException) -> bool:
    """Whether PostgreSQL itself refused a COMMIT, so that it surely had no effect. Any other error at a COMMIT, a
    server that was stopped in the middle too, leaves that open."""
    state = getattr(getattr(error, "orig", None), "sqlstate", None) or ""
    return state in (CHANGED, DEADLOCK) or state.startswith(INTEGRITY)


def is_duplicate(error: BaseException) -> bool:
    """Whether PostgreSQL found a key twice. Of two first writes at once it may call the second that, and not a
    serialization failure."""
    return isinstance(error, IntegrityError) and getattr(error.orig, "sqlstate", None) == DUPLICATE


class FaultLog:
    """One line when a fault begins and one when it is over, however many requests meet it; `met` counts those, by
    code."""

    def __init__(self, database: str) -> None:
        self._database = database
        self.present: DatabaseFault | None = None
        self.met = Tally()

    def begins(self, fault: DatabaseFault) -> None:
        """Note a fault that keeps the database from being written or read."""
        self.met.count(fault.code)
        # A database that is busy works.
        if fault not in (self.present, BUSY):
            self.present = fault
            log.error(fault.code, database=self._database, advice=fault.advice)

    def ends(self) -> None:
        """Note that a write was committed. That other pages are whole makes no damaged one whole."""
        if self.present not in (None, DAMAGED):
            log.warning("database_works_again", database=self._database, after=self.present.code)
            self.present = None


def unavailable(fault: DatabaseFault, *, written: str = NOT_WRITTEN) -> Unavailable:
    """The answer to a request that met the fault."""
    return Unavailable(f"{fault.said}; {written}", code=fault.code, headers={"Retry-After": str(RETRY_SECONDS)})
