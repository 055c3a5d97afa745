"""What can befall a running service, by its real causes: a full disk, a file that it may not write, a lock of another
process, SIGTERM in the middle of a request. Each has its code, a sentence for the operator, and is over by itself when
its cause is; nothing is lost or doubled."""

import ctypes
import json
import os
import resource
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import httpx
import pytest

from services.cli.organizations import create_organization, fetch_token
from services.cli.processes import ProcessCommand, Processes
from services.cli.serving import run_service
from shared.settings import Settings
from tests.services.notes.conftest import a_note

PAGE_BYTES = 4_096
LINUX_CAPABILITY_VERSION_3 = 0x20080522
HOLDS_THE_LOCK = """
import sqlite3, sys
with sqlite3.connect(sys.argv[1], isolation_level=None) as held:
    held.execute("BEGIN IMMEDIATE")
    print("locked", flush=True)
    sys.stdin.read()
"""


def run_without_privileges(service: str) -> None:
    """For the superuser no file is read-only: capset(2), without any capability from now on."""
    header, none = (ctypes.c_uint32 * 2)(LINUX_CAPABILITY_VERSION_3, 0), (ctypes.c_uint32 * 6)()
    assert ctypes.CDLL(None).capset(header, none) == 0
    run_service(service)


@dataclass
class Notes:
    """The notes service as a process, and its client."""

    url: str
    http: httpx.Client
    processes: Processes
    file: Path

    def put(self, number: int) -> httpx.Response:
        return self.http.put(f"{self.url}/v1/notes/note_{number:07}", json=a_note(), timeout=40)

    def put_until_refused(self, first: int) -> tuple[int, httpx.Response]:
        """How many were written, and the first answer that is no success."""
        for number in range(first, first + 200):
            answer = self.put(number)
            if not answer.is_success:
                return number - first, answer
        raise AssertionError("every note was written")

    def kept(self) -> list[str]:
        found: list[str] = []
        after: dict[str, str] = {}
        while True:
            page = self.http.get(f"{self.url}/v1/notes", params={"limit": "200", **after}).json()
            found += [note["id"] for note in page["items"]]
            if page["next"] is None:
                return sorted(found)
            after = {"after": page["next"]}

    def ready(self) -> tuple[int, str]:
        answer = self.http.get(f"{self.url}/ready", timeout=40)
        return answer.status_code, answer.json().get("code", "")

    def said(self, *events: str) -> list[str]:
        """Which of these the log has, in order."""
        lines = self.processes.log_of("notes").read_text().splitlines()
        return [found for line in lines if (found := json.loads(line)["event"]) in events]

    def advice(self, code: str) -> str:
        lines = map(json.loads, self.processes.log_of("notes").read_text().splitlines())
        return str(next(line["advice"] for line in lines if line["event"] == code))


@pytest.fixture
def notes(environment, handbill, tmp_path):
    environment |= {"HANDBILL_ANCHOR_SECONDS": "1"}
    assert handbill("init").returncode == 0
    names = {name.removeprefix("HANDBILL_").lower(): value for name, value in environment.items()}
    settings = Settings(**names)
    client = create_organization(settings, "Rainier Bodywork", "America/Los_Angeles").client
    processes = Processes(tmp_path / "logs", environment)
    for name in ("access", "notes"):
        url = environment[f"HANDBILL_{name.upper()}_URL"]
        processes.start(ProcessCommand(name, run_without_privileges, (name,), f"{url}/ready"))
    processes.wait_ready(seconds=120)
    token = fetch_token(settings, client.id, client.secret, None)
    with httpx.Client(trust_env=False, timeout=40, headers={"Authorization": f"Bearer {token}"}) as http:
        yield Notes(url, http, processes, tmp_path / "data" / "notes.sqlite")
    processes.stop_all()


def limit_files(notes: Notes, size: int) -> None:
    """As a disk without space does, this lets no file grow beyond a size."""
    hard = resource.RLIM_INFINITY
    resource.prlimit(notes.processes.pid("notes"), resource.RLIMIT_FSIZE, (size, hard))


@pytest.mark.parametrize("size", [40_000, 0], ids=["of the database", "of the log too"])
def test_a_disk_that_fills_up_under_a_service_and_has_space_again(notes: Notes, size: int) -> None:
    assert notes.put(0).status_code == 201
    limit_files(notes, size)
    written, refused = notes.put_until_refused(1)
    assert (refused.status_code, refused.json()["code"]) == (503, "database_full")
    assert "nothing was written, and the same request may be sent again" in refused.json()["detail"] or (
        "it is not known whether this was written" in refused.json()["detail"]
    )
    read = notes.http.get(f"{notes.url}/v1/notes/note_0000000")
    assert read.status_code == 503, "nothing is shown without an entry in the trail"
    assert read.json()["code"] in ("audit_unavailable", "database_full")
    assert notes.ready() == (503, "database_full")
    limit_files(notes, resource.RLIM_INFINITY)
    assert notes.ready() == (200, "")
    assert notes.put(written + 1).status_code in (200, 201)
    assert notes.kept() == [f"note_{number:07}" for number in range(written + 2)]
    if size:
        assert notes.said("database_full", "database_works_again") == ["database_full", "database_works_again"]
        assert notes.advice("database_full").startswith("Free some space on the disk")


def test_a_file_that_the_service_may_not_write_and_then_may(notes: Notes) -> None:
    """A backup that was put back by another user."""
    assert notes.put(0).status_code == 201
    put_back(notes.file, 0o444)
    refused = notes.put(1)
    assert (refused.status_code, refused.json()["code"]) == (503, "database_read_only")
    assert notes.ready() == (503, "database_read_only")
    assert notes.advice("database_read_only").startswith("Let this user write the database file, those beside it")
    for one in notes.file.parent.glob("notes.sqlite*"):
        one.chmod(0o600)
    assert notes.ready() == (200, "")
    assert notes.put(1).status_code == 201
    assert notes.kept() == ["note_0000000", "note_0000001"]
    assert notes.said("database_read_only", "database_works_again") == ["database_read_only", "database_works_again"]


def test_a_folder_that_is_made_read_only_under_a_service_stops_no_note_and_is_told(notes: Notes) -> None:
    """What SQLite writes is open already; what is made anew, the anchors, waits until the folder may be written."""
    assert notes.put(0).status_code == 201
    anchors = notes.file.parent / "anchors"
    until((anchors / "notes.json").exists)
    before = (anchors / "notes.json").read_bytes()
    folders = (notes.file.parent, anchors)
    for folder in folders:
        folder.chmod(0o500)
    for number in range(1, 30):
        assert notes.put(number).status_code == 201
    until(lambda: "anchor_not_written" in notes.said("anchor_not_written"))
    assert notes.ready() == (200, "")
    assert (anchors / "notes.json").read_bytes() == before
    for folder in folders:
        folder.chmod(0o700)
    assert notes.put(30).status_code == 201
    until(lambda: (anchors / "notes.json").read_bytes() != before)
    assert notes.kept() == [f"note_{number:07}" for number in range(31)]


def test_a_page_that_is_damaged_under_a_service_until_the_copy_is_put_back(notes: Notes) -> None:
    for number in range(30):
        assert notes.put(number).status_code == 201
    copy = notes.file.with_name("copy")
    with closing(sqlite3.connect(notes.file)) as source, closing(sqlite3.connect(copy)) as target:
        source.backup(target)
        source.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    damage(notes.file)
    refused = notes.http.get(f"{notes.url}/v1/notes", params={"limit": "200"})
    assert (refused.status_code, refused.json()["code"]) == (503, "database_damaged")
    assert refused.headers["Retry-After"] == "2"
    assert notes.ready() == (503, "database_damaged")
    assert notes.said("database_damaged") == ["database_damaged"]
    assert notes.advice("database_damaged").startswith("Stop the service, look at the disk, and restore the database")
    notes.processes.stop("notes")
    for rest in ("-wal", "-shm"):
        notes.file.with_name(notes.file.name + rest).unlink(missing_ok=True)
    copy.chmod(0o600)
    copy.rename(notes.file)
    notes.processes.start(ProcessCommand("notes", run_without_privileges, ("notes",), f"{notes.url}/ready"))
    notes.processes.wait_ready(["notes"], 120)
    assert notes.kept() == [f"note_{number:07}" for number in range(30)]
    assert notes.put(30).status_code == 201


def damage(file: Path) -> None:
    """Every page with a note's id, as a disk does that answers with other bytes than were written."""
    with file.open("r+b") as raw:
        pages = range(1, file.stat().st_size // PAGE_BYTES)
        for number in [one for one in pages if b"note_00" in _page(raw, one)]:
            raw.seek(number * PAGE_BYTES)
            raw.write(b"\xff" * PAGE_BYTES)


def _page(raw: BinaryIO, number: int) -> bytes:
    raw.seek(number * PAGE_BYTES)
    return raw.read(PAGE_BYTES)


def until(done: Callable[[], bool], seconds: float = 60.0) -> None:
    ends = time.monotonic() + seconds
    while not done():
        assert time.monotonic() < ends
        time.sleep(0.05)


def put_back(file: Path, mode: int) -> None:
    copy = file.with_name("copy")
    with sqlite3.connect(file) as source, sqlite3.connect(copy) as target:
        source.backup(target)
    source.close()
    target.close()
    copy.chmod(mode)
    copy.rename(file)
    for rest in ("-wal", "-shm"):
        file.with_name(file.name + rest).unlink(missing_ok=True)


@pytest.fixture
def lock(notes: Notes):
    """Another process in the middle of a write."""
    command = [sys.executable, "-c", HOLDS_THE_LOCK, str(notes.file)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "locked\n"
        yield lambda: process.communicate("")
        process.kill()


def test_a_database_that_another_process_has_locked(notes: Notes, lock) -> None:
    refused = notes.put(0)
    assert (refused.status_code, refused.json()["code"]) == (503, "database_locked")
    assert notes.advice("database_locked").startswith("End the program that holds its lock")
    lock()
    assert notes.put(0).status_code == 201
    assert notes.kept() == ["note_0000000"]
    assert notes.said("database_locked", "database_works_again") == ["database_locked", "database_works_again"]


def test_sigterm_in_the_middle_of_a_request_lets_it_finish_and_ends_the_process_with_status_0(
    notes: Notes, lock
) -> None:
    with ThreadPoolExecutor(2) as pool:
        slow = pool.submit(notes.put, 0)
        time.sleep(1.0)
        os.kill(notes.processes.pid("notes"), signal.SIGTERM)
        stopping = pool.submit(notes.processes.stop, "notes", 30.0)
        time.sleep(1.0)
        assert not slow.done()
        lock()
        answer = slow.result(30)
        assert (answer.status_code, answer.json()["id"]) == (201, "note_0000000")
        assert stopping.result(40) == 0
    notes.processes.start(ProcessCommand("notes", run_without_privileges, ("notes",), f"{notes.url}/ready"))
    notes.processes.wait_ready(["notes"], 120)
    assert notes.kept() == ["note_0000000"]
    assert notes.put(0).json()["version"] == 1, "the same note, as it is"
