"""A clock that is eleven years ahead, or a day behind, and then right again: nothing waits longer than its longest
natural wait from then on. The wall clock is a machine's; business time is the same clock where no simulator runs."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import literal, select

from services.claims.domain.message_lifecycle import LONGEST_WAIT
from services.claims.flows.run_due import run_due
from services.claims.flows.submission.form_files import form_files
from services.claims.flows.submission.send_files import is_due, unsent_files
from services.claims.flows.worker_leases import WorkerLeases
from services.claims.store import claims, exchange
from services.claims.worker import Worker
from services.cli.audit import tables_of
from shared.database import UtcDateTime
from shared.database.verification import verify
from shared.errors import Unavailable
from tests.harness.clocks import STARTS_AT
from tests.services.claims.fake_clearinghouse import accepted

AHEAD = timedelta(days=4_000)
DAY_BEHIND = timedelta(days=-1)
LENGTH = timedelta(seconds=15)
jumps = pytest.mark.parametrize("jump", [AHEAD, DAY_BEHIND], ids=["2037", "a day behind"])
sqlite_only = pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)


@pytest.fixture
def leases(deps, wall, monotonic):
    """`leases("worker_1")` is what that worker does with its lease and sees of the others'."""
    return lambda executor_id: WorkerLeases(deps.database, wall, monotonic, executor_id=executor_id, length=LENGTH)


@jumps
def test_a_worker_that_died_with_a_lease_of_another_time_is_replaced_after_one_lease(leases, wall, monotonic, jump):
    dead, living = leases("dead"), leases("living")
    wall.advance(jump)
    dead.renew()
    wall.advance(-jump)
    assert living.ended() == {}
    monotonic.advance(14.9)
    assert living.ended() == {}
    monotonic.advance(0.1)
    ended = living.ended()
    assert list(ended) == ["dead"]
    assert list(living.ended()) == ["dead"], "a sweeper that dies before it has recovered leaves it to the next"
    living.drop(ended)
    assert living.ended() == {}


@jumps
def test_a_worker_that_lives_is_not_replaced_because_the_clock_jumps(leases, wall, monotonic, jump):
    one, other = leases("one"), leases("other")
    for step in (timedelta(), jump, timedelta(), -jump, timedelta()):
        wall.advance(step)
        one.renew()
        assert other.ended() == {}
        monotonic.advance(10)


def test_two_machines_whose_clocks_are_a_day_apart_leave_one_another_their_work(deps, wall, monotonic, leases):
    class Behind:
        def now(self):
            return wall.now() + DAY_BEHIND

    behind = WorkerLeases(deps.database, Behind(), monotonic, executor_id="behind", length=LENGTH)
    right = leases("right")
    for _ in range(5):
        behind.renew()
        right.renew()
        assert (behind.ended(), right.ended()) == ({}, {})
        monotonic.advance(10)
        wall.advance(timedelta(seconds=10))
    monotonic.advance(10)
    behind.renew()
    assert list(behind.ended()) == ["right"]


def test_a_worker_that_stops_leaves_its_work_at_once_and_never_takes_over_from_itself(leases, monotonic):
    one, other = leases("one"), leases("other")
    one.renew()
    monotonic.advance(60)
    assert one.ended() == {}
    one.end()
    assert list(other.ended()) == ["one"]
    assert one.ended() == {}


def test_a_worker_that_shows_itself_before_its_lease_is_dropped_keeps_it(leases, wall, monotonic):
    slow, other = leases("slow"), leases("other")
    slow.renew()
    other.ended()
    monotonic.advance(15)
    ended = other.ended()
    monotonic.advance(1)
    wall.advance(timedelta(seconds=1))
    slow.renew()
    other.drop(ended)
    assert other.ended() == {}
    monotonic.advance(15)
    assert list(other.ended()) == ["slow"]


def test_while_nobody_could_write_nobody_died(leases, monotonic):
    one, other = leases("one"), leases("other")
    one.renew()
    other.ended()
    monotonic.advance(300)
    other.look_anew()
    assert other.ended() == {}
    monotonic.advance(15)
    assert list(other.ended()) == ["one"]


@sqlite_only
def test_a_pass_that_meets_no_database_looks_at_the_leases_anew(deps, settings, leases, monotonic):
    leases("dead").renew()
    worker = Worker(deps, settings)
    worker._leases.ended()
    assert list(worker._leases._seen) == ["dead"]
    worker._take_over = _unavailable
    worker.turn()
    assert worker._leases._seen == {}


def _unavailable():
    raise Unavailable("gone", code="database_unavailable")


@jumps
def test_claims_that_were_queued_at_another_time_leave_after_one_batch_window(scenario, wall, jump):
    window = timedelta(seconds=60)
    deps = replace(scenario.deps, batch_window=window)
    scenario.submit()
    wall._moment = _queued_at(scenario) - jump
    assert form_files(deps) == 1


def test_a_claim_that_was_queued_by_a_machine_a_moment_ahead_waits_for_its_window(scenario, wall):
    scenario.submit()
    wall._moment = _queued_at(scenario) - timedelta(seconds=1)
    deps = replace(scenario.deps, batch_window=timedelta(seconds=60))
    assert form_files(deps) == 0
    wall.advance(timedelta(seconds=61))
    assert form_files(deps) == 1


def _queued_at(scenario):
    with scenario.deps.database.reading() as session:
        (queue,) = claims.queues(session)
    return queue.newest


def test_a_file_that_was_tried_in_2037_is_asked_about_and_sent_again_after_one_wait(scenario, wall):
    scenario.submit()
    scenario.clearinghouse.orders = ["lose_file"]
    wall.advance(AHEAD)
    scenario.run()
    wall.advance(-AHEAD)
    assert (scenario.run().sent, len(scenario.clearinghouse.tries)) == (0, 1)
    wall.advance(timedelta(seconds=89))
    assert (scenario.run().sent, len(scenario.clearinghouse.tries)) == (0, 1), "when it left is not known"
    wall.advance(timedelta(seconds=1))
    assert (scenario.run().sent, len(scenario.clearinghouse.taken)) == (1, 1)


@jumps
def test_a_file_that_was_tried_at_another_time_is_due_at_once(scenario, wall, jump):
    scenario.submit()
    scenario.clearinghouse.orders = ["refuse"] * 9
    wall.advance(jump)
    for _ in range(9):
        scenario.run()
    (file,) = unsent_files(scenario.deps)
    assert [is_due(file, wall.now() + timedelta(seconds=seconds)) for seconds in (0, 59, 60)] == [False, False, True]
    wall.advance(-jump)
    assert is_due(file, wall.now())


def test_the_worker_queues_a_file_without_a_moment_of_the_clock(scenario, settings):
    """DBOS would keep a delay as a moment, and a file that was queued in 2037 there until then."""
    scenario.submit()
    scenario.clearinghouse.orders = ["refuse"]
    scenario.run()
    worker, queued = Worker(scenario.deps, settings), []
    worker._deliver = None
    worker._enqueue = lambda *work: queued.append(work)
    worker._send()
    scenario.deps.wall_clock.advance(timedelta(seconds=1))
    worker._send()
    (file,) = scenario.files()
    assert queued == [(None, "org_test0001", file["id"])]


class Broken:
    def __getattr__(self, name):
        raise RuntimeError(name)


def test_a_message_whose_next_try_is_in_2037_is_tried_again(scenario, wall):
    scenario.send()
    scenario.clearinghouse.deliver(accepted(scenario.number()))
    wall.advance(AHEAD)
    run_due(replace(scenario.deps, rule_set=Broken()))
    wall.advance(-AHEAD)
    scenario.run()
    assert [one["state"] for one in scenario.messages()] == ["applied"]


def test_a_received_message_whose_next_try_is_in_2037_is_tried_again(scenario, wall):
    scenario.send()
    scenario.clearinghouse.deliver(accepted(scenario.number()))
    wall.advance(AHEAD)
    run_due(replace(scenario.deps, trading_partners=_NoOwners(scenario.deps.trading_partners)))
    assert scenario.messages() == []
    wall.advance(-AHEAD)
    scenario.run()
    assert [one["state"] for one in scenario.messages()] == ["applied"]


class _NoOwners:
    """Trading partners by which no message can be split."""

    def __init__(self, partners):
        self._partners = partners

    def accounts(self):
        return self._partners.accounts()


@pytest.mark.parametrize(("seconds", "due"), [(0, True), (1, False), (3600, False), (3601, True)])
def test_a_try_that_is_due_within_the_longest_wait_is_waited_for(deps, seconds, due):
    now = STARTS_AT
    assert timedelta(hours=1) == LONGEST_WAIT
    retry_at = literal(now + timedelta(seconds=seconds), UtcDateTime())
    with deps.database.reading() as session:
        assert session.execute(select(exchange.is_due(retry_at, now))).scalar_one() == due


@sqlite_only
def test_a_claim_that_was_sent_in_2037_waits_for_its_acknowledgement_from_the_day_the_clock_is_right(scenario, clock):
    scenario.make()
    clock.advance(AHEAD)
    scenario.send()
    clock.advance(-AHEAD)
    assert scenario.claim()["next_action"]["due_on"] == "2037-02-13"
    scenario.run()
    found = scenario.claim()["next_action"]
    assert (found["kind"], found["due_on"]) == ("await_acknowledgement", "2026-03-03")
    clock.advance(timedelta(days=2))
    scenario.run()
    assert scenario.claim()["next_action"]["kind"] == "check_file_status"


@sqlite_only
def test_a_claim_that_was_accepted_in_2037_is_followed_up_from_the_day_the_clock_is_right(scenario, clock):
    scenario.send()
    clock.advance(AHEAD)
    scenario.receive(accepted(scenario.number(), on=date(2037, 2, 12)))
    assert scenario.claim()["next_action"]["due_on"] == "2037-02-26"
    clock.advance(-AHEAD)
    scenario.run()
    found = scenario.claim()["next_action"]
    assert (found["kind"], found["due_on"]) == ("await_remittance", "2026-03-16")
    version = scenario.claim()["version"]
    assert scenario.run().followed_up == 0
    assert scenario.claim()["version"] == version


@sqlite_only
def test_a_claim_that_was_made_in_2037_is_not_at_the_end_of_the_worklist_until_then(scenario, clock):
    clock.advance(AHEAD)
    claim = scenario.api.create().json()
    assert claim["next_action"]["due_on"] == "2037-02-12"
    clock.advance(-AHEAD)
    scenario.run()
    assert scenario.api.claim(claim["id"])["next_action"]["due_on"] == "2026-03-05"
    assert scenario.api.post(f"/v1/claims/{claim['id']}/refresh", {}).json()["state"] == "ready"


def test_events_and_audit_entries_of_2037_keep_their_order_and_verify(scenario, clock, wall):
    scenario.submit()
    note = 1
    for jump in (AHEAD, -AHEAD, DAY_BEHIND, -DAY_BEHIND):
        clock.advance(jump)
        wall.advance(jump)
        scenario.neighbours.hold(note := note + 1)
        assert scenario.api.create(f"note_{note:07}").status_code == 201
    events = scenario.api.events()
    assert [one["sequence"] for one in events] == list(range(1, len(events) + 1))
    assert {one["occurred_at"][:4] for one in events} == {"2026", "2037"}
    entries = scenario.api.get("/v1/audit-entries?limit=200").json()["items"]
    numbers = [one["sequence"] for one in entries]
    assert numbers in (list(range(1, len(numbers) + 1)), list(range(len(numbers), 0, -1)))
    assert list(verify(scenario.deps.database, tables_of("claims"), anchors={})) == []
