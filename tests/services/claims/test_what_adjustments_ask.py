"""Whatever a payer's adjustment asks for is reached by an 835 and left by the operation that it names, over HTTP.

Every row of the decisions is one claim of one practice, denied in one 835 for that group and reason.
"""

from datetime import date, timedelta

import pytest
from msgspec.structs import replace

from services.claims.domain.adjustment_decisions import GROUPS, REASONS, REMARKS
from shared import x12
from tests.services.claims.factories import BILLER, COVERAGE, a_coverage_bundle, a_payer
from tests.services.claims.fake_clearinghouse import accepted, cas, claim_payment, denied, remittance, service

pytestmark = pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
TODAY = date(2026, 3, 2)
WHY = "What the payer named was mended."
MONTH = timedelta(days=31)
ALL_CENTS = 18_200
OTHER = "cov_other001"
NEXT = {
    "correct_claim": ("correct_claim", "submit", "submit"),
    "fix_and_resubmit": ("correct_claim", "submit", "submit"),
    "appeal": ("open_appeal", "send_appeal", "send_appeal"),
    "appeal_if_proof": ("open_appeal", "send_appeal", "send_appeal"),
    "send_records": ("complete_next_action", "await_answer", "check_claim_status"),
    "request_reopening": ("complete_next_action", "await_answer", "check_claim_status"),
    "find_original_claim": ("complete_next_action", "await_answer", "review"),
    "bill_other_payer": ("move_lines", "none", "none"),
    "review": ("complete_next_action", "await_answer", "review"),
    "verify_eligibility": ("complete_next_action", "correct_claim", "correct_claim"),
    "check_credentialing": ("complete_next_action", "correct_claim", "correct_claim"),
    "bill_patient": ("bill_patient", "await_patient_payment", "bill_patient"),
}
"""By what is asked for: the operation that it names, what follows, and what is asked for after a silent month."""
ASKED = [
    (group, row.reasons[0], "", decision.next_action if not row.needs_notice else "review")
    for row in REASONS
    for group, decision in row.by_group.items()
    if decision.next_action != "none"
]
UNLISTED = [(group, "66", "", "review") for group in GROUPS if group not in ("PI", "CR")] + [("PI", "66", "", "appeal")]
REMARKED = [("CO", "16", one.remark, one.next_action) for one in REMARKS if one.next_action]
CASES = [*ASKED, *UNLISTED, *REMARKED, ("PI", "50", "", "appeal")]


def denied_for(number, group, reason, remark):
    """Nothing paid, each line adjusted for this; the remark stands in the MOA, as payers send it."""
    moa = (x12.Segment(id="MOA", elements=("", "", "M76", remark)),) if remark else ()
    lines = ((1, "97124", 13_500), (2, "97110", 4_700))
    services = (service(number, place, code, cents, 0, cas(group, reason, cents)) for place, code, cents in lines)
    return replace(claim_payment(number, *services), others=moa)


def action(scenario, place=0):
    return scenario.claim(place)["next_action"]


def do(scenario, place=0):
    """What the next action names, with what it knows and what it says that a person adds."""
    operation = action(scenario, place)["operation"]
    added = {"reason": WHY, "actor": BILLER, "coverage_id": OTHER}
    body = operation["body"] | {member: added[member] for member in operation["needs"]}
    answer = scenario.api.post(operation["path"], body)
    assert answer.status_code in (200, 201), (operation, answer.text)
    return operation["operation_id"], action(scenario, place)["kind"]


def test_each_adjustment_is_worked_on_by_the_operation_that_it_names_and_then_asks_for_something_else(
    scenario, neighbours, clock
):
    scenario.send(len(CASES))
    neighbours.files[OTHER] = a_coverage_bundle(OTHER)
    payments = [denied_for(scenario.number(place), *case[:3]) for place, case in enumerate(CASES)]
    scenario.receive(remittance(*payments, paid_on=TODAY), "835")
    places = range(len(CASES))
    kinds = [action(scenario, place)["kind"] for place in places]
    assert list(zip(CASES, kinds, strict=True)) == [(case, case[3]) for case in CASES]
    done = [do(scenario, place) for place in places]
    clock.advance(MONTH)
    scenario.run()
    found = [(*one, action(scenario, place)["kind"]) for one, place in zip(done, places, strict=True)]
    assert list(zip(CASES, found, strict=True)) == [(case, NEXT[case[3]]) for case in CASES]
    assert all(action(scenario, place)["operation"] for place in places if found[place][-1] != "none")


def test_late_filing_stays_with_the_insurer_until_a_person_appeals_with_the_proof_or_writes_it_off(scenario):
    scenario.send(2)
    scenario.receive(accepted(scenario.number(), on=TODAY))
    scenario.receive(remittance(*(denied(scenario.number(place), "29") for place in (0, 1)), paid_on=TODAY), "835")
    assert [scenario.money(place) for place in (0, 1)] == [(0, 0, 0, ALL_CENTS)] * 2
    reasons = [action(scenario, place)["reason"] for place in (0, 1)]
    assert [reason.partition("2026-08-29. ")[2] for reason in reasons] == [
        "The payer accepted it on 2026-03-02 (277CA): appeal with that if it was in time, "
        "or write it off (`write_off`, kind `late_filing`).",
        "No 277CA by which the payer accepted it is known: appeal if you have another proof, "
        "or write it off (`write_off`, kind `late_filing`).",
    ]
    assert do(scenario) == ("open_appeal", "send_appeal")
    lost = {"amount_cents": ALL_CENTS, "account": "insurer", "kind": "late_filing", "reason": WHY, "actor": BILLER}
    written = scenario.api.post(f"/v1/claims/{scenario.claims[1]['id']}/write-offs", lost)
    assert (written.status_code, written.json()["next_action"]["kind"]) == (201, "none"), written.text
    assert scenario.money(1) == (0, ALL_CENTS, 0, 0)


def by_medicare(scenario, reason, remark="", *, whole=False):
    """A claim that Medicare, which corrects by reopening alone, has denied."""
    payer = a_payer(profile="medicare", massage_therapists="pays", modifiers=[], authorization="none")
    scenario.neighbours.files[COVERAGE] = a_coverage_bundle(payer=payer)
    scenario.send()
    payment = denied_for(scenario.number(), "CO", reason, remark)
    if whole:
        days = (x12.DatePeriod(qualifier="232", start=TODAY),)
        payment = replace(payment, services=(), adjustments=(cas("CO", reason, ALL_CENTS),), dates=days)
    scenario.receive(remittance(payment, paid_on=TODAY), "835")


@pytest.mark.parametrize(("reason", "first"), [("16", "request_reopening"), ("27", "verify_eligibility")])
def test_a_payer_that_takes_no_correction_is_asked_to_reopen_what_it_decided(scenario, clock, reason, first):
    by_medicare(scenario, reason)
    assert action(scenario)["kind"] == first
    if first != "request_reopening":
        assert do(scenario) == ("complete_next_action", "request_reopening")
    assert do(scenario) == ("complete_next_action", "await_answer")
    clock.advance(MONTH)
    scenario.run()
    assert action(scenario)["kind"] == "check_claim_status"


@pytest.mark.parametrize("whole", [False, True], ids=["by line", "as a whole"])
def test_a_claim_that_such_a_payer_could_not_process_is_sent_as_new(scenario, whole):
    by_medicare(scenario, "16", "MA130", whole=whole)
    assert action(scenario)["kind"] == "fix_and_resubmit"
    assert do(scenario) == ("correct_claim", "submit")
    assert (scenario.claim()["frequency"], scenario.claim()["refers_to"]) == ("1", None)


def test_a_claim_of_which_a_line_was_paid_was_processed_whatever_its_remarks_say(scenario):
    scenario.send()
    number = scenario.number()
    paid = service(number, 1, "97124", 13_500, 10_000, cas("CO", "45", 3_500))
    payment = claim_payment(number, paid, service(number, 2, "97110", 4_700, 0, cas("CO", "16", 4_700)))
    moa = x12.Segment(id="MOA", elements=("", "", "MA130"))
    scenario.receive(remittance(replace(payment, others=(moa,)), paid_on=TODAY), "835")
    assert action(scenario)["kind"] == "fix_and_resubmit"
    assert do(scenario) == ("correct_claim", "submit")
    assert (scenario.claim()["frequency"], scenario.claim()["refers_to"]) == ("7", "PAYER0001")
