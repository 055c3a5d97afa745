"""The agreement with the clearinghouse reaches the wire of a 270: ids, usage and account by organization."""

from collections.abc import Callable
from pathlib import Path

import pytest

from shared.settings import Settings
from tests.harness.tokens import ORGANIZATION, OTHER_ORGANIZATION
from tests.services.eligibility.conftest import Api, a_check, a_coverage, a_patient, a_payer
from tests.services.eligibility.fake_clearinghouse import FakeClearinghouse

PARTNERS = f"""
[organizations.{ORGANIZATION}]
usage = "production"
receiver_id = "OTHERHOUSE"
application_sender_id = "SALALCLAIMS"
requests_per_minute = 1
"""


@pytest.fixture
def settings(
    make_settings: Callable[..., Settings],
    run_app: Callable[..., str],
    clearinghouse: FakeClearinghouse,
    tmp_path: Path,
) -> Settings:
    path = tmp_path / "trading-partners.toml"
    path.write_text(PARTNERS)
    path.chmod(0o600)
    return make_settings(
        "eligibility",
        clearinghouse_url=run_app(clearinghouse.app()),
        clearinghouse_id="THEHOUSE",
        trading_partners_file=path,
    )


def test_a_270_carries_the_ids_and_the_usage_of_its_organization(api: Api, clearinghouse: FakeClearinghouse) -> None:
    clearinghouse.script = [404]
    for organization in (ORGANIZATION, OTHER_ORGANIZATION):
        api.put("patients/pat_00001", a_patient(), organization_id=organization).raise_for_status()
        api.put("payers/pay_00001", a_payer(), organization_id=organization).raise_for_status()
        api.put("coverages/cov_00001", a_coverage(), organization_id=organization).raise_for_status()
        assert api.check(a_check(), organization_id=organization).status_code == 503
    production, test = (content.decode().split("~") for content in clearinghouse.asked)
    assert production[:3] == [
        "ISA*00*          *00*          *ZZ*HANDBILL       *ZZ*OTHERHOUSE     *260302*1700*^*00501*500000001*0*P*:",
        "GS*HS*SALALCLAIMS*OTHERHOUSE*20260302*1700*500000001*X*005010X279A1",
        "ST*270*0001*005010X279A1",
    ]
    assert test[:3] == [
        "ISA*00*          *00*          *ZZ*HANDBILL       *ZZ*THEHOUSE       *260302*1700*^*00501*500000002*0*T*:",
        "GS*HS*HANDBILL*THEHOUSE*20260302*1700*500000002*X*005010X279A1",
        "ST*270*0001*005010X279A1",
    ]


def test_a_check_beyond_the_partners_requests_a_minute_says_when_to_try_again(
    api: Api, clearinghouse: FakeClearinghouse
) -> None:
    clearinghouse.script = [404]
    api.covered()
    assert api.check().status_code == 503
    again = api.check()
    assert (again.status_code, again.json()["code"]) == (503, "clearinghouse_unavailable")
    assert 0 < int(again.headers["Retry-After"]) <= 60
    assert len(clearinghouse.asked) == 1
