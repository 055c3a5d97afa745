"""What keeps Handbill from starting is a sentence on standard error and exit status 2, never a traceback."""

import os
import socket
import sqlite3

import pytest

from shared.database.keyring import Keyring
from shared.settings import PORTS
from tests.harness.forked import run_forked

SERVICES = tuple(PORTS)


@pytest.fixture
def start(environment):
    """`start("init", HANDBILL_X="...", file_bytes=...)` runs a command in a process of its own, in which no file may
    become longer. Answers what it says on standard error, which is one sentence or more and no traceback."""

    def run(*arguments, file_bytes=None, **changes):
        done = run_forked(arguments, {**os.environ, **environment, **changes}, file_bytes)
        assert done.returncode == 2, done.stderr
        assert "Traceback" not in done.stderr
        assert done.stderr.startswith("handbill: ")
        return done.stderr

    return run


@pytest.mark.parametrize("command", ["init", "up"])
def test_a_full_disk(start, tmp_path, command):
    said = start(command, file_bytes=1_000)
    assert said == (
        f"handbill: {tmp_path / 'data'} cannot be written: the disk is full; free some space, or choose a folder on "
        "another disk\n"
    )


def test_a_disk_that_fills_up_while_the_database_is_made(start, tmp_path):
    said = start("init", file_bytes=20_000)
    assert said.startswith(f"handbill: {tmp_path / 'data' / 'access.sqlite'} cannot be ")
    assert "disk is full" in said


def test_a_folder_that_nobody_may_write_in(start):
    said = start("init", HANDBILL_DATA_DIR="/sys/handbill")
    assert said.startswith("handbill: /sys/handbill cannot be used: ")
    assert "let this user read and write there, or choose another folder" in said


def test_a_folder_that_cannot_be_made_or_is_a_file(start, tmp_path):
    (tmp_path / "file").write_text("")
    for folder in (tmp_path / "file", tmp_path / "file" / "below"):
        said = start("init", HANDBILL_DATA_DIR=str(folder))
        assert said.startswith(f"handbill: {folder} cannot be made: a file is where a folder should be")
    said = start("demo", "--keep", str(tmp_path / "file"))
    assert said.startswith(f"handbill: {tmp_path / 'file'} cannot be made: a file is where a folder should be")
    said = start("demo", "--keep", "/proc/handbill")
    assert said.startswith("handbill: /proc/handbill is not there, or cannot be made")


def test_a_damaged_database(start, handbill, tmp_path):
    assert handbill("init").returncode == 0
    (tmp_path / "data" / "notes.sqlite").write_bytes(b"no database" * 1000)
    for command in (["serve", "notes"], ["init"], ["up"]):
        assert start(*command) == (
            f"handbill: {tmp_path / 'data' / 'notes.sqlite'} is damaged; restore it from its backup\n"
        )


def test_a_database_of_a_newer_handbill(start, handbill, tmp_path):
    assert handbill("init").returncode == 0
    with sqlite3.connect(tmp_path / "data" / "notes.sqlite") as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999', contracted = '9998'")
    connection.close()
    assert "was made by a newer Handbill" in start("serve", "notes")


def test_postgresql_that_does_not_answer_is_named_without_its_password(start, free_port):
    url = f"postgresql+psycopg://biller:canary@127.0.0.1:{free_port()}/handbill_{{service}}"
    for command in (["init"], ["serve", "access"]):
        said = start(*command, HANDBILL_DATABASE_URL=url)
        assert "the database of access at postgresql+psycopg://biller:***@127.0.0.1:" in said
        assert "does not answer; see that PostgreSQL runs there" in said
        assert "canary" not in said


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("HANDBILL_DATABASE_URL", "mysql://db", "HANDBILL_DATABASE_URL: a database is sqlite:///"),
        (
            "HANDBILL_DATABASE_URL",
            "postgresql+psycopg://h:p@db:port/h",
            "HANDBILL_DATABASE_URL: a database on PostgreSQL is postgresql+psycopg://user:password@host:5432/name",
        ),
        ("HANDBILL_LOG_LEVEL", "loud", "HANDBILL_LOG_LEVEL: Input should be 'debug', 'info'"),
        ("HANDBILL_NOTES_URL", "notes:8402", "HANDBILL_NOTES_URL: an address looks like http://"),
        (
            "HANDBILL_SIMULATOR_TIME_ZONE",
            "Mars/Base",
            "HANDBILL_SIMULATOR_TIME_ZONE: a time zone looks like America/Los_Angeles",
        ),
        ("HANDBILL_SIMULATOR_STARTS_AT", "soon", "HANDBILL_SIMULATOR_STARTS_AT: Input should be a valid datetime"),
    ],
)
def test_a_setting_that_is_wrong_is_the_one_thing_that_is_said(start, name, value, sentence):
    said = start("up", **{name: value})
    assert said.startswith(f"handbill: {sentence}")
    assert len(said.splitlines()) == 1


def test_the_demo_too_says_what_setting_is_wrong(start):
    assert start("demo", HANDBILL_LOG_LEVEL="loud").startswith("handbill: HANDBILL_LOG_LEVEL: Input should be 'debug'")


@pytest.mark.safeguard("164.312(a)(1)", "API8")
def test_a_folder_or_a_database_that_others_may_read_is_refused(start, handbill, tmp_path):
    data = tmp_path / "data"
    assert handbill("init").returncode == 0
    data.chmod(0o755)
    for command in (["serve", "notes"], ["worker", "claims"], ["init"], ["up"]):
        assert start(*command) == f"handbill: {data} may be read by others; run: chmod 700 {data}\n"
    data.chmod(0o700)
    (data / "notes.sqlite").chmod(0o640)
    for command in (["serve", "notes"], ["init"]):
        assert start(*command) == (
            f"handbill: {data / 'notes.sqlite'} may be read by others; run: chmod 600 {data / 'notes.sqlite'}\n"
        )


def test_an_empty_folder_that_is_open_becomes_private(handbill, tmp_path):
    (tmp_path / "data").mkdir(mode=0o755)
    assert handbill("init").returncode == 0
    modes = {file: file.stat().st_mode & 0o077 for file in (tmp_path / "data").rglob("*")}
    assert (tmp_path / "data").stat().st_mode & 0o077 == 0
    assert [file for file, mode in modes.items() if mode] == []


@pytest.mark.parametrize("command", ["serve", "worker"])
def test_a_folder_that_is_missing_is_not_made_by_a_process_that_works_in_it(start, tmp_path, command):
    assert start(command, "claims") == (
        f"handbill: {tmp_path / 'data'} is not there; set HANDBILL_DATA_DIR to the installation's folder, or make one "
        "with: handbill init\n"
    )
    assert not (tmp_path / "data").exists()


def test_a_machine_without_a_folder_for_temporary_files(start):
    said = start("demo", file_bytes=0)
    assert said == (
        "handbill: no folder for temporary files can be written; set TMPDIR to one that can, or give --keep DIR\n"
    )


def test_an_address_that_is_not_this_machines(start):
    said = start("serve", "notes", "--host", "192.0.2.1", "--behind-tls")
    assert said.startswith("handbill: 192.0.2.1, where notes should listen, is no address of this machine (")


def test_a_port_in_use(start):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        for command in (["serve", "access"], ["up"]):
            said = start(*command, HANDBILL_ACCESS_URL=f"http://127.0.0.1:{port}")
            assert f"port {port}, where access listens, cannot be taken (Address already in use)" in said


PROCESSES = [*(("serve", service) for service in SERVICES), ("worker", "claims")]


@pytest.mark.safeguard("164.312(a)(2)(iv)")
@pytest.mark.parametrize("process", PROCESSES, ids=" ".join)
def test_a_missing_wrong_or_damaged_master_key_beside_a_database(start, handbill, tmp_path, process):
    assert handbill("init").returncode == 0
    keyring, service = tmp_path / "data" / "keys" / "keyring.json", process[1]
    right = keyring.read_bytes()
    put_back = "put the keyring back from its copy, or run: handbill keys restore FILE"
    keyring.unlink()
    assert start(*process).startswith(
        f"handbill: {keyring} is missing, and the database of {service} was sealed with it; {put_back}"
    )
    assert not keyring.exists()
    keyring.write_bytes(right[:-9])
    keyring.chmod(0o600)
    assert start(*process) == f"handbill: {keyring} is damaged; {put_back}\n"
    keyring.write_bytes(Keyring.new().to_bytes())
    wrong = (
        f"handbill: {keyring} is not the keyring of this database: the database of {service} was sealed with master "
        f"key {Keyring.from_bytes(right).current}, which is not in the keyring; {put_back}"
    )
    assert start(*process).startswith(wrong)
    if service == "access":
        assert start("up").startswith(wrong)
        assert start("init").startswith(wrong)
    keyring.write_bytes(right)
    again = handbill("init")
    assert (again.returncode, again.stderr) == (0, "")
