"""Who is calling, found out before anything of a request's body is read: its bearer token, verified once.

Pure ASGI, so that what comes after (limits, the audit trail, the database) knows the organization, also in the threads
that a request runs in. A token that does not hold refuses nothing here: a route that wants a caller refuses it
(`shared.web.auth.authenticated_caller`), and a route without one is open to everybody.
"""

from collections.abc import Callable

from starlette.concurrency import run_in_threadpool
from starlette.types import ASGIApp, Receive, Scope, Send

from shared.contracts.common import borne_by
from shared.errors import Problem
from shared.security import Claims
from shared.security.caller import Caller
from shared.tenancy import NOBODY, acting_for

IDENTITY = "handbill.identity"
"""Where a request's scope has its Caller, the Problem with its token, or None where it has no bearer token."""
MAX_TOKEN_BYTES = 8_000


class Authentication:
    """`verifier` answers a token's claims, or raises the Problem that it has."""

    def __init__(self, app: ASGIApp, verifier: Callable[[str], Claims]) -> None:
        self._app = app
        self._verifier = verifier

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        identity = scope[IDENTITY] = await self._identify(scope)
        caller = identity if isinstance(identity, Caller) else None
        person = caller.person if caller else None
        with (
            acting_for(caller.organization_id if caller else NOBODY),
            borne_by(person.acting() if person else None),
        ):
            await self._app(scope, receive, send)

    async def _identify(self, scope: Scope) -> Caller | Problem | None:
        token = _bearer_token(scope)
        if token is None:
            return None
        try:
            # In a thread, since the keys may have to be fetched.
            claims = await run_in_threadpool(self._verifier, token)
        except Problem as problem:
            return problem
        return Caller(
            claims.organization_id,
            claims.client_id,
            claims.time_zone,
            claims.scopes,
            claims.person,
            claims.persons_decide,
        )


def _bearer_token(scope: Scope) -> str | None:
    for name, value in scope["headers"]:
        if name == b"authorization":
            scheme, _, token = value[:MAX_TOKEN_BYTES].decode("latin-1").partition(" ")
            return token.strip() if scheme.lower() == "bearer" else None
    return None
