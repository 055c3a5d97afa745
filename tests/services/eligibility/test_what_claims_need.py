"""What a claim will need is right where it enters: codes in one spelling, and numbers that X12 can carry."""

import pytest

from tests.services.eligibility.conftest import COVERAGE, PATIENT, PAYER, a_coverage, a_patient, a_payer, a_referral


def test_a_diagnosis_in_lower_case_or_without_its_dot_is_taken_and_kept_as_it_is_written(api):
    api.put(f"patients/{PATIENT}", a_patient())
    api.put(f"payers/{PAYER}", a_payer())
    api.put(f"coverages/{COVERAGE}", a_coverage())
    kept = api.put("referrals/ref_lower001", a_referral(diagnoses=[" m54.2", "s39012a", "R52"])).json()
    assert kept["diagnoses"] == ["M54.2", "S39.012A", "R52"]


@pytest.mark.parametrize("group_number", ["GRP*7", "A~1", "ß", "9" * 51, ""])
def test_a_group_number_that_sbr03_cannot_carry_is_refused(api, group_number):
    api.put(f"patients/{PATIENT}", a_patient())
    api.put(f"payers/{PAYER}", a_payer())
    assert api.put(f"coverages/{COVERAGE}", a_coverage(group_number=group_number)).status_code == 422
