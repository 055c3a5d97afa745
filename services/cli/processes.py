"""Supervision of child processes: start, wait until ready, watch, kill one, stop all.

Children are forked from one server that has imported all services (`forkserver`), so that six of them start in the time
of one. They run in sessions of their own, so that Ctrl-C reaches only the parent, which then stops them in order. Each
holds the reading end of a pipe from the parent: when the parent dies, however it dies, the pipe closes and the child
stops by itself (`stop_with_parent`), so nothing is left behind. What a child prints goes to a private log file.
"""

import multiprocessing
import os
import signal
import threading
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from multiprocessing.connection import Connection
from multiprocessing.context import ForkServerProcess
from pathlib import Path

import httpx

from shared.outgoing import AnswerLimits, exchange, service_client
from shared.private_files import open_private_log

READY_SECONDS = 60.0
STOP_SECONDS = 10.0
POLL_SECONDS = 0.05
READY_LIMITS = AnswerLimits(max_bytes=10_000, seconds=5)
TAIL_LINES = 5
TAIL_BYTES = 8_000
PARENT_WATCH = "HANDBILL_STOP_WITH_PARENT"
STDIN, STDOUT, STDERR = 0, 1, 2


@dataclass(frozen=True, slots=True)
class ProcessCommand:
    """What to run: `target(*arguments)`, where `target` is a function of a module, so that another process can import
    it. It is ready when `ready_url` answers 200, or at once without one."""

    name: str
    target: Callable[..., None]
    arguments: tuple[str, ...]
    ready_url: str | None = None


@dataclass(frozen=True, slots=True)
class Ended:
    """A child that is no longer there; `code` is its exit status, negative for a signal."""

    name: str
    code: int
    log: Path

    def sentence(self) -> str:
        """What happened, for a person, with the log file to look at."""
        how = f"was ended by signal {-self.code}" if self.code < 0 else f"ended with status {self.code}"
        return f"{self.name} {how}; its log is {self.log}"


class ChildFailed(Exception):
    """A child ended, or did not become ready, when it should run; the text names it and its log."""


@dataclass(frozen=True, slots=True)
class Child:
    """A process, and the writing end of the pipe that it watches."""

    process: ForkServerProcess
    alive: Connection

    def reap(self, seconds: float = STOP_SECONDS) -> int:
        """Wait for its end; SIGKILL when it takes longer. Gives its exit status."""
        self.alive.close()
        self.process.join(seconds)
        if self.process.exitcode is None:
            self.process.kill()
            self.process.join()
        return int(self.process.exitcode or 0)


class Processes:
    """The children of one parent. `environment` is added to the parent's own; logs go to `log_dir/<name>.log`.
    `ca_file` is what their certificates are checked with."""

    def __init__(
        self, log_dir: Path, environment: Mapping[str, str] | None = None, ca_file: Path | None = None
    ) -> None:
        self._log_dir = log_dir
        self._ca_file = ca_file
        self._environment = {**os.environ, **(environment or {}), PARENT_WATCH: "1"}
        self._programs: dict[str, ProcessCommand] = {}
        self._children: dict[str, Child] = {}
        self._forkserver = multiprocessing.get_context("forkserver")
        self._forkserver.set_forkserver_preload(["services.cli.forkserver"])

    def start(self, command: ProcessCommand) -> None:
        """Start one child; it need not be ready when this returns. Raises ChildFailed when there is no starting it."""
        if command.name in self._children:
            raise ValueError(f"{command.name} runs already")
        self._log_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
        watched, alive = self._forkserver.Pipe(duplex=False)
        process = self._forkserver.Process(
            target=_live,
            args=(command, self._environment, self.log_of(command.name), watched),
            name=command.name,
            # Ended by multiprocessing when the parent exits in order; for every other end there is the pipe.
            daemon=True,
        )
        # The child has a copy of its own by then; the parent needs the writing end alone.
        with watched:
            try:
                process.start()
            except (EOFError, OSError) as error:
                alive.close()
                raise ChildFailed(f"{command.name} could not be started: {error}") from None
        self._children[command.name] = Child(process, alive)
        self._programs[command.name] = command

    def wait_ready(
        self,
        names: Iterable[str] | None = None,
        seconds: float = READY_SECONDS,
        stop: threading.Event | None = None,
    ) -> None:
        """Wait until the named children (all without names) are ready, or until `stop` is set. Raises ChildFailed
        when one of any ends, or takes longer."""
        waiting = [self._programs[name] for name in (names if names is not None else list(self._programs))]
        ends = time.monotonic() + seconds
        with service_client(2.0, ca_file=self._ca_file) as http:
            while waiting and not (stop is not None and stop.is_set()):
                self.check()
                waiting = [command for command in waiting if not _is_ready(command, http)]
                if waiting and time.monotonic() > ends:
                    name = waiting[0].name
                    raise ChildFailed(f"{name} is not ready after {seconds:g} s; its log is {self.log_of(name)}")
                time.sleep(POLL_SECONDS)
        self.check()

    def ended(self) -> list[Ended]:
        """The children that ended by themselves or were killed, and were not started again."""
        codes = {name: child.process.exitcode for name, child in self._children.items()}
        return [Ended(name, code, self.log_of(name)) for name, code in codes.items() if code is not None]

    def check(self) -> None:
        """Raises ChildFailed, with the end of its log, when a child has ended."""
        for ended in self.ended():
            raise ChildFailed("\n  ".join([ended.sentence(), *_tail(ended.log)]))

    def watch(self, stop: threading.Event) -> None:
        """Return when `stop` is set. Raises ChildFailed when a child ends before."""
        while not stop.wait(POLL_SECONDS * 4):
            self.check()

    def kill(self, name: str) -> None:
        """SIGKILL: what a power cut does to one process."""
        child = self._children.pop(name)
        child.process.kill()
        child.reap()

    def stop(self, name: str, seconds: float = STOP_SECONDS) -> int:
        """SIGTERM, and SIGKILL when it does not end in time. Answers its exit status."""
        child = self._children.pop(name)
        child.process.terminate()
        return child.reap(seconds)

    def stop_all(self, seconds: float = STOP_SECONDS) -> None:
        """All at once, whatever state they are in; the last one that was started is waited for first."""
        for child in self._children.values():
            child.process.terminate()
        for name in reversed(list(self._children)):
            self._children.pop(name).reap(seconds)

    def pid(self, name: str) -> int:
        """The process id of a child that was started."""
        pid = self._children[name].process.pid
        assert pid is not None
        return pid

    def log_of(self, name: str) -> Path:
        """The private log file of a child; it holds what the child prints."""
        return self._log_dir / f"{name}.log"


def _is_ready(command: ProcessCommand, http: httpx.Client) -> bool:
    if command.ready_url is None:
        return True
    try:
        return exchange(http, "GET", command.ready_url, READY_LIMITS).status_code == 200
    except httpx.HTTPError:
        return False


def _tail(log: Path) -> list[str]:
    try:
        with log.open("rb") as file:
            file.seek(max(0, log.stat().st_size - TAIL_BYTES))
            return file.read().decode(errors="replace").splitlines()[-TAIL_LINES:]
    except OSError:
        return []


def _live(command: ProcessCommand, environment: dict[str, str], log: Path, watched: Connection) -> None:
    """What a child does: run its program in a session, with an environment and a log of its own."""
    os.setsid()
    # The fork server ignores these signals, and a child inherits that.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_DFL)
    os.environ.clear()
    os.environ.update(environment)
    descriptor = open_private_log(log)
    # The pipe takes the place of standard input, where `stop_with_parent` reads it.
    for source, standard in ((watched.fileno(), STDIN), (descriptor, STDOUT), (descriptor, STDERR)):
        os.dup2(source, standard)
    os.close(descriptor)
    command.target(*command.arguments)


def stop_with_parent(stop: Callable[[], None] | None = None) -> None:
    """In a child: end as by SIGTERM when the parent's pipe closes. Does nothing for a process nobody supervises."""
    if os.environ.pop(PARENT_WATCH, None) is None:
        return

    def wait() -> None:
        while os.read(STDIN, 1024):
            pass
        (stop or (lambda: os.kill(os.getpid(), signal.SIGTERM)))()

    threading.Thread(target=wait, name="parent-watch", daemon=True).start()
