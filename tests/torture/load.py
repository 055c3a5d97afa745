"""`python -m tests.torture.load`: TORTURE_RATE (50) requests a second, mixed over all services, for TORTURE_SECONDS
(180) on each database, while the worker sends, receives and posts. No request may fail, no process may grow, and in
the end the books balance as after `make torture`.
"""

import os
import random
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

from services.cli.composition import SERVICES, url_of
from services.cli.demo.day import Day
from services.cli.demo.installation import Installation, installation
from services.cli.demo.practice import SamplePractice, load
from services.cli.serving import process_commands
from tests.harness.databases import KINDS
from tests.torture.databases import templates
from tests.torture.round import SHORT_LEASES, books

THREADS = 24
MINUTE = 60.0
GROWTH = 1.25
"""How much larger a process may be at the end than in the middle."""
SPARE_KB = 20_000


@dataclass(frozen=True, slots=True)
class Load:
    """Requests a second for so long; `database_url` is a template with `{service}`."""

    database_url: str
    seconds: float
    rate: float
    seed: int = 1


@dataclass
class Measured:
    """What the load met: answers by status, seconds by minute, sizes of processes, and one sentence a fault."""

    statuses: Counter[str] = field(default_factory=Counter)
    seconds: dict[int, list[float]] = field(default_factory=dict)
    sizes_kb: list[dict[str, int]] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    claims: list[str] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def note(self, minute: int, seconds: float, what: str, status: int) -> None:
        """One answer; one that is no success is a fault."""
        with self.lock:
            self.statuses[str(status)] += 1
            self.seconds.setdefault(minute, []).append(seconds)
            if not 200 <= status <= 299:
                self.faults.append(f"{what} was answered {status}")


class Client:
    """One practice's EHR as many screens use it: each act is one request, or the few that bill one visit."""

    def __init__(self, running: Installation, practice: SamplePractice, load: Load, measured: Measured) -> None:
        self._running, self._measured = running, measured
        self._urls = {service: url_of(running.settings, service) for service in SERVICES}
        self._visits = [visit for visit in practice.visits if visit.signed]
        self._practice = practice
        self._biller = {"id": "usr_biller", "name": practice.practice["contact_name"], "role": "biller"}
        self._claims = [claim["id"] for claim in running.ehr.pages("claims", "/v1/claims")]
        self._chance = random.Random(load.seed)
        self._http = httpx.Client(timeout=60, trust_env=False, limits=httpx.Limits(max_connections=THREADS))
        self._began = time.monotonic()
        # In the order of how often a practice does it.
        self._acts: list[tuple[int, Callable[[random.Random, int], None]]] = [
            (30, self._list_claims),
            (20, self._read_claim),
            (12, self._read_note),
            (10, self._poll_events),
            (10, self._write_note),
            (8, self._read_coverage),
            (5, self._list_files),
            (3, self._check),
            (2, self._bill),
        ]

    def close(self) -> None:
        self._http.close()

    def act(self, number: int) -> None:
        """The act of that number, chosen by the seed."""
        chance = random.Random(f"{self._chance.random()}-{number}")
        (act,) = chance.choices([one for _, one in self._acts], [weight for weight, _ in self._acts])
        try:
            act(chance, number)
        except Exception as error:
            with self._measured.lock:
                self._measured.faults.append(f"{act.__name__} failed: {type(error).__name__}: {error}")

    def _call(self, method: str, service: str, path: str, body: Any = None, key: str | None = None) -> Any:
        headers = {"Authorization": f"Bearer {self._running.ehr.bearer()}"}
        headers |= {"Idempotency-Key": key} if key else {}
        began = time.monotonic()
        answer = self._http.request(method, self._urls[service] + path, json=body, headers=headers)
        ended = time.monotonic()
        minute = int((began - self._began) / MINUTE)
        what = f"{method} {service} {path.partition('?')[0]}"
        self._measured.note(minute, ended - began, what, answer.status_code)
        return answer.json() if answer.is_success else {}

    def _list_claims(self, _chance: random.Random, _number: int) -> None:
        self._call("GET", "claims", "/v1/claims?limit=20")

    def _read_claim(self, chance: random.Random, _number: int) -> None:
        self._call("GET", "claims", f"/v1/claims/{chance.choice(self._claims)}")

    def _read_note(self, chance: random.Random, _number: int) -> None:
        self._call("GET", "notes", f"/v1/notes/{chance.choice(self._visits).note_id}")

    def _poll_events(self, chance: random.Random, _number: int) -> None:
        self._call("GET", chance.choice(("eligibility", "notes", "claims")), "/v1/events?after=20&limit=50")

    def _write_note(self, chance: random.Random, number: int) -> None:
        self._call("PUT", "notes", f"/v1/notes/note_load{number:06}", chance.choice(self._visits).note)

    def _read_coverage(self, chance: random.Random, _number: int) -> None:
        self._call("GET", "eligibility", f"/v1/coverages/{chance.choice(self._visits).coverage_id}")

    def _list_files(self, _chance: random.Random, _number: int) -> None:
        self._call("GET", "claims", "/v1/files?limit=20")

    def _check(self, chance: random.Random, _number: int) -> None:
        visit = chance.choice(self._visits)
        self._call("POST", "claims", "/v1/claims/check", {"note_id": visit.note_id, "coverage_id": visit.coverage_id})

    def _bill(self, chance: random.Random, number: int) -> None:
        """A note, its signature, its claim, and the claim's submission where no rule blocks it."""
        visit, note_id = chance.choice(self._visits), f"note_bill{number:06}"
        self._call("PUT", "notes", f"/v1/notes/{note_id}", visit.note)
        self._call("POST", "notes", f"/v1/notes/{note_id}/sign", self._practice.signature(visit), f"sign-{note_id}")
        body = {"note_id": note_id, "coverage_id": visit.coverage_id, "actor": self._biller}
        claim = self._call("POST", "claims", "/v1/claims", body, f"claim-{note_id}")
        with self._measured.lock:
            self._measured.claims.append(note_id)
        if claim.get("state") == "ready":
            route = f"/v1/claims/{claim['id']}/submit"
            self._call("POST", "claims", route, {"actor": self._biller}, f"submit-{note_id}")


def play(folder: Path, load_of: Load) -> Measured:
    """A practice's day, then the load, then what is wrong with the books."""
    practice, measured = load(), Measured()
    environment = {**SHORT_LEASES, "HANDBILL_DATABASE_URL": load_of.database_url}
    with installation(folder, practice, environment) as running:
        day: Day = running.day
        ends = day.run(lambda _step, _done, _total: None)
        client = Client(running, practice, load_of, measured)
        try:
            _drive(client, load_of, lambda: measured.sizes_kb.append(_sizes(running)))
        finally:
            client.close()
        wanted = Counter([end.visit.note_id for end in ends for _ in end.claims] + measured.claims)
        _until_no_file_waits(running)
        measured.faults += [*books(running, wanted), *_grown(measured)]
    return measured


def _drive(client: Client, load_of: Load, look: Callable[[], None]) -> None:
    """Each act begins at its time, whatever became of those before; the processes are looked at three times."""
    count = int(load_of.rate * load_of.seconds)
    looks = {0, count // 2, count - 1}
    with ThreadPoolExecutor(THREADS) as pool:
        began = time.monotonic()
        for number in range(count):
            time.sleep(max(0.0, began + number / load_of.rate - time.monotonic()))
            if number in looks:
                look()
            pool.submit(client.act, number)


def _until_no_file_waits(running: Installation, seconds: float = 120.0) -> None:
    """What the worker has begun is finished before the books are looked at."""
    ends = time.monotonic() + seconds
    while time.monotonic() < ends:
        files = running.ehr.pages("claims", "/v1/files")
        if all(file["state"] not in ("formed", "sending") for file in files):
            return
        time.sleep(0.5)


def _sizes(running: Installation) -> dict[str, int]:
    names = [command.name for command in process_commands(running.settings)]
    return {name: _resident_kb(running.processes.pid(name)) for name in names}


def _resident_kb(pid: int) -> int:
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return int(next(line for line in lines if line.startswith("VmRSS:")).split()[1])


def _grown(measured: Measured) -> Iterator[str]:
    _start, middle, end = measured.sizes_kb
    for name, size in end.items():
        if size > middle[name] * GROWTH + SPARE_KB:
            yield f"{name} grew from {middle[name]} kB in the middle to {size} kB at the end"


def report(kind: str, measured: Measured) -> str:
    """Figures, a line a minute and a line a process."""
    lines = [f"{kind}: {sum(measured.statuses.values())} requests {dict(measured.statuses)}"]
    for minute, all_seconds in sorted(measured.seconds.items()):
        times = sorted(all_seconds)
        p50, p99 = times[len(times) // 2], times[len(times) * 99 // 100]
        lines.append(f"  minute {minute + 1}: p50 {p50 * 1000:.0f} ms, p99 {p99 * 1000:.0f} ms")
    for name in measured.sizes_kb[0]:
        sizes = ", ".join(f"{look[name] // 1000} MB" for look in measured.sizes_kb)
        lines.append(f"  {name}: {sizes} at start, middle and end")
    return "\n".join([*lines, *(f"  fault: {one}" for one in measured.faults[:50])])


def main() -> None:
    seconds = float(os.environ.get("TORTURE_SECONDS", "180"))
    rate = float(os.environ.get("TORTURE_RATE", "50"))
    kinds = os.environ.get("TORTURE_DATABASES", ",".join(KINDS)).split(",")
    wrong = 0
    with templates(kinds) as new:
        for kind in kinds:
            folder = Path(tempfile.mkdtemp(prefix=f"handbill-load-{kind}-"))
            measured = play(folder, Load(new[kind](), seconds, rate))
            wrong += len(measured.faults)
            print(report(kind, measured), flush=True)
    print(f"{wrong} faults" if wrong else "no request failed, no process grew, and the books balance")
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
