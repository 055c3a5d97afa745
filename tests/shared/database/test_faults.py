"""A database that is gone, locked or damaged: 503 with a code, one line for the operator, nothing lost, and it works
again by itself when the cause is gone. A disk that is full, a file and a folder that may not be written are tried on a
running service (`tests/services/cli/test_real_faults.py`)."""

import shutil
import sqlite3
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import event, text
from sqlalchemy.exc import DBAPIError
from sqlmodel import select
from structlog.testing import capture_logs

from shared.database import Database
from shared.database.faults import CHANGED, POSTGRESQL_FAULTS, SQLITE_FAULTS, fault_of
from shared.errors import Unavailable
from tests.shared.database.tables import Account, Base

sqlite_only = pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
postgresql_only = pytest.mark.parametrize("database_kind", ["postgresql"], indirect=True)
CONFLICTS = 20


def add(database: Database, identifier: str, balance_cents: int = 0) -> None:
    database.run(
        lambda session: session.add(Account(organization_id="org_a", id=identifier, balance_cents=balance_cents))
    )


def accounts(database: Database) -> list[str]:
    with database.reading() as session:
        return sorted(row.id for row in session.exec(select(Account)))


def refused(call) -> tuple[str, str]:
    """The code and the sentence of the 503 that a call is answered with."""
    with pytest.raises(Unavailable) as error:
        call()
    assert error.value.headers == {"Retry-After": "2"}
    return error.value.problem_code, error.value.detail


@pytest.fixture
def impatient(tables, database_url, master_keys):
    """The same database, for which a write waits a moment alone."""
    database = Database(database_url, master_keys, "test", wait_seconds=0.1)
    yield database
    database.close()


@pytest.fixture
def file(database_url) -> Path:
    return Path(database_url.removeprefix("sqlite:///"))


@postgresql_only
def test_a_write_that_meets_others_twenty_times_is_made_all_the_same(tables) -> None:
    """As one of fifty equal PUTs that come at once does."""
    add(tables, "acc_1")
    attempts = []

    def raise_balance(session) -> None:
        row = session.get(Account, ("org_a", "acc_1"))
        attempts.append(row.balance_cents)
        if len(attempts) <= CONFLICTS:
            with tables.engine.begin() as rival:
                rival.execute(text("UPDATE accounts SET balance_cents = balance_cents + 10"))
        row.balance_cents += 1
        session.add(row)

    tables.run(raise_balance)
    assert attempts == [10 * turn for turn in range(CONFLICTS + 1)]


@postgresql_only
def test_a_write_that_meets_others_for_too_long_is_told_that_the_database_is_busy(impatient) -> None:
    add(impatient, "acc_1")

    def always_too_late(session) -> None:
        row = session.get(Account, ("org_a", "acc_1"))
        with impatient.engine.begin() as rival:
            rival.execute(text("UPDATE accounts SET balance_cents = balance_cents + 10"))
        row.balance_cents += 1
        session.add(row)

    with capture_logs() as lines:
        code, said = refused(lambda: impatient.run(always_too_late))
    assert (code, said.partition(";")[2]) == (
        "database_busy",
        " nothing was written, and the same request may be sent again",
    )
    assert [line for line in lines if line["event"] == "database_busy"] == []


@sqlite_only
def test_a_database_that_somebody_else_has_locked(impatient, file) -> None:
    with sqlite3.connect(file, isolation_level=None) as other, capture_logs() as lines:
        other.execute("BEGIN IMMEDIATE")
        for _ in range(2):
            assert refused(lambda: add(impatient, "acc_1")) == (
                "database_locked",
                "the database is locked by another program; nothing was written, and the same request may be sent "
                "again",
            )
        assert refused(impatient.ping)[0] == "database_locked"
        assert accounts(impatient) == []
        other.execute("ROLLBACK")
        impatient.ping()
        add(impatient, "acc_1")
    other.close()
    assert accounts(impatient) == ["acc_1"]
    assert [(line["event"], line["log_level"]) for line in lines] == [
        ("database_locked", "error"),
        ("database_works_again", "warning"),
    ]
    assert lines[0]["database"] == file.name
    assert lines[0]["advice"].startswith("End the program that holds its lock")


@sqlite_only
def test_a_page_that_is_damaged(tables, file, open_database, database_url) -> None:
    for number in range(300):
        add(tables, f"acc_{number:055}")
    tables.close()
    with file.open("r+b") as raw:
        for number in [n for n in range(1, file.stat().st_size // 4096) if b"acc_" in _page(raw, n)]:
            raw.seek(number * 4096)
            raw.write(b"\xff" * 4096)
    damaged = open_database(database_url)
    with capture_logs() as lines:
        for _ in range(2):
            assert refused(lambda: accounts(damaged))[0] == "database_damaged"
        damaged.run(lambda session: session.connection().execute(text("UPDATE key_checks SET id = id")))
        # That another page can be written does not make this one whole.
        assert refused(damaged.ping)[0] == "database_damaged"
    assert [line["advice"] for line in lines] == [
        "Stop the service, look at the disk, and restore the database from its backup."
    ]


def _page(raw, number: int) -> bytes:
    raw.seek(number * 4096)
    return raw.read(4096)


@sqlite_only
def test_a_file_that_was_moved_away_is_not_made_anew_and_serves_when_it_is_back(tables, file) -> None:
    add(tables, "acc_1")
    tables.close()
    aside = file.with_name("aside")
    file.rename(aside)
    assert refused(lambda: add(tables, "acc_2"))[0] == "database_unavailable"
    assert refused(tables.ping)[0] == "database_unavailable"
    assert not file.exists()
    aside.rename(file)
    add(tables, "acc_2")
    assert accounts(tables) == ["acc_1", "acc_2"]


@sqlite_only
def test_a_file_that_was_replaced_is_the_one_that_is_written_from_then_on(tables, file, open_database) -> None:
    add(tables, "acc_1")
    with sqlite3.connect(file) as source, sqlite3.connect(file.with_name("copy")) as copy:
        source.backup(copy)
    source.close()
    copy.close()
    add(tables, "acc_lost")
    file.with_name("copy").rename(file)
    for rest in ("-wal", "-shm"):
        file.with_name(file.name + rest).unlink()
    add(tables, "acc_2")
    assert accounts(open_database(f"sqlite:///{file}")) == ["acc_1", "acc_2"]
    shutil.rmtree(file.with_name("copy"), ignore_errors=True)


@sqlite_only
def test_the_file_and_what_sqlite_puts_beside_it_are_their_owners_alone(tables, file) -> None:
    add(tables, "acc_1")
    modes = {one.name: one.stat().st_mode & 0o777 for one in file.parent.glob(f"{file.name}*")}
    assert modes == {file.name + rest: 0o600 for rest in ("", "-wal", "-shm")}


@postgresql_only
def test_a_server_that_ends_in_the_middle_of_a_write(tables, postgresql) -> None:
    def cut(session) -> None:
        session.add(Account(organization_id="org_a", id="acc_1"))
        session.flush()
        _end_connections(postgresql, tables)
        session.exec(select(Account)).all()

    code, said = refused(lambda: tables.run(cut))
    assert (code, "nothing was written" in said) == ("database_unavailable", True)
    add(tables, "acc_2")
    assert accounts(tables) == ["acc_2"]


@postgresql_only
def test_a_server_that_ends_while_it_is_read(tables, postgresql) -> None:
    def read() -> None:
        with tables.reading() as session:
            _end_connections(postgresql, tables)
            session.exec(select(Account)).all()

    assert refused(read)[0] == "database_unavailable"
    assert accounts(tables) == []


@postgresql_only
def test_a_server_that_ends_at_the_commit_leaves_open_whether_it_was_written(tables, postgresql) -> None:
    cut = [True]

    @event.listens_for(tables.engine, "commit")
    def on_commit(_connection) -> None:
        if cut and cut.pop():
            _end_connections(postgresql, tables)

    code, said = refused(lambda: add(tables, "acc_1"))
    assert code == "database_unavailable"
    assert said == (
        "the database does not answer; it is not known whether this was written: send the same request again, a POST "
        "with the same Idempotency-Key, and it has its effect once"
    )
    add(tables, "acc_2")
    assert accounts(tables) == ["acc_2"]


@postgresql_only
def test_a_server_that_takes_no_connections_for_a_while(tables, postgresql) -> None:
    add(tables, "acc_1")
    name = tables.engine.url.database
    postgresql._execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS false")
    _end_connections(postgresql, tables)
    with capture_logs() as lines:
        for _ in range(3):
            assert refused(lambda: add(tables, "acc_2"))[0] == "database_unavailable"
        assert refused(tables.ping)[0] == "database_unavailable"
        postgresql._execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS true")
        tables.ping()
    assert [line["event"] for line in lines] == ["database_unavailable", "database_works_again"]
    add(tables, "acc_2")
    assert accounts(tables) == ["acc_1", "acc_2"]


def _end_connections(postgresql, database: Database) -> None:
    name = database.engine.url.database
    postgresql._execute(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'")


def test_each_code_of_the_databases_is_one_of_the_faults() -> None:
    class Sqlite(sqlite3.OperationalError):
        sqlite_errorcode = 0

    for number, fault in SQLITE_FAULTS.items():
        one = Sqlite()
        one.sqlite_errorcode = number | (7 << 8)
        assert fault_of(DBAPIError("", {}, one)) is fault
    for number in (778, 1034, 4874):
        one = Sqlite()
        one.sqlite_errorcode = number
        assert fault_of(DBAPIError("", {}, one)).code == "database_full"
    states = {"57P01": "57", "08006": "08", "53300": "53", "58030": "58"}
    for state in (*POSTGRESQL_FAULTS, *states):
        if len(state) == 5:
            error = DBAPIError("", {}, psycopg.errors.lookup(state)())
            assert fault_of(error) is POSTGRESQL_FAULTS[states.get(state, state)]
    assert fault_of(DBAPIError("", {}, psycopg.errors.lookup(CHANGED)())).code == "database_busy"


def test_a_statement_that_is_wrong_is_our_mistake_and_no_fault_of_the_database(tables) -> None:
    Base.metadata.drop_all(tables.engine)
    with pytest.raises(DBAPIError):
        accounts(tables)
    tables.ping()
