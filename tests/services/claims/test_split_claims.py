"""One visit billed by several claims: each line on one of them, each with its own number, its own file segment and its
own money, and the visit counted once.

Every visit is 97124 for three units (135.00) and 97110 for one (47.00).
"""

import pytest

from tests.harness.validators import pyx12_findings, x12sdk_reads
from tests.services.claims.factories import BILLER, COVERAGE, NOTE
from tests.services.claims.fake_clearinghouse import cas, claim_payment, remittance, reversal_of, service
from tests.services.claims.test_authorization_ledger import EACH, REQUIRED, Desk, account_of, found, one
from tests.services.claims.test_next_payers import FIRST_PLAN, SECOND, SECOND_PLAN, hold

pytestmark = pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)

ONE_NUMBER = REQUIRED | {"authorization_on_lines": "never"}


def lines(claim):
    keys = ("number", "procedure_code", "units", "minutes", "charge_cents", "authorization_number")
    return [tuple(line[key] for key in keys) for line in claim["lines"]]


def codes(claim):
    return [finding["code"] for finding in claim["findings"]]


def claims_of(office):
    return office.get("/v1/claims").json()["items"]


def sent(scenario, start):
    segments = scenario.clearinghouse.taken[-1].replace("\n", "").split("~")
    return [one for one in segments if one.startswith(start)]


@pytest.mark.parametrize("payer", [ONE_NUMBER, REQUIRED | {"claim_route": "paper"}])
def test_a_claim_that_carries_one_number_is_split_by_authorizations(office, neighbours, payer):
    desk = Desk(office, neighbours, *EACH, notes=1, payer=payer)
    neighbours.files[COVERAGE] = desk.bundle
    checked = office.post("/v1/claims/check", {"note_id": desk.notes[0], "coverage_id": COVERAGE}).json()
    assert [(f["code"], f["severity"]) for f in checked["findings"] if "split" in f["code"]] == [
        ("authorizations_split", "info")
    ]
    first = desk.bill(0, patient_paid_cents=2_000)
    (second_id,) = first["split_claims"]
    second = office.claim(second_id)
    assert lines(first) == [(1, "97124", 3, 45, 13_500, "MASSAGE")]
    assert lines(second) == [(1, "97110", 1, 15, 4_700, "EXERCISE")]
    assert [(one["state"], found(one), one["split_claims"]) for one in (first, second)] == [
        ("ready", [], [second_id]),
        ("ready", [], [first["id"]]),
    ]
    # Neither is a copy, a duplicate or another visit of the other.
    assert not {"duplicate_claim", "note_copied", "pool_across_claims"} & {*codes(first), *codes(second)}
    assert [one["money"]["charge_cents"] for one in (first, second)] == [13_500, 4_700]
    assert [one["money"]["patient_paid_cents"] for one in (first, second)] == [2_000, 0]
    assert first["units"]["sentence"].endswith(" Another claim of the visit bills 1 unit of 97110.")
    assert [account_of(office, f"auth_{name}")["units_used"] for name in ("MASSAGE", "EXERCISE")] == [3, 1]
    again = office.create(desk.notes[0])
    assert (again.status_code, again.json()["code"]) == (409, "claim_exists")


def test_each_of_the_claims_goes_out_with_its_own_number_and_an_835_posts_on_its_own(
    office, neighbours, scenario, tmp_path
):
    desk = Desk(office, neighbours, *EACH, notes=1, payer=ONE_NUMBER)
    first = desk.bill(0)
    scenario.claims += [first, office.claim(first["split_claims"][0])]
    for claim in scenario.claims:
        assert office.submit(claim["id"]).status_code == 202
    assert scenario.run().sent == 1
    assert sent(scenario, ("CLM", "REF*G1", "SV1", "REF*6R")) == [
        f"CLM*{scenario.number(0)}*135***11:B:1*Y*A*Y*Y",
        "REF*G1*MASSAGE",
        "SV1*HC:97124*135*UN*3***1:2",
        f"REF*6R*{scenario.number(0)}01",
        f"CLM*{scenario.number(1)}*47***11:B:1*Y*A*Y*Y",
        "REF*G1*EXERCISE",
        "SV1*HC:97110*47*UN*1***1:2",
        f"REF*6R*{scenario.number(1)}01",
    ]
    file = scenario.clearinghouse.taken[-1]
    assert (pyx12_findings(file), x12sdk_reads(file.encode(), tmp_path)) == ("", 1)
    number = scenario.number(1)
    paid = claim_payment(number, service(number, 1, "97110", 4_700, 4_000, cas("CO", "45", 700)))
    assert scenario.receive(remittance(paid), "835")["state"] == "applied"
    assert (scenario.money(0), scenario.money(1)) == ((0, 0, 0, 13_500), (4_000, 700, 0, 0))


def test_a_line_over_two_authorizations_is_two_lines_or_two_claims(office, neighbours, scenario):
    """Two units are left of each, and the visit has four: one of 97124 and that of 97110 are under the first."""
    two = (one("FIRST", units=2, effective_to="2026-06-30"), one("NEXT", units=2))
    desk = Desk(office, neighbours, *two, notes=2, payer=REQUIRED)
    claim = desk.bill(0)
    assert (claim["state"], lines(claim)) == (
        "ready",
        [
            (1, "97124", 1, 15, 4_500, "FIRST"),
            (2, "97124", 2, 30, 9_000, "NEXT"),
            (3, "97110", 1, 15, 4_700, "FIRST"),
        ],
    )
    assert office.submit(claim["id"]).status_code == 202
    scenario.run()
    assert sent(scenario, ("REF*G1", "SV1")) == [
        "REF*G1*FIRST",
        "SV1*HC:97124*45*UN*1***1:2",
        "SV1*HC:97124*90*UN*2***1:2",
        "REF*G1*NEXT",
        "SV1*HC:97110*47*UN*1***1:2",
    ]
    assert [account_of(office, f"auth_{name}")["units_left"] for name in ("FIRST", "NEXT")] == [0, 0]
    assert found(desk.bill(1)) == [
        ("authorization_units_used", "/claim/lines/0/units"),
        ("authorization_units_used", "/claim/lines/1/units"),
    ]


def test_a_line_over_two_authorizations_of_a_payer_that_reads_one_number_is_on_two_claims(office, neighbours):
    two = (one("FIRST", units=2, effective_to="2026-06-30"), one("NEXT", units=2))
    desk = Desk(office, neighbours, *two, notes=1, payer=ONE_NUMBER)
    first = desk.bill(0)
    second = office.claim(first["split_claims"][0])
    assert lines(first) == [(1, "97124", 1, 15, 4_500, "FIRST"), (2, "97110", 1, 15, 4_700, "FIRST")]
    assert lines(second) == [(1, "97124", 2, 30, 9_000, "NEXT")]
    assert [one["state"] for one in (first, second)] == ["ready", "ready"]
    for claim, bills in ((first, lines(first)), (second, lines(second))):
        refreshed = desk.refresh(claim)
        assert (lines(refreshed), refreshed["state"], len(claims_of(office))) == (bills, "ready", 2)


def test_a_claim_is_split_when_it_is_built_again_and_gets_back_what_a_voided_one_billed(office, neighbours):
    desk = Desk(office, neighbours, one("ALL"), notes=1, payer=ONE_NUMBER)
    first = desk.bill(0)
    assert (first["split_claims"], len(first["lines"])) == ([], 2)
    desk.bundle["authorizations"] = list(EACH)
    first = desk.refresh(first)
    assert lines(first) == [(1, "97124", 3, 45, 13_500, "MASSAGE")]
    (second_id,) = first["split_claims"]
    assert lines(office.claim(second_id)) == [(1, "97110", 1, 15, 4_700, "EXERCISE")]
    assert sum(one["money"]["charge_cents"] for one in claims_of(office)) == 18_200
    desk.void({"id": second_id})
    desk.bundle["authorizations"] = [one("ALL")]
    whole = desk.refresh(first)
    assert lines(whole) == [(1, "97124", 3, 45, 13_500, "ALL"), (2, "97110", 1, 15, 4_700, "ALL")]
    assert (whole["split_claims"], whole["money"]["charge_cents"]) == ([], 18_200)


def test_what_is_left_of_a_split_visit_is_billed_when_the_first_claim_is_voided(office, neighbours):
    desk = Desk(office, neighbours, *EACH, notes=1, payer=ONE_NUMBER)
    first = desk.bill(0)
    (second_id,) = first["split_claims"]
    desk.void(first)
    anew = desk.bill(0)
    assert lines(anew) == [(1, "97124", 3, 45, 13_500, "MASSAGE")]
    assert (anew["split_claims"], office.claim(second_id)["split_claims"]) == ([second_id], [anew["id"]])


def answer(scenario, place, left=500, **more):
    """The payer pays all of a claim's lines but so many cents of each, which are the patient's."""
    found = scenario.claim(place)
    rows = [
        service(
            found["claim_number"],
            line["number"],
            line["procedure_code"],
            line["charge_cents"],
            line["charge_cents"] - left,
            cas("PR", "2", left),
        )
        for line in found["lines"]
    ]
    return scenario.receive(remittance(claim_payment(found["claim_number"], *rows), **more), "835")


def send(scenario, *claims):
    scenario.claims += claims
    for claim in claims:
        assert scenario.api.submit(claim["id"]).status_code == 202
    scenario.run()


def act(scenario, claim_id, verb, **body):
    why = {"reason": "The payer has said so.", "actor": BILLER} | body
    return scenario.api.post(f"/v1/claims/{claim_id}/{verb}", why)


def test_each_of_the_claims_has_its_own_next_payer_and_the_lines_stay_where_they_are(office, neighbours, scenario):
    two = (one("FIRST", units=2, effective_to="2026-06-30"), one("NEXT", units=2))
    desk = Desk(office, neighbours, *two, notes=1, payer=ONE_NUMBER)
    hold(neighbours, FIRST_PLAN, SECOND_PLAN)
    second_plan = neighbours.files[SECOND]
    desk.bundle["other_coverages"] = [SECOND_PLAN]
    first = desk.bill(0)
    ids = sorted([first["id"], *first["split_claims"]])
    send(scenario, *map(office.claim, ids))
    assert scenario.claims[0]["created_at"] != scenario.claims[1]["created_at"]
    answer(scenario, 0)
    answer(scenario, 1, trace="EFT0002")
    neighbours.files[SECOND] = second_plan
    for claim_id in ids:
        made = office.post(f"/v1/claims/{claim_id}/bill-secondary", {"actor": BILLER})
        assert made.status_code == 201, made.text
        following = made.json()
        before = office.claim(claim_id)
        assert (following["previous_claim_id"], before["next_claims"]) == (claim_id, [following["id"]])
        assert [row[1:5] for row in lines(following)] == [row[1:5] for row in lines(before)]
        share = 500 * len(before["lines"])
        assert (before["money"]["other_payers_cents"], following["money"]["insurer_balance_cents"]) == (share, share)
    neighbours.files[COVERAGE] = desk.bundle
    corrected = act(scenario, first["id"], "correct").json()
    assert [row[:5] for row in lines(corrected)] == [row[:5] for row in lines(first)]


def test_a_corrected_claim_keeps_its_divided_lines_and_their_numbers(office, neighbours, scenario):
    two = (one("FIRST", units=2, effective_to="2026-06-30"), one("NEXT", units=2))
    desk = Desk(office, neighbours, *two, notes=1, payer=REQUIRED)
    claim = desk.bill(0)
    send(scenario, claim)
    answer(scenario, 0)
    neighbours.files[COVERAGE] = desk.bundle
    corrected = act(scenario, claim["id"], "correct").json()
    assert (lines(corrected), corrected["frequency"], found(corrected)) == (lines(claim), "7", [])


def test_a_second_payers_claim_is_not_split_and_says_so(office, neighbours):
    desk = Desk(office, neighbours, *EACH, notes=1, payer=ONE_NUMBER)
    prior = {"payer_id": "pay_other001", "paid_cents": 0, "remitted_on": "2026-03-01"}
    claim = desk.bill(0, prior_payments=[prior])
    assert (claim["state"], claim["split_claims"]) == ("blocked", [])
    assert found(claim) == [("authorizations_split", "/claim/authorization_number")]


def test_a_payment_of_a_voided_claim_whose_lines_are_billed_again_waits(office, neighbours, scenario):
    desk = Desk(office, neighbours, *EACH, notes=1, payer=ONE_NUMBER)
    first = desk.bill(0)
    send(scenario, office.claim(first["split_claims"][0]))
    paid = claim_payment(scenario.number(), service(scenario.number(), 1, "97110", 4_700, 4_700))
    scenario.receive(remittance(paid), "835")
    assert act(scenario, scenario.claims[0]["id"], "void").status_code == 200
    scenario.run()
    scenario.receive(remittance(reversal_of(paid), trace="EFT0002"), "835")
    assert scenario.claim()["state"] == "voided"
    desk.bundle["authorizations"] = [one("ALL")]
    assert len(desk.refresh(first)["lines"]) == 2
    assert scenario.receive(remittance(paid, trace="EFT0003"), "835")["state"] == "quarantined"
    assert scenario.claim()["money"]["paid_cents"] == 0


APART = {"units_on_lines": "apart"}


def test_a_payer_that_wants_each_unit_on_a_line_gets_it_and_its_835_posts_to_the_right_one(
    office, neighbours, scenario, tmp_path
):
    desk = Desk(office, neighbours, notes=1, payer=APART)
    claim = desk.bill(0)
    assert lines(claim) == [
        (1, "97124", 1, 15, 4_500, None),
        (2, "97124", 1, 15, 4_500, None),
        (3, "97124", 1, 15, 4_500, None),
        (4, "97110", 1, 15, 4_700, None),
    ]
    assert (claim["state"], claim["money"]["charge_cents"]) == ("ready", 18_200)
    send(scenario, claim)
    number = scenario.number()
    rows = sent(scenario, ("LX", "SV1", "REF*6R"))
    assert rows == [
        "LX*1",
        "SV1*HC:97124*45*UN*1***1:2",
        f"REF*6R*{number}01",
        "LX*2",
        "SV1*HC:97124*45*UN*1***1:2",
        f"REF*6R*{number}02",
        "LX*3",
        "SV1*HC:97124*45*UN*1***1:2",
        f"REF*6R*{number}03",
        "LX*4",
        "SV1*HC:97110*47*UN*1***1:2",
        f"REF*6R*{number}04",
    ]
    file = scenario.clearinghouse.taken[-1]
    assert (pyx12_findings(file), x12sdk_reads(file.encode(), tmp_path)) == ("", 1)
    # Out of order, and of three lines that are alike the third is denied.
    services = [
        service(number, 3, "97124", 4_500, 0, cas("CO", "50", 4_500)),
        service(number, 1, "97124", 4_500, 4_500),
        service(number, 4, "97110", 4_700, 4_000, cas("PR", "2", 700)),
        service(number, 2, "97124", 4_500, 4_100, cas("CO", "45", 400)),
    ]
    scenario.receive(remittance(claim_payment(number, *services)), "835")
    money = [line["money"] for line in scenario.claim()["lines"]]
    names = ("paid_cents", "written_off_cents", "patient_cents", "insurer_balance_cents")
    assert [tuple(one[name] for name in names) for one in money] == [
        (4_500, 0, 0, 0),
        (4_100, 400, 0, 0),
        (0, 0, 0, 4_500),
        (4_000, 0, 700, 0),
    ]
    neighbours.files[COVERAGE] = desk.bundle
    corrected = act(scenario, claim["id"], "correct", only_denied_lines=True).json()
    assert lines(corrected) == lines(claim)
    assert office.submit(claim["id"]).status_code == 202
    scenario.run()
    assert sent(scenario, ("LX", "SV1", "REF*6R")) == [
        "LX*1",
        "SV1*HC:97124*45*UN*1***1:2",
        f"REF*6R*{scenario.number()}03",
    ]


def test_the_rules_count_the_units_of_the_visit_and_say_it_once(office, neighbours):
    """97140 with 97124 on one day, and more units of a procedure than are likely."""
    desk = Desk(office, neighbours, notes=1, payer=APART)
    techniques = [{"procedure_code": "97124", "region": "neck", "minutes": 75}]
    techniques += [{"procedure_code": "97140", "region": "neck", "minutes": 30}]
    ended = {"ended_at": "2026-01-01T09:45:00-08:00"}
    neighbours.notes[desk.notes[0]] |= {"techniques": techniques, **ended}
    apart = desk.bill(0)
    assert len(apart["lines"]) == 7
    desk.void(apart)
    desk.bundle["payer"]["units_on_lines"] = None
    together = desk.bill(0)
    assert len(together["lines"]) == 2

    def said(claim):
        keys = ("code", "severity", "message", "fix")
        return [tuple(one[key] for key in keys) for one in claim["findings"]]

    assert said(apart) == said(together)
    assert {"units_unlikely", "pair_never_together"} <= {*codes(apart)}


def test_a_correction_is_not_split_and_says_so(office, neighbours, scenario):
    desk = Desk(office, neighbours, one("ALL"), notes=1, payer=ONE_NUMBER)
    scenario.claims.append(desk.bill(0))
    office.submit(scenario.claims[0]["id"])
    scenario.run()
    number = scenario.number()
    rows = [service(number, 1, "97124", 13_500, 13_500), service(number, 2, "97110", 4_700, 4_700)]
    scenario.receive(remittance(claim_payment(number, *rows)), "835")
    neighbours.files[COVERAGE] = desk.bundle | {"authorizations": list(EACH)}
    body = {"reason": "The payer has other numbers.", "actor": BILLER}
    corrected = office.post(f"/v1/claims/{scenario.claims[0]['id']}/correct", body).json()
    assert (corrected["state"], corrected["split_claims"]) == ("blocked", [])
    assert found(corrected) == [("authorizations_split", "/claim/authorization_number")]
    assert NOTE in {one["note_id"] for one in claims_of(office)}
