"""Section noisy_tenant: how much slower a neighbour's requests are while another organization does its worst.

Real processes (`handbill serve access`, `eligibility`, `claims`) on SQLite and loopback; the attackers are processes of
their own. The neighbour asks one request after another, and its median under each attack is compared with its median
alone, before and after. `BENCH_SECONDS` is how long each attack lasts (8).
"""

import http.server
import json
import multiprocessing
import os
import resource
import socket
import statistics
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from dataclasses import dataclass
from datetime import date, timedelta
from multiprocessing.synchronize import Event
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx

from services.cli.composition import prepare, variable_of
from services.cli.organizations import create_organization, fetch_token
from services.cli.processes import ProcessCommand, Processes
from services.cli.serving import run_service
from shared.settings import PORTS, Settings
from tests.services.eligibility.conftest import a_coverage, a_patient, a_payer

SECONDS = float(os.environ.get("BENCH_SECONDS", "8"))
MUST = 3.0
SERVED = ("access", "eligibility", "claims")
SLOW_SECONDS = 15.0
"""How long the payer of the slow checks takes."""
LARGE = json.dumps({"modifiers": {f"k{place}": ["x"] for place in range(35_000)}}).encode()
"""535 kB of a check whose every member is wrong."""
FITTING = json.dumps({"modifiers": {f"k{place}": ["x"] for place in range(320)}}).encode()
"""As many as go into a check that is read."""
HALVES = 1_200


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def _post(stop: Event, url: str, token: str, body: bytes, _place: int) -> None:
    """One connection that posts the same body as fast as it is answered."""
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    with httpx.Client(timeout=60, trust_env=False) as client:
        while not stop.is_set():
            try:
                client.post(url, content=body, headers=headers)
            except httpx.HTTPError:
                time.sleep(0.01)


def _check(stop: Event, url: str, token: str, _body: bytes, place: int) -> None:
    """One connection that asks the slow payer about a day of its own, again and again."""
    day = date(2026, 3, 2) + timedelta(days=place)
    body = {"coverage_id": "cov_1", "provider_npi": "1234567893", "provider_name": "Bodywork", "service_date": f"{day}"}
    with httpx.Client(timeout=60, trust_env=False) as client:
        while not stop.is_set():
            headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": os.urandom(8).hex()}
            try:
                answer = client.post(url, json={**body, "actor": ACTOR}, headers=headers)
            except httpx.HTTPError:
                continue
            stop.wait(min(float(answer.headers.get("Retry-After", 0)), 1.0))


def _log_in(stop: Event, url: str, _token: str, _body: bytes, place: int) -> None:
    """One connection that shows wrong secrets, each for another client, as fast as it is refused."""
    form = {"grant_type": "client_credentials", "client_id": f"cli_{place:08d}", "client_secret": "hbs_wrong"}
    with httpx.Client(timeout=60, trust_env=False) as client:
        while not stop.is_set():
            try:
                client.post(url, data=form)
            except httpx.HTTPError:
                time.sleep(0.01)


def _half(stop: Event, url: str, _token: str, _body: bytes, _place: int) -> None:
    """Half requests on many connections, held until the end."""
    _soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    address = urlsplit(url)
    with ExitStack() as opened:
        for _ in range(HALVES):
            half = opened.enter_context(closing(socket.create_connection((address.hostname, address.port), 5)))
            half.sendall(b"POST /v1/claims/check HTTP/1.1\r\nHost: x\r\n")
        stop.wait(60)


ACTOR = {"id": "user-june", "name": "June Okafor", "role": "front_desk"}
Attack = Callable[[Event, str, str, bytes, int], None]


@dataclass(frozen=True)
class Row:
    """One attack on `url`, or none, while the neighbour asks `asked`."""

    name: str
    asked: str
    attack: Attack | None = None
    connections: int = 0
    url: str = ""
    body: bytes = b""


def _attack(attack: Attack, connections: int, ready: Event, *arguments: Any) -> None:
    """What an attacking process does: `connections` threads of `attack`."""
    threads = [threading.Thread(target=attack, args=(*arguments, place), daemon=True) for place in range(connections)]
    for thread in threads:
        thread.start()
    time.sleep(1)
    ready.set()
    for thread in threads:
        thread.join(60)


@contextmanager
def attacked(row: Row, token: str) -> Iterator[None]:
    """Within it the attack is under way, by whoever has the token."""
    if row.attack is None:
        yield
        return
    context = multiprocessing.get_context("spawn")
    stop, ready = context.Event(), context.Event()
    arguments = (row.attack, row.connections, ready, stop, row.url, token, row.body)
    process = context.Process(target=_attack, args=arguments, daemon=True)
    process.start()
    ready.wait(60)
    yield
    stop.set()
    process.join(3)
    process.kill()


def times_ms(url: str, token: str, seconds: float = SECONDS) -> tuple[float, float]:
    """The neighbour's median and its slowest request, of one at least."""
    times, ends = [], time.perf_counter() + seconds
    with httpx.Client(timeout=60, trust_env=False) as client:
        while time.perf_counter() < ends:
            start = time.perf_counter()
            client.get(url, headers={"Authorization": f"Bearer {token}"}).raise_for_status()
            times.append(time.perf_counter() - start)
            time.sleep(0.01)
    return statistics.median(times) * 1e3, max(times) * 1e3


class _SlowPayer(http.server.BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        time.sleep(SLOW_SECONDS)
        with suppress(OSError):
            self.send_error(503)

    def log_message(self, *_: Any) -> None:
        pass


def _set_up_coverage(url: str, token: str) -> None:
    """What a check needs: a patient, a payer and a coverage."""
    records = {
        "patients/pat_00001": a_patient(),
        "payers/pay_00001": a_payer(),
        "coverages/cov_1": a_coverage(),
    }
    for path, body in records.items():
        httpx.put(f"{url}/v1/{path}", json=body, headers={"Authorization": f"Bearer {token}"}).raise_for_status()


def rows(urls: dict[str, str]) -> list[Row]:
    """Each attack follows a row without one, that asks the same."""
    check, claims = f"{urls['claims']}/v1/claims/check", f"{urls['claims']}/v1/claims"
    checks, clients = f"{urls['eligibility']}/v1/eligibility-checks", f"{urls['access']}/v1/clients"
    return [
        Row("alone", claims),
        Row("4 connections, 535 kB checks", claims, _post, 4, check, LARGE),
        Row("16 connections, fitting checks", claims, _post, 16, check, FITTING),
        Row("1,200 half requests", claims, _half, 1, check),
        Row("alone again", claims),
        Row("alone (eligibility)", checks),
        Row("45 checks on a slow payer", checks, _check, 45, checks),
        Row("alone (access)", clients),
        Row("64 connections, wrong secrets", clients, _log_in, 64, f"{urls['access']}/oauth/token"),
    ]


@contextmanager
def running(folder: Path) -> Iterator[tuple[dict[str, str], str, str]]:
    """Three services as processes beside a slow payer: their addresses, the attacker's token and the neighbour's."""
    slow = http.server.ThreadingHTTPServer(("127.0.0.1", 0), _SlowPayer)
    slow.daemon_threads = True
    threading.Thread(target=slow.serve_forever, daemon=True).start()
    urls = {name: f"http://127.0.0.1:{_free_port()}" for name in PORTS}
    environment = {variable_of(name): url for name, url in urls.items()} | {
        "HANDBILL_DATA_DIR": f"{folder}/data",
        "HANDBILL_LOG_LEVEL": "error",
        "HANDBILL_CLEARINGHOUSE_URL": f"http://127.0.0.1:{slow.server_address[1]}",
    }
    settings = Settings(data_dir=folder / "data", access_url=urls["access"])
    prepare(settings)
    clients = [create_organization(settings, name, "America/Los_Angeles").client for name in ("noisy", "quiet")]
    processes = Processes(folder / "logs", environment)
    try:
        for name in SERVED:
            processes.start(ProcessCommand(name, run_service, (name,), f"{urls[name]}/ready"))
        processes.wait_ready(seconds=60)
        noisy, quiet = (fetch_token(settings, client.id, client.secret, None) for client in clients)
        _set_up_coverage(urls["eligibility"], noisy)
        yield urls, noisy, quiet
    finally:
        processes.stop_all()
        slow.shutdown()
        slow.server_close()


def main() -> None:
    with tempfile.TemporaryDirectory() as folder, running(Path(folder)) as (urls, noisy, quiet):
        _measure(urls, noisy, quiet)


def _measure(urls: dict[str, str], noisy: str, quiet: str) -> None:
    alone = 1.0
    print(f"every ratio is to the last median alone; {SECONDS:g} s each", flush=True)
    for row in rows(urls):
        with attacked(row, noisy):
            try:
                found, slowest = times_ms(row.asked, quiet)
            except httpx.HTTPError as error:
                print(f"{row.name:32} no answer ({type(error).__name__})    NO", flush=True)
                continue
        if row.attack is None:
            alone = found
            print(f"{row.name:32} {found:9.2f} ms, slowest {slowest:9.2f}", flush=True)
            continue
        ratio = found / alone
        print(
            f"{row.name:32} {found:9.2f} ms  {ratio:7.1f}  at most {MUST:.0f}: {'yes' if ratio <= MUST else 'NO'}",
            flush=True,
        )


if __name__ == "__main__":
    main()
