"""`handbill serve`, `handbill worker` and `handbill up`: one process, or all of them."""

import errno
import os
import signal
import socket
import sys
import threading
from collections.abc import Callable
from datetime import UTC, datetime
from importlib import import_module
from types import FrameType

import structlog

from services.cli.composition import SERVICES, build_of, port_of, url_of, variable_of
from services.cli.configuration import load_settings
from services.cli.errors import CANNOT_START, CommandFailed, run_to_exit
from services.cli.processes import ChildFailed, ProcessCommand, Processes, stop_with_parent
from services.cli.transport import transport_context
from shared.logs import configure_logs
from shared.private_files import OTHERS, refuse_open
from shared.settings import Settings
from shared.startup import CannotStart
from shared.telemetry.start import tracing

log = structlog.get_logger()
LOOPBACK = "127.0.0.1"
WORKERS = ("claims",)
SWITCH_SECONDS = 0.001
FINISH_SECONDS = 8
"""How long requests under way may take after SIGTERM; less than what a supervisor waits before SIGKILL."""


def listener(service: str, host: str, port: int) -> socket.socket:
    """A bound socket. Raises CommandFailed that names port and service when the port is taken.

    The protocol is named because asyncio turns Nagle's delay off only on sockets that say they are TCP; without it
    every answer on a kept connection waits 40 ms for an acknowledgement."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    bound = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        bound.bind((host, port))
    except OSError as error:
        bound.close()
        if isinstance(error, socket.gaierror) or error.errno == errno.EADDRNOTAVAIL:
            raise CommandFailed(
                f"{host}, where {service} should listen, is no address of this machine ({error.strerror}); give "
                "another --host",
                status=CANNOT_START,
            ) from None
        raise CommandFailed(
            f"port {port}, where {service} listens, cannot be taken ({error.strerror}); stop what holds it, or set "
            f"{variable_of(service)} to another port",
            status=CANNOT_START,
        ) from None
    return bound


def serve(
    settings: Settings, service: str, host: str = LOOPBACK, port: int | None = None, *, behind_tls: bool = False
) -> None:
    """Run one service in this process until SIGTERM or Ctrl-C. `behind_tls` says that whoever forwards requests to
    this host has ended TLS on it."""
    import uvicorn

    from shared.web.connections import raise_file_limit, server_config
    from shared.web.open_connections import ConnectionLimits

    build = build_of(service)
    port = port or port_of(settings, service)
    _end_well()
    # A thread that calculates gives way this often; by default only every 5 ms, and a request of a neighbour, which
    # needs several threads one after the other, would wait that long for each.
    sys.setswitchinterval(SWITCH_SECONDS)
    configure_logs(settings.log_level, service)
    tls = transport_context(settings, service, host, behind_tls=behind_tls)
    bound = listener(service, host, port)
    _check_installed(settings)
    app = build(settings)
    limits = ConnectionLimits(
        max_open=raise_file_limit(settings.max_connections),
        max_per_peer=settings.max_connections_per_peer,
        head_seconds=settings.request_head_seconds,
        body_seconds=settings.request_body_seconds,
    )
    server = uvicorn.Server(server_config(app, limits, tls, timeout_graceful_shutdown=FINISH_SECONDS))
    with bound, tracing(settings, service):
        server.run(sockets=[bound])


def work(settings: Settings, service: str) -> None:
    """Run a service's background work in this process until SIGTERM or Ctrl-C."""
    if service not in WORKERS:
        raise CommandFailed(f"{service} has no worker; the services that have one: {', '.join(WORKERS)}")
    _check_installed(settings)
    _end_well()
    configure_logs(settings.log_level, f"{service}-worker")
    run: Callable[[Settings], None] = import_module(f"services.{service}.worker").run
    try:
        with tracing(settings, f"{service}-worker"):
            run(settings)
    except (CommandFailed, CannotStart, OSError):
        raise
    except Exception:
        log.exception("worker_failed")  # by class and place: its text may quote data
        raise CommandFailed(f"the {service} worker failed; its log says where") from None


def _check_installed(settings: Settings) -> None:
    """Raises CommandFailed where the installation's folder is missing, as when its disk is not mounted: a process that
    made a new one would be ready, with an empty database. Raises ReadableByOthers where others may look into it; what
    this process makes from now on is its owner's alone."""
    if not settings.data_dir.exists():
        raise CommandFailed(
            f"{settings.data_dir} is not there; set HANDBILL_DATA_DIR to the installation's folder, or make one with: "
            "handbill init",
            status=CANNOT_START,
        )
    refuse_open(settings.data_dir)
    # For what libraries make, such as the worker's tables on SQLite; our own files name their mode.
    os.umask(OTHERS)


def _end_well() -> None:
    """SIGTERM is how a process is asked to end, so it ends with status 0; uvicorn raises the signal again when it has
    finished what was under way."""
    signal.signal(signal.SIGTERM, lambda _number, _frame: sys.exit(0))
    stop_with_parent()


def run_service(service: str) -> None:
    """A child's whole life: `handbill serve <service>` in the environment that it was given."""
    run_to_exit(lambda: serve(load_settings(), service))


def run_worker(service: str) -> None:
    """A child's whole life: `handbill worker <service>`."""
    run_to_exit(lambda: work(load_settings(), service))


def process_commands(settings: Settings) -> list[ProcessCommand]:
    """The five services and the workers, as processes."""
    services = [ProcessCommand(name, run_service, (name,), f"{url_of(settings, name)}/ready") for name in SERVICES]
    return services + [ProcessCommand(f"{name}-worker", run_worker, (name,)) for name in WORKERS]


def sandbox_environment(settings: Settings) -> dict[str, str]:
    """Business time is the simulator's, which runs from now on like a wall clock and can be moved forward."""
    return {
        "HANDBILL_CLOCK_URL": f"{url_of(settings, 'clearinghouse')}/simulator/clock",
        "HANDBILL_SIMULATOR_CLOCK_RUNS": "true",
        "HANDBILL_SIMULATOR_STARTS_AT": datetime.now(UTC).isoformat(),
    }


def check_ports(settings: Settings) -> None:
    """Before anything starts. Raises CommandFailed that names every port in use and its service."""
    faults = []
    for service in SERVICES:
        try:
            listener(service, LOOPBACK, port_of(settings, service)).close()
        except CommandFailed as failed:
            faults.append(str(failed))
    if faults:
        raise CommandFailed("\n".join(faults), status=CANNOT_START)


def up(settings: Settings, environment: dict[str, str], when_ready: Callable[[], None]) -> None:
    """Start everything in a prepared installation whose ports are free, call `when_ready`, and stay until Ctrl-C or
    SIGTERM; a child that ends ends the rest. Raises CommandFailed for that."""
    stop = threading.Event()

    def on_signal(_number: int, _frame: FrameType | None) -> None:
        stop.set()

    before = {number: signal.signal(number, on_signal) for number in (signal.SIGINT, signal.SIGTERM)}
    processes = Processes(settings.data_dir.resolve() / "logs", environment, settings.tls_file("ca"))
    try:
        for command in process_commands(settings):
            if not stop.is_set():
                processes.start(command)
        processes.wait_ready(stop=stop)
        if not stop.is_set():
            when_ready()
        processes.watch(stop)
    except ChildFailed as failed:
        raise CommandFailed(f"{failed}\nthe other processes are stopped") from None
    finally:
        processes.stop_all()
        for number, handler in before.items():
            signal.signal(number, handler)
