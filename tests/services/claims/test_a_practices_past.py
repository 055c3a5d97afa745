"""A practice's past over HTTP: its files are taken, the worker makes the report, and the files go with it."""

import base64

import pytest

from services.claims.store.tables import HistoryFileRow, HistoryReportRow, HistoryRow
from shared.contracts.histories import MAX_HISTORY_BYTES
from shared.database.operations import AuditEntry
from shared.dates import local_date
from tests.harness.tokens import ORGANIZATION, OTHER_ORGANIZATION
from tests.services.claims.domain.histories.planted import clean_files, planted_files
from tests.services.claims.domain.histories.test_planted import PLANTED
from tests.services.claims.factories import BILLER, a_practice

PAYERS = [
    {"identifier": "RAINC", "profile": "commercial_wa", "timely_filing_days": 365, "fees": {"97124": 4000}},
]
BOOKS = [
    {"claim_number": "CLEAN1", "billed_to_patient_cents": 2500, "written_off_cents": 3900},
    {"claim_number": "BILLED", "billed_to_patient_cents": 6400},
    {"claim_number": "WROTEOFF", "written_off_cents": 6400},
]
BOTH = pytest.mark.parametrize("database_kind", ["sqlite", "postgresql"], indirect=True)
ONE = pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)


def begun(scenario, **changed) -> str:
    body = {"as_of": "2026-06-20", "actor": BILLER, **changed}
    answer = scenario.api.post("/v1/histories", body)
    assert answer.status_code == 201, answer.text
    return answer.json()["id"]


def add(scenario, history_id, name, content):
    body = {"name": name, "file": base64.b64encode(content).decode(), "actor": BILLER}
    return scenario.api.post(f"/v1/histories/{history_id}/files", body)


def ask(scenario, history_id):
    return scenario.api.post(f"/v1/histories/{history_id}/report", {"actor": BILLER})


def get(scenario, path):
    answer = scenario.api.get(path)
    assert answer.status_code == 200, answer.text
    return answer.json()


def pages(scenario, path):
    found, after = [], ""
    while True:
        page = get(scenario, f"{path}{'&' if '?' in path else '?'}limit=7{after}")
        found += page["items"]
        if page["next"] is None:
            return found
        after = f"&after={page['next']}"


def refused(answer):
    assert answer.status_code == 409, answer.text
    return answer.json()["code"]


@BOTH
def test_the_report_finds_what_was_planted_and_the_files_go_with_it(scenario):
    history_id = begun(scenario, payers=PAYERS, own_balances=BOOKS)
    sent = planted_files()
    for name, content in sent.items():
        assert add(scenario, history_id, name, content).status_code == 201
    total = sum(map(len, sent.values()))
    path = f"/v1/histories/{history_id}"
    before = get(scenario, path)
    assert (before["state"], before["files"], before["total_bytes"], before["report"]) == ("open", 14, total, None)
    assert refused(scenario.api.get(f"{path}/findings")) == "history_not_reported"
    assert ask(scenario, history_id).json()["state"] == "asked"
    assert scenario.run().histories == 1
    assert scenario.run().histories == 0

    findings = pages(scenario, f"{path}/findings")
    assert {(one["kind"], one["claim_number"], one["cents"], one["rule"]) for one in findings} == PLANTED
    assert len(findings) == len(PLANTED)
    assert [one["claim_number"] for one in pages(scenario, f"{path}/findings?kind=underpaid")] == ["SHORT"]
    report = get(scenario, path)["report"]
    assert (report["findings"], report["claims"], report["files"]) == (24, 29, [])
    assert sum(one["cents"] for one in report["totals"]) == sum(cents for _, _, cents, _ in PLANTED)
    claims = {one["claim_number"]: one for one in pages(scenario, f"{path}/claims")}
    assert len(claims) == 29
    assert claims["CLEAN0"]["money"] == {
        "charge_cents": 13500,
        "paid_cents": 7100,
        "written_off_cents": 3900,
        "patient_balance_cents": 2500,
        "patient_paid_cents": 0,
        "insurer_balance_cents": 0,
        "other_payers_cents": 0,
    }
    assert [one for one in (*findings, *claims.values()) if one["patient_name"] is not None] == []

    assert scenario.rows(HistoryFileRow) == []
    assert scenario.api.events()[-1]["type"] == "history.reported"
    assert scenario.api.events()[-1]["data"] == {"findings": 24, "claims": 29}
    assert [row.id for row in scenario.rows(HistoryReportRow)] == [history_id]


@ONE
def test_no_claim_is_made_of_the_past(scenario):
    history_id = begun(scenario)
    for name, content in clean_files().items():
        add(scenario, history_id, name, content)
    ask(scenario, history_id)
    scenario.run()
    assert get(scenario, f"/v1/histories/{history_id}")["report"]["claims"] == 6
    assert get(scenario, "/v1/claims")["items"] == []
    assert get(scenario, "/v1/worklist")["items"] == []


@ONE
def test_a_history_is_as_of_the_practices_day_unless_it_says_another(scenario):
    answer = scenario.api.post("/v1/histories", {"actor": BILLER}).json()
    assert answer["as_of"] == local_date(scenario.clock.now(), "America/Los_Angeles").isoformat()
    assert [one["id"] for one in get(scenario, "/v1/histories")["items"]] == [answer["id"]]


@ONE
def test_what_is_wrong_with_a_file_is_said_in_the_report(scenario):
    history_id = begun(scenario)
    add(scenario, history_id, "photo.jpg", b"\xff\xd8\xff\xe0JFIF" * 99)
    add(scenario, history_id, "a.835", clean_files()["2026/paid.835"])
    ask(scenario, history_id)
    scenario.run()
    report = get(scenario, f"/v1/histories/{history_id}")["report"]
    assert [(one["name"], [each["code"] for each in one["problems"]]) for one in report["files"]] == [
        ("photo.jpg", ["not_x12"])
    ]
    assert [(one["kind"], one["findings"], one["cents"]) for one in report["totals"]] == [
        ("payment_without_claim", 6, 42600)
    ]


@ONE
def test_a_history_that_was_asked_takes_nothing_more(scenario):
    history_id = begun(scenario)
    assert refused(ask(scenario, history_id)) == "history_empty"
    add(scenario, history_id, "a.835", clean_files()["2026/paid.835"])
    assert ask(scenario, history_id).status_code == 202
    assert refused(add(scenario, history_id, "b.835", b"x")) == "history_closed"
    assert refused(ask(scenario, history_id)) == "history_closed"
    assert refused(scenario.api.client.delete(f"/v1/histories/{history_id}", headers=scenario.api._bearer())) == (
        "history_asked"
    )
    scenario.run()
    assert refused(add(scenario, history_id, "b.835", b"x")) == "history_closed"


@ONE
def test_a_discarded_history_leaves_no_row(scenario):
    reported, opened = begun(scenario), begun(scenario)
    for history_id in (reported, opened):
        add(scenario, history_id, "a.835", clean_files()["2026/paid.835"])
    ask(scenario, reported)
    scenario.run()
    headers = scenario.api._bearer()
    for history_id in (reported, opened):
        assert scenario.api.client.delete(f"/v1/histories/{history_id}", headers=headers).status_code == 204
        assert scenario.api.get(f"/v1/histories/{history_id}").status_code == 404
    assert [scenario.rows(each) for each in (HistoryRow, HistoryFileRow, HistoryReportRow)] == [[], [], []]
    acts = [one.action for one in scenario.rows(AuditEntry) if one.subject_id == reported]
    assert {"create_history", "add_history_file", "ask_history_report", "discard_history"} <= set(acts)


@ONE
def test_a_history_is_its_organizations_alone(scenario):
    history_id = begun(scenario)
    add(scenario, history_id, "a.835", clean_files()["2026/paid.835"])
    other = {"organization_id": OTHER_ORGANIZATION}
    scenario.api.set_up(**other)
    assert scenario.api.get(f"/v1/histories/{history_id}", **other).status_code == 404
    assert scenario.api.get("/v1/histories", **other).json()["items"] == []
    body = {"name": "b", "file": "YQ==", "actor": BILLER}
    assert scenario.api.post(f"/v1/histories/{history_id}/files", body, **other).status_code == 404
    assert scenario.api.post(f"/v1/histories/{history_id}/report", {"actor": BILLER}, **other).status_code == 404


@ONE
def test_what_is_no_base64_no_profile_or_too_much_is_refused(scenario):
    history_id = begun(scenario)
    body = {"name": "a", "file": "YQ=a", "actor": BILLER}
    assert scenario.api.post(f"/v1/histories/{history_id}/files", body).status_code == 422
    nowhere = [{"identifier": "RAINC", "profile": "nowhere"}]
    answer = scenario.api.post("/v1/histories", {"payers": nowhere, "actor": BILLER})
    assert refused(answer) == "payer_profile_invalid"
    assert answer.json()["errors"][0]["pointer"] == "/body/payers/0/profile"


@ONE
def test_a_long_file_comes_in_parts_of_one_name(scenario):
    history_id = begun(scenario)
    for name, content in clean_files().items():
        for start in range(0, len(content), 1_000):
            assert add(scenario, history_id, name, content[start : start + 1_000]).status_code == 201
    assert get(scenario, f"/v1/histories/{history_id}")["files"] > 3
    ask(scenario, history_id)
    scenario.run()
    report = get(scenario, f"/v1/histories/{history_id}")["report"]
    assert (report["claims"], report["findings"], report["files"]) == (6, 0, [])


@ONE
def test_a_full_history_and_a_part_that_is_too_long_say_so(scenario):
    history_id = begun(scenario)
    assert add(scenario, history_id, "long.835", b"x" * 713_000).status_code == 422
    assert add(scenario, history_id, "longer.835", b"x" * 1_000_000).status_code == 413

    def fill(session):
        row = session.get(HistoryRow, (ORGANIZATION, history_id))
        row.total_bytes = MAX_HISTORY_BYTES - 1
        session.add(row)

    scenario.deps.database.run(fill)
    assert refused(add(scenario, history_id, "two.835", b"xx")) == "history_full"
    assert add(scenario, history_id, "one.835", b"x").status_code == 201


@ONE
def test_before_the_practice_is_put_there_is_no_history(api):
    assert api.post("/v1/histories", {"actor": BILLER}).json()["code"] == "practice_not_found"
    assert api.put("/v1/practice", a_practice()).status_code == 201
    assert api.post("/v1/histories", {"actor": BILLER}).status_code == 201
