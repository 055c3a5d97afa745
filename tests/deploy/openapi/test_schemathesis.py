"""Every service answers what its OpenAPI document says, to generated requests that fit it and to ones that do not.

A short run: a few examples of every operation, the same each time. With EXAMPLES=200 in the environment it is a long
one. Every request writes or reads through the real app on a port.
"""

import os
from collections.abc import Iterator
from typing import Annotated, Any

import pytest
import schemathesis
from fastapi import FastAPI
from fastapi.responses import JSONResponse
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.errors import Unsatisfiable
from pydantic import BaseModel, WithJsonSchema
from schemathesis import APIOperation, Case, GenerationMode, SerializationContext
from schemathesis.checks import not_a_server_error
from schemathesis.core.failures import FailureGroup
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    negative_data_rejection,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from services.cli.composition import SERVICES

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    negative_data_rejection,
]
EXAMPLES = int(os.environ.get("EXAMPLES", "4"))
RUN = settings(
    max_examples=EXAMPLES,
    phases=[Phase.generate],
    derandomize=True,
    database=None,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)


@schemathesis.serializer("application/edi-x12")
def x12_body(_context: SerializationContext, value: object) -> bytes:
    """A body of X12 goes out as the text that it is."""
    return str(value).encode("utf-8", "replace")


def found(url: str, headers: dict[str, str], mode: GenerationMode) -> Iterator[str]:
    """What the run finds, a sentence each: the operation and each failure."""
    schema = schemathesis.openapi.from_url(f"{url}/openapi.json")
    for result in schema.get_all_operations():
        operation = result.ok()

        @RUN
        @given(case=operation.as_strategy(generation_mode=mode))
        def ask(case: Case) -> None:
            case.call_and_validate(headers=headers, checks=CHECKS)

        try:
            ask()
        except Unsatisfiable:
            if takes_anything(operation):
                yield f"{operation.label}: no request could be generated"
        except FailureGroup as group:
            yield from (f"{operation.label}: {one.title}: {one.message}" for one in group.exceptions)


def takes_anything(operation: APIOperation) -> bool:
    """Whether a request for it can be wrong."""
    return any(len(part) for part in (operation.query, operation.path_parameters, operation.headers, operation.body))


pytestmark = pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)


@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE], ids=lambda mode: mode.value)
@pytest.mark.parametrize("service", SERVICES)
def test_nothing_undocumented_is_answered_and_nothing_malformed_is_accepted(service, mode, start):
    assert list(found(*start(service), mode)) == []


class Loose(BaseModel):
    """It says that a name is text and takes anything."""

    name: Annotated[Any, WithJsonSchema({"type": "string"})]


def test_the_run_finds_what_is_taken_against_the_document_and_a_status_that_is_not_documented(run_app, database_kind):
    """The run itself is looked at, as short as it is, over a service with the two mistakes."""
    app = FastAPI()

    @app.put("/loose", responses={400: {"description": "a body that is no text"}})
    def put_loose(body: Loose) -> dict[str, str]:
        return {}

    @app.get("/teapot")
    def teapot() -> JSONResponse:
        return JSONResponse({}, status_code=418)

    url = run_app(app)
    assert [one.partition("\n")[0] for one in found(url, {}, GenerationMode.POSITIVE)] == [
        "GET /teapot: Undocumented status code: Received: 418"
    ]
    [accepted] = found(url, {}, GenerationMode.NEGATIVE)
    assert accepted.startswith("PUT /loose: Schema-violating request accepted")
