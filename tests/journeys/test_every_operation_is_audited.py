"""After a whole day of a practice, every operation of every service is asked once more: each request leaves one entry.

The operations and their requests are those of `test_tenants_apart`: a new operation is tried without a new test."""

from types import SimpleNamespace

import pytest

from shared.contracts.access import SCOPES
from tests.journeys.test_tenants_apart import SERVICES, Operation, ask, operations, running, token_of

__all__ = ["running"]
ONE_DATABASE = pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)


def operation_id(running, http, operation: Operation) -> str:
    document = http.get(f"{running.urls[operation.service]}/openapi.json").json()
    return str(document["paths"][operation.template][operation.method.lower()]["operationId"])


def outcome(status: int) -> str:
    return "done" if status < 400 else "refused" if status < 500 else "failed"


@ONE_DATABASE
@pytest.mark.safeguard("164.312(b)", "164.312(a)(2)(i)")
def test_every_operation_of_every_service_leaves_exactly_one_entry(running, http) -> None:
    client, reader = (
        running.ehr.post("access", "/v1/clients", {"name": name, "scopes": list(SCOPES)}, f"one-more-{name}")
        for name in ("client", "reader")
    )
    token, reading = (token_of(running, http, SimpleNamespace(**one)) for one in (client, reader))
    seen = dict.fromkeys(SERVICES, 0)

    def left(service: str) -> list[dict[str, str]]:
        """The client's entries since the last look, read by another client."""
        query = {"client_id": client["id"], "after": seen[service], "limit": 200}
        look = Operation(service, "GET", "/v1/audit-entries", "/v1/audit-entries", query=query)
        entries = ask(running, http, look, reading).raise_for_status().json()["items"]
        seen[service] = max([seen[service], *(entry["sequence"] for entry in entries)])
        return list(entries)

    left("access")
    # Revoking comes last: it is the practice's first client that it names.
    for operation in sorted(operations(running, http), key=lambda one: one.method == "DELETE"):
        answer = ask(running, http, operation, token)
        where, entries = f"{operation.method} {operation.service}{operation.path}: {answer}", left(operation.service)
        assert [(one["action"], one["outcome"], one["request_id"]) for one in entries] == [
            (operation_id(running, http, operation), outcome(answer.status_code), answer.headers["x-request-id"])
        ], where
