"""Appeals come by the payer's fax, and are decided on the virtual clock as their scenario says."""

import httpx
import pytest

from tests.services.clearinghouse.x12_files import AUTH, NADIA, as_member, claim, claims_file, service_line

pytestmark = pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
NUMBER = "K7Q2M9"
TWO_LINES = (service_line(units=2), service_line("97110", 1, 2))


def _denied(simulator, name: str, by: str, *lines) -> None:
    """A claim that the payer has denied (CO-50); by member id it says what its appeal will get."""
    sent = claim(NADIA, NUMBER, *lines)
    if by == "member":
        sent = as_member(sent, f"SIM_{name.upper()}_{NADIA.member_id}")
    simulator.send(claims_file(sent), **{"X-Simulator-Scenario": "denied_as_unnecessary"})
    simulator.advance(days=21)


def _faxed(simulator, name: str, by: str, *lines) -> httpx.Response:
    _denied(simulator, name, by, *lines)
    return simulator.fax_appeal(NUMBER, **({"X-Simulator-Scenario": name} if by == "header" else {}))


def _said(paid) -> tuple[str, int, list[set[str]]]:
    reasons = [{f"{one.group}-{one.reason}" for one in line.adjustments} for line in paid.services]
    return paid.status, paid.paid_cents, reasons


@pytest.mark.parametrize("by", ["header", "member"])
def test_scenario_denied_as_unnecessary__denies_every_line(simulator, by):
    name = "denied_as_unnecessary"
    if by == "header":
        _denied(simulator, "", "header", *TWO_LINES)
    else:
        simulator.send(
            claims_file(as_member(claim(NADIA, NUMBER, *TWO_LINES), f"SIM_{name.upper()}_{NADIA.member_id}"))
        )
        simulator.advance(days=21)
    assert [_said(one) for one in simulator.records("835")] == [("1", 0, [{"CO-50"}, {"CO-50"}])]


@pytest.mark.parametrize("by", ["header", "member"])
def test_scenario_appeal_overturned__takes_the_denial_back_and_pays(simulator, by):
    taken = _faxed(simulator, "appeal_overturned", by)
    assert (taken.status_code, taken.json()["state"], taken.json()["decision"]) == (202, "waiting", None)
    simulator.advance(days=29)
    assert len(simulator.records("835")) == 1
    simulator.advance(days=2)
    denied, reversal, paid = simulator.records("835")
    assert (_said(denied), _said(reversal)) == (("1", 0, [{"CO-50"}]), ("22", 0, [{"CO-50"}]))
    assert (reversal.charge_cents, reversal.payer_claim_number) == (-18000, denied.payer_claim_number)
    assert _said(paid) == ("1", 11160, [{"CO-45", "PR-3"}])
    assert simulator.appeal(NUMBER).json() == {
        "claim_number": NUMBER,
        "state": "decided",
        "decides_at": None,
        "decision": "appeal_overturned",
    }


@pytest.mark.parametrize("by", ["header", "member"])
def test_scenario_appeal_partly__pays_the_first_denied_line_and_leaves_the_other_denied(simulator, by):
    _faxed(simulator, "appeal_partly", by, *TWO_LINES)
    simulator.advance(days=31)
    _denied_before, _reversal, paid = simulator.records("835")
    status, cents, reasons = _said(paid)
    assert (status, reasons[1], cents == paid.services[0].paid_cents > 0) == ("1", {"CO-50"}, True)


def test_scenario_appeal_partly__pays_half_of_the_only_line(simulator):
    _faxed(simulator, "appeal_partly", "header")
    simulator.advance(days=31)
    assert _said(simulator.records("835")[-1]) == ("1", 5580, [{"CO-45", "PR-3", "CO-50"}])


@pytest.mark.parametrize("by", ["header", "member"])
def test_scenario_appeal_upheld__says_so_by_letter_alone(simulator, by):
    _faxed(simulator, "appeal_upheld", by)
    simulator.advance(days=31)
    assert len(simulator.records("835")) == 1
    assert (simulator.appeal(NUMBER).json()["state"], simulator.appeal(NUMBER).json()["decision"]) == (
        "decided",
        "appeal_upheld",
    )


@pytest.mark.parametrize("by", ["header", "member"])
def test_scenario_appeal_silence__never_answers_until_it_is_pressed(simulator, by):
    _faxed(simulator, "appeal_silence", by)
    simulator.advance(days=365)
    waiting = simulator.appeal(NUMBER).json()
    assert (waiting["state"], waiting["decides_at"], len(simulator.records("835"))) == ("waiting", None, 1)
    pressed = simulator.fax_appeal(NUMBER, **{"X-Simulator-Scenario": "appeal_overturned"})
    assert pressed.json()["decides_at"] is not None
    simulator.advance(days=31)
    assert [one.paid_cents for one in simulator.records("835")] == [0, 0, 11160]


def test_an_appeal_without_a_scenario_is_won_and_one_of_nothing_decided_is_refused(simulator, http):
    simulator.send(claims_file(claim()), **{"X-Simulator-Scenario": "denied_as_unnecessary"})
    early = simulator.fax_appeal(NUMBER)
    assert (early.status_code, early.json()["code"]) == (409, "claim_not_decided")
    none = simulator.fax_appeal("NOBODYS")
    assert (none.status_code, none.json()["code"]) == (404, "claim_not_found")
    assert simulator.appeal(NUMBER).json()["code"] == "appeal_not_found"
    stranger = http.post(f"{simulator.url}/simulator/appeals", json={"claim_number": NUMBER}, auth=(AUTH[0], "wrong"))
    assert stranger.status_code == 401
    simulator.advance(days=21)
    assert simulator.fax_appeal(NUMBER).status_code == 202
    simulator.advance(days=31)
    assert [one.paid_cents for one in simulator.records("835")] == [0, 0, 11160]
