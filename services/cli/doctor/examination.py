"""What the checks look at, and through: settings, clock, databases and services, each asked once and in time.

Whatever hangs is given up: a database that does not answer, a disk that is gone, a peer that says nothing. The thread
that waits for it is left behind, and ends with the process.
"""

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from pathlib import Path
from shutil import disk_usage
from typing import Any, Generic, TypeVar

import httpx
from sqlalchemy import inspect, make_url, text

from services.cli.composition import SERVICES, url_of
from shared.clocks import Clock, SimulatorClock, WallClock
from shared.database.inspecting import InspectedDatabase
from shared.database.opening import DatabaseUnusable, database_faults
from shared.database.schema import Standing, standing_of
from shared.outgoing import Answer, AnswerLimits, exchange, http_client, service_client
from shared.settings import Settings

T = TypeVar("T")
ASK_SECONDS = 4
"""How long a database or a service may take to answer."""
LIMITS = AnswerLimits(max_bytes=100_000, seconds=ASK_SECONDS)
SIMULATOR = "clearinghouse"


class TookTooLong(Exception):
    """It has not ended in time, and may never."""


@dataclass(frozen=True, slots=True)
class Looked(Generic[T]):
    """What was found, or the error that was met instead, and when."""

    at: datetime
    found: T | None = None
    error: Exception | None = None


@dataclass(frozen=True, slots=True)
class DatabaseState:
    """`standing` is that of no revision for a database without tables; `now` is its own clock's, None where it has
    none."""

    standing: Standing
    now: datetime | None
    tables: frozenset[str]


@dataclass(frozen=True, slots=True)
class ServiceAnswers:
    """What a service says to /health and to /ready."""

    health: Answer
    ready: Answer


@dataclass(frozen=True)
class Examination:
    """One look at an installation. `before_start`: its processes are not meant to run yet."""

    settings: Settings
    clock: Clock = field(default_factory=WallClock)
    before_start: bool = False
    free_bytes: Callable[[Path], int] = lambda folder: disk_usage(folder).free
    asked: dict[str, Any] = field(default_factory=dict)
    """What single checks have asked and others want too, by a name."""
    _clients: list[httpx.Client] = field(default_factory=list)

    @cached_property
    def services(self) -> tuple[str, ...]:
        """Those that this installation uses: the simulator only where files go there."""
        simulated = self.settings.clearinghouse_url == self.settings.simulator_url
        return tuple(name for name in SERVICES if simulated or name != SIMULATOR)

    def url(self, service: str) -> str:
        """Where a service is called."""
        return url_of(self.settings, service)

    def database(self, service: str) -> InspectedDatabase:
        """A service's database, read only."""
        return InspectedDatabase(self.settings.database_url_of(service), ASK_SECONDS)

    @cached_property
    def databases(self) -> Mapping[str, Looked[DatabaseState]]:
        """The state of each service's database."""
        return self._each(self._database_state)

    @property
    def readable(self) -> dict[str, DatabaseState]:
        """Those that could be looked at and have tables."""
        found = {service: looked.found for service, looked in self.databases.items()}
        return {service: state for service, state in found.items() if state is not None and state.standing.revision}

    @cached_property
    def answers(self) -> Mapping[str, Looked[ServiceAnswers]]:
        """What each service says."""
        return self._each(self._ask)

    @cached_property
    def service_http(self) -> httpx.Client:
        """Calls to services of ours. Raises AuthorityUnusable."""
        return self._until_closed(service_client(ASK_SECONDS, ca_file=self.settings.tls_file("ca")))

    @cached_property
    def outside_http(self) -> httpx.Client:
        """Calls to the clearinghouse. Raises AuthorityUnusable."""
        return self._until_closed(http_client(ASK_SECONDS, ca_file=self.settings.tls_file("ca")))

    @cached_property
    def business_clock(self) -> Clock:
        """What dates and waits are counted by."""
        url = self.settings.clock_url
        return SimulatorClock(url, self.service_http) if url else self.clock

    def close(self) -> None:
        """Close what was opened for calls to others."""
        for client in self._clients:
            client.close()

    def _until_closed(self, client: httpx.Client) -> httpx.Client:
        self._clients.append(client)
        return client

    def _each(self, look: Callable[[str], T]) -> dict[str, Looked[T]]:
        """All services at once, so that five that hang take no longer than one."""
        found: dict[str, Looked[T]] = {}

        def one(service: str) -> None:
            try:
                found[service] = Looked(self.clock.now(), look(service))
            except Exception as error:  # a check says what is wrong with this one, and goes on to the others
                found[service] = Looked(self.clock.now(), error=error)

        threads = [threading.Thread(target=one, args=(service,), daemon=True) for service in self.services]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(3 * ASK_SECONDS)
        late: Looked[T] = Looked(self.clock.now(), error=TookTooLong(f"it did not answer within {3 * ASK_SECONDS} s"))
        return {service: found.get(service, late) for service in self.services}

    def _database_state(self, service: str) -> DatabaseState:
        url = self.settings.database_url_of(service)
        if url.startswith("sqlite") and not (file := Path(make_url(url).database or "")).exists():
            raise DatabaseUnusable(f"{file} is not there; make the installation with handbill init, or put it back")
        with database_faults(url, service), self.database(service).connection() as connection:
            tables = frozenset(inspect(connection).get_table_names())
            standing = standing_of(connection)
            postgresql = connection.dialect.name == "postgresql"
            now = connection.execute(text("SELECT clock_timestamp()")).scalar() if postgresql else None
            return DatabaseState(standing, now, tables)

    def _ask(self, service: str) -> ServiceAnswers:
        def get(path: str) -> Answer:
            types = ("application/json", "application/problem+json")
            return exchange(self.service_http, "GET", self.url(service) + path, LIMITS, peer=service, types=types)

        return ServiceAnswers(get("/health"), get("/ready"))


def within(seconds: float, look: Callable[[], T]) -> T:
    """What `look` answers. Raises TookTooLong when it takes longer."""
    found: list[T] = []
    errors: list[Exception] = []

    def run() -> None:
        try:
            found.append(look())
        except Exception as error:  # raised again below, in the thread that asked
            errors.append(error)

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    thread.join(seconds)
    if errors:
        raise errors[0]
    if not found:
        raise TookTooLong(f"it did not end within {seconds:g} s")
    return found[0]
