"""A claim's version: the ETag of every answer that carries the claim, and named by every refusal that is about it."""

from datetime import timedelta

import pytest

from tests.services.claims.factories import BILLER, NOTE
from tests.services.claims.fake_clearinghouse import accepted, rejected

OVERRIDE = {"rule_code": "massage_not_covered", "reason": "The payer said yes on the phone.", "actor": BILLER}


def versions(answer):
    """The version in the body, of a refusal the present one, beside the ETag."""
    body = answer.json()
    return body.get("version", body.get("current_version")), answer.headers.get("etag")


def test_every_answer_that_carries_a_claim_carries_its_etag(scenario):
    api = scenario.api
    made = api.create(NOTE)
    path = f"/v1/claims/{made.json()['id']}"
    assert versions(made) == (1, '"1"') == versions(api.get(path))
    for act, version in (("refresh", 2), ("submit", 3)):
        assert versions(api.post(f"{path}/{act}")) == (version, f'"{version}"') == versions(api.get(path))


def test_a_claim_that_is_known_is_304_until_something_happens_to_it(scenario, bearer):
    scenario.send()
    path = f"/v1/claims/{scenario.claims[0]['id']}"
    tag = scenario.api.get(path).headers["etag"]
    known = scenario.api.client.get(path, headers=bearer() | {"If-None-Match": tag})
    assert (known.status_code, known.content, known.headers["etag"]) == (304, b"", tag)
    scenario.receive(accepted(scenario.number()))
    changed = scenario.api.client.get(path, headers=bearer() | {"If-None-Match": tag})
    assert (changed.status_code, changed.json()["state"]) == (200, "accepted")


def test_a_wait_that_has_ended_is_news_for_who_knows_the_claim(scenario, clock, bearer):
    scenario.send()
    path = f"/v1/claims/{scenario.claims[0]['id']}"
    tag = scenario.api.get(path).headers["etag"]
    clock.advance(timedelta(days=2))
    scenario.run()
    changed = scenario.api.client.get(path, headers=bearer() | {"If-None-Match": tag})
    assert (changed.status_code, changed.json()["next_action"]["kind"]) == (200, "check_file_status")


def test_a_second_claim_of_a_note_or_an_id_names_the_version_of_the_first(scenario):
    scenario.make(2)
    for answer in (scenario.api.create(NOTE), scenario.api.create("note_0000002", id=scenario.claims[0]["id"])):
        assert (answer.status_code, answer.json()["code"], *versions(answer)) == (409, "claim_exists", 1, '"1"')


@pytest.mark.parametrize("act", ["submit", "refresh", "void", "overrides"])
def test_what_is_refused_for_a_claims_state_names_its_version(scenario, act):
    scenario.send()
    body = OVERRIDE if act == "overrides" else {}
    refused = scenario.api.post(f"/v1/claims/{scenario.claims[0]['id']}/{act}", body)
    version = scenario.claim()["version"]
    assert (refused.status_code, *versions(refused)) == (409, version, f'"{version}"')


def test_an_override_that_a_rule_or_a_rejection_forbids_names_the_version(scenario):
    scenario.send(2)
    scenario.receive(rejected(scenario.number(0)))
    scenario.make(3)
    for place in (0, 2):
        refused = scenario.api.post(f"/v1/claims/{scenario.claims[place]['id']}/overrides", OVERRIDE)
        version = scenario.claim(place)["version"]
        assert (refused.status_code, *versions(refused)) == (409, version, f'"{version}"')
