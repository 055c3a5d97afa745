"""Lines of one visit to different payers: by the caller's choice as the claims are made, taken off a claim that is
still to be sent, and billed to the payer that another's denial names. No unit and no cent is on two claims or on none.

Every visit is 97124 for three units (135.00) and 97110 for one (47.00).
"""

import pytest

from tests.harness.validators import pyx12_findings, x12sdk_reads
from tests.services.claims.factories import BILLER, COVERAGE, NOTE, a_coverage, a_payer
from tests.services.claims.fake_clearinghouse import cas, claim_payment, denied, remittance, reversal_of, service
from tests.services.claims.test_next_payers import hold, kind, money
from tests.services.claims.test_split_claims import act, answer, codes, lines, sent

pytestmark = pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)

AUTO = "cov_auto0001"
HEALTH_PLAN = {"coverage": a_coverage(), "payer": a_payer()}
AUTO_PLAN = {
    "coverage": a_coverage(AUTO, payer_id="pay_auto0001", member_id="AUTO77"),
    "payer": a_payer(id="pay_auto0001", name="Harbor Auto", payer_identifier="HARBO"),
}
MASSAGE, EXERCISE = [{"procedure_code": "97124"}], [{"procedure_code": "97110"}]


@pytest.fixture
def plans(scenario, neighbours):
    hold(neighbours, HEALTH_PLAN, AUTO_PLAN)
    return scenario


def make(scenario, coverage_id=COVERAGE, **more):
    made = scenario.api.create(NOTE, coverage_id, **more)
    assert made.status_code == 201, made.text
    scenario.claims.append(made.json())
    return made.json()


def move(scenario, place=0, /, **body):
    body = {"coverage_id": AUTO, "reason": "Her neck was hurt in the accident.", "actor": BILLER} | body
    moved = scenario.api.post(f"/v1/claims/{scenario.claims[place]['id']}/move-lines", body)
    if moved.status_code == 201:
        scenario.claims.append(moved.json())
    return moved


def bills(scenario):
    return [[row[1:3] for row in lines(scenario.claim(place))] for place in range(len(scenario.claims))]


def refusal(answer):
    return answer.status_code, answer.json()["code"]


def test_the_caller_says_which_coverage_bills_which_lines_and_the_other_bills_the_rest(plans, tmp_path):
    auto = make(plans, AUTO, lines=[{"procedure_code": "97124", "units": 1}])
    health = make(plans)
    assert bills(plans) == [[("97124", 1)], [("97124", 2), ("97110", 1)]]
    assert (auto["payer_name"], health["payer_name"]) == ("Harbor Auto", "Cascade Mutual Health")
    assert (plans.claim(0)["split_claims"], health["split_claims"]) == ([health["id"]], [auto["id"]])
    assert [money(plans, place) for place in (0, 1)] == [(0, 0, 0, 0, 4_500, 0), (0, 0, 0, 0, 13_700, 0)]
    assert not {"duplicate_claim", "note_copied"} & {*codes(plans.claim(0)), *codes(health)}
    taken = plans.api.create(NOTE, AUTO, lines=EXERCISE)
    assert refusal(taken) == (409, "line_billed")
    assert (
        taken.json()["errors"][0]["message"] == "Another claim of the visit bills 97110, and 0 of its units are left."
    )
    for claim in (auto, health):
        assert plans.api.submit(claim["id"]).status_code == 202
    plans.run()
    assert sorted(sent(plans, ("SV1", "NM1*PR"))) == [
        "NM1*PR*2*CASCADE MUTUAL HEALTH*****PI*CASCM",
        "NM1*PR*2*HARBOR AUTO*****PI*HARBO",
        "SV1*HC:97110*47*UN*1***1:2",
        "SV1*HC:97124*45*UN*1***1:2",
        "SV1*HC:97124*90*UN*2***1:2",
    ]
    file = plans.clearinghouse.taken[-1]
    assert (pyx12_findings(file), x12sdk_reads(file.encode(), tmp_path)) == ("", 1)
    answer(plans, 0)
    assert (money(plans, 0), money(plans, 1)) == ((4_000, 0, 0, 500, 0, 0), (0, 0, 0, 0, 13_700, 0))


@pytest.mark.parametrize("whole_first", [True, False])
def test_a_line_that_another_claim_bills_is_refused_and_units_that_are_left_are_not(plans, whole_first):
    if whole_first:
        make(plans)
        assert refusal(plans.api.create(NOTE, AUTO, lines=MASSAGE)) == (409, "line_billed")
        return
    make(plans, AUTO, lines=[{"procedure_code": "97124", "units": 2}])
    assert refusal(plans.api.create(NOTE, COVERAGE, lines=[{"procedure_code": "97124", "units": 2}]))[0] == 409
    assert refusal(plans.api.create(NOTE, COVERAGE, lines=MASSAGE)) == (409, "line_billed")
    make(plans, COVERAGE, lines=[{"procedure_code": "97124", "units": 1}])
    make(plans)
    assert bills(plans) == [[("97124", 2)], [("97124", 1)], [("97110", 1)]]


def test_lines_are_taken_off_a_claim_that_is_still_to_be_sent(plans):
    make(plans)
    moved = move(plans, lines=EXERCISE)
    assert moved.status_code == 201, moved.text
    assert (moved.json()["coverage_id"], moved.json()["state"]) == (AUTO, "ready")
    assert bills(plans) == [[("97124", 3)], [("97110", 1)]]
    assert [money(plans, place) for place in (0, 1)] == [(0, 0, 0, 0, 13_500, 0), (0, 0, 0, 0, 4_700, 0)]
    timeline = plans.api.get(f"/v1/claims/{plans.claims[0]['id']}/timeline").json()["items"]
    [told] = [one for one in timeline if one["kind"] == "lines_moved"]
    assert told["summary"] == (
        f"97110 of this claim is billed with claim {plans.claims[1]['id']}. Reason: Her neck was hurt in the accident."
    )
    assert refusal(move(plans, lines=EXERCISE)) == (409, "line_unknown")
    assert refusal(move(plans, lines=MASSAGE)) == (409, "no_line_left")
    assert move(plans, lines=[{"procedure_code": "97124", "units": 1}]).status_code == 201
    assert bills(plans) == [[("97124", 2)], [("97110", 1)], [("97124", 1)]]
    assert act(plans, plans.claims[1]["id"], "void").status_code == 200
    assert plans.api.post(f"/v1/claims/{plans.claims[0]['id']}/refresh").status_code == 200
    assert [row[1:3] for row in lines(plans.claim(0))] == [("97124", 2), ("97110", 1)]
    assert plans.api.submit(plans.claims[0]["id"]).status_code == 202
    assert refusal(move(plans, lines=EXERCISE)) == (409, "lines_at_payer")


def test_all_units_of_a_line_are_those_of_the_claim_from_which_it_is_moved(plans):
    make(plans, lines=[{"procedure_code": "97124", "units": 1}])
    make(plans)
    assert move(plans, 1, lines=MASSAGE).status_code == 201
    assert bills(plans) == [[("97124", 1)], [("97110", 1)], [("97124", 2)]]


def deny(scenario, reason="22"):
    """97124 is another payer's, and 97110 is paid in part."""
    number = scenario.number()
    rows = [
        service(number, 1, "97124", 13_500, 0, cas("OA", reason, 13_500)),
        service(number, 2, "97110", 4_700, 4_000, cas("PR", "2", 700)),
    ]
    scenario.receive(remittance(claim_payment(number, *rows)), "835")


def go(scenario, place):
    assert scenario.api.submit(scenario.claims[place]["id"]).status_code == 202
    scenario.run()


def test_what_a_payer_denies_as_another_payers_is_billed_to_that_one_by_the_operation_that_is_named(plans):
    make(plans)
    go(plans, 0)
    deny(plans)
    before = money(plans, 0)
    action = plans.claim()["next_action"]
    assert (action["kind"], action["operation"]["path"], action["operation"]["needs"]) == (
        "bill_other_payer",
        f"/v1/claims/{plans.claims[0]['id']}/move-lines",
        ["coverage_id", "reason", "actor"],
    )
    assert refusal(move(plans, lines=EXERCISE)) == (409, "lines_at_payer")
    moved = move(plans)
    assert (moved.status_code, bills(plans)) == (201, [[("97124", 3), ("97110", 1)], [("97124", 3)]])
    assert (before, money(plans, 0)) == ((4_000, 0, 0, 700, 13_500, 0), (4_000, 0, 0, 700, 0, 13_500))
    assert (money(plans, 1), kind(plans, 0), kind(plans, 1)) == ((0, 0, 0, 0, 13_500, 0), "bill_patient", "submit")
    assert refusal(move(plans)) == (409, "line_unknown")
    # A void gives the lines back, and they can be billed again.
    assert act(plans, plans.claims[1]["id"], "void").status_code == 200
    assert (money(plans, 0), kind(plans, 0), money(plans, 1)) == (before, "bill_other_payer", (0,) * 6)
    assert move(plans).status_code == 201
    go(plans, 2)
    answer(plans, 2, trace="EFT0002")
    assert (money(plans, 2), money(plans, 0)) == ((13_000, 0, 0, 500, 0, 0), (4_000, 0, 0, 700, 0, 13_500))


def test_a_claim_denied_whole_is_moved_whole_and_its_void_at_the_other_payer_comes_back(plans):
    make(plans)
    go(plans, 0)
    plans.receive(remittance(denied(plans.number(), "22")), "835")
    assert move(plans).status_code == 201
    assert (money(plans, 0), money(plans, 1)) == ((0, 0, 0, 0, 0, 18_200), (0, 0, 0, 0, 18_200, 0))
    go(plans, 1)
    number = plans.number(1)
    rows = [service(number, 1, "97124", 13_500, 13_500), service(number, 2, "97110", 4_700, 4_700)]
    paid = claim_payment(number, *rows)
    plans.receive(remittance(paid, trace="EFT0002"), "835")
    assert act(plans, plans.claims[1]["id"], "void").status_code == 200
    plans.run()
    plans.receive(remittance(reversal_of(paid), trace="EFT0003"), "835")
    assert (money(plans, 0), money(plans, 1)) == ((0, 0, 0, 0, 18_200, 0), (0,) * 6)
    assert kind(plans, 0) == "bill_other_payer"
    plans.receive(remittance(paid, trace="EFT0004"), "835")
    assert (money(plans, 0), money(plans, 1)) == ((0, 0, 0, 0, 0, 18_200), (18_200, 0, 0, 0, 0, 0))
