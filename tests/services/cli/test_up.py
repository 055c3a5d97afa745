"""`handbill up`: all processes come up together, are said to be there, and go down together."""

import os
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import psutil
import pytest

from services.cli.composition import variable_of

LAST_LINE = "Ctrl-C stops everything."
STOP_SECONDS = 30


def begun(environment) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "services.cli.main", "up"],
        env={**os.environ, **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        # What most systems give a shell: files that everybody may read.
        umask=0o022,
    )


@pytest.fixture
def up(environment):
    """A running `handbill up`, and what it printed until it was ready."""
    with begun(environment) as process:
        lines = []
        for line in process.stdout:
            lines.append(line.strip())
            if lines[-1] == LAST_LINE:
                break
        else:
            pytest.fail(process.stderr.read())
        yield process, lines
        process.terminate()


def children(process) -> dict[int | None, psutil.Process]:
    """The services by the port that they listen on, and the worker, which listens on none."""
    found = {}
    for server in psutil.Process(process.pid).children():
        for child in server.children():
            listening = [one.laddr.port for one in child.net_connections("tcp") if one.status == psutil.CONN_LISTEN]
            found[listening[0] if listening else None] = child
    return found


def port_of(environment, service) -> int:
    return int(environment[variable_of(service)].rpartition(":")[2])


def test_everything_is_up_until_ctrl_c(up, environment) -> None:
    process, lines = up
    services = ("access", "eligibility", "notes", "claims", "clearinghouse")
    assert set(children(process)) == {None, *(port_of(environment, service) for service in services)}
    headers = {"Authorization": f"Bearer {lines[-3]}"}
    with httpx.Client(trust_env=False) as http:
        for service in ("access", "eligibility", "notes", "claims", "clearinghouse"):
            url = environment[variable_of(service)]
            assert any(url in line for line in lines)
            assert http.get(url + "/ready").json()["service"] == service
        for service in ("access", "eligibility", "notes", "claims"):
            url = environment[variable_of(service)]
            assert http.get(url + "/v1/events", headers=headers).status_code == 200
        clock = http.get(environment["HANDBILL_SIMULATOR_URL"] + "/simulator/clock").json()["now"]
    assert abs(datetime.fromisoformat(clock) - datetime.now(UTC)) < timedelta(minutes=5)
    running = list(children(process).values())
    process.send_signal(signal.SIGINT)
    assert process.wait(STOP_SECONDS) == 0
    assert process.stdout.read().strip() == "stopped"
    assert psutil.wait_procs(running, timeout=5)[1] == []


@pytest.mark.safeguard("164.312(a)(1)", "API8")
def test_nothing_that_any_process_makes_may_be_read_by_others(up, environment) -> None:
    folder = Path(environment["HANDBILL_DATA_DIR"])
    modes = {file.relative_to(folder).as_posix(): file.stat().st_mode & 0o077 for file in folder.rglob("*")}
    assert {"notes.sqlite", "claims.sqlite", "keys", "credentials", "logs"} <= modes.keys()
    assert {file: oct(mode) for file, mode in modes.items() if mode} == {}


def test_a_child_that_dies_is_reported_and_ends_the_rest(up, environment) -> None:
    process, _ = up
    running = children(process)
    running[port_of(environment, "notes")].kill()
    assert process.wait(STOP_SECONDS) == 1
    message = process.stderr.read()
    assert message.startswith("handbill: notes was ended by signal 9; its log is ")
    assert "the other processes are stopped" in message
    assert "Traceback" not in message
    assert psutil.wait_procs(list(running.values()), timeout=5)[1] == []


def test_it_stops_at_once_when_it_is_told_to_while_it_starts(environment) -> None:
    with begun(environment) as process:
        assert process.stdout.readline() == "starting ...\n"
        while not (running := psutil.Process(process.pid).children()):
            time.sleep(0.01)
        process.terminate()
        assert process.wait(STOP_SECONDS) == 0
        assert process.stdout.read() == "stopped\n"
    assert psutil.wait_procs(running, timeout=5)[1] == []
