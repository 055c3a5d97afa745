"""A claim that is not submitted is refreshed or voided, another is left alone. Lists and books are paged."""

from datetime import timedelta

import pytest
from sqlmodel import select

from services.claims.store.tables import ClaimNumberRow
from tests.services.claims.conftest import SET_UP_EVENTS
from tests.services.claims.factories import (
    COVERAGE,
    FEES,
    NOTE,
    a_coverage_bundle,
    a_draft,
    a_fee_schedule,
    a_note,
    a_payer,
)
from tests.services.claims.fake_clearinghouse import accepted, paid_in_part, rejected, remittance

sqlite_only = pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)


def refresh(api, claim):
    return api.post(f"/v1/claims/{claim['id']}/refresh", {})


def void(api, claim):
    return api.post(f"/v1/claims/{claim['id']}/void", {})


def test_a_refresh_after_the_signature_makes_a_blocked_claim_ready(office, neighbours):
    neighbours.notes[NOTE] = a_draft()
    claim = office.create().json()
    neighbours.notes[NOTE] = a_note()
    fresh = refresh(office, claim).json()
    assert (fresh["state"], fresh["claim_number"], fresh["version"]) == ("ready", claim["claim_number"], 2)
    assert fresh["next_action"]["kind"] == "submit"


def test_a_refresh_reads_the_coverage_again_and_may_block_a_ready_claim(office, neighbours):
    claim = office.create().json()
    neighbours.files[COVERAGE] = a_coverage_bundle(payer=a_payer(authorization="required"))
    fresh = refresh(office, claim).json()
    assert fresh["state"] == "blocked"
    assert "authorization_missing" in [one["code"] for one in fresh["findings"] if one["severity"] == "block"]


def test_a_refresh_books_the_charge_to_what_it_is_now_and_a_line_that_is_gone_to_zero(office, neighbours):
    claim = office.create().json()
    neighbours.notes[NOTE] = a_note(techniques=[{"procedure_code": "97124", "region": "neck", "minutes": 60}])
    fresh = refresh(office, claim).json()
    assert [line["charge_cents"] for line in fresh["lines"]] == [18_000]
    assert fresh["money"] == claim["money"] | {"charge_cents": 18_000, "insurer_balance_cents": 18_000}
    entries = office.get(f"/v1/claims/{claim['id']}/ledger").json()["items"]
    assert sorted((e["from_account"], e["to_account"], e["amount_cents"]) for e in entries[2:]) == [
        ("charges", "insurer", 4_500),
        ("insurer", "charges", 4_700),
    ]


def test_a_refresh_takes_the_fees_of_today(office):
    claim = office.create().json()
    fees = [{"procedure_code": code, "charge_cents": 5000} for code in ("97124", "97110")]
    office.put(f"/v1/fee-schedules/{FEES}", a_fee_schedule(fees=fees))
    assert refresh(office, claim).json()["money"]["charge_cents"] == 20_000


def test_a_refresh_with_a_neighbour_down_changes_nothing(office, neighbours):
    claim = office.create().json()
    neighbours.down = {"eligibility"}
    assert refresh(office, claim).status_code == 503
    assert office.claim(claim["id"]) == claim


@pytest.mark.parametrize(
    ("action", "code"),
    [("refresh", "claim_already_submitted"), ("void", "answer_awaited"), ("correct", "answer_awaited")],
)
def test_a_claim_in_somebodys_hands_is_neither_refreshed_nor_corrected_nor_voided(scenario, action, code):
    scenario.submit()
    path = f"/v1/claims/{scenario.claims[0]['id']}/{action}"
    body = {"reason": "The note says otherwise."} if action == "correct" else {}
    for step in (lambda: None, scenario.run, lambda: scenario.receive(accepted(scenario.number(), "AY"))):
        step()
        before = scenario.claim()
        refused = scenario.api.post(path, body)
        assert (refused.status_code, refused.json()["code"]) == (409, code)
        assert scenario.claim() == before
    scenario.receive(remittance(paid_in_part(scenario.number())), "835")
    assert scenario.api.post(path, body).status_code == (409 if action == "refresh" else 200)


def test_a_rejected_claim_that_is_mended_goes_out_as_new_under_a_new_number(scenario):
    scenario.send()
    old = scenario.number()
    scenario.receive(rejected(old))
    fresh = refresh(scenario.api, scenario.claims[0]).json()
    assert (fresh["state"], fresh["state_by"], fresh["submitted_at"]) == ("ready", None, None)
    assert fresh["claim_number"] != old
    assert {row.id for row in scenario.rows(ClaimNumberRow)} == {old, fresh["claim_number"]}
    assert scenario.api.submit(fresh["id"]).status_code == 202
    assert scenario.run().sent == 1
    assert [old in content for content in scenario.clearinghouse.taken] == [True, False]
    assert [one["claim_ids"] for one in scenario.files()] == [[fresh["id"]], [fresh["id"]]]


def test_a_void_books_the_charge_out_and_leaves_nothing_to_do(office):
    claim = office.create().json()
    voided = void(office, claim).json()
    assert (voided["state"], voided["next_action"]["kind"]) == ("voided", "none")
    assert set(voided["money"].values()) == {0}
    assert void(office, claim).status_code == 409


def test_a_voided_claim_makes_room_for_another_of_the_same_note(office):
    first = office.create().json()
    void(office, first)
    second = office.create()
    assert second.status_code == 201
    assert second.json()["claim_number"] != first["claim_number"]
    assert office.create().json()["code"] == "claim_exists"


def test_claims_are_paged_in_order_of_id_without_gaps_or_repeats(scenario):
    scenario.make(5)
    seen, following = [], ""
    while following is not None:
        page = scenario.api.get(f"/v1/claims?limit=2{following and '&after=' + following}").json()
        seen += [one["id"] for one in page["items"]]
        following = page["next"]
    assert seen == sorted(one["id"] for one in scenario.claims)


def test_the_worklist_holds_what_is_due_by_a_day_and_nothing_that_is_done(scenario, clock):
    scenario.make(2)
    scenario.api.post(f"/v1/claims/{scenario.claims[1]['id']}/void", {})

    def due(day):
        return [one["id"] for one in scenario.api.get(f"/v1/claims?due_by={day}").json()["items"]]

    today = scenario.claim()["next_action"]["due_on"]
    yesterday = (clock.now().date() - timedelta(days=1)).isoformat()
    assert due(today) == [scenario.claims[0]["id"]]
    assert due(yesterday) == []


def test_the_worklist_is_paged_with_the_most_urgent_first(scenario):
    scenario.send(2)
    scenario.make(5)
    path = "/v1/claims?due_by=2099-12-31&limit=2"
    pages = [scenario.api.get(path).json()]
    while pages[-1]["next"]:
        pages.append(scenario.api.get(f"{path}&after={pages[-1]['next']}").json())
    work = [(one["next_action"]["due_on"], one["id"]) for page in pages for one in page["items"]]
    assert [len(page["items"]) for page in pages] == [2, 2, 1]
    assert work == sorted(set(work))
    assert len({due for due, _id in work}) > 1
    assert scenario.api.get("/v1/claims?due_by=2099-12-31&after=WyJ4IiwieSJd").status_code == 422


@pytest.mark.parametrize("modifiers", [{"97124": ["59", "GP", "XS", "XE", "KX"]}, {"massage": ["59"]}])
@sqlite_only
def test_modifiers_are_four_at_most_for_a_procedure(office, modifiers):
    answer = office.create(modifiers=modifiers)
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["pointer"].startswith("/body/modifiers")


def test_the_ledger_is_paged_and_every_entry_has_its_cause(scenario):
    scenario.send()
    message = scenario.receive(remittance(paid_in_part(scenario.number())), "835")
    path = f"/v1/claims/{scenario.claims[0]['id']}/ledger?limit=4"
    first = scenario.api.get(path).json()
    rest = scenario.api.get(f"{path}&after={first['next']}").json()
    entries = [*first["items"], *rest["items"]]
    assert len(entries) == 7 == len({one["id"] for one in entries})
    assert {one["source_id"] for one in entries} == {scenario.claims[0]["id"], message["id"]}
    assert sum(one["amount_cents"] for one in entries if one["to_account"] == "paid") == 11_445


@sqlite_only
def test_a_cursor_or_a_limit_that_is_none_is_422(office):
    for query in ("after=nonsense", "limit=0", "limit=201", "due_by=yesterday"):
        answer = office.get(f"/v1/claims?{query}")
        assert (query, answer.status_code) == (query, 422)
        assert answer.json()["errors"][0]["pointer"] == f"/query/{query.split('=')[0]}"


def test_every_step_is_audited_and_the_feed_has_no_gap(scenario):
    scenario.send()
    scenario.receive(rejected(scenario.number()))
    refresh(scenario.api, scenario.claims[0])
    void(scenario.api, scenario.claims[0])
    events = scenario.api.events()
    assert [one["sequence"] for one in events] == [1, 2, 3, 4, 5, 6, 7, 8]
    assert [one["type"] for one in events] == [
        *SET_UP_EVENTS,
        "claim.ready",
        "claim.submitted",
        "claim.rejected",
        "claim.ready",
        "claim.voided",
    ]
    assert scenario.api.get("/v1/events?after=6").json()["next"] == 8


def test_numbers_are_kept_for_ever(scenario):
    scenario.make()
    with scenario.deps.database.reading() as session:
        kept = session.exec(select(ClaimNumberRow)).one()
    assert (kept.id, kept.claim_id) == (scenario.number(), scenario.claims[0]["id"])
