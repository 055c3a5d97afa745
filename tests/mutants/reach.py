"""Which tests reach which line, and how long each takes: recorded once, kept until the sources change.

A test that starts the product in processes of its own leaves no trace here, and a line that only runs when its module
is imported is reached by whichever test came first. Both are answered from the tests that reach anything of the module
and the folder of tests that mirrors the module's (tests/shared/x12 for shared/x12/...).
"""

import hashlib
import json
import os
import subprocess
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import coverage

from tests.mutants.copies import environment

HERE = Path(__file__).resolve().parents[2]
Test = str
"""The name pytest has for it: `tests/shared/test_money.py::test_cents[eur]`."""


@dataclass
class Reach:
    """`seconds` of every test that passed; `lines[file][line]` the tests that reach it; `slow` are files of tests that
    were not recorded, since measuring makes them take minutes."""

    seconds: dict[Test, float] = field(default_factory=dict)
    lines: dict[str, dict[int, list[Test]]] = field(default_factory=dict)
    slow: list[str] = field(default_factory=list)
    failed: list[Test] = field(default_factory=list)

    def tests_of(self, file: str, line: int, span: tuple[int, int]) -> list[Test]:
        """The tests that reach a line; where none is known those that reach its statement."""
        lines = self.lines.get(file, {})
        return lines.get(line) or sorted({test for n in range(span[0], span[1] + 1) for test in lines.get(n, ())})

    def tests_near(self, file: str) -> list[list[Test]]:
        """The tests that reach anything of the file, and the others of the folder that mirrors the file's."""
        reaching = {test for tests in self.lines.get(file, {}).values() for test in tests}
        folder = self._mirror(file)
        return [sorted(reaching), sorted({test for test in self.seconds if test.startswith(folder)} - reaching)]

    def slow_tests_of(self, file: str) -> list[str]:
        """The files of tests that are too slow to record and stand in the folder that mirrors the file's."""
        folder = self._mirror(file)
        return [name for name in self.slow if name.startswith(folder)]

    def _mirror(self, file: str) -> str:
        places = [f"tests/{parent}/" for parent in Path(file).parents if parent.parts]
        known = [*self.seconds, *self.slow]
        return next((place for place in places if any(test.startswith(place) for test in known)), "tests/")


def digest(root: Path, folders: Iterable[str]) -> str:
    """A digest of every file that Python or a test reads in these folders."""
    found = hashlib.sha256()
    for folder in folders:
        for file in sorted([root / folder, *(root / folder).rglob("*")]):
            if file.is_file() and "__pycache__" not in file.parts:
                found.update(f"{file.relative_to(root)}\0".encode() + hashlib.sha256(file.read_bytes()).digest())
    return found.hexdigest()


def recorded(
    root: Path,
    cache: Path,
    sources: Sequence[str],
    tests: Sequence[str],
    shared: Sequence[str],
    slow: Sequence[str],
    processes: int = 2,
) -> Reach:
    """What is in the cache, recorded anew where `root` no longer has the sources or tests that it was made from.

    `sources` are the folders of the product, `tests` what pytest is asked to run, `shared` what tests import, `slow`
    the files of tests to leave out. `root` is a copy, and gets compiled files and coverage data.
    """
    state = digest(root, [*sources, *tests, *shared])
    if cache.exists():
        kept: dict[str, Any] = json.loads(cache.read_text())
        if kept["state"] == state:
            return _unpacked(kept, slow)
    kept = {"state": state, **_record(root, cache.parent, sources, tests, slow, processes)}
    cache.write_text(json.dumps(kept))
    return _unpacked(kept, slow)


def _record(
    root: Path,
    folder: Path,
    sources: Sequence[str],
    tests: Sequence[str],
    slow: Sequence[str],
    processes: int,
) -> dict[str, Any]:
    """Runs the tests with coverage; lets those out that run on PostgreSQL too, as they reach the same lines."""
    timings, data = folder / "timings.json", folder / "coverage.sqlite"
    for file in (timings, data):
        file.unlink(missing_ok=True)
    command = [
        *(sys.executable, "-m", "pytest", "-o", "addopts=", "--import-mode=importlib", "-q", "-k", "not postgresql"),
        *(
            "-n",
            str(processes),
            "--dist",
            "loadfile" if processes else "no",
            "-p",
            "tests.mutants.timings",
            "-p",
            "no:cacheprovider",
        ),
        *("--cov-context=test", "--cov-report=", *(f"--cov={source}" for source in sources)),
        *(f"--ignore={name}" for name in slow),
        *tests,
    ]
    paths = os.pathsep.join([str(root), str(HERE)])
    environ = environment(PYTHONPATH=paths, MUTANTS_TIMINGS=str(timings), COVERAGE_FILE=str(data))
    with (folder / "recording.txt").open("w") as output:
        subprocess.run(command, cwd=root, env=environ, stdout=output, stderr=subprocess.STDOUT, check=False)
    if not timings.exists() or not data.exists():
        raise SystemExit(f"The tests could not be recorded; see {folder / 'recording.txt'}")
    times = json.loads(timings.read_text())
    return {**times, "lines": _lines(root, data, times["passed"])}


def _lines(root: Path, data: Path, passed: dict[Test, float]) -> dict[str, dict[str, list[int]]]:
    """Of every file the lines, of each line the tests by their place in `passed`."""
    measured = coverage.CoverageData(str(data))
    measured.read()
    number = {test: place for place, test in enumerate(passed)}
    found = {}
    for file in measured.measured_files():
        found[str(Path(file).relative_to(root))] = {
            str(line): sorted({number[test] for test in _names(contexts) if test in number})
            for line, contexts in measured.contexts_by_lineno(file).items()
        }
    return found


def _names(contexts: Iterable[str]) -> list[Test]:
    """The tests of contexts such as `tests/test_a.py::test_b|setup`."""
    return [context.rpartition("|")[0] for context in contexts]


def _unpacked(kept: dict[str, Any], slow: Sequence[str]) -> Reach:
    names = list(kept["passed"])
    lines = {
        file: {int(line): [names[number] for number in numbers] for line, numbers in by_line.items()}
        for file, by_line in kept["lines"].items()
    }
    return Reach(kept["passed"], lines, list(slow), kept["failed"])
