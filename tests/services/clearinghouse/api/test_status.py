"""276 in, 277 out: where the payer has a claim at each of its states, and what a scenario makes it say."""

from datetime import date

import httpx
import pytest
from x12sdk.io import X12ModelReader

from services.clearinghouse.domain.lifecycle import State
from services.clearinghouse.domain.messages.status_response import KnownClaim, status_of
from services.clearinghouse.domain.outcomes import Adjustment, ClaimOutcome, LineOutcome
from services.clearinghouse.domain.scenarios import STATUS_ANSWERS
from shared import x12
from tests.services.clearinghouse.x12_files import (
    CURTIS,
    ELEANOR,
    GRACE,
    NADIA,
    TOBIAS,
    as_member,
    claim,
    claims_file,
    question,
    questions_file,
    status_file,
    status_question,
)

ANSWERS = {
    "status_a4": "A4:35",
    "status_p1": "P1:20",
    "status_p3": "P3:294",
    "status_r3": "R3:294",
    "status_f1": "F1:65",
    "status_f2": "F2:585",
    "status_d0": "D0:35",
    "status_e0": "E0:21",
    "status_e1": "E1:0",
}


@pytest.fixture
def database_kind():
    return "sqlite"


def asked(simulator, *inquiries, **headers):
    """The claim statuses of a 277 that our own strict reader and x12sdk take without an error."""
    answer = simulator.status(status_file(*inquiries), **headers)
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/edi-x12"), answer.text
    with X12ModelReader(answer.text) as reader:
        assert len(list(reader.models())) == 1
    file = x12.read_all(answer.content, strict=True)
    assert file.ok, list(file.findings)
    assert file.transactions[0].opened.type == "277"
    return [one for one in file.transactions[0].records if isinstance(one, x12.ClaimStatus)]


def said(status):
    (one,) = status.statuses
    (code,) = one.codes
    return f"{code.category}:{code.code}", one.charge_cents, one.paid_cents, status.payer_claim_number


def test_a_claim_is_received_then_in_work_then_paid_and_the_question_changes_nothing(simulator):
    simulator.send(claims_file(claim(NADIA, "K1")))
    ask = status_question(NADIA, "K1")
    assert [said(one) for one in asked(simulator, ask)] == [("A1:20", 18_000, None, "")]
    simulator.advance(days=2)
    assert [said(one) for one in asked(simulator, ask)] == [("P1:20", 18_000, None, "CASCM000000001")]
    simulator.advance(days=21)
    before = simulator.kinds()
    (paid,) = asked(simulator, ask)
    assert said(paid) == ("F1:65", 18_000, 11_160, "CASCM000000001")
    assert (paid.trace, paid.dates) == (x12.Trace(type="2", value="ASK0001"), ask.dates)
    assert paid.statuses[0].effective < date.fromisoformat(simulator.now()[:10])
    assert simulator.kinds() == before == ["TA1", "999", "277CA", "277CA", "835"]


def decided(*lines):
    made = [
        LineOutcome(
            number=number,
            control_number=f"L{number}",
            procedure_code="97124",
            modifiers=(),
            units=1,
            service_date="20260420",
            charge_cents=paid + left,
            allowed_cents=paid,
            paid_cents=paid,
            adjustments=(Adjustment("CO", "45", left),),
            denied=denied,
        )
        for number, (paid, left, denied) in enumerate(lines, 1)
    ]
    return ClaimOutcome("K1", "PCN1", "1", tuple(made))


@pytest.mark.parametrize(
    ("state", "outcome", "told"),
    [
        ("received", None, ("A1:20", 18_000, None, "")),
        ("forwarded", None, ("A1:20", 18_000, None, "")),
        ("accepted", None, ("P1:20", 18_000, None, "PCN1")),
        ("rejected", None, ("A4:35", None, None, "")),
        ("adjudicated", decided((1, 0, False), (0, 9, True)), ("F1:65", 18_000, 1, "PCN1")),
        ("adjudicated", decided((0, 5, False), (0, 9, True)), ("F4:104", 18_000, 0, "PCN1")),
        ("adjudicated", decided((0, 5, True), (0, 9, True)), ("F2:585", 18_000, 0, "PCN1")),
        ("reversed", decided((7, 0, False)), ("F3:101", 18_000, 7, "PCN1")),
    ],
)
def test_each_state_of_a_claim_has_its_category(state, outcome, told):
    day = date(2026, 5, 1)
    known = KnownClaim(State(state), NADIA.member_id, 18_000, "PCN1", outcome, day if outcome else None)
    found = status_of(status_question(), known, (), date(2026, 5, 9))
    assert said(found) == told
    assert found.statuses[0].effective == (day if outcome else date(2026, 5, 9))


def test_what_a_payer_does_not_find_or_does_not_answer(simulator):
    simulator.send(claims_file(claim(NADIA, "K1")))
    simulator.send(claims_file(claim(NADIA, "K2"), number=2), **{"X-Simulator-Scenario": "reject_277ca"})
    found = asked(
        simulator,
        status_question(NADIA, "NOBODYS"),
        status_question(NADIA, "K2"),
        status_question(TOBIAS, "K1"),
        status_question(GRACE, "K1"),
        status_question(ELEANOR, "K1"),
        status_question(CURTIS, "K1"),
    )
    assert [said(one) for one in found] == [
        ("A4:35", None, None, ""),
        ("A4:35", None, None, ""),
        ("D0:33", None, None, ""),
        ("A4:35", None, None, ""),
        ("A4:35", None, None, ""),
        ("E0:116", None, None, ""),
    ]


@pytest.mark.parametrize("name", ANSWERS)
def test_a_status_scenario_by_header_or_by_member_id_is_what_the_payer_says(simulator, name):
    assert set(ANSWERS) == set(STATUS_ANSWERS)
    assert [said(one)[0] for one in asked(simulator, status_question(), **{"X-Simulator-Scenario": name})] == [
        ANSWERS[name]
    ]
    member_id = f"SIM_{name.upper()}_{NADIA.member_id}"
    simulator.send(claims_file(as_member(claim(NADIA, "K1"), member_id)))
    simulator.advance(days=2)
    (found,) = asked(simulator, status_question(NADIA, "K1", member_id=member_id))
    assert said(found)[0] == ANSWERS[name]


def test_a_question_of_another_kind_or_another_sender_is_refused(simulator):
    answer = simulator.status(questions_file(question()))
    assert x12.read_all(answer.content).transactions[0].opened.type == "999"
    answer = simulator.status(status_file(status_question(), sender="SOMEBODY"))
    assert (answer.status_code, answer.json()["code"]) == (403, "sender_is_not_the_partner")
    answer = simulator.status(b"nothing")
    assert (answer.status_code, answer.json()["code"]) == (422, "not_one_x12_interchange")
    answer = simulator.status(status_file(*[status_question()] * 101))
    assert answer.status_code == 413


def test_transport_scenarios_strike_a_question_as_well(simulator):
    content = status_file(status_question())
    answer = simulator.status(content, **{"X-Simulator-Scenario": "unavailable"})
    assert (answer.status_code, answer.json()["code"]) == (503, "scenario_unavailable")
    for name in ("timeout", "lose_reply"):
        with pytest.raises(httpx.TransportError):
            simulator.status(content, **{"X-Simulator-Scenario": name})
    assert simulator.status(content, **{"X-Simulator-Scenario": "nonsense"}).status_code == 422
