"""A body has the members that its document lists, and no others, at every depth."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

FOLDER = Path(__file__).parents[3] / "deploy" / "openapi"
OAUTH = "/oauth/token"
"""RFC 6749 §3.2: a token endpoint ignores parameters that it does not know."""


def open_objects(document: Any, part: Any, seen: set[str]) -> Iterator[str]:
    """The titles of objects below `part` that take members which they do not list."""
    if isinstance(part, list):
        for one in part:
            yield from open_objects(document, one, seen)
    if not isinstance(part, dict):
        return
    name = str(part.get("$ref", "")).rpartition("/")[2]
    if name and name not in seen:
        seen.add(name)
        yield from open_objects(document, document["components"]["schemas"][name], seen)
    if "properties" in part and part.get("additionalProperties") is not False:
        yield str(part.get("title"))
    for one in part.values():
        yield from open_objects(document, one, seen)


@pytest.mark.safeguard("API3")
@pytest.mark.parametrize("file", sorted(FOLDER.glob("*.json")), ids=lambda file: file.stem)
def test_no_body_takes_a_member_that_its_document_does_not_list(file) -> None:
    document = json.loads(file.read_text())
    bodies = [
        operation["requestBody"]
        for path, methods in document["paths"].items()
        for operation in methods.values()
        if "requestBody" in operation and path != OAUTH
    ]
    assert bodies
    assert list(open_objects(document, bodies, set())) == []


def addresses(part: Any, name: str = "") -> Iterator[str]:
    """The members and parameters that are named or typed as an address that somebody could be made to call."""
    if isinstance(part, list):
        for one in part:
            yield from addresses(one, name)
    if not isinstance(part, dict):
        return
    if part.get("format") in ("uri", "url", "uri-reference", "iri", "hostname", "ipv4", "ipv6"):
        yield name
    for key, one in part.get("properties", {}).items():
        if set(key.lower().split("_")) & {"url", "uri", "href", "host", "callback", "webhook", "endpoint"}:
            yield key
        yield from addresses(one, key)
    for key, one in part.items():
        if key != "properties":
            yield from addresses(one, str(part.get("name", name)) if key == "schema" else name or key)


@pytest.mark.safeguard("API7")
@pytest.mark.parametrize("file", sorted(FOLDER.glob("*.json")), ids=lambda file: file.stem)
def test_no_caller_names_an_address_that_a_service_then_calls(file) -> None:
    document = json.loads(file.read_text())
    assert list(addresses([document["paths"], document["components"]["schemas"]])) == []


def test_an_address_is_found_by_its_name_and_by_its_form() -> None:
    by_name, by_form = {"callback_url": {"type": "string"}}, {"where": {"anyOf": [{"format": "uri"}, {"type": "null"}]}}
    assert list(addresses([{"A": {"properties": {**by_name, **by_form}}}])) == ["callback_url", "where"]
    assert list(addresses({"parameters": [{"name": "to", "in": "query", "schema": {"format": "uri"}}]})) == ["to"]
