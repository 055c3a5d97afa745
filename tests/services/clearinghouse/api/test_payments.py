"""From claims to 835s on the days they are due, with the cents that plans, fees and history make."""

from datetime import date

import msgspec
import pytest

from shared import x12
from tests.services.clearinghouse.x12_files import (
    ANTON,
    CURTIS,
    GRACE,
    LUCINDA,
    NADIA,
    ROSALIND,
    TOBIAS,
    as_member,
    claim,
    claims_file,
    on,
    service_line,
)


def _cents(paid):
    return {f"{item.group}-{item.reason}": item.amount_cents for line in paid.services for item in line.adjustments} | {
        "paid": paid.paid_cents
    }


def _payments(simulator):
    return [message for message in simulator.messages() if message["kind"] == "835"]


def _header(message):
    return x12.read_all(message["content"].encode()).transactions[0].header


def test_a_claim_is_acknowledged_by_its_payer_and_paid_on_the_days_of_its_file(simulator):
    simulator.send(claims_file(claim()))
    simulator.advance(to="2026-05-05T05:59:59-07:00")
    assert simulator.kinds() == ["TA1", "999", "277CA"]
    simulator.advance(to="2026-05-05T06:00:00-07:00")
    assert simulator.kinds() == ["TA1", "999", "277CA", "277CA"]
    simulator.advance(to="2026-05-14T05:59:59-07:00")
    assert len(simulator.messages()) == 4
    simulator.advance(seconds=1)
    last = simulator.messages()[-1]
    assert (last["kind"], last["created_at"]) == ("835", "2026-05-14T13:00:00Z")


def test_a_copay_plan_pays_the_fee_less_the_copay_and_the_835_adds_up(simulator):
    """4 x 34.15 = 136.60; 180.00 - 136.60 = 43.40; 136.60 - 25.00 = 111.60."""
    simulator.send(claims_file(claim()))
    simulator.advance(days=21)
    paid = simulator.records("835")[0]
    assert _cents(paid) == {"CO-45": 4340, "PR-3": 2500, "paid": 11160}
    assert (paid.status, paid.patient_responsibility_cents, paid.charge_cents) == ("1", 2500, 18000)
    assert (paid.services[0].control_number, paid.services[0].quantity) == ("L1", 4)
    header = _header(_payments(simulator)[0])
    assert (header.payment_cents, header.method, header.payee.id) == (11160, "ACH", "1234567893")


def test_one_payer_payee_and_day_is_one_835_of_all_its_claims(simulator):
    simulator.send(claims_file(claim(), claim(ANTON, "K2"), claim(GRACE, "K3")))
    simulator.send(claims_file(claim(TOBIAS, "K4"), number=2))
    simulator.advance(days=21)
    claims = [
        [record.claim_number for record in x12.read_all(message["content"].encode()).transactions[0].records]
        for message in _payments(simulator)
    ]
    assert claims == [["K7Q2M9", "K2", "K4"], ["K3"]]


def test_a_deductible_is_used_up_in_order_of_the_dates_of_service(simulator):
    """100.00 of the deductible are open; 4 x 32.05 = 128.20; the earlier visit comes second in the file."""
    later = claim(GRACE, "K2", on(date(2026, 4, 28)))
    earlier = claim(GRACE, "K1", on(date(2026, 4, 21)))
    simulator.send(claims_file(later, earlier))
    simulator.advance(days=21)
    first, second = simulator.records("835")
    assert (first.claim_number, _cents(first)) == ("K1", {"CO-45": 5180, "PR-1": 10000, "PR-2": 564, "paid": 2256})
    assert (second.claim_number, _cents(second)) == ("K2", {"CO-45": 5180, "PR-2": 2564, "paid": 10256})


def test_comp_pays_the_fee_and_the_worker_owes_nothing(simulator):
    simulator.send(claims_file(claim(ROSALIND)))
    simulator.advance(days=21)
    paid = simulator.records("835")[0]
    assert (_cents(paid), paid.patient_responsibility_cents) == ({"CO-45": 5492, "paid": 12508}, None)
    assert {party.entity: party.name for party in paid.parties} == {
        "QC": "FIGUEROA",
        "IL": "HARBORLINE COLD STORAGE",
        "82": "OKAFOR",
    }


def test_va_reduces_all_units_but_one_and_wants_its_authorization(simulator):
    authorized = (x12.Reference(qualifier="G1", value="VA0026114903"),)
    simulator.send(claims_file(claim(CURTIS, "K1", references=authorized), claim(CURTIS, "K2", on(date(2026, 4, 21)))))
    simulator.advance(days=21)
    first, second = simulator.records("835")
    assert _cents(first) == {"CO-45": 5812, "CO-59": 2133, "paid": 10055}
    assert _cents(second) == {"CO-197": 18000, "paid": 0}


def test_nothing_to_pay_is_a_payment_by_no_method(simulator):
    simulator.send(claims_file(claim(LUCINDA)))
    simulator.advance(days=21)
    header = _header(_payments(simulator)[0])
    assert (header.payment_cents, header.method) == (0, "NON")
    assert _cents(simulator.records("835")[0]) == {"CO-27": 18000, "paid": 0}


def test_a_remark_says_which_code_is_not_covered(simulator):
    lines = (service_line(units=3), service_line("97010", 1, 2))
    simulator.send(claims_file(claim(NADIA, "K1", *lines)))
    simulator.advance(days=21)
    denied = simulator.records("835")[0].services[1]
    assert [remark.code for remark in denied.remarks] == ["N130"]


def test_a_replacement_takes_back_its_original_and_is_paid_anew(simulator):
    simulator.send(claims_file(claim()))
    simulator.advance(days=21)
    number = simulator.records("835")[0].payer_claim_number
    corrected = claim(
        NADIA, "K2", service_line(units=3), frequency="7", references=(x12.Reference(qualifier="F8", value=number),)
    )
    simulator.send(claims_file(corrected, number=2))
    simulator.advance(days=21)
    reversal, paid = simulator.records("835")[1:]
    assert (reversal.claim_number, reversal.status, reversal.paid_cents) == ("K7Q2M9", "22", -11160)
    assert (paid.claim_number, _cents(paid)) == ("K2", {"CO-45": 3255, "PR-3": 2500, "paid": 7745})
    """3 x 34.15 = 102.45 - 25.00 = 77.45; 77.45 - 111.60 = -34.15 is carried on."""
    header = _header(_payments(simulator)[1])
    assert (header.payment_cents, header.method) == (0, "NON")
    last = simulator.everything("835")[-1]
    assert [(item.reason, item.amount_cents) for item in last.items] == [("FB", -3415)]


def test_what_a_void_leaves_owing_is_taken_from_the_next_payment(simulator):
    simulator.send(claims_file(claim()))
    simulator.advance(days=21)
    number = simulator.records("835")[0].payer_claim_number
    void = claim(NADIA, "K2", frequency="8", references=(x12.Reference(qualifier="F8", value=number),))
    simulator.send(claims_file(void, number=2))
    simulator.advance(days=21)
    simulator.send(claims_file(claim(TOBIAS, "K3"), claim(NADIA, "K4", on(date(2026, 4, 30))), number=3))
    simulator.advance(days=21)
    headers = [_header(message) for message in _payments(simulator)]
    assert [header.payment_cents for header in headers] == [11160, 0, 11160]
    adjustments = [record for record in simulator.everything("835") if isinstance(record, x12.ProviderAdjustment)]
    assert [[item.amount_cents for item in record.items] for record in adjustments] == [[-11160], [11160]]


def test_a_correction_of_a_claim_that_nobody_knows_is_turned_back_by_the_payer(simulator):
    wrong = claim(frequency="7", references=(x12.Reference(qualifier="F8", value="CASCM000000099"),))
    simulator.send(claims_file(wrong))
    simulator.advance(days=21)
    code = simulator.records("277CA")[1].statuses[0].codes[0]
    assert (code.category, code.code) == ("A7", "464")
    assert simulator.records("835") == []


def test_two_voids_of_one_claim_take_it_back_once(simulator):
    simulator.send(claims_file(claim()))
    simulator.advance(days=21)
    reference = (x12.Reference(qualifier="F8", value=simulator.records("835")[0].payer_claim_number),)
    voids = [claim(NADIA, number, frequency="8", references=reference) for number in ("K2", "K3")]
    simulator.send(claims_file(*voids, number=2))
    simulator.advance(days=21)
    reversal, refused = simulator.records("835")[1:3]
    assert (reversal.status, reversal.paid_cents) == ("22", -11160)
    assert (refused.claim_number, _cents(refused)) == ("K3", {"OA-18": 18000, "paid": 0})


def test_a_second_payer_pays_what_the_first_left_open(simulator):
    """Anton's first payer: allowed 136.60, 20 % = 27.32 open. Rainier's own benefit is more, but it wants its
    authorization, so the open rest stays denied."""
    first = x12.OtherPayer(
        responsibility="P",
        relationship="18",
        filing_indicator="CI",
        amounts=(x12.MonetaryAmount(qualifier="D", amount_cents=10928),),
        adjustments=(x12.ClaimAdjustment(group="CO", reason="45", amount_cents=4340),),
        subscriber=x12.Party(
            entity="IL", kind="1", name="ZIELINSKI", first="ANTON", id_qualifier="MI", id=ANTON.member_id
        ),
        payer=x12.Party(entity="PR", kind="2", name="CASCADE MUTUAL HEALTH", id_qualifier="PI", id="CASCM"),
    )
    base = claim(ANTON, "K9")
    second_payer = msgspec.structs.replace(
        as_member(base, "RCH90233418").subscriber,
        responsibility="S",
        payer=x12.Party(entity="PR", kind="2", name="RAINIER CHOICE HEALTH", id_qualifier="PI", id="RAINC"),
    )
    simulator.send(claims_file(msgspec.structs.replace(base, subscriber=second_payer, other_payers=(first,))))
    simulator.advance(days=21)
    paid = simulator.records("835")[0]
    assert (paid.status, _cents(paid)) == ("2", {"CO-197": 18000, "paid": 0})


@pytest.mark.parametrize("steps", [[21], [1] * 21, [3, 7, 11]])
def test_one_step_or_many_make_the_same_messages(simulator, steps):
    simulator.send(claims_file(claim(), claim(GRACE, "K3"), claim(ROSALIND, "K4")))
    for days in steps:
        simulator.advance(days=days)
    kinds = [(message["kind"], message["created_at"][:10]) for message in simulator.messages()]
    assert kinds == [
        ("TA1", "2026-05-04"),
        ("999", "2026-05-04"),
        ("277CA", "2026-05-04"),
        ("277CA", "2026-05-05"),
        ("277CA", "2026-05-05"),
        ("277CA", "2026-05-06"),
        ("835", "2026-05-14"),
        ("835", "2026-05-18"),
        ("835", "2026-05-20"),
    ]
