"""What was used before the practice moved in counts in the authorization's account and in the rules.

Every visit is 97124 for three units and 97110 for one.
"""

import pytest

from tests.services.claims.factories import BILLER, COVERAGE, a_coverage_bundle, a_payer
from tests.services.claims.test_authorization_ledger import ALL_VISITS, Desk, found, one
from tests.services.claims.test_permission_that_counts import referral

pytestmark = pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
COUNT = {
    "kind": "authorization",
    "coverage_id": COVERAGE,
    "visits": 4,
    "units": 14,
    "counted_through": "2026-01-31",
    "source": "Portal of the payer",
    "actor": BILLER,
}


def put(office, grant_id, **changed):
    return office.put(f"/v1/opening-visits/{grant_id}", {**COUNT, **changed})


def account(office, authorization_id):
    answer = office.get(f"/v1/authorizations/{authorization_id}/account").json()
    names = ("visits_used_before", "visits_used", "visits_left", "units_used_before", "units_used", "units_left")
    return tuple(answer[name] for name in names)


def test_visits_and_units_of_before_are_in_the_account_and_the_rules_until_they_are_taken_back(office, neighbours):
    granted = one("SIX", visits=5, units=30)
    desk = Desk(office, neighbours, granted)
    neighbours.files[COVERAGE] = desk.bundle
    made = put(office, granted["id"])
    assert (made.status_code, made.json()["visits"], made.headers["etag"]) == (201, 4, '"1"')
    assert account(office, granted["id"]) == (4, 4, 1, 14, 14, 16)
    first, second = desk.bill(0), desk.bill(1)
    assert [found(claim) for claim in (first, second)] == [[], ALL_VISITS]
    assert account(office, granted["id"]) == (4, 5, 0, 14, 18, 12)
    undone = put(office, granted["id"], visits=0, units=0, reason="They were another patient's.")
    assert (undone.status_code, undone.json()["version"]) == (200, 2)
    assert found(desk.refresh(second)) == []
    assert account(office, granted["id"]) == (0, 2, 3, 0, 8, 22)
    assert office.get(f"/v1/opening-visits/{granted['id']}").json()["source"] == "Portal of the payer"
    trail = [one["reason"] for one in office.get("/v1/audit-entries?limit=200", scopes=["audit:read"]).json()["items"]]
    assert "They were another patient's." in trail


def test_units_of_before_are_used_up_by_the_line(office, neighbours):
    granted = one("TWENTY", units=20)
    desk = Desk(office, neighbours, granted)
    neighbours.files[COVERAGE] = desk.bundle
    assert put(office, granted["id"], units=17, visits=0).status_code == 201
    assert found(desk.bill(0)) == [("authorization_units_used", "/claim/lines/1/units")]


def test_visits_of_an_order_and_of_a_plans_year_count_too(office, neighbours):
    order = referral("ORDER", visits=5, issued_on="2025-12-15")
    desk = Desk(office, neighbours, referrals=[order], payer={"referral": "required"})
    neighbours.files[COVERAGE] = desk.bundle
    assert put(office, order["id"], kind="referral", visits=5).status_code == 201
    assert [code for code, _ in found(desk.bill(0))] == ["referral_visits_used"]
    desk.bundle = a_coverage_bundle(
        payer=a_payer(),
        benefit={
            "active": "active",
            "massage": "covered",
            "service_type": "BE",
            "authorization": "not_required",
            "visits_limit": 12,
        },
    )
    neighbours.files[COVERAGE] = desk.bundle

    def codes(claim):
        return [(one["code"], one["message"]) for one in claim["findings"] if one["code"].startswith("visits_")]

    assert [code for code, _ in codes(desk.bill(1))] == ["visits_left_unknown"]
    assert put(office, COVERAGE, kind="benefit", visits=12, counted_through="2025-12-31").status_code == 201
    assert [code for code, _ in codes(desk.bill(2))] == ["visits_left_unknown"]
    assert put(office, COVERAGE, kind="benefit", visits=10, counted_through="2026-02-15").status_code == 200
    made = office.get("/v1/claims").json()["items"][-1]
    [(_, message)] = [one for one in codes(desk.refresh(made)) if one[0] == "visits_used_up"]
    assert "12 visits, and 2 visits were billed here before this one, 10 more before that" in message


def test_a_count_is_of_what_is_on_file_and_of_days_that_are_over(office, neighbours):
    refused = put(office, "auth_none")
    assert [(one["code"], one["pointer"]) for one in refused.json()["errors"]] == [("grant_unknown", "/body/kind")]
    later = put(office, COVERAGE, kind="benefit", counted_through="2026-03-03")
    assert [(one["code"], one["pointer"]) for one in later.json()["errors"]] == [
        ("count_in_future", "/body/counted_through")
    ]
    assert put(office, "auth_none", coverage_id="cov_none").status_code == 404
    assert office.get("/v1/opening-visits/auth_none").status_code == 404
