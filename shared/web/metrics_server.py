"""Serves the metrics of a process that is no service, such as a worker, on a port of this machine alone."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn
from prometheus_client import CollectorRegistry

from shared.settings import Settings
from shared.startup import CannotStart
from shared.web.connections import server_config
from shared.web.metrics import metrics_app, metrics_token
from shared.web.open_connections import ConnectionLimits

LOOPBACK = "127.0.0.1"
LIMITS = ConnectionLimits(max_open=20)
"""Prometheus keeps one."""
STOP_SECONDS = 5


class MetricsUnusable(CannotStart):
    """The port of the metrics is taken, or nobody would have a token for them."""


@contextmanager
def serving_metrics(settings: Settings, registry: CollectorRegistry) -> Iterator[None]:
    """Within it a thread answers `GET /metrics` where `HANDBILL_WORKER_METRICS_PORT` says so; else nothing happens.
    Raises MetricsUnusable, MetricsTokenUnusable and ReadableByOthers."""
    port, token = settings.worker_metrics_port, metrics_token(settings)
    if port is None:
        yield
        return
    if token is None:
        raise MetricsUnusable(
            "HANDBILL_WORKER_METRICS_PORT is set, and HANDBILL_METRICS_TOKEN_FILE, without whose token nobody may read "
            "metrics, is not; set both, or neither"
        )
    with _listener(port) as bound:
        server = uvicorn.Server(server_config(metrics_app(registry, token), LIMITS, timeout_graceful_shutdown=1))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [bound]}, name="metrics", daemon=True)
        thread.start()
        try:
            yield
        finally:
            server.should_exit = True
            thread.join(STOP_SECONDS)


def _listener(port: int) -> socket.socket:
    bound = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        bound.bind((LOOPBACK, port))
    except OSError as error:
        bound.close()
        raise MetricsUnusable(
            f"port {port}, where the worker's metrics are served, cannot be taken ({error.strerror}); stop what holds "
            "it, or set HANDBILL_WORKER_METRICS_PORT to another port (each worker of a machine has its own)"
        ) from None
    return bound
