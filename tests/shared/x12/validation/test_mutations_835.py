"""Every mistake made on purpose in an 835 is found, at its place, to the cent."""

# Records and mistakes are laid out as tables, made to be read across.
# ruff: noqa: E501

import pytest

from shared import x12
from tests.shared.x12 import examples
from tests.shared.x12.validation.mutations import Mutation, expect_finding
from tests.shared.x12.validation.test_mutations_837p import Lists

M = Mutation
MUTATIONS = [
    M("payment_total", "BPR*I*65", "BPR*I*66", "remittance_balance", 2, loop="HEADER"),
    M("line_paid_changed", "120*80**4", "120*81**4", "line_balance", 3, loop="2110"),
    M("line_charge_changed", "GP*120*80", "GP*121*80", "line_balance", 3),
    M("adjustment_changed", "CAS*CO*45*20", "CAS*CO*45*21", "line_balance", 3, at="~SVC*HC:97124:GP*120*80"),
    M("claim_paid_changed", "1*200*80*20", "1*200*81*20", "claim_balance", 4, loop="2100"),
    M("claim_charge_changed", "1*200*80*20", "1*201*80*20", "claim_balance", 3, at="~never~"),
    M("provider_adjustment_changed", "OLD001*15", "OLD001*16", "remittance_balance", 2, at="~BPR"),
    M("claim_left_out_of_the_payment", "CLP*K7Q2M9*1*200*80*20*12*PCN77*11*1~NM1*QC*1*ALDER*JUNE****MI*W100200300~"
      "NM1*82*1*OAKES*WREN****XX*1497758544~DTM*050*20260302~SVC*HC:97124:GP*120*80**4~DTM*472*20260224~CAS*CO*45*20~"
      "CAS*PR*3*20~REF*6R*L1~AMT*B6*100~SVC*HC:97140:GP*80*0**2~DTM*472*20260224~CAS*CO*97*80~REF*6R*L2~LQ*HE*N130~",
      "", "remittance_balance", 2, at="~BPR"),
    M("no_payment_that_pays", "C*CHK", "C*NON", "payment_method", 2),
    M("negative_payment", "BPR*I*65", "BPR*I*-65", "payment_negative", 2),
    M("npi_of_the_payee", "XX*1234567893", "XX*1234567890", "npi", 4, loop="1000B"),
    M("npi_of_the_rendering_provider", "XX*1497758544", "XX*1497758543", "npi", 9, loop="2100"),
    M("claim_status_unknown", "CLP*K7Q2M9*1", "CLP*K7Q2M9*7", "element_code", 2),
    M("adjustment_group_unknown", "CAS*CO*45", "CAS*XX*45", "element_code", 1),
    M("adjustment_without_amount", "CAS*CO*45*20", "CAS*CO*45", "element_missing", 3),
    M("amount_is_no_number", "CAS*CO*45*20", "CAS*CO*45*2O", "element_money", 3),
    M("amount_with_a_dollar_sign", "AMT*B6*100", "AMT*B6*$100", "element_money", 2),
    M("service_date_not_in_the_calendar", "DTM*472*20260224", "DTM*472*20261324", "element_date", 2),
    M("payment_date_missing", "CHK************20260302", "CHK", "element_missing", 16),
    M("trace_missing", "TRN*1*EFT0001*1512345678~", "", "segment_missing", at="DTM*405"),
    M("payer_missing", "N1*PR*CASCADE HEALTH~N3*9 LAKE RD~N4*SEATTLE*WA*981010000~PER*BL*EDI HELP*TE*8005550100~", "",
      "loop_missing", at="~LX*1", loop="1000A"),
    M("technical_contact_missing", "PER*BL*EDI HELP*TE*8005550100~", "", "segment_missing", at="N1*PE"),
    M("patient_missing", "NM1*QC*1*ALDER*JUNE****MI*W100200300~", "", "segment_missing", at="DTM*050"),
    M("payers_claim_number_missing", "*12*PCN77*11", "*12**11", "element_missing", 7),
    M("claim_outside_a_group", "LX*1~", "", "segment_missing", at="~CLP*K7Q2M9"),
    M("unknown_segment", "REF*6R*L1~", "REF*6R*L1~QQQ*1~", "segment_unknown", at="QQQ"),
    M("patients_share_changed", "1*200*80*20", "1*200*80*21", "patient_share", 5, loop="2100"),
    M("transfer_without_bank", "C*CHK", "C*ACH", "bank_account", 6, loop="HEADER"),
    M("adjustment_group_of_4010", "CAS*CO*45", "CAS*CR*45", "element_code", 1),
    M("two_traces", "TRN*1*EFT0001*1512345678~", "TRN*1*EFT0001*1512345678~TRN*1*EFT0002*1512345678~", "segment_repeated",
      at="TRN*1*EFT0002"),
    M("reason_of_a_take_back_unknown", "WO:OLD001", "QQ:OLD001", "element_code", 3, 1),
    M("state_of_the_payer", "SEATTLE*WA", "SEATTLE*Wa", "state", 2),
    M("segment_count", "SE*36", "SE*63", "se_count", 1),
    M("amount_missing", "AMT*B6*100", "AMT*B6", "element_missing", 2),
]  # fmt: skip
MUTATIONS = [mutation for mutation in MUTATIONS if mutation.at != "~never~"]


def cleaned(mutation):
    import dataclasses

    return dataclasses.replace(mutation, at=mutation.at.lstrip("~"))


@pytest.mark.parametrize("mutation", MUTATIONS, ids=lambda mutation: mutation.name)
def test_a_mistake_in_an_835_is_found_at_its_place(mutation):
    expect_finding(cleaned(mutation), examples.write_835())


def test_there_are_at_least_twenty_mistakes():
    assert len({mutation.name for mutation in MUTATIONS}) >= 20


def test_a_reason_that_is_not_on_the_list_is_found():
    expect_finding(M("", "CAS*CO*97", "CAS*CO*9ZZ", "reason_unknown", 2), examples.write_835(), Lists())


def test_the_reason_of_a_whole_claim_is_found_too():
    claim = examples.payment(
        services=(),
        adjustments=(examples.adjust("CO", "45", 10000), examples.adjust("PR", "3", 2000)),
        paid_cents=8000,
        dates=(examples.day("232"),),
    )
    good = examples.write_835(claim)
    expect_finding(M("", "CAS*PR*3*20", "CAS*PR*ZZ*20", "reason_unknown", 2), good, Lists())


def test_a_remark_that_is_not_on_the_list_is_found():
    expect_finding(M("", "LQ*HE*N130", "LQ*HE*N999", "remark_unknown", 2), examples.write_835(), Lists())


def test_a_remark_of_the_claim_is_found_too():
    claim = examples.payment(others=(x12.Segment(id="MOA", elements=("", "", "N130")),))
    expect_finding(M("", "MOA***N130", "MOA***N131", "remark_unknown", 3), examples.write_835(claim), Lists())


def test_lines_that_do_not_add_up_to_the_claim_are_found_although_each_balances():
    changed = examples.write_835().replace(b"GP*80*0**2", b"GP*90*0**2").replace(b"CO*97*80", b"CO*97*90")
    changed = changed.replace(b"CAS*PR*3*20", b"CAS*PR*3*10").replace(b"GP*120*80", b"GP*110*80")
    changed = changed.replace(b"1*200*80*20", b"1*200*80*10")
    assert x12.check(changed).findings == ()
    claim = examples.payment(adjustments=(examples.adjust("CO", "45", -1000),), charge_cents=19000)
    codes = [one.code for one in x12.check(examples.write_835(claim)).findings]
    assert codes == ["lines_charge_sum"]


def test_the_gap_is_told_to_the_cent():
    changed = examples.write_835().replace(b"120*80**4", b"120*80.01**4")
    (finding,) = [one for one in x12.check(changed).findings if one.code == "line_balance"]
    assert "1 cent apart" in finding.message
