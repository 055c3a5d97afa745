"""Every scenario of a remittance comes as its sentence says: whole X12 that balances, but for the broken ones."""

import pytest

from services.clearinghouse.domain.messages.remittance_forms import GARBAGE
from shared import x12
from tests.services.clearinghouse.x12_files import NADIA, as_member, claim, claims_file, service_line

pytestmark = pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)


@pytest.fixture
def come(simulator):
    """The texts of the 835s that a claim of two lines gets."""

    def texts(name, days=21):
        lines = (service_line(), service_line("97110", 1, 2))
        simulator.send(claims_file(as_member(claim(NADIA, "K7Q2M9", *lines), f"SIM_{name.upper()}_{NADIA.member_id}")))
        simulator.advance(days=days)
        return [one["content"] for one in simulator.messages() if one["kind"] == "835"]

    return texts


def read(text):
    """(BPR02, claim payments, provider adjustments as (reason, cents)) of a whole 835."""
    file = x12.read_all(text.encode())
    assert file.ok, [one.code for one in file.findings]
    [transaction] = file.transactions
    payments = [one for one in transaction.records if isinstance(one, x12.ClaimPayment)]
    items = [item for one in transaction.records if isinstance(one, x12.ProviderAdjustment) for item in one.items]
    return transaction.header.payment_cents, payments, [(one.reason, one.amount_cents) for one in items]


def usual(come, name):
    """The one 835 of a scenario that has one, and what its claim was paid."""
    [text] = come(name)
    total, [payment], items = read(text)
    assert total == payment.paid_cents - sum(cents for _reason, cents in items)
    return payment, items


def test_scenario_forwarded_835__says_so_in_its_status(come):
    payment, items = usual(come, "forwarded_835")
    assert (payment.status, items) == ("19", [])


def test_scenario_sequestration__withholds_two_percent_of_each_line(come):
    payment, _items = usual(come, "sequestration")
    held = [
        (one.amount_cents, service.paid_cents)
        for service in payment.services
        for one in service.adjustments
        if one.reason == "253"
    ]
    assert len(held) == 2
    assert all(cut == (2 * (cut + paid) + 50) // 100 for cut, paid in held)


def test_scenario_interest__is_on_the_claim_and_beside_it(come):
    payment, items = usual(come, "interest")
    assert ([(one.qualifier, one.amount_cents) for one in payment.amounts], items) == ([("I", 12)], [("L6", -12)])


def test_scenario_take_back_wo__takes_ten_dollars(come):
    assert usual(come, "take_back_wo")[1] == [("WO", 1_000)]


def test_scenario_take_back_72__takes_ten_dollars(come):
    assert usual(come, "take_back_72")[1] == [("72", 1_000)]


def test_scenario_settlement_cs__takes_five_dollars(come):
    assert usual(come, "settlement_cs")[1] == [("CS", 500)]


def test_scenario_nonclaim_j1__pays_five_dollars(come):
    assert usual(come, "nonclaim_j1")[1] == [("J1", -500)]


def test_scenario_six_triplets__fills_one_cas(come):
    [text] = come("six_triplets")
    total, [payment], _items = read(text)
    [full] = [one for one in text.split("~") if one.startswith("CAS*CO*") and one.count("*") == 18]
    assert full.split("*")[2::3] == ["45", "59", "104", "105", "144", "253"]
    assert [one.amount_cents for one in payment.services[0].adjustments if one.group == "CO"][1:] == [2] * 5
    assert (
        total
        == payment.paid_cents
        == payment.charge_cents - sum(one.amount_cents for service in payment.services for one in service.adjustments)
    )


def test_scenario_other_tax_id__names_its_payee_by_it_alone(come):
    [text] = come("other_tax_id")
    assert read(text)[1][0].claim_number == "K7Q2M9"
    [payee] = [one for one in text.split("~") if one.startswith("N1*PE")]
    assert payee.split("*")[3:] == ["FI", "913000041"]
    assert "REF*TJ" not in text


def test_scenario_ten_thousand_claims__pays_as_many_that_nobody_has_sent(come):
    [text] = come("ten_thousand_claims")
    numbers = [one.split("*")[1] for one in text.split("~") if one.startswith("CLP*")]
    assert (len(numbers), numbers[0], numbers[1], numbers[-1]) == (10_001, "K7Q2M9", "NOTOURS00001", "NOTOURS10000")
    assert (len(text) < 5_000_000, text.count("~") < 100_000) == (True, True)
    total, payments, items = read(text)
    assert (total, items) == (sum(one.paid_cents for one in payments), [])


def test_scenario_unknown_claim__names_nobodys_number(come):
    payment, _items = usual(come, "unknown_claim")
    assert payment.claim_number == "NOTOURS00001"


def test_scenario_late_835__comes_45_days_later(come, simulator):
    assert come("late_835") == []
    simulator.advance(days=45)
    assert len(simulator.records("835")) == 1


def test_scenario_two_files__has_a_line_in_each(come):
    found = [read(text) for text in come("two_files")]
    assert [(payment.claim_number, len(payment.services)) for _total, [payment], _items in found] == [("K7Q2M9", 1)] * 2
    assert all(total == payment.paid_cents > 0 for total, [payment], _items in found)


def test_scenario_negative_835__takes_all_back_and_carries_it_forward(come):
    (paid, [payment], _none), (total, [reversal], items) = (read(text) for text in come("negative_835"))
    assert (total, reversal.status, reversal.paid_cents) == (0, "22", -paid)
    assert (reversal.charge_cents, items) == (-payment.charge_cents, [("FB", -paid)])


def test_scenario_out_of_order__has_the_correction_first_and_the_payment_last(come):
    found = [read(text) for text in come("out_of_order")]
    paid = [payment.paid_cents for _total, [payment], _items in found]
    assert [payment.status for _total, [payment], _items in found] == ["1", "22", "1"]
    assert paid == [paid[2] - 100, -paid[2], paid[2]]


def test_scenario_same_835_twice__is_byte_for_byte_the_same(come):
    first, second = come("same_835_twice")
    assert first == second


def test_scenario_reissued_835__has_new_control_numbers_alone(come):
    first, second = come("reissued_835")
    assert first != second
    assert read(first) == read(second)


def test_scenario_half_written_835__ends_in_the_middle_of_a_line(come):
    [text] = come("half_written_835")
    assert "SE*" not in text.split("ST*835")[1]
    assert text.split("~")[-1].startswith("SVC*")


def test_scenario_garbage_835__is_no_x12(come):
    assert come("garbage_835") == [GARBAGE]
