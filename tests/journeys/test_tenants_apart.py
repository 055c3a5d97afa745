"""After a whole day of one practice, another organization tries every operation of every service with all its ids.

The requests are the ones that the practice itself has made, read from the wire; what it never called is called with the
ids that its lists give. The operations are those of the OpenAPI documents, so a new one is tried without a new test."""

import json
import re
import time
from dataclasses import dataclass, field
from itertools import count
from typing import Any

import httpx
import pytest

from services.cli.demo.practice import load
from shared.contracts.examples import EXAMPLES
from tests.journeys.whole import whole, working
from tests.services.test_every_put import ROUTES

SERVICES = ("access", "eligibility", "notes", "claims")
OPEN = {"/oauth/token", "/.well-known/jwks.json", "/.well-known/revocations.jwt", "/health", "/ready"}
SAME_FOR_ALL = {
    "/v1/profiles",
    "/v1/rules/{rule_code}",
    "/v1/codes/diagnoses",
    "/v1/codes/diagnoses/{code}",
    "/v1/custom-rules/facts",
    "/v1/code-sets",
    "/v1/reports",
}
"""What Handbill itself says; no organization's data."""
BY_THE_OPERATORS_SCOPE = {
    "/v1/code-sets/{kind}/editions",
    "/v1/code-sets/editions/{edition_id}/withdraw",
    "/v1/operator/messages",
    "/v1/operator/messages/{unowned_id}/content",
    "/v1/operator/events",
}
ANSWERED_WITH_HIS_OWN = {
    "/v1/organization",
    "/v1/organization/decisions",
    "/v1/clients",
    "/v1/events",
    "/v1/audit-entries",
    "/v1/rules",
    "/v1/rules/replay",
}
CHANGED_BY_ASKING = {"/v1/clients", "/v1/audit-entries"}
NOT_COMPARED = SAME_FOR_ALL | CHANGED_BY_ASKING | BY_THE_OPERATORS_SCOPE
HANDBILLS_OWN = {
    "rule_code": "note_unsigned",
    "code": "M54.2",
    "kind": "icd10",
    "edition_id": "icd10-000001",
    "payment_number": "1",
    "opening_id": "opb_1",
    "unowned_id": "prt_1",
}
QUERIES = {"/v1/codes/diagnoses": {"q": "neck"}}
BODIES = {
    "/v1/clients/{client_id}/jwks": EXAMPLES["JsonWebKeySet"],
    "/v1/organization/decisions": EXAMPLES["DecisionsPut"],
    "/v1/users/{user_id}": EXAMPLES["UserPut"],
    "/v1/patients/{patient_id}/export": EXAMPLES["PatientRecordsExport"],
}
keys = count(1)


@dataclass
class Operation:
    service: str
    method: str
    template: str
    path: str = ""
    body: Any = None
    query: dict[str, str] = field(default_factory=dict)

    def matches(self, path: str) -> bool:
        return re.fullmatch(re.sub(r"\{\w+\}", "[^/]+", self.template), path) is not None


@pytest.fixture
def running(tmp_path, make_database_url, free_url, run_app):
    with whole(tmp_path, load(), make_database_url, free_url, run_app) as everything:
        with working(everything.claims):
            everything.day.run(lambda *_: None)
            _report_a_history(everything)
        _put_what_the_day_lacks(everything)
        yield everything


def _report_a_history(running) -> None:
    """A look at the practice's past, of whose report the worker has made pages."""
    ehr = running.ehr
    history = ehr.post("claims", "/v1/histories", EXAMPLES["HistoryCreate"], "history-made")
    path = f"/v1/histories/{history['id']}"
    ehr.post("claims", f"{path}/files", EXAMPLES["HistoryFileUpload"], "history-file")
    ehr.post("claims", f"{path}/report", EXAMPLES["HistoryAction"], "history-report")
    ends = time.monotonic() + 60
    while ehr.get("claims", path)["state"] != "reported":
        assert time.monotonic() < ends
        time.sleep(0.05)
    ehr.get("claims", f"{path}/findings")
    ehr.get("claims", f"{path}/claims")


def _put_what_the_day_lacks(running) -> None:
    """A record of every PUT route."""
    for route in ROUTES:
        beginning = route.path.rpartition("/")[0] if "{" in route.declared else route.path
        if not any(one.method == "PUT" and one.url.path.startswith(beginning) for one in running.requests):
            for path, body in (*route.needs, (route.path, route.body)):
                running.ehr.put(route.service, path, body)
    running.ehr.put("access", "/v1/users/usr_ingrid", EXAMPLES["UserPut"])


def operations(running, http) -> list[Operation]:
    """Every operation of every service, with a path and body of the practice's own."""
    found = []
    for service in SERVICES:
        document = http.get(f"{running.urls[service]}/openapi.json").json()
        for template, methods in document["paths"].items():
            found += [Operation(service, method.upper(), template) for method in methods if template not in OPEN]
    for operation in found:
        _fill(operation, running)
    return found


def _fill(operation: Operation, running) -> None:
    base = running.urls[operation.service]
    for request in running.requests:
        url = str(request.url.copy_with(query=None))
        if request.method == operation.method and url.startswith(base) and operation.matches(request.url.path):
            operation.path, operation.query = request.url.path, dict(request.url.params)
            operation.body = json.loads(request.content) if request.content else None
            return
    operation.query = QUERIES.get(operation.template, {})
    operation.path = re.sub(r"\{(\w+)\}", lambda name: _an_id(name[1], operation, running), operation.template)
    operation.body = BODIES.get(operation.template, {} if operation.method == "POST" else None)


def _an_id(name: str, operation: Operation, running) -> str:
    """An id of the practice's own: of a record that it has put, else the first of a list."""
    if name in HANDBILLS_OWN:
        return HANDBILLS_OWN[name]
    beginning = operation.template.partition("{")[0]
    put = [one.url.path for one in running.requests if one.method == "PUT" and one.url.path.startswith(beginning)]
    if put:
        return put[0].removeprefix(beginning)
    return str(running.ehr.pages(operation.service, beginning.rstrip("/"))[0]["id"])


def ask(running, http, operation: Operation, token: str) -> httpx.Response:
    headers = {"Authorization": f"Bearer {token}"}
    if operation.method == "POST":
        headers["Idempotency-Key"] = f"of-the-other-{next(keys):06}"
    url = running.urls[operation.service] + operation.path
    return http.request(operation.method, url, json=operation.body, params=operation.query, headers=headers)


def token_of(running, http, client) -> str:
    url, form = running.urls["access"] + "/oauth/token", {"grant_type": "client_credentials"}
    return str(http.post(url, data=form, auth=(client.id, client.secret)).json()["access_token"])


def world(running, http, reads: list[Operation], token: str) -> dict[str, bytes]:
    return {f"{one.service} {one.path}": ask(running, http, one, token).content for one in reads}


@pytest.mark.safeguard("164.312(a)(1)", "API1")
def test_no_operation_shows_or_changes_anything_of_another_organization(running, http) -> None:
    mine, other = (token_of(running, http, one) for one in (running.client, running.make_client("Neighbour")))
    every = operations(running, http)
    reads = [one for one in every if one.method == "GET" and one.template not in NOT_COMPARED]
    before = world(running, http, reads, mine)
    assert all(b'"type":"urn:handbill:problem:' not in answer[:100] for answer in before.values()), (
        "each read finds what it asks for"
    )

    # What he makes under the same ids comes last: from then on he has things of his own there.
    for operation in sorted(every, key=lambda one: one.method == "PUT"):
        answer = ask(running, http, operation, other)
        refused = _fault(operation, answer)
        assert not refused, f"{operation.method} {operation.service}{operation.path}: {refused}"
    assert world(running, http, reads, mine) == before


def _fault(operation: Operation, answer: httpx.Response) -> str:
    """What is wrong with the answer that the other organization gets; empty where nothing is."""
    template, status = operation.template, answer.status_code
    if template in SAME_FOR_ALL | ANSWERED_WITH_HIS_OWN:
        return "" if status < 500 else f"answered {status}"
    if template in BY_THE_OPERATORS_SCOPE:
        return "" if status == 403 else f"answered {status}"
    if operation.method == "PUT":
        # Where it names a record of the practice, that is not there for the other one.
        return "" if status in (201, 404) else f"answered {status}: {answer.text[:200]}"
    if "{" in template or operation.method == "POST":
        return "" if status in (404, 422) or _finds_nothing(answer) else f"answered {status}: {answer.text[:200]}"
    return "" if status == 404 or _finds_nothing(answer) else f"lists {answer.text[:200]}"


def _finds_nothing(answer: httpx.Response) -> bool:
    if answer.status_code != 200:
        return False
    if answer.headers["content-type"] == "application/x-ndjson":
        return [json.loads(line)["type"] for line in answer.text.splitlines()] == ["end"]
    found = answer.json()
    return found.get("items", found.get("rows")) == []
