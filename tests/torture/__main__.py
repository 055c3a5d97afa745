"""`make torture`: TORTURE_ROUNDS days of 24 claims on each database, TORTURE_KILLS kills in each, by TORTURE_SEED. As
it stands that is 1,104 claims and 322 kills.

Ends with status 1 when anything was lost, doubled, stuck or out of balance; the round's seed and folder are printed.
"""

import os
import sys
import tempfile
from pathlib import Path

from tests.harness.databases import KINDS
from tests.torture.databases import templates
from tests.torture.round import Outcome, Plan, play


def main() -> None:
    rounds = int(os.environ.get("TORTURE_ROUNDS", "23"))
    kills = int(os.environ.get("TORTURE_KILLS", "7"))
    seed = int(os.environ.get("TORTURE_SEED", "1"))
    kinds = os.environ.get("TORTURE_DATABASES", ",".join(KINDS)).split(",")
    wrong = 0
    with templates(kinds) as new:
        for number in range(rounds):
            for kind in kinds:
                folder = Path(tempfile.mkdtemp(prefix=f"handbill-torture-{kind}-"))
                outcome = play(folder, Plan(new[kind](), seed + number, kills))
                wrong += len(outcome.faults)
                print(line(kind, seed + number, outcome, folder), flush=True)
    print(f"{wrong} faults" if wrong else "nothing lost, doubled, stuck or out of balance")
    sys.exit(1 if wrong else 0)


def line(kind: str, seed: int, outcome: Outcome, folder: Path) -> str:
    """What one round was, and each of its faults on a line of its own."""
    signals = ", ".join(f"{count} {name}" for name, count in sorted(outcome.signals.items()))
    head = f"{kind:<10} seed {seed:<4} {outcome.claims} claims, {signals}, {outcome.seconds:.0f} s"
    return "\n  ".join([head, *outcome.faults, *([f"see {folder}"] if outcome.faults else [])])


if __name__ == "__main__":
    main()
