"""Tries one mutant: breaks the file in a copy and runs the tests that reach the line, likely killers first.

Tests come in two runs. The first has the tests of the module's own folder that take little time; most mutants die
there. The second has the others that reach the line, as many as fit into `SECONDS`; then the files too slow to be
recorded.
"""

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path
from typing import Any

from tests.mutants.choosing import Mutant
from tests.mutants.copies import Copy, environment
from tests.mutants.reach import HERE, Reach, Test

FIRST_SECONDS = 4.0
FIRST_FILES = 6
SECONDS = 40.0
START_SECONDS = 30.0
"""What a run may take before its first test and beyond what the tests took when they were recorded."""
SLOWER = 5
"""A run that takes so many times what was recorded hangs."""
MAX_TESTS = 2_000
FEW = 5


@dataclass(frozen=True)
class Tried:
    """What became of a mutant. `killer` is the test that failed; `ran` of `reaching` tests ran, `files` they are in."""

    mutant: Mutant
    killed: bool
    killer: str | None
    ran: int
    reaching: int
    files: list[str] = field(default_factory=list)
    reached: bool = True


class Runner:
    """A copy of the tree and the process that runs tests in it; runner.py says what goes between them."""

    def __init__(self, root: Path, folder: Path, first_imports: Sequence[str] = ()) -> None:
        self.copy = Copy(root, folder)
        environ = environment(
            PYTHONPATH=os.pathsep.join([str(self.copy.root), str(HERE)]),
            TMPDIR=str(self.copy.temporary),
            PYTHONHASHSEED="0",
        )
        self._process = subprocess.Popen(
            [sys.executable, str(Path(__file__).parent / "runner.py"), *first_imports],
            cwd=self.copy.root, env=environ, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip

    def run(self, files: Sequence[str], tests: Sequence[Test], seconds: float) -> dict[str, Any]:
        assert self._process.stdin and self._process.stdout
        self._process.stdin.write(json.dumps({"files": files, "tests": tests, "seconds": seconds}) + "\n")
        self._process.stdin.flush()
        answer: dict[str, Any] = json.loads(self._process.stdout.readline())
        return answer

    def close(self) -> None:
        assert self._process.stdin and self._process.stdout
        self._process.stdin.close()
        self._process.wait(timeout=60)
        self._process.stdout.close()


def attempt(mutant: Mutant, runner: Runner, reach: Reach) -> Tried:
    """Breaks the runner's copy, runs tests until one fails, mends the copy."""
    known, groups = groups_of(mutant, reach)
    tests = [test for group in groups for test in group]
    runs = rounds(groups, mutant.file, reach)
    slow = reach.slow_tests_of(mutant.file)
    ran, files = 0, list[str]()
    with runner.copy.broken(mutant.file, mutant.source):
        for names, seconds in chain(runs, (([], SECONDS) for _ in slow[:1])):
            asked = _files_of(names) if names else slow
            answer = runner.run(asked, names, START_SECONDS + SLOWER * seconds)
            ran += answer["ran"]
            files += [file for file in asked if file not in files]
            if answer["outcome"] in {"failed", "timeout"}:
                return Tried(mutant, True, answer["test"] or answer["outcome"], ran, len(tests), files)
    return Tried(mutant, False, None, ran, len(tests), files, known)


def groups_of(mutant: Mutant, reach: Reach) -> tuple[bool, list[list[Test]]]:
    """Whether tests are known to reach the line, and the tests to run, those of the first group first.

    Where few are known, something is kept between tests (a cache, a module) and whoever came first has reached it.
    """
    known = reach.tests_of(mutant.file, mutant.line, mutant.lines)
    if len(known) >= FEW and not mutant.runs_once:
        return True, [known]
    near = reach.tests_near(mutant.file)
    if mutant.runs_once:
        return bool(known), near
    return bool(known), [known, *([test for test in group if test not in known] for group in near)]


def rounds(groups: Sequence[Sequence[Test]], file: str, reach: Reach) -> Iterator[tuple[list[Test], float]]:
    """The tests of each run, group by group, and the seconds that they took when they were recorded."""
    ordered = [test for tests in groups for test in _likely_first(tests, file, reach)]
    first, rest = list[Test](), list[Test]()
    budget, files = 0.0, set[str]()
    for test in ordered:
        budget += reach.seconds[test]
        if budget > SECONDS and (first or rest):
            break
        place = test.partition("::")[0]
        if budget <= FIRST_SECONDS and (place in files or len(files) < FIRST_FILES):
            files.add(place)
            first.append(test)
        else:
            rest.append(test)
    for names in (first, rest[:MAX_TESTS]):
        if names:
            yield names, sum(reach.seconds[name] for name in names)


def _likely_first(tests: Sequence[Test], file: str, reach: Reach) -> list[Test]:
    """Files of tests in the order of the folders they share with the module, then their tests' mean time; a file's
    tests stay together, since fixtures of a file are made once, the quickest first."""
    folders = Path(file).with_suffix("").parts
    by_file: dict[str, list[Test]] = {}
    for test in sorted(tests, key=lambda test: (reach.seconds[test], test)):
        by_file.setdefault(test.partition("::")[0], []).append(test)

    def turn(place: str) -> tuple[int, float, str]:
        names = Path(place.removeprefix("tests/")).with_suffix("").parts
        same = sum(name in folders or name.removeprefix("test_") in folders for name in names)
        return -same, sum(reach.seconds[test] for test in by_file[place]) / len(by_file[place]), place

    return [test for place in sorted(by_file, key=turn) for test in by_file[place]]


def _files_of(tests: Sequence[Test]) -> list[str]:
    return list(dict.fromkeys(test.partition("::")[0] for test in tests))
