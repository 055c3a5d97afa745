"""Checks that need more than one segment changed: what is right passes, one mistake gives one finding."""

from datetime import timedelta

import pytest
from msgspec.structs import replace

from shared import x12
from tests.shared.x12 import examples


def found(data):
    return [(one.code, one.segment, one.element) for one in x12.check(data, strict=True).findings]


@pytest.mark.parametrize("way", ["AA", "EL", "BM"])
def test_a_document_that_is_sent_apart_has_a_number(way):
    apart = [] if way == "AA" else [("paperwork_number", "PWK", 6)]
    claim = examples.claim(attachments=(x12.Paperwork(report="OZ", transmission=way),))
    assert found(examples.write_837p(claim)) == apart
    numbered = examples.claim(attachments=(x12.Paperwork(report="OZ", transmission=way, control_number="D1"),))
    assert found(examples.write_837p(numbered)) == []


@pytest.mark.parametrize("old", [b"SVD*60054*80", b"SVD*60054*50", b"SVD*60054*80*HC", b"AMT*D*130"])
def test_one_mistake_in_what_another_payer_paid_gives_one_finding(old):
    digits = old.replace(b"80", b"81").replace(b"*50", b"*51").replace(b"*130", b"*131")
    assert len(found(examples.write_837p().replace(old, digits, 1))) == 1


@pytest.mark.parametrize("whose", ["subscriber", "patient"])
def test_nobody_is_born_after_the_day_of_service(whose):
    of_child = examples.claim(subscriber=examples.subscriber(relationship=""), patient=examples.patient())
    claim = examples.claim() if whose == "subscriber" else of_child
    level = getattr(claim, whose)

    def born(day):
        party = replace(level.party, birth_date=day)
        return replace(claim, **{whose: replace(level, party=party)})

    day_after = examples.DOS + timedelta(days=1)
    assert found(examples.write_837p(born(day_after))) == [("birth_after_service", "CLM", 0)]
    assert found(examples.write_837p(born(examples.DOS))) == []
    undated = examples.write_837p(born(examples.TODAY + timedelta(days=1))).replace(b"DTP*472*D8*20260224~", b"")
    assert ("birth_after_service", "CLM", 0) in found(undated)


def test_a_payment_by_transfer_names_banks_and_accounts():
    bank = x12.BankAccount(bank_qualifier="01", bank="125000024", account_qualifier="DA", account="1001")
    for sender, receiver, expected in ((bank, bank, []), (None, bank, [6]), (bank, None, [12])):
        header = examples.remittance(
            8000, method="ACH", format="CCP", sender=sender, receiver=receiver, originating_company="1512345678"
        )
        one = x12.Transaction(type="835", control_number="0001", header=header, records=(examples.payment(),))
        assert found(x12.write(examples.envelope(), [one])) == [("bank_account", "BPR", number) for number in expected]


def test_a_reversal_has_a_charge_below_zero():
    assert found(examples.write_835(examples.payment(), examples.reversal(), cents=0)) == []
    assert found(examples.write_835(examples.payment(status="22"))) == [("reversal_amount", "CLP", 3)]


def test_a_payment_has_a_date_of_service_on_the_claim_or_its_lines():
    undated = examples.write_835(examples.payment()).replace(b"DTM*472*20260224~", b"").replace(b"SE*29", b"SE*27")
    codes = [one for one in found(undated) if one[0] != "se_count"]
    assert codes == [("service_date_missing", "CLP", 0)]
    dated = examples.write_835(examples.payment(dates=(examples.day("232"),))).replace(b"DTM*472*20260224~", b"")
    assert [one for one in found(dated) if one[0] != "se_count"] == []
    foreseen = undated.replace(b"K7Q2M9*1*", b"K7Q2M9*25*")
    assert [one for one in found(foreseen) if one[0] != "se_count"] == []


def test_a_statement_period_does_not_end_before_it_begins():
    one, other = examples.day("232", examples.TODAY), examples.day("233", examples.DOS)
    assert found(examples.write_835(examples.payment(dates=(one, other)))) == [("period_order", "DTM", 2)]
    one, other = examples.day("232", examples.DOS), examples.day("233", examples.TODAY)
    assert found(examples.write_835(examples.payment(dates=(one, other)))) == []


def test_a_group_with_a_rejected_transaction_is_not_accepted():
    rejected = examples.write_999(examples.write_837p().replace(b"HI*ABK", b"HI*XXX"))
    assert found(rejected) == []
    assert found(rejected.replace(b"AK9*R", b"AK9*A")) == [("acknowledgement_result", "AK9", 1)]


def test_a_claim_status_of_an_acknowledgement_has_its_charge():
    data = examples.write_277ca()
    assert found(data.replace(b"WQ*200~", b"WQ~", 1))[0] == ("element_missing", "STC", 4)


def test_an_address_abroad_needs_no_state():
    abroad = examples.write_837p().replace(b"SEATTLE*WA*981010000", b"BERLIN**10115*DE", 1)
    assert found(abroad) == []
