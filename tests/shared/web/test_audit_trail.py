"""Every request with a verified token leaves exactly one entry, and no answer leaves before its entry is committed."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta, timezone

import pytest
import time_machine
from sqlalchemy import Connection, event
from sqlmodel import select

from shared.database import Database
from shared.database.audit_recorder import SPACING_SECONDS, Act, AuditRecorder
from shared.database.engine import WRITES
from shared.database.operations import AuditEntry, Outcome
from shared.errors import Unavailable
from shared.security.caller import Caller
from shared.web.audit_trail import Polls
from tests.harness.tokens import ORGANIZATION, OTHER_ORGANIZATION
from tests.shared.web.toy import HEADERS

GUARD = pytest.mark.safeguard("164.312(b)")


@pytest.fixture
def entries(database: Database) -> Callable[..., list[AuditEntry]]:
    def read(organization_id: str = ORGANIZATION) -> list[AuditEntry]:
        with database.reading() as session:
            query = select(AuditEntry).where(AuditEntry.organization_id == organization_id)
            return sorted(session.exec(query), key=lambda entry: entry.sequence)

    return read


def said(entry: AuditEntry) -> tuple[str, str, str, str]:
    return entry.client_id, entry.action, entry.subject_id, entry.outcome


@pytest.mark.safeguard("164.312(b)", "164.312(a)(2)(i)")
@GUARD
def test_a_read_leaves_one_entry_with_client_operation_outcome_and_request(toy_url, http, bearer, entries) -> None:
    headers = bearer() | {"X-Request-ID": "request-0001"}
    http.get(f"{toy_url}/v1/things", headers=headers).raise_for_status()
    [entry] = entries()
    assert said(entry) == ("cli_test0001", "list_things", "", "done")
    assert (entry.request_id, entry.actor, entry.reason, entry.patient_id) == ("request-0001", None, None, None)


@GUARD
def test_a_refusal_leaves_one_entry_whoever_refuses(toy_url, http, bearer, entries) -> None:
    for path, refused in (
        ("/v1/things/thing_1", ("get_thing", "thing_1")),
        ("/v1/things?no_such=1", ("list_things", "")),
        ("/v1/nowhere", ("no_such_route", "")),
        ("/v1/things/Jane%20Doe", ("get_thing", "")),
    ):
        before = len(entries())
        assert http.get(toy_url + path, headers=bearer()).is_client_error
        assert [said(entry)[1:] for entry in entries()[before:]] == [(*refused, "refused")]
    http.get(f"{toy_url}/v1/things", headers=bearer(scopes=["claims:read"]))
    http.delete(f"{toy_url}/v1/things", headers=bearer())
    assert [said(entry)[1:] for entry in entries()[-2:]] == [
        ("list_things", "", "refused"),
        ("no_such_route", "", "refused"),
    ]


@GUARD
def test_nothing_but_ids_of_what_was_asked_is_in_the_trail_and_in_what_its_route_answers(
    toy_url, http, bearer, entries
) -> None:
    """Paths, queries, bodies, headers and methods, wherever somebody might write a person's name."""
    name = "Zyxwvut Canary"
    for path in (f"/v1/things/{name}", f"/v1/{name}", f"/{name}", f"/v1/things/{name}/{name}"):
        http.get(toy_url + path, headers=bearer())
    for query in ("patient_id", "subject_id", "after", "q", name):
        for route in ("/v1/things", "/v1/audit-entries"):
            http.get(toy_url + route, params={query: name}, headers=bearer())
    for number, body in enumerate(({"id": "x", "size": name}, {"id": "x", name: 1}, [name], name)):
        http.post(f"{toy_url}/v1/things", json=body, headers=bearer(key=f"key-0000000{number}"))
    for header in HEADERS:
        http.get(f"{toy_url}/v1/things", headers=bearer() | {header: name})
    http.request("ZYXWVUT", f"{toy_url}/v1/things", headers=bearer())
    answer = http.get(f"{toy_url}/v1/audit-entries", headers=bearer())
    assert len(answer.json()["items"]) > 30
    written = answer.text + "".join(str(entry.model_dump()) for entry in entries())
    assert "zyxwvut" not in written.lower()


@GUARD
def test_a_failure_and_a_repeat_leave_one_entry_each(create, entries) -> None:
    assert create(fail="crash", key="key-00000001").status_code == 500
    assert [said(entry)[1:] for entry in entries()] == [("create_thing", "", "failed")]
    for _ in range(2):
        assert create(key="key-00000002").status_code == 201
    assert [said(entry)[1:] for entry in entries()[1:]] == [("create_thing", "", "done")] * 2


def test_who_has_no_token_that_holds_and_routes_for_everybody_leave_none(toy_url, http, bearer, entries) -> None:
    for path in ("/health", "/ready", "/openapi.json", "/docs", "/docs/start.js"):
        assert http.get(toy_url + path, headers=bearer()).status_code == 200
    assert http.get(f"{toy_url}/v1/things").status_code == 401
    assert http.get(f"{toy_url}/v1/things", headers=bearer(audience="claims")).status_code == 401
    assert entries() == []


def test_each_organization_has_its_own_trail(toy_url, http, bearer, entries) -> None:
    http.get(f"{toy_url}/v1/things", headers=bearer(organization_id=OTHER_ORGANIZATION, client_id="cli_other"))
    assert entries() == []
    assert [entry.client_id for entry in entries(OTHER_ORGANIZATION)] == ["cli_other"]


@contextmanager
def commits(database: Database, then: Callable[[], None]) -> Iterator[list[int]]:
    """Counts the commits of writes, and does something before each."""
    count: list[int] = []

    def before(connection: Connection) -> None:
        # On PostgreSQL a read ends with a COMMIT too.
        if connection.get_execution_options().get(WRITES, True):
            count.append(1)
            then()

    event.listen(database.engine, "commit", before)
    try:
        yield count
    finally:
        event.remove(database.engine, "commit", before)


def _fail() -> None:
    raise ZeroDivisionError("the disk is gone")


@pytest.mark.safeguard("164.312(b)")
@GUARD
def test_a_read_whose_entry_is_not_committed_is_not_answered(toy_url, http, bearer, database, entries) -> None:
    with commits(database, _fail):
        answer = http.get(f"{toy_url}/v1/things", headers=bearer())
    assert (answer.status_code, answer.json()["code"]) == (503, "audit_unavailable")
    assert answer.headers["retry-after"] == "1"
    assert (http.get(f"{toy_url}/v1/things", headers=bearer()).status_code, len(entries())) == (200, 1)


def act(number: int, organization_id: str = ORGANIZATION) -> Act:
    return Act(organization_id, "cli_1", "get_claim", Outcome.DONE, subject_id=f"clm_{number}")


@pytest.fixture
def recorder(database, toy_url, ids, clock) -> Iterator[AuditRecorder]:
    recorder = AuditRecorder(database, ids, clock, max_waiting=3)
    yield recorder
    recorder.close()


@GUARD
def test_what_waits_together_is_committed_together_and_in_order(recorder, database, entries) -> None:
    held, go_on = threading.Event(), threading.Event()
    # Before anything is counted: the first entry of an organization makes its key, which is a transaction of its own.
    recorder.record(act(0))

    def wait() -> None:
        held.set()
        assert go_on.wait(10)

    with commits(database, wait) as count:
        first = recorder.submit(act(1))
        assert held.wait(10)
        others = [recorder.submit(act(number)) for number in (2, 3, 4)]
        with pytest.raises(Unavailable):
            recorder.submit(act(5))
        go_on.set()
        for future in (first, *others):
            future.result(10)
    assert len(count) == 2
    assert [entry.subject_id for entry in entries()] == ["clm_0", "clm_1", "clm_2", "clm_3", "clm_4"]


def test_the_writer_pauses_after_a_group_of_several_and_not_after_a_lone_entry(database, toy_url, ids, clock) -> None:
    pauses: list[float] = []
    recorder, held, go_on = (
        AuditRecorder(database, ids, clock, sleep=pauses.append),
        threading.Event(),
        threading.Event(),
    )
    recorder.record(act(0))
    recorder.record(act(1))
    with commits(database, lambda: (held.set(), go_on.wait(10))):
        futures = [recorder.submit(act(2))]
        assert held.wait(10)
        futures += [recorder.submit(act(number)) for number in (3, 4)]
        go_on.set()
        for future in futures:
            future.result(10)
    recorder.close()
    assert pauses == [SPACING_SECONDS]


def test_what_waits_is_written_when_the_recorder_closes_and_nothing_is_taken_after(recorder, entries) -> None:
    futures = [recorder.submit(act(number)) for number in (1, 2)]
    recorder.close()
    assert all(future.done() for future in futures)
    assert len(entries()) == 2
    with pytest.raises(Unavailable):
        recorder.record(act(3))


def test_one_organization_whose_entries_fail_takes_no_other_along(recorder, database, entries) -> None:
    broken = Act("org_" + "x" * 80, "cli_1", "a" * 5, Outcome.DONE, actor=object())  # type: ignore[arg-type]
    futures = [recorder.submit(broken), recorder.submit(act(1))]
    with pytest.raises(AttributeError):
        futures[0].result(10)
    futures[1].result(10)
    assert len(entries()) == 1


def test_polls_of_a_day_in_2037_share_an_entry_for_an_hour_and_not_for_years(monotonic) -> None:
    polls, caller = Polls(monotonic), Caller(ORGANIZATION, "cli_test0001", "UTC", frozenset())
    with time_machine.travel(datetime(2037, 5, 1, tzinfo=UTC)):
        assert [polls.repeats(caller, "list_events") for _ in range(3)] == [0, None, None]
    monotonic.advance(3599)
    assert polls.repeats(caller, "list_events") is None
    monotonic.advance(1)
    assert [polls.repeats(caller, "list_events") for _ in range(2)] == [3, None]


def test_a_recorder_whose_database_hangs_closes_in_its_time(database, clock, ids) -> None:
    hangs = threading.Event()

    class Hanging:
        def run(self, _write: object) -> None:
            hangs.wait(30)

    recorder = AuditRecorder(Hanging(), ids, clock, max_waiting=1, close_seconds=0.3)
    act = Act(ORGANIZATION, "cli_test0001", "get_thing", Outcome.DONE)
    recorder.submit(act)
    while recorder.waiting:
        time.sleep(0.01)
    recorder.submit(act)  # the queue is full from here on
    began = time.monotonic()
    recorder.close()
    assert time.monotonic() - began < 5
    with pytest.raises(Unavailable):
        recorder.submit(act)
    hangs.set()


def asked(http, url, bearer, **query: str) -> list[str]:
    """The request ids of the entries that the list answers."""
    answer = http.get(f"{url}/v1/audit-entries", params=query, headers=bearer() | {"X-Request-ID": "the-auditor"})
    return [
        one["request_id"] for one in answer.raise_for_status().json()["items"] if one["request_id"] != "the-auditor"
    ]


@GUARD
def test_entries_are_found_from_a_moment_on_and_before_another(toy_url, http, bearer, clock) -> None:
    begin = clock.now()
    for hour in range(3):
        http.get(f"{toy_url}/v1/things", headers=bearer() | {"X-Request-ID": f"hour-{hour:04}"}).raise_for_status()
        clock.advance(timedelta(hours=1))
    first, second, third = ((begin + timedelta(hours=hour)).isoformat() for hour in range(3))
    # The start is included and the end is not; a moment in another zone is the same moment.
    assert asked(http, toy_url, bearer, **{"from": second}) == ["hour-0001", "hour-0002"]
    assert asked(http, toy_url, bearer, to=second) == ["hour-0000"]
    assert asked(http, toy_url, bearer, **{"from": first, "to": third}) == ["hour-0000", "hour-0001"]
    elsewhere = (begin + timedelta(hours=1)).astimezone(timezone(timedelta(hours=-8))).isoformat()
    assert asked(http, toy_url, bearer, **{"from": elsewhere, "to": third}) == ["hour-0001"]
    assert asked(http, toy_url, bearer, **{"from": third, "to": first}) == []
    naive = http.get(f"{toy_url}/v1/audit-entries", params={"from": "2026-03-02T09:00:00"}, headers=bearer())
    assert (naive.status_code, naive.json()["errors"][0]["pointer"]) == (422, "/query/from")


@GUARD
def test_a_clients_polls_of_an_hour_share_an_entry_and_each_refusal_has_its_own(toy_url, http, bearer, entries) -> None:
    def poll(**claims: str) -> None:
        http.get(f"{toy_url}/v1/events", headers=bearer(**claims)).raise_for_status()

    def polls() -> list[tuple[str, str | None]]:
        return [(entry.client_id, entry.reason) for entry in entries() if entry.action == "list_events"]

    for _ in range(4):
        poll()
    assert polls() == [("cli_test0001", None)]
    poll(client_id="cli_another")
    poll()
    assert polls() == [("cli_test0001", None), ("cli_another", None)]
    # A refusal is no news that was not there: it leaves its own entry each time.
    for _ in range(2):
        assert http.get(f"{toy_url}/v1/events?after=-1", headers=bearer()).status_code == 422
    assert [entry.outcome for entry in entries() if entry.action == "list_events"][2:] == ["refused"] * 2
