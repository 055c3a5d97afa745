"""From an 837P record to the flat claim: nothing judged, nothing lost that decides."""

from datetime import date
from decimal import Decimal

import msgspec

from services.clearinghouse.domain.claim_from_837p import claim_from
from services.clearinghouse.domain.submitted_claim import PriorPayment
from shared import x12
from tests.services.clearinghouse.x12_files import NADIA, ROSALIND, as_member, claim, service_line


def _earlier(paid_cents: int | None, *adjustments: x12.ClaimAdjustment) -> x12.OtherPayer:
    amounts = () if paid_cents is None else (x12.MonetaryAmount(qualifier="D", amount_cents=paid_cents),)
    return x12.OtherPayer(responsibility="P", amounts=amounts, adjustments=adjustments)


def test_a_patient_who_is_the_subscriber_is_read_from_there():
    read = claim_from(claim())
    assert (read.member_id, read.patient.last_name, read.patient.birth_date) == (
        NADIA.member_id,
        "WHITLOCK",
        NADIA.born,
    )
    assert (read.billing_npi, read.billing_tax_id, read.rendering_npi) == ("1234567893", "912345678", "1992999999")
    assert read.lines[0].diagnoses == ("M542",)


def test_a_worker_is_read_from_the_patient_and_the_claim_number_from_either_level():
    read = claim_from(claim(ROSALIND))
    assert (read.patient.last_name, read.insurer_claim_number) == ("FIGUEROA", "BK41207")
    assert (read.related_causes, read.accident_date) == (("EM",), date(2026, 1, 12))


def test_a_scenario_is_left_out_of_the_member_id():
    assert claim_from(as_member(claim(), f"SIM_LOSE_REPLY_{NADIA.member_id}")).member_id == NADIA.member_id


def test_the_billing_provider_renders_when_nobody_else_is_named():
    assert claim_from(claim(parties=())).rendering_npi == "1234567893"


def test_a_therapist_may_be_named_on_the_line():
    line = service_line(parties=claim().parties)
    assert claim_from(claim(NADIA, "K1", line, parties=())).rendering_npi == "1992999999"


def test_units_that_are_not_whole_are_none():
    for quantity in (Decimal("1.5"), Decimal(0), Decimal(-1), Decimal(5000)):
        assert claim_from(claim(NADIA, "K1", service_line(quantity=quantity))).lines[0].units is None


def test_a_pointer_to_nothing_points_to_nothing():
    assert claim_from(claim(NADIA, "K1", service_line(pointers=(2, 1)))).lines[0].diagnoses == ("M542",)


def test_what_the_first_payer_did_is_read_from_the_lines():
    answer = x12.LineAdjudication(
        payer_id="CASCM",
        paid_cents=7120,
        adjustments=(
            x12.ClaimAdjustment(group="CO", reason="45", amount_cents=6600),
            x12.ClaimAdjustment(group="PR", reason="3", amount_cents=4280),
        ),
    )
    read = claim_from(claim(NADIA, "K1", service_line(adjudications=(answer,)), other_payers=(_earlier(7120),)))
    assert read.lines[0].prior == PriorPayment(7120, 6600)


def test_what_a_second_payer_repeats_of_the_first_is_not_settled_twice():
    """Charged 180.00: the first paid 71.20 and wrote 66.00 off, the second says so (OA-23) and paid 20.00."""
    first = x12.LineAdjudication("CASCM", 7120, adjustments=(x12.ClaimAdjustment("CO", "45", 6600),))
    second = x12.LineAdjudication("RAINC", 2000, adjustments=(x12.ClaimAdjustment("OA", "23", 13720),))
    read = claim_from(claim(NADIA, "K1", service_line(adjudications=(first, second)), other_payers=(_earlier(7120),)))
    assert read.lines[0].prior == PriorPayment(9120, 6600)


def test_what_stands_on_the_claim_alone_is_spread_over_the_lines_in_order():
    two = (service_line(units=1), service_line(units=1, number=2))
    written_off = x12.ClaimAdjustment(group="CO", reason="45", amount_cents=2000)
    read = claim_from(claim(NADIA, "K1", *two, other_payers=(_earlier(6000, written_off),)))
    assert [line.prior for line in read.lines] == [PriorPayment(4500, 0), PriorPayment(1500, 2000)]


def test_another_payer_that_has_not_answered_is_no_earlier_payment():
    later = msgspec.structs.replace(_earlier(None), responsibility="S")
    read = claim_from(claim(other_payers=(later,)))
    assert read.lines[0].prior is None
