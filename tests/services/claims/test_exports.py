"""What a warehouse takes: each change of claims and ledger once, in the order of its commit, whoever else writes."""

import json
from threading import Thread

import pytest

from services.claims.flows.reports.export_changes import ENTRIES_AT_ONCE
from shared.database.operations import IMPORTED, add_audit
from shared.ids import random_ids
from tests.harness.tokens import ORGANIZATION, OTHER_ORGANIZATION
from tests.services.claims.factories import BILLER, CANARIES
from tests.services.claims.fake_clearinghouse import denied, paid_in_part, remittance
from tests.services.claims.reported_practice import DAYS, ReportedPractice

ON_SQLITE = pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
CASH = {"received_on": "2026-03-02", "method": "cash", "actor": BILLER}


def page(api, after=None, limit=500, **claims):
    """(records, end) of one page."""
    answer = api.get(f"/v1/exports/changes?limit={limit}{f'&after={after}' if after else ''}", **claims)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "application/x-ndjson"
    *records, end = [json.loads(line) for line in answer.text.splitlines()]
    assert end["type"] == "end"
    return records, end["data"]


def read(api, limit=500, after=None):
    """All records from a cursor on, and the last cursor."""
    found = []
    while True:
        records, end = page(api, after, limit)
        found, after = [*found, *records], end["cursor"]
        if not end["more"]:
            return found, after


def of(records, kind):
    return [one["data"] for one in records if one["type"] == kind]


def ledger(api):
    """Every entry of every claim, by the lists that callers have."""
    claims = api.get("/v1/claims?limit=200").json()["items"]
    pages = [api.get(f"/v1/claims/{one['id']}/ledger?limit=200").json()["items"] for one in claims]
    return {entry["id"]: entry for entries in pages for entry in entries}


@ON_SQLITE
def test_in_pages_of_any_size_each_entry_comes_once_and_each_claim_as_it_is_now(scenario):
    practice = ReportedPractice(scenario)
    for day in DAYS[:2]:
        practice.live(day)
    whole, cursor = read(scenario.api)
    practice.live(DAYS[2])
    later, _ = read(scenario.api, after=cursor)
    entries = ledger(scenario.api)
    told = [*of(whole, "ledger_entry"), *of(later, "ledger_entry")]
    assert (len(told), {one["id"]: one for one in told}) == (len(entries), entries)
    for limit in (1, 9):
        records, _ = read(scenario.api, limit)
        assert of(records, "ledger_entry") == told
        newest = {one["id"]: one for one in of(records, "claim")}
        for claim in scenario.api.get("/v1/claims?limit=200").json()["items"]:
            assert newest[claim["id"]] == {name: claim[name] for name in newest[claim["id"]]}
            lines = [one for one in of(records, "line") if one["claim_id"] == claim["id"]]
            assert lines[-2:] == [{**one, "claim_id": claim["id"]} for one in claim["lines"]]
    changed = {one["id"] for one in of(later, "claim")}
    assert changed >= {practice.ids[name] for name in ("c1", "c2", "r1", "r2")}
    assert practice.ids["c8"] not in changed


def test_who_reads_while_others_write_misses_nothing_and_has_nothing_twice(scenario):
    """A remittance, patients' payments from a thread of their own, and a reader in small pages, all at once."""
    scenario.send(3)
    scenario.receive(remittance(paid_in_part(scenario.number(0)), denied(scenario.number(1))), "835")
    answers = []

    def pay():
        for place in range(12):
            path = f"/v1/claims/{scenario.claims[place % 3]['id']}/patient-payments"
            answer = scenario.api.post(path, {"amount_cents": 100 + place, **CASH}, key=f"cash-in-{place:04d}")
            answers.append(answer.status_code)

    writer = Thread(target=pay)
    writer.start()
    told, cursor = [], None
    while writer.is_alive():
        records, cursor = read(scenario.api, 2, cursor)
        told += of(records, "ledger_entry")
    writer.join()
    records, _ = read(scenario.api, 2, cursor)
    told += of(records, "ledger_entry")
    assert answers == [201] * 12
    entries = ledger(scenario.api)
    assert (len(told), {one["id"]: one for one in told}) == (len(entries), entries)


def audited(scenario, action, count=1, changes=()):
    """Entries of the trail that are of nobody's request."""

    def write(session):
        for _ in range(count):
            entry = add_audit(
                session,
                random_ids,
                organization_id=ORGANIZATION,
                at=scenario.clock.now(),
                client_id="cli_test0001",
                action=action,
                subject_id=ORGANIZATION,
            )
        entry.changes = list(changes)

    scenario.deps.database.run(write)


@ON_SQLITE
def test_a_page_looks_through_a_part_of_the_trail_and_says_that_there_may_be_more(scenario):
    """So many reads stand before the claim that the first page has nothing; its cursor goes on behind them."""
    _, start = read(scenario.api)
    audited(scenario, "list_claims", ENTRIES_AT_ONCE)
    scenario.make()
    records, end = page(scenario.api, start)
    assert (records, end["more"]) == ([], True)
    behind = end["cursor"]
    records, end = page(scenario.api, behind)
    assert (len(of(records, "claim")), end["more"]) == (1, False)
    assert page(scenario.api, behind) == (records, end)
    assert page(scenario.api, end["cursor"]) == ([], end)


@ON_SQLITE
def test_an_organization_that_came_from_elsewhere_is_not_exported_a_second_time(scenario):
    """The trail that came with it names its rows, and those that name them with their new MACs are left out."""
    scenario.send()
    told, cursor = read(scenario.api)
    rows = [["ledger", one["id"], "1:00"] for one in of(told, "ledger_entry")]
    audited(scenario, IMPORTED, changes=rows)
    assert rows
    assert read(scenario.api, after=cursor)[0] == []
    assert read(scenario.api)[0] == told


@ON_SQLITE
def test_nothing_of_a_person_is_in_it_and_nothing_of_another_organization(scenario):
    scenario.send()
    text = scenario.api.get("/v1/exports/changes").text
    assert not [one for one in CANARIES if one in text]
    records, end = page(scenario.api, organization_id=OTHER_ORGANIZATION)
    assert (records, end["more"]) == ([], False)


@ON_SQLITE
def test_a_cursor_that_no_page_gave_is_refused(office):
    answer = office.get("/v1/exports/changes?after=bm9uZQ")
    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (422, "cursor_invalid")
