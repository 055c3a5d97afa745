"""Children are started, waited for, watched, killed, started again and stopped; none outlives its parent."""

import os
import signal
import subprocess
import sys
import threading
import time

import httpx
import psutil
import pytest

from services.cli.processes import ChildFailed, ProcessCommand, Processes
from services.cli.serving import run_service


@pytest.fixture
def access(environment, data_folder):
    url = environment["HANDBILL_ACCESS_URL"]
    return ProcessCommand("access", run_service, ("access",), f"{url}/ready")


@pytest.fixture
def processes(tmp_path, environment):
    processes = Processes(tmp_path / "logs", environment)
    yield processes
    processes.stop_all()


def test_a_child_is_ready_then_killed_then_started_again_then_stopped_and_its_log_is_private_json(
    processes, access
) -> None:
    processes.start(access)
    processes.wait_ready()
    first = processes.pid("access")
    processes.kill("access")
    with pytest.raises(httpx.ConnectError):
        httpx.get(access.ready_url, trust_env=False)
    processes.start(access)
    processes.wait_ready()
    assert processes.pid("access") != first
    assert httpx.get(access.ready_url, trust_env=False).status_code == 200
    assert processes.stop("access") == 0
    assert processes.ended() == []
    log = processes.log_of("access")
    assert log.stat().st_mode & 0o077 == 0
    assert all(line.startswith("{") for line in log.read_text().splitlines())


def test_a_child_that_dies_is_named_with_its_log(processes, access) -> None:
    processes.start(access)
    processes.wait_ready()
    os.kill(processes.pid("access"), signal.SIGKILL)
    with pytest.raises(ChildFailed, match=r"access was ended by signal 9; its log is .*access\.log"):
        processes.watch(threading.Event())


def test_a_child_that_cannot_start_shows_the_end_of_its_log(processes) -> None:
    processes.start(ProcessCommand("nothing", run_service, ("nothing",), "http://127.0.0.1:9/ready"))
    with pytest.raises(ChildFailed, match=r"(?s)nothing ended with status 2.*there is no service nothing"):
        processes.wait_ready()


def test_a_child_that_takes_too_long_is_named(processes, access, free_url) -> None:
    processes.start(ProcessCommand("access", access.target, access.arguments, free_url() + "/ready"))
    with pytest.raises(ChildFailed, match=r"access is not ready after 0\.2 s"):
        processes.wait_ready(seconds=0.2)


def test_children_stop_when_their_parent_is_killed(tmp_path, environment, access) -> None:
    script = (
        "import sys, time, pathlib\n"
        "from services.cli.processes import Processes, ProcessCommand\n"
        "from services.cli.serving import run_service\n"
        "processes = Processes(pathlib.Path(sys.argv[1]))\n"
        f"processes.start(ProcessCommand('access', run_service, ('access',), {access.ready_url!r}))\n"
        "processes.wait_ready()\n"
        "print(processes.pid('access'), flush=True)\n"
        "time.sleep(60)\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", script, str(tmp_path / "logs")],
        env={**os.environ, **environment},
        stdout=subprocess.PIPE,
        text=True,
    ) as parent:
        child = int(parent.stdout.readline())
        parent.kill()
    assert _gone(child)


def _gone(pid: int) -> bool:
    """Whether it ends within ten seconds; one that only waits to be reaped has ended."""
    for _ in range(100):
        if not psutil.pid_exists(pid) or psutil.Process(pid).status() == psutil.STATUS_ZOMBIE:
            return True
        time.sleep(0.1)
    return False


def test_signals_to_the_session_do_not_end_what_children_are_forked_from(processes, access) -> None:
    processes.start(access)
    processes.wait_ready()
    server = psutil.Process(psutil.Process(processes.pid("access")).ppid())
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        server.send_signal(number)
    processes.check()
    assert processes.stop("access") == 0


def test_what_children_are_forked_from_has_no_thread_and_holds_nothing_open() -> None:
    script = (
        "import os, threading; before = set(os.listdir('/dev/fd'))\n"
        "import services.cli.forkserver\n"
        "print(threading.active_count(), len(set(os.listdir('/dev/fd')) - before))\n"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["1", "0"]
