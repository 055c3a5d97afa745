"""Serves the metrics of a process that is no service, such as a worker, on a port of this machine alone.

The web framework is imported where metrics are served, so that other workers have its memory for messages.
"""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from prometheus_client import CollectorRegistry

from shared.settings import Settings
from shared.startup import CannotStart
from shared.telemetry.metrics_token import metrics_token

if TYPE_CHECKING:
    from uvicorn import Server

LOOPBACK = "127.0.0.1"
MAX_CONNECTIONS = 20
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
        server = _server(registry, token)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [bound]}, name="metrics", daemon=True)
        thread.start()
        try:
            yield
        finally:
            server.should_exit = True
            thread.join(STOP_SECONDS)


def _server(registry: CollectorRegistry, token: str) -> "Server":
    import uvicorn  # noqa: PLC0415

    from shared.web.connections import server_config  # noqa: PLC0415
    from shared.web.metrics import metrics_app  # noqa: PLC0415
    from shared.web.open_connections import ConnectionLimits  # noqa: PLC0415

    limits = ConnectionLimits(max_open=MAX_CONNECTIONS)
    return uvicorn.Server(server_config(metrics_app(registry, token), limits, timeout_graceful_shutdown=1))


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
