"""A service's database as its code wants it, whichever process comes first.

An empty database gets all of its history. One that is used gets, while others may serve, what only expands; what
contracts waits for the operator (`shared.database.schema`). On PostgreSQL a migration that has to wait for a lock gives
up after a second and tries again: behind a long transaction it would wait, and everybody else behind it.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from itertools import takewhile

import stamina
import structlog
from alembic.script import Script, ScriptDirectory
from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

from shared.database.engine import WRITES, Database
from shared.database.history import MIGRATION_LOCK, upgrade
from shared.database.schema import CONTRACT, EXPAND, Fitness, Standing, after, fitness, kind_of, knows, standing_of
from shared.database.tenancy import is_secured
from shared.startup import CannotStart

LOCK_MS = 1000
STATEMENT_MS = 15_000
"""What only adds takes no longer, unless something is wrong; the requests of everybody wait for it."""
DDL_SECONDS = 120.0
"""How long a migration is tried again, or waits for another process that migrates."""
PAUSE_SECONDS = 0.1
MAX_PAUSE_SECONDS = 5.0
IN_THE_WAY = ("55P03", "40P01", "57014")
"""SQLSTATEs: no lock in time, a deadlock, a statement that took too long."""
LONGEST = text(
    "SELECT pid, application_name, xact_start FROM pg_stat_activity WHERE datname = current_database() "
    "AND pid <> pg_backend_pid() AND xact_start IS NOT NULL ORDER BY xact_start LIMIT 1"
)
log = structlog.get_logger()


class SchemaUnfit(CannotStart):
    """The database is at a version that this code cannot work on, or could not be brought to the one that it wants."""


def migrate(
    database: Database,
    service: str,
    *,
    contract: bool = False,
    exact: bool = False,
    migrations: Traversable | None = None,
    patience_seconds: float = DDL_SECONDS,
) -> list[Script]:
    """Bring a service's database to what its code wants; does nothing when it is there and, on PostgreSQL, secured.
    Answers what waits. With `contract`, nothing does: nobody may be there who does not know it. With `exact`, a
    database that knows more than this code is refused also where it was only expanded. `migrations` is the history, if
    not the service's own. Raises SchemaUnfit."""
    history = _History(service, migrations)
    standing = _standing(database)
    if standing.revision is not None and not knows(history.scripts, standing.revision):
        history.refuse_newer(standing, exact=exact or contract)
        return []
    if contract:
        history.refuse_processes(database, standing)
    if standing.revision is None or history.to_run(standing, contract=contract) or not _is_secured(database):
        _run(database, history, contract=contract, patience_seconds=patience_seconds)
        standing = _standing(database)
    waiting = history.after(standing)
    if any(kind_of(script) != CONTRACT for script in waiting):
        raise SchemaUnfit(
            f"the database of {service} waits for migration {waiting[0].revision}, which processes of an earlier "
            "version would not survive; stop those, then run: handbill migrate --contract"
        )
    return waiting


def head_of_history(service: str) -> str:
    """The revision that this Handbill's tables of a service have."""
    return str(scripts_of(service).get_current_head())


def history_of(service: str) -> Traversable:
    """Where a service's migrations are."""
    return files(f"services.{service}") / "migrations"


@cache
def scripts_of(service: str) -> ScriptDirectory:
    """A service's migrations. alembic compiles each file anew whenever it looks, so a process looks once."""
    return ScriptDirectory(str(history_of(service)))


def is_known(service: str, revision: str) -> bool:
    """Whether a revision is one of this Handbill's; a newer one has others."""
    return knows(scripts_of(service), revision)


def fitness_of(service: str, standing: Standing) -> Fitness:
    """How a service's database stands to this Handbill's code."""
    return fitness(scripts_of(service), standing)


class _History:
    """A service's migrations, and what of them is to be done."""

    def __init__(self, service: str, migrations: Traversable | None) -> None:
        self.service, self.migrations = service, migrations or history_of(service)
        self.scripts = ScriptDirectory(str(migrations)) if migrations else scripts_of(service)

    def after(self, standing: Standing) -> list[Script]:
        # Another process of a newer Handbill may have been here in between.
        known = standing.revision is not None and knows(self.scripts, standing.revision)
        return after(self.scripts, standing.revision or "") if known else []

    def to_run(self, standing: Standing, *, contract: bool) -> list[Script]:
        waiting = self.after(standing)
        return waiting if contract else list(takewhile(lambda script: kind_of(script) == EXPAND, waiting))

    def refuse_processes(self, database: Database, standing: Standing) -> None:
        """Where processes are there that would not survive what is to run."""
        ends = [script.revision for script in self.after(standing) if kind_of(script) != EXPAND]
        # Revisions are numbers of four digits.
        earlier = sorted(code for code in database.presence.codes() if ends and code < ends[-1])
        if earlier:
            raise SchemaUnfit(
                f"processes of an earlier version, which know migrations up to {', '.join(earlier)} only, still use "
                f"the database of {self.service}, and would not survive {ends[-1]}; stop those first"
            )

    def refuse_newer(self, standing: Standing, *, exact: bool) -> None:
        if fitness(self.scripts, standing) is Fitness.NEWER:
            raise SchemaUnfit(
                f"the database of {self.service} was made by a newer Handbill (it is at {standing.revision}); run that "
                "one, or restore the backup from before"
            )
        if exact:
            raise SchemaUnfit(
                f"the database of {self.service} is at {standing.revision}, which a newer Handbill has added to; this "
                "command looks at all of it, so run that Handbill's"
            )


def _run(database: Database, history: _History, *, contract: bool, patience_seconds: float) -> None:
    """One migration after the other, each in a transaction of its own, until none is left to run."""
    with _alone(database, history.service) as connection:
        while _patiently(connection, history, contract, patience_seconds):
            pass


def _patiently(connection: Connection, history: _History, contract: bool, patience_seconds: float) -> bool:
    """The next migration, tried again while others are in its way."""
    try:
        for attempt in stamina.retry_context(
            on=_is_in_the_way,
            attempts=None,
            timeout=patience_seconds,
            wait_initial=PAUSE_SECONDS,
            wait_max=MAX_PAUSE_SECONDS,
        ):
            with attempt:
                try:
                    return _next(connection, history, contract=contract)
                except BaseException:
                    connection.rollback()
                    raise
    except DBAPIError as error:
        if not _is_in_the_way(error):
            raise
        longest = connection.execute(LONGEST).first()
        who = f"; the longest transaction is of process {longest.pid} ({longest.application_name})" if longest else ""
        raise SchemaUnfit(
            f"the database of {history.service} could not be migrated in {patience_seconds:g} s, since others work on "
            f"its tables{who}; nothing was changed, try again"
        ) from None
    return False


def _is_in_the_way(error: Exception) -> bool:
    return isinstance(error, DBAPIError) and getattr(error.orig, "sqlstate", None) in IN_THE_WAY


def _next(connection: Connection, history: _History, *, contract: bool) -> bool:
    """Run what comes next, and say whether there was something. Read within the transaction that runs it, since
    another process may have been faster."""
    standing = standing_of(connection)
    if standing.revision is None:
        upgrade(connection, history.migrations, "head", while_serving=False)
        return False
    if not knows(history.scripts, standing.revision):
        return False
    waiting = history.to_run(standing, contract=contract)
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql(f"SET LOCAL lock_timeout = {LOCK_MS}")
        if waiting and kind_of(waiting[0]) == EXPAND:
            connection.exec_driver_sql(f"SET LOCAL statement_timeout = {STATEMENT_MS}")
    # To where it stands, where nothing is to run: what secures tables is done again.
    target = waiting[0].revision if waiting else standing.revision
    upgrade(connection, history.migrations, target, while_serving=True)
    if waiting:
        log.info("migrated", service=history.service, revision=target, kind=kind_of(waiting[0]))
    return len(waiting) > 1


@contextmanager
def _alone(database: Database, service: str) -> Iterator[Connection]:
    """A connection, while no other process migrates this database. On SQLite its transactions see to that."""
    if database.engine.dialect.name != "postgresql":
        with database.engine.connect() as connection:
            yield connection
        return
    lock = {"lock": MIGRATION_LOCK}
    ends = time.monotonic() + DDL_SECONDS
    with database.engine.execution_options(isolation_level="READ COMMITTED").connect() as connection:
        # Asked again and again: an index that is made CONCURRENTLY waits for every transaction that waits for a lock.
        while not connection.execute(text("SELECT pg_try_advisory_lock(:lock)"), lock).scalar():
            connection.rollback()
            if time.monotonic() > ends:
                raise SchemaUnfit(f"another process migrates the database of {service}, and takes long; wait for it")
            time.sleep(PAUSE_SECONDS)
        connection.commit()
        try:
            yield connection
        finally:
            connection.rollback()
            connection.execute(text("SELECT pg_advisory_unlock(:lock)"), lock)
            connection.commit()


def _standing(database: Database) -> Standing:
    with database.engine.execution_options(**{WRITES: False}).connect() as connection:
        return standing_of(connection)


def _is_secured(database: Database) -> bool:
    if database.engine.dialect.name != "postgresql":
        return True
    with database.engine.connect() as connection:
        return is_secured(connection)
