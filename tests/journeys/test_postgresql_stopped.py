"""PostgreSQL is stopped at once, as by a crash, in the middle of the day, and started again: all processes live on.

Meanwhile each request is answered 503 with a code, and the operator finds one sentence in each log. Afterwards
everything goes on by itself: nothing is lost, nothing is there twice, and the books balance.
"""

import json
import os
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from itertools import count
from typing import Any

import httpx
import pytest

from services.cli.composition import SERVICES, url_of
from services.cli.demo.installation import Installation, installation
from services.cli.demo.practice import SamplePractice, load
from shared.settings import PORTS
from tests.harness.databases import PostgreSQL
from tests.journeys.table import by_hand, found
from tests.torture.round import SHORT_LEASES, books

SUBMITTING = "make and submit claims"
WORKER = "claims-worker"
VISITS, STOPPED_AFTER = 8, 4
WRITERS = 3
WAIT_SECONDS = 90.0
REFUSALS = {"database_unavailable", "audit_unavailable", "notes_unavailable", "eligibility_unavailable"}


@dataclass
class Seen:
    """What callers were answered while the server was gone, and what the logs said by then."""

    probes: dict[str, tuple[int, str, bool]] = field(default_factory=dict)
    writes: list[httpx.Response] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    ends: list[Any] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    logs: dict[str, list[dict[str, Any]]] = field(default_factory=dict)


@pytest.fixture(scope="module")
def server() -> Iterator[PostgreSQL]:
    """One of its own, since all other tests of this run share theirs."""
    own = PostgreSQL(f"stopped{os.getpid()}", "stopped", keeps_commits=True)
    yield own
    own.close()


@pytest.fixture(scope="module")
def seen(server: PostgreSQL, tmp_path_factory: pytest.TempPathFactory) -> Seen:
    practice, seen = load(), Seen()
    practice = replace(practice, visits=practice.visits[:VISITS], answered=())
    base = server.create()
    for service in PORTS:
        server.create_named(f"{base}_{service}")
    environment = {**SHORT_LEASES, "HANDBILL_DATABASE_URL": server.url(base + "_{service}")}
    with installation(tmp_path_factory.mktemp("stopped"), practice, environment) as running:

        def stop_once(step: str, done: int, _total: int) -> None:
            if (step, done) == (SUBMITTING, STOPPED_AFTER):
                with writing(running, practice, seen):
                    outage(server, running, seen)

        seen.ends = running.day.run(stop_once)
        seen.logs = {name: log_of(running, name) for name in (*SERVICES, WORKER)}
        seen.problems = [one.sentence() for one in running.processes.ended()]
        seen.faults = [*not_written_once(running, seen), *books(running, Counter(e.visit.note_id for e in seen.ends))]
    return seen


def outage(server: PostgreSQL, running: Installation, seen: Seen) -> None:
    until(lambda: any(answer.is_success for answer in seen.writes))
    server.stop_at_once()
    refused = len(seen.writes)
    seen.probes = probes(running)
    until(lambda: "worker_waits_for_database" in events(log_of(running, WORKER)))
    until(lambda: len(seen.writes) > refused + 3 * WRITERS)
    server.start()
    running.processes.wait_ready(SERVICES)
    written = sum(answer.is_success for answer in seen.writes)
    until(lambda: sum(answer.is_success for answer in seen.writes) > written + 2 * WRITERS)


def probes(running: Installation) -> dict[str, tuple[int, str, bool]]:
    """A read of each service, whether it is ready, and a login: status, code, and whether it says when to try again."""
    bearer = {"Authorization": f"Bearer {running.ehr.bearer()}"}
    answers: dict[str, httpx.Response] = {}
    with httpx.Client(timeout=60, trust_env=False) as http:
        for service in SERVICES:
            url = url_of(running.settings, service)
            answers[f"ready {service}"] = http.get(f"{url}/ready")
        for service in ("notes", "eligibility", "claims", "access"):
            url = url_of(running.settings, service)
            answers[f"read {service}"] = http.get(f"{url}/v1/events", headers=bearer)
        login = {"grant_type": "client_credentials"}
        token = f"{url_of(running.settings, 'access')}/oauth/token"
        answers["login"] = http.post(token, data=login, auth=running.ehr._login)
    return {
        what: (answer.status_code, answer.json().get("code", ""), "Retry-After" in answer.headers)
        for what, answer in answers.items()
    }


@contextmanager
def writing(running: Installation, practice: SamplePractice, seen: Seen) -> Iterator[None]:
    """Notes are written and signed all the while, each request again and again until it succeeds."""
    visit = next(visit for visit in practice.visits if visit.signed)
    stop, broken = threading.Event(), list[BaseException]()
    bearer, url = {"Authorization": f"Bearer {running.ehr.bearer()}"}, url_of(running.settings, "notes")

    def until_done(http: httpx.Client, method: str, path: str, body: Any, key: str) -> None:
        while True:
            headers = {**bearer, "Idempotency-Key": key} if method == "POST" else bearer
            answer = http.request(method, f"{url}/v1/notes/{path}", json=body, headers=headers)
            seen.writes.append(answer)
            if answer.is_success:
                return
            time.sleep(0.1)

    def write(writer: int) -> None:
        try:
            with httpx.Client(timeout=60, trust_env=False) as http:
                for number in count():
                    note_id = f"note_w{writer}_{number}"
                    until_done(http, "PUT", note_id, visit.note, "")
                    until_done(http, "POST", f"{note_id}/sign", practice.signature(visit), f"sign-{note_id}")
                    seen.notes.append(note_id)
                    if stop.is_set():
                        return
        except BaseException as error:
            broken.append(error)

    threads = [threading.Thread(target=write, args=(writer,)) for writer in range(WRITERS)]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        stop.set()
        for thread in threads:
            thread.join()
    assert broken == []


def not_written_once(running: Installation, seen: Seen) -> Iterator[str]:
    for note_id in seen.notes:
        note = running.ehr.get("notes", f"/v1/notes/{note_id}")
        if (note["status"], note["version"]) != ("signed", 2):
            yield f"{note_id} is {note['status']} in version {note['version']}"


def log_of(running: Installation, name: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in running.processes.log_of(name).read_text().splitlines() if line[:1] == "{"]


def events(lines: list[dict[str, Any]]) -> list[str]:
    return [line["event"] for line in lines]


def until(done: Any) -> None:
    ends = time.monotonic() + WAIT_SECONDS
    while not done():
        assert time.monotonic() < ends
        time.sleep(0.05)


def test_each_request_is_a_503_with_a_code_that_says_when_to_try_again(seen: Seen) -> None:
    assert {what: answer for what, answer in seen.probes.items() if answer != (503, "database_unavailable", True)} == {}
    refused = [answer for answer in seen.writes if not answer.is_success]
    assert {answer.status_code for answer in refused} == {503}
    assert {answer.json()["code"] for answer in refused} <= REFUSALS
    assert all("Retry-After" in answer.headers for answer in refused)


def test_the_operator_finds_one_sentence_when_it_begins_and_one_when_it_is_over(seen: Seen) -> None:
    for name, lines in seen.logs.items():
        assert [line["event"] for line in lines if line["level"] == "error"] == ["database_unavailable"], name
        assert events(lines).count("database_works_again") == 1, name
    waits = ("worker_waits_for_database", "worker_database_answers")
    assert [event for event in events(seen.logs[WORKER]) if event in waits] == list(waits)


def test_every_process_lives_on(seen: Seen) -> None:
    assert seen.problems == []


def test_the_day_ends_as_worked_out_by_hand(seen: Seen) -> None:
    assert {end.visit.note_id: found(end) for end in seen.ends} == {
        end.visit.note_id: by_hand(end.visit.note_id) for end in seen.ends
    }


def test_nothing_is_lost_or_there_twice_and_the_books_balance(seen: Seen) -> None:
    assert seen.faults == []
