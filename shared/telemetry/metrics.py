"""The metrics of a process: those that are counted as things happen, and those that are read when somebody asks.

Each app has a registry of its own, so that several run in one process. Labels are fixed words and route templates, so
there are few series, and none tells of a person or an organization.
"""

from collections.abc import Callable, Iterable, Mapping

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, disable_created_metrics, generate_latest
from prometheus_client.gc_collector import GCCollector
from prometheus_client.metrics_core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.platform_collector import PlatformCollector
from prometheus_client.process_collector import ProcessCollector
from prometheus_client.registry import Collector

from shared.database.audit_recorder import AuditRecorder
from shared.database.engine import Database

SECONDS_BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)
TEXT = "text/plain; version=0.0.4; charset=utf-8"
"""The media type of `exposed` (Prometheus text format)."""
# Without it every series has a twin that says when it began, which nothing here asks for.
disable_created_metrics()  # type: ignore[no-untyped-call]


def process_registry() -> CollectorRegistry:
    """A new registry with what every process has: CPU, memory, file descriptors, Python, garbage collection."""
    registry = CollectorRegistry()
    ProcessCollector(registry=registry)
    PlatformCollector(registry=registry)
    GCCollector(registry=registry)
    return registry


def exposed(registry: CollectorRegistry) -> bytes:
    """All metrics in the text format of Prometheus."""
    return generate_latest(registry)


class RequestMetrics:
    """What is counted of requests. `route` is a template (`/v1/claims/{claim_id}`), or `unknown`."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self._requests = Counter(
            "handbill_requests", "Requests that were answered.", ("method", "route", "status"), registry=registry
        )
        self._seconds = Histogram(
            "handbill_request_seconds",
            "From the head of a request to the end of its answer.",
            ("method", "route"),
            buckets=SECONDS_BUCKETS,
            registry=registry,
        )
        self._under_way = Gauge("handbill_requests_under_way", "Requests that have no answer yet.", registry=registry)
        self._refused = Counter(
            "handbill_requests_over_limit", "Requests that a limit refused (429).", ("limit",), registry=registry
        )

    def begins(self) -> None:
        """A request has come."""
        self._under_way.inc()

    def ends(self, method: str, route: str, status: int, seconds: float, limit: str | None) -> None:
        """It has its answer, or none (status 0, when its connection broke). `limit` is the code of the limit that
        refused it, if one did."""
        self._under_way.dec()
        self._requests.labels(method, route, f"{status // 100}xx" if status else "none").inc()
        self._seconds.labels(method, route).observe(seconds)
        if status == 429:
            self._refused.labels(limit or "of_the_route").inc()


class DatabaseReadings(Collector):
    """What a database met, read when it is asked for."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def collect(self) -> Iterable[Metric]:
        """Retries, faults that were met and the one that is present, all by the codes of `docs/operating.md`."""
        retries = CounterMetricFamily("handbill_database_retries", "Writes run again, since they met another.")
        retries.add_metric([], sum(self._database.retries.counts().values()))
        faults = CounterMetricFamily("handbill_database_faults", "Faults that work has met.", labels=["code"])
        for code, count in self._database.faults.met.counts().items():
            faults.add_metric([code], count)
        present = GaugeMetricFamily(
            "handbill_database_fault_present", "1 from when a fault begins until it is over.", labels=["code"]
        )
        if self._database.faults.present is not None:
            present.add_metric([self._database.faults.present.code], 1)
        return retries, faults, present


class RecorderReadings(Collector):
    """How many audit entries wait for their commit."""

    def __init__(self, recorder: AuditRecorder) -> None:
        self._recorder = recorder

    def collect(self) -> Iterable[Metric]:
        """One number, which stands near the largest that may wait when the database is too slow for the reads."""
        waiting = GaugeMetricFamily("handbill_audit_entries_waiting", "Audit entries that are not committed yet.")
        waiting.add_metric([], self._recorder.waiting)
        return (waiting,)


class AgeReadings(Collector):
    """How old the copies are that a process keeps of what access publishes; what it never had has no number."""

    def __init__(self, ages: Callable[[], Mapping[str, float]]) -> None:
        self._ages = ages

    def collect(self) -> Iterable[Metric]:
        """Seconds by `keys` and `revocations`. More than 60 in a busy service: access cannot be reached."""
        family = GaugeMetricFamily(
            "handbill_access_copy_age_seconds", "Age of the last good copy of what access publishes.", labels=["copy"]
        )
        for copy, seconds in self._ages().items():
            family.add_metric([copy], seconds)
        return (family,)
