"""Lists say exactly what was asked for: claims by every filter, messages in order of arrival."""

from datetime import date
from typing import get_args

import pytest
from sqlalchemy import event, text

from services.claims.domain.lifecycle import ClaimState
from services.claims.store import claims as store
from services.claims.store.claim_filter import ClaimFilter
from shared.contracts.claims import ClaimStateName
from tests.harness.tokens import ORGANIZATION
from tests.services.claims.factories import NOTE, PATIENT, PAYER, THERAPIST
from tests.services.claims.fake_clearinghouse import accepted, paid_in_part, rejected, remittance


@pytest.fixture
def four(scenario):
    """Claims of the first four days of 2026: paid in part, accepted, rejected, submitted; their ids in that order."""
    scenario.send(4)
    scenario.receive(remittance(paid_in_part(scenario.number(0))), "835")
    scenario.receive(accepted(scenario.number(1)))
    scenario.receive(rejected(scenario.number(2)))
    return [one["id"] for one in scenario.claims]


def found(scenario, query, **claims):
    answer = scenario.api.get(f"/v1/claims?{query}", **claims)
    assert answer.status_code == 200, answer.text
    return {one["id"] for one in answer.json()["items"]}


FILTERS = {
    "state=accepted": {1},
    "state=accepted&state=submitted": {1, 3},
    "state=blocked": set(),
    f"payer_id={PAYER}": {0, 1, 2, 3},
    "payer_id=pay_another1": set(),
    f"patient_id={PATIENT}&state=rejected": {2},
    "patient_id=pat_another1": set(),
    f"therapist_id={THERAPIST}&outcome=none": {1, 2, 3},
    "therapist_id=thr_another1": set(),
    f"note_id={NOTE}": {0},
    "note_id=note_0000003&state=submitted": set(),
    "outcome=paid": {0},
    "outcome=denied": set(),
    "next_action=fix_and_resubmit": {2},
    "next_action=sign_note": set(),
    "date_of_service_from=2026-01-02&date_of_service_to=2026-01-03": {1, 2},
    "date_of_service_from=2026-01-04": {3},
    "date_of_service_to=2026-01-01": {0},
    "date_of_service_from=2026-01-05": set(),
}


def test_claims_are_listed_by_what_was_asked_and_by_nothing_else(scenario, four):
    assert {query: found(scenario, query) for query in FILTERS} == {
        query: {four[place] for place in places} for query, places in FILTERS.items()
    }


def test_the_worklist_is_filtered_alike(scenario, four):
    open_work = {one for place, one in enumerate(four) if scenario.claim(place)["next_action"]["kind"] != "none"}
    assert {query: found(scenario, f"{query}&due_by=2099-12-31") for query in FILTERS} == {
        query: {four[place] for place in places} & open_work for query, places in FILTERS.items()
    }


@pytest.mark.parametrize(
    "query",
    [
        "state=nonsense",
        "state=accepted_by_payer",
        "state=ready&state=a",
        "outcome=rich",
        "payer_id=a b",
        "date_of_service_from=yesterday",
        "next_action=Do+it",
    ],
)
def test_what_is_no_filter_is_malformed_and_no_empty_list(office, query):
    assert office.get(f"/v1/claims?{query}").status_code == 422


def test_the_filter_knows_every_state_of_a_claim():
    assert set(get_args(ClaimStateName)) == {state.wire[0] for state in ClaimState}


def test_messages_are_listed_in_order_of_arrival_whatever_their_ids(scenario):
    scenario.send(6)
    for place in range(6):
        scenario.clearinghouse.deliver(accepted(scenario.number(place)))
    scenario.run()
    seen, following = [], ""
    while following is not None:
        page = scenario.api.get(f"/v1/messages?limit=4{following and '&after=' + following}").json()
        seen += [scenario.api.get(f"/v1/messages/{one['id']}/content").text for one in page["items"]]
        following = page["next"]
    assert seen == [one.content for one in scenario.clearinghouse.messages]


def test_a_state_that_no_message_can_have_is_malformed(office):
    assert office.get("/v1/messages?state=applied").json() == {"items": [], "next": None}
    assert office.get("/v1/messages?state=nonsense").status_code == 422


PLANS = {
    "the worklist": (
        "claims_by_due",
        lambda session: store.worklist_page(
            session, ORGANIZATION, due_by=date(2026, 3, 2), only=ClaimFilter(), after=None, limit=50
        ),
    ),
    "a file": ("claim_numbers_by_file", lambda session: store.claims_of_file(session, ORGANIZATION, "file_1")),
}


@pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
@pytest.mark.parametrize("name", PLANS)
def test_claims_are_found_by_an_index_and_not_among_all(scenario, name):
    index, ask = PLANS[name]
    asked = []
    with scenario.deps.database.reading() as session:
        event.listen(session.connection(), "before_cursor_execute", lambda *call: asked.append(call[2:4]))
        ask(session)
        sql, parameters = asked[0]
        plan = [row[3] for row in session.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {sql}", parameters)]
    assert any(index in step for step in plan), plan
    assert not any("(organization_id=?)" in step for step in plan), plan


@pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
def test_a_settled_claim_is_not_in_the_index_of_the_worklist(scenario):
    query = text("SELECT sql FROM sqlite_master WHERE name = 'claims_by_due'")
    with scenario.deps.database.reading() as session:
        assert session.connection().execute(query).scalar_one().endswith("WHERE next_kind <> 'none'")
