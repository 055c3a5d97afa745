"""Two people do the same thing at the same moment: it has one effect, and one of them is told that it is done."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from services.claims.flows.operator.npis import confirm_npi, list_npis
from shared.database.operator import Operator
from shared.errors import Conflict
from shared.tenancy import INSTALLATION, NOBODY, acting_for
from tests.harness.tokens import ORGANIZATION, OTHER_ORGANIZATION
from tests.services.claims.factories import BILLER, COVERAGE, OTHER_NPI, a_coverage_bundle
from tests.services.claims.fake_clearinghouse import claim_payment, paid_in_part, remittance, service
from tests.services.claims.test_overrides import BLOCK, NOT_COVERED, give

pytestmark = pytest.mark.safeguard("API6")
AT_ONCE = 4


def at_once(act):
    """What as many get who do it at the same moment, in order."""
    with ThreadPoolExecutor(AT_ONCE) as pool:
        return sorted(pool.map(act, range(AT_ONCE)))


def act(scenario, path, **body):
    return lambda place: scenario.api.post(path, body, key=f"at-once-{place}").status_code


@pytest.mark.parametrize(("action", "status"), [("submit", 202), ("void", 200)])
def test_a_claim_is_submitted_or_voided_once(scenario, action, status):
    scenario.make()
    path = f"/v1/claims/{scenario.claims[0]['id']}"
    before = scenario.claim()["version"]
    assert at_once(act(scenario, f"{path}/{action}")) == [status, *[409] * (AT_ONCE - 1)]
    assert scenario.claim()["version"] == before + 1


def test_a_claim_that_is_submitted_and_voided_at_once_is_one_of_both(scenario):
    scenario.make()
    path = f"/v1/claims/{scenario.claims[0]['id']}"
    acts = [act(scenario, f"{path}/submit"), act(scenario, f"{path}/void")] * (AT_ONCE // 2)
    answers = at_once(lambda place: acts[place](place))
    state = scenario.claim()["state"]
    scenario.run()
    assert (len([one for one in answers if one < 400]), state) in [(1, "voided"), (1, "submitted")]
    assert len(scenario.files()) == (state == "submitted")


def test_a_finding_is_overridden_once(scenario, neighbours):
    neighbours.files[COVERAGE] = a_coverage_bundle(benefit=NOT_COVERED)
    claim = scenario.api.create().json()
    answers = at_once(lambda place: give(scenario.api, claim, BLOCK, key=f"at-once-{place}").status_code)
    assert answers == [201, *[409] * (AT_ONCE - 1)]
    assert len(scenario.api.claim(claim["id"])["overrides"]) == 1


def test_a_message_is_released_once_and_its_money_is_posted_once(scenario):
    scenario.send()
    number = scenario.number()
    paid = claim_payment(number, service(number, 1, "97124", 13_500, 13_500))
    message = scenario.receive(remittance(paid, total_cents=1), "835")
    assert message["state"] == "quarantined"
    path = f"/v1/messages/{message['id']}/release"
    answers = at_once(act(scenario, path, reason="The check is right.", actor=BILLER))
    assert answers == [200, *[409] * (AT_ONCE - 1)], answers
    scenario.run()
    assert scenario.money()[0] == 13_500


def test_a_payment_is_matched_once_and_money_is_refunded_once(scenario):
    scenario.send()
    scenario.receive(remittance(paid_in_part("NOBODYS0001")), "835")
    [waiting] = scenario.api.get("/v1/remittances").json()["items"]
    claim_id, why = scenario.claims[0]["id"], {"reason": "The portal says so.", "actor": BILLER}
    path = f"/v1/remittances/{waiting['id']}/payments/1/match"
    stray = [{"service": 1, "line": 1}, {"service": 2, "line": 2}]
    answers = at_once(act(scenario, path, claim_id=claim_id, lines=stray, **why))
    assert answers == [200, *[409] * (AT_ONCE - 1)]
    assert scenario.money() == (11_445, 4_255, 2_500, 0)
    cash = {"amount_cents": 2_500, "received_on": "2026-03-02", "method": "cash", "actor": BILLER}
    assert scenario.api.post(f"/v1/claims/{claim_id}/patient-payments", cash).status_code == 201
    answers = at_once(act(scenario, f"/v1/claims/{claim_id}/refunds", amount_cents=2_500, payee="patient", **why))
    assert answers == [201, *[409] * (AT_ONCE - 1)]
    again = {"amount_cents": 2_500, "kind": "hardship", "account": "patient", **why}
    path = f"/v1/claims/{claim_id}/write-offs"
    same = [scenario.api.post(path, again, key="the-same-key") for _ in range(2)]
    assert (same[0].status_code, same[0].content) == (201, same[1].content)
    assert scenario.api.post(path, {**again, "amount_cents": 1}, key="the-same-key").status_code == 422
    assert scenario.money() == (11_445, 6_755, 0, 0)


def test_an_npi_is_confirmed_for_one_of_two_organizations(scenario):
    operator = Operator(scenario.deps.database, scenario.deps.ids, scenario.deps.wall_clock, "Olga Operator")

    def confirm(place):
        with acting_for(INSTALLATION):
            try:
                return confirm_npi(operator, [ORGANIZATION, OTHER_ORGANIZATION][place % 2], OTHER_NPI).holder
            except Conflict:
                return ""

    answers = at_once(confirm)
    (holder,) = {one for one in answers if one}
    assert answers == ["", "", holder, holder]
    assert [one.holder for one in list_npis(operator) if one.npi == OTHER_NPI] == [holder]


def test_a_pass_says_itself_that_it_is_for_all_organizations(scenario):
    scenario.submit()
    with acting_for(NOBODY):
        assert scenario.run().sent == 1
