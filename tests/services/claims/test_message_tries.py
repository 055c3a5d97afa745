"""What fails because of an error of Handbill's own is tried again, later each time, and then waits for a person."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlmodel import select

from services.claims.domain.message_lifecycle import MAX_TRIES
from services.claims.flows.messages.receive_messages import receive
from services.claims.flows.messages.tries import FAILED_TRY, try_apply, try_split
from services.claims.flows.operator.messages import list_messages, retry_failed
from services.claims.flows.run_due import run_due
from services.claims.store.tables import MessageRow, ReceivedMessageRow
from shared.database.operator import Operator
from shared.errors import Unavailable
from shared.tenancy import current_organization
from tests.harness.tokens import ORGANIZATION
from tests.services.claims.factories import BILLER
from tests.services.claims.fake_clearinghouse import accepted


class Broken:
    """In place of a part of the dependencies that the flow looks at: an error in our own code."""

    def __init__(self, error=RuntimeError):
        self.error, self.calls, self.acting = error, 0, []

    def __getattr__(self, name):
        self.calls += 1
        self.acting.append(current_organization())
        raise self.error("WHITLOCKCANARY")


def later(wall, hours=2):
    wall.advance(timedelta(hours=hours))


@pytest.fixture
def waiting(scenario):
    """A message that has come and is not applied yet."""
    scenario.send()
    scenario.clearinghouse.deliver(accepted(scenario.number()))
    return scenario


def ids_of_received(scenario):
    with scenario.deps.database.reading() as session:
        return session.exec(select(ReceivedMessageRow.id)).all()


def operator(scenario):
    return Operator(scenario.deps.database, scenario.deps.ids, scenario.deps.wall_clock, "Olga")


def test_a_message_that_cannot_be_applied_is_tried_again_later_then_failed_and_listed_and_a_person_retries(
    waiting, wall
):
    scenario, broken = waiting, Broken()
    deps = replace(scenario.deps, rule_set=broken)
    run_due(deps)
    run_due(deps)
    assert broken.calls == 1, "not again at once"
    wall.advance(timedelta(seconds=5))
    run_due(deps)
    assert broken.calls == 2
    for _ in range(20):
        later(wall)
        run_due(deps)
    assert broken.calls == MAX_TRIES
    (failed,) = scenario.messages(state="failed")
    assert [one["code"] for one in failed["reasons"]] == ["message_failed"]
    (listed,) = list_messages(operator(scenario))
    assert (listed.id, listed.organization_id, listed.state) == (failed["id"], ORGANIZATION, "failed")
    path = f"/v1/messages/{failed['id']}/retry"
    again = scenario.api.post(path, {"actor": BILLER})
    assert (again.status_code, again.json()["state"]) == (200, "received")
    scenario.run()
    (message,) = scenario.messages()
    assert (message["state"], message["reasons"], scenario.claim()["state"]) == ("applied", [], "accepted")
    assert scenario.api.post(path, {"actor": BILLER}).json()["code"] == "message_not_failed"
    assert scenario.api.post("/v1/messages/msg_unknown1/retry", {"actor": BILLER}).status_code == 404


def test_a_message_that_cannot_be_split_is_tried_again_then_failed_and_the_operator_retries(waiting, wall):
    scenario, broken = waiting, Broken()
    deps = replace(scenario.deps, trading_partners=broken)
    receive(scenario.deps)
    (received_id,) = ids_of_received(scenario)
    answers = []
    for _ in range(MAX_TRIES + 3):
        answers.append(try_split(deps, received_id))
        later(wall)
    assert answers == [FAILED_TRY] * MAX_TRIES + ["failed"] * 3
    scenario.run()
    assert scenario.messages() == []
    (listed,) = list_messages(operator(scenario))
    assert (listed.id, listed.organization_id, listed.state) == (received_id, "", "failed")
    assert retry_failed(operator(scenario), received_id).state == "received"
    scenario.run()
    assert (scenario.claim()["state"], list_messages(operator(scenario))) == ("accepted", [])


def test_no_answer_of_the_database_is_no_try(waiting):
    scenario = waiting
    scenario.run()
    message_id = scenario.messages()[0]["id"]
    deps = replace(scenario.deps, database=Silent())
    with pytest.raises(Unavailable):
        try_apply(deps, ORGANIZATION, message_id)
    with scenario.deps.database.reading() as session:
        assert session.exec(select(MessageRow.tries)).one() == 0


class Silent:
    """A database that does not answer."""

    def reading(self):
        raise Unavailable("silent", code="database_unavailable")


@pytest.mark.safeguard("164.312(a)(1)")
def test_each_rows_work_acts_for_its_organization_and_splitting_for_nobody(waiting):
    scenario, splitting, applying = waiting, Broken(), Broken()
    receive(scenario.deps)
    (received_id,) = ids_of_received(scenario)
    try_split(replace(scenario.deps, trading_partners=splitting), received_id)
    try_split(scenario.deps, received_id)
    try_apply(replace(scenario.deps, rule_set=applying), ORGANIZATION, received_id)
    assert (splitting.acting, applying.acting, current_organization()) == ([None], [ORGANIZATION], None)


def test_two_workers_that_split_the_same_message_make_its_parts_once(waiting):
    scenario = waiting
    receive(scenario.deps)
    (received_id,) = ids_of_received(scenario)
    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(lambda _place: try_split(scenario.deps, received_id), range(2)))
    assert answers == ["split", "split"]
    assert [one["state"] for one in scenario.messages()] == ["received"]
