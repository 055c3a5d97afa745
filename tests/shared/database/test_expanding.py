"""A migration keeps nobody from working on PostgreSQL, whatever transactions are open, and comes through in the end."""

import threading
import time
from contextlib import contextmanager

import psycopg
import pytest
from sqlalchemy import inspect

from shared.database.migrating import SchemaUnfit, migrate
from tests.shared.database.histories import ADD_COLUMN, ADD_INDEX, ADD_TABLE, LaterHistory

pytestmark = pytest.mark.parametrize("database_kind", ["postgresql"], indirect=True)
INSERT = "INSERT INTO chain_heads (organization_id, id, event_sequence, sequence, mac) VALUES (%s, 'head', 0, 0, '')"
SOON_SECONDS = 3.0


@pytest.fixture
def later(tmp_path):
    return LaterHistory(tmp_path)


@pytest.fixture
def notes(database):
    migrate(database, "notes")
    return database


@pytest.fixture
def connect(database_url):
    """A superuser's connection, whom no policy binds."""
    plain = database_url.replace("postgresql+psycopg://", "postgresql://", 1)
    return lambda: psycopg.connect(plain)


class Migrating:
    """A migration under way in a thread."""

    def __init__(self, database, later):
        self.failed = []
        self._thread = threading.Thread(target=self._run, args=(database, later))
        self._thread.start()

    def _run(self, database, later):
        try:
            migrate(database, "notes", migrations=later.folder)
        except BaseException as error:
            self.failed.append(error)

    def is_over(self, seconds=0.0):
        self._thread.join(seconds)
        return not self._thread.is_alive()


@contextmanager
def open_transaction(connect, *statements):
    """A transaction that has done something and does not end."""
    with connect() as connection:
        for statement in statements:
            connection.execute(statement)
        yield
        connection.rollback()


def slowest_reads(connect, seconds):
    """How long reads of the notes take in that time, the slowest of them."""
    slowest, ends = 0.0, time.monotonic() + seconds
    with connect() as connection:
        connection.autocommit = True
        while time.monotonic() < ends:
            begins = time.monotonic()
            connection.execute("SELECT count(*) FROM notes")
            slowest = max(slowest, time.monotonic() - begins)
            time.sleep(0.02)
    return slowest


def test_a_column_waits_for_a_long_transaction_and_nobody_waits_for_the_column(notes, later, connect):
    later.add("expand", ADD_COLUMN)
    with open_transaction(connect, "SELECT count(*) FROM notes"):
        migrating = Migrating(notes, later)
        assert slowest_reads(connect, 4.0) < SOON_SECONDS
        assert not migrating.is_over()
    assert migrating.is_over(20)
    assert migrating.failed == []
    assert "room" in {column["name"] for column in inspect(notes.engine).get_columns("notes")}


def test_a_new_table_does_not_wait_for_who_uses_the_others(notes, later, connect):
    later.add("expand", ADD_TABLE)
    with open_transaction(connect, "SELECT count(*) FROM notes", "SELECT count(*) FROM chain_heads"):
        migrating = Migrating(notes, later)
        assert migrating.is_over(10)
    assert migrating.failed == []


def test_rows_are_written_while_an_index_waits_for_a_long_transaction(notes, later, connect):
    later.add("expand", ADD_INDEX.replace("notes", "chain_heads").replace("version", "sequence"))
    with open_transaction(connect, "INSERT INTO chain_heads VALUES ('org_w', 'head', 0, 0, '')"):
        migrating = Migrating(notes, later)
        with connect() as connection:
            connection.execute("SET statement_timeout = '3s'")
            for number in range(20):
                connection.execute(INSERT, (f"org_{number}",))
                connection.commit()
                time.sleep(0.05)
        assert not migrating.is_over()
    assert migrating.is_over(20)
    assert migrating.failed == []


def test_what_is_left_of_an_index_that_was_cut_short_is_made_anew(notes, later, connect):
    later.add("expand", ADD_INDEX)
    with connect() as connection:
        connection.execute("CREATE INDEX notes_by_version ON notes (id)")
    migrate(notes, "notes", migrations=later.folder)
    found = {index["name"]: index["column_names"] for index in inspect(notes.engine).get_indexes("notes")}
    assert found["notes_by_version"] == ["organization_id", "version"]


def test_a_process_that_starts_beside_a_migration_waits_for_it_and_does_not_stand_in_its_way(
    notes, later, connect, reopened_as
):
    later.add("expand", ADD_INDEX)
    with open_transaction(connect, "INSERT INTO chain_heads VALUES ('org_w', 'head', 0, 0, '')"):
        both = [Migrating(notes, later), Migrating(reopened_as("0009"), later)]
        time.sleep(1.5)
    assert [one.is_over(20) for one in both] == [True, True]
    assert [one.failed for one in both] == [[], []]


def test_a_transaction_that_never_ends_is_named(notes, later, connect):
    later.add("expand", ADD_COLUMN)
    with (
        open_transaction(connect, "SET application_name = 'a report'", "SELECT count(*) FROM notes"),
        pytest.raises(SchemaUnfit, match=r"the longest transaction is of process \d+ \(a report\)"),
    ):
        migrate(notes, "notes", migrations=later.folder, patience_seconds=1.5)
