"""What every service's OpenAPI document says beyond what FastAPI finds out: problems, keys, headers, how to log in.

It is said here once for all routes, from what each route has: its parameters, its statuses, its security.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from fastapi import FastAPI

from shared.contracts.access import SCOPES
from shared.contracts.examples import EXAMPLES
from shared.errors import PROBLEM_SCHEMA
from shared.web.idempotency import KEY_DESCRIPTION, MAX_KEY, MIN_KEY

Document = dict[str, Any]
KEY = "idempotency-key"
BEARER, OAUTH2 = "HTTPBearer", "OAuth2"
SCHEMES = {
    OAUTH2: {
        "type": "oauth2",
        "description": "Client id and secret at the access service's token endpoint",
        "flows": {
            "clientCredentials": {
                "tokenUrl": "/oauth/token",
                "scopes": {scope: f"may do what needs {scope}" for scope in SCOPES},
            }
        },
    },
}
IF_NONE_MATCH: Document = {
    "name": "if-none-match",
    "in": "header",
    "required": False,
    "description": "the ETag of the version you have; 304 without a body while it is the present one",
    "schema": {"type": "string"},
}
DESCRIPTION = """{summary}

A POST that writes wants an `Idempotency-Key`, so that a repeat gets the same answer and has one effect. Whatever can be
edited has a version: its `ETag`, to be sent back in `If-Match` or `If-None-Match`. Money is whole cents. A refusal is
`application/problem+json`, and each of its `errors` says where the fault is and how to fix it."""
CONTACT = {"name": "The makers of Handbill"}
LICENSE = {"name": "Apache License 2.0", "identifier": "Apache-2.0"}
HEADERS: Document = {
    "ETag": {"description": "the version, to be sent back in If-Match or If-None-Match", "schema": {"type": "string"}},
    "Retry-After": {"description": "seconds to wait before asking again", "schema": {"type": "integer"}},
    "RateLimit": {
        "description": 'what is left of the minute: `"requests";r=5999;t=1`; on every answer to a good token',
        "schema": {"type": "string"},
    },
    "RateLimit-Policy": {
        "description": 'how many requests it may make in how many seconds: `"requests";q=6000;w=60`',
        "schema": {"type": "string"},
    },
    "Idempotency-Replayed": {
        "description": "`true` where this is the kept answer of an earlier request with the same key",
        "schema": {"type": "string", "enum": ["true"]},
    },
}


def complete_openapi(app: FastAPI, tags: Mapping[str, str]) -> None:
    """Make `app.openapi()` answer the completed document; `tags` describes each tag that its routes have."""
    plain: Callable[[], Document] = app.openapi

    def openapi() -> Document:
        document = plain()
        # FastAPI keeps the document and gives the same one each time, so it is completed once.
        if "servers" not in document:
            _complete(document, tags)
        return document

    app.openapi = openapi  # type: ignore[method-assign]


def _complete(document: Document, tags: Mapping[str, str]) -> None:
    components = document.setdefault("components", {})
    schemas = components.setdefault("schemas", {})
    schemas["Problem"] = dict(PROBLEM_SCHEMA)
    for name in EXAMPLES.keys() & schemas.keys():
        schemas[name]["examples"] = [EXAMPLES[name]]
    if BEARER in components.get("securitySchemes", {}):
        components["securitySchemes"] |= SCHEMES
    document["servers"] = [{"url": "/", "description": "the service that this document comes from"}]
    info = document["info"]
    info |= {"description": DESCRIPTION.format(summary=info["summary"]), "contact": CONTACT, "license": LICENSE}
    used: dict[str, None] = {}
    for path in document["paths"].values():
        if "get" in path:
            _complete_conditional_read(path["get"], schemas)
    for operation in _operations(document):
        used |= dict.fromkeys(operation.get("tags", []))
        _complete_operation(operation, schemas)
    sent = {
        name for one in _operations(document) for answer in one["responses"].values() for name in _headers_of(answer)
    }
    components["headers"] = {name: header for name, header in HEADERS.items() if name in sent}
    document["tags"] = [{"name": tag, "description": tags[tag]} for tag in used]


def _headers_of(answer: Document) -> Document:
    return dict(answer.get("headers", {}))


def _operations(document: Document) -> Iterator[Document]:
    for path in document["paths"].values():
        yield from path.values()


def _complete_operation(operation: Document, schemas: Document) -> None:
    answers = operation["responses"]
    replays = _require_key(operation)
    for status, answer in answers.items():
        success = status[0] == "2"
        versioned = status in ("304", "409", "412") or (success and _is_versioned(answer, schemas))
        headers = [
            *(["ETag"] if versioned else []),
            *(["Retry-After"] if status in ("409", "429", "503") else []),
            *(["RateLimit", "RateLimit-Policy"] if status == "429" and operation.get("security") else []),
            *(["Idempotency-Replayed"] if replays and success else []),
        ]
        if headers:
            answer["headers"] = {name: {"$ref": f"#/components/headers/{name}"} for name in headers}
    operation.setdefault("security", [])
    if {BEARER: []} in operation["security"]:
        operation["security"].append({OAUTH2: []})


def _complete_conditional_read(operation: Document, schemas: Document) -> None:
    """A read of what has a version can be asked for its changes alone."""
    if _is_versioned(operation["responses"].get("200", {}), schemas):
        operation.setdefault("parameters", []).append(IF_NONE_MATCH)
        operation["responses"]["304"] = {"description": "Not changed since the version that If-None-Match names"}


def _require_key(operation: Document) -> bool:
    """A key is asked for by the dependency of writing, which answers 400 without: required, though FastAPI is not told
    so, since its own answer would be 422."""
    for parameter in operation.get("parameters", []):
        if parameter["name"].lower() == KEY and parameter.get("description") == KEY_DESCRIPTION:
            parameter["required"] = True
            parameter["schema"] = {"type": "string", "minLength": MIN_KEY, "maxLength": MAX_KEY}
            return True
    return False


def _is_versioned(answer: Document, schemas: Document) -> bool:
    """Whether an answer is one resource that has a version."""
    reference = answer.get("content", {}).get("application/json", {}).get("schema", {}).get("$ref", "")
    version = schemas.get(reference.rpartition("/")[2], {}).get("properties", {}).get("version", {})
    return bool(version.get("type") == "integer")  # what a code set calls its version is text
