"""The file of a coverage, which claims takes as its snapshot."""

from shared import x12
from shared.contracts.eligibility import CoverageBundle
from tests.harness.tokens import OTHER_ORGANIZATION
from tests.services.eligibility.conftest import (
    COVERAGE,
    PATIENT,
    PAYER,
    Api,
    a_coverage,
    a_payer,
    a_referral,
    an_authorization,
)
from tests.services.eligibility.fake_clearinghouse import FakeClearinghouse


def test_a_file_holds_everything_that_belongs_to_a_coverage(api: Api, clearinghouse: FakeClearinghouse) -> None:
    api.covered()
    api.put("authorizations/auth_0001", an_authorization())
    api.put("referrals/ref_00001", a_referral())
    api.put("payers/pay_00002", a_payer(name="Rainier Choice"))
    api.put("coverages/cov_00003", a_coverage(rank=3))
    api.put("coverages/cov_00002", a_coverage(rank=2, payer_id="pay_00002"))
    clearinghouse.script = [[x12.BenefitInformation(information="1", service_types=("BE",), authorization="N")]]
    checked = api.check().json()
    file = CoverageBundle.model_validate(api.get(f"coverages/{COVERAGE}/file").json())
    assert (file.coverage.id, file.patient.id, file.payer.id) == (COVERAGE, PATIENT, PAYER)
    assert [a.id for a in file.authorizations] == ["auth_0001"]
    assert [r.id for r in file.referrals] == ["ref_00001"]
    assert [(o.coverage.id, o.payer.name) for o in file.other_coverages] == [
        ("cov_00002", "Rainier Choice"),
        ("cov_00003", "Cascade Mutual Health"),
    ]
    assert file.benefit is not None
    assert file.benefit.model_dump(mode="json") == checked["benefit"]
    assert file.checked_at is not None


def test_a_file_without_a_check_has_no_benefit(api: Api) -> None:
    api.covered()
    file = api.get(f"coverages/{COVERAGE}/file").json()
    assert (file["benefit"], file["checked_at"], file["other_coverages"]) == (None, None, [])


def test_a_rejected_check_does_not_hide_the_benefit_before_it(api: Api, clearinghouse: FakeClearinghouse) -> None:
    api.covered()
    clearinghouse.script = [[x12.BenefitInformation(information="1", service_types=("BE",))], ["75"]]
    assert api.check().json()["status"] == "answered"
    assert api.check().json()["status"] == "rejected"
    assert api.get(f"coverages/{COVERAGE}/file").json()["benefit"]["massage"] == "covered"


def test_an_unknown_or_foreign_coverage_has_no_file(api: Api) -> None:
    api.covered()
    assert api.get("coverages/cov_00099/file").json()["code"] == "coverage_not_found"
    foreign = api.get(f"coverages/{COVERAGE}/file", organization_id=OTHER_ORGANIZATION)
    assert (foreign.status_code, foreign.json()["code"]) == (404, "coverage_not_found")
