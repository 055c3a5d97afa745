"""The committed OpenAPI documents are what the services say, and fit for a generator."""

import json
import re
import tomllib
from pathlib import Path

import pytest

from services.cli.openapi import FOLDER, documents
from shared.contracts.common import Command
from shared.contracts.examples import EXAMPLES

SUCCESS = ("200", "201", "202", "204")


@pytest.fixture(scope="module")
def said():
    return documents()


@pytest.mark.safeguard("API9")
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


KEEPS_NOTHING = {
    "POST /oauth/token",
    "POST /v1/claims/check",
    "POST /v1/rules/replay",
    "POST /v1/coverages/search",
    "POST /v1/patients/{patient_id}/export",
}
SIMULATION = {
    "POST /simulator/appeals",
    "POST /simulator/clock/advance",
    "POST /v1/x12/eligibility",
    "POST /v1/x12/files",
    "POST /v1/x12/status",
}
"""Routes of trading partners and of the virtual clock: a file's control number tells a repeat, a key is optional; an
appeal that is faxed again is one that waits, or a new one."""


def test_a_key_is_required_by_every_post_that_writes_and_taken_by_nothing_else(said):
    for name, route, operation in operations(said):
        keys = [one for one in operation.get("parameters", []) if one["name"].lower() == "idempotency-key"]
        if route in SIMULATION:
            continue
        writes = route.startswith("POST") and route not in KEEPS_NOTHING
        assert [key["required"] for key in keys] == ([True] if writes else []), f"{name} {route}"
        if writes:
            assert keys[0]["schema"] == {"type": "string", "minLength": 8, "maxLength": 255}
            replayed = [code for code, answer in operation["responses"].items() if replays(answer)]
            assert replayed == [code for code in operation["responses"] if code[0] == "2"], f"{name} {route}"


def replays(answer) -> bool:
    return "Idempotency-Replayed" in answer.get("headers", {})


def test_every_operation_is_described_tagged_and_says_who_may_call_it(said):
    for name, route, operation in operations(said):
        assert operation["description"], f"{name} {route}"
        assert operation["tags"], f"{name} {route}"
        assert "security" in operation, f"{name} {route}"
        assert {"422", "500"} <= set(operation["responses"]), f"{name} {route}"


def test_every_tag_is_described_and_every_document_says_where_it_is_served(said):
    for text in said.values():
        document = json.loads(text)
        used = {tag for _, _, operation in operations({"": text}) for tag in operation["tags"]}
        assert {tag["name"] for tag in document["tags"]} == used
        assert all(tag["description"].endswith(".") for tag in document["tags"])
        assert document["servers"][0]["url"] == "/"
        info = document["info"]
        assert info["description"].startswith(info["summary"] + "\n")
        assert info["license"]["identifier"] == tomllib.loads(Path("pyproject.toml").read_text())["project"]["license"]
        assert info["contact"]["name"]


def test_every_json_body_has_an_example_that_its_model_accepts(said):
    models = {model.__name__: model for model in every_subclass(Command)}
    bodies = {
        reference.rpartition("/")[2]
        for _name, _route, operation in operations(said)
        for kind, content in operation.get("requestBody", {}).get("content", {}).items()
        if kind == "application/json" and (reference := content["schema"]["$ref"])
    }
    assert bodies - EXAMPLES.keys() == set()
    for name in EXAMPLES.keys() - {"Problem"}:
        models[name].model_validate(EXAMPLES[name])
    for text in said.values():
        schemas = json.loads(text)["components"]["schemas"]
        for name in EXAMPLES.keys() & schemas.keys():
            assert schemas[name]["examples"] == [EXAMPLES[name]]


def every_subclass(kind):
    for one in kind.__subclasses__():
        yield one
        yield from every_subclass(one)


def test_every_component_is_referred_to(said):
    for name, text in said.items():
        components = json.loads(text)["components"]
        used = set(re.findall(r"#/components/(?:headers|schemas)/([\w.-]+)", text))
        assert {*components["headers"], *components["schemas"]} - used == set(), name


def test_what_refuses_for_a_version_names_the_etag_header(said):
    for _name, _route, operation in operations(said):
        for status, answer in operation["responses"].items():
            assert ("ETag" in answer.get("headers", {})) >= (status in ("409", "412"))
            assert ("Retry-After" in answer.get("headers", {})) == (status in ("409", "429", "503"))
            limited = status == "429" and bool(operation["security"])
            assert ("RateLimit" in answer.get("headers", {})) == limited
