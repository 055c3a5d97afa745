"""Each operation is opened by its own scope and by no other; one that differs from the rule stands in a table here."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import httpx
import pytest
from fastapi import FastAPI

from services.access import app as access
from services.access.flows.bootstrap import create_organization
from services.access.flows.clients import add_client
from services.cli.composition import build_of
from shared.contracts.access import SCOPES, OrganizationCreate
from shared.security import INTERNAL, Claims
from shared.settings import Settings

SERVICES = ("access", "eligibility", "notes", "claims")
WITHOUT_A_TOKEN = {"/oauth/token", "/.well-known/jwks.json", "/.well-known/revocations.jwt", "/health", "/ready"}
ANY_SCOPE = {("GET", "/v1/organization"), ("GET", "/v1/events")}
"""What every client of an organization may see."""
OF_AUDITORS = {
    ("GET", "/v1/audit-entries"),
    ("GET", "/v1/patients/{patient_id}/disclosures"),
    ("GET", "/v1/emergency-accesses"),
}
"""Not for Handbill's own services either."""
OF_KEEPERS = {("GET", "/v1/legal-holds"), ("GET", "/v1/legal-holds/{record_id}")}
OF_OPERATORS = {
    ("GET", "/v1/operator/messages"),
    ("GET", "/v1/operator/messages/{unowned_id}/content"),
    ("GET", "/v1/operator/events"),
}
OF_ONE_SCOPE = {
    "/v1/code-sets/": "codes:import",
    "/v1/operator/": "messages:operate",
    "/v1/legal-holds": "records:hold",
    "/v1/patients/{patient_id}/export": "records:export",
}
READS_BY_POST = {"/v1/claims/check", "/v1/rules/replay", "/v1/coverages/search"}
pytestmark = pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
"""No scope reaches the database."""
Token = Callable[[str], str]


def scopes_of(service: str, method: str, path: str) -> set[str]:
    """The scopes each of which opens an operation."""
    if (method, path) in ANY_SCOPE:
        return {*SCOPES, INTERNAL}
    if (method, path) in OF_AUDITORS:
        return {"audit:read"}
    if path.startswith("/v1/users"):
        return {f"users:{'read' if method == 'GET' else 'write'}"}
    if path.startswith(tuple(OF_ONE_SCOPE)):
        return {scope for start, scope in OF_ONE_SCOPE.items() if path.startswith(start)}
    if service == "access":
        return {"access:admin"}
    return {f"{service}:read", INTERNAL} if reads(method, path) else {f"{service}:write"}


def reads(method: str, path: str) -> bool:
    return method == "GET" or path in READS_BY_POST


def operations(app: FastAPI) -> Iterator[tuple[str, str]]:
    for path, methods in app.openapi()["paths"].items():
        yield from ((method.upper(), path) for method in methods if path not in WITHOUT_A_TOKEN)


@pytest.fixture
def start(make_settings, run_app, http, token) -> Callable[[str], tuple[str, FastAPI, Token]]:
    """`start("notes")`: a service's address, the application, and tokens by their one scope."""

    def started(service: str) -> tuple[str, FastAPI, Token]:
        settings = make_settings(service)
        app = build_of(service)(settings)
        url = run_app(app)
        if service != "access":
            return url, app, lambda scope: str(token(scopes=[scope]))
        return url, app, tokens_of_access(settings, url, http).__getitem__

    return started


def tokens_of_access(settings: Settings, url: str, http: httpx.Client) -> dict[str, str]:
    """Access believes what it has signed itself. Services ask it for tokens and call nothing else of it."""
    deps = access.connect(settings)
    owner = create_organization(deps, OrganizationCreate(name="June", time_zone="UTC")).id
    made = {}
    for scope in SCOPES:
        client = add_client(deps, deps.database, organization_id=owner, by_client_id="test", name=scope, scopes=[scope])
        form = {"grant_type": "client_credentials"}
        answer = http.post(f"{url}/oauth/token", data=form, auth=(client.id, client.secret))
        made[scope] = answer.raise_for_status().json()["access_token"]
    # Access believes no token of a client that it does not know, so one that it knows bears this one.
    claims = Claims(owner, "UTC", client.id, frozenset({INTERNAL}), ("access",), "claims")
    made[INTERNAL] = deps.signer.sign(claims, datetime.now(UTC), timedelta(minutes=5), "tok_internal")
    deps.database.close()
    return made


@pytest.mark.safeguard("164.312(a)(1)", "API5")
@pytest.mark.parametrize("service", SERVICES)
def test_an_operation_is_opened_by_its_own_scope_and_by_no_other(service, start, http) -> None:
    url, app, token = start(service)
    tokens = {scope: token(scope) for scope in (*SCOPES, INTERNAL)}
    wrong = {}
    for method, path in operations(app):
        opened = {scope for scope, one in tokens.items() if _opens(http, method, url + path, one)}
        if opened != (expected := scopes_of(service, method, path) & tokens.keys()):
            wrong[f"{method} {path}"] = opened ^ expected
    assert wrong == {}


@pytest.mark.safeguard("164.312(a)(1)", "API5")
@pytest.mark.parametrize("service", SERVICES)
def test_handbills_own_services_read_everything_and_write_nothing(service, start, http) -> None:
    """Access alone shows them nothing but whom they act for: it gives them their tokens."""
    url, app, token = start(service)
    opened = {(method, path) for method, path in operations(app) if _opens(http, method, url + path, token(INTERNAL))}
    assert [name for name in opened if not reads(*name)] == []
    if service == "access":
        assert opened <= ANY_SCOPE
    else:
        assert {name for name in operations(app) if reads(*name)} - opened <= OF_AUDITORS | OF_KEEPERS | OF_OPERATORS


@pytest.mark.safeguard("164.312(d)", "API5")
@pytest.mark.parametrize("service", SERVICES)
def test_no_operation_is_open_to_whoever_shows_no_token(service, start, http) -> None:
    url, app, _token = start(service)
    found = {
        f"{method} {path}": http.request(method, url + path.replace("{", "").replace("}", ""), json={}).status_code
        for method, path in operations(app)
    }
    assert {name: status for name, status in found.items() if status != 401} == {}
    assert len(found) > 4


def _opens(http: httpx.Client, method: str, url: str, token: str) -> bool:
    headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": f"key-of-{method}-1"}
    answer = http.request(method, url.replace("{", "").replace("}", ""), json={}, headers=headers)
    assert answer.status_code not in (401, 429), (method, url, answer.text)
    return not (answer.status_code == 403 and answer.json()["code"] == "scope_missing")
