"""Services on real loopback ports: uvicorn in threads, so that httpx and everything between is the real thing."""

import asyncio
import socket
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest
import uvicorn

from shared.web.connections import server_config
from shared.web.open_connections import ConnectionLimits

START_SECONDS = 20.0
RunApp = Callable[..., str]


class ToldServer(uvicorn.Server):
    """uvicorn looks ten times a second whether it should stop; this one is told."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.running = threading.Event()
        self._told = asyncio.Event()

    async def main_loop(self) -> None:
        await self.on_tick(0)
        self._loop = asyncio.get_running_loop()
        self.running.set()
        await self._told.wait()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """uvicorn waits for a tenth of a second before it looks whether anybody is being answered; this one looks."""
        for server in self.servers:
            server.close()
        for listener in sockets or []:
            listener.close()
        for connection in list(self.server_state.connections):
            connection.shutdown()
        await asyncio.sleep(0)  # connections that nobody waits at are gone after this
        if self.server_state.connections or self.server_state.tasks:
            await super().shutdown(sockets)
        else:
            await self.lifespan.shutdown()

    def tell(self) -> None:
        self.should_exit = True
        if self.running.is_set() and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._told.set)


class RunningApp:
    """One app behind one port, in one thread."""

    def __init__(self, app: Any, listener: socket.socket, limits: ConnectionLimits | None = None) -> None:
        config = server_config(app, limits or ConnectionLimits(), timeout_graceful_shutdown=3)
        self._server = ToldServer(config)
        self._listener = listener
        self._thread = threading.Thread(target=self._server.run, kwargs={"sockets": [listener]}, daemon=True)
        self.url = url_of(listener)

    def start(self) -> None:
        self._thread.start()
        ends = time.monotonic() + START_SECONDS
        while not self._server.running.wait(0.05):
            if not self._thread.is_alive() or time.monotonic() > ends:
                raise RuntimeError("the app did not start")

    def ask_to_stop(self) -> None:
        self._server.tell()

    def stop(self) -> None:
        self.ask_to_stop()
        if self._thread.ident is not None:
            self._thread.join(timeout=START_SECONDS)
        self._listener.close()


class Ports:
    """Loopback ports held open from the moment they are chosen, so that nobody else can take them."""

    def __init__(self) -> None:
        self._held: dict[str, socket.socket] = {}

    def reserve(self) -> str:
        listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(("127.0.0.1", 0))
        self._held[url_of(listener)] = listener
        return url_of(listener)

    def take(self, url: str) -> socket.socket:
        return self._held.pop(url)

    def close(self) -> None:
        for listener in self._held.values():
            listener.close()


def url_of(listener: socket.socket) -> str:
    return f"http://127.0.0.1:{listener.getsockname()[1]}"


@pytest.fixture
def ports() -> Iterator[Ports]:
    ports = Ports()
    yield ports
    ports.close()


@pytest.fixture
def free_url(ports: Ports) -> Callable[[], str]:
    """`free_url()` answers `http://127.0.0.1:<port>`, held for a later `run_app(app, at=url)`; until then it refuses
    connections, so it also serves as a service that is down."""
    return ports.reserve


@pytest.fixture
def free_port() -> Callable[[], int]:
    """`free_port()` answers a port that was free a moment ago, for a child process to listen on."""

    def find() -> int:
        with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as listener:
            listener.bind(("127.0.0.1", 0))
            return int(listener.getsockname()[1])

    return find


@pytest.fixture
def start_app(ports: Ports) -> Iterator[Callable[..., RunningApp]]:
    """Like `run_app`, but answers the RunningApp (`.url`, `.stop()`), for tests that stop a service on the way."""
    running: list[RunningApp] = []

    def start(app: Any, *, at: str | None = None, limits: ConnectionLimits | None = None) -> RunningApp:
        running.append(RunningApp(app, ports.take(at or ports.reserve()), limits))
        running[-1].start()
        return running[-1]

    yield start
    for app in running:
        app.ask_to_stop()
    for app in reversed(running):
        app.stop()


@pytest.fixture
def run_app(start_app: Callable[..., RunningApp]) -> RunApp:
    """`run_app(app) -> base_url`, as often as a test likes; every app is stopped after the test."""

    def run(app: Any, *, at: str | None = None, limits: ConnectionLimits | None = None) -> str:
        return start_app(app, at=at, limits=limits).url

    return run


@pytest.fixture
def http() -> Iterator[httpx.Client]:
    """An httpx client that is closed after the test."""
    with httpx.Client(timeout=15, trust_env=False, verify=False) as client:  # loading certificates takes 50 ms
        yield client
