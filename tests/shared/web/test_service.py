"""What every service has before its first route."""

import asyncio
import re

import pytest

from shared.database.keyring import Keyring
from shared.database.operations import add_event
from shared.errors import RuleBroken
from shared.private_files import write_private_file
from shared.security.caller import Caller
from shared.web.auth import authenticated_caller
from shared.web.puts import put_responses
from shared.web.service import MAX_SEQUENCE
from tests.harness.clocks import STARTS_AT
from tests.harness.tokens import ORGANIZATION
from tests.shared.web.toy import Thing, toy


@pytest.fixture
def schema(toy_url, http):
    return http.get(toy_url + "/openapi.json").json()


def test_health_and_readiness_need_no_token(toy_url, http) -> None:
    assert http.get(toy_url + "/health").json() == {"status": "ok", "service": "toy"}
    assert http.get(toy_url + "/ready").json() == {"status": "ready", "service": "toy"}


def test_a_service_whose_database_is_gone_is_healthy_and_not_ready(
    free_port, open_database, keys, gate, run_app, http
) -> None:
    from shared.web.service import create_service

    nowhere = open_database(f"postgresql+psycopg://postgres@127.0.0.1:{free_port()}/none")
    url = run_app(create_service(name="toy", summary="", database=nowhere, routers=[], tags={}, dependencies=[]))
    assert http.get(url + "/health").status_code == 200
    answer = http.get(url + "/ready")
    assert (answer.status_code, answer.json()["code"]) == (503, "database_unavailable")


@pytest.mark.safeguard("164.312(a)(2)(iv)")
def test_a_service_whose_keys_are_gone_damaged_or_others_is_not_ready(toy_url, http, tmp_path, database) -> None:
    file = tmp_path / "keys" / "keyring.json"
    right = file.read_bytes()
    database.vault.blind("org_a", "name", "Canary")
    for keyring in (b"damaged", Keyring.new().to_bytes(), None):
        file.unlink()
        if keyring is not None:
            write_private_file(file, lambda content=keyring: content)
        answer = http.get(toy_url + "/ready")
        assert (answer.status_code, answer.json()["code"]) == (503, "keys_unavailable")
        assert str(tmp_path) not in answer.text
        assert http.get(toy_url + "/health").status_code == 200
    write_private_file(file, lambda: right)
    assert http.get(toy_url + "/ready").status_code == 200


def test_errors_in_the_schema_are_the_problem_schema(schema) -> None:
    problem = schema["components"]["schemas"]["Problem"]
    assert set(problem["required"]) == {"type", "title", "status", "code", "detail", "errors"}
    for path in schema["paths"].values():
        for operation in path.values():
            for status, answer in operation["responses"].items():
                if int(status) >= 400:
                    assert answer["content"] == {
                        "application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}
                    }


def test_every_status_that_a_route_can_answer_is_declared(schema) -> None:
    declared = set(schema["paths"]["/v1/things"]["post"]["responses"])
    assert declared >= {"201", "400", "401", "403", "409", "413", "422", "500", "503"}


@pytest.mark.safeguard("API9")
def test_the_document_has_the_services_routes_and_no_others(schema) -> None:
    own, every = {"/v1/things", "/v1/things/{thing_id}"}, {"/v1/events", "/v1/audit-entries", "/health", "/ready"}
    assert set(schema["paths"]) == own | every


def test_a_service_without_tokens_has_no_feed_since_nobody_could_be_named_as_its_reader(
    database, run_app, http
) -> None:
    from shared.web.service import create_service

    app = create_service(
        name="toy", summary="toy", database=database, routers=[], tags={}, dependencies=[], tokens=False
    )
    assert set(app.openapi()["paths"]) == {"/health", "/ready"}
    assert set(app.openapi()["paths"]["/health"]["get"]["responses"]) == {"200", "413", "422", "500", "503"}


def test_a_write_requires_a_key_of_8_to_255_characters_in_the_document_too(schema) -> None:
    (key,) = [one for one in schema["paths"]["/v1/things"]["post"]["parameters"] if one["in"] == "header"]
    assert key == {
        "name": "idempotency-key",
        "in": "header",
        "required": True,
        "description": "8 to 255 characters of your own; for 400 days a repeat gets the same answer, with null for "
        "what is shown once",
        "schema": {"type": "string", "minLength": 8, "maxLength": 255},
    }


def test_the_feed_has_a_tag_of_its_own(schema) -> None:
    assert schema["paths"]["/v1/events"]["get"]["tags"] == ["events"]


def test_a_put_can_answer_that_it_is_new_and_that_the_version_has_changed() -> None:
    answers = put_responses(Thing, RuleBroken)
    assert answers.keys() == {201, 409, 412}
    assert answers[201] == {"model": Thing, "description": "A new record"}


def test_what_a_service_holds_is_closed_when_it_ends(database, keys, gate) -> None:
    closed = []
    app = toy(database, keys, gate, on_close=[lambda: closed.append("client")])

    async def run() -> None:
        async with app.router.lifespan_context(app):
            assert closed == []

    asyncio.run(run())
    assert closed == ["client"]


def test_operation_ids_are_function_names(schema) -> None:
    assert schema["paths"]["/v1/things"]["post"]["operationId"] == "create_thing"
    assert "HTTPValidationError" not in schema["components"]["schemas"]


def test_the_docs_ask_nobody_else(toy_url, http) -> None:
    page = http.get(toy_url + "/docs")
    assert "<title>Handbill toy</title>" in page.text
    links = re.findall(r'(?:src|href)="(/[^"]+)"', page.text)
    assert links == ["/docs/assets/swagger-ui.css", "/docs/assets/swagger-ui-bundle.js", "/docs/start.js"]
    assert "//" not in page.text.replace("<!doctype html>", "")
    for link in links:
        assert http.get(toy_url + link).status_code == 200
    assert "script-src 'self'" in page.headers["content-security-policy"]
    assert http.get(toy_url + "/docs/start.js").headers["content-type"] == "text/javascript; charset=utf-8"


def test_the_feed_shows_an_organizations_events_in_order(toy_url, http, bearer, database, ids) -> None:
    for number, organization in enumerate([ORGANIZATION, "org_other001", ORGANIZATION]):
        database.run(
            lambda session, org=organization, subject=f"thing_{number}": add_event(
                session, ids, organization_id=org, at=STARTS_AT, kind="thing.made", subject_id=subject
            )
        )
    page = http.get(toy_url + "/v1/events", headers=bearer()).json()
    assert [(item["sequence"], item["subject_id"]) for item in page["items"]] == [(1, "thing_0"), (2, "thing_2")]
    again = http.get(toy_url + "/v1/events", params={"after": page["next"]}, headers=bearer()).json()
    assert again == {"items": [], "next": 2}
    assert http.get(toy_url + "/v1/events").status_code == 401
    assert http.get(toy_url + "/v1/events", params={"after": MAX_SEQUENCE}, headers=bearer()).json()["items"] == []
    assert http.get(toy_url + "/v1/events", params={"after": MAX_SEQUENCE + 1}, headers=bearer()).status_code == 422


def test_a_dependency_can_be_overridden_as_fastapi_describes(database, keys, gate, run_app, http) -> None:
    app = toy(database, keys, gate)
    caller = Caller("org_another1", "cli_another1", "UTC", frozenset({"notes:read"}))
    app.dependency_overrides[authenticated_caller] = lambda: caller
    assert http.get(run_app(app) + "/v1/things").json() == {"items": [], "next": None}
    again = run_app(toy(database, keys, gate))
    assert http.get(again + "/v1/things").status_code == 401
