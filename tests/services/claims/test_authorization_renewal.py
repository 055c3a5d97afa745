"""An authorization that runs out is in the worklist in time, with what renews it, until another follows."""

from datetime import date, timedelta

import pytest

from services.claims.domain.authorization_renewal import Grant, renewals
from services.claims.store.tables import TaskRow
from tests.services.claims.factories import BILLER, COVERAGE, a_coverage_bundle, a_payer
from tests.services.claims.test_permission_that_counts import authorization

ON_SQLITE = pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
TODAY = date(2026, 3, 2)
YEAR = {"effective_from": "2026-01-01", "effective_to": "2026-12-31"}


def grant(name="one", first=date(2026, 1, 1), last=date(2026, 12, 31), visits=12, units=None, codes=(), in_use=True):
    return Grant(name, first, last, visits, units, frozenset(codes), in_use)


@pytest.mark.parametrize(
    ("one", "due"),
    [
        (grant(), ("authorization_expiring", date(2026, 12, 1))),
        (grant(last=date(2026, 3, 3)), ("authorization_expiring", date(2026, 2, 1))),
        (grant(last=date(2026, 3, 2)), ("authorization_expiring", date(2026, 2, 23))),
        (grant(visits=3, units=11), ("authorization_expiring", date(2026, 12, 1))),
        (grant(visits=None), ("authorization_expiring", date(2026, 12, 1))),
        (grant(visits=2), ("authorization_nearly_used", TODAY)),
        (grant(visits=None, units=10), ("authorization_nearly_used", TODAY)),
        (grant(visits=0, last=date(2026, 3, 1)), ("authorization_expiring", date(2026, 2, 22))),
        (grant(in_use=False, visits=0), None),
    ],
)
def test_it_is_renewed_30_or_7_days_before_its_end_and_with_the_last_2_visits_or_10_units(one, due) -> None:
    assert [(found.rule, found.due_on) for found in renewals([one], TODAY)] == ([due] if due else [])


@pytest.mark.parametrize(
    ("other", "follows"),
    [
        ({"last": date(2027, 1, 1)}, True),
        ({"last": date(2026, 12, 31)}, False),
        ({"last": date(2027, 1, 1), "visits": 2}, False),
        ({"last": date(2027, 1, 1), "codes": ["97124"]}, True),
        ({"last": date(2027, 1, 1), "codes": ["97110"]}, False),
    ],
)
def test_what_counts_later_for_the_same_procedures_with_enough_left_follows_it(other, follows) -> None:
    one = grant(codes=["97124"])
    after = grant("other", in_use=False, **other)
    assert [found.authorization_id for found in renewals([one, after], TODAY)] == ([] if follows else ["one"])


def test_of_one_that_is_nearly_used_another_to_the_same_day_follows_it() -> None:
    assert renewals([grant(visits=1), grant("other", in_use=False)], TODAY) == []
    assert [one.rule for one in renewals([grant(visits=1), grant("other", visits=2)], TODAY)] == [
        "authorization_nearly_used",
        "authorization_nearly_used",
    ]


def has(scenario, *authorizations):
    payer = a_payer(authorization="required")
    scenario.neighbours.files[COVERAGE] = a_coverage_bundle(payer=payer, authorizations=list(authorizations))


def listed(scenario):
    items = scenario.api.get("/v1/worklist?kind=renew_authorization").json()["items"]
    return [(one["subject_id"], one["next_action"]["due_on"], one["next_action"]["rule"]) for one in items]


def test_the_first_claim_under_it_makes_the_task_and_the_last_visits_make_it_due(scenario) -> None:
    has(scenario, authorization("FOUR", **YEAR, visits=4))
    scenario.make()
    assert listed(scenario) == [("auth_FOUR", "2026-12-01", "authorization_expiring")]
    scenario.make(2)
    assert listed(scenario) == [("auth_FOUR", "2026-03-02", "authorization_nearly_used")]
    [item] = scenario.api.get("/v1/worklist?kind=renew_authorization").json()["items"]
    assert item == {
        "subject_type": "authorization",
        "subject_id": "auth_FOUR",
        "payer_id": scenario.claims[0]["payer_id"],
        "patient_id": None,
        "next_action": {
            "kind": "renew_authorization",
            "owner": "biller",
            "due_on": "2026-03-02",
            "reason": "Of an authorization 2 visits are left.",
            "rule": "authorization_nearly_used",
            "amount_cents": None,
            "assignee_id": None,
            "operation": {
                "service": "eligibility",
                "operation_id": "put_authorization",
                "method": "PUT",
                "path": "/v1/authorizations/auth_FOUR-next",
                "body": {},
                "needs": ["coverage_id", "number", "effective_from", "effective_to", "actor"],
            },
        },
    }


def test_the_task_ends_by_itself_once_another_authorization_counts_without_another_claim(scenario, clock) -> None:
    two = authorization("TWO", **YEAR, visits=3)
    has(scenario, two)
    scenario.make()
    assert len(listed(scenario)) == 1
    assert (scenario.run().renewed, scenario.run().renewed) == (0, 0)
    [task] = scenario.rows(TaskRow)
    assert task.looked_at_on == TODAY
    has(scenario, two, authorization("NEXT", **YEAR, visits=12))
    assert scenario.run().renewed == 0  # it was looked at today
    clock.advance(timedelta(days=1))
    assert scenario.run().renewed == 1
    assert listed(scenario) == []


@ON_SQLITE
def test_a_refreshed_claim_ends_it_at_once_and_so_does_a_person_who_plans_no_more_visits(scenario) -> None:
    two = authorization("TWO", **YEAR, visits=3)
    has(scenario, two)
    scenario.make()
    has(scenario, two, authorization("NEXT", **YEAR, visits=12))
    refreshed = scenario.api.post(f"/v1/claims/{scenario.claims[0]['id']}/refresh", {})
    assert (refreshed.status_code, listed(scenario)) == (200, [])
    has(scenario, two)
    scenario.api.post(f"/v1/claims/{scenario.claims[0]['id']}/refresh", {}).raise_for_status()
    items = [{"subject_type": "authorization", "subject_id": "auth_TWO", "kind": "renew_authorization"}]
    done = scenario.api.post("/v1/worklist/bulk", {"act": "done", "items": items, "actor": BILLER})
    assert (done.json()["items"][0]["result"], listed(scenario)) == ("done", [])


@ON_SQLITE
def test_where_eligibility_does_not_answer_the_task_stays_and_one_that_is_gone_ends_it(scenario) -> None:
    has(scenario, authorization("TWO", **YEAR, visits=3))
    scenario.make()
    scenario.neighbours.down.add("eligibility")
    assert (scenario.run().renewed, len(listed(scenario))) == (0, 1)
    scenario.neighbours.down.clear()
    bundle = scenario.neighbours.files.pop(COVERAGE)
    scenario.neighbours.files[COVERAGE] = bundle | {"authorizations": []}
    assert (scenario.run().renewed, listed(scenario)) == (1, [])
