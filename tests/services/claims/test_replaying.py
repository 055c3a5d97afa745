"""A replay says which stored claims another edition, profile or day would judge otherwise, and keeps nothing."""

from datetime import timedelta

import pytest

from shared.codesets.unit_limits import import_limits
from tests.harness.tokens import OTHER_ORGANIZATION
from tests.services.claims.conftest import keep_file
from tests.services.claims.factories import COVERAGE, NOTE, PAYER, a_coverage_bundle, a_draft, a_note

sqlite_only = pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)


def replay(api, **body):
    answer = api.post("/v1/rules/replay", body)
    assert answer.status_code == 200, answer.text
    return answer.json()


@pytest.fixture
def three(office, neighbours):
    """Three ready claims, each made a day after the one before."""
    claims = [office.create(note_id).json() for note_id in neighbours.hold(3)]
    assert {one["state"] for one in claims} == {"ready"}
    return claims


def test_under_the_same_rules_nothing_changes_even_later_and_with_more_history(office, three, clock, neighbours):
    clock.advance(timedelta(days=300))
    found = replay(office)
    assert (found["items"], found["examined"], found["next"]) == ([], 3, None)


def test_a_harder_profile_says_which_claims_it_would_block_and_changes_none(office, three, neighbours):
    neighbours.down = {"notes", "eligibility"}
    found = replay(office, profile={"authorization": "required"})
    assert [one["claim_id"] for one in found["items"]] == sorted(one["id"] for one in three)
    for one in found["items"]:
        assert (one["state"], one["scrub_result_before"], one["scrub_result_now"]) == ("ready", "ready", "blocked")
        assert "authorization_missing" in [finding["code"] for finding in one["came"]]
    assert [office.claim(one["id"]) for one in three] == three


def test_a_rule_that_is_switched_off_or_made_softer_would_let_a_claim_go(office, neighbours):
    neighbours.notes[NOTE] = a_draft()
    claim = office.create().json()
    [place] = [one["pointer"] for one in claim["findings"] if one["code"] == "note_unsigned"]
    [off] = replay(office, profile={"rules_off": ["note_unsigned"]})["items"]
    assert {"rule_code": "note_unsigned", "pointer": place} in off["went"]
    [softer] = replay(office, profile={"severities": {"note_unsigned": "warn"}})["items"]
    assert softer["softer"] == [{"rule_code": "note_unsigned", "pointer": place}]
    assert (softer["scrub_result_before"], softer["scrub_result_now"]) == ("blocked", "ready")


def test_another_way_to_count_units_would_change_the_charge(office, neighbours):
    techniques = [{"procedure_code": code, "region": "neck", "minutes": 20} for code in ("97124", "97110", "97112")]
    neighbours.notes[NOTE] = a_note(techniques=techniques)
    office.create()
    [one] = replay(office, profile={"unit_method": "ama"})["items"]
    assert one["charge_cents_now"] == 4500 + 4700 + 4900 < one["charge_cents_before"]


def test_as_of_another_day_deadlines_have_passed(office, three):
    found = replay(office, as_of="2027-06-01")
    assert [one["scrub_result_now"] for one in found["items"]] == ["blocked"] * 3
    assert all("filing_too_late" in [finding["code"] for finding in one["came"]] for one in found["items"])


@pytest.fixture
def imported(settings):
    lines = ["Code\tUnits\tIndicator\n", "97124\t2\t2 Date of Service Edit: Policy\n"]
    keep_file(settings, "mue.gz", import_limits(lines, "2026-10").packed())


@sqlite_only
def test_the_packaged_code_sets_show_what_an_import_changed(imported, office, neighbours):
    claim = office.create().json()
    assert replay(office)["items"] == []
    [one] = replay(office, code_sets="packaged")["items"]
    assert one["claim_id"] == claim["id"]
    assert one["went"]


def test_an_override_counts_in_a_replay(office, neighbours):
    neighbours.files[COVERAGE] = a_coverage_bundle(
        benefit={"active": "active", "massage": "not_covered", "service_type": "BE", "authorization": "not_required"}
    )
    claim = office.create().json()
    actor = {"id": "user-bettina", "name": "Bettina Crane", "role": "biller"}
    body = {"rule_code": "massage_not_covered", "reason": "The payer pays by its letter.", "actor": actor}
    assert office.post(f"/v1/claims/{claim['id']}/overrides", body).json()["state"] == "ready"
    [one] = replay(office, profile={"authorization": "required"})["items"]
    assert (one["scrub_result_before"], one["scrub_result_now"]) == ("ready", "blocked")


def test_claims_are_replayed_a_page_at_a_time_and_by_payer_and_day(office, three):
    profile = {"authorization": "required"}
    first = replay(office, profile=profile, limit=2)
    second = replay(office, profile=profile, limit=2, after=first["next"])
    assert (first["examined"], second["examined"], second["next"]) == (2, 1, None)
    assert len(first["items"] + second["items"]) == 3
    day = three[1]["date_of_service"]
    of_day = replay(office, date_of_service_from=day, date_of_service_to=day, payer_id=PAYER, profile=profile)
    assert [one["claim_id"] for one in of_day["items"]] == [three[1]["id"]]
    assert replay(office, payer_id="pay_another1")["examined"] == 0


def test_voided_claims_and_those_of_others_are_left_alone(office, three):
    office.post(f"/v1/claims/{three[0]['id']}/void", {})
    assert replay(office)["examined"] == 2
    theirs = office.post("/v1/rules/replay", {}, organization_id=OTHER_ORGANIZATION).json()
    assert (theirs["examined"], theirs["items"]) == (0, [])


@sqlite_only
@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({"profile": {"no_such_setting": 1}}, 409, "profile_invalid"),
        ({"profile": {"unit_method": "guess"}}, 409, "profile_invalid"),
        ({"profile": {"extends": "moon_health"}}, 409, "profile_invalid"),
        ({"profile": {"name": "Somebody"}}, 422, "malformed"),
        ({"limit": 51}, 422, "malformed"),
        ({"after": "nonsense"}, 422, "malformed"),
    ],
)
def test_settings_that_make_no_profile_are_refused(office, three, body, status, code):
    refused = office.post("/v1/rules/replay", body)
    assert (refused.status_code, refused.json()["code"]) == (status, code)
