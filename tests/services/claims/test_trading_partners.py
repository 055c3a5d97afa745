"""What the claims service agrees with the clearinghouse reaches the wire: ids and usage by organization, and limits."""

from dataclasses import replace
from datetime import timedelta

import pytest

from services.claims.flows.submission.form_files import form_files
from services.claims.flows.submission.send_files import send_file
from services.claims.store.tables import FileRow
from shared.wire.envelope import Usage
from shared.wire.trading_partner import TradingPartners
from tests.harness.tokens import ORGANIZATION, OTHER_ORGANIZATION
from tests.services.claims.fake_clearinghouse import accepted

PARTNERS = f"""
[organizations.{ORGANIZATION}]
usage = "production"
sender_id = "SALALST"
password = "password-of-salal"
receiver_id = "OTHERHOUSE"
application_sender_id = "SALALCLAIMS"
"""


@pytest.fixture
def settings(settings, tmp_path):
    """The practice has an agreement of its own; everyone else the installation's."""
    path = tmp_path / "trading-partners.toml"
    path.write_text(PARTNERS)
    path.chmod(0o600)
    return settings.model_copy(update={"trading_partners_file": path})


def head(content: str) -> list[str]:
    """The segments before the first loop of a billing provider."""
    return content[: content.index("~HL*1*")].split("~")


def test_a_practice_of_its_own_account_sends_production_claims_under_its_own_ids(scenario):
    scenario.send()
    number = scenario.files()[0]["interchange_control_number"]
    assert head(scenario.clearinghouse.taken[0]) == [
        f"ISA*00*          *00*          *ZZ*SALALST        *ZZ*OTHERHOUSE     *260302*1700*^*00501*{number}*0*P*:",
        f"GS*HC*SALALCLAIMS*OTHERHOUSE*20260302*1700*{int(number)}*X*005010X222A1",
        "ST*837*0001*005010X222A1",
        f"BHT*0019*00*{int(number)}*20260302*1700*CH",
        "NM1*41*2*SALAL STREET BODYWORK PLLC*****46*SALALST",
        "PER*IC*BETTINA CRANE*TE*2065550164",
        "NM1*40*2*OTHERHOUSE*****46*OTHERHOUSE",
    ]
    assert scenario.clearinghouse.accounts == ["SALALST"]


def test_everyone_else_sends_tests_under_the_installations_ids(scenario):
    scenario.api.set_up(organization_id=OTHER_ORGANIZATION)
    claim = scenario.api.create(claims={"organization_id": OTHER_ORGANIZATION}).json()
    assert scenario.api.submit(claim["id"], organization_id=OTHER_ORGANIZATION).status_code == 202
    assert scenario.run().sent == 1
    segments = head(scenario.clearinghouse.taken[0])
    number = segments[0].split("*")[13]
    assert segments[:3] == [
        f"ISA*00*          *00*          *ZZ*HANDBILL       *ZZ*CLEARING       *260302*1700*^*00501*{number}*0*T*:",
        f"GS*HC*HANDBILL*CLEARING*20260302*1700*{int(number)}*X*005010X222A1",
        "ST*837*0001*005010X222A1",
    ]
    assert scenario.clearinghouse.accounts == ["HANDBILL"]


def test_the_mailbox_of_every_account_is_fetched_and_each_has_its_own_cursor(scenario):
    scenario.send()
    scenario.clearinghouse.deliver(accepted(scenario.number()), to="SALALST")
    scenario.clearinghouse.deliver(accepted("SOMEBODYELSES"), to="HANDBILL")
    assert (scenario.run().received, scenario.run().received) == (2, 0)
    assert scenario.claim()["state"] == "accepted"


def test_a_file_goes_through_the_account_it_was_formed_for(scenario):
    """The agreement changes between forming and sending: ISA06 stands in the bytes, so its account is used."""
    scenario.submit()
    form_files(scenario.deps)
    default = scenario.deps.trading_partners.default
    own = scenario.deps.trading_partners.of(ORGANIZATION)
    scenario.deps = replace(scenario.deps, trading_partners=TradingPartners(default, {"org_with_it_now": own}))
    assert scenario.run().sent == 1
    assert scenario.clearinghouse.accounts == ["SALALST"]


def test_a_file_whose_account_is_gone_waits_unsent_until_it_is_back(scenario):
    scenario.submit()
    form_files(scenario.deps)
    with_account, (file,) = scenario.deps, scenario.rows(FileRow)
    scenario.deps = replace(with_account, trading_partners=TradingPartners(with_account.trading_partners.default))
    assert not send_file(scenario.deps, ORGANIZATION, file.id)
    assert (scenario.clearinghouse.tries, scenario.files()[0]["state"]) == ([], "formed")
    assert send_file(with_account, ORGANIZATION, file.id)


def test_no_more_files_leave_in_a_day_than_the_partner_takes(scenario, clock):
    """The rest of the claims wait for the next day (UTC), which begins at midnight."""
    scenario.agree(claims_per_file=1, files_per_day=2)
    scenario.submit(3)
    assert scenario.run().formed == 2
    assert scenario.run().formed == 0
    clock.advance(timedelta(hours=6, minutes=59))
    assert scenario.run().formed == 0
    clock.advance(timedelta(minutes=1))
    assert scenario.run().formed == 1


def test_the_files_of_a_day_are_counted_by_account(scenario):
    scenario.agree(files_per_day=1)
    scenario.submit(1)
    assert scenario.run().formed == 1
    scenario.api.set_up(organization_id=OTHER_ORGANIZATION)
    claim = scenario.api.create(claims={"organization_id": OTHER_ORGANIZATION}).json()
    scenario.api.submit(claim["id"], organization_id=OTHER_ORGANIZATION)
    assert scenario.run().formed == 0
    default = scenario.deps.trading_partners.default
    other = replace(default, sender_id="OTHERORG", usage=Usage.PRODUCTION)
    scenario.deps = replace(scenario.deps, trading_partners=TradingPartners(default, {OTHER_ORGANIZATION: other}))
    assert scenario.run().formed == 1
