"""A remittance of many claims costs what its claims cost, each as much as in a small one."""

import pytest

from bench.open_claims import fill
from services.claims.flows.messages.apply_message import apply_message, waiting_messages
from services.claims.flows.messages.receive_messages import receive
from services.claims.flows.messages.split_message import split_message, unsplit_messages
from tests.harness.tokens import ORGANIZATION
from tests.services.claims.fake_clearinghouse import accepted, paid_in_part, remittance
from tests.services.claims.test_remittances import detail, listed
from tests.services.kinds import statements_of

pytestmark = pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
FEW, MANY = 100, 300
STATEMENTS_A_CLAIM, STATEMENTS_A_WAITING_CLAIM = 13, 22
STATEMENTS_A_MESSAGE = 90


def copies(scenario, count):
    """The claim numbers of claims that their payer has accepted."""
    scenario.send()
    scenario.receive(accepted(scenario.number()))
    made = fill(scenario.deps.database, ORGANIZATION, [scenario.claims[0]["id"]], count, keep=count)
    return [one.claim_number for one in made]


def apply_all(scenario):
    return [apply_message(scenario.deps, owner, message_id) for owner, message_id in waiting_messages(scenario.deps)]


def statements(scenario, content):
    """How many it takes to receive, split and apply a message."""
    scenario.clearinghouse.deliver(content, "835")
    with statements_of(scenario.deps.database.engine) as sent:
        receive(scenario.deps)
        for received_id in unsplit_messages(scenario.deps):
            split_message(scenario.deps, received_id)
        apply_all(scenario)
    return len(sent)


def test_a_large_remittance_takes_as_many_statements_a_claim_as_a_small_one(scenario):
    numbers = copies(scenario, FEW + MANY)
    few = statements(scenario, remittance(*map(paid_in_part, numbers[:FEW]), trace="EFT1"))
    many = statements(scenario, remittance(*map(paid_in_part, numbers[FEW:]), trace="EFT2"))
    assert [(one["payments"], one["waiting"]) for one in listed(scenario)] == [(FEW, 0), (MANY, 0)]
    assert few <= FEW * STATEMENTS_A_CLAIM + STATEMENTS_A_MESSAGE
    assert many <= MANY * STATEMENTS_A_CLAIM + STATEMENTS_A_MESSAGE


def test_what_waited_and_is_posted_after_all_is_counted_once_a_remittance(scenario):
    """It waits in one message that is out of balance, and comes well in another."""
    few, many = 10, 40
    numbers = copies(scenario, few + many)
    taken = []
    for place, some in enumerate((numbers[:few], numbers[few:])):
        payments = [paid_in_part(one) for one in some]
        statements(scenario, remittance(*payments, trace=f"EFT{place}", total_cents=1))
        assert listed(scenario)[-1]["waiting"] == len(some)
        taken.append(statements(scenario, remittance(*payments, trace=f"EFT{place}", number=5 + place)))
        assert [one["waiting"] for one in listed(scenario)] == [0] * (2 * place + 2)
    assert taken[0] <= few * STATEMENTS_A_WAITING_CLAIM + STATEMENTS_A_MESSAGE
    assert taken[1] <= many * STATEMENTS_A_WAITING_CLAIM + STATEMENTS_A_MESSAGE
    told = [one["data"]["waiting"] for one in scenario.api.events() if one["type"].startswith("remittance.")]
    assert told == [few, 0, 0, many, 0, 0]


def test_a_page_of_a_large_remittance_has_at_most_200_of_its_payments(scenario):
    payments = [paid_in_part(f"KNOBODYS{place:04d}") for place in range(205)]
    statements(scenario, remittance(*payments))
    [summary] = listed(scenario)
    first = detail(scenario, summary["id"])
    rest = scenario.api.get(f"/v1/remittances/{summary['id']}?after={first['next']}").json()
    assert [len(page["items"]) for page in (first, rest)] == [200, 5]
    assert (first["items"][-1]["number"], rest["items"][0]["number"], rest["next"]) == (200, 201, None)
    assert scenario.api.get(f"/v1/remittances/{summary['id']}?limit=201").status_code == 422
