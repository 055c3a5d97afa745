"""Scenarios of replaced and voided claims, by header and by member id."""

import pytest

from shared import x12
from tests.services.clearinghouse.x12_files import NADIA, as_member, claim, claims_file


def _asked(name: str, by: str) -> tuple[bytes, dict[str, str]]:
    """A file that asks for a scenario by `header` or by `member` id."""
    if by == "header":
        return claims_file(claim()), {"X-Simulator-Scenario": name}
    return claims_file(as_member(claim(), f"SIM_{name.upper()}_{NADIA.member_id}")), {}


def _sent_again(simulator, frequency: str, name: str, by: str) -> str:
    """An original that was decided and its replacement (7) or void (8), both with the scenario: the payer's number of
    the original."""
    content, headers = _asked(name, by)
    simulator.send(content, **headers)
    simulator.advance(days=21)
    number = simulator.records("835")[0].payer_claim_number
    again = claim(NADIA, "K2", frequency=frequency, references=(x12.Reference(qualifier="F8", value=number),))
    if by == "member":
        again = as_member(again, f"SIM_{name.upper()}_{NADIA.member_id}")
    simulator.send(claims_file(again, number=2), **headers)
    return number


def _said(paid) -> tuple[str, str, int, set[str]]:
    reasons = {f"{one.group}-{one.reason}" for line in paid.services for one in line.adjustments}
    return paid.claim_number, paid.status, paid.paid_cents, reasons


@pytest.mark.parametrize("by", ["header", "member"])
def test_scenario_reject_frequency__turns_back_a_replacement_and_no_original(simulator, by):
    _sent_again(simulator, "7", "reject_frequency", by)
    found = [(one.trace.value, one.statuses[0].codes[0].category, one.statuses[0].codes[0].code)
             for one in simulator.records("277CA")]  # fmt: skip
    assert found[-1] == ("K2", "A7", "535")
    simulator.advance(days=21)
    assert [_said(one)[:3] for one in simulator.records("835")] == [("K7Q2M9", "1", 11160)]


@pytest.mark.parametrize("by", ["header", "member"])
def test_scenario_replacement_paid__denies_the_original_and_pays_its_replacement(simulator, by):
    number = _sent_again(simulator, "7", "replacement_paid", by)
    simulator.advance(days=21)
    denied, reversal, paid = simulator.records("835")
    assert _said(denied) == ("K7Q2M9", "1", 0, {"CO-16"})
    assert [one.code for one in denied.services[0].remarks] == ["N822"]
    assert _said(reversal) == ("K7Q2M9", "22", 0, {"CO-16"})
    assert (reversal.charge_cents, reversal.payer_claim_number) == (-18000, number)
    assert _said(paid) == ("K2", "1", 11160, {"CO-45", "PR-3"})


@pytest.mark.parametrize("by", ["header", "member"])
def test_scenario_replacement_duplicate__denies_the_replacement_and_takes_nothing_back(simulator, by):
    _sent_again(simulator, "7", "replacement_duplicate", by)
    simulator.advance(days=21)
    assert [_said(one) for one in simulator.records("835")] == [
        ("K7Q2M9", "1", 11160, {"CO-45", "PR-3"}),
        ("K2", "1", 0, {"CO-18"}),
    ]


@pytest.mark.parametrize("by", ["header", "member"])
def test_scenario_void_taken_back__reverses_seven_days_later_than_usual(simulator, by):
    _sent_again(simulator, "8", "void_taken_back", by)
    simulator.advance(days=16)
    assert len(simulator.records("835")) == 1
    simulator.advance(days=5)
    assert [_said(one)[:3] for one in simulator.records("835")] == [("K7Q2M9", "1", 11160), ("K7Q2M9", "22", -11160)]
