"""No caller can have Handbill ask an address of his choice: none is taken in any request (server-side request forgery).

Addresses that are asked are the operator's: settings, trading partners, and issuers of ID tokens (command line)."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

OPENAPI = Path(__file__).parents[2] / "deploy" / "openapi"
SERVICES = ("access", "eligibility", "notes", "claims")
ADDRESS_WORDS = {"url", "urls", "uri", "uris", "href", "link", "endpoint", "callback", "webhook", "host", "jku", "x5u"}


def members(schema, document, seen) -> Iterator[tuple[str, dict]]:
    """(name, schema) of every member of what a request may hold."""
    if isinstance(schema, list):
        for one in schema:
            yield from members(one, document, seen)
    elif isinstance(schema, dict):
        name = schema.get("$ref", "").rpartition("/")[2]
        if name and name not in seen:
            seen.add(name)
            yield from members(document["components"]["schemas"][name], document, seen)
        yield from schema.get("properties", {}).items()
        for one in schema.values():
            yield from members(one, document, seen)


def taken(document) -> Iterator[tuple[str, dict]]:
    for methods in document["paths"].values():
        for operation in methods.values():
            yield from ((one["name"], one["schema"]) for one in operation.get("parameters", []))
            yield from members(operation.get("requestBody", {}), document, set())


@pytest.mark.safeguard("API7")
@pytest.mark.parametrize("service", SERVICES)
def test_no_request_takes_an_address_that_handbill_would_ask(service) -> None:
    found = list(taken(json.loads((OPENAPI / f"{service}.json").read_text())))
    assert len(found) > 5
    named = [name for name, _ in found if ADDRESS_WORDS & set(name.lower().replace("-", "_").split("_"))]
    formed = [name for name, schema in found if '"uri' in json.dumps(schema)]
    assert named == formed == []
