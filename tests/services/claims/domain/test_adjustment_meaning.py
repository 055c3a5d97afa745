"""What adjustments mean: group first, then reason, then remark; never a bill that nobody understood."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.claims.domain import adjustment_decisions as decisions
from services.claims.domain.adjustment_meaning import REASONS, REMARKS, UNLISTED_LABEL, adjustment_meaning
from shared.codesets.adjustments import adjustment_texts


@pytest.mark.parametrize(
    ("group", "reasons", "owes", "action"),
    [
        ("PR", ["1", "2", "3"], "patient", "bill_patient"),
        ("CO", ["45", "59", "253", "144", "P12"], "write_off", "none"),
        ("CO", ["97", "231", "234", "236", "4", "182", "146", "11", "16", "15"], "insurer", "correct_claim"),
        ("CO", ["197", "198", "242", "243", "284", "302"], "insurer", "correct_claim"),
        ("CO", ["173", "174", "175", "176", "183", "287", "288"], "insurer", "correct_claim"),
        ("CO", ["167", "50", "55", "56", "150", "151", "272", "222"], "insurer", "appeal"),
        ("CO", ["119", "149", "35", "96", "204"], "person", "review"),
        ("PR", ["119", "149", "35", "96", "204"], "person", "review"),
        ("CO", ["22", "19", "20", "21", "109"], "insurer", "bill_other_payer"),
        ("OA", ["23"], "information", "none"),
        ("CO", ["26", "27", "31", "200"], "insurer", "verify_eligibility"),
        ("OA", ["18"], "information", "find_original_claim"),
        ("CO", ["18"], "information", "find_original_claim"),
        ("CO", ["29"], "insurer", "appeal_if_proof"),
        ("CO", ["252", "226", "251", "163"], "insurer", "send_records"),
        ("CO", ["B7", "170", "171", "172", "185"], "insurer", "check_credentialing"),
        ("PI", ["50"], "insurer", "appeal"),
        ("PR", ["45"], "person", "review"),
    ],
)
def test_each_reason_leads_to_its_next_step(group, reasons, owes, action):
    for reason in reasons:
        found = adjustment_meaning(group, reason)
        assert (found.who_owes, found.next_action) == (owes, action), reason
        assert found.label != UNLISTED_LABEL


@pytest.mark.parametrize("program", ["workers_comp", "va"])
def test_accepted_comp_and_va_care_never_reach_a_patients_statement(program):
    for reason in ("1", "2", "3", "204"):
        assert adjustment_meaning("PR", reason, program=program, notice_on_file=True).who_owes != "patient"


def test_an_exhausted_benefit_is_the_patients_only_with_pr_and_a_signed_notice():
    assert adjustment_meaning("PR", "119", notice_on_file=True).who_owes == "patient"
    assert adjustment_meaning("PR", "119").who_owes == "person"
    assert adjustment_meaning("CO", "119", notice_on_file=True).who_owes == "person"


@given(
    st.sampled_from(["CO", "OA", "PI", "CR", "XX", ""]), st.text(max_size=4), st.lists(st.text(max_size=5), max_size=3)
)
def test_no_group_but_pr_is_ever_the_patients(group, reason, remarks):
    assert adjustment_meaning(group, reason, remarks).who_owes != "patient"


@given(st.sampled_from(["CO", "PR", "OA", "PI"]), st.text(max_size=4))
def test_a_reason_that_is_not_listed_goes_to_a_person(group, reason):
    found = adjustment_meaning(group, reason)
    listed = found.label != UNLISTED_LABEL
    assert listed or (found.who_owes == "person" and found.next_action in {"review", "appeal"})


def test_every_reason_and_remark_of_the_table_has_a_label_and_says_what_to_do():
    for code in REASONS:
        found = adjustment_meaning("CO", code)
        assert found.label and found.fix.endswith(".")
    assert set(REASONS) == set(adjustment_texts().reason_labels)
    assert set(REMARKS) == set(adjustment_texts().remark_labels)


def test_ma130_asks_for_a_new_claim_and_no_appeal():
    found = adjustment_meaning("CO", "16", ("MA130",))
    assert found.next_action == "fix_and_resubmit"
    assert "cannot be appealed" in found.fix


def test_a_remark_names_the_field_that_is_to_be_corrected():
    found = adjustment_meaning("CO", "16", ("N999", "N290"))
    assert found.fix == "Fix the named field and send a corrected claim. Correct the therapist's NPI."


def test_leading_zeros_and_lower_case_are_understood():
    assert adjustment_meaning("CO", "045") == adjustment_meaning("CO", "45")
    assert adjustment_meaning("CO", "b7", ("n290",)) == adjustment_meaning("CO", "B7", ("N290",))


def test_what_is_asked_for_is_of_an_amount_that_is_still_open():
    """A write-off that asks for something would ask nobody: nothing of it is left."""
    rows = [(row.reasons, decision) for row in decisions.REASONS for decision in row.by_group.values()]
    assert [reasons for reasons, one in rows if one.who_owes == "write_off" and one.next_action != "none"] == []
    assert [reasons for reasons, one in rows if one.who_owes == "insurer" and one.next_action == "none"] == []


def test_of_several_remarks_the_one_that_asks_for_an_action_decides_and_another_says_what_to_fix():
    """An unprocessable claim always names beside MA130 what it lacks."""
    found = adjustment_meaning("CO", "16", ("N382", "MA130"))
    assert (found.next_action, found.fix) == (
        "fix_and_resubmit",
        "Fix it and send a new claim (frequency 1); it was not adjudicated, so it cannot be appealed. "
        "Correct the member id from the card or the 271.",
    )
