"""The claim to the payer after: made from what the earlier payer's remittance said, paid to the cent, patient last."""

import pytest

from tests.harness.validators import pyx12_findings, x12sdk_reads
from tests.services.claims.factories import BILLER, COVERAGE, NOTE, a_coverage, a_coverage_bundle, a_payer
from tests.services.claims.fake_clearinghouse import (
    cas,
    claim_payment,
    denied,
    paid_in_part,
    remittance,
    reversal_of,
    service,
    x12_replace,
)

pytestmark = pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)

SECOND = "cov_second01"
FIRST_PLAN = {"coverage": a_coverage(), "payer": a_payer()}
SECOND_PLAN = {
    "coverage": a_coverage(SECOND, rank=2, payer_id="pay_second01", member_id="RAIN123"),
    "payer": a_payer(id="pay_second01", name="Rainier Choice", payer_identifier="RAINC"),
}
THIRD_PLAN = {
    "coverage": a_coverage("cov_third001", rank=3, payer_id="pay_third001", member_id="OLY77"),
    "payer": a_payer(id="pay_third001", name="Olympic Trust", payer_identifier="OLYMP"),
}
LOOPS = ("SBR*P", "CAS", "AMT", "NM1*PR", "REF*F8", "SV1", "SVD", "DTP*573")


@pytest.fixture
def plans(scenario, neighbours):
    """The patient has two plans, and the first has the claim."""
    hold(neighbours, FIRST_PLAN, SECOND_PLAN)
    scenario.send()
    return scenario


def hold(neighbours, *plans):
    for plan in plans:
        others = [one for one in plans if one is not plan]
        coverage_id = plan["coverage"]["id"]
        neighbours.files[coverage_id] = a_coverage_bundle(coverage_id, **plan, other_coverages=others)


def pay(scenario, *payments, **more):
    return scenario.receive(remittance(*payments, **more), "835")


def bill_next(scenario, place=0, **body):
    """The next payer's claim, made by the operation that the next action names."""
    answer = scenario.api.post(f"/v1/claims/{scenario.claims[place]['id']}/bill-secondary", {"actor": BILLER, **body})
    if answer.status_code == 201:
        scenario.claims.append(answer.json())
    return answer


def send(scenario, place):
    assert scenario.api.submit(scenario.claims[place]["id"]).status_code == 202
    assert scenario.run().sent == 1


def money(scenario, place):
    found = scenario.claim(place)["money"]
    names = ("paid", "patient_paid", "written_off", "patient_balance", "insurer_balance", "other_payers")
    split = tuple(found[f"{name}_cents"] for name in names)
    assert sum(split) == found["charge_cents"]
    for line in scenario.claim(place)["lines"]:
        assert sum(line["money"].values()) == (line["charge_cents"] if found["charge_cents"] else 0)
    return split


def kind(scenario, place):
    return scenario.claim(place)["next_action"]["kind"]


def answered_by_second(number, *, paid, left=0, wrote_off=0, status="2"):
    """What the second payer does with the 25.00 of the first line; all else is the first payer's (OA-23)."""
    others = [cas("CO", "45", wrote_off)] if wrote_off else []
    others += [cas("PR", "2", left)] if left else []
    first = service(number, 1, "97124", 13_500, paid, cas("OA", "23", 11_000), *others)
    second = service(number, 2, "97110", 4_700, 0, cas("OA", "23", 4_700))
    return claim_payment(number, first, second, status=status, payer_claim_number="RAIN0001")


def test_the_next_payer_is_told_line_by_line_what_the_first_did_and_pays_the_rest(plans, tmp_path):
    pay(plans, paid_in_part(plans.number()))
    action = plans.claim()["next_action"]
    assert (action["kind"], action["operation"]["path"]) == (
        "bill_secondary",
        f"/v1/claims/{plans.claims[0]['id']}/bill-secondary",
    )
    made = bill_next(plans)
    assert made.status_code == 201, made.text
    second = made.json()
    assert (second["state"], second["payer_name"], second["previous_claim_id"]) == (
        "ready",
        "Rainier Choice",
        plans.claims[0]["id"],
    )
    assert [(one["procedure_code"], one["units"], one["charge_cents"]) for one in second["lines"]] == [
        ("97124", 3, 13_500),
        ("97110", 1, 4_700),
    ]
    assert plans.claim(0)["next_claims"] == [second["id"]]
    assert (money(plans, 0), kind(plans, 0)) == ((11_445, 0, 4_255, 0, 0, 2_500), "none")
    assert (money(plans, 1), kind(plans, 1)) == ((0, 0, 0, 0, 2_500, 15_700), "submit")
    send(plans, 1)
    segments = plans.clearinghouse.taken[-1].replace("\n", "").split("~")
    assert [one for one in segments if one.startswith(LOOPS)] == [
        "NM1*PR*2*RAINIER CHOICE*****PI*RAINC",
        "SBR*P*18*CASC7710******CI",
        "AMT*D*114.45",
        "NM1*PR*2*CASCADE MUTUAL HEALTH*****PI*CASCM",
        "REF*F8*PAYER0001",
        "SV1*HC:97124*135*UN*3***1:2",
        "SVD*CASCM*77.45*HC:97124**3",
        "CAS*CO*45*32.55",
        "CAS*PR*3*25",
        "DTP*573*D8*20260304",
        "AMT*EAF*25",
        "SV1*HC:97110*47*UN*1***1:2",
        "SVD*CASCM*37*HC:97110**1",
        "CAS*CO*45*10",
        "DTP*573*D8*20260304",
    ]
    file = plans.clearinghouse.taken[-1]
    assert (pyx12_findings(file), x12sdk_reads(file.encode(), tmp_path)) == ("", 1)
    pay(plans, answered_by_second(plans.number(1), paid=2_500), trace="EFT0002")
    assert (money(plans, 1), plans.claim(1)["outcome"], kind(plans, 1)) == (
        (2_500, 0, 0, 0, 0, 15_700),
        "paid",
        "none",
    )
    assert (money(plans, 0), kind(plans, 0)) == ((11_445, 0, 4_255, 0, 0, 2_500), "none")


def test_the_patient_owes_what_the_last_payer_leaves_on_the_last_claim(plans):
    pay(plans, paid_in_part(plans.number()))
    bill_next(plans)
    send(plans, 1)
    one = answered_by_second(plans.number(1), paid=1_500, left=1_000)
    pay(plans, one, trace="EFT0002")
    assert (money(plans, 1), kind(plans, 1)) == ((1_500, 0, 0, 1_000, 0, 15_700), "bill_patient")
    pay(plans, reversal_of(one), trace="EFT0003")
    assert (money(plans, 1), plans.claim(1)["outcome"]) == ((0, 0, 0, 0, 2_500, 15_700), "reversed")


def test_a_write_off_that_repeats_the_first_payers_is_not_made_twice(plans):
    """The second payer says OA-23 only of the 77.45 that the first paid, and the contract's 32.55 once more."""
    pay(plans, paid_in_part(plans.number()))
    bill_next(plans)
    send(plans, 1)
    number = plans.number(1)
    first = service(number, 1, "97124", 13_500, 2_500, cas("OA", "23", 7_745), cas("CO", "45", 3_255))
    second = service(number, 2, "97110", 4_700, 0, cas("OA", "23", 3_700), cas("CO", "45", 1_000))
    one = claim_payment(number, first, second, status="2")
    pay(plans, one, trace="EFT0002")
    assert (money(plans, 1), kind(plans, 1)) == ((2_500, 0, 0, 0, 0, 15_700), "none")
    pay(plans, reversal_of(one), trace="EFT0003")
    assert money(plans, 1) == (0, 0, 0, 0, 2_500, 15_700)


def test_a_voided_claim_to_the_next_payer_gives_the_share_back(plans):
    pay(plans, paid_in_part(plans.number()))
    before = money(plans, 0)
    bill_next(plans)
    refused = bill_next(plans)
    assert (refused.status_code, refused.json()["code"]) == (409, "next_payer_billed")
    voided = plans.api.post(f"/v1/claims/{plans.claims[1]['id']}/void")
    assert (voided.status_code, money(plans, 1)) == (200, (0, 0, 0, 0, 0, 0))
    assert (money(plans, 0), kind(plans, 0), plans.claim(0)["next_claims"]) == (before, "bill_secondary", [])
    assert bill_next(plans).status_code == 201
    assert money(plans, 2) == (0, 0, 0, 0, 2_500, 15_700)


def test_a_third_payer_is_told_of_both(scenario, neighbours):
    hold(neighbours, FIRST_PLAN, SECOND_PLAN, THIRD_PLAN)
    scenario.send()
    pay(scenario, paid_in_part(scenario.number()))
    bill_next(scenario)
    send(scenario, 1)
    pay(scenario, answered_by_second(scenario.number(1), paid=1_500, left=1_000), trace="EFT0002")
    assert kind(scenario, 1) == "bill_secondary"
    third = bill_next(scenario, 1)
    assert third.status_code == 201, third.text
    assert [third.json()[name] for name in ("state", "payer_name")] == ["ready", "Olympic Trust"]
    assert (money(scenario, 1), money(scenario, 2)) == ((1_500, 0, 0, 0, 0, 16_700), (0, 0, 0, 0, 1_000, 17_200))
    send(scenario, 2)
    segments = scenario.clearinghouse.taken[-1].replace("\n", "").split("~")
    assert [one for one in segments if one.startswith(("SBR*", "AMT*D", "SVD", "REF*F8"))] == [
        "SBR*T*18*CASC7710******CI",
        "SBR*P*18*CASC7710******CI",
        "AMT*D*114.45",
        "REF*F8*PAYER0001",
        "SBR*S*18*CASC7710******CI",
        "AMT*D*15",
        "REF*F8*RAIN0001",
        "SVD*CASCM*77.45*HC:97124**3",
        "SVD*RAINC*15*HC:97124**3",
        "SVD*CASCM*37*HC:97110**1",
        "SVD*RAINC*0*HC:97110**1",
    ]


@pytest.mark.parametrize("told", ["clp02", "crossover_carrier"])
def test_a_forwarded_claim_waits_for_the_next_payer_whose_answer_comes_under_the_first_number(plans, told):
    one = paid_in_part(plans.number())
    if told == "clp02":
        one = x12_replace(one, status="19")
    else:
        carrier = x12_replace(one.parties[0], entity="TT", kind="2", name="RAINIER CHOICE", first="", id="RAINC")
        one = x12_replace(one, parties=(*one.parties, x12_replace(carrier, id_qualifier="PI")))
    assert pay(plans, one)["state"] == "applied"
    first = plans.claim()
    assert (money(plans, 0), first["next_action"]["kind"]) == ((11_445, 0, 4_255, 0, 0, 2_500), "none")
    refused = bill_next(plans)
    assert (refused.status_code, refused.json()["code"]) == (409, "next_payer_billed")
    plans.claims.append(plans.api.claim(first["next_claims"][0]))
    second = plans.claim(1)
    assert (second["state"], second["payer_name"], second["previous_claim_id"]) == (
        "submitted",
        "Rainier Choice",
        first["id"],
    )
    assert (second["next_action"]["kind"], second["next_action"]["rule"]) == ("await_remittance", "claim_forwarded")
    assert (plans.run().formed, money(plans, 1)) == (0, (0, 0, 0, 0, 2_500, 15_700))
    answer = pay(plans, answered_by_second(plans.number(0), paid=2_500), trace="EFT0002")
    assert (answer["state"], money(plans, 1), kind(plans, 1)) == ("applied", (2_500, 0, 0, 0, 0, 15_700), "none")
    assert money(plans, 0) == (11_445, 0, 4_255, 0, 0, 2_500)


def test_two_plans_with_one_insurer_are_billed_one_after_the_other(scenario, neighbours):
    """Her own plan and her husband's are the same insurer's: the second claim is no duplicate and no second visit."""
    twice = {**SECOND_PLAN, "coverage": a_coverage(SECOND, rank=2, member_id="RAIN123"), "payer": a_payer()}
    hold(neighbours, FIRST_PLAN, twice)
    scenario.send()
    pay(scenario, paid_in_part(scenario.number()))
    made = bill_next(scenario).json()
    assert (made["state"], made["payer_id"], made["coverage_id"]) == ("ready", FIRST_PLAN["payer"]["id"], SECOND)
    stopping = {"duplicate_claim", "units_across_claims", "pair_across_claims", "pool_across_claims", "note_copied"}
    assert not stopping & {one["code"] for one in made["findings"]}
    again = scenario.api.post(f"/v1/claims/{scenario.claims[0]['id']}/refresh", {})
    assert (again.status_code, money(scenario, 1)) == (409, (0, 0, 0, 0, 2_500, 15_700))
    why = {"reason": "A modifier was missing.", "actor": BILLER}
    corrected = scenario.api.post(f"/v1/claims/{scenario.claims[0]['id']}/correct", why)
    assert (corrected.status_code, stopping & {one["code"] for one in corrected.json()["findings"]}) == (200, set())
    assert scenario.api.post(f"/v1/claims/{scenario.claims[0]['id']}/withdraw-correction", why).status_code == 200
    send(scenario, 1)
    pay(scenario, answered_by_second(scenario.number(1), paid=2_500), trace="EFT0002")
    assert (money(scenario, 1), kind(scenario, 1)) == ((2_500, 0, 0, 0, 0, 15_700), "none")


@pytest.mark.parametrize(("name", "status"), [("RAINIER CHOICE", "1"), ("RAINIER CHOICE", "2"), ("RAINIER TPA", "2")])
def test_the_next_payers_answer_that_comes_before_the_forwarding_waits_for_it(plans, name, status):
    """By the payer's name, or by what CLP02 says where the name is nobody's here."""
    number = plans.number()
    second = remittance(answered_by_second(number, paid=2_500, status=status), trace="EFT0002")
    early = plans.receive(second.replace("CASCADE MUTUAL HEALTH", name), "835")
    assert (early["state"], [one["code"] for one in early["reasons"]]) == ("quarantined", ["payment_before_forwarding"])
    assert (money(plans, 0), kind(plans, 0)) == ((0, 0, 0, 0, 18_200, 0), "resolve_payment")
    blind = plans.api.post(
        f"/v1/claims/{plans.claims[0]['id']}/post-waiting-payments", {"reason": "It is ours.", "actor": BILLER}
    )
    assert (blind.status_code, blind.json()["code"]) == (409, "payment_before_forwarding")
    pay(plans, x12_replace(paid_in_part(number), status="19"))
    assert (money(plans, 0), kind(plans, 0)) == ((11_445, 0, 4_255, 0, 0, 2_500), "none")
    plans.claims.append(plans.api.claim(plans.claim()["next_claims"][0]))
    assert (money(plans, 1), kind(plans, 1)) == ((2_500, 0, 0, 0, 0, 15_700), "none")
    assert [one["state"] for one in plans.messages() if one["kind"] == "835"] == ["applied", "applied"]
    told = plans.api.get(f"/v1/claims/{plans.claims[1]['id']}/timeline").json()["items"]
    assert [one["kind"] for one in told] == ["claim_created", "payment_posted"]
    plans.receive(second.replace("CASCADE MUTUAL HEALTH", name), "835")
    assert money(plans, 1) == (2_500, 0, 0, 0, 0, 15_700)


@pytest.mark.parametrize(
    ("payment", "code"),
    [
        pytest.param(None, "claim_not_adjudicated", id="not answered"),
        pytest.param(denied, "nothing_left_for_next_payer", id="denied whole"),
    ],
)
def test_no_claim_to_the_next_payer_is_made_before_the_first_leaves_something(plans, payment, code):
    if payment:
        pay(plans, payment(plans.number()))
    refused = bill_next(plans)
    assert (refused.status_code, refused.json()["code"], len(plans.claims)) == (409, code, 1)


def test_a_coverage_that_does_not_come_after_is_refused_and_one_that_is_not_known_yet_can_be_named(
    scenario, neighbours
):
    scenario.send()
    pay(scenario, paid_in_part(scenario.number()))
    assert bill_next(scenario).json()["code"] == "no_next_payer"
    assert bill_next(scenario, coverage_id=COVERAGE).json()["code"] == "coverage_not_later"
    hold(neighbours, FIRST_PLAN, SECOND_PLAN)
    assert bill_next(scenario, coverage_id=SECOND).status_code == 201
    assert (money(scenario, 0), money(scenario, 1)) == ((11_445, 0, 4_255, 0, 0, 2_500), (0, 0, 0, 0, 2_500, 15_700))


def test_a_claim_whose_first_payer_was_billed_elsewhere_starts_with_what_that_left(scenario, neighbours):
    """Typed from the explanation of benefits, by line and of the whole claim: 25.00 are the second payer's."""
    hold(neighbours, FIRST_PLAN, SECOND_PLAN)
    neighbours.notes["note_0000002"] = neighbours.notes[NOTE] | {
        "id": "note_0000002",
        "started_at": "2026-03-09T07:30:00-07:00",
        "ended_at": "2026-03-09T08:35:00-07:00",
        "date_of_service": "2026-03-09",
    }
    contract = {"group": "CO", "reason_code": "45", "amount_cents": 3_255}
    copay = {"group": "PR", "reason_code": "3", "amount_cents": 2_500}
    lines = [
        {"line_number": 1, "paid_cents": 7_745, "adjustments": [contract, copay]},
        {"line_number": 2, "paid_cents": 3_700, "adjustments": [{**contract, "amount_cents": 1_000}]},
    ]
    whole = {"adjustments": [{**contract, "amount_cents": 4_255}, copay]}
    for note_id, answer in ((NOTE, {"lines": lines}), ("note_0000002", whole)):
        prior = {"payer_id": a_payer()["id"], "paid_cents": 11_445, "remitted_on": "2026-03-01", **answer}
        made = scenario.api.create(note_id, SECOND, prior_payments=[prior])
        assert made.status_code == 201, made.text
        scenario.claims.append(made.json())
    assert [money(scenario, place) for place in (0, 1)] == [(0, 0, 0, 0, 2_500, 15_700)] * 2
    path = f"/v1/claims/{scenario.claims[0]['id']}"
    off = {**prior, "adjustments": [], "lines": [lines[0], {**lines[1], "paid_cents": 3_699}], "paid_cents": 11_444}
    found = scenario.api.post(f"{path}/refresh", {"prior_payments": [off]}).json()["findings"]
    assert [one["pointer"] for one in found if one["code"] == "secondary_not_balanced"] == [
        "/claim/prior_payments/0",
        "/claim/prior_payments/0/lines/1",
    ]
    assert scenario.api.post(f"{path}/void").status_code == 200
    assert money(scenario, 0) == (0, 0, 0, 0, 0, 0)


def test_what_the_patient_paid_at_the_visit_is_hers_on_the_claim_of_the_last_payer(scenario, neighbours):
    """She paid her 25.00 at the visit, and the second payer pays them too: 25.00 are hers again."""
    hold(neighbours, FIRST_PLAN, SECOND_PLAN)
    scenario.claims.append(scenario.api.create(patient_paid_cents=2_500).json())
    assert money(scenario, 0) == (0, 2_500, 0, -2_500, 18_200, 0)
    send(scenario, 0)
    pay(scenario, paid_in_part(scenario.number()))
    assert money(scenario, 0) == (11_445, 2_500, 4_255, 0, 0, 0)
    bill_next(scenario)
    assert (money(scenario, 0), money(scenario, 1)) == (
        (11_445, 0, 4_255, 0, 0, 2_500),
        (0, 2_500, 0, -2_500, 2_500, 15_700),
    )
    send(scenario, 1)
    pay(scenario, answered_by_second(scenario.number(1), paid=2_500), trace="EFT0002")
    assert money(scenario, 1) == (2_500, 2_500, 0, -2_500, 0, 15_700)
