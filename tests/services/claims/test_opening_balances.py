"""What a practice that moves in has open is a claim from then on: followed up, paid, and undone with a reason."""

from datetime import date, timedelta

import pytest

from tests.harness.tokens import OTHER_ORGANIZATION
from tests.services.claims.factories import BILLER, COVERAGE, THERAPIST, a_coverage, a_coverage_bundle, a_payer
from tests.services.claims.fake_clearinghouse import cas, claim_payment, remittance, reversal_of, service

OLD = "AB-1041"
LINE = {"procedure_code": "97124", "units": 4, "charge_cents": 18_000}
UNANSWERED = {
    "reference": "A-1041",
    "claim_number": OLD,
    "coverage_id": COVERAGE,
    "therapist_id": THERAPIST,
    "date_of_service": "2026-02-20",
    "submitted_on": "2026-02-21",
    "as_of": "2026-02-28",
    "lines": [{**LINE, "insurer_cents": 18_000}],
    "source": "Aged receivables of 2026-02-28",
    "actor": BILLER,
}
OWED = {
    "paid_cents": 11_245,
    "written_off_cents": 4_255,
    "patient_paid_cents": 1_000,
    "patient_cents": 1_500,
    "patient_reason_code": "3",
}
ANSWERED = {**UNANSWERED, "remitted_on": "2026-02-25", "payer_claim_number": "OLDPAYER1", "lines": [{**LINE, **OWED}]}
PREPAID = {**UNANSWERED, "lines": [{**LINE, "patient_paid_cents": 1_000, "insurer_cents": 17_000}]}
DENIED = {
    **PREPAID,
    "remitted_on": "2026-02-25",
    "lines": [{**PREPAID["lines"][0], "open_group": "CO", "open_reason_code": "50"}],
}
WHY = {"reason": "It was entered for another patient.", "actor": BILLER}
sqlite = pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)


def enter(scenario, body=UNANSWERED, **changed):
    return scenario.api.post("/v1/opening-balances", {**body, **changed})


def entered(scenario, body=UNANSWERED, **changed):
    made = enter(scenario, body, **changed)
    assert made.status_code == 201, made.text
    scenario.claims.append(made.json())
    return made.json()


def money(claim):
    names = ("paid", "patient_paid", "written_off", "patient_balance", "insurer_balance", "other_payers")
    split = tuple(claim["money"][f"{name}_cents"] for name in names)
    assert sum(split) == claim["money"]["charge_cents"]
    return split[:5]


def action(claim):
    found = claim["next_action"]
    return found["kind"], found["rule"], found["due_on"], (found["operation"] or {}).get("operation_id")


def act(scenario, verb, **body):
    return scenario.api.post(f"/v1/claims/{scenario.claims[-1]['id']}/{verb}", body)


def old_payment(*adjustments, paid_cents, number=OLD, charge_cents=18_000):
    """A payer's answer under the old number; its line has a control number of the system before."""
    return claim_payment(number, service(number, 1, "97124", charge_cents, paid_cents, *adjustments, control="XX-1"))


def test_a_claim_that_no_payer_has_answered_is_followed_up_and_its_remittance_finds_it_by_its_old_number(scenario):
    claim = entered(scenario)
    assert (claim["state"], claim["outcome"], money(claim)) == ("submitted", "none", (0, 0, 0, 0, 18_000))
    assert action(claim) == ("await_remittance", "claim_sent_elsewhere", "2026-03-07", None)
    assert (claim["opening_balance_id"], claim["claim_number"] != OLD) == (claim["note_id"], True)
    listed = scenario.api.get("/v1/worklist?due_by=2026-04-01").json()["items"]
    assert [one["subject_id"] for one in listed] == [claim["id"]]
    assert scenario.run().sent == 0
    payment = old_payment(cas("CO", "45", 4_255), cas("PR", "3", 2_500), paid_cents=11_245)
    scenario.receive(remittance(payment), "835")
    paid = scenario.claim()
    assert (paid["state"], paid["outcome"], money(paid)) == ("adjudicated", "paid", (11_245, 0, 4_255, 2_500, 0))
    assert action(paid)[0] == "bill_patient"
    scenario.receive(remittance(payment, trace="EFT0001", number=2), "835")
    assert money(scenario.claim()) == (11_245, 0, 4_255, 2_500, 0)
    entries = scenario.api.get(f"/v1/claims/{claim['id']}/ledger").json()["items"]
    assert [(one["from_account"], one["to_account"], one["amount_cents"], one["reason"]) for one in entries] == [
        ("charges", "insurer", 18_000, "charge"),
        ("insurer", "paid", 11_245, "payment"),
        ("insurer", "written_off", 4_255, "CO-45"),
        ("insurer", "patient", 2_500, "PR-3"),
    ]


@sqlite
def test_what_the_patient_has_paid_ahead_is_her_credit_until_a_payer_says_what_is_hers(scenario):
    assert money(entered(scenario, PREPAID)) == (0, 1_000, 0, -1_000, 18_000)
    payment = old_payment(cas("CO", "45", 4_255), cas("PR", "3", 2_500), paid_cents=11_245)
    scenario.receive(remittance(payment), "835")
    assert money(scenario.claim()) == (11_245, 1_000, 4_255, 1_500, 0)


def test_what_the_patient_has_paid_of_a_named_share_is_no_credit_though_the_payer_left_the_rest_open(scenario):
    partly = {**DENIED["lines"][0], "patient_reason_code": "3", "patient_cents": 1_500, "insurer_cents": 15_500}
    assert money(entered(scenario, DENIED, lines=[partly])) == (0, 1_000, 0, 1_500, 15_500)


def test_what_a_payer_denied_is_open_whole_and_what_the_patient_paid_ahead_is_her_credit(scenario):
    claim = entered(scenario, DENIED)
    assert (claim["outcome"], money(claim)) == ("denied", (0, 1_000, 0, -1_000, 18_000))
    assert [one["amount_cents"] for one in claim["adjustments"]] == [18_000]


def test_after_a_silence_the_payer_is_asked_under_the_number_that_it_knows(scenario):
    entered(scenario, submitted_on="2026-01-05", date_of_service="2026-01-05", payer_claim_number="ICN77")
    assert action(scenario.claim())[:2] == ("check_claim_status", "payer_silent")
    scenario.run()
    [question] = scenario.clearinghouse.questions
    assert f"REF*EJ*{OLD}~" in question
    assert f"TRN*1*{scenario.number()}~" in question


def test_what_a_payer_has_answered_is_on_its_accounts_and_a_patients_payment_ends_it(scenario):
    claim = entered(scenario, ANSWERED)
    assert (claim["state"], claim["outcome"], claim["payer_claim_number"]) == ("adjudicated", "paid", "OLDPAYER1")
    assert money(claim) == (11_245, 1_000, 4_255, 1_500, 0)
    assert action(claim) == ("bill_patient", "patient_share", "2026-03-07", "bill_patient")
    entries = scenario.api.get(f"/v1/claims/{claim['id']}/ledger").json()["items"]
    assert [(one["from_account"], one["to_account"], one["amount_cents"], one["reason"]) for one in entries] == [
        ("charges", "insurer", 18_000, "charge"),
        ("insurer", "paid", 11_245, "opening_balance"),
        ("insurer", "written_off", 4_255, "opening_balance"),
        ("insurer", "patient", 2_500, "opening_balance"),
        ("patient", "patient_paid", 1_000, "opening_balance"),
    ]
    assert {one["source_id"] for one in entries} == {claim["id"]}
    paid = act(scenario, "patient-payments", amount_cents=1_500, received_on="2026-03-02", method="check", actor=BILLER)
    assert (money(paid.json()), action(paid.json())[0]) == ((11_245, 2_500, 4_255, 0, 0), "none")
    timeline = scenario.api.get(f"/v1/claims/{claim['id']}/timeline").json()["items"]
    assert (timeline[0]["kind"], timeline[0]["summary"]) == (
        "opening_balance_entered",
        "Entered as sent elsewhere on 2026-02-21: $180.00 as of 2026-02-28, by Aged receivables of 2026-02-28.",
    )
    assert [one["type"] for one in scenario.api.events() if one["subject_id"] == claim["id"]] == ["claim.adjudicated"]


@sqlite
def test_what_the_balance_has_is_not_posted_again_and_a_reversal_takes_it_back(scenario):
    entered(scenario, ANSWERED)
    before = old_payment(cas("CO", "45", 4_255), cas("PR", "3", 2_500), paid_cents=11_245)
    message = scenario.receive(remittance(before, paid_on=date(2026, 2, 25)), "835")
    assert [one["code"] for one in message["reasons"]] == ["in_opening_balance"]
    assert action(scenario.claim())[0] == "resolve_payment"
    [waiting] = scenario.api.get("/v1/remittances?state=waiting").json()["items"]
    aside = {"reason": "The balance has it.", "actor": BILLER}
    done = scenario.api.post(f"/v1/remittances/{waiting['id']}/payments/1/set-aside", aside)
    assert done.status_code == 200, done.text
    assert money(scenario.claim()) == (11_245, 1_000, 4_255, 1_500, 0)
    scenario.receive(remittance(reversal_of(before), trace="EFT0002", number=2), "835")
    assert (scenario.claim()["outcome"], money(scenario.claim())) == ("reversed", (0, 1_000, 0, -1_000, 18_000))


@sqlite
@pytest.mark.parametrize(
    ("group", "reason", "wanted", "reaches"),
    [
        ("CO", "197", "review", "contractual_amount"),
        ("CO", "50", "appeal", "contractual_amount"),
        ("CO", "16", "review", "contractual_amount"),
    ],
)
def test_a_denial_is_worked_on_but_not_corrected_from_here(scenario, group, reason, wanted, reaches):
    line = {**LINE, "insurer_cents": 18_000, "open_group": group, "open_reason_code": reason}
    claim = entered(scenario, ANSWERED, lines=[line])
    assert (claim["outcome"], money(claim)) == ("denied", (0, 0, 0, 0, 18_000))
    assert action(claim)[0] == wanted
    assert [(one["group"], one["reason_code"], one["amount_cents"]) for one in claim["adjustments"]] == [
        (group, reason, 18_000)
    ]
    moved = act(scenario, "transfers", amount_cents=1, to_account="patient", reason="She said so.", actor=BILLER)
    assert (moved.status_code, moved.json()["code"]) == (409, reaches)
    for verb in ("correct", "void", "bill-secondary"):
        why = {} if verb == "bill-secondary" else {"reason": "Another diagnosis"}
        refused = act(scenario, verb, actor=BILLER, **why)
        assert (refused.status_code, refused.json()["code"]) == (409, "claim_sent_elsewhere"), refused.text
        assert refused.json()["errors"][0]["fix"]
    off = act(
        scenario, "write-offs", amount_cents=18_000, account="insurer", kind="uncollectible", reason="Old", actor=BILLER
    )
    assert action(off.json())[0] == "none"


@sqlite
def test_what_cannot_be_is_refused_with_every_fault_and_its_place(scenario):
    scenario.make()
    odd = {**LINE, **OWED, "paid_cents": 11_244}
    nameless = {**LINE, "insurer_cents": 18_000}
    faults = {
        ("opening_out_of_balance", "/body/lines/0/charge_cents"): {"lines": [odd]},
        ("answer_undated", "/body/lines/0/paid_cents"): {"remitted_on": None},
        ("patient_reason_missing", "/body/lines/0/patient_reason_code"): {
            "lines": [{**LINE, **OWED, "patient_reason_code": None}]
        },
        ("not_the_patients", "/body/lines/0/patient_reason_code"): {
            "lines": [{**LINE, **OWED, "patient_reason_code": "999"}]
        },
        ("open_reason_missing", "/body/lines/1/open_reason_code"): {"lines": [{**LINE, **OWED}, nameless]},
        ("open_reason_differs", "/body/lines/0/open_reason_code"): {
            "lines": [{**nameless, "open_group": "PR", "open_reason_code": "1"}]
        },
        ("dates_out_of_order", "/body/as_of"): {"as_of": "2026-03-03"},
        ("dates_out_of_order", "/body/submitted_on"): {"submitted_on": "2026-03-01"},
        ("dates_out_of_order", "/body/date_of_service"): {"date_of_service": "2026-02-22"},
        ("dates_out_of_order", "/body/remitted_on"): {"remitted_on": "2026-03-01"},
        ("authorization_unknown", "/body/authorization_id"): {"authorization_id": "auth_0000001"},
        ("visit_is_here", "/body/date_of_service"): {"date_of_service": "2026-01-01"},
    }
    for (code, pointer), changed in faults.items():
        refused = enter(scenario, ANSWERED, **changed)
        assert refused.status_code == 409, refused.text
        assert [(one["code"], one["pointer"]) for one in refused.json()["errors"]] == [(code, pointer)]
        assert refused.json()["errors"][0]["fix"]
    assert scenario.api.get("/v1/opening-balances").json()["items"] == []
    entered(scenario)
    again = enter(scenario)
    assert (again.status_code, again.json()["code"]) == (409, "opening_balance_exists")
    other = enter(scenario, reference="A-1042", date_of_service="2026-02-19")
    assert (other.status_code, other.json()["code"]) == (409, "claim_number_taken")


@sqlite
def test_nothing_of_accepted_workers_compensation_comes_to_the_patient_by_a_balance(scenario, neighbours):
    neighbours.files[COVERAGE] = a_coverage_bundle(payer=a_payer(profile="wa_lni"))
    refused = enter(scenario, ANSWERED)
    assert [(one["code"], one["pointer"]) for one in refused.json()["errors"]] == [
        ("not_the_patients", "/body/lines/0/patient_reason_code")
    ]
    paid = [{**LINE, "paid_cents": 12_745, "written_off_cents": 4_255, "patient_paid_cents": 1_000}]
    refused = enter(scenario, ANSWERED, lines=paid)
    assert [(one["code"], one["pointer"]) for one in refused.json()["errors"]] == [
        ("not_the_patients", "/body/lines/0/patient_paid_cents")
    ]


def test_a_balance_is_withdrawn_with_a_reason_and_may_be_entered_again(scenario):
    claim = entered(scenario, ANSWERED)
    path = f"/v1/opening-balances/{claim['opening_balance_id']}/withdraw"
    paid = act(
        scenario, "patient-payments", amount_cents=500, received_on="2026-03-02", method="cash", actor=BILLER
    ).json()
    refused = scenario.api.post(path, WHY)
    assert (refused.status_code, refused.json()["code"]) == (409, "money_followed")
    [entry] = scenario.api.get(f"/v1/claims/{claim['id']}/ledger").json()["items"][-1:]
    assert act(scenario, "reversals", source_id=entry["source_id"], **WHY).status_code == 201
    assert paid["version"] < scenario.claim()["version"]
    undone = scenario.api.post(path, WHY)
    assert (undone.status_code, undone.json()["state"], money(undone.json())) == (200, "voided", (0, 0, 0, 0, 0))
    assert (undone.json()["money"]["charge_cents"], action(undone.json())[0]) == (0, "none")
    assert scenario.api.post(path, WHY).json()["code"] == "opening_balance_withdrawn"
    assert scenario.api.post("/v1/opening-balances/opb_none/withdraw", WHY).status_code == 404
    unknown = scenario.receive(remittance(old_payment(paid_cents=18_000)), "835")
    assert [one["code"] for one in unknown["reasons"]] == ["claim_unknown"]
    second = entered(scenario, ANSWERED)
    assert second["id"] != claim["id"]
    listed = scenario.api.get("/v1/opening-balances").json()["items"]
    assert [(one["claim_id"], one["withdrawn_at"] is None) for one in listed] == [
        (claim["id"], False),
        (second["id"], True),
    ]
    assert {one["reference"]: one["source"] for one in listed} == {"A-1041": "Aged receivables of 2026-02-28"}


@sqlite
def test_the_patient_comes_after_a_later_payer_also_of_a_claim_that_was_sent_elsewhere(scenario, neighbours):
    """What she owed as of the move is after every payer; what a remittance leaves later is not."""
    bundle = a_coverage_bundle()
    bundle["other_coverages"] = [
        {"coverage": a_coverage("cov_00000002", rank=2, payer_id="pay_second"), "payer": a_payer(id="pay_second")}
    ]
    neighbours.files[COVERAGE] = bundle
    assert action(entered(scenario, ANSWERED))[0] == "bill_patient"
    entered(scenario, reference="A-1043", claim_number="AB-1043", date_of_service="2026-02-19")
    payment = old_payment(cas("PR", "3", 2_500), paid_cents=15_500, number="AB-1043")
    scenario.receive(remittance(payment), "835")
    assert action(scenario.claim(1))[:2] == ("review", "next_payer_elsewhere")
    assert act(scenario, "bill-patient", actor=BILLER).json()["code"] == "patient_not_due"
    scenario.clock.advance(timedelta(days=40))
    scenario.run()
    assert action(scenario.claim(1))[:2] == ("review", "next_payer_elsewhere")


@sqlite
def test_no_other_practices_claim_is_taken_by_naming_its_number(scenario):
    """A number that another system gave routes nothing: what names it goes by the provider that it names."""
    scenario.api.set_up(organization_id=OTHER_ORGANIZATION)
    taken = scenario.api.post("/v1/opening-balances", UNANSWERED, organization_id=OTHER_ORGANIZATION)
    assert taken.status_code == 201, taken.text
    entered(scenario)
    scenario.receive(remittance(old_payment(paid_cents=18_000)), "835")
    assert money(scenario.claim()) == (18_000, 0, 0, 0, 0)
    theirs = scenario.api.claim(taken.json()["id"], organization_id=OTHER_ORGANIZATION)
    assert money(theirs) == (0, 0, 0, 0, 18_000)
