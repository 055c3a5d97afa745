"""Whether a process is alive is known at once, however it ended."""

import subprocess
import sys
import time
from pathlib import Path

import pytest

from shared.database import Database

HOLD = """
import sys, time
from pathlib import Path
from shared.database import Database, LocalKeyring
database = Database(sys.argv[1], LocalKeyring(Path(sys.argv[2])), "test")
print(database.presence.begin(), flush=True)
time.sleep(60)
"""


def lives(database: Database, work: str | None) -> bool:
    with database.reading() as session:
        return database.presence.lives(session, work)


def soon_gone(database: Database, work: str) -> bool:
    """PostgreSQL sees a broken connection in the next moment, later on a busy machine: far sooner than a lease ends."""
    until = time.monotonic() + 10
    while lives(database, work):
        if time.monotonic() > until:
            return False
        time.sleep(0.005)
    return True


@pytest.fixture
def another(database_url, open_database) -> Database:
    """The database as another process sees it."""
    return open_database(database_url)


def test_work_lives_until_it_ends_for_this_process_and_until_the_process_ends_for_others(database, another) -> None:
    work, second = database.presence.begin(), database.presence.begin()
    assert work.partition(".")[0] == second.partition(".")[0]
    assert lives(database, work)
    assert lives(another, work)
    database.presence.end(work)
    assert not lives(database, work)
    assert lives(another, second)
    database.presence.close()
    assert soon_gone(another, second)
    assert not lives(another, work)


def test_two_that_look_at_once_do_not_take_each_other_for_the_holder(database, another, reopened) -> None:
    work = database.presence.begin()
    database.presence.close()
    third = reopened()
    assert soon_gone(another, work)
    with another.reading() as one, third.reading() as two:
        assert not another.presence.lives(one, work)
        assert not third.presence.lives(two, work)


def test_work_that_names_no_process_counts_as_alive(database) -> None:
    """So that the lease of its reservation decides."""
    assert lives(database, None)
    assert lives(database, ".0123")


def test_a_process_that_is_killed_is_gone_at_once(database, database_url, tmp_path) -> None:
    command = [sys.executable, "-c", HOLD, database_url, str(tmp_path / "other.key")]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as child:
        work = child.stdout.readline().strip()
        assert lives(database, work)
        child.kill()
        child.wait()
        assert soon_gone(database, work)


@pytest.mark.parametrize("database_kind", ["postgresql"], indirect=True)
def test_a_presence_that_the_server_has_lost_is_taken_again_under_another_name(database, another, postgresql) -> None:
    work = database.presence.begin()
    name = database.engine.url.database
    postgresql._execute(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'")
    assert soon_gone(another, work)
    second = database.presence.begin()
    assert second.partition(".")[0] != work.partition(".")[0]
    assert lives(another, second)


@pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
def test_files_of_processes_that_are_gone_are_removed_by_the_next(database, another, database_url) -> None:
    folder = Path(database_url.removeprefix("sqlite:///")).with_suffix(".processes")
    gone = database.presence.begin()
    database.presence.close()
    assert (folder / gone.partition(".")[0]).exists()
    here = another.presence.begin()
    assert [file.name for file in folder.iterdir()] == [here.partition(".")[0]]
    assert (folder.stat().st_mode & 0o777, next(folder.iterdir()).stat().st_mode & 0o777) == (0o700, 0o600)


@pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
def test_without_a_lock_the_work_names_no_process(database, another, database_url) -> None:
    Path(database_url.removeprefix("sqlite:///")).with_suffix(".processes").write_text("")
    work = database.presence.begin()
    assert work.startswith(".")
    assert lives(another, work)


@pytest.mark.parametrize("database_kind", ["postgresql"], indirect=True)
def test_a_process_is_seen_also_while_its_pool_has_no_connection(reopened_as, database) -> None:
    idle = reopened_as("0042")
    idle.presence.begin()
    idle.engine.dispose()
    assert "0042" in database.presence.codes()
