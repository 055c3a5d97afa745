"""The worker as a process of its own: killed without warning, its work goes on elsewhere and nothing is sent twice."""

import inspect
import os
import signal
import subprocess
import sys
import threading
import time

import pytest
from dbos import DBOS
from dbos._sys_db import SystemDatabase
from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse
from sqlalchemy import create_engine
from sqlalchemy.exc import OperationalError
from structlog.testing import capture_logs

from services.claims.flows.submission.send_files import retry_delay
from services.claims.store import exchange
from services.claims.store.tables import FileRow
from services.claims.worker import JsonSerializer, Worker, wait_for_database, workflow_database_url
from shared.errors import Unavailable
from tests.harness.clocks import STARTS_AT
from tests.services.claims.factories import BILLER, CANARIES

LEASE_SECONDS = 2.0
PATIENCE_SECONDS = 45.0
PG_TABLES = "SELECT tablename FROM pg_tables WHERE schemaname = 'dbos'"
sqlite_only = pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)


class SlowClearinghouse:
    """A clearinghouse that takes files, and hangs at its first one until it is let go."""

    def __init__(self, hangs=True):
        self.accepted = []
        self.tries = []
        self.first_came = threading.Event()
        self.go_on = threading.Event()
        self._hangs = hangs

    def app(self):
        app = FastAPI()

        @app.post("/v1/x12/files", status_code=202)
        async def take(request: Request) -> JSONResponse:
            content = (await request.body()).decode()
            return await self._pool_run(lambda: self._take(content))

        @app.get("/v1/x12/files")
        def known(interchange_control_number: str) -> JSONResponse:
            found = [one for one in self.accepted if interchange_control_number in one[:106]]
            return JSONResponse({"items": [{"known": True} for _ in found]})

        @app.get("/v1/x12/messages")
        def messages() -> JSONResponse:
            return JSONResponse({"items": [], "next": ""})

        return app

    async def _pool_run(self, work):
        from starlette.concurrency import run_in_threadpool

        return await run_in_threadpool(work)

    def _take(self, content):
        """The file is accepted at once; the answer to the first one does not come while its sender lives."""
        self.tries.append(content)
        self.accepted.append(content)
        if self._hangs and len(self.tries) == 1:
            self.first_came.set()
            self.go_on.wait(PATIENCE_SECONDS)
        return JSONResponse({}, status_code=202)


@pytest.fixture
def slow_clearinghouse():
    clearinghouse = SlowClearinghouse()
    yield clearinghouse
    clearinghouse.go_on.set()


@pytest.fixture
def start_worker(settings, tmp_path):
    """`start_worker()` runs `handbill worker claims` as a process, killed after the test if it still runs."""
    running = []

    def start(peer_url):
        environment = {
            **os.environ,
            "HANDBILL_DATA_DIR": str(settings.data_dir),
            "HANDBILL_DATABASE_URL": database_template(settings),
            "HANDBILL_ACCESS_URL": settings.access_url,
            "HANDBILL_NOTES_URL": settings.notes_url,
            "HANDBILL_ELIGIBILITY_URL": settings.eligibility_url,
            "HANDBILL_CLEARINGHOUSE_URL": peer_url,
            "HANDBILL_WORKER_INTERVAL_SECONDS": "0.1",
            "HANDBILL_WORKER_LEASE_SECONDS": str(LEASE_SECONDS),
            "HANDBILL_RESEND_AFTER_SECONDS": "0",
            "HANDBILL_BATCH_WINDOW_SECONDS": "0",
        }
        log = (tmp_path / f"worker-{len(running)}.log").open("w")
        command = [sys.executable, "-m", "services.cli.main", "worker", "claims"]
        process = subprocess.Popen(command, env=environment, stdout=log, stderr=log)
        running.append((process, log))
        return process

    yield start
    for process, log in running:
        if process.poll() is None:
            process.kill()
        process.wait()
        log.close()


def database_template(settings):
    """On SQLite the workflows have a file of their own, as in a real data folder."""
    return settings.database_url.replace("claims.sqlite", "{service}.sqlite")


def eventually(seen, seconds=PATIENCE_SECONDS):
    """The first true answer, or the last one when time is up."""
    ends = time.monotonic() + seconds
    while not (found := seen()) and time.monotonic() < ends:
        time.sleep(0.05)
    return found


def sent(office):
    items = office.get("/v1/files").json()["items"]
    return [one for one in items if one["state"] == "sent"]


def workflow_rows(settings):
    """Every value of every workflow table, as text."""
    url = workflow_database_url(settings.model_copy(update={"database_url": database_template(settings)}))
    engine = create_engine(url)
    try:
        with engine.connect() as connection:
            if url.startswith("sqlite"):
                names = connection.exec_driver_sql("SELECT name FROM sqlite_master WHERE type = 'table'").scalars()
                tables = [f'"{name}"' for name in names]
            else:
                names = connection.exec_driver_sql(PG_TABLES).scalars()
                tables = [f'dbos."{name}"' for name in names]
            rows = [row for table in tables for row in connection.exec_driver_sql(f"SELECT * FROM {table}")]
    finally:
        engine.dispose()
    return "\n".join(str(value) for row in rows for value in row)


def test_a_worker_killed_in_mid_delivery_is_replaced_and_the_file_is_accepted_once(
    office, settings, slow_clearinghouse, run_app, start_worker
):
    claim = office.create().json()
    office.submit(claim["id"])
    url = run_app(slow_clearinghouse.app())
    first = start_worker(url)
    assert slow_clearinghouse.first_came.wait(PATIENCE_SECONDS)
    second = start_worker(url)
    assert eventually(lambda: office.get("/v1/files").json()["items"][0]["state"] == "sending")
    time.sleep(LEASE_SECONDS * 1.5)
    assert len(slow_clearinghouse.tries) == 1, "a live worker's step does not run twice because another started"
    first.send_signal(signal.SIGKILL)
    assert eventually(lambda: sent(office))
    assert (len(slow_clearinghouse.accepted), len(slow_clearinghouse.tries)) == (1, 1)
    assert claim["claim_number"] in slow_clearinghouse.accepted[0]
    second.send_signal(signal.SIGTERM)
    assert second.wait(PATIENCE_SECONDS) == 0
    kept = workflow_rows(settings)
    assert "deliver_file" in kept
    words = [*CANARIES, BILLER["name"], claim["claim_number"], "ISA*", "Whitlock"]
    assert [word for word in words if word.lower() in kept.lower()] == []


@sqlite_only
def test_a_worker_that_is_told_to_stop_finishes_and_another_goes_on(office, run_app, start_worker, neighbours):
    clearinghouse = SlowClearinghouse(hangs=False)
    url = run_app(clearinghouse.app())
    notes = neighbours.hold(2)
    for place, note_id in enumerate(notes, 1):
        worker = start_worker(url)
        office.submit(office.create(note_id).json()["id"])
        assert eventually(lambda: len(sent(office)) == place)  # noqa: B023
        worker.send_signal(signal.SIGTERM)
        assert worker.wait(PATIENCE_SECONDS) == 0
    assert len(clearinghouse.accepted) == len(clearinghouse.tries) == 2


def test_files_that_nobody_takes_do_not_keep_others_waiting(deps):
    def add(session):
        for file_id, tries in (("file_old00001", 7), ("file_old00002", 0), ("file_new00001", 1)):
            row = FileRow(
                organization_id="org_test0001",
                id=file_id,
                interchange_control_number=f"90000000{tries}",
                sender_id="HANDBILL",
                content="ISA",
                state="formed",
                formed_at=STARTS_AT,
                tries=tries,
            )
            session.add(row)

    deps.database.run(add)
    with deps.database.reading() as session:
        assert [file.id for file in exchange.unsent_files(session, 2)] == ["file_old00002", "file_new00001"]


def test_the_private_recovery_call_is_the_one_that_the_worker_knows():
    """DBOS may rename it in any release; `recover` is the only place that calls it."""
    parameters = inspect.signature(DBOS._recover_pending_workflows).parameters
    assert list(parameters) == ["executor_ids"]
    source = inspect.getsource(SystemDatabase.reenqueue_for_recovery)
    assert "executor_id.in_(executor_ids)" in source, "recovering twice must not restart what somebody has taken"


def test_the_first_retry_comes_after_a_second_and_the_waits_double_up_to_a_minute():
    assert [retry_delay(tries) for tries in range(9)] == [0.0, 1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 60.0, 60.0]


def test_what_is_no_json_is_kept_as_the_name_of_its_class():
    serializer = JsonSerializer()
    kept = serializer.serialize({"error": ValueError("WHITLOCKCANARY")})
    assert serializer.deserialize(kept) == {"error": "ValueError"}
    assert serializer.deserialize(serializer.serialize(["org", "key"])) == ["org", "key"]


class Stopping:
    """An event on which nobody sleeps; it is set after so many waits."""

    def __init__(self, after=100):
        self.waits, self._after = [], after

    def is_set(self):
        return len(self.waits) >= self._after

    def wait(self, seconds):
        self.waits.append(seconds)


@pytest.mark.parametrize(("silent", "waits"), [(0, []), (1, [1]), (7, [1, 2, 4, 8, 16, 30, 30])])
def test_a_worker_waits_for_its_database_longer_each_time_and_says_so_once(silent, waits):
    tries, stopping = iter(range(silent)), Stopping()

    def ping():
        if next(tries, None) is not None:
            raise Unavailable("silent", code="database_unavailable")

    with capture_logs() as said:
        assert wait_for_database(ping, stopping)
    assert stopping.waits == waits
    expected = ["worker_waits_for_database", "worker_database_answers"] if silent else []
    assert [one["event"] for one in said] == expected


def test_a_worker_that_waits_for_its_database_ends_when_it_is_told_to():
    def ping():
        raise Unavailable("silent", code="database_unavailable")

    assert not wait_for_database(ping, Stopping(after=3))


def test_a_worker_does_not_wait_where_waiting_is_of_no_use():
    def ping():
        raise RuntimeError("the password is wrong")

    assert wait_for_database(ping, Stopping())


@sqlite_only
@pytest.mark.parametrize(
    "silence", [Unavailable("silent", code="database_unavailable"), OperationalError("SELECT 1", {}, Exception("gone"))]
)
def test_a_pass_ends_where_the_database_is_gone_and_the_worker_waits_for_it(deps, settings, silence):
    worker, done = Worker(deps, settings), []

    def gone():
        raise silence

    worker._take_over, worker._form, worker._send = lambda: done.append("take_over"), gone, lambda: done.append("send")
    worker.turn()
    assert done == ["take_over"]
