"""`make fuzz`, or `python -m tests.shared.x12.fuzz`: mutants until the time is up.

`FUZZ_SECONDS` says how long (300), `FUZZ_SEED` which mutants (by the clock, and printed). A mutant that breaks a rule
is made smaller and written to `.fuzz/`; `python -m tests.shared.x12.fuzz FILE...` holds files to the rules again.
Each broken rule is reported once. Exit status 1 when one was broken.
"""

import os
import pathlib
import sys
import time

from tests.shared.x12.fuzz.campaign import ANY_RULE, any_broken, tried
from tests.shared.x12.fuzz.seeds import everything

FOLDER = pathlib.Path(".fuzz")


def main(files):
    """The whole command; gives its exit status."""
    return held(files) if files else run(float(os.environ.get("FUZZ_SECONDS", "300")), os.environ.get("FUZZ_SEED"))


def held(files):
    """Hold the files to the rules and say what breaks."""
    failures = [(name, any_broken(pathlib.Path(name).read_bytes())) for name in files]
    for name, failure in failures:
        print(f"{name}: {failure or 'every rule holds'}")
    return int(any(failure for _, failure in failures))


def run(seconds, seed):
    """Mutants until the time is up."""
    seed = seed or str(time.time_ns() % 1_000_000)
    seeds = everything()
    print(f"FUZZ_SEED={seed}, {seconds:.0f} s, {len(seeds)} seed files", flush=True)
    end, number, rules = time.monotonic() + seconds, 0, set()
    while time.monotonic() < end:
        failure = tried(seed, number, seeds)
        if failure is not None and failure.broken.rule not in rules:
            rules.add(failure.broken.rule)
            report(failure, seed)
        number += 1
        if number % 1_000 == 0:
            print(f"{number} mutants, {len(rules)} ways to fail", flush=True)
    levels = number - -(-number // ANY_RULE)
    outcome = f"{len(rules)} ways to fail" if rules else "every rule holds"
    print(f"{number} mutants ({levels} of them damaged levels) with FUZZ_SEED={seed}: {outcome}")
    return int(bool(rules))


def report(failure, seed):
    """Write the mutant and its smaller self, and say how to see the failure again."""
    FOLDER.mkdir(exist_ok=True)
    whole, smaller = FOLDER / f"{seed}-{failure.number}.x12", FOLDER / f"{seed}-{failure.number}-smaller.x12"
    whole.write_bytes(failure.data)
    print(f"mutant {failure.number}, made from {failure.name}, breaks a rule: {failure.broken}", flush=True)
    smaller.write_bytes(failure.smaller())
    print(f"  It has {len(failure.data)} bytes, made smaller to {smaller.stat().st_size}. To see it again:")
    print(f"  {sys.executable} -m tests.shared.x12.fuzz {smaller}", flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
