"""Every scenario of the list, by header and by member id, does what its sentence says and nothing else."""

import httpx
import pytest

from services.clearinghouse.domain.scenarios import SCENARIOS
from shared import x12
from tests.services.clearinghouse.api import (
    test_appeal_scenarios,
    test_correction_scenarios,
    test_remittance_scenarios,
    test_status,
)
from tests.services.clearinghouse.x12_files import NADIA, TOBIAS, as_member, claim, claims_file


def _asked(name: str, by: str, number: int = 1) -> tuple[bytes, dict[str, str]]:
    """A file that asks for a scenario by `header` or by `member` id."""
    if by == "header":
        return claims_file(claim(), number=number), {"X-Simulator-Scenario": name}
    return claims_file(as_member(claim(), f"SIM_{name.upper()}_{NADIA.member_id}"), number=number), {}


def test_every_scenario_of_the_list_is_proven():
    rooms = (test_appeal_scenarios, test_remittance_scenarios, test_correction_scenarios)
    tests = [*globals(), *(name for room in rooms for name in vars(room))]
    proven = {name.split("scenario_")[1].rsplit("__")[0] for name in tests if name.startswith("test_scenario_")}
    proven |= set(test_status.ANSWERS)
    assert proven == {scenario.name for scenario in SCENARIOS}


@pytest.mark.parametrize("by", ["header", "member"])
def test_scenario_lose_reply__keeps_the_file_and_breaks_the_answer(simulator, by):
    content, headers = _asked("lose_reply", by)
    with pytest.raises(httpx.TransportError):
        simulator.send(content, **headers)
    assert [receipt["accepted"] for receipt in simulator.receipts(1)] == [True]
    assert simulator.kinds() == ["TA1", "999", "277CA"]
    simulator.advance(days=21)
    assert [paid.paid_cents for paid in simulator.records("835")] == [11160]


def test_scenario_timeout__by_header_keeps_nothing_every_time(simulator):
    content, headers = _asked("timeout", "header")
    for _turn in range(2):
        with pytest.raises(httpx.TransportError):
            simulator.send(content, **headers)
    assert simulator.receipts(1) == []
    assert simulator.send(content).json()["accepted"]


def test_scenario_timeout__by_member_strikes_a_file_once(simulator):
    content, _headers = _asked("timeout", "member")
    with pytest.raises(httpx.TransportError):
        simulator.send(content)
    assert simulator.receipts(1) == []
    assert simulator.send(content).json()["accepted"]


@pytest.mark.parametrize("by", ["header", "member"])
def test_scenario_unavailable__is_a_503_that_keeps_nothing(simulator, by):
    content, headers = _asked("unavailable", by)
    answer = simulator.send(content, **headers)
    assert (answer.status_code, answer.json()["code"], answer.headers["retry-after"]) == (
        503,
        "scenario_unavailable",
        "5",
    )
    assert simulator.receipts(1) == []
    assert simulator.messages() == []
    assert simulator.send(content).json()["accepted"]


@pytest.mark.parametrize("by", ["header", "member"])
def test_scenario_reject_277ca__turns_the_claim_back_at_the_clearinghouse(simulator, by):
    content, headers = _asked("reject_277ca", by)
    simulator.send(content, **headers)
    status = simulator.records("277CA")[0].statuses[0]
    assert (status.codes[0].category, status.action) == ("A7", "U")
    simulator.advance(days=21)
    assert simulator.kinds() == ["TA1", "999", "277CA"]


@pytest.mark.parametrize("by", ["header", "member"])
def test_scenario_unbalanced_835__is_one_cent_over(simulator, by):
    content, headers = _asked("unbalanced_835", by)
    simulator.send(content, **headers)
    simulator.advance(days=21)
    file = x12.read_all(simulator.messages()[-1]["content"].encode())
    assert file.transactions[0].header.payment_cents == 11161
    assert not file.ok


def test_two_scenarios_are_joined_by_plus(simulator):
    with pytest.raises(httpx.TransportError):
        simulator.send(claims_file(claim()), **{"X-Simulator-Scenario": "lose_reply+unbalanced_835"})
    simulator.advance(days=21)
    assert x12.read_all(simulator.messages()[-1]["content"].encode()).transactions[0].header.payment_cents == 11161


def test_a_members_scenario_leaves_other_claims_of_the_file_alone(simulator):
    rejected = as_member(claim(), f"SIM_REJECT_277CA_{NADIA.member_id}")
    simulator.send(claims_file(rejected, claim(TOBIAS, "K2")))
    simulator.advance(days=21)
    assert [paid.claim_number for paid in simulator.records("835")] == ["K2"]


def test_a_scenario_that_nobody_knows_is_malformed(simulator):
    answer = simulator.send(claims_file(claim()), **{"X-Simulator-Scenario": "loose_reply"})
    assert answer.status_code == 422
    assert "lose_reply" in answer.json()["errors"][0]["fix"]
    assert simulator.receipts(1) == []
