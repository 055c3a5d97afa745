"""A campaign: so many mutants of the named parts within so many seconds, two at a time."""

import queue
import shutil
import tempfile
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.mutants.choosing import Mutant, choose
from tests.mutants.copies import Copy
from tests.mutants.reach import Reach, recorded
from tests.mutants.report import progress
from tests.mutants.trying import Runner, Tried, attempt, groups_of, rounds

RUNNERS = 2
START_SECONDS = 120.0


@dataclass(frozen=True)
class Plan:
    """`parts` are lists of glob patterns of folders to break; `sources` the product's packages; `tests` what is run;
    `shared` what tests import besides; `slow` files of tests that are not recorded; `first_imports` the libraries that
    every run needs; `processes` how many record."""

    parts: Sequence[Sequence[str]]
    sources: Sequence[str]
    tests: Sequence[str]
    shared: Sequence[str] = ()
    slow: Sequence[str] = ()
    first_imports: Sequence[str] = ()
    processes: int = 2


def campaign(
    root: Path, plan: Plan, count: int, seed: int, seconds: float, say: Callable[[str], object]
) -> tuple[list[Tried], int]:
    """What became of each mutant, and how many were not tried since the time was up. `root` itself is only read."""
    ends = time.monotonic() + seconds
    cache = root / ".mutants"
    cache.mkdir(exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix="run-", dir=cache))
    try:
        say("Looking which tests reach which lines ...")
        first = Copy(root, folder / "recorded")
        slow = [name for name in plan.slow if (root / name).exists()]
        reach = recorded(first.root, cache / "reach.json", plan.sources, plan.tests, plan.shared, slow, plan.processes)
        say(f"{len(reach.seconds)} tests; left out as they failed when recorded: {', '.join(reach.failed) or 'none'}")
        mutants = choose(first.root, plan.parts, count, seed)
        runners = [Runner(first.root, folder / f"runner-{n}", plan.first_imports) for n in range(RUNNERS)]
        try:
            _prove(runners[0], mutants[: len(plan.parts)], reach)
            done = _all(mutants, runners, reach, ends, say)
        finally:
            for runner in runners:
                runner.close()
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return done, len(mutants) - len(done)


def _prove(runner: Runner, mutants: Sequence[Mutant], reach: Reach) -> None:
    """Runs the first tests of some mutants on what is not broken. Raises SystemExit where one of them fails: then every
    mutant would seem killed."""
    for mutant in mutants:
        for names, _ in list(rounds(groups_of(mutant, reach)[1], mutant.file, reach))[:1]:
            answer = runner.run(list(dict.fromkeys(name.partition("::")[0] for name in names)), names, START_SECONDS)
            if answer["outcome"] != "passed":
                raise SystemExit(f"Nothing is broken, and yet: {answer}; was running {names[0]} and others")


def _all(
    mutants: Sequence[Mutant], runners: Sequence[Runner], reach: Reach, ends: float, say: Callable[[str], object]
) -> list[Tried]:
    waiting: queue.SimpleQueue[Mutant] = queue.SimpleQueue()
    for mutant in mutants:
        waiting.put(mutant)
    done: list[Tried] = []

    def work(runner: Runner) -> None:
        while time.monotonic() < ends:
            try:
                mutant = waiting.get_nowait()
            except queue.Empty:
                return
            done.append(attempt(mutant, runner, reach))
            say(progress(len(done), len(mutants), done[-1]))

    threads = [threading.Thread(target=work, args=(runner,)) for runner in runners]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return done
