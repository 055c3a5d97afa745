"""Corrected, replaced, voided: what goes out, what the payer's answers do, and how a move that is not legal says so."""

from datetime import UTC, date, datetime

import pytest

from shared import x12
from shared.database.operations import AuditEntry
from tests.services.claims.factories import COVERAGE, a_coverage_bundle, a_payer
from tests.services.claims.fake_clearinghouse import (
    accepted,
    cas,
    claim_payment,
    denied,
    paid_in_part,
    rejected,
    remittance,
    reversal_of,
    service,
)

pytestmark = pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
WHY = "The modifier was missing."
LATER = date(2026, 3, 20)


def act(scenario, verb, status=200, **body):
    claim_id = scenario.claims[0]["id"]
    answer = scenario.api.post(f"/v1/claims/{claim_id}/{verb}", body)
    assert answer.status_code == status, answer.text
    return answer.json()


def correct(scenario, **body):
    return act(scenario, "correct", reason=WHY, **body)


def sent_again(scenario):
    """Submit what is ready; the claim of the newest file."""
    act(scenario, "submit", 202)
    return last_sent(scenario)


def last_sent(scenario):
    assert scenario.run().sent == 1
    content = scenario.clearinghouse.taken[-1]
    read = x12.read_all(content.encode(), strict=True)
    assert read.ok, read.findings
    [claim] = read.transactions[0].records
    return claim


def chain(scenario):
    items = scenario.api.get(f"/v1/claims/{scenario.claims[0]['id']}/submissions").json()["items"]
    return [
        (one["place"], one["present"], one["frequency"], one["refers_to"], one["state"], one["paid_cents"])
        for one in items
    ]


def denied_first(scenario, payment=denied):
    scenario.send()
    first = scenario.number()
    scenario.receive(remittance(payment(first)), "835")
    return first


def paid_lines(scenario):
    return [(one["number"], one["procedure_code"], one["money"]["paid_cents"]) for one in scenario.claim()["lines"]]


def test_a_denied_claim_is_replaced_with_the_payers_number_and_paid(scenario):
    first = denied_first(scenario)
    fresh = correct(scenario, modifiers={"97124": ["XS"]})
    assert (fresh["state"], fresh["frequency"], fresh["refers_to"]) == ("ready", "7", "PAYER0001")
    assert fresh["sent_as"] == "The payer has decided it or accepted it: it is replaced as a whole (frequency 7)."
    assert fresh["claim_number"] != first
    sent = sent_again(scenario)
    assert (sent.frequency, sent.reference("F8"), sent.charge_cents) == ("7", "PAYER0001", 18_200)
    assert [line.procedure.modifiers for line in sent.lines] == [("XS",), ()]
    second = scenario.number()
    scenario.receive(accepted(second))
    paid = claim_payment(
        second,
        service(second, 1, "97124", 13_500, 10_000, cas("CO", "45", 3_500)),
        service(second, 2, "97110", 4_700, 4_700),
        payer_claim_number="PAYER0002",
    )
    scenario.receive(remittance(reversal_of(denied(first)), paid, trace="EFT0002", paid_on=LATER), "835")
    assert scenario.money() == (14_700, 3_500, 0, 0)
    claim = scenario.claim()
    assert (claim["state"], claim["outcome"], claim["payer_claim_number"]) == ("adjudicated", "paid", "PAYER0002")
    assert claim["next_action"]["kind"] == "none"
    assert chain(scenario) == [
        (1, False, "1", None, "adjudicated", 0),
        (2, True, "7", "PAYER0001", "adjudicated", 14_700),
    ]
    whole = scenario.api.get(f"/v1/claims/{claim['id']}/submissions").json()["items"]
    assert [one["reversed"] for one in whole] == [True, False]
    assert [one["claim_number"] for one in whole] == [first, second]
    assert [one["lines"][0]["modifiers"] for one in whole] == [[], ["XS"]]
    assert [(one["reason"], one["payer_claim_number"]) for one in whole] == [(None, "PAYER0001"), (WHY, "PAYER0002")]
    assert all(one["file_id"] and one["submitted_at"] for one in whole)


def test_a_technique_taken_off_leaves_the_other_lines_their_numbers(scenario):
    """The first line leaves the claim; what was paid on it stays there until the payer takes it back."""
    first = denied_first(scenario, paid_in_part)
    fresh = correct(scenario, left_off=["97124"])
    assert [(one["number"], one["procedure_code"]) for one in fresh["lines"]] == [(2, "97110")]
    assert scenario.money() == (11_445, 4_255, 2_500, -13_500)
    sent = sent_again(scenario)
    second = scenario.number()
    assert [(line.number, line.control_number) for line in sent.lines] == [(1, f"{second}02")]
    paid = claim_payment(second, service(second, 2, "97110", 4_700, 4_000, cas("CO", "45", 700)))
    scenario.receive(remittance(paid, trace="EFT0002", paid_on=LATER), "835")
    assert scenario.claim()["next_action"]["kind"] == "review"
    scenario.receive(remittance(reversal_of(paid_in_part(first)), trace="EFT0003", paid_on=LATER), "835")
    assert scenario.money() == (4_000, 700, 0, 0)
    assert paid_lines(scenario) == [(2, "97110", 4_000)]
    note = scenario.api.get(f"/v1/claims/{scenario.claims[0]['id']}/timeline").json()["items"]
    [corrected] = [one for one in note if one["kind"] == "claim_corrected"]
    assert corrected["summary"].endswith(f"Reason: {WHY}")


def test_denied_lines_go_alone_as_new_and_the_paid_line_keeps_its_money(scenario):
    def half(number):
        return claim_payment(
            number,
            service(number, 1, "97124", 13_500, 11_000, cas("CO", "45", 2_500)),
            service(number, 2, "97110", 4_700, 0, cas("CO", "4", 4_700)),
        )

    denied_first(scenario, half)
    fresh = correct(scenario, only_denied_lines=True, modifiers={"97110": ["59"]})
    assert (fresh["frequency"], fresh["refers_to"], len(fresh["lines"])) == ("1", None, 2)
    sent = sent_again(scenario)
    assert (sent.frequency, sent.charge_cents, sent.reference("F8")) == ("1", 4_700, "")
    assert [(line.number, line.procedure.code) for line in sent.lines] == [(1, "97110")]
    second = scenario.number()
    paid = claim_payment(second, service(second, 2, "97110", 4_700, 4_000, cas("CO", "45", 700)))
    scenario.receive(remittance(paid, trace="EFT0002", paid_on=LATER), "835")
    assert scenario.money() == (15_000, 3_200, 0, 0)
    assert (scenario.claim()["outcome"], scenario.claim()["next_action"]["kind"]) == ("paid", "none")
    refused = act(scenario, "void", 409, reason="Billed by mistake.")
    assert refused["code"] == "two_decisions_stand"


def test_an_unprocessable_claim_goes_out_as_new(scenario):
    def unprocessable(number):
        one = service(number, 1, "97124", 13_500, 0, cas("CO", "16", 13_500))
        two = service(number, 2, "97110", 4_700, 0, cas("CO", "16", 4_700))
        remark = (x12.Remark(qualifier="HE", code="MA130"),)
        return claim_payment(number, *(x12_with(each, remarks=remark) for each in (one, two)))

    denied_first(scenario, unprocessable)
    assert scenario.claim()["next_action"]["kind"] == "fix_and_resubmit"
    assert act(scenario, "correct", 409, reason=WHY, send_as="replacement")["code"] == "nothing_to_replace"
    fresh = correct(scenario)
    assert (fresh["frequency"], fresh["refers_to"]) == ("1", None)
    assert "MA130" in fresh["sent_as"]
    assert sent_again(scenario).reference("F8") == ""


def x12_with(record, **changed):
    from msgspec.structs import replace

    return replace(record, **changed)


def test_a_void_waits_at_the_payer_until_its_reversal_takes_the_money_back(scenario):
    first = denied_first(scenario, paid_in_part)
    waiting = act(scenario, "void", reason="It was another patient's visit.")
    assert (waiting["state"], waiting["frequency"], waiting["refers_to"]) == ("submitted", "8", "PAYER0001")
    assert waiting["next_action"]["kind"] == "send"
    sent = last_sent(scenario)
    assert (sent.frequency, sent.reference("F8"), sent.charge_cents) == ("8", "PAYER0001", 18_200)
    scenario.receive(accepted(scenario.number()))
    assert (scenario.claim()["state"], scenario.claim()["next_action"]["kind"]) == ("accepted", "await_remittance")
    assert act(scenario, "correct", 409, reason=WHY)["code"] == "void_under_way"
    assert act(scenario, "void", 409, payer_confirmed=True)["code"] == "reversal_awaited"
    assert scenario.money() == (11_445, 4_255, 2_500, 0)
    scenario.receive(remittance(reversal_of(paid_in_part(first)), trace="EFT0002", paid_on=LATER), "835")
    claim = scenario.claim()
    assert (claim["state"], claim["state_by"], claim["next_action"]["kind"]) == ("voided", None, "none")
    assert scenario.money() == (0, 0, 0, 0)
    assert chain(scenario) == [
        (1, False, "1", None, "adjudicated", 0),
        (2, True, "8", "PAYER0001", "voided", 0),
    ]
    assert act(scenario, "void", 409)["code"] == "claim_voided"
    again = scenario.api.create(claim["note_id"])
    assert again.status_code == 201
    late = scenario.receive(remittance(paid_in_part(first), trace="EFT0009", paid_on=LATER), "835")
    assert (late["state"], [one["code"] for one in late["reasons"]]) == ("quarantined", ["claim_not_submitted"])


def test_a_payment_after_a_voids_reversal_stands_again(scenario):
    first = denied_first(scenario, paid_in_part)
    act(scenario, "void")
    last_sent(scenario)
    scenario.receive(remittance(reversal_of(paid_in_part(first)), trace="EFT0002", paid_on=LATER), "835")
    scenario.receive(remittance(denied(first), trace="EFT0003", paid_on=LATER), "835")
    assert (scenario.claim()["state"], scenario.money()) == ("adjudicated", (0, 0, 0, 18_200))


def test_a_void_of_an_undecided_claim_ends_when_the_payer_says_so(scenario):
    scenario.send()
    scenario.receive(accepted(scenario.number()))
    assert act(scenario, "void", 409)["code"] == "payer_claim_number_missing"
    scenario.receive(accepted(scenario.number(), payer_claim_number="ACK1"))
    assert act(scenario, "void", 409, payer_confirmed=True)["code"] == "no_void_waits"
    assert act(scenario, "void")["refers_to"] == "ACK1"
    assert last_sent(scenario).reference("F8") == "ACK1"
    done = act(scenario, "void", payer_confirmed=True, reason="Call 4711 with Ann at the payer.")
    assert (done["state"], done["state_by"], set(done["money"].values())) == ("voided", None, {0})


def test_a_replacement_without_the_payers_number_is_blocked_until_somebody_gives_it(scenario):
    scenario.send()
    scenario.receive(accepted(scenario.number()))
    fresh = correct(scenario)
    assert (fresh["state"], fresh["next_action"]["rule"]) == ("blocked", "replacement_without_payer_number")
    assert [one["pointer"] for one in fresh["findings"] if one["severity"] == "block"] == ["/claim/payer_claim_number"]
    mended = act(scenario, "refresh", payer_claim_number="PORTAL77")
    assert (mended["state"], mended["frequency"], mended["refers_to"]) == ("ready", "7", "PORTAL77")
    assert sent_again(scenario).reference("F8") == "PORTAL77"


def test_a_correction_after_the_payers_limit_is_blocked_by_that_limit_alone(scenario, clock, neighbours):
    denied_first(scenario)
    # The payer's limit is 365 days from its decision of 2026-03-04.
    neighbours.files[COVERAGE] = a_coverage_bundle(payer=a_payer(profile="va_community_care"))
    clock.advance(datetime(2027, 3, 6, 17, tzinfo=UTC) - clock.now())
    fresh = correct(scenario)
    late = [one for one in fresh["findings"] if one["code"] == "corrected_claim_too_late"]
    assert [one["message"] for one in late] == ["The limit for corrected claims was 2027-03-04, 2 days ago."]
    assert "filing_too_late" not in [one["code"] for one in fresh["findings"]]


def test_a_correction_is_withdrawn_and_the_claim_is_as_the_payer_has_it(scenario):
    denied_first(scenario, paid_in_part)
    before = scenario.claim()
    correct(scenario, left_off=["97124"])
    after = act(scenario, "withdraw-correction", reason="The note is right.")
    changed = {name for name in after if after[name] != before[name]}
    assert changed == {"version"}
    assert act(scenario, "withdraw-correction", 409, reason="Once more.")["code"] == "nothing_to_withdraw"
    assert correct(scenario)["frequency"] == "7"
    assert [one[0] for one in chain(scenario)] == [1, 3]


def test_a_rejected_replacement_is_sent_again_as_one_or_withdrawn(scenario):
    first = denied_first(scenario)
    correct(scenario)
    sent_again(scenario)
    scenario.receive(rejected(scenario.number(), code="535"))
    assert scenario.claim()["next_action"]["kind"] == "fix_and_resubmit"
    again = act(scenario, "refresh")
    assert (again["frequency"], again["refers_to"], again["state"]) == ("7", "PAYER0001", "ready")
    assert act(scenario, "void")["frequency"] == "8"
    assert last_sent(scenario).reference("F8") == "PAYER0001"
    scenario.receive(rejected(scenario.number(), code="535"))
    back = act(scenario, "withdraw-correction", reason="The payer takes no void.")
    assert (back["claim_number"], back["state"], back["outcome"]) == (first, "adjudicated", "denied")


def test_an_accepted_claim_is_replaced_by_the_number_of_the_277ca(scenario):
    scenario.send()
    first = scenario.number()
    scenario.receive(accepted(first, payer_claim_number="ACK1"))
    assert correct(scenario)["refers_to"] == "ACK1"
    sent_again(scenario)
    # The payer decides the first submission all the same, and it is posted under the lines it had.
    scenario.receive(remittance(paid_in_part(first)), "835")
    assert (scenario.claim()["state"], scenario.money()) == ("submitted", (11_445, 4_255, 2_500, 0))
    assert [one[4] for one in chain(scenario)] == ["adjudicated", "submitted"]


def test_pointers_of_the_biller_go_out_and_the_reason_is_in_trail_and_timeline(scenario):
    scenario.make()
    claim = scenario.claim()
    [other] = claim["diagnoses"][1:2] or claim["diagnoses"][:1]
    pointers = {"97110": [other]}
    assert act(scenario, "refresh", 422, pointers=pointers)["errors"][0]["pointer"] == "/body"
    unknown = act(scenario, "refresh", 422, pointers={"97110": ["S13.4XXA"]}, reason=WHY)
    assert unknown["errors"][0]["code"] == "diagnosis_not_on_note"
    fresh = act(scenario, "refresh", pointers=pointers, reason=WHY)
    wanted = [claim["diagnoses"].index(other) + 1]
    assert [one["diagnosis_pointers"] for one in fresh["lines"] if one["procedure_code"] == "97110"] == [wanted]
    assert [line.pointers for line in sent_again(scenario).lines if line.procedure.code == "97110"] == [tuple(wanted)]
    entries = [row for row in scenario.rows(AuditEntry) if row.action == "refresh_claim"]
    assert {row.reason for row in entries if row.reason} == {WHY}
    items = scenario.api.get(f"/v1/claims/{claim['id']}/timeline").json()["items"]
    assert any(one["summary"].endswith(f"Reason: {WHY}") for one in items)
