"""The committed OpenAPI documents are what the services say, and fit for a generator."""

import json

import pytest

from services.cli.openapi import FOLDER, documents

SUCCESS = ("200", "201", "202", "204")


@pytest.fixture(scope="module")
def said():
    return documents()


def test_the_committed_documents_are_up_to_date(said):
    committed = {file.name: file.read_text() for file in FOLDER.glob("*.json")}
    assert committed == said, "run: handbill openapi"


def operations(said):
    for name, text in said.items():
        for path, methods in json.loads(text)["paths"].items():
            for method, operation in methods.items():
                yield name, f"{method.upper()} {path}", operation


def test_operation_ids_are_function_names_and_differ_within_a_service(said):
    seen = [(name, operation["operationId"]) for name, _route, operation in operations(said)]
    assert len(seen) == len(set(seen))
    assert all(operation_id.isidentifier() for _name, operation_id in seen)


def test_every_operation_declares_a_success_and_problems(said):
    for name, route, operation in operations(said):
        responses = operation["responses"]
        assert any(status in responses for status in SUCCESS), f"{name} {route}"
        problems = [status for status in responses if status[0] in "45"]
        kinds = [list(responses[status].get("content", {})) for status in problems]
        assert all("application/json" not in kind for kind in kinds if name != "access.json"), f"{name} {route}"


def test_no_schema_is_split_into_input_and_output(said):
    for text in said.values():
        schemas = json.loads(text)["components"]["schemas"]
        assert not [name for name in schemas if name.endswith(("-Input", "-Output"))]


def test_every_post_that_writes_takes_an_idempotency_key(said):
    free = {
        "POST /oauth/token",
        "POST /v1/claims/check",
        "POST /v1/rules/replay",
        "POST /simulator/clock/advance",
        "POST /v1/x12/eligibility",
    }
    for name, route, operation in operations(said):
        if route.startswith("POST") and route not in free:
            headers = [one["name"].lower() for one in operation.get("parameters", []) if one["in"] == "header"]
            assert "idempotency-key" in headers, f"{name} {route}"
