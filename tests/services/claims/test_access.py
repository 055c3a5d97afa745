"""Who may do what: tokens, scopes, and nothing of another organization, on every route."""

import pytest

from tests.harness.tokens import OTHER_ORGANIZATION
from tests.services.claims.factories import BILLER, COVERAGE, FEES, NOTE, THERAPIST
from tests.services.claims.fake_clearinghouse import accepted

READS = [
    "/v1/practice",
    f"/v1/therapists/{THERAPIST}",
    f"/v1/fee-schedules/{FEES}",
    "/v1/claims",
    "/v1/claims/clm_00000001",
    "/v1/claims/clm_00000001/ledger",
    "/v1/authorizations/auth_00000001/account",
    "/v1/files",
    "/v1/files/file_00000001/content",
    "/v1/messages",
    "/v1/messages/msg_00000001/content",
    "/v1/rules",
    "/v1/rules/note_unsigned",
    "/v1/codes/diagnoses?q=neck",
    "/v1/codes/diagnoses/M54.2",
    "/v1/payer-fees/pay_cascade1",
    "/v1/custom-rules",
    "/v1/custom-rules/facts",
    "/v1/custom-rules/custom_a",
    "/v1/custom-rules/custom_a/revisions",
]
WRITES = [
    ("PUT", "/v1/practice"),
    ("PUT", f"/v1/therapists/{THERAPIST}"),
    ("PUT", f"/v1/fee-schedules/{FEES}"),
    ("POST", "/v1/claims"),
    ("POST", "/v1/claims/clm_00000001/submit"),
    ("POST", "/v1/claims/clm_00000001/refresh"),
    ("POST", "/v1/claims/clm_00000001/void"),
    ("POST", "/v1/claims/clm_00000001/bill-secondary"),
    ("POST", "/v1/claims/clm_00000001/bill-patient"),
    ("POST", "/v1/claims/clm_00000001/dispute-underpayment"),
    ("POST", "/v1/claims/clm_00000001/patient-payments"),
    ("POST", "/v1/claims/clm_00000001/refunds"),
    ("POST", "/v1/claims/clm_00000001/write-offs"),
    ("POST", "/v1/claims/clm_00000001/transfers"),
    ("POST", "/v1/claims/clm_00000001/reversals"),
    ("POST", "/v1/claims/clm_00000001/overrides"),
    ("PUT", "/v1/payer-fees/pay_cascade1"),
    ("POST", "/v1/messages/msg_00000001/release"),
    ("PUT", "/v1/custom-rules/custom_a"),
    ("POST", "/v1/custom-rules/custom_a/replay"),
    ("POST", "/v1/custom-rules/custom_a/activate"),
    ("POST", "/v1/custom-rules/custom_a/deactivate"),
]
ROUTES = [*(("GET", path) for path in READS), ("POST", "/v1/claims/check"), ("POST", "/v1/rules/replay"), *WRITES]
sqlite_only = pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)


@sqlite_only
def test_every_route_needs_a_token(client):
    for method, path in [*ROUTES, ("GET", "/v1/events")]:
        answer = client.request(method, path, json={}, headers={"Idempotency-Key": "key-00000001"})
        assert (method, path, answer.status_code, answer.json()["code"]) == (method, path, 401, "token_missing")


@sqlite_only
def test_every_route_needs_its_scope(client, bearer):
    reading, writing = bearer(key="key-00000001", scopes=["claims:read"]), bearer(scopes=["claims:write"])
    for method, path in WRITES:
        answer = client.request(method, path, json={}, headers=reading)
        assert (method, path, answer.status_code, answer.json()["code"]) == (method, path, 403, "scope_missing")
    for path in READS:
        assert (path, client.get(path, headers=writing).status_code) == (path, 403)


@sqlite_only
def test_a_token_for_another_service_is_refused(client, bearer):
    assert client.get("/v1/claims", headers=bearer(audience="notes")).status_code == 401


def test_nothing_of_another_organization_is_found_on_any_route(scenario):
    scenario.send()
    scenario.receive(accepted(scenario.number()))
    claim_id, file_id, message_id = scenario.claims[0]["id"], scenario.files()[0]["id"], scenario.messages()[0]["id"]
    other = {"organization_id": OTHER_ORGANIZATION}
    for path in (
        f"/v1/therapists/{THERAPIST}",
        f"/v1/fee-schedules/{FEES}",
        f"/v1/claims/{claim_id}",
        f"/v1/claims/{claim_id}/ledger",
        f"/v1/files/{file_id}/content",
        f"/v1/messages/{message_id}/content",
    ):
        assert scenario.api.get(path).status_code == 200
        assert (path, scenario.api.get(path, **other).status_code) == (path, 404)
    for action in ("submit", "refresh", "void"):
        assert scenario.api.post(f"/v1/claims/{claim_id}/{action}", {}, **other).status_code == 404
    release = {"reason": "looked at", "actor": BILLER}
    assert scenario.api.post(f"/v1/messages/{message_id}/release", release, **other).status_code == 404
    for path in ("/v1/claims", "/v1/files", "/v1/messages", "/v1/events"):
        assert scenario.api.get(path, **other).json()["items"] == []


def test_the_same_ids_in_two_organizations_are_two_things(office):
    other = {"organization_id": OTHER_ORGANIZATION}
    office.set_up(**other)
    body = {"id": "clm_of_callers", "note_id": NOTE, "coverage_id": COVERAGE}
    mine, theirs = office.post("/v1/claims", body), office.post("/v1/claims", body, **other)
    assert (mine.status_code, theirs.status_code) == (201, 201)
    assert mine.json()["claim_number"] != theirs.json()["claim_number"]
    office.post("/v1/claims/clm_of_callers/void", {}, **other)
    assert office.claim("clm_of_callers")["state"] == "ready"
    path = "/v1/claims/clm_of_callers/timeline"
    assert [one["kind"] for one in office.get(path).json()["items"]] == ["claim_created"]
    assert [one["kind"] for one in office.get(path, **other).json()["items"]] == ["claim_created", "claim_voided"]


def test_neighbours_are_asked_with_the_services_own_token_for_the_callers_organization(office, neighbours, bearer):
    office.create()
    assert len(neighbours.tokens) == 2
    assert all(token.startswith("Bearer ") and token != bearer()["Authorization"] for token in neighbours.tokens)
