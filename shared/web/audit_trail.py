"""One entry in the audit trail for every request with a verified token: who asked for what, and how it ended.

A flow that writes has left the entry together with its change. For all other requests, which are reads, refusals,
repeats and failures, it is written here, and the answer leaves only after its commit: where the trail cannot be
written the answer is 503 and nothing is shown. Routes that want no caller (health, documentation, keys) leave none.

The event feed is asked for its news every second by whoever follows it, and holds no PHI: a client's requests of one
hour share an entry, and the next one says how many there were.
"""

import asyncio
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs

import structlog
from fastapi.dependencies.models import Dependant
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from shared.audit import RequestAudit, auditing
from shared.clocks import Monotonic
from shared.database.audit_recorder import WAIT_SECONDS, Act, AuditRecorder, unavailable
from shared.database.operations import Outcome
from shared.errors import Problem
from shared.ids import is_id
from shared.plural import counted
from shared.security.caller import Caller
from shared.web.answers import problem_response
from shared.web.auth import authenticated_caller
from shared.web.authentication import IDENTITY

log = structlog.get_logger()
NO_ROUTE = "no_such_route"
POLLED = frozenset({"list_events"})
POLLS_SHARE_SECONDS = 3600.0
MAX_POLLERS = 10_000


class AuditTrail:
    """Inside of `Authentication`, which says who is calling, and of `OrganizationLimits`, whose refusals would flood
    the trail, and outside of everything else that may refuse."""

    def __init__(self, app: ASGIApp, recorder: AuditRecorder, monotonic: Monotonic) -> None:
        self._app = app
        self._recorder = recorder
        self._polls = Polls(monotonic)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        caller = scope.get(IDENTITY)
        if scope["type"] != "http" or not isinstance(caller, Caller):
            await self._app(scope, receive, send)
            return
        person = caller.person
        audit = RequestAudit(
            _request_id(),
            lambda: action_of(scope),
            actor=person.acting() if person else None,
            emergency=person.emergency if person else None,
        )
        sent: dict[str, Any] = {"started": False, "replaced": False}

        async def send_recorded(message: Message) -> None:
            if message["type"] == "http.response.start":
                sent["started"] = True
                problem = await self._record(scope, caller, audit, message["status"])
                if problem is not None:
                    sent["replaced"] = True
                    await problem_response(problem)(scope, receive, send)
            if not sent["replaced"]:
                await send(message)

        with auditing(audit):
            try:
                await self._app(scope, receive, send_recorded)
            except Exception:
                if not sent["started"]:
                    await self._record(scope, caller, audit, 500)
                raise

    async def _record(self, scope: Scope, caller: Caller, audit: RequestAudit, status: int) -> Problem | None:
        """The Problem to answer instead where the entry could not be written. A failure is answered as it is: it shows
        nothing, and most often the database is what failed."""
        if audit.written or not _leaves_an_entry(scope):
            return None
        repeats = self._polls.repeats(caller, audit.action()) if status < 400 and not audit.emergency else 0
        if repeats is None:
            return None
        if repeats:
            audit.reason = f"{counted(repeats, 'more request')} since the entry before"
        try:
            future = asyncio.wrap_future(self._recorder.submit(_act(scope, caller, audit, status)))
            await asyncio.wait_for(future, WAIT_SECONDS)
        except Exception:
            log.warning("request_without_audit_entry", action=audit.action(), status=status)
            return unavailable() if status < 500 else None
        return None


class Polls:
    """Counts the requests of each client that need no entry of their own, since one of the same hour has been left."""

    def __init__(self, monotonic: Monotonic) -> None:
        self._monotonic = monotonic
        self._kept: dict[tuple[str, str, str], tuple[float, int]] = {}

    def repeats(self, caller: Caller, action: str) -> int | None:
        """How many requests the entry that is now to be left stands for beside its own; None where none is to be."""
        if action not in POLLED:
            return 0
        key, now = (caller.organization_id, caller.bearer, action), self._monotonic()
        since, count = self._kept.get(key, (None, 0))
        if since is not None and now - since < POLLS_SHARE_SECONDS:
            self._kept[key] = since, count + 1
            return None
        if len(self._kept) >= MAX_POLLERS:
            self._kept.clear()
        self._kept[key] = now, 0
        return count


def action_of(scope: Scope) -> str:
    """The id of the operation that a request was routed to: the name of the function behind the route."""
    route = scope.get("route")
    if route is None or scope["method"] not in (getattr(route, "methods", None) or ()):
        return NO_ROUTE
    return str(route.name)


def _act(scope: Scope, caller: Caller, audit: RequestAudit, status: int) -> Act:
    return Act(
        organization_id=caller.organization_id,
        client_id=caller.client_id,
        action=audit.action(),
        outcome=_outcome(status),
        subject_id=_subject_of(scope),
        patient_id=audit.patient_id or _patient_asked_for(scope),
        actor=audit.actor,
        reason=audit.emergency or audit.reason,
        purpose=audit.purpose,
        request_id=audit.request_id,
    )


def _outcome(status: int) -> Outcome:
    if status < 400:
        return Outcome.DONE
    return Outcome.REFUSED if status < 500 else Outcome.FAILED


def _subject_of(scope: Scope) -> str:
    """The id in the path; what could not be an id of ours may be anything, so it is left out."""
    values = list(scope.get("path_params", {}).values())
    return str(values[-1]) if values and is_id(str(values[-1])) else ""


def _patient_asked_for(scope: Scope) -> str | None:
    """The patient by whom a list was narrowed, also where it is then empty."""
    for value in parse_qs(scope.get("query_string", b"").decode("latin-1")).get("patient_id", []):
        if is_id(value):
            return str(value)
    return None


def _leaves_an_entry(scope: Scope) -> bool:
    route = scope.get("route")
    if route is None:
        # A path that no route has; the API's document and the files of its page have an endpoint.
        return "endpoint" not in scope
    dependant = getattr(route, "dependant", None)
    return dependant is not None and _depends(dependant, authenticated_caller)


def _depends(dependant: Dependant, call: Callable[..., Any]) -> bool:
    return any(inner.call is call or _depends(inner, call) for inner in dependant.dependencies)


def _request_id() -> str:
    """Bound by `Guards`, which also sends it with the answer."""
    return str(structlog.contextvars.get_contextvars().get("request_id", ""))
