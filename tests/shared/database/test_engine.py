"""One write is one transaction that sees the world as if it were alone, on both databases."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import event, text
from sqlalchemy.exc import IntegrityError
from sqlmodel import select

from shared.errors import Unavailable
from tests.shared.database.tables import Account

THREADS = 6
TURNS = 8


def account(identifier: str = "acc_1", balance_cents: int = 0) -> Account:
    return Account(organization_id="org_a", id=identifier, balance_cents=balance_cents)


def balances(database) -> list[int]:
    with database.reading() as session:
        return sorted(row.balance_cents for row in session.exec(select(Account)))


@pytest.mark.safeguard("164.312(c)(1)")
def test_concurrent_writers_lose_no_update(tables) -> None:
    tables.run(lambda session: session.add(account()))

    def add_one(session) -> None:
        row = session.get(Account, ("org_a", "acc_1"))
        row.balance_cents += 1
        session.add(row)

    with ThreadPoolExecutor(THREADS) as pool:
        list(pool.map(lambda _: [tables.run(add_one) for _ in range(TURNS)], range(THREADS)))
    assert balances(tables) == [THREADS * TURNS]


def test_what_a_write_read_is_still_true_when_it_commits(tables) -> None:
    """Two writers each see the other's account empty and fill their own: write skew, which must not happen."""
    both_have_read = threading.Barrier(2, timeout=1)
    runs = []

    def fill(mine: str):
        def write(session) -> None:
            runs.append(mine)
            total = sum(row.balance_cents for row in session.exec(select(Account)))
            if len(runs) <= 2:
                try:
                    both_have_read.wait()
                except threading.BrokenBarrierError:
                    runs.append("the writers took turns")
            if total == 0:
                session.add(account(mine, 100))

        return write

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(lambda mine: tables.run(fill(mine)), ["acc_1", "acc_2"]))
    assert balances(tables) == [100]


def test_a_write_that_met_another_runs_again_from_the_start(tables, database_kind) -> None:
    tables.run(lambda session: session.add(account()))
    attempts = []

    def raise_balance(session) -> None:
        row = session.get(Account, ("org_a", "acc_1"))
        attempts.append(row.balance_cents)
        if len(attempts) == 1 and database_kind == "postgresql":
            with tables.engine.begin() as rival:
                rival.execute(text("UPDATE accounts SET balance_cents = 10"))
        row.balance_cents += 1
        session.add(row)

    tables.run(raise_balance)
    assert attempts == ([0, 10] if database_kind == "postgresql" else [0])
    assert balances(tables) == [11 if database_kind == "postgresql" else 1]


def test_a_write_waits_for_a_writer_who_holds_the_database(tables, database_kind) -> None:
    """SQLite has one writer at a time: the second waits at BEGIN, and does not fail."""
    holding, release = threading.Event(), threading.Event()

    def hold(session) -> None:
        session.add(account("acc_1", 1))
        session.flush()
        holding.set()
        release.wait(5)

    with ThreadPoolExecutor(2) as pool:
        first = pool.submit(tables.run, hold)
        assert holding.wait(5)
        second = pool.submit(tables.run, lambda session: session.add(account("acc_2", 2)))
        if database_kind == "sqlite":
            assert not second.done()
        release.set()
        first.result(10)
        second.result(10)
    assert balances(tables) == [1, 2]


@pytest.mark.safeguard("164.312(c)(1)")
def test_a_commit_that_fails_leaves_no_row_and_the_next_write_works(tables) -> None:
    failing = [True]

    @event.listens_for(tables.engine, "commit")
    def refuse(_connection) -> None:
        if failing and failing.pop():
            raise OSError("no space left on device")

    with pytest.raises(OSError, match="no space"):
        tables.run(lambda session: session.add(account("acc_1")))
    assert balances(tables) == []
    tables.run(lambda session: session.add(account("acc_2")))
    assert len(balances(tables)) == 1


def test_an_exception_inside_a_write_rolls_it_back_and_is_not_retried(tables) -> None:
    attempts = []

    def write(session) -> None:
        attempts.append(1)
        session.add(account())
        session.flush()
        raise KeyError("ours")

    with pytest.raises(KeyError):
        tables.run(write)
    assert (attempts, balances(tables)) == ([1], [])


def test_a_duplicate_key_that_is_no_race_is_found_soon(tables, database_kind) -> None:
    """PostgreSQL may call the second of two first writes a duplicate, so there it is tried a few times."""
    tables.run(lambda session: session.add(account()))
    attempts = []

    def again(session) -> None:
        attempts.append(1)
        session.add(account())

    with pytest.raises(IntegrityError):
        tables.run(again)
    assert attempts == ([1] if database_kind == "sqlite" else [1] * 4)


def test_reading_sees_one_moment_and_changes_nothing(tables) -> None:
    tables.run(lambda session: session.add(account("acc_1", 1)))
    with tables.reading() as session:
        before = [row.balance_cents for row in session.exec(select(Account))]
        tables.run(lambda other: other.add(account("acc_2", 2)))
        after = [row.balance_cents for row in session.exec(select(Account))]
    assert before == after == [1]
    assert balances(tables) == [1, 2]


def test_readers_do_not_wait_for_a_writer(tables) -> None:
    holding, release = threading.Event(), threading.Event()

    def hold(session) -> None:
        session.add(account("acc_1", 1))
        session.flush()
        holding.set()
        release.wait(5)

    with ThreadPoolExecutor(1) as pool:
        writing = pool.submit(tables.run, hold)
        assert holding.wait(5)
        assert balances(tables) == []
        release.set()
        writing.result(10)


def test_a_database_that_cannot_be_reached_is_unavailable(tmp_path, free_port, open_database) -> None:
    nowhere = open_database(f"postgresql+psycopg://postgres@127.0.0.1:{free_port()}/none")
    with pytest.raises(Unavailable) as refused:
        nowhere.run(lambda session: None)
    assert refused.value.problem_code == "database_unavailable"
    with pytest.raises(Unavailable), nowhere.reading():
        pass


@pytest.mark.safeguard("164.312(e)(1)")
def test_parameters_are_not_in_the_text_of_database_errors(tables) -> None:
    tables.run(lambda session: session.add(account("acc_canary")))
    with pytest.raises(IntegrityError) as refused:
        tables.run(lambda session: session.add(account("acc_canary", 77)))
    assert "[SQL parameters hidden" in str(refused.value)


def test_sqlite_is_durable_and_shared(tmp_path, open_database) -> None:
    database = open_database(f"sqlite:///{tmp_path}/deep/folder/x.sqlite")
    with database.engine.connect() as connection:
        pragmas = [connection.execute(text(f"PRAGMA {name}")).scalar() for name in ("journal_mode", "synchronous")]
        foreign_keys = connection.execute(text("PRAGMA foreign_keys")).scalar()
    assert (pragmas, foreign_keys) == (["wal", 2], 1)
    assert (tmp_path / "deep" / "folder").stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("database_kind", ["postgresql"], indirect=True)
def test_a_query_that_is_read_again_and_again_is_planned_once(tables) -> None:
    tables.run(lambda session: session.add(account()))
    for _ in range(8):
        balances(tables)
    with tables.reading() as session:
        prepared = session.connection().execute(text("SELECT statement FROM pg_prepared_statements")).scalars().all()
    assert [statement for statement in prepared if "FROM accounts" in statement] != []


def test_what_a_read_changes_is_thrown_away(tables, database_kind) -> None:
    tables.run(lambda session: session.add(account()))
    with tables.reading() as session:
        session.get(Account, ("org_a", "acc_1")).balance_cents = 5
        if database_kind == "sqlite":
            session.flush()
    assert balances(tables) == [0]
