"""What sealing, MACs and the audit trail cost together on a typical write route: `PUT /v1/notes/{id}` through the whole
ASGI stack, on SQLite on this disk, beside the same route with none of the three."""

import asyncio
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from typing import Any

from sqlmodel import Session

from bench.claims_check import call
from services.notes.api import router
from services.notes.flows import Dependencies
from shared.clocks import WallClock
from shared.database import Database, LocalKeyring, engine, row_macs
from shared.database.heads import Anchor, write_heads
from shared.database.keys import Vault
from shared.database.migrating import migrate
from shared.database.operations import AUDIT
from shared.ids import random_ids
from shared.logs import configure_logs
from shared.security import Claims
from shared.web.service import create_service
from tests.services.notes.conftest import a_note

BLOCKS, WRITES = 12, 40
MOST = 0.35
SCOPES = frozenset({"notes:read", "notes:write"})


class BareVault(Vault):
    """Seals nothing."""

    def seal(self, _place: Any, value: bytes, _generation: int | None = None) -> bytes:
        return value

    def open(self, _place: Any, sealed: bytes) -> bytes:
        return sealed


@contextmanager
def unprotected() -> Iterator[None]:
    """Within it no row has a MAC and no transaction an audit entry."""
    patched = ((row_macs, "row_mac"), (row_macs, "is_authentic"), (engine, "append_entries"))
    kept = [getattr(module, name) for module, name in patched]

    def without_entries(session: Session, _vault: Vault, _service: str) -> dict[str, Anchor]:
        session.flush()
        session.info.pop(AUDIT, None)
        return write_heads(session)

    try:
        for (module, name), bare in zip(patched, (lambda *_: "", lambda *_: True, without_entries), strict=True):
            setattr(module, name, bare)
        yield
    finally:
        for (module, name), real in zip(patched, kept, strict=True):
            setattr(module, name, real)


def service(folder: Path, *, protected: bool) -> Any:
    database = Database(f"sqlite:///{folder}/{protected}.sqlite", LocalKeyring(folder / "keyring.json"), "notes")
    migrate(database, "notes")
    database.confined = True
    if not protected:
        database.vault = BareVault("notes", database.organization_keys)
    return create_service(
        name="notes",
        summary="",
        database=database,
        routers=[router],
        tags={},
        dependencies=[Dependencies(database, WallClock(), random_ids)],
        verifier=lambda _token: Claims("org_bench001", "America/Los_Angeles", "cli_bench", SCOPES, ("notes",), None),
    )


async def write(app: Any, block: int, numbers: range) -> tuple[float, float]:
    """Milliseconds of time and of this process for one write."""
    clock, work = time.perf_counter(), time.process_time()
    for number in numbers:
        status, content = await call(app, "PUT", f"/v1/notes/note_{block}_{number}", a_note())
        if status != 201:
            raise SystemExit(f"a note was answered {status}: {content.decode()}")
    took, worked = time.perf_counter() - clock, time.process_time() - work
    return took / len(numbers) * 1e3, worked / len(numbers) * 1e3


async def measured(apps: dict[bool, Any]) -> dict[bool, list[tuple[float, float]]]:
    """Blocks of writes, by turns, so that what the machine does beside it meets both."""
    times: dict[bool, list[tuple[float, float]]] = {True: [], False: []}
    for block in range(BLOCKS):
        times[True].append(await write(apps[True], block, range(WRITES)))
        with unprotected():
            times[False].append(await write(apps[False], block, range(WRITES)))
    return times


def main() -> None:
    configure_logs("ERROR", "bench")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        times = asyncio.run(measured({kind: service(folder, protected=kind) for kind in (True, False)}))
    for place, what in enumerate(("time", "work of the process")):
        # Without the first block, in which caches fill.
        ours, bare = (median(one[place] for one in times[kind][1:]) for kind in (True, False))
        print(f"a note put, {what:19} {ours:6.2f} ms, without any of the three {bare:6.2f} ms: ", end="")
        print(f"{ours / bare - 1:+.0%} (at most {MOST:+.0%})")


if __name__ == "__main__":
    main()
