"""Runs tests in a copy of the tree, again and again: `python runner.py <module to import first>...` inside the copy.

Importing the libraries takes longer than most tests do, so it is done once; every run is a fork of that process, which
then imports the copy's code as it is at that moment. This file therefore imports nothing of ours.

It reads a JSON line per run, `{"files": [...], "tests": [...], "seconds": 20}`, and answers with one, `{"outcome": ...,
"test": ..., "ran": n}`: `passed`, `failed` (a test failed, or the code cannot be imported), `timeout`, or `none` when
there was no such test. Tests run in the order asked for, until the first that fails; all tests of a file when `tests`
is empty.
"""

import contextlib
import importlib
import importlib.metadata
import json
import os
import select
import signal
import sys
import tempfile
from pathlib import Path
from typing import Any

import pytest

OPTIONS = [
    *("-o", "addopts=", "--import-mode=importlib", "-q", "-x", "--no-header", "--tb=no"),
    *(
        "-p",
        "no:xdist",
        "-p",
        "no:cacheprovider",
        "-p",
        "no:pytest_cov",
        "-W",
        "ignore::pytest.PytestAssertRewriteWarning",
        "-k",
        "not postgresql",
    ),
]
NOT_LOADED = ("xdist", "pytest_cov")
OUTCOMES = {pytest.ExitCode.OK: "passed", pytest.ExitCode.NO_TESTS_COLLECTED: "none"}


class Order:
    """A pytest plugin: the wanted tests only, in the wanted order; remembers the test that failed."""

    def __init__(self, wanted: list[str]) -> None:
        self._turn = {name: turn for turn, name in enumerate(wanted)}
        self.failed: str | None = None
        self.ran = 0

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        if self._turn:
            items[:] = sorted(
                (item for item in items if item.nodeid in self._turn), key=lambda item: self._turn[item.nodeid]
            )

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        self.ran += report.when == "call"
        if report.failed and self.failed is None:
            self.failed = report.nodeid


def run(asked: dict[str, Any]) -> dict[str, Any]:
    """One run in a process group of its own, of which nothing is left afterwards."""
    reading, writing = os.pipe()
    child = os.fork()
    if not child:
        os.close(reading)
        _child(asked, writing)
    os.close(writing)
    answered = select.select([reading], [], [], asked["seconds"])[0]
    answer = os.read(reading, 65536) if answered else b""
    os.close(reading)
    with contextlib.suppress(ProcessLookupError):
        os.killpg(child, signal.SIGKILL)
    os.waitpid(child, 0)
    if not answered:
        return {"outcome": "timeout", "test": None, "ran": 0}
    found: dict[str, Any] = json.loads(answer or b'{"outcome": "failed", "test": null, "ran": 0}')
    return found


def _child(asked: dict[str, Any], writing: int) -> None:
    os.setpgid(0, 0)
    silence = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(silence, stream)
    order = Order(asked["tests"])
    temporary = tempfile.mkdtemp()
    os.environ["PYTEST_DEBUG_TEMPROOT"] = temporary
    try:
        code = pytest.main([*OPTIONS, "--hypothesis-seed=0", *asked["files"]], plugins=[order])
        answer = {"outcome": OUTCOMES.get(pytest.ExitCode(code), "failed"), "test": order.failed, "ran": order.ran}
        os.write(writing, json.dumps(answer).encode())
    finally:
        os._exit(0)


def main() -> None:
    sys.path[0] = str(Path.cwd())
    for plugin in importlib.metadata.entry_points(group="pytest11"):
        if plugin.module.partition(".")[0] not in NOT_LOADED:
            plugin.load()
    for name in sys.argv[1:]:
        importlib.import_module(name)
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    for line in sys.stdin:
        answers.write(json.dumps(run(json.loads(line))) + "\n")
        answers.flush()


if __name__ == "__main__":
    main()
