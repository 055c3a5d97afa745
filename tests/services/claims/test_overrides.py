"""A named person overrides a finding where its rule allows it: kept, audited, and only as long as the facts stay."""

import pytest
from sqlmodel import select

from services.claims.store.tables import ClaimRow
from shared.database.operations import AuditEntry
from tests.harness.tokens import OTHER_ORGANIZATION
from tests.services.claims.custom_rules.conftest import Rulebook
from tests.services.claims.factories import (
    BILLER,
    COVERAGE,
    NOTE,
    a_coverage_bundle,
    a_draft,
    a_note,
)
from tests.services.claims.fake_clearinghouse import rejected

REASON = "Called the payer on 2 March: they pay massage under this plan, reference 4471."
NOT_COVERED = {"active": "active", "massage": "not_covered", "service_type": "BE", "authorization": "not_required"}
BLOCK = "massage_not_covered"


def give(api, claim, rule, pointer=None, reason=REASON, actor=BILLER, **more):
    body = {"rule_code": rule, "reason": reason, "actor": actor} | ({"pointer": pointer} if pointer else {})
    return api.post(f"/v1/claims/{claim['id']}/overrides", body, **more)


def refresh(api, claim):
    return api.post(f"/v1/claims/{claim['id']}/refresh", {}).json()


def of_rule(claim, rule):
    return [one for one in claim["findings"] if one["code"] == rule]


@pytest.fixture
def blocked(office, neighbours):
    """A claim that one overridable rule blocks."""
    neighbours.files[COVERAGE] = a_coverage_bundle(benefit=NOT_COVERED)
    claim = office.create().json()
    assert [one["code"] for one in claim["findings"] if one["severity"] == "block"] == [BLOCK]
    assert claim["state"] == "blocked"
    return claim


def test_an_overridden_block_no_longer_blocks_and_the_claim_goes_out(office, blocked):
    answer = give(office, blocked, BLOCK)
    claim = answer.json()
    assert (answer.status_code, claim["state"], claim["version"]) == (201, "ready", 2)
    assert claim["next_action"]["kind"] == "submit"
    [override] = claim["overrides"]
    assert [one["overridden_by"] for one in of_rule(claim, BLOCK)] == [override["id"]]
    assert (override["rule_code"], override["reason"], override["actor"]) == (BLOCK, REASON, BILLER)
    assert office.claim(claim["id"]) == claim
    assert office.submit(claim["id"]).status_code == 202


def test_an_override_is_in_the_feed_without_its_reason_and_in_the_audit_trail_with_its_person(office, blocked, deps):
    override = give(office, blocked, BLOCK).json()["overrides"][0]
    told = [event for event in office.events() if event["subject_id"] == blocked["id"]]
    assert [event["type"] for event in told] == ["claim.blocked", "claim.ready", "claim.overridden"]
    assert told[-1]["data"] == {"override_id": override["id"], "rule_code": BLOCK}
    with deps.database.reading() as session:
        entries = session.exec(select(AuditEntry).where(AuditEntry.subject_id == blocked["id"])).all()
    [entry] = [one for one in entries if one.action == "override_finding"]
    assert (entry.actor, entry.reason) == (BILLER, f"{BLOCK}: {REASON}")


def test_the_reason_and_the_person_are_sealed_at_rest(office, blocked, deps):
    give(office, blocked, BLOCK)
    with deps.database.engine.connect() as connection:
        kept = connection.exec_driver_sql("select document from claims").scalar_one()
    assert b"4471" not in bytes(kept) if isinstance(kept, bytes | memoryview) else "4471" not in kept


def test_a_repeated_override_with_its_key_takes_effect_once(office, blocked):
    first, second = (give(office, blocked, BLOCK, key="override-one") for _ in range(2))
    assert first.content == second.content
    assert len(office.claim(blocked["id"])["overrides"]) == 1


def test_a_block_whose_rule_allows_no_override_is_409_with_the_rules_code(office, neighbours):
    neighbours.notes[NOTE] = a_draft()
    claim = office.create().json()
    refused = give(office, claim, "note_unsigned")
    assert (refused.status_code, refused.json()["code"]) == (409, "note_unsigned")
    [fault] = refused.json()["errors"]
    assert (fault["code"], fault["pointer"]) == ("not_overridable", of_rule(claim, "note_unsigned")[0]["pointer"])
    assert office.claim(claim["id"]) == claim


def test_a_warning_is_acknowledged_and_the_claim_stays_ready(office, neighbours):
    neighbours.notes[NOTE] = a_note(diagnoses=["M54.2", "M54.50"])
    claim = office.create().json()
    warning = next(one for one in claim["findings"] if one["severity"] == "warn")
    fresh = give(office, claim, warning["code"], warning["pointer"]).json()
    assert (claim["state"], fresh["state"], len(fresh["overrides"])) == ("ready", "ready", 1)


def test_what_has_no_finding_or_is_overridden_already_is_409(office, blocked):
    missing = give(office, blocked, "visits_used_up")
    assert (missing.status_code, missing.json()["errors"][0]["code"]) == (409, "finding_missing")
    give(office, blocked, BLOCK)
    again = give(office, blocked, BLOCK)
    assert (again.status_code, again.json()["errors"][0]["code"]) == (409, "already_overridden")


def test_a_rule_that_found_several_places_wants_a_pointer_for_each(office, neighbours):
    every_line = {"fact": "line.units", "operator": "at_least", "value": 1}
    Rulebook(office).in_force("custom_every_line", condition=every_line)
    claim = office.create().json()
    places = [one["pointer"] for one in of_rule(claim, "custom_every_line")]
    assert places == ["/claim/lines/0", "/claim/lines/1"]
    unclear = give(office, claim, "custom_every_line")
    assert unclear.json()["errors"][0]["code"] == "pointer_needed"
    fresh = give(office, claim, "custom_every_line", places[1]).json()
    assert [one["overridden_by"] is None for one in of_rule(fresh, "custom_every_line")] == [True, False]
    assert fresh["state"] == "held"
    assert give(office, claim, "custom_every_line", places[0]).json()["state"] == "ready"


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"reason": "because"}, 422),
        ({"reason": " " * 20}, 422),
        ({"actor": None}, 422),
        ({"actor": {**BILLER, "role": ""}}, 422),
        ({"rule": "Massage Not Covered"}, 422),
        ({"pointer": "no pointer"}, 422),
    ],
)
def test_an_override_has_a_person_and_a_reason(office, blocked, change, status):
    assert give(office, blocked, **{"rule": BLOCK, **change}).status_code == status
    assert office.claim(blocked["id"])["overrides"] == []


def test_a_refresh_keeps_an_override_whose_finding_reads_the_same(office, blocked):
    given = give(office, blocked, BLOCK).json()
    fresh = refresh(office, blocked)
    assert (fresh["state"], fresh["overrides"]) == ("ready", given["overrides"])


def test_an_override_falls_when_the_finding_goes_and_does_not_come_back_with_it(office, neighbours, blocked):
    give(office, blocked, BLOCK)
    neighbours.files[COVERAGE] = a_coverage_bundle()
    gone = refresh(office, blocked)
    assert (gone["state"], gone["overrides"][0]["lapsed_at"] is None) == ("ready", False)
    neighbours.files[COVERAGE] = a_coverage_bundle(benefit=NOT_COVERED)
    back = refresh(office, blocked)
    assert (back["state"], back["next_action"]["kind"] == "submit") == ("blocked", False)
    assert give(office, blocked, BLOCK).json()["state"] == "ready"


def test_a_claim_in_somebodys_hands_or_rejected_is_not_overridden(scenario):
    scenario.submit()
    assert give(scenario.api, scenario.claims[0], BLOCK).json()["code"] == "claim_already_submitted"
    scenario.run()
    scenario.receive(rejected(scenario.number()))
    refused = give(scenario.api, scenario.claims[0], BLOCK)
    assert (refused.status_code, refused.json()["code"]) == (409, "claim_rejected")


def test_the_claim_of_another_organization_is_not_overridden(office, blocked, deps):
    assert give(office, blocked, BLOCK, organization_id=OTHER_ORGANIZATION).status_code == 404
    with deps.database.reading() as session:
        assert session.exec(select(ClaimRow)).one().document.overrides == ()
