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
