"""The claims worker: one process that drives what is due, on DBOS, so that work goes on when a process dies.

Waiting work is a row with a state; each pass puts waiting rows on the queue under their own ids, so a row is processed
by one workflow at a time however many workers run. Steps wrap plain flows. Workflow tables hold opaque ids and short
words alone: inputs and results are ids and codes, exceptions are caught inside the step and only their class is logged.

Each process has its own executor id and a lease that a thread of its own renews, however long a pass takes
(`services.claims.flows.worker_leases`). When a lease ends, another worker takes over the executor's unfinished
workflows and only then deletes it, so a worker that died, even while taking over, is replaced automatically within
twice its lease.

Without its database the worker waits, longer each time, and says so once; it goes on when the database answers.
"""

import json
import secrets
import signal
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from datetime import UTC, datetime, timedelta
from typing import Any

import structlog
from dbos import DBOS, DBOSConfig, Serializer
from sqlalchemy import text

from services.claims.components import compose
from services.claims.flows import Dependencies
from services.claims.flows.authorization_tasks import renew_authorizations
from services.claims.flows.claim.check_status import ask_payers
from services.claims.flows.claim.small_balances import write_off_small_balances
from services.claims.flows.histories.report_history import asked_histories, report_history
from services.claims.flows.messages.apply_message import waiting_messages
from services.claims.flows.messages.split_message import unsplit_messages
from services.claims.flows.messages.tries import try_apply, try_split
from services.claims.flows.run_due import deliver, follow_up, receive_quietly
from services.claims.flows.submission.form_files import form_files
from services.claims.flows.submission.send_files import is_due, unsent_files
from services.claims.flows.unbilled_notes import find_unbilled_notes
from services.claims.flows.worker_leases import WorkerLeases
from services.claims.worker_metrics import WorkerTally, worker_registry
from shared.database.engine import create_database_engine
from shared.database.faults import UNAVAILABLE, fault_of
from shared.errors import Unavailable
from shared.settings import Settings
from shared.telemetry.spans import Span, work_span
from shared.telemetry.tally import Tally
from shared.tenancy import INSTALLATION, INSTALLATION_ID, acting_for
from shared.web.metrics_server import serving_metrics

log = structlog.get_logger()
APPLICATION_VERSION = "1"
"""Raised only after a drain: workflows of another version are not recovered."""
QUEUE = "claims"
CONCURRENCY = 4
KEEP_FINISHED = timedelta(minutes=10)
PURGE_AT_ONCE = 500
FINISH_SECONDS = 10
MAX_WAIT_SECONDS = 30.0


class JsonSerializer(Serializer):
    """DBOS stores inputs and results as JSON; its default would be pickle."""

    def serialize(self, data: Any) -> str:
        return json.dumps(data, default=_class_name)

    def deserialize(self, serialized_data: str) -> Any:
        return json.loads(serialized_data)

    def name(self) -> str:
        return "handbill_json"


def _class_name(thing: object) -> str:
    """An exception, or anything else that is not JSON, is stored as the name of its class."""
    return type(thing).__name__


class Worker:
    """One worker process. `turn` is one pass; `run` repeats it until `stop`."""

    def __init__(self, deps: Dependencies, settings: Settings, stopping: threading.Event | None = None) -> None:
        self._deps = deps
        self._interval = settings.worker_interval_seconds
        self._lease_seconds = settings.worker_lease_seconds
        self._stopping = stopping or threading.Event()
        self._ended = threading.Event()
        self._reader = ThreadPoolExecutor(1, "reader")
        # A thread of its own, since one pass may last longer than the lease; a daemon, so that it never keeps a process
        # alive.
        self._heart = threading.Thread(target=self._beat, name="lease", daemon=True)
        # New at each start: the process before this one is a dead executor, whose work is taken over like any other's.
        self.executor_id = f"claims-{secrets.token_hex(8)}"
        self.tally = WorkerTally(self.executor_id)
        self._leases = WorkerLeases(
            deps.database,
            deps.wall_clock,
            time.monotonic,
            executor_id=self.executor_id,
            length=timedelta(seconds=self._lease_seconds),
        )
        self._system_url = workflow_database_url(settings)

    def start(self) -> None:
        """Launch DBOS under this process's own executor id, after taking its lease."""
        # Before any workflow can begin: the workflows of an executor without a lease would never be taken over.
        self._leases.renew()
        self._heart.start()
        config: DBOSConfig = {
            "name": "handbill-claims",
            "system_database_url": self._system_url,
            "executor_id": self.executor_id,
            "application_version": APPLICATION_VERSION,
            "serializer": JsonSerializer(),
            "enable_otlp": False,
            "log_level": "ERROR",
            "max_executor_threads": CONCURRENCY * 2,
        }
        DBOS(config=config)
        failures = self._deps.failures
        self._deliver = _workflow("deliver_file", failures, lambda org, key: _word(deliver(self._deps, org, key)))
        self._split = _workflow("split_message", failures, lambda _org, key: self._alone(try_split, self._deps, key))
        self._apply = _workflow(
            "apply_message", failures, lambda org, key: self._alone(try_apply, self._deps, org, key)
        )
        self._report = _workflow(
            "report_history", failures, lambda org, key: self._alone(report_history, self._deps, org, key)
        )
        DBOS.launch()
        DBOS.register_queue(QUEUE, worker_concurrency=CONCURRENCY, polling_interval_sec=min(self._interval, 0.5))

    def _alone(self, flow: Callable[..., str], *arguments: Any) -> str:
        """One message at a time, whose records may take a hundred megabytes, and in one thread, so
        that the next one uses that memory again."""
        return self._reader.submit(copy_context().run, flow, *arguments).result()

    def run(self) -> None:
        """Turn until stopped; wait while the database does not answer."""
        while wait_for_database(self._deps.database.ping, self._stopping):
            self.turn()
            self._stopping.wait(self._interval)

    def stop(self, *_signal: object) -> None:
        """Ends `run` after the pass that is under way. Fit as a signal handler, whose arguments it ignores."""
        self._stopping.set()

    def close(self) -> None:
        """Finish running work, close DBOS, and end the lease now: another worker continues what is unfinished."""
        DBOS.destroy(destroy_registry=True, workflow_completion_timeout_sec=FINISH_SECONDS)
        self._reader.shutdown(wait=False, cancel_futures=True)
        self._ended.set()
        self._heart.join()
        self._leases.end()

    def turn(self) -> None:
        """One pass for all organizations: take up new code sets, take over from dead executors, and queue the
        waiting work. A step that fails is logged and does not stop the others."""
        with acting_for(INSTALLATION):
            self._turn()

    def _turn(self) -> None:
        steps = (self._look, self._take_over, self._form, self._send, self._receive, self._split_waiting)
        after = (
            self._follow_up,
            self._find_unbilled,
            self._ask_payers,
            self._write_off_small,
            self._report_histories,
            self._renew_authorizations,
            self._purge,
        )
        for step in (*steps, self._apply_waiting, *after):
            try:
                step()
            except Exception as error:
                if database_is_away(error):
                    # The other steps would not fare better, and `run` waits for it.
                    self._leases.look_anew()
                    return
                log.exception("worker_turn_failed", step=step.__name__)
                self._deps.failures.count(step.__name__.strip("_"))
        self.tally.passed()

    def _look(self) -> None:
        self._deps.code_sets.look()

    def _form(self) -> None:
        form_files(self._deps)

    def _send(self) -> None:
        # Each pass meets the same waiting rows; those that are on the queue already are not put there again
        # (`_enqueue`). What waits for its next try is not put there yet: a delay on the queue would be kept as a moment
        # of the clock, and one that was ahead would keep the file there until then.
        for file in unsent_files(self._deps):
            if is_due(file, self._deps.wall_clock.now()):
                self._enqueue(self._deliver, file.organization_id, file.id)

    def _receive(self) -> None:
        receive_quietly(self._deps)

    def _split_waiting(self) -> None:
        for received_id in unsplit_messages(self._deps):
            self._enqueue(self._split, INSTALLATION_ID, received_id)

    def _apply_waiting(self) -> None:
        for organization_id, message_id in waiting_messages(self._deps):
            self._enqueue(self._apply, organization_id, message_id)

    def _follow_up(self) -> None:
        follow_up(self._deps)

    def _find_unbilled(self) -> None:
        find_unbilled_notes(self._deps)

    def _ask_payers(self) -> None:
        ask_payers(self._deps)

    def _write_off_small(self) -> None:
        write_off_small_balances(self._deps)

    def _report_histories(self) -> None:
        for organization_id, history_id in asked_histories(self._deps):
            self._enqueue(self._report, organization_id, history_id)

    def _renew_authorizations(self) -> None:
        renew_authorizations(self._deps)

    def _enqueue(self, workflow: Any, organization_id: str, key: str) -> None:
        """Put a row's work on the queue, unless it is queued or running already, here or elsewhere."""
        options: Any = {
            "workflow_name": workflow.__name__,
            "queue_name": QUEUE,
            "app_version": APPLICATION_VERSION,
            "deduplication_id": f"{workflow.__name__}-{key}",
            "duplication_policy": "return-existing",
        }
        DBOS.enqueue_workflow_with_options(options, organization_id, key)

    def _beat(self) -> None:
        """Renew the lease three times per lease period until the worker has ended."""
        while not self._ended.wait(self._lease_seconds / 3):
            try:
                self._leases.renew()
            except Unavailable:
                continue  # `run` has said that the database does not answer
            except Exception:
                log.exception("worker_lease_not_renewed")

    def _take_over(self) -> None:
        """Recovering twice does no harm: a workflow that was taken over no longer belongs to the dead executor."""
        ended = self._leases.ended()
        if ended:
            log.warning("worker_lease_ended", executors=sorted(ended))
            recover(sorted(ended))
            self._leases.drop(ended)

    def _purge(self) -> None:
        """Finished workflows are deleted: their results are in our own rows."""
        # DBOS writes the machine's time, whatever clocks the flows were given; what is ahead of it is of a clock that
        # was wrong.
        now = datetime.now(UTC)
        ends = ({"completed_before": now - KEEP_FINISHED}, {"completed_after": now + KEEP_FINISHED})
        finished = [
            one
            for end in ends
            for one in DBOS.list_workflows(
                status=["SUCCESS", "ERROR", "CANCELLED"],
                limit=PURGE_AT_ONCE,
                load_input=False,
                load_output=False,
                **{name: moment.isoformat() for name, moment in end.items()},  # type: ignore[arg-type]
            )
        ]
        if finished:
            DBOS.delete_workflows([one.workflow_id for one in finished])


def recover(executor_ids: list[str]) -> int:
    """Put the unfinished workflows of dead executors back on the queue; returns how many.

    DBOS keeps this call private (its own fail-over is another product), so it is called only here, and a test pins it.
    """
    return len(DBOS._recover_pending_workflows(executor_ids))


def _workflow(name: str, failures: Tally, flow: Callable[[str, str], str]) -> Any:
    """A DBOS workflow of one step around a flow that takes (organization id, key) and answers a short word. What fails
    is counted by the step's name."""

    @DBOS.step(name=f"{name}_step")
    def step(organization_id: str, key: str) -> str:
        with work_span(name, "internal") as span:
            return worked(span, organization_id, key)

    def worked(span: Span, organization_id: str, key: str) -> str:
        try:
            return flow(organization_id, key)
        except Exception:
            span.fail()
            failures.count(name)
            log.exception("worker_step_failed", step=name, key=key)
            # Raised, it would be stored with its text, and that may hold PHI. The row has kept its state, so a later
            # pass tries again.
            return "failed"

    def run_workflow(organization_id: str, key: str) -> str:
        return step(organization_id, key)

    # A workflow is recovered by its name, by another process and perhaps by a later release.
    run_workflow.__name__ = run_workflow.__qualname__ = name
    return DBOS.workflow(name=name)(run_workflow)


def _word(done: bool) -> str:
    return "done" if done else "waits"


def wait_for_database(ping: Callable[[], None], stopping: threading.Event) -> bool:
    """True as soon as the database answers, False when the worker is to stop before. What else is wrong with the
    database (the password, say) is no reason to wait, and shows when it is used."""
    waits = 0
    while not stopping.is_set():
        try:
            ping()
        except Exception as error:
            if not database_is_away(error):
                return True
        else:
            if waits:
                log.info("worker_database_answers")
            return True
        if not waits:
            log.warning("worker_waits_for_database")
        waits += 1
        stopping.wait(min(2.0 ** (waits - 1), MAX_WAIT_SECONDS))
    return False


def workflow_database_url(settings: Settings) -> str:
    """PostgreSQL: the service's own database, in DBOS's schema. SQLite: its own file, so that locks are separate."""
    url = settings.database_url_of("claims")
    return url if url.startswith("postgresql") else settings.database_url_of("claims-workflows")


def run(settings: Settings) -> None:
    """The worker process: until SIGTERM or SIGINT."""
    stopping = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopping.set())
    if not _database_answers(settings, stopping):
        return
    components = compose(settings)
    worker = Worker(components.dependencies, settings, stopping)
    try:
        with serving_metrics(settings, worker_registry(components.dependencies, worker.tally)):
            _work(worker)
    finally:
        components.close()


def _work(worker: Worker) -> None:
    worker.start()
    log.info("worker_started", executor_id=worker.executor_id)
    try:
        worker.run()
    finally:
        worker.close()


def database_is_away(error: Exception) -> bool:
    """Whether a step failed because the database does not answer: ours says so itself, that of the workflows raises
    what its driver raised."""
    return isinstance(error, Unavailable) or fault_of(error) is UNAVAILABLE


def _database_answers(settings: Settings, stopping: threading.Event) -> bool:
    """Wait for PostgreSQL before anything is built on it; False when the worker is to stop. A file is there or not."""
    url = settings.database_url_of("claims")
    if not url.startswith("postgresql"):
        return True
    engine = create_database_engine(url)

    def ping() -> None:
        with engine.connect() as connection:
            connection.execute(text("SELECT 1"))

    try:
        return wait_for_database(ping, stopping)
    finally:
        engine.dispose()
