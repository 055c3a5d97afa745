"""Section one_large_remittance: 10,000 claims paid by one 835, in one pass, beside one of 1,000: time, statements a
claim, and the most memory of the process. On SQLite; `BENCH_CLAIMS` has another number of claims (10000)."""

import os
import resource
import threading
from pathlib import Path

from sqlalchemy import event

from bench import match_and_post
from bench.claims_check import ORGANIZATION, dependencies
from bench.open_claims import accepted_claim, fill
from shared.logs import configure_logs
from tests.services.claims.fake_clearinghouse import FakeClearinghouse

CLAIMS = int(os.environ.get("BENCH_CLAIMS", "10000"))
FEWER = CLAIMS // 10
MUST = 1.5
"""Of the time and of the statements a claim."""
MUST_MB = 300


def resident_mb() -> float:
    """What the process has in memory now."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize() / 1e6


class Memory:
    """The most that the process had in memory since it was begun."""

    def __init__(self) -> None:
        self.most_mb, self._stop = resident_mb(), threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()

    def _watch(self) -> None:
        while not self._stop.wait(0.05):
            self.most_mb = max(self.most_mb, resident_mb())

    def end(self) -> float:
        self._stop.set()
        self._thread.join()
        return self.most_mb


def main() -> None:
    configure_logs("ERROR", "bench")
    match_and_post.KIND = "sqlite"
    found: dict[int, tuple[float, float, float]] = {}
    with match_and_post.database() as made:
        deps, claim_id = accepted_claim(dependencies(made))
        clearinghouse = deps.clearinghouse
        assert isinstance(clearinghouse, FakeClearinghouse)
        drawn = fill(made, ORGANIZATION, [claim_id], FEWER + CLAIMS, keep=FEWER + CLAIMS)
        statements: list[None] = []
        event.listen(made.engine, "before_cursor_execute", lambda *_: statements.append(None))
        for count, some in ((FEWER, drawn[:FEWER]), (CLAIMS, drawn[FEWER:])):
            statements.clear()
            before, memory = resident_mb(), Memory()
            took = match_and_post.post(deps, clearinghouse, some, f"EFT{count}")
            more = memory.end() - before
            found[count] = (took / count * 1e3, len(statements) / count, more)
            print(f"{count:6,} claims in one 835  {found[count][0]:6.2f} ms a claim, ", end="")
            print(f"{found[count][1]:.2f} statements a claim, {more:.0f} MB more in memory", flush=True)
    for place, what in enumerate(("time", "statements")):
        ratio = found[CLAIMS][place] / found[FEWER][place]
        print(f"{what} a claim, {CLAIMS:,} / {FEWER:,}  {ratio:.2f}    must be at most {MUST}: ", end="")
        print("yes" if ratio <= MUST else "NO")
    print(f"memory of {CLAIMS:,}  {found[CLAIMS][2]:.0f} MB    must be at most {MUST_MB}: ", end="")
    print("yes" if found[CLAIMS][2] <= MUST_MB else "NO")


if __name__ == "__main__":
    main()
