"""Whose message it is: the one organization that it names; nobody's when it names several."""

import pytest
from sqlmodel import select

from services.claims.store.tables import UNROUTED, MessageRow
from tests.harness.tokens import ORGANIZATION, OTHER_ORGANIZATION
from tests.services.claims.factories import COVERAGE, NOTE
from tests.services.claims.fake_clearinghouse import (
    acks_999,
    claim_payment,
    claim_status,
    paid_in_part,
    remittance,
    service,
    status_277ca,
    x12_replace,
)

OTHER = {"organization_id": OTHER_ORGANIZATION}
NOBODYS_NPI = "1234567893"


@pytest.fixture
def theirs(scenario):
    """A sent claim of another organization beside ours; its claim number."""
    scenario.api.set_up(**OTHER)
    made = scenario.api.create(NOTE, COVERAGE, claims=OTHER).json()
    assert scenario.api.submit(made["id"], **OTHER).status_code == 202
    scenario.submit()
    assert scenario.run().sent == 2
    return made


def routed(scenario, content, kind="277CA"):
    """(organization, state, codes of its reasons) of the one message that there is after this one has come."""
    scenario.clearinghouse.deliver(content, kind)
    scenario.run()
    with scenario.deps.database.reading() as session:
        (row,) = session.exec(select(MessageRow)).all()
    return row.organization_id, row.state, [one.code for one in row.reasons]


def states(scenario, theirs):
    return scenario.claim()["state"], scenario.api.claim(theirs["id"], **OTHER)["state"]


@pytest.mark.parametrize("first", ["ours", "theirs"])
def test_a_claim_status_that_names_claims_of_two_organizations_goes_to_nobody(scenario, theirs, first):
    numbers = [scenario.number(), theirs["claim_number"]]
    statuses = [claim_status(number) for number in (numbers if first == "ours" else numbers[::-1])]
    expected = (UNROUTED, "quarantined", ["claim_unknown", "claim_unknown"])
    assert routed(scenario, status_277ca(*statuses)) == expected
    assert states(scenario, theirs) == ("submitted", "submitted")
    assert scenario.messages() == scenario.api.get("/v1/messages", **OTHER).json()["items"] == []


@pytest.mark.parametrize("first", ["ours", "theirs"])
def test_an_acknowledgement_of_files_of_two_organizations_goes_to_nobody(scenario, theirs, first):
    (mine,) = scenario.files()
    (other,) = scenario.api.get("/v1/files", **OTHER).json()["items"]
    files = [mine, other] if first == "ours" else [other, mine]
    content = acks_999(*((file["interchange_control_number"], "R") for file in files))
    assert routed(scenario, content, "999") == (UNROUTED, "quarantined", ["file_unknown", "file_unknown"])
    assert states(scenario, theirs) == ("submitted", "submitted")


def test_a_remittance_that_pays_claims_of_two_organizations_goes_to_nobody(scenario, theirs):
    payments = [paid_in_part(scenario.number()), paid_in_part(theirs["claim_number"])]
    expected = (UNROUTED, "quarantined", ["claim_unknown", "claim_unknown"])
    assert routed(scenario, remittance(*payments), "835") == expected
    assert scenario.money() == (0, 0, 0, 18_200)


def test_a_message_goes_by_its_claim_number_though_two_organizations_bill_under_its_npi(scenario, theirs):
    assert routed(scenario, status_277ca(claim_status(theirs["claim_number"]))) == (OTHER_ORGANIZATION, "applied", [])
    assert states(scenario, theirs) == ("submitted", "accepted")


def test_an_unknown_claim_number_goes_by_the_npi_only_when_one_organization_bills_under_it(scenario, theirs):
    content = status_277ca(claim_status("NEVERGIVEN"))
    assert routed(scenario, content) == (UNROUTED, "quarantined", ["claim_unknown"])


def test_an_unknown_claim_number_goes_to_the_one_organization_that_bills_under_the_npi(scenario):
    scenario.send()
    content = status_277ca(claim_status("NEVERGIVEN"))
    assert routed(scenario, content) == (ORGANIZATION, "quarantined", ["claim_unknown"])


def test_an_unknown_claim_number_and_an_unknown_npi_go_to_nobody(scenario):
    scenario.send()
    status = claim_status("NEVERGIVEN")
    provider = x12_replace(status.provider, party=x12_replace(status.provider.party, id=NOBODYS_NPI))
    content = status_277ca(x12_replace(status, provider=provider))
    assert routed(scenario, content) == (UNROUTED, "quarantined", ["claim_unknown"])


def test_a_payment_of_one_organizations_claim_beside_an_unknown_one_is_that_organizations(scenario, theirs):
    unknown = claim_payment("NEVERGIVEN", service("NEVERGIVEN", 1, "97124", 13_500, 13_500))
    content = remittance(paid_in_part(scenario.number()), unknown)
    assert routed(scenario, content, "835") == (ORGANIZATION, "quarantined", ["claim_unknown"])
    assert scenario.money() == (11_445, 4_255, 2_500, 0)
