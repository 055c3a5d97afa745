"""After the next payer was billed: what the first one changes is told to it, to the cent and in the file; a claim that
was forwarded to nobody whom we know waits for a payer and not for the patient; a voided claim that stands again is in
its chain again."""

from datetime import date, timedelta

import pytest

from tests.harness.validators import pyx12_findings, x12sdk_reads
from tests.services.claims.factories import BILLER
from tests.services.claims.fake_clearinghouse import (
    cas,
    claim_payment,
    paid_in_part,
    reversal_of,
    service,
    x12_replace,
)
from tests.services.claims.test_next_payers import (
    FIRST_PLAN,
    SECOND,
    SECOND_PLAN,
    answered_by_second,
    bill_next,
    hold,
    kind,
    money,
    pay,
    send,
)

pytestmark = pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)

WHY = {"reason": "The first payer has paid less.", "actor": BILLER}
LOOPS = ("CLM", "SBR*P", "CAS", "AMT", "REF*F8", "SV1", "SVD", "DTP*573")


@pytest.fixture
def plans(scenario, neighbours):
    """The patient has two plans, and the first has paid and left 25.00."""
    hold(neighbours, FIRST_PLAN, SECOND_PLAN)
    scenario.send()
    pay(scenario, paid_in_part(scenario.number()))
    return scenario


def change(scenario, *, paid=7_245, left=3_000, **more):
    """The first payer takes its decision back and makes another."""
    pay(scenario, reversal_of(paid_in_part(scenario.number())), trace="EFT0011", paid_on=date(2026, 3, 20), **more)
    number = scenario.number()
    rows = [
        service(number, 1, "97124", 13_500, paid, cas("CO", "45", 13_500 - paid - left), cas("PR", "3", left)),
        service(number, 2, "97110", 4_700, 3_700, cas("CO", "45", 1_000)),
    ]
    one = claim_payment(number, *rows)
    pay(scenario, one, trace="EFT0012", paid_on=date(2026, 3, 20))
    return one


def tell(scenario, **more):
    return scenario.api.post(f"/v1/claims/{scenario.claims[0]['id']}/correct-next-payer", WHY | more)


def segments(scenario):
    return [one for one in scenario.clearinghouse.taken[-1].replace("\n", "").split("~") if one.startswith(LOOPS)]


def test_the_next_payer_gets_a_replacement_with_what_the_first_has_changed(plans, tmp_path):
    bill_next(plans)
    send(plans, 1)
    old = answered_by_second(plans.number(1), paid=2_500)
    pay(plans, old, trace="EFT0002")
    change(plans)
    action = plans.claim()["next_action"]
    assert (money(plans, 0), action["kind"], action["rule"]) == (
        (10_945, 0, 4_255, 500, 0, 2_500),
        "correct_next_payer",
        "next_payer_misinformed",
    )
    assert action["operation"]["path"] == f"/v1/claims/{plans.claims[0]['id']}/correct-next-payer"
    told = tell(plans)
    assert told.status_code == 200, told.text
    second = told.json()
    assert (second["id"], second["state"], second["frequency"], second["refers_to"]) == (
        plans.claims[1]["id"],
        "ready",
        "7",
        "RAIN0001",
    )
    assert (money(plans, 0), kind(plans, 0)) == ((10_945, 0, 4_255, 0, 0, 3_000), "none")
    assert money(plans, 1) == (2_500, 0, 0, 0, 500, 15_200)
    send(plans, 1)
    assert segments(plans) == [
        f"CLM*{plans.number(1)}*182***11:B:7*Y*A*Y*Y",
        "REF*F8*RAIN0001",
        "SBR*P*18*CASC7710******CI",
        "AMT*D*109.45",
        "REF*F8*PAYER0001",
        "SV1*HC:97124*135*UN*3***1:2",
        "SVD*CASCM*72.45*HC:97124**3",
        "CAS*CO*45*32.55",
        "CAS*PR*3*30",
        "DTP*573*D8*20260320",
        "AMT*EAF*30",
        "SV1*HC:97110*47*UN*1***1:2",
        "SVD*CASCM*37*HC:97110**1",
        "CAS*CO*45*10",
        "DTP*573*D8*20260320",
    ]
    file = plans.clearinghouse.taken[-1]
    assert (pyx12_findings(file), x12sdk_reads(file.encode(), tmp_path)) == ("", 1)
    pay(plans, reversal_of(old), trace="EFT0021", paid_on=date(2026, 3, 27))
    number = plans.number(1)
    rows = [
        service(number, 1, "97124", 13_500, 3_000, cas("OA", "23", 10_500)),
        service(number, 2, "97110", 4_700, 0, cas("OA", "23", 4_700)),
    ]
    pay(plans, claim_payment(number, *rows, status="2"), trace="EFT0022", paid_on=date(2026, 3, 27))
    assert (money(plans, 1), kind(plans, 1)) == ((3_000, 0, 0, 0, 0, 15_200), "none")
    again = tell(plans)
    assert (again.status_code, money(plans, 0), money(plans, 1)) == (
        200,
        (10_945, 0, 4_255, 0, 0, 3_000),
        (3_000, 0, 0, 0, 0, 15_200),
    )


def test_a_claim_to_the_next_payer_that_is_not_sent_yet_is_changed_in_place(plans):
    bill_next(plans)
    number = plans.number(1)
    change(plans, paid=7_945, left=1_800)
    assert (money(plans, 0), kind(plans, 0)) == ((11_645, 0, 4_755, -700, 0, 2_500), "correct_next_payer")
    second = tell(plans).json()
    assert (second["state"], second["frequency"], second["claim_number"]) == ("ready", "1", number)
    assert (money(plans, 0), money(plans, 1)) == ((11_645, 0, 4_755, 0, 0, 1_800), (0, 0, 0, 0, 1_800, 16_400))
    send(plans, 1)
    assert "SVD*CASCM*79.45*HC:97124**3" in segments(plans)


def test_the_next_payer_is_told_once_it_has_answered_and_the_first_has_decided(plans):
    nobody = tell(plans)
    assert (nobody.status_code, nobody.json()["code"]) == (409, "next_payer_not_billed")
    bill_next(plans)
    send(plans, 1)
    before = money(plans, 1)
    pay(plans, reversal_of(paid_in_part(plans.number())), trace="EFT0011", paid_on=date(2026, 3, 20))
    undecided = tell(plans)
    assert (undecided.status_code, undecided.json()["code"], kind(plans, 0)) == (409, "claim_not_adjudicated", "review")
    number = plans.number()
    one = service(number, 1, "97124", 13_500, 7_245, cas("CO", "45", 3_255), cas("PR", "3", 3_000))
    two = service(number, 2, "97110", 4_700, 3_700, cas("CO", "45", 1_000))
    pay(plans, claim_payment(number, one, two), trace="EFT0012", paid_on=date(2026, 3, 20))
    early = tell(plans)
    assert (early.status_code, early.json()["code"], money(plans, 1)) == (409, "answer_awaited", before)
    only_money = tell(plans, only_money=True).json()
    assert (only_money["frequency"], only_money["state"]) == ("1", "submitted")
    assert (money(plans, 0), money(plans, 1)) == ((10_945, 0, 4_255, 0, 0, 3_000), (0, 0, 0, 0, 3_000, 15_200))


def test_the_replacement_of_a_first_claim_takes_its_lines_along(plans):
    """97110 comes off the first claim, its payer pays the rest, and the second claim is replaced without it."""
    bill_next(plans)
    send(plans, 1)
    old = answered_by_second(plans.number(1), paid=2_500)
    pay(plans, old, trace="EFT0002")
    path = f"/v1/claims/{plans.claims[0]['id']}"
    first = paid_in_part(plans.number())
    corrected = plans.api.post(f"{path}/correct", {"left_off": ["97110"], **WHY})
    assert (corrected.status_code, corrected.json()["frequency"]) == (200, "7"), corrected.text
    send(plans, 0)
    pay(plans, reversal_of(first), trace="EFT0011", paid_on=date(2026, 3, 20))
    number = plans.number()
    row = service(number, 1, "97124", 13_500, 7_245, cas("CO", "45", 3_255), cas("PR", "3", 3_000))
    pay(plans, claim_payment(number, row), trace="EFT0012", paid_on=date(2026, 3, 20))
    assert (money(plans, 0), kind(plans, 0)) == ((7_245, 0, 3_255, 500, 0, 2_500), "correct_next_payer")
    second = tell(plans).json()
    assert [(line["number"], line["procedure_code"]) for line in second["lines"]] == [(1, "97124")]
    assert (money(plans, 0), money(plans, 1)) == ((7_245, 0, 3_255, 0, 0, 3_000), (2_500, 0, 0, 0, 500, 10_500))


def test_a_voided_claim_to_the_next_payer_that_stands_again_is_in_its_chain_again(plans):
    before = money(plans, 0)
    bill_next(plans)
    send(plans, 1)
    one = answered_by_second(plans.number(1), paid=1_500, left=1_000)
    pay(plans, one, trace="EFT0002")
    answered = money(plans, 1)
    assert plans.api.post(f"/v1/claims/{plans.claims[1]['id']}/void", WHY).status_code == 200
    plans.run()
    pay(plans, reversal_of(one), trace="EFT0003", paid_on=date(2026, 3, 20))
    assert (plans.claim(1)["state"], money(plans, 0), money(plans, 1)) == ("voided", before, (0,) * 6)
    assert kind(plans, 0) == "bill_secondary"
    pay(plans, one, trace="EFT0004", paid_on=date(2026, 3, 21))
    assert (plans.claim(1)["state"], money(plans, 1)) == ("adjudicated", answered)
    assert (money(plans, 0), plans.claim(0)["next_claims"]) == (
        (11_445, 0, 4_255, 0, 0, 2_500),
        [plans.claims[1]["id"]],
    )
    # A write-off that repeats the first payer's is still made once.
    repeated = [
        service(plans.number(1), 1, "97124", 13_500, 2_500, cas("OA", "23", 7_745), cas("CO", "45", 3_255)),
        service(plans.number(1), 2, "97110", 4_700, 0, cas("OA", "23", 3_700), cas("CO", "45", 1_000)),
    ]
    pay(plans, reversal_of(one), trace="EFT0005", paid_on=date(2026, 3, 22))
    pay(plans, claim_payment(plans.number(1), *repeated, status="2"), trace="EFT0006", paid_on=date(2026, 3, 23))
    assert (money(plans, 1), money(plans, 0)) == ((2_500, 0, 0, 0, 0, 15_700), (11_445, 0, 4_255, 0, 0, 2_500))


def test_a_payment_of_a_voided_claim_waits_where_another_follows_the_one_before(scenario, neighbours):
    third = {
        "coverage": {**SECOND_PLAN["coverage"], "id": "cov_third001", "rank": 3, "payer_id": "pay_third001"},
        "payer": {**SECOND_PLAN["payer"], "id": "pay_third001", "name": "Olympic Trust", "payer_identifier": "OLYMP"},
    }
    hold(neighbours, FIRST_PLAN, SECOND_PLAN, third)
    scenario.send()
    pay(scenario, paid_in_part(scenario.number()))
    bill_next(scenario)
    send(scenario, 1)
    one = answered_by_second(scenario.number(1), paid=1_500, left=1_000)
    pay(scenario, one, trace="EFT0002")
    assert scenario.api.post(f"/v1/claims/{scenario.claims[1]['id']}/void", WHY).status_code == 200
    scenario.run()
    pay(scenario, reversal_of(one), trace="EFT0003", paid_on=date(2026, 3, 20))
    assert bill_next(scenario, coverage_id="cov_third001").status_code == 201
    assert pay(scenario, one, trace="EFT0004", paid_on=date(2026, 3, 21))["state"] == "quarantined"
    assert (money(scenario, 1), money(scenario, 2)) == ((0,) * 6, (0, 0, 0, 0, 2_500, 15_700))


@pytest.fixture
def forwarded(scenario):
    """The payer has forwarded the claim, and the patient has no other coverage on file."""
    scenario.send()
    pay(scenario, x12_replace(paid_in_part(scenario.number()), status="19"))
    return scenario


def test_a_claim_forwarded_to_nobody_on_file_waits_for_that_payer_and_not_for_the_patient(forwarded, clock):
    action = forwarded.claim()["next_action"]
    assert (action["kind"], action["owner"], action["due_on"], action["rule"]) == (
        "await_next_payer",
        "payer",
        "2026-03-18",
        "forwarded_to_unknown",
    )
    path = f"/v1/claims/{forwarded.claims[0]['id']}"
    refused = forwarded.api.post(f"{path}/bill-patient", {"actor": BILLER})
    assert (refused.status_code, refused.json()["code"]) == (409, "patient_not_due")
    days = []
    for _ in range(2):
        clock.advance(timedelta(days=17))
        forwarded.run()
        action = forwarded.claim()["next_action"]
        days.append((action["kind"], action["due_on"]))
    assert days == [("await_next_payer", "2026-04-03"), ("find_next_payer", "2026-04-05")]
    done = forwarded.api.post(f"{path}/next-action/done", {"kind": "find_next_payer", "actor": BILLER})
    assert (done.status_code, done.json()["next_action"]["kind"]) == (200, "bill_patient")
    billed = forwarded.api.post(f"{path}/bill-patient", {"actor": BILLER})
    assert (billed.status_code, billed.json()["next_action"]["kind"]) == (200, "await_patient_payment")


def test_the_unknown_payers_answer_waits_until_its_coverage_is_on_file(forwarded, neighbours):
    number = forwarded.number()
    answer = pay(forwarded, answered_by_second(number, paid=2_500), trace="EFT0002")
    assert (answer["state"], kind(forwarded, 0)) == ("quarantined", "resolve_payment")
    assert [one["code"] for one in answer["reasons"]] == ["next_payer_unknown"]
    assert money(forwarded, 0) == (11_445, 0, 4_255, 2_500, 0, 0)
    hold(neighbours, FIRST_PLAN, SECOND_PLAN)
    assert bill_next(forwarded).json()["code"] == "no_next_payer"
    made = bill_next(forwarded, coverage_id=SECOND)
    assert (made.status_code, made.json()["state"], made.json()["next_action"]["rule"]) == (
        201,
        "submitted",
        "claim_forwarded",
    )
    assert (forwarded.run().formed, money(forwarded, 1)) == (0, (0, 0, 0, 0, 2_500, 15_700))
    path = f"/v1/claims/{forwarded.claims[0]['id']}/post-waiting-payments"
    posted = forwarded.api.post(path, {"reason": "Its coverage is on file now.", "actor": BILLER})
    assert posted.status_code == 200, posted.text
    forwarded.run()
    assert (money(forwarded, 1), kind(forwarded, 1)) == ((2_500, 0, 0, 0, 0, 15_700), "none")
    assert (money(forwarded, 0), kind(forwarded, 0)) == ((11_445, 0, 4_255, 0, 0, 2_500), "none")
