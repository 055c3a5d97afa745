"""The metrics of a worker: what waits, read from the database when Prometheus asks, and what this process met.

Kinds, steps and states are fixed words; an account of the clearinghouse is known by its sender id.
"""

import time
from collections.abc import Callable, Iterable, Mapping

from prometheus_client import CollectorRegistry
from prometheus_client.metrics_core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from services.claims.flows import Dependencies
from services.claims.flows.waiting_work import Leases, Waiting, WaitingWork, waiting_work
from shared.errors import Unavailable
from shared.telemetry.metrics import DatabaseReadings, process_registry
from shared.telemetry.moments import Moments
from shared.telemetry.tally import Tally

MAX_ACCOUNTS = 100
OTHER_ACCOUNTS = "other"
TURN = "turn"


class WorkerTally:
    """What a worker has done since it started. `executor_id` is its own."""

    def __init__(self, executor_id: str, monotonic: Callable[[], float] = time.monotonic) -> None:
        self.executor_id = executor_id
        self.passes = Tally()
        self._moments = Moments(monotonic)

    def passed(self) -> None:
        """A pass over the waiting work has ended."""
        self.passes.count(TURN)
        self._moments.note(TURN)

    @property
    def pass_age_seconds(self) -> float:
        """Since the end of the last one, or since the start."""
        return self._moments.ages([TURN])[TURN]


class WorkerReadings(Collector):
    """All of it. While the database does not answer there is only what this process knows by itself, and
    `handbill_database_fault_present` says so."""

    def __init__(self, deps: Dependencies, tally: WorkerTally) -> None:
        self._deps = deps
        self._tally = tally

    def collect(self) -> Iterable[Metric]:
        """Raises nothing that a database may meet."""
        yield from self._of_process()
        try:
            work = waiting_work(self._deps.database, self._deps.clock, self._deps.wall_clock)
        except Unavailable:
            return
        yield from _of_work(work)
        yield from _of_leases(work.leases, self._tally.executor_id, self._deps.wall_clock.now().timestamp())

    def _of_process(self) -> Iterable[Metric]:
        passes = CounterMetricFamily("handbill_worker_passes", "Passes over the waiting work.")
        passes.add_metric([], self._tally.passes.counts().get(TURN, 0))
        failures = CounterMetricFamily(
            "handbill_worker_failures", "Steps that failed because of an error of Handbill's own.", labels=["step"]
        )
        for step, count in self._deps.failures.counts().items():
            failures.add_metric([step], count)
        yield from (passes, failures)
        yield _gauge("handbill_worker_pass_age_seconds", "Since the last pass ended.", self._tally.pass_age_seconds)
        yield self._polls()

    def _polls(self) -> Metric:
        ages = self._deps.polls.ages(partner.sender_id for partner in self._deps.trading_partners.accounts())
        shown = dict(sorted(ages.items())[:MAX_ACCOUNTS])
        if len(shown) < len(ages):
            shown[OTHER_ACCOUNTS] = max(age for account, age in ages.items() if account not in shown)
        what = "Since the mailbox of an account was last read, or since the start where it never was."
        return _by("handbill_clearinghouse_poll_age_seconds", what, "account", shown)


def worker_registry(deps: Dependencies, tally: WorkerTally) -> CollectorRegistry:
    """Everything that a worker tells Prometheus."""
    registry = process_registry()
    registry.register(DatabaseReadings(deps.database))
    registry.register(WorkerReadings(deps, tally))
    return registry


def _of_work(work: WaitingWork) -> Iterable[Metric]:
    every = {**work.for_worker, **work.for_clearinghouse, **work.for_operator}
    yield _by("handbill_work_waiting", "What waits, by kind.", "kind", {kind: one.count for kind, one in every.items()})
    yield _by("handbill_work_oldest_seconds", "The age of the oldest that waits.", "kind", _known(every, _age))
    tried = {kind: work.for_worker[kind].tries for kind in ("files_to_send", "messages_to_split", "messages_to_apply")}
    yield _by("handbill_work_most_tries", "How often one of those that wait was tried.", "kind", tried)
    yield _by(
        "handbill_work_next_due_timestamp_seconds", "When the next is due that waits.", "kind", _known(every, _due)
    )


def _of_leases(leases: Leases, executor_id: str, now: float) -> Iterable[Metric]:
    states = {"alive": leases.alive, "ended": leases.ended, "ahead": leases.ahead}
    yield _by("handbill_worker_leases", "Workers by what their leases say.", "state", states)
    ends = leases.ends.get(executor_id)
    remaining = ends.timestamp() - now if ends else 0.0
    yield _gauge("handbill_worker_lease_seconds", "How long this worker's own lease still lasts.", max(0.0, remaining))


def _age(waiting: Waiting) -> float | None:
    return waiting.oldest_seconds


def _due(waiting: Waiting) -> float | None:
    return waiting.next_at.timestamp() if waiting.next_at else None


def _known(every: Mapping[str, Waiting], value: Callable[[Waiting], float | None]) -> dict[str, float]:
    return {kind: known for kind, one in every.items() if (known := value(one)) is not None}


def _by(name: str, what: str, label: str, values: Mapping[str, float]) -> Metric:
    family = GaugeMetricFamily(name, what, labels=[label])
    for word, value in values.items():
        family.add_metric([word], value)
    return family


def _gauge(name: str, what: str, value: float) -> Metric:
    family = GaugeMetricFamily(name, what)
    family.add_metric([], value)
    return family
