"""How answers are written: one renderer for models, so that a repeated request gets the same bytes; problems.

FastAPI's validation errors become 422 with JSON pointers; the value that was refused is not repeated.
"""

import json
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from pydantic import BaseModel
from starlette.exceptions import HTTPException

from shared.contracts.common import ShownOnce
from shared.errors import Fault, Malformed, NotFound, Problem, TooLarge
from shared.plural import counted
from shared.versions import etag_of

MAX_FAULTS = 50


class ContractResponse(JSONResponse):
    """Compact UTF-8 JSON with members in the model's order."""

    def render(self, content: Any) -> bytes:
        return json.dumps(content, separators=(",", ":"), ensure_ascii=False, allow_nan=False).encode()


def rendered(model: BaseModel) -> bytes:
    """The bytes that a route answers for this model."""
    return bytes(ContractResponse(model.model_dump(mode="json")).body)


def answer_to_keep(model: BaseModel) -> str:
    """The text of the answer to a repeat: what the route answers, with null for each member that is shown once."""
    return bytes(ContractResponse(_without_secrets(model, model.model_dump(mode="json"))).body).decode()


def _without_secrets(value: Any, dumped: Any) -> Any:
    """`dumped` is what pydantic made of `value`, so both have the same form."""
    if isinstance(value, BaseModel):
        fields = type(value).model_fields
        return {
            name: None
            if name in fields and any(isinstance(one, ShownOnce) for one in fields[name].metadata)
            else _without_secrets(getattr(value, name, None), member)
            for name, member in dumped.items()
        }
    if isinstance(value, (list, tuple)):
        return [_without_secrets(one, member) for one, member in zip(value, dumped, strict=True)]
    if isinstance(value, dict):
        return {name: _without_secrets(one, dumped[str(name)]) for name, one in value.items() if str(name) in dumped}
    return dumped


def problem_response(problem: Problem) -> Response:
    """A Problem as application/problem+json (RFC 9457), with its ETag, challenge and own headers."""
    challenge = {"WWW-Authenticate": "Bearer"} if problem.status == 401 else {}
    version = {} if problem.current_version is None else {"ETag": etag_of(problem.current_version)}
    return Response(
        json.dumps(problem.body()),
        status_code=problem.status,
        media_type="application/problem+json",
        headers={**challenge, **version, **problem.headers},
    )


def pointer_of(location: tuple[int | str, ...]) -> str:
    """A JSON pointer for a validation error's place: `/body/lines/0/units`, `/query/limit`."""
    return "/" + "/".join(str(part).replace("~", "~0").replace("/", "~1") for part in location)


def malformed(error: RequestValidationError) -> Malformed:
    """What FastAPI found, without the values."""
    found_in_all = error.errors()
    faults = [
        Fault(
            pointer=pointer_of(tuple(found["loc"])),
            code=str(found["type"]),
            message=_sentence(found),
            fix=_fix(found),
        )
        for found in found_in_all[:MAX_FAULTS]
    ]
    members = counted(len(found_in_all), "member of the request is", "members of the request are")
    return Malformed(f"{members} not of the right form", errors=faults)


def _sentence(found: dict[str, Any]) -> str:
    words = {
        "json_invalid": "The body is not valid JSON.",
        "missing": "This member is missing.",
        "extra_forbidden": "This member is not known here.",
    }
    return words.get(found["type"], str(found["msg"]).rstrip(".") + ".")


def _fix(found: dict[str, Any]) -> str:
    fixes = {
        "json_invalid": "Send a JSON object with Content-Type: application/json.",
        "missing": "Add it; /docs shows its form.",
        "extra_forbidden": "Remove it, or look for its right name in /docs.",
        "timezone_aware": "Give the moment with its offset, as in 2026-05-04T09:00:00-07:00.",
    }
    return fixes.get(found["type"], "Change it to the form that /docs shows.")


def install(app: FastAPI) -> None:
    """Make a service answer problem+json for every failure it can foresee."""

    @app.exception_handler(Problem)
    def on_problem(_request: Request, problem: Problem) -> Response:
        return problem_response(problem)

    @app.exception_handler(RequestValidationError)
    def on_malformed(_request: Request, error: RequestValidationError) -> Response:
        return problem_response(malformed(error))

    @app.exception_handler(HTTPException)
    def on_http(_request: Request, error: HTTPException) -> Response:
        return problem_response(_from_http(error))


def _from_http(error: HTTPException) -> Problem:
    if error.status_code == 404:
        return NotFound("no route of this service has that path; see /docs", code="no_such_route")
    if error.status_code == 400:  # FastAPI's only one: the body cannot be decoded
        fault = Fault("/body", "json_invalid", "The body is not valid JSON.", _fix({"type": "json_invalid"}))
        return Malformed("the body cannot be read", errors=[fault])
    if error.status_code == 413:
        return TooLarge(str(error.detail), headers={"Connection": "close"})
    problem = Problem(str(error.detail), code=f"http_{error.status_code}", headers=dict(error.headers or {}))
    problem.status = error.status_code  # type: ignore[misc]
    problem.title = str(error.detail)  # type: ignore[misc]
    return problem
