"""Section match_and_post: what a remittance line costs to match and post among 10^4, 10^5 and 10^6 open claims.

One practice's claims, on PostgreSQL (`BENCH_DATABASE=sqlite` for SQLite), filled in between (`bench.open_claims`). Each
time a few 835 of `BENCH_CLAIMS` (200) claims of two lines, drawn from all that are open, are received, split and posted
as the worker does it. Times are of this process's clock; the fastest remittance counts, since what else runs on the
machine only ever adds to it. `BENCH_OPEN` has other numbers of open claims.
"""

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

from bench.claims_check import ORGANIZATION, dependencies
from bench.open_claims import OpenClaim, accepted_claim, fill
from services.claims.flows import Dependencies
from services.claims.flows.messages.apply_message import apply_message, waiting_messages
from services.claims.flows.messages.receive_messages import receive
from services.claims.flows.messages.split_message import split_message, unsplit_messages
from shared.database import Database, LocalKeyring
from shared.database.migrating import migrate
from shared.logs import configure_logs
from shared.tenancy import INSTALLATION, acting_for
from tests.harness.databases import PostgreSQL
from tests.services.claims.fake_clearinghouse import FakeClearinghouse, paid_in_part, remittance

OPEN = [int(one) for one in os.environ.get("BENCH_OPEN", "10000,100000,1000000").split(",")]
CLAIMS = int(os.environ.get("BENCH_CLAIMS", "200"))
KIND = os.environ.get("BENCH_DATABASE", "postgresql")
ROUNDS, LINES_A_CLAIM = 5, 2
MUST, AIM = 4.0, 1.5


@contextmanager
def database() -> Iterator[Database]:
    """An empty database of the claims service."""
    with TemporaryDirectory() as name, acting_for(INSTALLATION):
        server = PostgreSQL(f"bench-{os.getpid()}", "bench", keeps_commits=True) if KIND == "postgresql" else None
        url = server.url(server.create()) if server is not None else f"sqlite:///{name}/claims.sqlite"
        made = Database(url, LocalKeyring(Path(name) / "keyring.json"), "claims")
        try:
            migrate(made, "claims")
            yield made
        finally:
            made.close()
            if server is not None:
                server.close()


def post(deps: Dependencies, clearinghouse: FakeClearinghouse, claims: list[OpenClaim], trace: str) -> float:
    """Seconds to receive, split and post one remittance that pays these claims."""
    content = remittance(*(paid_in_part(one.claim_number) for one in claims), trace=trace)  # type: ignore[no-untyped-call]
    clearinghouse.deliver(content, "835")
    start = time.perf_counter()
    receive(deps)
    for received_id in unsplit_messages(deps):
        split_message(deps, received_id)
    states = [apply_message(deps, owner, message_id) for owner, message_id in waiting_messages(deps)]
    took = time.perf_counter() - start
    if states != ["applied"]:
        raise SystemExit(f"the remittance is {states}, and not applied")
    return took


def main() -> None:
    configure_logs("ERROR", "bench")
    chance, found, filled = Random(1), {}, 0
    with database() as made:
        deps, claim_id = accepted_claim(dependencies(made))
        clearinghouse = deps.clearinghouse
        assert isinstance(clearinghouse, FakeClearinghouse)
        for count in OPEN:
            start, more = time.perf_counter(), count - filled
            drawn = fill(made, ORGANIZATION, [claim_id], more, start=filled, keep=2 * ROUNDS * CLAIMS)
            filled = count
            print(f"{more:9,} claims filled in {time.perf_counter() - start:.0f} s", flush=True)
            if made.engine.dialect.name == "postgresql":
                with made.engine.connect() as connection:
                    connection.exec_driver_sql("ANALYZE")
                    connection.commit()
            chance.shuffle(drawn)
            portions = [drawn[at : at + CLAIMS] for at in range(0, ROUNDS * CLAIMS, CLAIMS)]
            times = [post(deps, clearinghouse, some, f"EFT{count}X{at}") for at, some in enumerate(portions)]
            found[count] = min(times) / CLAIMS / LINES_A_CLAIM
            print(f"{count:9,} open claims  {found[count] * 1e3:6.2f} ms a remittance line", flush=True)
    ratio = found[OPEN[-1]] / found[OPEN[0]]
    print(f"{OPEN[-1]:,} / {OPEN[0]:,}  {ratio:.2f}    must be at most {MUST}, aim {AIM}: ", end="")
    print("yes" if ratio <= MUST else "NO", f"({KIND})")


if __name__ == "__main__":
    main()
