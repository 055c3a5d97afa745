"""Problems: what Handbill answers when it cannot do what was asked (RFC 9457), and who has to fix it.

    Problem
    ├── the caller's to fix
    │   ├── BadRequest 400 · Unauthorized 401 · Forbidden 403 · NotFound 404
    │   ├── Conflict 409 · RuleBroken 409 · PreconditionFailed 412 · TooLarge 413
    │   └── Malformed 422 · TooManyRequests 429
    └── ours, or a neighbour's
        └── Unavailable 503

Each class prints its own OpenAPI response, so that a route declares what it can answer by naming classes.
A problem says what is wrong, where, and how to fix it; it never carries the value of a field, which may be PHI.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any, ClassVar

TYPE_BASE = "urn:handbill:problem:"


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong: `pointer` is a JSON pointer, `code` stable, `fix` says what to do about it."""

    pointer: str
    code: str
    message: str
    fix: str

    def under(self, parent: str) -> "Fault":
        """The same fault, its pointer below `parent`: `/npi` under `/body` is `/body/npi`."""
        return replace(self, pointer=parent + self.pointer)


class Problem(Exception):
    """The root of all answers that are not the one asked for."""

    status: ClassVar[int] = 500
    code: ClassVar[str] = "internal_error"
    title: ClassVar[str] = "Something broke on our side"

    def __init__(
        self,
        detail: str,
        *,
        code: str | None = None,
        errors: Sequence[Fault] = (),
        headers: dict[str, str] | None = None,
        current_version: int | None = None,
    ) -> None:
        super().__init__(detail)
        self.detail = detail
        self.problem_code = code or self.code
        self.errors = tuple(errors)
        self.headers = headers or {}
        self.current_version = current_version

    def body(self, instance: str | None = None) -> dict[str, Any]:
        """The problem+json members; `current_version` only where what was meant has one."""
        members: dict[str, Any] = {
            "type": TYPE_BASE + self.problem_code,
            "title": self.title,
            "status": self.status,
            "code": self.problem_code,
            "detail": self.detail,
            "instance": instance,
            "errors": [{"pointer": f.pointer, "code": f.code, "message": f.message, "fix": f.fix} for f in self.errors],
        }
        if self.current_version is not None:
            members["current_version"] = self.current_version
        return members


class BadRequest(Problem):
    """Something besides the body is missing or wrong, such as a header."""

    status, code, title = 400, "bad_request", "The request lacks something"


class Unauthorized(Problem):
    """No token, or one that is expired, for another service or not signed by access."""

    status, code, title = 401, "unauthorized", "A valid bearer token is needed"


class Forbidden(Problem):
    """The token is good but lacks the scope, or the actor may not do this."""

    status, code, title = 403, "forbidden", "This client may not do that"


class NotFound(Problem):
    """No such thing in the caller's organization; that another organization has it is not told."""

    status, code, title = 404, "not_found", "There is no such thing in this organization"


class Conflict(Problem):
    """What exists or its present state forbids it. `RuleBroken` is the one that names a rule. It says how to mend it:
    one thing that is wrong by `pointer` and `fix`, several by `errors`."""

    status, code, title = 409, "conflict", "The present state does not allow this"

    def __init__(
        self,
        detail: str,
        *,
        code: str | None = None,
        pointer: str = "/body",
        fix: str = "",
        errors: Sequence[Fault] = (),
        headers: dict[str, str] | None = None,
        current_version: int | None = None,
    ) -> None:
        sentence = f"{detail[:1].upper()}{detail[1:].rstrip('.')}."
        faults = errors or ([Fault(pointer, code or self.code, sentence, fix)] if fix else [])
        super().__init__(detail, code=code, errors=faults, headers=headers, current_version=current_version)


class RuleBroken(Conflict):
    """A business rule says no; `code` is the rule's id."""

    code, title = "rule_broken", "A rule does not allow this"


class PreconditionFailed(Problem):
    """`If-Match` or `If-None-Match` does not hold for the present version."""

    status, code, title = 412, "version_changed", "Somebody changed it since you read it"


class TooLarge(Problem):
    """The body has more bytes than the route takes."""

    status, code, title = 413, "too_large", "The body is larger than this route takes"


class Malformed(Problem):
    """Body, path or query are not of the declared form; `errors` points to each field."""

    status, code, title = 422, "malformed", "The request is not of the form that this route takes"


class TooManyRequests(Problem):
    """More requests, in a minute or at a time, than an organization may make. The same may be made later."""

    status, code, title = 429, "too_many_requests", "This organization asks too often"


class Unavailable(Problem):
    """Another service or the clearinghouse gave no answer. The same request may be made again."""

    status, code, title = 503, "unavailable", "A service that this needs does not answer"


PROBLEM_SCHEMA: dict[str, Any] = {
    "type": "object",
    "required": ["type", "title", "status", "code", "detail", "errors"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "code": {"type": "string"},
        "detail": {"type": "string"},
        "instance": {"type": ["string", "null"]},
        "current_version": {"type": "integer", "description": "the version that is stored now, as in the ETag header"},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["pointer", "code", "message", "fix"],
                "properties": {name: {"type": "string"} for name in ("pointer", "code", "message", "fix")},
            },
        },
    },
}


def responses(*problems: type[Problem]) -> dict[int | str, dict[str, Any]]:
    """The `responses=` of a route that can answer with these problems."""
    declared: dict[int | str, dict[str, Any]] = {}
    for status, kinds in _by_status(problems).items():
        declared[status] = {
            "description": " / ".join(dict.fromkeys(kind.title for kind in kinds)),
            "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}},
        }
    return declared


def _by_status(problems: Iterable[type[Problem]]) -> dict[int, list[type[Problem]]]:
    grouped: dict[int, list[type[Problem]]] = {}
    for kind in problems:
        grouped.setdefault(kind.status, []).append(kind)
    return grouped
